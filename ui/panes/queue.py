"""What panes share that walk through a list: rows above, everything about the one in focus below, keys in words."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from models.labels import LabelSet
from ui.bridge import Bridge
from ui.delegates.rows import RowDelegate, RowView
from ui.panes.inspector_parts import Muted, label_palette
from ui.theme import Palette


class QueuePane(QWidget):
    """Reads again when it is seen and something changed; those who inherit say what (``read_again``, ``show_focused``).

    ``shown(bool)``: the pane came to the top or left it.
    """

    shown = Signal(bool)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._stale = True
        self._palette_of: tuple[LabelSet | None, Palette] = (None, Palette())
        self.list = RowView()
        self.count, self.keys = Muted(), Muted()
        self.area = QScrollArea()
        self.parts = QSplitter(Qt.Orientation.Vertical)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.catch_up)
        self.setFocusProxy(self.list)
        bridge.settings_changed.connect(lambda: self.show_focused())

    def lay_out(self, top: QLayout, delegate: RowDelegate, card: QWidget, shares: tuple[int, int]) -> None:
        """Put ``top`` above the list and ``card`` below it; ``shares`` are the heights of both against each other."""
        self.list.setItemDelegate(delegate)
        self.list.set_row_height(delegate.height)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(card)
        self.parts.setChildrenCollapsible(False)
        for number, part in enumerate((self.list, self.area)):
            self.parts.addWidget(part)
            self.parts.setStretchFactor(number, shares[number])
        self.parts.setSizes([100 * share for share in shares])
        top.setContentsMargins(12, 10, 12, 4)
        self.keys.setContentsMargins(12, 4, 12, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.parts, 1000)
        column.addStretch(1)  # where there is nothing to list
        column.addWidget(self.keys)
        self.list.selectionModel().currentRowChanged.connect(self._row_changed)

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

    def catch_up(self) -> None:
        """Read anew now if something changed and the pane is seen."""
        if self._stale and self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Read everything anew now, keeping what is in focus."""
        self._soon.stop()
        self._stale = False
        self.read_again()

    def read_again(self) -> None:
        """Show what the project holds now, keeping what is in focus."""
        raise NotImplementedError

    def show_focused(self) -> None:
        """Show all about the row in focus."""
        raise NotImplementedError

    def _row_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.area.verticalScrollBar().setValue(0)
            self.show_focused()

    def palette_of_labels(self) -> Palette:
        """Return the looks of the project's labels in the window's language."""
        labels = self._bridge.workspace.reads.label_set() if self._bridge.is_open else None
        if self._palette_of[0] is not labels:
            self._palette_of = labels, label_palette(labels) if labels is not None else Palette()
        return self._palette_of[1]

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self._palette_of = (None, Palette())
        self.forget()
