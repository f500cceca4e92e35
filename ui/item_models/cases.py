"""The cases of a document as rows: those that pass the filter, in the order of the text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.services.adjudication_views import Case, DocumentCases, Ruling
from ui.case_words import differences, quote

_Index = QModelIndex | QPersistentModelIndex
_HERE = QModelIndex()


class CaseModel(QAbstractTableModel):
    """Rows of cases. What is said of each is asked for when it is painted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cases: DocumentCases | None = None
        self._rows: list[int] = []
        self._row_of: dict[int, int] = {}

    def show(self, cases: DocumentCases | None, numbers: Iterable[int]) -> None:
        """Show other cases, by their numbers in the document."""
        self.beginResetModel()
        self.cases = cases
        self._rows = list(numbers)
        self._row_of = {number: row for row, number in enumerate(self._rows)}
        self.endResetModel()

    def case(self, row: int) -> Case | None:
        """Return the case in a row."""
        return self.cases.cases[self._rows[row]] if self.cases is not None and 0 <= row < len(self._rows) else None

    def row_of(self, key: str) -> int | None:
        """Return the row of a case, None where the filter leaves it out."""
        number = self.cases.number.get(key) if self.cases is not None else None
        return self._row_of.get(number) if number is not None else None

    def ruling(self, case: Case) -> Ruling:
        """Return what was decided on a case."""
        assert self.cases is not None
        return self.cases.ruling(case)

    def repaint(self, keys: Iterable[str]) -> None:
        """Say that these cases show differently."""
        for key in keys:
            row = self.row_of(key)
            if row is not None:
                self.dataChanged.emit(self.index(row, 0), self.index(row, 0))

    def next_open(self, row: int, step: int) -> int | None:
        """Return the nearest row with an open case from ``row`` on in one direction, itself left out."""
        at = row + step
        while 0 <= at < len(self._rows):
            case = self.case(at)
            if case is not None and self.ruling(case).open:
                return at
            at += step
        return None

    def rowCount(self, parent: _Index = _HERE) -> int:
        """Return the number of cases shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _HERE) -> int:
        """One column."""
        return 0 if parent.isValid() else 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the words for a screen reader; rows are painted by their delegate."""
        case = self.case(index.row())
        if case is None or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        return f"{self.quote(case)}: {differences(case)}"

    def quote(self, case: Case) -> str:
        """Return the words of what was taken for a case, else of its first reading."""
        assert self.cases is not None
        shown = self.ruling(case).result or next(iter(case.members), None)
        return quote(self.cases, shown) if shown is not None else ""
