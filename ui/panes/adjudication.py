"""Adjudication: the cases of the document shown, and the readings of the one in focus side by side."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QVBoxLayout, QWidget

from app.messages import tr
from app.services.adjudication_views import Case, DocumentCases
from app.services.people_views import Reader, people
from models.history import Focus, Touched
from models.marks import Mark
from ui.bridge import Bridge
from ui.delegates.cases import CaseDelegate
from ui.item_models.cases import CaseModel
from ui.mixture import Mixture
from ui.panes.adjudication_filter import CaseFilter
from ui.panes.adjudication_readings import CaseView
from ui.panes.inspector_parts import Muted
from ui.panes.queue import QueuePane
from ui.widgets.meter import Meter


class AdjudicationPane(QueuePane):
    """Lists the cases of the bridge's document and shows the one in focus; keys are actions of their own.

    ``case_changed(Case | None)``: another case has the focus, or it shows differently. ``reading_wanted(number)``: a
    reading's number was clicked. ``decided(done, total)``: so many of the document's cases are decided.
    """

    TITLE_KEY = "window.pane-adjudication"
    case_changed = Signal(object)
    reading_wanted = Signal(int)
    decided = Signal(int, int)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.cases: DocumentCases | None = None
        self.readers: list[Reader] = []
        self._open: set[str] = set()
        self.filter = CaseFilter()
        self.model = CaseModel(self)
        self.list.setModel(self.model)
        self.delegate = CaseDelegate(self.list, self.model)
        self.view = CaseView()
        self.empty = Muted()
        self.meter = Meter()
        self._reveal = QTimer(self)
        self._reveal.setSingleShot(True)
        self._reveal.setInterval(0)
        self._reveal.timeout.connect(self._reveal_taken)
        self.lay_out(self._top(), self.delegate, self.view, (2, 3))
        self._connect()
        self.retranslate()

    def _top(self) -> QVBoxLayout:
        progress = QHBoxLayout()
        progress.addWidget(self.count, 1)
        progress.addWidget(self.meter)
        top = QVBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.filter)
        top.addLayout(progress)
        top.addWidget(self.empty)
        return top

    def _connect(self) -> None:
        bridge = self._bridge
        bridge.project_changed.connect(self.forget)
        bridge.document_changed.connect(lambda _: self.forget())
        bridge.changed.connect(self._follow)
        bridge.focus_wanted.connect(self._look)
        bridge.mark_changed.connect(self._look_at_mark)
        self.filter.changed.connect(self._list)
        self.filter.annotators_changed.connect(self.forget)
        self.view.reading_wanted.connect(self.reading_wanted)

    # Following --------------------------------------------------------------------------------------------

    def read_again(self) -> None:
        """Read the cases of the document anew, keeping the one in focus."""
        bridge, kept = self._bridge, self.case
        self.cases, self.readers, self._open = None, [], set()
        if bridge.is_open and bridge.document is not None:
            workspace, document = bridge.workspace, bridge.document
            chosen = self.filter.annotators
            self.cases = cases = DocumentCases(workspace.reads, document, chosen)
            self.readers = people(workspace, cases.voters)
            self._open = {case.key for case in cases.cases if cases.ruling(case).open}
            self.filter.offer(workspace.reads.label_set(), self.readers, people(workspace))
        self._list(kept.key if kept is not None else None)

    def _follow(self, touched: Touched, _initiator: object) -> None:
        cases = self.cases
        if self._stale or cases is None or not self.isVisible():
            self._stale = self._stale or bool(touched.subjects)
            return
        before = cases.cases
        told = cases.follow(touched)
        if told is None:
            if touched.everything or cases.document in touched.documents or cases.document in touched.marks:
                self.refresh()
            return
        for key in told:
            number = cases.number.get(key)
            is_open = number is not None and cases.ruling(cases.cases[number]).open
            (self._open.add if is_open else self._open.discard)(key)
        if cases.cases is not before or touched.everything:
            self._open &= cases.number.keys()
            self._list(self.case.key if self.case is not None else None)
            return
        self.model.repaint(told)
        self._count()
        if self.case is not None and self.case.key in told:
            self.show_focused()

    def _list(self, keep: str | None = None) -> None:
        """Show the cases that pass the filter; the one in focus stays there if it is among them."""
        cases = self.cases
        keep = keep or (self.case.key if self.case is not None else None)
        self.delegate.labels = self.palette_of_labels()
        told = self.filter.told
        self.delegate.told = cases.voters.index(told) if cases is not None and told in cases.voters else None
        self.model.show(cases, self.filter.passing(cases) if cases is not None else ())
        row = self.model.row_of(keep) if keep else None
        fresh = row is None
        if fresh and self.model.rowCount():
            row = 0 if self._is_open(0) else self.model.next_open(0, 1) or 0
        index = self.model.index(row, 0) if row is not None else QModelIndex()
        self.list.setCurrentIndex(index)
        if fresh:  # the list begins with what there is to do
            self.list.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)
        self._count()
        self.show_focused()

    def _is_open(self, row: int) -> bool:
        case = self.model.case(row)
        return case is not None and case.key in self._open

    def _count(self) -> None:
        cases = self.cases
        total = len(cases.cases) if cases is not None else 0
        words = tr("adjudication.progress", done=total - len(self._open), total=total)
        self.decided.emit(total - len(self._open), total)
        self.count.say(words if total else "")
        self.meter.show_share(total - len(self._open), total, words)
        self.meter.setVisible(total > 0)
        self.parts.setVisible(self.model.rowCount() > 0)
        self.keys.setVisible(self.model.rowCount() > 0)
        self.empty.say(self._nothing() if not self.model.rowCount() else "")

    def _nothing(self) -> str:
        if self.cases is None:
            return tr("adjudication.no-document")
        return tr("adjudication.none-pass") if self.cases.cases else tr("adjudication.no-readings")

    # The case in focus ------------------------------------------------------------------------------------

    @property
    def case(self) -> Case | None:
        """The case that keys act on."""
        return self.model.case(self.list.currentIndex().row())

    def show_focused(self) -> None:
        """Show the readings of the case in focus as they are now."""
        case, cases = self.case, self.cases
        self.area.setVisible(case is not None)
        if case is not None and cases is not None:
            labels = self._bridge.workspace.reads.label_set()
            self.view.show_case(case, cases, self.readers, self.palette_of_labels(), labels)
            self._reveal.start()
        self.case_changed.emit(case)

    def _reveal_taken(self) -> None:
        """Bring the reading that was taken into sight, else the first ones; once they have their places."""
        self.area.verticalScrollBar().setValue(0)
        if self.view.taken is not None and self.view.mixture.isHidden():
            self.area.ensureWidgetVisible(self.view.taken, 0, 8)

    def show_mixture(self, mixture: Mixture | None, pending: str) -> None:
        """Show what is being put together for the case."""
        case, cases = self.case, self.cases
        if cases is None or case is None:
            return
        shown = {one.id: one.name for one in self.readers}
        names = {one.id: shown.get(one.annotator, "") for one in case.members}
        labels = self._bridge.workspace.reads.label_set()
        self.view.show_mixture(mixture, pending, cases, names, self.palette_of_labels(), labels)

    def step(self, step: int, *, only_open: bool = False) -> bool:
        """Go to the next or previous case; return whether there is one."""
        row = self.list.currentIndex().row()
        follow = self.model.next_open(row, step) if only_open else row + step
        if follow is None or not 0 <= follow < self.model.rowCount():
            return False
        self.list.go_to(follow)
        return True

    def go_to_open(self) -> None:
        """Stay at an open case, else go to the next one, from the end round to the first."""
        row = self.list.currentIndex().row()
        if not self._is_open(row):
            following = self.model.next_open(row, 1)
            self.list.go_to(following if following is not None else self.model.next_open(-1, 1) or 0)

    def go_to(self, key: str) -> bool:
        """Go to a case by its key, letting all cases be shown where the filter leaves it out."""
        if self.cases is None or key not in self.cases.number:
            return False
        if self.model.row_of(key) is None:
            self.filter.show_all()
            self._list()
        row = self.model.row_of(key)
        if row is not None:
            self.list.go_to(row)
        return row is not None

    def _look(self, focus: Focus) -> None:
        """Undo, redo and jumps from elsewhere take the list along."""
        if self.isVisible() and focus.mark is not None and focus.document == self._bridge.document:
            self.catch_up()
            self.go_to_annotation(focus.mark)

    @property
    def open_left(self) -> int:
        """How many cases of the document are open."""
        return len(self._open)

    def _look_at_mark(self, mark: Mark | None) -> None:
        if self.isVisible() and mark is not None and mark.annotation is not None:
            self.go_to_annotation(mark.annotation)

    def go_to_annotation(self, annotation: str) -> bool:
        """Go to the case of a reading, or of what was taken for it; return whether there is one."""
        case = self.cases.case_of(annotation) if self.cases is not None else None
        if case is None:
            return False
        return (self.case is not None and case.key == self.case.key) or self.go_to(case.key)

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self.list.setAccessibleName(tr("adjudication.list"))
        self.filter.retranslate()
        self.keys.say(tr("adjudication.keys"))
        super().retranslate()
