"""A list of remarks in columns, the whole of the chosen one below it, and figures to stand above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from ui.dialogs.frame import dress_rows, heading, quiet

_Index = QModelIndex | QPersistentModelIndex


class RemarkModel(QAbstractTableModel):
    """Rows of words under their heads."""

    def __init__(self, heads: Sequence[str], rows: Sequence[Sequence[str]], parent: QWidget) -> None:
        super().__init__(parent)
        self.heads, self.rows = list(heads), [tuple(row) for row in rows]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.heads)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.rows[index.row()][index.column()]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.heads[section]
        return None


class RemarkList(QWidget):
    """Shows rows; ``letters`` are the widths of the columns but the last in characters.

    ``opened(number)``: Enter or a double click on a row, by its place in ``rows``. Ctrl+C copies the whole list.
    """

    opened = Signal(int)

    def __init__(
        self, name: str, heads: Sequence[str], rows: Sequence[Sequence[str]], letters: Sequence[int], sort: bool = False
    ) -> None:
        super().__init__()
        self.model = RemarkModel(heads, rows, self)
        self.order = QSortFilterProxyModel(self)
        self.order.setSourceModel(self.model)
        self.order.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.table = self._table(name, letters)
        if sort:
            self.table.setSortingEnabled(True)
            self.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
        self.whole = quiet()
        self.whole.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.table, 1)
        column.addWidget(self.whole)
        self.setFocusProxy(self.table)
        self.table.selectionModel().currentRowChanged.connect(self._say_whole)
        self.table.activated.connect(lambda index: self.opened.emit(self.order.mapToSource(index).row()))
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.table, self.copy)
        if rows:
            self.table.selectRow(0)

    def _table(self, name: str, letters: Sequence[int]) -> QTableView:
        table = QTableView()
        table.setModel(self.order)
        table.setAccessibleName(name)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.verticalHeader().hide()
        dress_rows(table)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(len(letters), QHeaderView.ResizeMode.Stretch)
        letter = table.fontMetrics().averageCharWidth()
        for column, wide in enumerate(letters):
            table.setColumnWidth(column, max(letter * wide, header.sectionSizeHint(column) + letter * 2))
        return table

    def _say_whole(self, index: QModelIndex) -> None:
        """Show a row wholly, which may be too long for its columns."""
        row = self.model.rows[self.order.mapToSource(index).row()] if index.isValid() else ()
        self.whole.setText(" · ".join(filter(None, row)))

    def copy(self) -> None:
        """Put the whole list on the clipboard as it is ordered, as a spreadsheet takes it."""
        shown = (self.order.mapToSource(self.order.index(row, 0)).row() for row in range(self.order.rowCount()))
        lines = [self.model.heads, *(self.model.rows[row] for row in shown)]
        clean = ("\t".join(" ".join(cell.split()) for cell in line) for line in lines)
        QGuiApplication.clipboard().setText("\n".join(clean))


def figures(counts: Mapping[str, int]) -> QHBoxLayout:
    """Return counts in a row, each large with its words beside it; what is nothing stands back."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for name, count in counts.items():
        number: QLabel = heading(str(count), 1.5)
        number.setWordWrap(False)
        number.setEnabled(count > 0)
        number.setAccessibleName(f"{name}: {count}")
        row.addWidget(number)
        row.addWidget(quiet(name, wrap=False))
        row.addSpacing(24)
    row.addStretch(1)
    return row
