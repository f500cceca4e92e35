"""Adjudicating by keyboard: from case to case, turning readings down, and what can be taken at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from PySide6.QtCore import QObject, Qt, Signal

from app import commands
from app.messages import tr
from app.services.adjudication_views import Case, adjudicated_reading
from app.services.people_views import hide_names, names_hidden
from models.annotations import Annotation
from models.history import Touched
from models.spans import Spans
from ui.bridge import Bridge
from ui.controllers.on_text import OnText
from ui.jobs import JobBoard
from ui.panes.adjudication import AdjudicationPane
from ui.panes.document import DocumentPane
from ui.side_panes import SidePanes
from ui.voices import Voice

Make = Callable[[tuple[str, ...], bool], commands.Command]
"""Makes a command of what stands for the case, and whether notes carry names."""


class Adjudicating(OnText):
    """Goes through the cases. While their pane is on top the text shows the adjudicated reading only.

    ``case_changed(Case | None)``: another case has the focus, or it shows differently; ``met()``: the pane is there;
    ``left()``: another pane came to the top, or Escape drops what was begun.
    """

    case_changed = Signal(object)
    met = Signal()
    left = Signal()

    def __init__(
        self, bridge: Bridge, jobs: JobBoard, document: DocumentPane, side: SidePanes, parent: QObject
    ) -> None:
        super().__init__(bridge, document.reader, parent)
        self._jobs = jobs
        self._text = document
        self._side = side
        self._decided: tuple[int, int] | None = None
        side.made.connect(self._meet)
        bridge.changed.connect(self._follow)

    @property
    def pane(self) -> AdjudicationPane:
        """The pane with the cases."""
        return cast(AdjudicationPane, self._side.pane("adjudication"))

    def _meet(self, name: str) -> None:
        if name == "adjudication":
            self.pane.case_changed.connect(self._case_changed)
            self.pane.shown.connect(self._shown)
            self.pane.decided.connect(self._count)
            self.met.emit()
            self._shown(self.pane.isVisible())

    # The text ---------------------------------------------------------------------------------------------

    def _shown(self, visible: bool) -> None:
        """Show the adjudicated reading alone beside the pane, everything beside others."""
        wanted = adjudicated_reading(self._bridge.workspace) if visible and self._bridge.is_open else None
        self._text.show_reading(wanted)
        self._text.show_cases(self._decided if visible else None)
        self._show_voices(self.pane.case if visible else None)
        if not visible:
            self.left.emit()

    def _count(self, done: int, total: int) -> None:
        self._decided = (done, total) if total else None
        if self.pane.isVisible():
            self._text.show_cases(self._decided)

    def _follow(self, touched: Touched, _initiator: object) -> None:
        if (touched.everything or "annotators" in touched.subjects) and self._side.current == "adjudication":
            self._shown(self.pane.isVisible())

    def _case_changed(self, case: Case | None) -> None:
        self.case_changed.emit(case)
        if self.pane.isVisible():
            self._show_voices(case)

    def _show_voices(self, case: Case | None) -> None:
        """Underline in the text what each reading covers; of relations, both ends."""
        cases, found = self.pane.cases, []
        if case is not None and cases is not None:
            for reader in self.pane.readers:
                one = case.readings[cases.voters.index(reader.id)]
                spans = self._places(one) if one is not None else ()
                if spans:
                    found.append(Voice(reader.number, spans))
        self._reader.set_voices(found)

    def _places(self, one: Annotation) -> Spans:
        if one.kind != "relation":
            return one.spans
        assert self.pane.cases is not None
        ends = [self.pane.cases.annotation(end) for end in (one.head, one.tail)]
        return tuple(sorted(span for end in ends if end and end.document == one.document for span in end.spans))

    # Going ------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Show the cases and give them the keyboard."""
        self._side.setVisible(True)
        self._side.show_pane("adjudication")
        self.pane.refresh()

    def next(self) -> None:
        """Go to the next case of the list."""
        self.pane.step(1)

    def previous(self) -> None:
        """Go to the previous case of the list, decided or not."""
        self.pane.step(-1)

    def next_open(self) -> None:
        """Go to the next open case; at the end say what is left."""
        if self.pane.step(1, only_open=True):
            return
        left = self.pane.open_left
        words = tr("adjudication.left", count=left) if left else tr("adjudication.all-decided")
        self._bridge.notice.emit(words, "info" if left else "done")

    def previous_open(self) -> None:
        """Go back to the open case before."""
        self.pane.step(-1, only_open=True)

    def go_to_end(self) -> None:
        """Go to the case of a relation's end that is not taken yet, in another document too."""
        case, cases = self.pane.case, self.pane.cases
        ends = cases.open_ends(case) if case is not None and cases is not None else ()
        if not ends or cases is None:
            self._tell("adjudication.no-open-end")
            return
        found, end = cases.case_of(ends[0]), cases.annotation(ends[0])
        if found is not None:
            self.pane.go_to(found.key)
        elif end is not None:
            self._bridge.open_document(end.document)
            self.pane.refresh()
            self.pane.go_to_annotation(end.id)

    def focus_readings(self, annotations: Sequence[str]) -> None:
        """Give the keyboard to the case of these readings where cases are shown, else to the text.

        Never to another case or mark: the next key would decide what nobody looks at.
        """
        if self._side.current == "adjudication" and self.pane.isVisible():
            self.pane.refresh()
            if any(self.pane.go_to_annotation(one) for one in annotations):
                self.pane.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self._reader.focus_mark(None)
        self._reader.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_names(self) -> None:
        """Hide whose reading is whose, or show it again, wherever it is told."""
        if self._bridge.writable():
            workspace = self._bridge.workspace
            hide_names(workspace, not names_hidden(workspace))
            self.pane.refresh()
            self._bridge.changed.emit(Touched(subjects=frozenset({"annotators"}), everything=True), self)
            self._tell("adjudication.names-hidden" if names_hidden(workspace) else "adjudication.names-shown")

    # Deciding ---------------------------------------------------------------------------------------------

    def case(self) -> Case | None:
        """Return the case in focus; say so where there is none."""
        if self.pane.case is None:
            self._tell("adjudication.choose-a-case")
        return self.pane.case

    def decide(self, make: Make, *, go_on: bool = True) -> bool:
        """Run a decision on the case in focus and go on to the next open one; return whether it could be done."""
        case, cases = self.pane.case, self.pane.cases
        if cases is None or not self._bridge.writable():
            return False
        standing = cases.standing(case) if case is not None else ()
        if self._run(make(standing, not names_hidden(self._bridge.workspace))) is None:
            return False
        if go_on:
            self.next_open()
        return True

    def wrong(self) -> None:
        """Turn all readings of the case down; what the adjudicator added goes."""
        case = self.case()
        if case is not None and case.members:
            self.decide(
                lambda standing, _: commands.AdjudicateWrong(document=self._document, case=case.ids, standing=standing)
            )
        elif case is not None:
            self.reopen()

    def reopen(self) -> None:
        """Take back what was decided on the case; what the adjudicator added goes."""
        case = self.case()
        if case is not None:
            self.decide(
                lambda standing, _: commands.AdjudicateReopen(
                    document=self._document, case=case.ids, standing=standing
                ),
                go_on=False,
            )

    def take_at_once(self) -> None:
        """Ask what may be taken at once, and take it."""
        from ui.dialogs.take_at_once import TakeAtOnceDialog

        if not self._bridge.writable():
            return
        within = self._side.within
        dialog = TakeAtOnceDialog(self._bridge, within, self.pane.filter.annotators, self._reader.window())
        if not dialog.exec():
            return
        wanted = dialog.command()
        if wanted.documents is None or wanted.document is None:
            self._jobs.start("adjudicate", self._bridge.workspace.path, arguments(wanted), self._taken)
        elif (outcome := self._run(wanted)) is not None:
            self._taken({"taken": outcome.count})

    def _taken(self, report: Mapping[str, Any]) -> None:
        self.pane.catch_up()
        self.pane.go_to_open()
        self._bridge.notice.emit(tr("adjudication.taken-at-once", count=int(report.get("taken", 0))), "done")


def arguments(wanted: commands.AdjudicateAll) -> list[str]:
    """Return what the command line is told to take the same: many documents are the work of a job."""
    found = [f"--least={wanted.least}"]
    for option, values in (
        ("label", wanted.labels),
        ("facet", wanted.facets),
        ("annotator", wanted.annotators),
        ("document", wanted.documents),
    ):
        found += [f"--{option}={one}" for one in values or ()]
    if wanted.facets == ():
        found.append("--facet=")  # none need agree
    return found if wanted.name_notes else [*found, "--no-names"]
