"""The labels of a project as training data: one reading of each document, and the part that it belongs to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from models.errors import UserError
from models.sampling import place_of
from models.spans import Span, Spans
from models.store.reads import Reads, parse_spans
from models.store.training_reads import Row, TrainingReads
from models.suggestions import Kind

Part = Literal["train", "dev", "test"]
PARTS: tuple[Part, ...] = ("train", "dev", "test")
SHARES: Mapping[Part, float] = {"train": 0.8, "dev": 0.1, "test": 0.1}
"""Which share of the documents that nobody assigned falls into which part."""
CHUNK = 100
"""Documents read at a time."""


class Marked(NamedTuple):
    """An entity or a claim that somebody stands behind; ``id`` is how relations name it."""

    id: str
    label: str
    spans: Spans
    facets: Mapping[str, object] = {}

    @property
    def extent(self) -> Span:
        """From the first fragment's start to the last one's end."""
        return Span(self.spans[0].start, self.spans[-1].end)


class Related(NamedTuple):
    """A relation between two marks of the same document, named by their ids."""

    label: str
    head: str
    tail: str


@dataclass(frozen=True, slots=True)
class TrainingDocument:
    """One document as one annotator, or the adjudication, reads it. Spans are code points of ``text``.

    ``rejected``: passages that were judged not to be what a pipeline said they are. ``complete``: somebody was done
    with the document, or it came with its annotations from another tool; elsewhere what is not marked may only not
    have been looked at.
    """

    id: str
    text: str
    split: Part
    entities: tuple[Marked, ...] = ()
    claims: tuple[Marked, ...] = ()
    relations: tuple[Related, ...] = ()
    rejected: tuple[tuple[Span, str], ...] = ()
    complete: bool = False
    name: str = ""
    furniture: Spans = ()
    """What a source or a curator marked as furniture."""
    annotator: str = ""
    at: str = ""
    """When it was last worked on, UTC ISO 8601."""

    @property
    def judgements(self) -> int:
        """How much there is to learn from."""
        return len(self.entities) + len(self.claims) + len(self.relations) + len(self.rejected)


@dataclass(frozen=True, slots=True)
class LabelChoice:
    """Whose labels, which ones, and from when.

    ``annotators`` and ``documents`` are ids, ``labels`` label ids; None takes all. ``since`` and ``until`` are days
    (``2026-03-01``), both included: a document counts on the day when its reading was last worked on, whole.
    """

    annotators: tuple[str, ...] | None = None
    adjudicated: bool = False
    since: str | None = None
    until: str | None = None
    labels: frozenset[str] | None = None
    documents: frozenset[str] | None = None
    kinds: frozenset[Kind] | None = None
    done: bool = False
    """Only documents that are complete."""

    def check(self) -> None:
        """Check the days.

        Raises:
            UserError: ``training.bad-day``.
        """
        for day in filter(None, (self.since, self.until)):
            try:
                date.fromisoformat(day)
            except ValueError as error:
                raise UserError("training.bad-day", day=day) from error

    def takes(self, kind: Kind, label: str) -> bool:
        """Whether annotations of this kind with this label are wanted."""
        return (self.kinds is None or kind in self.kinds) and (self.labels is None or label in self.labels)


def part_of(identity: str) -> Part:
    """Return the part of a document that nobody assigned: by its id alone, so that it never moves."""
    place, reached = place_of("split", identity), 0.0
    for part in PARTS:
        reached += SHARES[part]
        if place < reached:
            return part
    return PARTS[-1]


def training_documents(reads: Reads, choice: LabelChoice = LabelChoice()) -> Iterator[TrainingDocument]:
    """Yield the documents that hold something to learn from, in order of name.

    Of several annotators' readings of a document one is taken, whole: the adjudicated one where there is one, else
    of those who are done, else of the one who judged most. So nothing is counted twice, and what one left out on
    purpose is not put back by another. Documents with the same text fall into the same part.

    Raises:
        UserError: ``training.bad-day``.
    """
    choice.check()
    rows = TrainingReads(reads)
    readings = _readings(reads, rows, choice)
    corpus = rows.corpus()
    parts = _parts(((row[0], row[2]) for row in corpus), {row[0]: row[3] for row in corpus if row[3]})
    chunk = _Chunk(rows, choice, readings)
    wanted = [row[:2] for row in corpus if row[0] in readings and _among(choice.documents, row[0])]
    ids = [identity for identity, _ in sorted(wanted, key=lambda row: (row[1], row[0]))]
    for first in range(0, len(ids), CHUNK):
        yield from chunk.documents(ids[first : first + CHUNK], parts)


def _among(wanted: frozenset[str] | None, one: str) -> bool:
    return wanted is None or one in wanted


def unjudged_texts(reads: Reads, most: int = 200) -> list[str]:
    """Return texts in which nobody has judged anything, the oldest first."""
    rows = TrainingReads(reads)
    judged = {document for document, _, count, _, done in rows.worked() if count or done}
    ids = [row[0] for row in rows.corpus() if row[0] not in judged][:most]
    texts = {identity: text for identity, _, _, text in rows.documents(ids)}
    return [texts[one] for one in ids]


class _Reading(NamedTuple):
    """Whose reading of a document counts, when it was last worked on, and whether somebody was done."""

    annotator: str
    at: str
    done: bool


@dataclass(slots=True)
class _Work:
    judged: int = 0
    at: str = ""
    done: bool = False


def _readings(reads: Reads, rows: TrainingReads, choice: LabelChoice) -> dict[str, _Reading]:
    """Return document → the reading that counts, where one is wanted."""
    adjudicators = {one.id for one in reads.annotators() if one.kind == "adjudication"}
    work: dict[tuple[str, str], _Work] = {}
    for document, annotator, judged, at, done in rows.worked():
        if choice.adjudicated and annotator not in adjudicators:
            continue
        if choice.annotators is not None and annotator not in choice.annotators:
            continue
        found = work.setdefault((document, annotator), _Work())
        found.judged += judged
        found.at = max(found.at, at or "")
        found.done |= bool(done)
    ranked: dict[str, tuple[bool, bool, int, str]] = {}
    for (document, annotator), found in work.items():
        if found.judged or found.done:
            rank = (annotator in adjudicators, found.done, found.judged, annotator)
            ranked[document] = max(rank, ranked.get(document, rank))
    readings: dict[str, _Reading] = {}
    for document, rank in ranked.items():
        found = work[document, rank[3]]
        day = found.at[:10]
        if (choice.since or "") <= day <= (choice.until or "9"):
            readings[document] = _Reading(rank[3], found.at, found.done)
    return readings


def _parts(corpus: Iterable[Row], assigned: Mapping[str, str]) -> dict[str, Part]:
    """Return document → part; a text that stands in the corpus twice is never in two parts of which one is drawn."""
    groups: dict[str, list[str]] = {}
    for identity, print_ in corpus:
        groups.setdefault(print_, []).append(identity)
    parts: dict[str, Part] = {}
    for group in groups.values():
        given = next((assigned[one] for one in group if assigned.get(one) in PARTS), None)
        drawn = given or part_of(group[0])
        for one in group:
            part = assigned.get(one, drawn)
            parts[one] = next((known for known in PARTS if known == part), part_of(one))
    return parts


class _Chunk:
    """Some documents, read together."""

    def __init__(self, rows: TrainingReads, choice: LabelChoice, readings: Mapping[str, _Reading]) -> None:
        self._rows = rows
        self._choice = choice
        self._readings = readings

    def documents(self, ids: Sequence[str], parts: Mapping[str, Part]) -> Iterator[TrainingDocument]:
        """Yield the documents of these ids in this order, without those that turn out to hold nothing wanted."""
        known = {row[0]: row for row in self._rows.documents(ids)}
        gathered = {one: _Gathered() for one in ids}
        for row in self._rows.annotations(ids):
            if row[1] == self._readings[row[0]].annotator and self._choice.takes(row[3], row[4]):
                gathered[row[0]].add(row)
        for document, annotator, label, start, end in self._rows.rejected(ids):
            wanted = self._choice.labels is None or label in self._choice.labels
            if annotator == self._readings[document].annotator and wanted:
                gathered[document].rejected.append((Span(start, end), label))
        for one in ids:
            found = self._document(known[one], gathered[one], parts[one])
            if found.complete or (found.judgements and not self._choice.done):
                yield found

    def _document(self, row: Row, found: _Gathered, part: Part) -> TrainingDocument:
        identity, name, furniture, text = row
        reading = self._readings[identity]
        return TrainingDocument(
            identity,
            text,
            part,
            tuple(found.entities),
            tuple(found.claims),
            tuple(found.related()),
            tuple(found.rejected),
            reading.done or found.foreign,
            name,
            tuple(Span(*pair) for pair in json.loads(furniture)),
            reading.annotator,
            reading.at,
        )


class _Gathered:
    """What stands in one document."""

    def __init__(self) -> None:
        self.entities: list[Marked] = []
        self.claims: list[Marked] = []
        self.rejected: list[tuple[Span, str]] = []
        self.foreign = False
        """Whether it came with its annotations from another tool."""
        self._links: list[Related] = []

    def add(self, row: Row) -> None:
        """Add an annotation."""
        _, _, identity, kind, label, start, end, spans, facets, head, tail, origin = row
        told = json.loads(origin)
        self.foreign = self.foreign or (told.get("by") == "human" and "format" in told)
        if kind == "relation":
            self._links.append(Related(label, head, tail))
            return
        values: dict[str, Any] = json.loads(facets) if facets else {}
        marks = self.entities if kind == "entity" else self.claims
        marks.append(Marked(identity, label, parse_spans(start, end, spans), values))

    def related(self) -> Iterator[Related]:
        """Yield the relations whose ends are both here."""
        here = {one.id for one in (*self.entities, *self.claims)}
        for link in self._links:
            if link.head in here and link.tail in here:
                yield link
