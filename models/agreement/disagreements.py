"""The places behind a number: where annotators say different things of one document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from models.agreement.facets import SPEAKS
from models.agreement.records import SPEAKER, ComparedDocument, Figure, Link, Passage, Reading
from models.alignment import Group, align, align_links, places
from models.labels import LabelSet
from models.spans import Span, Spans
from models.text import surface

Way = Literal["missing", "label", "boundary", "value", "relation"]
"""In what way annotators differ: one has nothing there; another label; other boundaries; another value of a
facet; the same ends joined otherwise."""


class Said(NamedTuple):
    """What one annotator says of a place; ``annotation`` is None where they say nothing of it.

    ``label`` and ``spans`` are the passage's or, of a relation, its label with the spans of both ends in
    ``head`` and ``tail``. ``value`` is a facet's value; a speaker's is a tuple of the speakers' spans.
    """

    annotator: str
    annotation: str | None = None
    label: str | None = None
    spans: Spans = ()
    value: object = None
    head: Spans = ()
    tail: Spans = ()


class Disagreement(NamedTuple):
    """One place that annotators disagree on, and what each of them says, in the annotators' order.

    ``extent`` reaches over everything that was said, None where it has no place in this document.
    """

    document: str
    name: str
    way: Way
    extent: Span | None
    said: tuple[Said, ...]


def disagreements(
    document: ComparedDocument, figure: Figure, annotators: Sequence[str], labels: LabelSet
) -> Iterator[Disagreement]:
    """Yield what a figure counts as disagreement in one document, in the order of the text.

    ``annotators`` are those of the report; a figure of a pair looks at these two only.
    """
    chosen = [one for one in figure.pair or annotators if one in document.readings]
    if len(chosen) > 1:
        comparison = _Comparison(document, chosen, labels)
        if figure.layer == "facet":
            found = comparison.values(figure.subject or "")
        elif figure.layer in ("entity", "claim"):
            found = comparison.passages(figure)
        else:
            found = comparison.relations(figure)
        yield from found


class _Comparison:
    """One document as some annotators read it."""

    def __init__(self, document: ComparedDocument, annotators: Sequence[str], labels: LabelSet) -> None:
        self._document = document
        self._annotators = annotators
        self._readings: list[Reading] = [document.readings[one] for one in annotators]
        self._symmetric = {one.id for one in labels.relations if one.symmetric}
        passages = [reading.passages for reading in self._readings]
        self._groups: list[Group[Passage]] = align(passages, [reading.links for reading in self._readings])
        self._known = {passage.id: passage for reading in passages for passage in reading}
        self._place = places(self._groups)

    def _found(self, way: Way, said: Sequence[Said]) -> Disagreement:
        spans = [span for one in said for span in (*one.spans, *one.head, *one.tail)]
        extent = Span(min(one.start for one in spans), max(one.end for one in spans)) if spans else None
        return Disagreement(self._document.id, self._document.name, way, extent, tuple(said))

    # Entities and claims ----------------------------------------------------------------------------------

    def passages(self, figure: Figure) -> Iterator[Disagreement]:
        for group in self._groups:
            if group.present[0].kind != figure.layer:
                continue
            if figure.subject is not None and figure.subject not in {one.label for one in group.present}:
                continue
            way = self._way(group)
            if way and not (way == "boundary" and figure.measure == "f1-overlap"):
                yield self._found(way, [self._said(who, one) for who, one in self._each(group)])

    def _each(self, group: Group[Passage]) -> list[tuple[str, Passage | None]]:
        return list(zip(self._annotators, group.members, strict=True))

    @staticmethod
    def _way(group: Group[Passage]) -> Way | None:
        present = group.present
        if len({one.label for one in present}) > 1:
            return "label"
        if len(present) < len(group.members):
            return "missing"
        return "boundary" if len({one.spans for one in present}) > 1 else None

    @staticmethod
    def _said(annotator: str, passage: Passage | None, value: object = None) -> Said:
        if passage is None:
            return Said(annotator)
        return Said(annotator, passage.id, passage.label, passage.spans, value)

    # Facets -----------------------------------------------------------------------------------------------

    def values(self, facet: str) -> Iterator[Disagreement]:
        for group in self._groups:
            if group.present[0].kind != "claim" or len(group.present) < 2:
                continue
            compared = {self._compared(facet, one) for one in group.present}
            if len(compared) > 1:
                said = [self._said(who, one, one and self._shown(facet, one)) for who, one in self._each(group)]
                yield self._found("value", said)

    def _speakers(self, claim: Passage) -> list[str]:
        links = (link for reading in self._readings for link in reading.links)
        return sorted({link.tail for link in links if link.label == SPEAKS and link.head == claim.id})

    def _compared(self, facet: str, claim: Passage) -> object:
        if facet == SPEAKER:
            return frozenset(self._place.get(one, one) for one in self._speakers(claim))
        value = claim.facets.get(facet)
        return (surface(value) or None) if isinstance(value, str) else value

    def _shown(self, facet: str, claim: Passage) -> object:
        if facet == SPEAKER:
            return tuple(self._known[one].spans for one in self._speakers(claim) if one in self._known)
        return claim.facets.get(facet)

    # Relations --------------------------------------------------------------------------------------------

    def relations(self, figure: Figure) -> Iterator[Disagreement]:
        given = figure.layer == "relation-ends"
        agreed = {one.id for group in self._groups if self._agreed(group) for one in group.present}
        readings = [
            [one for one in reading.links if not given or {one.head, one.tail} <= agreed] for reading in self._readings
        ]
        found = []
        for group in align_links(readings, self._place, self._symmetric):
            if figure.subject is not None and figure.subject not in {one.label for one in group.present}:
                continue
            if not self._same(group, figure):
                way: Way = "missing" if len(group.present) < len(group.members) else "relation"
                said = [self._related(who, one) for who, one in zip(self._annotators, group.members, strict=True)]
                found.append(self._found(way, said))
        yield from sorted(found, key=lambda one: one.extent or Span(self._document.length, self._document.length))

    @staticmethod
    def _agreed(group: Group[Passage]) -> bool:
        return len(group.present) == len(group.members) and len({one.label for one in group.present}) == 1

    def _same(self, group: Group[Link], figure: Figure) -> bool:
        """Whether all drew the same relation between ends that the figure takes for the same."""
        if len(group.present) < len(group.members):
            return False
        return len({(one.label, *self._ends(one, figure.measure == "f1-exact")) for one in group.present}) == 1

    def _ends(self, link: Link, exact: bool) -> tuple[object, ...]:
        ends: list[tuple[str, ...]] = []
        for end in (link.head, link.tail):
            known = self._known.get(end)
            ends.append(
                (self._place.get(end, end), known.label if known else "", str(known.spans if exact and known else ""))
            )
        return tuple(sorted(ends) if link.label in self._symmetric else ends)

    def _related(self, annotator: str, link: Link | None) -> Said:
        if link is None:
            return Said(annotator)
        head, tail = self._known.get(link.head), self._known.get(link.tail)
        ends = (head.spans if head else (), tail.spans if tail else ())
        return Said(annotator, link.id, link.label, (), None, *ends)
