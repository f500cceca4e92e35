"""Relating annotations, and naming who makes a claim."""

from __future__ import annotations

from app import commands
from app.services.annotations import check_ends, new_annotation, remove
from app.services.context import Context
from app.services.judgements import stand, turn_down
from models.annotations import Annotation
from models.errors import UserError
from models.ids import new_id
from models.labels import RelationLabel
from models.marks import Mark
from models.store import writes


def relate(context: Context, command: commands.CreateRelation) -> None:
    """Relate two marks, accepting suggestions at the ends; the same relation twice stays one."""
    assert command.document is not None
    far = command.tail_document or command.document
    head, tail = context.mark(command.document, command.head), context.mark(far, command.tail)
    relation = _relate(context, command.label, command.document, head, far, tail)
    context.look_at(command.document, relation.suggestion or relation.id)


def _relate(context: Context, label: str, document: str, head: Mark, far: str, tail: Mark) -> Annotation:
    """Return the relation between two marks: the one that stands, the one that is suggested, or a new one."""
    check_ends(context, label, head, tail)
    first, last = stand(context, document, head), stand(context, far, tail)
    for known in context.reads.relations_of(first.id):
        mine = known.annotator == context.work.annotator
        if (
            mine
            and known.label == label
            and (known.head, known.tail) in _ways(context, label, first.id, last.id)
        ):
            return known
    for mark in _waiting(context, document, {head.key, tail.key}, label):
        if (mark.head, mark.tail) in _ways(context, label, head.key, tail.key):
            return stand(context, document, mark)
    relation = new_annotation(context, new_id(), "relation", document, label, (), first.id, last.id, {})
    writes.insert_annotation(context.work, relation)
    return relation


def _waiting(context: Context, document: str, ends: set[str], label: str) -> list[Mark]:
    """Return the open suggestions of relations with this label that begin or end at one of these marks."""
    places = context.reads.with_neighbours(document, ends)
    found = context.marks.some(document, context.reads.suggested_relations(document, places))
    return [mark for mark in found if mark.label == label and mark.state == "suggested"]


def _ways(context: Context, label: str, head: str, tail: str) -> tuple[tuple[str, str], ...]:
    """Return the ends in the orders that mean the same relation."""
    found = context.labels.get(label)
    if isinstance(found, RelationLabel) and found.symmetric:
        return (head, tail), (tail, head)
    return ((head, tail),)


def attribute(context: Context, document: str, claim: Annotation, speaker: str | None) -> None:
    """Attribute a claim to a mark of its document in place of whoever it was attributed to.

    The curator has named the speaker: suggested other speakers are answered by that.
    """
    label = _speaker_relation(context)
    target = context.mark(document, speaker) if speaker else None
    known = stand(context, document, target) if target else None
    key = claim.suggestion or claim.id
    for relation in context.reads.relations_of(claim.id):
        mine = (relation.head, relation.label, relation.annotator) == (claim.id, label, claim.annotator)
        if mine and (known is None or relation.tail != known.id):
            _withdraw(context, document, relation)
    for mark in _waiting(context, document, {key}, label):
        if mark.head == key and (target is None or mark.tail != target.key):
            turn_down(context, document, mark)
    if known is not None:
        head, tail = context.mark(document, claim.id), context.mark(document, known.id)
        _relate(context, label, document, head, document, tail)


def _withdraw(context: Context, document: str, relation: Annotation) -> None:
    mark = context.mark(document, relation.id)
    if mark.suggestion is not None:
        turn_down(context, document, mark)
    else:
        remove(context, relation)


def _speaker_relation(context: Context) -> str:
    label = context.labels.get("ATTRIBUTED_TO")
    if not isinstance(label, RelationLabel) or label.retired:
        raise UserError("claim.no-speaker-relation")
    return label.id


def set_speaker(context: Context, command: commands.SetSpeaker) -> None:
    """Attribute a claim to an entity in place of whoever it was attributed to."""
    assert command.document is not None
    mark = context.mark(command.document, command.key)
    if mark.kind != "claim":
        raise UserError("claim.not-a-claim")
    claim = stand(context, command.document, mark)
    attribute(context, command.document, claim, command.speaker)
    context.look_at(command.document, mark.key)
