"""From a report on agreement to grids: tables by label, facet, document and pair, and heat maps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from app.agreement_report.words import Words, interval, number, whole
from app.messages import language, tr
from app.services.agreement_views import Confusion
from models.agreement.records import (
    MEASURES,
    PARTS,
    AgreementReport,
    DocumentFigures,
    Figure,
    Layer,
    Measure,
    Part,
    undefined,
)
from models.labels import LabelSet, localised
from ui.item_models.grid import Cell, Grid, Row

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A report with what its people and labels are called."""

    report: AgreementReport
    labels: LabelSet
    words: Words

    @classmethod
    def of(cls, report: AgreementReport, labels: LabelSet) -> Shown:
        """Return a report as it is shown with a label set's titles."""
        return cls(report, labels, Words(report, labels))

    def short_name(self, annotator: str) -> str:
        """Return the first word of an annotator's name, or all of it where others begin alike."""
        whole_name = self.words.annotator(annotator)
        first = whole_name.partition(" ")[0]
        alike = [one for one in self.report.annotators if self.words.annotator(one.id).partition(" ")[0] == first]
        return first if len(alike) == 1 else whole_name

    @property
    def layers(self) -> list[Layer]:
        """The layers that there are figures for."""
        there = {one.layer for one in self.report.figures}
        return [layer for layer in self.report.labels if layer in there]

    @property
    def parts(self) -> list[Part]:
        """All documents, and where there are controls these and the others."""
        there = {one.part for one in self.report.figures}
        return [part for part in PARTS if part in there]

    @property
    def pairs(self) -> list[Pair]:
        """The pairs of annotators that were compared."""
        return list(dict.fromkeys(one.pair for one in self.report.figures if one.pair is not None))

    def measures(self, layer: Layer | None = None) -> list[Measure]:
        """Return the measures that a layer, or any, is told in."""
        there = {one.measure for one in self.report.figures if layer in (None, one.layer)}
        return [one for one in MEASURES if one in there]

    def subjects(self, layer: Layer) -> list[str | None]:
        """Return what a layer's figures are about: all labels together (None), then labels or facets."""
        together = any(one.layer == layer and one.subject is None for one in self.report.figures)
        return [*([None] if together else []), *self.report.labels.get(layer, ())]

    def figures(self, layer: Layer, part: Part) -> Iterator[Figure]:
        """Yield a layer's figures over all documents of a part."""
        return (one for one in self.report.figures if one.layer == layer and one.part == part)

    def color(self, layer: Layer, subject: str | None) -> str | None:
        """Return a label's colour, None for a facet and for all together."""
        label = self.labels.get(subject) if subject and layer != "facet" else None
        return label.color if label else None

    def row(self, layer: Layer, subject: str | None) -> Row:
        """Return the title of a row about a label or facet."""
        return Row(self.words.subject(layer, subject), "", self.color(layer, subject))


def cell_of(figure: Figure | None, *, heat: bool = False) -> Cell:
    """Return a figure as a cell."""
    if figure is None:
        return Cell()
    share = None if figure.value is None or not heat else max(0.0, min(1.0, figure.value))
    text = number(figure.value)
    between = "" if figure.low is None else interval(figure.low, figure.high)
    return Cell(figure.value, text, between, share, partial(told, figure), figure)


def told(figure: Figure) -> str:
    """Return a figure in words: measure, value, interval, and on how much it rests."""
    said = [f"{tr(f'agreement.measure-{figure.measure}')} {number(figure.value)}"]
    if figure.value is None and figure.reason:
        said.append(tr(f"agreement.reason-{figure.reason}"))
    if figure.low is not None:
        said.append(tr("agreement_window.interval", between=interval(figure.low, figure.high)))
    documents = tr("agreement_window.documents-count", count=figure.documents, number=whole(figure.documents))
    said.append(tr("agreement_window.rests-on", units=whole(figure.units), documents=documents))
    return " ".join(f"{one.rstrip('.')}." for one in said)


