"""Adjudication: the cases of the document shown, and the readings of the one in focus side by side."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from app.messages import tr
from app.services.adjudication_views import Case, DocumentCases
from app.services.people_views import Reader, people
from models.history import Focus, Touched
from models.labels import LabelSet
from models.marks import Mark
from ui.bridge import Bridge
from ui.delegates.cases import CaseDelegate
from ui.delegates.rows import RowView
from ui.item_models.cases import CaseModel
from ui.mixture import Mixture
from ui.panes.adjudication_filter import CaseFilter
from ui.panes.adjudication_readings import CaseView
from ui.panes.inspector_parts import Muted, label_palette
from ui.theme import Palette
from ui.widgets.meter import Meter


class AdjudicationPane(QWidget):
    """Lists the cases of the bridge's document and shows the one in focus; keys are actions of their own.

    ``case_changed(Case | None)``: another case has the focus, or it shows differently. ``shown(bool)``: the pane
    came to the top or left it. ``reading_wanted(number)``: a reading's number was clicked.
    """

    TITLE_KEY = "window.pane-adjudication"
    case_changed = Signal(object)
    shown = Signal(bool)
    reading_wanted = Signal(int)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.cases: DocumentCases | None = None
        self.readers: list[Reader] = []
        self._stale = True
        self._open: set[str] = set()
        self._palette_of: tuple[LabelSet | None, Palette] = (None, Palette())
        self.filter = CaseFilter()
        self.model = CaseModel(self)
        self.list = RowView()
        self.delegate = CaseDelegate(self.list, self.model)
        self.view = CaseView()
        self.count, self.empty, self.keys = Muted(), Muted(), Muted()
        self.meter = Meter()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._catch_up)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.list)
        self.retranslate()

    def _lay_out(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(self.delegate)
        self.list.set_row_height(self.delegate.height)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.view)
        self._area = area
        progress = QHBoxLayout()
        progress.addWidget(self.count, 1)
        progress.addWidget(self.meter)
        top = QVBoxLayout()
        top.setContentsMargins(12, 10, 12, 4)
        top.setSpacing(6)
        top.addWidget(self.filter)
        top.addLayout(progress)
        top.addWidget(self.empty)
        self._parts = QSplitter(Qt.Orientation.Vertical)
        self._parts.setChildrenCollapsible(False)
        self._parts.addWidget(self.list)
        self._parts.addWidget(area)
        self._parts.setStretchFactor(0, 2)
        self._parts.setStretchFactor(1, 3)
        self.keys.setContentsMargins(12, 4, 12, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._parts, 1)
        column.addWidget(self.keys)

    def _connect(self) -> None:
        bridge = self._bridge
        bridge.project_changed.connect(self.forget)
        bridge.document_changed.connect(lambda _: self.forget())
        bridge.changed.connect(self._follow)
        bridge.focus_wanted.connect(self._look)
        bridge.mark_changed.connect(self._look_at_mark)
        bridge.settings_changed.connect(self.show_case)
        self.filter.changed.connect(self._list)
        self.filter.annotators_changed.connect(self.forget)
        self.list.selectionModel().currentRowChanged.connect(self._row_changed)
        self.view.reading_wanted.connect(self.reading_wanted)

    # Following --------------------------------------------------------------------------------------------

    def forget(self) -> None:
        """Read everything anew when the pane is seen next."""
        self._stale = True
        self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while hidden."""
        super().showEvent(event)
        self.shown.emit(True)
        self._soon.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Say that the text can show everything again."""
        super().hideEvent(event)
        self.shown.emit(False)

    def _catch_up(self) -> None:
        if self._stale and self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Read the cases of the document anew, keeping the one in focus."""
        self._soon.stop()
        bridge, kept = self._bridge, self.case
        self._stale = False
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
            self.show_case()

    def _list(self, keep: str | None = None) -> None:
        """Show the cases that pass the filter; the one in focus stays there if it is among them."""
        cases = self.cases
        keep = keep or (self.case.key if self.case is not None else None)
        self.delegate.labels = self.palette_of_labels()
        told = self.filter.told
        self.delegate.told = cases.voters.index(told) if cases is not None and told in cases.voters else None
        self.model.show(cases, self.filter.passing(cases) if cases is not None else ())
        row = self.model.row_of(keep) if keep else None
        if row is None and self.model.rowCount():
            row = 0 if self._is_open(0) else self.model.next_open(0, 1) or 0
        self.list.setCurrentIndex(self.model.index(row, 0) if row is not None else QModelIndex())
        self._count()
        self.show_case()

    def _is_open(self, row: int) -> bool:
        case = self.model.case(row)
        return case is not None and case.key in self._open

    def _count(self) -> None:
        cases = self.cases
        total = len(cases.cases) if cases is not None else 0
        words = tr("adjudication.progress", done=total - len(self._open), total=total)
        self.count.say(words if total else "")
        self.meter.show_share(total - len(self._open), total, words)
        self.meter.setVisible(total > 0)
        self._parts.setVisible(self.model.rowCount() > 0)
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

    def _row_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.show_case()
            self._area.verticalScrollBar().setValue(0)

    def show_case(self) -> None:
        """Show the readings of the case in focus as they are now."""
        case, cases = self.case, self.cases
        self._area.setVisible(case is not None)
        if case is not None and cases is not None:
            labels = self._bridge.workspace.reads.label_set()
            self.view.show_case(case, cases, self.readers, self.palette_of_labels(), labels)
        self.case_changed.emit(case)

    def show_mixture(self, mixture: Mixture | None, pending: str) -> None:
        """Show what is being put together for the case."""
        case, cases = self.case, self.cases
        if cases is None or case is None:
            return
        shown = {one.id: one.name for one in self.readers}
        names = {one.id: shown.get(one.annotator, "") for one in case.members}
        labels = self._bridge.workspace.reads.label_set()
        self.view.show_mixture(mixture, pending, cases, names, self.palette_of_labels(), labels)

    def palette_of_labels(self) -> Palette:
        """Return the looks of the project's labels in the window's language."""
        labels = self._bridge.workspace.reads.label_set() if self._bridge.is_open else None
        if self._palette_of[0] is not labels:
            self._palette_of = labels, label_palette(labels) if labels is not None else Palette()
        return self._palette_of[1]

    def step(self, step: int, *, only_open: bool = False) -> bool:
        """Go to the next or previous case; return whether there is one."""
        row = self.list.currentIndex().row()
        follow = self.model.next_open(row, step) if only_open else row + step
        if follow is None or not 0 <= follow < self.model.rowCount():
            return False
        self.list.go_to(follow)
        return True

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
            self._catch_up()
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
        self._palette_of = (None, Palette())
        self.list.setAccessibleName(tr("adjudication.list"))
        self.filter.retranslate()
        self.keys.say(tr("adjudication.keys"))
        self.forget()
