"""The disagreements behind a figure as Qt reads them: one row for each place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.services.agreement_views import Place

_Index = QModelIndex | QPersistentModelIndex


class PlaceModel(QAbstractTableModel):
    """Rows of places; ``said`` words who says what of one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[Place] = ()
        self._words: Callable[[Place], str] = lambda place: ""

    def show_rows(self, rows: Sequence[Place], words: Callable[[Place], str]) -> None:
        """Show other places."""
        self.beginResetModel()
        self.rows, self._words = rows, words
        self.endResetModel()

    def add(self, rows: Sequence[Place]) -> None:
        """Show more places behind those shown."""
        if rows:
            first = len(self.rows)
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self.rows = [*self.rows, *rows]
            self.endInsertRows()

    def said(self, row: Place) -> str:
        """Return who says what."""
        return self._words(row)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.words
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{row.name}: {row.words[:400]}\n{self.said(row)}"
        return None

    def lines(self) -> list[str]:
        """Return all rows as text with tabs: document, words, who says what."""
        return ["\t".join((row.name, " ".join(row.words.split()), self.said(row))) for row in self.rows]
