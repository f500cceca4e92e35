"""Conflicts that merging left: the list by document, and the one in focus with all its readings."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QVBoxLayout, QWidget

from app.messages import tr
from app.services.conflict_views import ConflictView, conflict_lines, conflict_view
from models.history import Touched
from models.labels import LabelSet
from ui.bridge import Bridge
from ui.delegates.conflicts import ConflictDelegate
from ui.delegates.rows import RowView
from ui.item_models.conflicts import ConflictModel
from ui.panes.conflict_readings import ConflictCard
from ui.panes.inspector_parts import Muted, label_palette
from ui.theme import Palette


class ConflictsPane(QWidget):
    """The conflicts that wait. Keys are actions of their own.

    ``conflict_changed(ConflictView | None)``: another conflict has the focus, or it shows differently.
    ``shown(bool)``: the pane came to the top or left it. ``choice_wanted(object)``: a way to settle was clicked.
    ``going(ConflictView)``: Enter or a click on a line.
    """

    TITLE_KEY = "window.pane-conflicts"
    conflict_changed = Signal(object)
    shown = Signal(bool)
    choice_wanted = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.view: ConflictView | None = None
        self._palette_of: tuple[LabelSet | None, Palette] = (None, Palette())
        self.model = ConflictModel(self)
        self.list = RowView()
        self.delegate = ConflictDelegate(self.list, self.model)
        self.card = ConflictCard()
        self.count, self.keys = Muted(), Muted()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.refresh)
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
        area.setWidget(self.card)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.list)
        parts.addWidget(area)
        parts.setStretchFactor(0, 2)
        parts.setStretchFactor(1, 5)
        parts.setSizes([180, 450])
        self.count.setContentsMargins(12, 10, 12, 4)
        self.keys.setContentsMargins(12, 4, 12, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.count)
        column.addWidget(parts, 1)
        column.addWidget(self.keys)

    def _connect(self) -> None:
        bridge = self._bridge
        bridge.project_changed.connect(self._soon_again)
        bridge.changed.connect(self._follow)
        self.list.selectionModel().currentRowChanged.connect(self._row_changed)
        self.card.choice_wanted.connect(self.choice_wanted)

    # Following --------------------------------------------------------------------------------------------

    def _follow(self, touched: Touched, _initiator: object) -> None:
        if touched.everything or touched.subjects & {"conflicts", "annotations", "documents", "notes", "annotators"}:
            self._soon_again()

    def _soon_again(self) -> None:
        if self.isVisible():
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while hidden."""
        super().showEvent(event)
        self.shown.emit(True)
        self._soon.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that the pane is not seen any more."""
        super().hideEvent(event)
        self.shown.emit(False)

    def refresh(self) -> None:
        """Show what waits now; the focus stays at its conflict, or at what came in its place."""
        self._soon.stop()
        lines = conflict_lines(self._bridge.workspace) if self._bridge.is_open else []
        row = self.list.currentIndex().row()
        known = next((n for n, one in enumerate(lines) if self.view and one.id == self.view.line.id), None)
        self.model.show_lines(lines)
        self.count.say(tr("merging.open-conflicts", count=len(lines)) if lines else tr("merging.no-conflicts"))
        if lines:
            self.list.go_to(known if known is not None else min(max(row, 0), len(lines) - 1))
        self._show(self.list.currentIndex().row())

    def _row_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        self._show(index.row())

    def _show(self, row: int) -> None:
        bridge, lines = self._bridge, self.model.lines
        view = conflict_view(bridge.workspace, lines[row].id) if bridge.is_open and 0 <= row < len(lines) else None
        self.view = view
        self.card.show_conflict(view, self._palette(), bridge.is_open and not bridge.workspace.read_only)
        self.conflict_changed.emit(view)

    def _palette(self) -> Palette:
        if not self._bridge.is_open:
            return Palette()
        labels = self._bridge.workspace.reads.label_set()
        if self._palette_of[0] is not labels:
            self._palette_of = labels, label_palette(labels)
        return self._palette_of[1]

    # Going ------------------------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        """Go to the next conflict or the one before; round at the ends."""
        count = len(self.model.lines)
        if count:
            self.list.go_to((self.list.currentIndex().row() + by) % count)

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self.list.setAccessibleName(tr("window.pane-conflicts"))
        self.keys.say(tr("merging.keys"))
        self.card.retranslate()
        self._palette_of = (None, Palette())
        if self.isVisible():
            self.refresh()
