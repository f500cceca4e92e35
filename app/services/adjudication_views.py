"""What adjudication shows: the cases of a document with what was decided, and what a rule would take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from app import commands
from models import adjudication as model
from models.adjudication import Case, Plan, Rule, Ruling, Rulings, Standing
from models.alignment import align, places
from models.annotations import Annotation
from models.errors import UserError
from models.history import Touched
from models.store import adjudication_reads as store
from models.store.reads import Reads

if TYPE_CHECKING:
    from app.workspace import Workspace

__all__ = ["Case", "DocumentCases", "Preview", "Rule", "Ruling", "previewed"]


class DocumentCases:
    """The cases of one document for some annotators, all who read it unless chosen, and what was decided.

    ``voters`` are those of them who have read the document, by id: one column each. Cases do not change by
    decisions; :meth:`follow` keeps what was decided up to date.
    """

    def __init__(self, reads: Reads, document: str, annotators: Sequence[str] | None = None) -> None:
        self._reads = reads
        self.document = document
        self.chosen = annotators
        self.voters = tuple(one for one in store.voters(reads, document) if annotators is None or one in annotators)
        self.adjudicator = store.adjudicator(reads)
        self._answered: dict[str, str] = {}
        self._people = set(store.readers(reads))
        self._signature = store.signature(reads, document, self.voters)
        self._readings: dict[str, Annotation] = {}
        self._base = self._cases()
        # What answers only annotators who are not chosen is not the adjudicator's own addition.
        self._known = self._readings.keys() if annotators is None else store.readings(reads, document)
        self._relations_on = self._on_ends()
        self.rulings = _rulings(reads, document, self.adjudicator)
        self._list()

    def _far_ends_of(self, ends: Iterable[str]) -> dict[str, str]:
        """Return annotation id → case for annotations of other documents."""
        found: dict[str, str] = {}
        for document in sorted(set(store.documents_of(self._reads, set(ends)).values()) - {self.document}):
            passages = [_passages(self._reads, document, one) for one in self.voters]
            found |= places(align(passages))
        return found

    def _cases(self) -> tuple[Case, ...]:
        readings = [self._reads.annotations(self.document, one) for one in self.voters]
        self.orphans = sum(one.orphan for mine in readings for one in mine)
        readings = [[one for one in mine if not one.orphan] for mine in readings]
        self._readings = {one.id: one for mine in readings for one in mine}
        ends = {end for mine in readings for one in mine for end in (one.head, one.tail) if end}
        self._far = frozenset(ends - self._readings.keys())
        labels = self._reads.label_set().relations
        symmetric = {one.id for one in labels if one.symmetric}
        return model.document_cases(readings, symmetric, self._far_ends_of(self._far) if self._far else None)

    def _on_ends(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for case in self._base:
            for end in case.ends or ():
                found.setdefault(end, []).append(case.key)
        return found

    def _list(self) -> None:
        added = [model.added_case(one, len(self.voters)) for one in self.rulings.added(self._known)]
        self.cases = model.in_text_order((*self._base, *added)) if added else self._base
        self.number = {case.key: number for number, case in enumerate(self.cases)}
        self._case_of = {one: case.key for case in self.cases for one in (case.ids or (case.key,))}

    @property
    def text(self) -> str:
        """The document's text."""
        return self._reads.text(self.document)

    def annotation(self, identity: str | None) -> Annotation | None:
        """Return a reading or an adjudicated annotation, of another document too; None where there is none."""
        found = self._readings.get(identity or "") or self.rulings.results.get(identity or "")
        return found or _annotation(self._reads, identity or "")

    @property
    def names(self) -> dict[str, str]:
        """Annotator id → name."""
        return {one.id: one.name for one in self._reads.annotators()}

    # What was decided -------------------------------------------------------------------------------------

    def ruling(self, case: Case) -> Ruling:
        """Return what was decided on a case."""
        return self.rulings.of(case)

    def case_of(self, annotation: str) -> Case | None:
        """Return the case of a reading, or of the adjudicated annotation that answers or answered it."""
        key = self._case_of.get(self._answered.get(annotation, annotation))
        if key is None and annotation in self.rulings.results:
            answered = model.decided_over(self.rulings.results[annotation])
            key = next((self._case_of[one] for one in answered if one in self._case_of), None)
        return self.cases[self.number[key]] if key is not None else None

    def standing(self, case: Case) -> tuple[str, ...]:
        """Return the ids of the adjudicated annotations that answer a case, for the commands."""
        return self.rulings.answering(case.ids or (case.key,))

    def stands_for(self, reading: str) -> str | None:
        """Return the id of the adjudicated annotation that stands for a reading, of another document too."""
        found = self.rulings.standing_for(reading)
        if found is None and reading in self._far_rulings:
            found = self._far_rulings[reading].standing_for(reading)
        return found.id if found else None

    def open_ends(self, case: Case) -> tuple[str, ...]:
        """Return the readings at a relation's ends for which nothing is taken: those are to be decided first."""
        if case.kind != "relation" or not case.members:
            return ()
        first = case.members[0]
        return tuple(end for end in (first.head, first.tail) if end and self.stands_for(end) is None)

    @property
    def leads_out(self) -> bool:
        """Whether relations lead to other documents."""
        return bool(self._far)

    def plan(self, rule: Rule, far: Mapping[str, Standing] = MappingProxyType({})) -> Plan:
        """Return what a rule would take; ``far`` is what would stand for readings of other documents."""
        known = {end: rulings.standing_for(end) for end, rulings in self._far_rulings.items()}
        stands = {end: Standing(one.id, one.label) for end, one in known.items() if one is not None}
        return model.plan(self.cases, self.rulings, rule, self._reads.label_set().allows, {**far, **stands})

    @cached_property
    def _far_rulings(self) -> Mapping[str, Rulings]:
        where = store.documents_of(self._reads, self._far) if self._far else {}
        found = {one: _rulings(self._reads, one, self.adjudicator) for one in set(where.values()) - {self.document}}
        return {end: found[document] for end, document in where.items() if document in found}

    # Following --------------------------------------------------------------------------------------------

    def follow(self, touched: Touched) -> frozenset[str] | None:
        """Take in what a change reached; return the keys of the cases that show differently.

        None: readings changed, or everything did; make a new :class:`DocumentCases`. ``cases`` is another tuple
        afterwards where a case came or went.
        """
        if "label_sets" in touched.subjects:
            return None
        if touched.everything or self.adjudicator is None:
            return self._decided_anew()
        marks = touched.marks.get(self.document, frozenset())
        now = {one: found for one in marks if (found := _annotation(self._reads, one)) is not None}
        if any(now.get(one) != self._readings[one] for one in marks if one in self._readings):
            return None
        keys: set[str] = set()
        for identity in sorted(marks - self._readings.keys()):
            result = now.get(identity)
            if result is not None and result.annotator != self.adjudicator:
                if result.annotator in self._people:
                    return None
                continue
            keys |= self._put(identity, result)
        if "conflicts" in touched.subjects:
            before, self.rulings.wrong = self.rulings.wrong, _wrong(self._reads, self.document)
            keys |= {self._case_of[o] for ids in before ^ self.rulings.wrong for o in ids if o in self._case_of}
        return frozenset(keys).union(*(self._relations_on.get(key, ()) for key in keys))

    def _decided_anew(self) -> frozenset[str] | None:
        """Read all decisions again where the readings are as they were."""
        reads, document = self._reads, self.document
        voters = tuple(one for one in store.voters(reads, document) if self.chosen is None or one in self.chosen)
        if voters != self.voters or store.signature(reads, document, voters) != self._signature:
            return None
        self.adjudicator = store.adjudicator(reads)
        self.rulings = _rulings(reads, document, self.adjudicator)
        self.__dict__.pop("_far_rulings", None)
        self._list()
        return frozenset(self.number)

    def _put(self, identity: str, result: Annotation | None) -> set[str]:
        known = self.rulings.results.get(identity)
        if known is not None and (over := model.decided_over(known)):
            self._answered[identity] = over[0]  # undo leads to where an answer stood
        concerned = self.rulings.put(identity, result)
        if any(one and self._known.isdisjoint(model.decided_over(one)) for one in (known, result)):
            self._list()
        return {self._case_of[one] for one in (*concerned, identity) if one in self._case_of}


