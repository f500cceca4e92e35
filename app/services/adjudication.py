"""Deciding cases: the adjudicated reading is an annotator of its own, other annotators' work stays as it is.

What is written here belongs to that annotator, whoever sits at the keyboard; the origin of each annotation names
the readings that it was taken from and those that it was decided over, so that every annotator can be told where
the adjudicated reading differs from theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from app import commands
from app.messages import tr
from app.services.adjudication_views import DocumentCases, chosen_documents
from app.services.annotations import check_ends, drop_illegal_relations, new_annotation, remove
from app.services.context import Context
from models.adjudication import Rule, Taking, decided_over, joined_notes, taken_from
from models.annotations import Annotation
from models.errors import UserError
from models.ids import new_id
from models.spans import Spans
from models.store import adjudication_reads as store
from models.store import writes


def decide(context: Context, command: commands.AdjudicateCase) -> None:
    """Take a reading, a mixture of several, or what the adjudicator writes, in place of what stood for the case."""
    assert command.document is not None
    me, members = _sit_down(context), _members(context, command.document, command.case)
    standing = _standing(context, command.document, members, command.standing)
    own, others = _own(standing, command.case)
    wanted = _wanted(context, command, members, me)
    _forget_wrong(context, command.document, command.case)
    _detach(context, others, command.case)
    if own:
        kept = own[0]
        _rewrite(context, kept, wanted)
        for one in own[1:]:
            remove(context, one)
    else:
        kept = wanted
        writes.insert_annotation(context.work, kept)
    context.look_at(command.document, kept.id)


def turn_down(context: Context, command: commands.AdjudicateWrong) -> None:
    """Say that all readings of a case are wrong; what stood for it goes, and this is remembered."""
    assert command.document is not None
    me, members = _sit_down(context), _members(context, command.document, command.case)
    if not members:
        raise UserError("adjudication.no-case")
    _clear(context, command.document, members, command.standing)
    store.turn_down(context.work, command.document, members, me, context.work.annotator)
    context.look_at(command.document, min(command.case))


def reopen(context: Context, command: commands.AdjudicateReopen) -> None:
    """Take back what was decided on a case, whatever it was."""
    assert command.document is not None
    _sit_down(context)
    members = _members(context, command.document, command.case)
    _clear(context, command.document, members, command.standing)
    context.look_at(command.document, min(command.case, default=None))


def take_all(context: Context, command: commands.AdjudicateAll) -> None:
    """Take what the rule lets pass, entities and claims before relations; decided cases stay as they are.

    A relation whose end is not taken is left open: its case asks. So is what the label set no longer allows.
    """
    me = _sit_down(context)
    rule = Rule(command.least, command.labels, command.facets)
    waiting = []
    for document in chosen_documents(context.reads, command.documents):
        cases = DocumentCases(context.reads, document, command.annotators)
        found = cases.plan(rule)
        _take(context, cases, found.takings, rule, me, command.name_notes)
        if found.held and cases.leads_out:
            waiting.append(document)
    for document in waiting:  # for ends in documents that came later
        cases = DocumentCases(context.reads, document, command.annotators)
        _take(context, cases, cases.plan(rule).takings, rule, me, command.name_notes)
    context.look_at(command.document, None)


def _take(
    context: Context, cases: DocumentCases, takings: Sequence[Taking], rule: Rule, me: str, name_notes: bool
) -> None:
    names = cases.names if name_notes else None
    for found in takings:
        first, case = found.taken[0], found.case
        with suppress(UserError):
            ends = tuple(cases.stands_for(end or "") for end in (first.head, first.tail)) if first.head else ()
            if not all(ends):
                continue
            head, tail = ends or (None, None)
            made = _made(
                context, cases.document, first, first.label, first.spans, found.facets, (head, tail),
                _origin(me, [one.id for one in found.taken], case.ids)
                | {"rule": rule.least} | ({"unsettled": list(found.unsettled)} if found.unsettled else {}),
            )  # fmt: skip
            made = made._replace(note=joined_notes(case.members, names))
            writes.insert_annotation(context.work, made)
            cases.rulings.put(made.id, made)
            context.work.count += 1


# What stands ------------------------------------------------------------------------------------------------


def _sit_down(context: Context) -> str:
    """Let the adjudicated reading's annotator write from now on, made now at its first use; return who sits there."""
    me = context.work.annotator
    known = store.adjudicator(context.reads)
    if known is None:
        known = new_id()
        store.insert_adjudicator(context.work, known, tr("adjudication.annotator"))
    context.work.annotator = known
    return me


def _members(context: Context, document: str, case: Iterable[str]) -> list[Annotation]:
    """Return the readings of a case.

    Raises:
        UserError: ``annotation.unknown``, or ``adjudication.no-case``: they lie elsewhere or are no readings.
    """
    found = [context.reads.annotation(one) for one in case]
    if any(one.document != document or one.annotator == context.work.annotator for one in found):
        raise UserError("adjudication.no-case")
    return found


