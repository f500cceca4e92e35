"""A curator who reads a document from top to bottom, judges what is shown, and counts every key and click.

The gold is only asked whether something on the screen is right, and what is missing; never what will come. Actions are
counted as in issue 4: by hand, selecting is one and labelling another; accepting, rejecting, another label on a
suggestion, and a step of a boundary are one each; so is accepting what is left of the document, and rejecting all of
the same words with the same label.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app import commands
from app.workspace import Workspace
from models.marks import Mark
from models.sentences import Unit, passage_around, waiting_in
from models.spans import Span
from models.wording import words

BY_HAND = 2
"""Selecting and labelling; for a relation: choosing the other end and labelling."""
MOST_STEPS = 2
"""From so many steps on, selecting anew and taking the selection as boundaries is as cheap."""


class Wanted(NamedTuple):
    """What should stand in a document at the end: entities, claims with their facets, relations between places."""

    entities: frozenset[tuple[int, int, str]]
    claims: dict[tuple[int, int], dict[str, Any]] = {}
    relations: frozenset[tuple[str, tuple[int, int], tuple[int, int]]] = frozenset()

    def by_hand(self) -> int:
        """Return how many actions it takes without suggestions: facets that are set count one each."""
        facets = sum(len(facets) for facets in self.claims.values())
        return BY_HAND * (len(self.entities) + len(self.claims) + len(self.relations)) + facets


@dataclass
class Effort:
    """Actions so far, by what they were."""

    actions: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All actions."""
        return self.actions.total()


