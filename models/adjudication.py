"""Adjudication: several annotators' readings of a document as cases to decide, and what can be taken at once.

A *case* holds at most one annotation of each annotator: what they say of one place (entities, claims) or of
one pair of ends (relations). The adjudicated reading is an annotator of its own; an annotation of it tells in
its origin which annotations it was taken ``from`` and which it was decided ``over``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple

from models.alignment import align, align_links, places
from models.annotations import Annotation
from models.ids import derived_id
from models.suggestions import Kind

Difference = Literal["some", "boundary", "label", "facets", "ends", "new"]
"""How readings differ: only some have it; another place; another label; other facets; a relation leads the other
way. ``new`` is none at all: the adjudicator has added it."""

DIFFERENCES: tuple[Difference, ...] = ("some", "boundary", "label", "facets", "ends", "new")
_TURNED: frozenset[Difference] = frozenset({"ends"})
_KINDS: Mapping[Kind, int] = {"entity": 0, "claim": 1, "relation": 2}


class Case(NamedTuple):
    """What the annotators say of one place: ``readings`` in the annotators' order, None where one has nothing.

    ``ends`` of a relation are the keys of the cases of its head and tail, or the annotation's id where that
    stands in no case; ``turned`` names the readings that lead the other way. ``start`` is where the case stands in
    the text, in code points.
    """

    key: str
    kind: Kind
    readings: tuple[Annotation | None, ...]
    differences: frozenset[Difference]
    start: int
    ends: tuple[str, str] | None = None
    turned: frozenset[str] = frozenset()

    @property
    def members(self) -> tuple[Annotation, ...]:
        """The readings that are there."""
        return tuple(one for one in self.readings if one is not None)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the readings that are there."""
        return tuple(one.id for one in self.readings if one is not None)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided on a case.

    ``result`` is the annotation taken; ``wrong`` says that all readings were turned down; ``open`` that there
    is still something to decide: nothing was decided yet, a reading came in since, facets are unsettled, or it was
    decided twice and differently (``rivals``), as after a merge.
    """

    result: Annotation | None = None
    wrong: bool = False
    open: bool = True
    unsettled: tuple[str, ...] = ()
    rivals: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be taken at once: readings that so many annotators share.

    ``least`` is ``all``, ``majority`` (more than half) or a number; the first two ask for at least two, so that
    what only one annotator has read is never taken by itself. ``labels`` narrows to some labels, empty for all.
    ``facets`` are those that must agree, None for all of them; of the others, values that the agreeing
    annotators share are taken and the rest is left to be settled.
    """

    least: Literal["all", "majority"] | int = "all"
    labels: tuple[str, ...] = ()
    facets: tuple[str, ...] | None = None

    def needed(self, voters: int) -> int:
        """Return how many of ``voters`` annotators must agree."""
        if isinstance(self.least, int):
            return max(1, self.least)
        return max(2, voters if self.least == "all" else voters // 2 + 1)


class Taking(NamedTuple):
    """What a rule takes: the agreeing annotations (the first gives the rest), facets, and those unsettled."""

    case: Case
    taken: tuple[Annotation, ...]
    facets: Mapping[str, object]
    unsettled: tuple[str, ...] = ()


class Standing(NamedTuple):
    """What stands, or would stand, for a reading: which annotation or case, and its label."""

    key: str
    label: str


@dataclass(slots=True)
class Plan:
    """What a rule would do: ``takings``, relations ``held`` because nothing is taken for an end of theirs, and
    those ``refused`` since the label set does not let them join what was taken. ``stands``: reading → what for it.
    """

    takings: list[Taking] = field(default_factory=list)
    held: list[Case] = field(default_factory=list)
    refused: list[Case] = field(default_factory=list)
    stands: dict[str, Standing] = field(default_factory=dict)


# Cases ------------------------------------------------------------------------------------------------------


def differences(readings: Sequence[Annotation | None]) -> frozenset[Difference]:
    """Return how the readings of one case differ; empty where all agree. Notes are no difference."""
    members = [one for one in readings if one is not None]
    if not members:
        return frozenset({"new"})
    first, found = members[0], set[Difference]()
    if len(members) < len(readings):
        found.add("some")
    for one in members[1:]:
        found |= compared(first, one)
    return frozenset(found)


def compared(one: Annotation, other: Annotation) -> set[Difference]:
    """Return in what two annotations of one case differ."""
    found = set[Difference]()
    if one.spans != other.spans:
        found.add("boundary")
    if one.label != other.label:
        found.add("label")
    if dict(one.facets) != dict(other.facets):
        found.add("facets")
    return found


def document_cases(
    readings: Sequence[Sequence[Annotation]], symmetric: Collection[str], far: Mapping[str, str] | None = None
) -> tuple[Case, ...]:
    """Return the cases of a document in the order of the text; a relation comes after both its ends.

    Args:
        readings: each annotator's annotations, orphans left out.
        symmetric: ids of the relation labels that mean the same from both ends.
        far: annotation id → what stands for its case, for ends of relations in other documents.
    """
    passages = [[one for one in mine if one.kind != "relation"] for mine in readings]
    links = [[one for one in mine if one.kind == "relation"] for mine in readings]
    groups = align(passages, links)
    near = places(groups)
    found = [_case(group.members, min(one.spans[0].start for one in group.present)) for group in groups]
    starts = {case.key: case.start for case in found}
    ends = {**(far or {}), **near}
    for linked in align_links(links, ends, symmetric):
        pairs = [_pair(one, ends, symmetric) for one in linked.present]
        turned = frozenset(one.id for one, pair in zip(linked.present, pairs, strict=True) if pair != min(pairs))
        case = _case(linked.members, max(starts.get(end, 0) for end in pairs[0]))
        if turned:
            case = case._replace(differences=case.differences.union(_TURNED))
        found.append(case._replace(ends=min(pairs), turned=turned))
    return in_text_order(found)


def _pair(relation: Annotation, ends: Mapping[str, str], symmetric: Collection[str]) -> tuple[str, str]:
    head, tail = (ends.get(end or "", end or "") for end in (relation.head, relation.tail))
    return (tail, head) if relation.label in symmetric and tail < head else (head, tail)


def _case(group: tuple[Annotation | None, ...], start: int) -> Case:
    members = [one for one in group if one is not None]
    kind = members[0].kind
    return Case(min(one.id for one in members), kind, group, differences(group), start)


def in_text_order(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Return cases as they stand in the text."""
    return tuple(sorted(cases, key=lambda case: (case.start, _KINDS[case.kind], case.key)))


# Rulings ----------------------------------------------------------------------------------------------------


def taken_from(annotation: Annotation) -> tuple[str, ...]:
    """Return the ids of the annotations that an adjudicated one was made of."""
    return _ids(annotation.origin.get("from"))


def decided_over(annotation: Annotation) -> tuple[str, ...]:
    """Return the ids of all annotations that an adjudicated one answers, those it was made of first."""
    return (*taken_from(annotation), *_ids(annotation.origin.get("over")))


def _ids(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list | tuple) else ()


class Rulings:
    """What was decided in a document: adjudicated annotations and cases turned down, found by reading."""

    def __init__(self, results: Iterable[Annotation], wrong: Iterable[Collection[str]]) -> None:
        self.results = {one.id: one for one in results}
        self.wrong = {frozenset(ids) for ids in wrong}
        self._over: dict[str, list[str]] = {}
        self._from: dict[str, list[str]] = {}
        for one in self.results.values():
            self._enter(one)

    def _enter(self, result: Annotation) -> None:
        for reading in decided_over(result):
            self._over.setdefault(reading, []).append(result.id)
        for reading in taken_from(result):
            self._from.setdefault(reading, []).append(result.id)

    def put(self, identity: str, result: Annotation | None) -> set[str]:
        """Take note of an adjudicated annotation as it is now; return the ids of the readings concerned."""
        before = self.results.pop(identity, None)
        concerned = set(decided_over(before)) if before else set()
        for index in (self._over, self._from):
            for reading in concerned:
                if identity in index.get(reading, ()):
                    index[reading].remove(identity)
        if result is not None:
            self.results[identity] = result
            self._enter(result)
            concerned |= set(decided_over(result))
        return concerned

    def standing_for(self, reading: str) -> Annotation | None:
        """Return the adjudicated annotation that stands for a reading: one made of it, else one decided over it."""
        found = self._from.get(reading) or self._over.get(reading)
        return self.results[min(found)] if found else None

    def of(self, case: Case) -> Ruling:
        """Return what was decided on a case."""
        ids = case.ids
        if not ids:
            result = self.results.get(case.key)
            return Ruling(result, open=result is None)
        found = [self.results[one] for reading in ids for one in self._over.get(reading, ())]
        made = [self.results[one] for reading in ids for one in self._from.get(reading, ())]
        result = min(made or found, key=lambda one: one.id, default=None)
        turned_down = [ids_ for ids_ in self.wrong if ids_ & set(ids)] if self.wrong else []
        seen = {reading for one in found for reading in decided_over(one)}.union(*turned_down)
        unsettled = _ids(result.origin.get("unsettled")) if result else ()
        rivals = len({one.id for one in made}) + bool(turned_down) > 1
        complete = seen.issuperset(ids) and not unsettled and not rivals
        return Ruling(result, result is None and bool(turned_down), not complete, unsettled, rivals)

    def answering(self, readings: Collection[str]) -> tuple[str, ...]:
        """Return the ids of the adjudicated annotations that answer one of these readings, or are among them."""
        found = {one for reading in readings for one in self._over.get(reading, ())}
        return tuple(sorted(found | {one for one in readings if one in self.results}))

    def added(self, readings: Collection[str]) -> Iterator[Annotation]:
        """Yield the adjudicated annotations that answer none of these readings: what the adjudicator added."""
        for one in self.results.values():
            if not any(reading in readings for reading in decided_over(one)):
                yield one


def added_case(result: Annotation, voters: int) -> Case:
    """Return the case of an annotation that the adjudicator added and no annotator has."""
    start = result.spans[0].start if result.spans else 0
    ends = (result.head or "", result.tail or "") if result.kind == "relation" else None
    return Case(result.id, result.kind, (None,) * voters, frozenset({"new"}), start, ends)


def differs_from(reading: Annotation | None, case: Case, ruling: Ruling) -> frozenset[str]:
    """Return how an annotator's reading differs from what was decided on its case.

    ``missing``: the adjudicated reading has it, the annotator has not; ``extra``: the other way round;
    ``boundary``, ``label``, ``facets``, ``ends``. Empty where they agree, or nothing was decided.
    """
    if ruling.result is None:
        return frozenset({"extra"}) if ruling.wrong and reading is not None else frozenset()
    if reading is None:
        return frozenset({"missing"})
    found: set[str] = {*compared(reading, ruling.result)}
    model = next((one for one in taken_from(ruling.result) if one in case.ids), None)
    if model is not None and (model in case.turned) != (reading.id in case.turned):
        found.add("ends")
    return frozenset(found)


# Taking at once ---------------------------------------------------------------------------------------------


def taking(case: Case, rule: Rule) -> Taking | None:
    """Return what the rule takes of a case, None where too few agree, or as many agree on something else."""
    groups: dict[tuple[object, ...], list[Annotation]] = defaultdict(list)
    for one in case.members:
        if rule.labels and one.label not in rule.labels:
            continue
        groups[(one.id in case.turned, *_vote(one, rule))].append(one)
    ranked = sorted(groups.values(), key=len, reverse=True)
    if not ranked or len(ranked[0]) < rule.needed(len(case.readings)):
        return None
    if len(ranked) > 1 and len(ranked[0]) == len(ranked[1]):
        return None
    agreeing = ranked[0]
    names = sorted({name for one in agreeing for name in one.facets})
    shared = {
        name: agreeing[0].facets[name]
        for name in names
        if all(one.facets.get(name) == agreeing[0].facets.get(name) for one in agreeing)
    }
    return Taking(case, tuple(agreeing), shared, tuple(name for name in names if name not in shared))


def _vote(one: Annotation, rule: Rule) -> tuple[object, ...]:
    facets = one.facets if rule.facets is None else {n: v for n, v in one.facets.items() if n in rule.facets}
    return (one.label, one.spans, tuple(sorted((name, repr(value)) for name, value in facets.items())))


def plan(
    cases: Iterable[Case],
    rulings: Rulings,
    rule: Rule,
    allows: Callable[[str, str, str], bool],
    far: Mapping[str, Standing] = MappingProxyType({}),
) -> Plan:
    """Return what the rule would take of the cases that nothing was decided on.

    Args:
        allows: whether a relation may lead from one label to another.
        far: what stands for readings of other documents.
    """
    found = Plan()
    for case in sorted(cases, key=lambda one: one.kind == "relation"):
        ruling = rulings.of(case)
        undecided = ruling.result is None and not ruling.wrong and case.members
        taken = taking(case, rule) if undecided else None
        if taken is None:
            continue
        first = taken.taken[0]
        if case.kind == "relation":
            ends = [_standing(end or "", rulings, found.stands, far) for end in (first.head, first.tail)]
            head, tail = ends
            if head is None or tail is None:
                found.held.append(case)
                continue
            if head.key == tail.key or not allows(first.label, head.label, tail.label):
                found.refused.append(case)
                continue
        found.takings.append(taken)
        found.stands.update(dict.fromkeys(case.ids, Standing(case.key, first.label)))
    return found


def _standing(
    reading: str, rulings: Rulings, planned: Mapping[str, Standing], far: Mapping[str, Standing]
) -> Standing | None:
    known = rulings.standing_for(reading)
    return Standing(known.id, known.label) if known else planned.get(reading) or far.get(reading)


# Notes and names --------------------------------------------------------------------------------------------


def joined_notes(members: Iterable[Annotation], names: Mapping[str, str] | None) -> str | None:
    """Return the notes of a case's readings, each with its writer's name; without where ``names`` is None."""
    found: list[str] = []
    for one in members:
        if one.note:
            said = f"{names.get(one.annotator, '?')}: {one.note}" if names is not None else one.note
            if said not in found:
                found.append(said)
    return "\n".join(found) or None


def shuffled(annotators: Iterable[str], project: str) -> tuple[str, ...]:
    """Return the annotators in an order that tells nothing about them and is always the same in a project."""
    return tuple(sorted(annotators, key=lambda one: derived_id("hidden", project, one)))