def _standing(
    context: Context, document: str, members: Sequence[Annotation], known: tuple[str, ...] | None
) -> list[Annotation]:
    if known is None:
        known = tuple(store.results_answering(context.reads, context.work.annotator, document, members))
    found = [context.reads.annotation(one) for one in known]
    if any(one.annotator != context.work.annotator for one in found):
        raise UserError("adjudication.no-case")
    return found


def _own(standing: Iterable[Annotation], case: Sequence[str]) -> tuple[list[Annotation], list[Annotation]]:
    """Return what was decided on this case, and what was taken from another and only mentions it."""
    own: list[Annotation] = []
    others: list[Annotation] = []
    for one in standing:
        made_of = taken_from(one)
        elsewhere = made_of and not set(made_of) & set(case)
        (others if elsewhere else own).append(one)
    return own, others


def _clear(context: Context, document: str, members: Sequence[Annotation], known: tuple[str, ...] | None) -> None:
    """Take back what stands for a case; relations that end on it go with it, their cases are open again."""
    case = tuple(one.id for one in members)
    own, others = _own(_standing(context, document, members, known), case)
    for one in own:
        remove(context, one)
    _detach(context, others, case)
    _forget_wrong(context, document, case)


def _detach(context: Context, results: Iterable[Annotation], case: Sequence[str]) -> None:
    """Let answers to other cases no longer mention the readings of this one."""
    for one in results:
        over = [reading for reading in decided_over(one) if reading not in (*case, *taken_from(one))]
        writes.update_annotation(context.work, one._replace(origin={**one.origin, "over": over}))


def _forget_wrong(context: Context, document: str, case: Sequence[str]) -> None:
    known = store.turned_down(context.reads, document) if case else []
    store.take_up_again(context.work, [one for one, readings in known if set(readings) & set(case)])


# What is written --------------------------------------------------------------------------------------------


def _origin(me: str, taken: Sequence[str], case: Sequence[str]) -> dict[str, object]:
    return {
        "by": "human",
        "adjudicator": me,
        "from": list(taken),
        "over": [one for one in case if one not in taken],
    }


def _wanted(context: Context, command: commands.AdjudicateCase, members: Sequence[Annotation], me: str) -> Annotation:
    """Return the annotation that a decision asks for, checked, under a fresh id."""
    assert command.document is not None
    by_id = {one.id: one for one in members}
    if not set(command.taken) <= by_id.keys():
        raise UserError("adjudication.no-case")
    base = by_id[command.taken[0]] if command.taken else None
    label = command.label or (base.label if base else "")
    spans = command.spans or (base.spans if base else ())
    facets = command.facets if command.facets is not None else (base.facets if base else {})
    facets = {name: value for name, value in facets.items() if value not in (None, "")}
    kind = context.labels.kind_of(label)
    model = base or (members[0] if members else None)
    if model is not None and model.kind != kind:
        raise UserError("label.wrong-kind", label=label)
    ends: tuple[str | None, str | None] = (None, None)
    if kind == "relation":
        if model is None and command.ends is None:
            raise UserError("adjudication.no-case")
        head, tail = command.ends or (model.head, model.tail)  # type: ignore[union-attr]
        ends = (_end(context, head), _end(context, tail))
    names = {one.id: one.name for one in context.reads.annotators()} if command.name_notes else None
    origin = _origin(me, command.taken, command.case)
    made = _made(context, command.document, base, label, spans, facets, ends, origin)
    return made._replace(note=joined_notes(members, names))


def _made(
    context: Context,
    document: str,
    base: Annotation | None,
    label: str,
    spans: Spans,
    facets: Mapping[str, object],
    ends: tuple[str | None, str | None],
    origin: Mapping[str, object],
) -> Annotation:
    kind = context.labels.kind_of(label)
    head, tail = ends
    if kind == "relation":
        check_ends(context, label, *(context.reads.annotation(one or "") for one in ends))
    made = new_annotation(
        context, new_id(), kind, document, label, () if kind == "relation" else spans, head, tail, facets,
        origin=origin,
    )  # fmt: skip
    return made._replace(register=base.register if base else None)


def _end(context: Context, reading: str | None) -> str:
    """Return the adjudicated annotation that stands for a reading's end, by id.

    Raises:
        UserError: ``adjudication.end-not-taken``.
    """
    end = context.reads.annotation(reading or "")
    if end.annotator == context.work.annotator:
        return end.id
    answers = store.results_answering(context.reads, context.work.annotator, end.document, [end])
    found = [context.reads.annotation(one) for one in answers]
    made_of = [one for one in found if end.id in taken_from(one)]
    if not found:
        raise UserError("adjudication.end-not-taken", quote=" … ".join(end.exact))
    return (made_of or found)[0].id


def _rewrite(context: Context, kept: Annotation, wanted: Annotation) -> None:
    """Let an annotation say what is wanted from now on; its relations stay where the label still allows them."""
    changed = kept._replace(
        **{
            name: getattr(wanted, name)
            for name in (
                "label", "spans", "exact", "prefix", "suffix", "head", "tail", "facets", "origin", "register", "note",
            )
        },
        orphan=False,
    )  # fmt: skip
    if changed != kept:
        writes.update_annotation(context.work, changed)
        drop_illegal_relations(context, changed)
