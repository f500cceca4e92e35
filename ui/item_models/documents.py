"""The list of documents: all ids at once, what is shown of them page by page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.messages import tr
from app.services.corpus_views import Listed, listed
from ui.bridge import Bridge

PAGE = 64
PAGES_KEPT = 32
_Index = QModelIndex | QPersistentModelIndex
_HERE = QModelIndex()


class DocumentModel(QAbstractTableModel):
    """One row per document.

    The delegate asks :meth:`listed` and paints a row by itself: asking Qt's roles one by one for every cell
    is what makes long lists slow.
    """

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._ids: Sequence[str] = ()
        self._rows: dict[str, int] | None = None
        self._pages: dict[int, list[Listed | None]] = {}

    @property
    def ids(self) -> Sequence[str]:
        """The documents in the list's order."""
        return self._ids

    def set_ids(self, ids: Sequence[str]) -> None:
        """Show other documents."""
        self.beginResetModel()
        self._ids, self._rows = ids, None
        self._pages.clear()
        self.endResetModel()

    def row_of(self, document: str | None) -> int:
        """Return the row of a document, -1 where it is not listed."""
        if document is None:
            return -1
        if self._rows is None:
            self._rows = {one: row for row, one in enumerate(self._ids)}
        return self._rows.get(document, -1)

    def listed(self, row: int) -> Listed | None:
        """Return what a row shows; None where its document is gone."""
        page = self._pages.get(row // PAGE)
        if page is None:
            page = self._read(row // PAGE)
        return page[row % PAGE] if row % PAGE < len(page) else None

    def _read(self, number: int) -> list[Listed | None]:
        ids = self._ids[number * PAGE : (number + 1) * PAGE]
        found = listed(self._bridge.workspace.reads, ids)
        page = [found.get(one) for one in ids]
        if len(self._pages) >= PAGES_KEPT:
            self._pages.pop(next(iter(self._pages)))
        self._pages[number] = page
        return page

    def refresh(self, documents: Collection[str]) -> None:
        """Read these documents again and repaint their rows, as far as they are in sight or kept."""
        rows = [row for one in documents if (row := self.row_of(one)) >= 0 and row // PAGE in self._pages]
        if not rows:
            return
        found = listed(self._bridge.workspace.reads, [self._ids[row] for row in rows])
        for row in rows:
            self._pages[row // PAGE][row % PAGE] = found.get(self._ids[row])
            index = self.index(row, 0)
            self.dataChanged.emit(index, index)

    def forget(self) -> None:
        """Read everything anew as it comes into sight."""
        self._pages.clear()
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, 0))

    # What Qt asks -----------------------------------------------------------------------------------------

    def rowCount(self, parent: _Index = _HERE) -> int:
        """Return the number of documents."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: _Index = _HERE) -> int:
        """Return one: a row is painted as a whole."""
        return 0 if parent.isValid() else 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the title, and what a screen reader and a tooltip say."""
        if role == Qt.ItemDataRole.DisplayRole:
            one = self.listed(index.row())
            return title(one) if one else ""
        if role == Qt.ItemDataRole.ToolTipRole:
            one = self.listed(index.row())
            return plain_tip([title(one), one.name, described(one)]) if one else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            one = self.listed(index.row())
            return f"{title(one)}, {described(one)}" if one else ""
        return None


def plain_tip(lines: Sequence[str]) -> str:
    """Return lines as a tooltip that wraps and takes nothing in them for markup."""
    return f"<qt>{'<br>'.join(escape(line) for line in lines)}</qt>"


def title(one: Listed) -> str:
    """Return what a document is called: its title, or its name without folders."""
    return one.title or one.name.rpartition("/")[2]


def subtitle(one: Listed) -> str:
    """Return the second line: whether it is a control, publisher and date, or the name where neither is known."""
    known = [part for part in (one.publisher, one.date) if part] or [one.name]
    return " · ".join([tr("team.control"), *known] if one.control else known)


def state_words(one: Listed) -> str:
    """Return how far the document is: done, how many suggestions wait, or open."""
    if one.state == "done":
        return tr("corpus.state-done")
    return tr("corpus.suggestions-open", count=one.open) if one.open else tr("corpus.state-open")


def described(one: Listed) -> str:
    """Return everything that a row shows beside the title, in words."""
    parts = [one.publisher, one.date, state_words(one), tr("corpus.annotations", count=one.annotations)]
    if one.control:
        parts.append(tr("team.control"))
    if one.suggestions:
        judged = min(one.decided, one.suggestions)
        parts.append(tr("corpus.judged", decided=judged, suggestions=one.suggestions))
    return ", ".join(part for part in parts if part)
