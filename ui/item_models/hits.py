"""The hits of a search, grouped by document: a line for the document, then a line for each hit in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.messages import tr
from app.services.corpus_views import Hit
from ui.bridge import Bridge
from ui.item_models.documents import plain_tip

_Index = QModelIndex | QPersistentModelIndex
_HERE = QModelIndex()


@dataclass(slots=True)
class Group:
    """The line above the hits of one document."""

    document: str
    title: str
    count: int = 0


class HitModel(QAbstractTableModel):
    """Rows of groups and hits, of which more are added at the end."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.hits: list[Hit] = []
        self.groups: list[Group] = []
        self._rows: list[Group | Hit] = []

    def row(self, row: int) -> Group | Hit:
        """Return what a row shows."""
        return self._rows[row]

    def set_hits(self, hits: Sequence[Hit]) -> None:
        """Show other hits."""
        self.beginResetModel()
        self.hits, self.groups, self._rows = [], [], []
        self._rows = self._taken(hits)
        self.endResetModel()

    def add(self, hits: Sequence[Hit]) -> None:
        """Show more hits behind those shown."""
        if not hits:
            return
        last = len(self.groups) - 1
        rows = self._taken(hits)
        self.beginInsertRows(_HERE, len(self._rows), len(self._rows) + len(rows) - 1)
        self._rows += rows
        self.endInsertRows()
        if last >= 0:
            index = self.index(self._rows.index(self.groups[last]), 0)
            self.dataChanged.emit(index, index)

    def _taken(self, hits: Sequence[Hit]) -> list[Group | Hit]:
        rows: list[Group | Hit] = []
        for hit in hits:
            if not self.groups or self.groups[-1].document != hit.document:
                self.groups.append(Group(hit.document, hit.title or hit.name.rpartition("/")[2]))
                rows.append(self.groups[-1])
            self.groups[-1].count += 1
            rows.append(hit)
        self.hits += hits
        return rows

    def beside(self, row: int, by: int) -> int:
        """Return the row of the next (1) or previous (-1) hit, -1 where there is none."""
        row += by
        while 0 <= row < len(self._rows):
            if isinstance(self._rows[row], Hit):
                return row
            row += by
        return -1

    # What Qt asks -----------------------------------------------------------------------------------------

    def rowCount(self, parent: _Index = _HERE) -> int:
        """Return the number of groups and hits."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _HERE) -> int:
        """Return one: a row is painted as a whole."""
        return 0 if parent.isValid() else 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row in words, and a hit's whole context as a tooltip."""
        if role not in (
            Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole,
        ):  # fmt: skip
            return None
        row = self._rows[index.row()]
        if isinstance(row, Group):
            return tr("search.group", title=row.title, count=row.count)
        words = f"{row.left}{row.match}{row.right}"
        label = self._bridge.title(row.label) if row.label else ""
        said = [part for part in (label, words, row.note) if part]
        return plain_tip(said) if role == Qt.ItemDataRole.ToolTipRole else "\n".join(said)
