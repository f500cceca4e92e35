"""Settling conflicts by keyboard: to the next one, into the text, one reading, both, or neither."""

from __future__ import annotations

from functools import partial
from typing import cast

from PySide6.QtCore import QObject

from app import commands
from app.messages import tr
from app.services.conflict_views import ConflictView, choice_words, has_conflicts, open_count
from models.history import Touched
from models.spans import Span
from ui.bridge import Bridge
from ui.controllers.on_text import OnText
from ui.panes.conflicts import ConflictsPane
from ui.panes.document import DocumentPane
from ui.side_panes import SidePanes
from ui.voices import Voice

_SAID = 40
"""The most code points that are said of a conflict and of a choice: a notice is one line."""


class Settling(OnText):
    """Goes through the conflicts. The text shows the one in focus, each reading underlined.

    ``take_1`` to ``take_4`` take a reading.
    """

    def __init__(self, bridge: Bridge, document: DocumentPane, side: SidePanes, parent: QObject) -> None:
        super().__init__(bridge, document.reader, parent)
        self._side = side
        side.made.connect(self._meet)
        bridge.project_changed.connect(self._count)
        bridge.changed.connect(self._follow)
        for number in range(1, 5):
            setattr(self, f"take_{number}", partial(self.settle, number - 1))
        self._count()

    @property
    def pane(self) -> ConflictsPane:
        """The pane with the conflicts."""
        return cast(ConflictsPane, self._side.pane("conflicts"))

    def _meet(self, name: str) -> None:
        if name == "conflicts":
            self.pane.conflict_changed.connect(self._conflict_changed)
            self.pane.shown.connect(self._shown)
            self.pane.choice_wanted.connect(self.settle)

    # Following --------------------------------------------------------------------------------------------

    def _follow(self, touched: Touched, _initiator: object) -> None:
        if touched.everything or touched.subjects & {"conflicts", "documents"}:
            self._count()

    def _count(self) -> None:
        """Offer the pane where there are conflicts, settled ones too, and while it is looked at."""
        bridge = self._bridge
        waiting = open_count(bridge.workspace) if bridge.is_open else 0
        known = bridge.is_open and (self._side.current == "conflicts" or has_conflicts(bridge.workspace))
        self._side.offer("conflicts", waiting > 0 or known)
        self._bridge.conflicts_counted.emit(waiting)

    def _shown(self, visible: bool) -> None:
        self._conflict_changed(self.pane.view if visible else None)

    def _conflict_changed(self, view: ConflictView | None) -> None:
        """Show the conflict's document, and where each reading stands in it."""
        if view is None or not self.pane.isVisible():
            self._reader.set_voices([])
            return
        document = view.line.document
        if document is not None and self._bridge.workspace.reads.has_document(document):
            self._bridge.open_document(document)
            self._reader.set_voices([Voice(one.number + 1, one.spans) for one in view.readings if one.spans])

    # Doing ------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Give the pane the keyboard."""
        waiting = open_count(self._bridge.workspace)
        if not waiting and not has_conflicts(self._bridge.workspace):
            self._bridge.notice.emit(tr("merging.no-conflicts"), "info")
            return
        self._side.setVisible(True)
        self._side.offer("conflicts", True)
        self._side.show_pane("conflicts")
        self.pane.show_only("open" if waiting else "settled")

    def settle(self, choice: int | str) -> None:
        """Settle the conflict in focus and go on to the next one."""
        view = self.pane.view
        if view is None or not self._bridge.writable():
            return
        if choice not in view.choices:
            self._bridge.notice.emit(tr("merging.no-such-choice"), "info")
            return
        command = commands.ResolveConflict(document=view.line.document, conflict=view.line.id, choice=choice)  # type: ignore[arg-type]
        if self._bridge.run(command, self) is not None:
            left = open_count(self._bridge.workspace)
            rest = tr("merging.open-conflicts", count=left) if left else tr("merging.all-settled")
            words = view.line.quote or view.line.what
            words = words if len(words) <= _SAID else words[: _SAID - 1] + "…"
            chosen = choice_words(choice, [one.value for one in view.readings], _SAID)
            self._bridge.notice.emit(tr("merging.settled-as", words=words, choice=chosen, rest=rest), "done")

    def both(self) -> None:
        """Keep both readings."""
        self.settle("both")

    def neither(self) -> None:
        """Take neither reading."""
        self.settle("neither")

    def next(self) -> None:
        """Go to the next conflict."""
        self.pane.step(1)

    def previous(self) -> None:
        """Go to the conflict before."""
        self.pane.step(-1)

    def go(self) -> None:
        """Give the text the keyboard, at the mark that the conflict is about."""
        view = self.pane.view
        if view is None or view.line.document is None:
            self._bridge.notice.emit(tr("merging.no-place"), "info")
            return
        self._bridge.open_document(view.line.document, view.key)
        spans = [span for one in view.readings for span in one.spans]
        if spans:
            self._reader.reveal(Span(spans[0].start, spans[0].end))
        self._reader.setFocus()