def _rulings(reads: Reads, document: str, adjudicator: str | None) -> Rulings:
    if adjudicator is None:
        return Rulings((), ())
    return Rulings(reads.annotations(document, adjudicator), _wrong(reads, document))


def _annotation(reads: Reads, identity: str) -> Annotation | None:
    with suppress(UserError):
        return reads.annotation(identity)
    return None


def _wrong(reads: Reads, document: str) -> set[frozenset[str]]:
    return {frozenset(ids) for _, ids in store.turned_down(reads, document)}


def _passages(reads: Reads, document: str, annotator: str) -> list[Annotation]:
    return [one for one in reads.annotations(document, annotator) if one.kind != "relation" and not one.orphan]


# What a rule would take -------------------------------------------------------------------------------------


@dataclass(slots=True)
class Preview:
    """What taking at once would do, in counts.

    ``documents`` are looked at; of their ``cases`` ``decided`` are decided already, ``taken`` would be taken
    (``labels``: by label), ``held`` are relations whose end would still not be taken, ``refused`` those that do not fit
    what was taken for their ends, and ``left`` stay open.
    ``unsettled`` of the taken ones have facets to settle. ``single`` documents have only one annotator's reading.
    """

    documents: int = 0
    single: int = 0
    cases: int = 0
    decided: int = 0
    taken: int = 0
    held: int = 0
    refused: int = 0
    unsettled: int = 0
    labels: Counter[str] = field(default_factory=Counter)

    @property
    def left(self) -> int:
        """Cases that would be open afterwards, those held included."""
        return self.cases - self.decided - self.taken


def previewed(workspace: Workspace, command: commands.AdjudicateAll) -> Generator[Preview, None, Preview]:
    """Count what the command would take, one document after another; yield the counts so far, return the whole."""
    found, rule = Preview(), Rule(command.least, command.labels, command.facets)
    chosen = chosen_documents(workspace.reads, command.documents)
    far: dict[str, Standing] = {}
    for document in chosen:
        cases = DocumentCases(workspace.reads, document, command.annotators)
        planned = cases.plan(rule, far)
        _count(found, cases, planned)
        far |= planned.stands
        yield found
    return found


def _count(found: Preview, cases: DocumentCases, planned: Plan) -> None:
    found.documents += 1
    found.single += len(cases.voters) == 1
    found.cases += len(cases.cases)
    found.decided += sum(not cases.ruling(case).open for case in cases.cases)
    found.taken += len(planned.takings)
    found.held += len(planned.held)
    found.refused += len(planned.refused)
    found.unsettled += sum(bool(one.unsettled) for one in planned.takings)
    found.labels.update(one.taken[0].label for one in planned.takings)


def chosen_documents(reads: Reads, documents: Sequence[str] | None) -> list[str]:
    """Return the documents to adjudicate: those chosen, else all that anybody has annotated, by name."""
    return list(documents) if documents is not None else store.read_documents(reads)


def adjudicated_reading(workspace: Workspace) -> str:
    """Return whose annotations are the adjudicated reading; empty where nothing was decided yet."""
    return store.adjudicator(workspace.reads) or ""