# Tables -----------------------------------------------------------------------------------------------------


def overview(shown: Shown) -> Grid:
    """Return one row for each layer (and facet), controls and the others below where there are controls."""
    rows: list[tuple[Row, list[Figure]]] = []
    for layer in shown.layers:
        for subject in shown.report.labels[layer] if layer == "facet" else (None,):
            title = tr(f"agreement.layer-{layer}")
            if subject is not None:
                title = tr("agreement_window.facet", facet=shown.words.subject(layer, subject))
            for part in shown.parts:
                name = title if part == "all" else f"\u2003{tr(f'agreement.part-{part}')}"
                rows.append((Row(name, tr(f"agreement.layer-{layer}-about")), _over_all(shown, layer, part, subject)))
    return _table(rows, shown.measures())


def _over_all(shown: Shown, layer: Layer, part: Part, subject: str | None) -> list[Figure]:
    return [one for one in shown.figures(layer, part) if one.subject == subject and one.pair is None]


def by_subject(shown: Shown, layer: Layer, part: Part) -> Grid:
    """Return one row for each label or facet of a layer, all together first."""
    rows = [(shown.row(layer, one), _over_all(shown, layer, part, one)) for one in shown.subjects(layer)]
    return _table([row for row in rows if row[1]], shown.measures(layer))


def by_document(shown: Shown, layer: Layer, part: Part, subject: str | None) -> Grid:
    """Return one row for each document; its cells are made when they are looked at."""
    columns = [one for one in shown.report.document_figures if one.layer == layer and one.subject == subject]
    there = [
        number
        for number, one in enumerate(shown.report.documents)
        if part == "all" or one.control == (part == "control")
    ]
    rows = [_document_row(shown, number) for number in there]
    return Grid(rows, [_titles(one.measure) for one in columns], _DocumentCells(shown, columns, there))


def _document_row(shown: Shown, number: int) -> Row:
    document = shown.report.documents[number]
    return Row(document.name, ", ".join(shown.words.annotator(one) for one in document.annotators))


class _DocumentCells(Mapping[tuple[int, int], Cell]):
    """Each document's figures: ``there`` are the numbers of the documents that have a row."""

    def __init__(self, shown: Shown, columns: Sequence[DocumentFigures], there: Sequence[int]) -> None:
        self._shown, self._columns, self._there = shown, columns, there

    def __getitem__(self, place: tuple[int, int]) -> Cell:
        row, column = place
        one, number = self._columns[column], self._there[row]
        value, units = one.values[number], one.units[number]
        reason = undefined(one.measure, units) if value is None else None
        document = self._shown.report.documents[number].id
        found = (value, None, None, units, 1, reason)
        return cell_of(Figure("all", one.layer, one.subject, None, document, one.measure, *found))

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return ((row, column) for row in range(len(self._there)) for column in range(len(self._columns)))

    def __len__(self) -> int:
        return len(self._there) * len(self._columns)


def by_pair(shown: Shown, layer: Layer, part: Part, subject: str | None) -> Grid:
    """Return one row for each two annotators, everybody together first."""
    figures = [one for one in shown.figures(layer, part) if one.subject == subject]
    rows = [(Row(tr("agreement_window.everybody")), [one for one in figures if one.pair is None])]
    rows += [(Row(shown.words.pair(pair)), [one for one in figures if one.pair == pair]) for pair in shown.pairs]
    return _table([row for row in rows if row[1]], shown.measures(layer))


def _table(rows: Sequence[tuple[Row, Iterable[Figure]]], among: Sequence[Measure]) -> Grid:
    kept = [(row, list(figures)) for row, figures in rows]
    used = {figure.measure for _, figures in kept for figure in figures}
    columns = [one for one in among if one in used]
    place = {measure: column for column, measure in enumerate(columns)}
    cells = {(at, place[one.measure]): cell_of(one) for at, (_, figures) in enumerate(kept) for one in figures}
    return Grid([row for row, _ in kept], [_titles(one) for one in columns], cells)


