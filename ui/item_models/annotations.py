"""The tables of claims and relations as Qt reads them: pages of a listing, kept while they are seen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont

from app.messages import language, tr
from app.services.annotation_views import AnnotationRow, Listing
from models.labels import Facet, LabelSet, localised
from models.suggestions import Kind
from ui.theme import STATE_STYLES, current_theme

PAGE = 64
"""Rows read at once."""
_KEPT = 24
"""Pages kept."""

Index = QModelIndex | QPersistentModelIndex


class Column(NamedTuple):
    """One column: what it sorts by (as in ``TableQuery``), its title, its width, and its words in a row."""

    sort: str
    title: str
    width: int
    words: Callable[[AnnotationRow], str]


def state_words(state: str) -> str:
    """Return a state as its sign and its name."""
    glyph = next((style.glyph for style in STATE_STYLES.values() if style.state == state), "")
    return f"{glyph} {tr(f'reader.state-{state}')}" if glyph else state


def claim_columns(labels: LabelSet) -> list[Column]:
    """Return the columns of the table of claims: the first two facets to choose from are shown."""
    spoken = language()
    chosen = [facet for facet in labels.facets if facet.type == "choice"][:2]
    return [
        Column("quote", tr("table.quote"), 220, lambda row: flat(row.quote)),
        *(_facet_column(facet, spoken) for facet in chosen),
        Column("speaker", tr("table.speaker"), 120, lambda row: flat(row.speaker or "")),
        Column("document", tr("table.document"), 160, lambda row: row.name),
        Column("state", tr("table.state"), 100, lambda row: state_words(row.state)),
        Column("note", tr("table.note"), 160, lambda row: flat(row.note or "")),
    ]


def _facet_column(facet: Facet, spoken: str) -> Column:
    titles = {value.id: localised(value.title, spoken, value.id) for value in facet.values}

    def words(row: AnnotationRow) -> str:
        value = row.facets.get(facet.id)
        return titles.get(str(value), str(value)) if value is not None else ""

    return Column(f"facet:{facet.id}", localised(facet.title, spoken, facet.id), 90, words)


def relation_columns(labels: LabelSet) -> list[Column]:
    """Return the columns of the table of relations."""
    spoken = language()

    def end(quote: str | None, label: str | None) -> str:
        return f"{flat(quote or '…')}  ({labels.title(label, spoken)})" if label else flat(quote or "…")

    return [
        Column("head", tr("table.head"), 170, lambda row: end(row.head, row.head_label)),
        Column("label", tr("table.relation"), 110, lambda row: labels.title(row.label, spoken)),
        Column("tail", tr("table.tail"), 170, lambda row: end(row.tail, row.tail_label)),
        Column("document", tr("table.document"), 160, lambda row: row.name),
        Column("state", tr("table.state"), 100, lambda row: state_words(row.state)),
        Column("note", tr("table.note"), 160, lambda row: flat(row.note or "")),
    ]


def flat(words: str) -> str:
    """Return words on one line."""
    return " ".join(words.split())


class AnnotationModel(QAbstractTableModel):
    """Shows a :class:`Listing`; ``sort_wanted(sort, descending)``: another order is asked for."""

    sort_wanted = Signal(str, bool)

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self._kind = kind
        self._listing: Listing | None = None
        self._pages: dict[int, list[AnnotationRow | None]] = {}
        self.columns: list[Column] = []

    # Content ----------------------------------------------------------------------------------------------

    def set_labels(self, labels: LabelSet) -> None:
        """Take over the label set's facets and titles, in the window's language."""
        columns = claim_columns(labels) if self._kind == "claim" else relation_columns(labels)
        if [one[:3] for one in columns] == [one[:3] for one in self.columns]:
            self.columns = columns
            return
        self.beginResetModel()
        self.columns = columns
        self.endResetModel()

    def set_listing(self, listing: Listing | None) -> None:
        """Show other rows and let go of the ones before."""
        self.beginResetModel()
        if self._listing is not None:
            self._listing.close()
        self._listing, self._pages = listing, {}
        self.endResetModel()

    def row(self, number: int) -> AnnotationRow | None:
        """Return a row; None where it is gone since the rows were sorted."""
        if self._listing is None:
            return None
        page, place = divmod(number, PAGE)
        if page not in self._pages:
            while len(self._pages) >= _KEPT:
                del self._pages[next(iter(self._pages))]
            self._pages[page] = self._listing.rows(page * PAGE, PAGE)
        rows = self._pages[page]
        return rows[place] if place < len(rows) else None

    def number_of(self, key: str) -> int | None:
        """Return the number of the row with this mark's key, or None."""
        return self._listing.number_of(key) if self._listing is not None else None

    def read_again(self, keys: Collection[str] | None) -> None:
        """Read the pages that hold marks with these keys anew when they are next seen; None is all."""
        for page, rows in list(self._pages.items()):
            if keys is None or any(row is not None and row.key in keys for row in rows):
                del self._pages[page]
                first, last = page * PAGE, min(self.rowCount(), (page + 1) * PAGE) - 1
                if self.columns and last >= first:
                    self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    def lines(self, numbers: Collection[int]) -> Iterator[str]:
        """Yield rows as text with tabs between the columns, the titles first."""
        yield "\t".join(column.title for column in self.columns)
        for number in numbers:
            row = self.row(number)
            if row is not None:
                yield "\t".join(flat(column.words(row)) for column in self.columns)

    # Qt ---------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many rows there are."""
        return 0 if parent.isValid() or self._listing is None else self._listing.count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        """Return a column's title."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title if section < len(self.columns) else None
        return None

    def data(self, index: Index, role: int = 0) -> object:
        """Return what a cell says and how."""
        if role == Qt.ItemDataRole.DisplayRole:
            row = self.row(index.row())
            return self.columns[index.column()].words(row) if row else "–"
        if role == Qt.ItemDataRole.ToolTipRole:
            row = self.row(index.row())
            return self.columns[index.column()].words(row) if row else None
        if role == Qt.ItemDataRole.ForegroundRole:
            row = self.row(index.row())
            return QColor(current_theme().muted) if row is None or row.state == "rejected" else None
        if role == Qt.ItemDataRole.FontRole:
            return self._font(self.row(index.row()))
        return None

    @staticmethod
    def _font(row: AnnotationRow | None) -> QFont | None:
        """Open suggestions are slanted, rejected ones struck through."""
        if row is None or row.state not in ("suggested", "rejected"):
            return None
        font = QFont()
        font.setItalic(row.state == "suggested")
        font.setStrikeOut(row.state == "rejected")
        return font

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Ask for another order; column -1 is the order of the text."""
        wanted = self.columns[column].sort if 0 <= column < len(self.columns) else "text"
        self.sort_wanted.emit(wanted, order == Qt.SortOrder.DescendingOrder)
