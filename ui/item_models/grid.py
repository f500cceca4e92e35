"""A grid of figures as Qt reads it: rows and columns with titles, each cell a number or why there is none."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt

from ui.widgets.choice_popup import swatch

Index = QModelIndex | QPersistentModelIndex
CELL = Qt.ItemDataRole.UserRole
"""The role under which a view finds the :class:`Cell`."""


class Cell(NamedTuple):
    """One figure.

    ``value`` is what it is sorted by, None where it is not defined; ``text`` is how it is written, ``interval``
    its confidence interval. ``heat`` in [0, 1] is how strongly it is coloured in a heat map, None for not at all.
    ``told`` is the whole of it in words, for a tooltip and a screen reader. ``key`` names what stands behind it.
    """

    value: float | None = None
    text: str = ""
    interval: str = ""
    heat: float | None = None
    told: str = ""
    key: Hashable = None


class Row(NamedTuple):
    """One row: its title, a longer one where there is, and a colour (a label's) or None."""

    title: str
    told: str = ""
    color: str | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows and columns with their titles, and the cells that are filled, by row and column number.

    ``columns`` are title and tooltip. ``heat``: it is a heat map.
    """

    rows: Sequence[Row] = ()
    columns: Sequence[tuple[str, str]] = ()
    cells: Mapping[tuple[int, int], Cell] = field(default_factory=dict)
    heat: bool = False


class GridModel(QAbstractTableModel):
    """One grid after another; row titles stand in the vertical header of a view."""

    def __init__(self) -> None:
        super().__init__()
        self.grid = Grid()

    def show_grid(self, grid: Grid) -> None:
        """Show another grid."""
        self.beginResetModel()
        self.grid = grid
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.grid.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.grid.columns)

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell; one that shows nothing where none was given."""
        return self.grid.cells.get((row, column), Cell())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self.cell(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{cell.text} {cell.interval}".rstrip()
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            where = f"{self.grid.rows[index.row()].title}, {self.grid.columns[index.column()][0]}"
            return f"{where}: {cell.told or cell.text}" if cell.text else None
        if role == CELL:
            return cell
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            title, told = self.grid.columns[section]
        else:
            title, told, color = self.grid.rows[section]
            if role == Qt.ItemDataRole.DecorationRole and color:
                return swatch(color)
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{title}: {told}" if told else title
        return None

    def lines(self) -> list[list[str]]:
        """Return everything shown as words, header first, for the clipboard."""
        head = ["", *(title for title, _ in self.grid.columns)]
        body = [
            [row.title, *(str(self.data(self.index(number, column))) for column in range(len(head) - 1))]
            for number, row in enumerate(self.grid.rows)
        ]
        return [head, *body]


class GridOrder(QSortFilterProxyModel):
    """Sorts by a column's numbers; what is not defined stands last either way."""

    def lessThan(self, left: Index, right: Index) -> bool:
        values = [self._value(one) for one in (left, right)]
        if None in values:
            ascending = self.sortOrder() == Qt.SortOrder.AscendingOrder
            return (values[1] is None and values[0] is not None) == ascending
        return bool(values[0] < values[1])  # type: ignore[operator]

    def _value(self, index: Index) -> Any:
        cell = index.data(CELL)
        return cell.value if isinstance(cell, Cell) else None