def _titles(measure: Measure) -> tuple[str, str]:
    return tr(f"agreement.measure-{measure}"), tr(f"agreement.measure-{measure}-about")


# Heat maps --------------------------------------------------------------------------------------------------


def annotators_map(shown: Shown, layer: Layer, part: Part, measure: Measure, subject: str | None) -> Grid:
    """Return annotator × annotator; what one has in common with oneself is left empty."""
    people = [one.id for one in shown.report.annotators]
    figures = _chosen(shown, layer, part, measure, lambda one: one.subject == subject and one.pair is not None)
    known = {one.pair: one for one in figures}
    cells = {}
    for row, one in enumerate(people):
        for column, other in enumerate(people):
            figure = known.get((one, other)) or known.get((other, one))
            if figure is not None and one != other:
                cells[row, column] = cell_of(figure, heat=True)
    rows = [Row(shown.words.annotator(one)) for one in people]
    return Grid(rows, [(row.title, "") for row in rows], cells, heat=True)


def labels_map(shown: Shown, layer: Layer, part: Part, measure: Measure) -> Grid:
    """Return label (or facet) × pair of annotators."""
    figures = _chosen(shown, layer, part, measure, lambda one: one.pair is not None)
    known = {(one.subject, one.pair): one for one in figures}
    pairs = shown.pairs
    subjects = [one for one in shown.subjects(layer) if any((one, pair) in known for pair in pairs)]
    cells = {
        (row, column): cell_of(known[subject, pair], heat=True)
        for row, subject in enumerate(subjects)
        for column, pair in enumerate(pairs)
        if (subject, pair) in known
    }
    titles = [(shown.words.pair(pair), "") for pair in pairs]
    return Grid([shown.row(layer, one) for one in subjects], titles, cells, heat=True)


def _chosen(
    shown: Shown, layer: Layer, part: Part, measure: Measure, fits: Callable[[Figure], bool]
) -> Iterator[Figure]:
    return (one for one in shown.figures(layer, part) if one.measure == measure and fits(one))


def confusion_map(shown: Shown, layer: Layer, facet: str | None, found: Confusion) -> Grid:
    """Return who calls what how: rows say what the first one says, columns what the second one says.

    A cell's colour is its share of its row; what both call alike is on the diagonal.
    """
    titles = [said_words(shown, layer, facet, one) for one in found.names]
    cells = {}
    for row, one in enumerate(found.names):
        total = sum(found.counts[one, other] for other in found.names)
        for column, other in enumerate(found.names):
            if count := found.counts[one, other]:
                said = partial(
                    tr, "agreement_window.called", one=titles[row], other=titles[column], number=whole(count)
                )
                behind = (one, other) if one != other else None
                cells[row, column] = Cell(count, whole(count), "", count / total, said, behind)
    rows = [Row(title, "", shown.color(layer, one)) for title, one in zip(titles, found.names, strict=True)]
    return Grid(rows, [(title, "") for title in titles], cells, heat=True)


def any_figure(layer: Layer, part: Part, facet: str | None, pair: Pair | None) -> Figure:
    """Return a figure without a value, for the places that everything of a layer rests on."""
    measure: Measure = "share" if layer == "facet" else "f1-exact"
    return Figure(part, layer, facet, pair, None, measure, None, None, None, 0, 0, None)


def said_words(shown: Shown, layer: Layer, facet: str | None, said: object) -> str:
    """Return a label's or a facet value's title; a dash for nothing."""
    if said is None:
        return tr("agreement_window.nothing-there")
    known = shown.labels.facet(facet) if layer == "facet" and facet else None
    if known is None:
        return shown.words.subject("entity", str(said))
    if known.type == "flag":
        return tr("agreement_window.yes" if str(said) == "True" else "agreement_window.no")
    titles = {one.id: localised(one.title, language(), one.id) for one in known.values}
    return titles.get(str(said), str(said))
