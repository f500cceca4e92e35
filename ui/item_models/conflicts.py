"""Conflicts, a row each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.messages import tr
from app.services.conflict_views import ConflictLine

_Index = QModelIndex | QPersistentModelIndex


class ConflictModel(QAbstractListModel):
    """Shows lines as they were given; what a screen reader says is the whole of a line."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[ConflictLine] = []

    def show_lines(self, lines: Sequence[ConflictLine]) -> None:
        """Show these lines."""
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            line = self.lines[index.row()]
            state = "" if line.open else tr("merging.is-settled")
            return " · ".join(filter(None, (line.quote, line.what, place_name(line), state)))
        return None


def place_name(line: ConflictLine) -> str:
    """Return where a conflict is: the document's name, or the project."""
    return line.name or tr("merging.in-project")
