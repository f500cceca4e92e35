"""A table to read: words on the left, numbers on the right, sorted by a click; it can be copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from ui.dialogs.frame import dress_rows

_NUMBER = Qt.ItemDataRole.UserRole
_HEAD, _AIR = 20, 10


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
    """Rows of :class:`TableCell`; the first ``words`` columns are left-aligned."""

    def __init__(self, name: str, words: int = 1) -> None:
        super().__init__()
        self._left, self._least = words, 0
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        dress_rows(self)

    def fill(self, heads: Sequence[str], rows: Sequence[Sequence[TableCell]], *, whole: bool = False) -> None:
        """Show these rows under these heads; with ``whole`` the first is what all come to, and stays the first."""
        self.setSortingEnabled(False)
        self.clear()
        self.setColumnCount(len(heads))
        self.setRowCount(len(rows))
        for column, head in enumerate(heads):
            item = QTableWidgetItem(head)
            item.setTextAlignment(self._side(column) | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap)
            self.setHorizontalHeaderItem(column, item)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                self.setItem(number, column, self._item(cell, column, bold=whole and number == 0))
        if not whole:
            self.setSortingEnabled(True)
            self.sortItems(0)
        self._fit(heads)
        self.resizeRowsToContents()

    def _side(self, column: int) -> Qt.AlignmentFlag:
        return Qt.AlignmentFlag.AlignLeft if column < self._left else Qt.AlignmentFlag.AlignRight

    def _item(self, cell: TableCell, column: int, *, bold: bool) -> QTableWidgetItem:
        item = _Item(cell.words)
        item.setTextAlignment(self._side(column) | Qt.AlignmentFlag.AlignVCenter)
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
            longest = max(metrics.horizontalAdvance(word) for word in head.split() or [""]) + _HEAD
            width = max(longest, self.sizeHintForColumn(column) + _AIR)
            self.setColumnWidth(column, width)
            wrapped = metrics.boundingRect(0, 0, width - _HEAD, 1000, Qt.TextFlag.TextWordWrap, head)
            lines = max(lines, round(wrapped.height() / metrics.lineSpacing()))
        header.setFixedHeight(metrics.lineSpacing() * lines + 12)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._least = self.columnWidth(0)
        self._fill_width()

    def _fill_width(self) -> None:
        """Give the first column what room the others leave, never less than it needs."""
        if self.columnCount():
            others = sum(self.columnWidth(column) for column in range(1, self.columnCount()))
            self.setColumnWidth(0, max(self._least, self.viewport().width() - others))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the columns as wide as the table."""
        super().resizeEvent(event)
        self._fill_width()

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
