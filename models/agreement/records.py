"""What agreement is measured on, and the figures that come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from models.annotations import Annotator
from models.spans import Spans

Layer = Literal["entity", "claim", "facet", "relation-ends", "relation"]
"""``facet`` compares aligned claims; ``relation-ends`` what is drawn between ends that all agree on;
``relation`` is end to end: the ends have to be found as well."""
LAYERS: tuple[Layer, ...] = ("entity", "claim", "facet", "relation-ends", "relation")

Measure = Literal["f1-exact", "f1-overlap", "f1", "share", "cohen", "fleiss", "alpha", "u-alpha"]
MEASURES: tuple[Measure, ...] = ("f1-exact", "f1-overlap", "f1", "share", "cohen", "fleiss", "alpha", "u-alpha")
SCORES: tuple[Measure, ...] = ("f1-exact", "f1-overlap", "f1", "u-alpha")
"""Those that are undefined only where nobody marked anything."""

Part = Literal["all", "control", "suggested"]
"""All documents; those annotated without suggestions; the others."""
PARTS: tuple[Part, ...] = ("all", "control", "suggested")

Reason = Literal["nothing-marked", "no-units", "no-variation", "no-text", "not-by-all"]
"""Why a figure has no value: nobody marked anything; there is nothing to compare; everybody says the same
everywhere, so that chance explains all; texts were left out; no document was read by everybody."""

SPEAKER = "speaker"
"""The facet that is a relation: whom a claim is attributed to."""


class Passage(NamedTuple):
    """An entity or claim of one annotator, orphans left out."""

    id: str
    kind: str
    label: str
    spans: Spans
    facets: Mapping[str, object] = {}


class Link(NamedTuple):
    """A relation of one annotator; ``head`` and ``tail`` are ids of passages, also of another document."""

    id: str
    label: str
    head: str
    tail: str


class Reading(NamedTuple):
    """What one annotator found in one document."""

    passages: tuple[Passage, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedDocument:
    """One document with the readings that are compared, by annotator id.

    ``length`` counts code points; ``text`` is None where it was left out of an exchange. ``control``: it was
    annotated without suggestions. What nobody marked in ``furniture`` is not counted as agreement.
    """

    id: str
    name: str
    length: int
    text: str | None
    readings: Mapping[str, Reading]
    furniture: Spans = ()
    control: bool = False


class Figure(NamedTuple):
    """One number: what was measured, on what, between whom, and how sure it is.

    ``subject`` is a label's or facet's id, None for all labels together; ``pair`` are two annotators' ids, None
    for all; ``document`` is None for all. ``low`` and ``high`` bound the bootstrap interval. ``units`` counts
    what was compared: annotations of both (F1), values given (the others), units (u-alpha). ``value`` is None
    where it is undefined, and ``reason`` says why.
    """

    part: Part
    layer: Layer
    subject: str | None
    pair: tuple[str, str] | None
    document: str | None
    measure: Measure
    value: float | None
    low: float | None
    high: float | None
    units: int
    documents: int
    reason: Reason | None


class Compared(NamedTuple):
    """A document as a report names it; ``tokens`` is None where its text was left out."""

    id: str
    name: str
    control: bool
    annotators: tuple[str, ...]
    length: int
    tokens: int | None


class DocumentFigures(NamedTuple):
    """One measure in each document, over all annotators, in the order of the report's documents.

    ``values`` are None where undefined or not compared; ``units`` as in :class:`Figure`.
    """

    layer: Layer
    subject: str | None
    measure: Measure
    values: tuple[float | None, ...]
    units: tuple[int, ...]


def undefined(measure: Measure, units: int) -> Reason:
    """Return why a measure has no value on so many units."""
    if measure in SCORES:
        return "nothing-marked"
    return "no-variation" if units > 0 else "no-units"


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Everything that tables, a heat map and files show.

    ``figures`` are over all documents of a part; ``document_figures`` hold the figures over all labels, and each
    facet's, in each document. ``labels`` maps layers to their labels or facets in the order
    of the label set. ``left_out`` counts documents that could not be compared, by message code.
    """

    annotators: tuple[Annotator, ...]
    documents: tuple[Compared, ...]
    labels: Mapping[Layer, tuple[str, ...]]
    figures: tuple[Figure, ...]
    document_figures: tuple[DocumentFigures, ...]
    samples: int
    level: float
    seed: int
    left_out: Mapping[str, int] = field(default_factory=dict)

    def find(
        self,
        layer: Layer,
        measure: Measure,
        subject: str | None = None,
        pair: tuple[str, str] | None = None,
        part: Part = "all",
    ) -> Figure | None:
        """Return one figure over all documents of a part, None where it does not exist."""
        wanted = (part, layer, subject, pair, measure)
        return next(
            (one for one in self.figures if (one.part, one.layer, one.subject, one.pair, one.measure) == wanted), None
        )

    @property
    def by_document(self) -> Iterator[Figure]:
        """Each document's figures, measure by measure."""
        for layer in LAYERS:
            yield from self.in_documents(layer)

    def in_documents(self, layer: Layer) -> Iterator[Figure]:
        """Yield one layer's figures in each document that was compared."""
        for one in self.document_figures:
            if one.layer == layer:
                for document, value, units in zip(self.documents, one.values, one.units, strict=True):
                    reason = undefined(one.measure, units) if value is None else None
                    found = (value, None, None, units, 1, reason)
                    yield Figure("all", layer, one.subject, None, document.id, one.measure, *found)