class SimulatedCurator:
    """Works a document through. ``settle`` is called after each action: whatever learns at once does so there.

    ``unit`` is what is accepted with one key once everything in it is right; None accepts one by one.
    """

    def __init__(self, workspace: Workspace, settle: Callable[[str], None], unit: Unit | None = "document") -> None:
        self._workspace = workspace
        self._unit = unit
        self._settle = settle
        self.effort = Effort()

    def annotate(self, document: str, wanted: Wanted) -> None:
        """Bring a document to what is wanted, and say that it is done."""
        self._settle(document)
        for step in (self._entities, self._claims, self._relations):
            while step(document, wanted):
                self._settle(document)
        self._accept_rest(document)
        self._workspace.run(commands.SetDone(document=document))
        self._settle(document)

    def _act(self, what: str, command: commands.Command, count: int = 1) -> None:
        self._workspace.run(command)
        self.effort.actions[what] += count

    def _marks(self, document: str, kind: str) -> list[Mark]:
        found = [one for one in self._workspace.marks.marks(document) if one.kind == kind and one.state != "rejected"]
        return sorted(found, key=lambda one: one.spans)

    # Entities ---------------------------------------------------------------------------------------------

    def _entities(self, document: str, wanted: Wanted) -> bool:
        """Mend the first thing that is not right yet; whether there was one. Right suggestions are left for later."""
        marks = self._marks(document, "entity")
        there = {(*one.extent, one.label) for one in marks}
        wrong = [one for one in marks if (*one.extent, one.label) not in wanted.entities]
        missing = sorted(wanted.entities - there)
        places = [one.extent.start for one in wrong[:1]] + [one[0] for one in missing[:1]]
        if not places:
            return False
        first = min(places)
        for mark in (one for one in wrong if one.extent.start == first):
            self._mend(document, mark, missing, wrong, wanted)
            return True
        start, end, label = missing[0]
        overlapping = next((one for one in wrong if one.extent.overlaps(Span(start, end))), None)
        if overlapping is not None:
            self._mend(document, overlapping, missing, wrong, wanted)
            return True
        self._make(document, "entity", label, Span(start, end))
        return True

    def _mend(
        self, document: str, mark: Mark, missing: Iterable[tuple[int, int, str]], wrong: list[Mark], wanted: Wanted
    ) -> None:
        """Correct a wrong suggestion where that is cheaper than rejecting it and beginning by hand."""
        meant = next((one for one in missing if mark.extent.overlaps(Span(one[0], one[1]))), None)
        if meant is not None:
            span, label = Span(meant[0], meant[1]), meant[2]
            steps = min(MOST_STEPS, self._steps(document, mark.extent, span))
            if steps + (label != mark.label) < 1 + BY_HAND:
                command = commands.Accept(
                    document=document,
                    key=mark.key,
                    spans=(span,) if steps else None,
                    label=label if label != mark.label else None,
                )
                self._act("correct", command, steps + (label != mark.label))
                return
        text = self._workspace.reads.text(document)
        same = [one for one in wrong if one.label == mark.label and _same(text, one, mark)]
        right = any(
            _same(text, one, mark)
            for one in self._marks(document, "entity")
            if one not in wrong and one.label == mark.label
        )
        scope = "document" if len(same) > 1 and not right and mark.state == "suggested" else "here"
        self._act("reject", commands.Reject(document=document, key=mark.key, scope=scope))

    def _steps(self, document: str, now: Span, wanted: Span) -> int:
        """Return how many words the two ends have to move."""
        text = self._workspace.reads.text(document)

        def between(one: int, other: int) -> int:
            return max(1, len(words(text, *sorted((one, other))).keys)) if one != other else 0

        return between(now.start, wanted.start) + between(now.end, wanted.end)

    def _make(self, document: str, kind: Any, label: str, span: Span, facets: dict[str, Any] | None = None) -> None:
        command = commands.CreateAnnotation(
            document=document, kind=kind, label=label, spans=(span,), facets=facets or {}
        )
        self._act("by hand", command, BY_HAND + len(facets or {}))

    def _accept_rest(self, document: str) -> None:
        """Accept what is left, passage by passage."""
        text = self._workspace.reads.text(document)
        while waiting := sorted(self._waiting(document), key=lambda one: (not one.spans, one.spans)):
            keys = tuple(one.key for one in waiting[:1])
            if self._unit is not None and waiting[0].spans:
                passage = passage_around(text, waiting[0].extent.start, self._unit)
                inside = waiting_in(self._workspace.marks.marks(document), passage)
                keys = inside if keys[0] in inside else keys
            self._act("accept", commands.AcceptAll(document=document, keys=keys))

    def _waiting(self, document: str) -> list[Mark]:
        return [one for one in self._workspace.marks.marks(document) if one.state == "suggested"]

    # Claims -----------------------------------------------------------------------------------------------

    def _claims(self, document: str, wanted: Wanted) -> bool:
        marks = self._marks(document, "claim")
        places = {(*one.extent,): one for one in marks}
        for mark in marks:
            place = (*mark.extent,)
            facets = wanted.claims.get(place)
            if facets is None:
                self._mend_claim(document, mark, wanted, places)
                return True
            other = {name: value for name, value in facets.items() if mark.facets.get(name) != value}
            if other:
                self._act("facet", commands.SetFacets(document=document, key=mark.key, facets=other), len(other))
                return True
        for place, facets in sorted(wanted.claims.items()):
            if place not in places:
                self._make(document, "claim", "CLAIM", Span(*place), facets)
                return True
        return False

    def _mend_claim(self, document: str, mark: Mark, wanted: Wanted, places: dict[Any, Mark]) -> None:
        near = [place for place in wanted.claims if place not in places and mark.extent.overlaps(Span(*place))]
        if near:
            span = Span(*near[0])
            steps = min(MOST_STEPS, self._steps(document, mark.extent, span))
            self._act("correct", commands.MoveBoundaries(document=document, key=mark.key, spans=(span,)), steps)
            return
        self._act("reject", commands.Reject(document=document, key=mark.key))

    # Relations --------------------------------------------------------------------------------------------

    def _relations(self, document: str, wanted: Wanted) -> bool:
        marks = self._workspace.marks.marks(document)
        by_key: dict[str, Mark] = {}
        for one in marks:
            by_key[one.key] = one
            if one.annotation:
                by_key[one.annotation] = one
        standing = set()
        for one in marks:
            if one.kind != "relation" or one.state == "rejected":
                continue
            ends = [by_key.get(end or "") for end in (one.head, one.tail)]
            link = (one.label, *((*end.extent,) if end is not None and end.spans else None for end in ends))
            if link not in wanted.relations:
                self._act("reject", commands.Reject(document=document, key=one.key))
                return True
            standing.add(link)
        for label, head, tail in sorted(wanted.relations - standing):
            at = {(*one.extent,): one for one in marks if one.spans and one.state != "rejected"}
            if head in at and tail in at:
                command = commands.CreateRelation(document=document, label=label, head=at[head].key, tail=at[tail].key)
                self._act("by hand", command, BY_HAND)
                return True
        return False


def _same(text: str, one: Mark, other: Mark) -> bool:
    return text[one.extent.start : one.extent.end].casefold() == text[other.extent.start : other.extent.end].casefold()
