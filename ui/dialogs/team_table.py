"""A table to read: words on the left, numbers on the right, sorted by a click; it can be copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from ui.dialogs.frame import dress_rows

_NUMBER = Qt.ItemDataRole.UserRole


class TableCell(NamedTuple):
    """What a cell says, and what it is sorted by (None: after all others)."""

    words: str
    number: float | None = None


class _Item(QTableWidgetItem):
    def __lt__(self, other: QTableWidgetItem) -> bool:
        mine, its = self.data(_NUMBER), other.data(_NUMBER)
        if mine is None and its is None:
            return self.text().casefold() < other.text().casefold()
        return (-1.0 if mine is None else mine) < (-1.0 if its is None else its)


class TeamTable(QTableWidget):
    """Rows of :class:`TableCell`; the first ``words`` columns and the last (if ``remark``) are left-aligned."""

    def __init__(self, name: str, words: int = 1, *, remark: bool = False) -> None:
        super().__init__()
        self._left, self._remark = words, remark
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        dress_rows(self)

    def fill(self, heads: Sequence[str], rows: Sequence[Sequence[TableCell]], last: Sequence[TableCell] = ()) -> None:
        """Show these rows under these heads, ``last`` in bold below them as their sum."""
        self.clear()
        self.setColumnCount(len(heads))
        self.setRowCount(len(rows) + bool(last))
        self.setHorizontalHeaderLabels(list(heads))
        for number, row in enumerate([*rows, last] if last else rows):
            for column, cell in enumerate(row):
                self.setItem(number, column, self._item(cell, column, len(heads), bold=bool(last) and row is last))
        # With a sum at the end the order stays as it is.
        self.setSortingEnabled(not last)
        if not last:
            self.sortItems(0)
        self._fit(heads)

    def _item(self, cell: TableCell, column: int, columns: int, *, bold: bool) -> QTableWidgetItem:
        item = _Item(cell.words)
        left = column < self._left or (self._remark and column == columns - 1)
        side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
        item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        item.setData(_NUMBER, cell.number)
        item.setToolTip(cell.words)
        if bold:
            font = QFont(self.font())
            font.setWeight(QFont.Weight.DemiBold)
            item.setFont(font)
        return item

    def _fit(self, heads: Sequence[str]) -> None:
        """Make columns as wide as their cells and the longest word of their heads."""
        header = self.horizontalHeader()
        metrics = header.fontMetrics()
        lines = 1
        for column, head in enumerate(heads):
            longest = max(metrics.horizontalAdvance(word) for word in head.split() or [""]) + 24
            width = max(longest, self.sizeHintForColumn(column) + 16)
            self.setColumnWidth(column, width)
            lines = max(lines, -(-metrics.horizontalAdvance(head) // max(1, width - 20)))
        header.setFixedHeight(metrics.lineSpacing() * lines + 12)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(self._remark)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the selected rows; everything else as in any table."""
        if event.matches(QKeySequence.StandardKey.Copy):
            rows = sorted({index.row() for index in self.selectedIndexes()})
            lines = ["\t".join(self._words(row, column) for column in range(self.columnCount())) for row in rows]
            QGuiApplication.clipboard().setText("\n".join(lines))
            return
        super().keyPressEvent(event)

    def _words(self, row: int, column: int) -> str:
        item = self.item(row, column)
        return item.text() if item else ""
