"""A grid of figures as Qt reads it: rows and columns with titles, each cell a number or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from ui.widgets.choice_popup import swatch

Index = QModelIndex | QPersistentModelIndex
CELL = Qt.ItemDataRole.UserRole
"""The role under which a view finds the :class:`Cell`."""


_SAID = (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)


class Cell(NamedTuple):
    """One figure.

    ``value`` is what it is sorted by, None where it is not defined; ``text`` is how it is written, ``interval``
    its confidence interval. ``heat`` in [0, 1] is how strongly it is coloured in a heat map, None for not at all.
    ``told`` returns the whole of it in words, for a tooltip and a screen reader. ``key`` names what stands behind it.
    """

    value: float | None = None
    text: str = ""
    interval: str = ""
    heat: float | None = None
    told: Callable[[], str] = str
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
    """One grid after another, its rows in the order of a column's values where that is asked for.

    Row titles stand in the vertical header of a view.
    """

    def __init__(self) -> None:
        super().__init__()
        self.grid = Grid()
        self._order: list[int] = []

    def show_grid(self, grid: Grid) -> None:
        """Show another grid, its rows as they come."""
        self.beginResetModel()
        self.grid = grid
        self._order = list(range(len(grid.rows)))
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column's values, -1 for as they came; what is not defined stands last either way."""
        rows = range(len(self.grid.rows))
        if column >= 0:
            values = [(self._value(row, column), row) for row in rows]
            known = sorted((one for one in values if one[0] is not None), key=lambda one: one[0] or 0.0)
            if order == Qt.SortOrder.DescendingOrder:
                known.reverse()
            rows_now = [row for _, row in known] + [row for value, row in values if value is None]
        else:
            rows_now = list(rows)
        self.layoutAboutToBeChanged.emit()
        before, place = self._order, {row: number for number, row in enumerate(rows_now)}
        self._order = rows_now
        for index in self.persistentIndexList():
            moved = self.index(place[before[index.row()]], index.column())
            self.changePersistentIndex(index, moved)
        self.layoutChanged.emit()

    def _value(self, row: int, column: int) -> float | None:
        found = self.grid.cells.get((row, column))
        return found.value if found is not None else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.grid.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.grid.columns)

    def row(self, number: int) -> Row:
        """Return the row that stands there now."""
        return self.grid.rows[self._order[number]]

    def cell(self, number: int, column: int) -> Cell:
        """Return a cell by where it stands now; one that shows nothing where none was given."""
        return self.grid.cells.get((self._order[number], column)) or Cell()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (CELL, *_SAID, Qt.ItemDataRole.DisplayRole):
            return None
        cell = self.cell(index.row(), index.column())
        if role == CELL:
            return cell
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{cell.text} {cell.interval}".rstrip()
        where = f"{self.row(index.row()).title}, {self.grid.columns[index.column()][0]}"
        return f"{where}: {cell.told() or cell.text}" if cell.text else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            title, told = self.grid.columns[section]
        else:
            title, told, color = self.row(section)
            if role == Qt.ItemDataRole.DecorationRole and color:
                return swatch(color)
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{title}: {told}" if told else title
        return None

    def lines(self) -> list[list[str]]:
        """Return everything shown as words, header first, for the clipboard."""
        columns = range(len(self.grid.columns))
        head = ["", *(title for title, _ in self.grid.columns)]
        body = [
            [self.row(number).title, *(str(self.data(self.index(number, column))) for column in columns)]
            for number in range(len(self.grid.rows))
        ]
        return [head, *body]
