"""Which labels a relation may lead from and to, as a list of pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.messages import tr

Pairs = list[list[str]]


class PairsField(QWidget):
    """Shows pairs and lets one add and remove them; ``chosen(pairs)`` when they changed."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs: Pairs = []
        self._titles: Mapping[str, str] = {}
        self._symmetric = False
        self.list = QListWidget()
        self.list.setAccessibleName(tr("labelset.pairs").replace("&", "").rstrip(":"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setMinimumHeight(64)
        self.list.setMaximumHeight(88)
        self.head, self.tail = QComboBox(), QComboBox()
        self.head.setAccessibleName(tr("labelset.head"))
        self.tail.setAccessibleName(tr("labelset.tail"))
        for box in (self.head, self.tail):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
        self._arrow = QLabel("→")
        self.add = QPushButton(tr("labelset.add-pair"))
        self.remove = QPushButton(tr("labelset.remove-pair"))
        for button, act in ((self.add, self._add), (self.remove, self._remove)):
            button.setAutoDefault(False)
            button.clicked.connect(act)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.list, self._remove)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.head, 1)
        row.addWidget(self._arrow)
        row.addWidget(self.tail, 1)
        row.addWidget(self.add)
        row.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.list)
        column.addLayout(row)
        for box in (self.head, self.tail):
            box.currentIndexChanged.connect(self._enable)
        self.list.itemSelectionChanged.connect(self._enable)
        self.setFocusProxy(self.list)

    def show_pairs(self, pairs: Pairs, ends: Sequence[tuple[str, str]], *, symmetric: bool) -> None:
        """Show pairs of the labels ``ends``: (id, title) each."""
        self._pairs = [list(pair) for pair in pairs]
        self._titles = dict(ends)
        self._symmetric = symmetric
        self._arrow.setText("↔" if symmetric else "→")
        for box in (self.head, self.tail):
            kept = box.currentData()
            box.blockSignals(True)
            box.clear()
            for end, title in ends:
                box.addItem(title, end)
            box.setCurrentIndex(max(0, box.findData(kept)))
            box.blockSignals(False)
        self._fill()

    def _fill(self) -> None:
        arrow = "↔" if self._symmetric else "→"
        self.list.clear()
        for head, tail in self._pairs:
            self.list.addItem(f"{self._titles.get(head, head)}  {arrow}  {self._titles.get(tail, tail)}")
        self._enable()

    def _enable(self, *_: object) -> None:
        pair = [self.head.currentData(), self.tail.currentData()]
        there = pair in self._pairs or (self._symmetric and pair[::-1] in self._pairs)
        self.add.setEnabled(bool(self._titles) and not there)
        self.remove.setEnabled(bool(self.list.selectedItems()))

    def _add(self) -> None:
        self._pairs.append([self.head.currentData(), self.tail.currentData()])
        self._fill()
        self.list.scrollToBottom()
        self.chosen.emit([list(pair) for pair in self._pairs])

    def _remove(self) -> None:
        rows = {self.list.row(item) for item in self.list.selectedItems()}
        if rows:
            self._pairs = [pair for row, pair in enumerate(self._pairs) if row not in rows]
            self._fill()
            self.chosen.emit([list(pair) for pair in self._pairs])
