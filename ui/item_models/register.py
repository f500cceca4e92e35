"""Entries of the register, new ones that may be made, and doubles: a row each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.services.register_views import Group, Thing, ThingRow

_Index = QModelIndex | QPersistentModelIndex


class RegisterLine(NamedTuple):
    """A row: what tells it apart, its two lines of words, its label, how many links wait, and what it stands for."""

    key: str
    title: str
    below: str
    label: str
    waiting: int
    value: ThingRow | Group | tuple[Thing, ...]


class RegisterModel(QAbstractListModel):
    """Shows lines as they were given; what a screen reader says is the whole of a line."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[RegisterLine] = []

    def show_lines(self, lines: Sequence[RegisterLine]) -> None:
        """Show these lines."""
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            line = self.lines[index.row()]
            return " · ".join(filter(None, (line.title, line.below)))
        return None
