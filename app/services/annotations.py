"""Accepting, rejecting, making and changing entities, claims and relations."""

from __future__ import annotations

from collections.abc import Mapping

from app import commands
from app.services.context import Context
from models.annotations import Annotation
from models.errors import UserError
from models.ids import accepted_id, new_id
from models.labels import check_facets
from models.marks import Mark
from models.spans import Spans, anchor, check_spans
from models.store import writes
from models.suggestions import Kind
from models.text import surface


def accept(context: Context, command: commands.Accept) -> None:
    """Accept a suggestion, as it is or corrected."""
    assert command.document is not None
    mark = context.mark(command.document, command.key)
    if mark.annotation is None:
        stand(context, command.document, mark, command.spans, command.label, command.facets)
    context.look_at(command.document, mark.key)


def accept_all(context: Context, command: commands.AcceptAll) -> None:
    """Accept several suggestions; those judged meanwhile are left as they are."""
    assert command.document is not None
    for mark in context.marks.some(command.document, command.keys):
        if mark.annotation is None and mark.state == "suggested":
            stand(context, command.document, mark)
            context.work.count += 1
    context.look_at(command.document, command.keys[0] if command.keys else None)


def stand(
    context: Context,
    document: str,
    mark: Mark,
    spans: Spans | None = None,
    label: str | None = None,
    facets: Mapping[str, object] | None = None,
    note: str | None = None,
) -> Annotation:
    """Return the annotation behind a mark, made now (and the decision with it) where it was a suggestion."""
    existing = context.annotation(mark)
    if existing is not None:
        return existing
    if mark.state == "rejected":
        _drop_decision(context, document, mark.key)
    merged = {**mark.facets, **(facets or {})}
    merged = {name: value for name, value in merged.items() if value is not None}
    corrected = (
        (spans is not None and spans != mark.spans)
        or (label is not None and label != mark.label)
        or merged != dict(mark.facets)
    )
    annotation = _from_suggestion(
        context, document, mark, spans or mark.spans, label or mark.label, merged, corrected
    )
    if note:
        annotation = annotation._replace(note=note)
    writes.insert_annotation(context.work, annotation)
    decide(context, document, mark, "corrected" if corrected else "accepted", result=annotation.id)
    return annotation


def _from_suggestion(
    context: Context,
    document: str,
    mark: Mark,
    spans: Spans,
    label: str,
    facets: Mapping[str, object],
    corrected: bool,
) -> Annotation:
    work = context.work
    assert mark.suggestion is not None
    identity = new_id() if corrected else accepted_id(mark.suggestion, work.annotator)
    revision = writes.lift_tombstone(work, identity) + 1
    head, tail = mark.head, mark.tail
    if mark.kind == "relation":
        head, tail = (_end(context, document, end).id for end in (mark.head, mark.tail))
    return new_annotation(
        context, identity, mark.kind, document, label, spans, head, tail, facets,
        state="corrected" if corrected else "accepted",
        suggestion=mark.suggestion,
        origin={"by": "pipeline", "source": mark.source, "score": mark.score, "suggestion": mark.suggestion},
        revision=revision,
    )  # fmt: skip


def _end(context: Context, document: str, end: str | None) -> Annotation:
    """Return the annotation at a suggested relation's end, accepting the suggestion there if need be."""
    assert end is not None
    mark = context.mark(document, end)
    if mark.state == "rejected":
        raise UserError("relation.end-rejected", quote=_quote(context, document, mark))
    return stand(context, document, mark)


def _quote(context: Context, document: str, mark: Mark) -> str:
    text = context.reads.text(document)
    return " … ".join(text[start:end] for start, end in mark.spans)


def new_annotation(
    context: Context,
    identity: str,
    kind: Kind,
    document: str,
    label: str,
    spans: Spans,
    head: str | None,
    tail: str | None,
    facets: Mapping[str, object],
    *,
    state: str = "manual",
    suggestion: str | None = None,
    origin: Mapping[str, object] | None = None,
    revision: int = 1,
) -> Annotation:
    """Return an annotation of the present annotator, checked and anchored, not yet written.

    Raises:
        UserError: label, facets or spans do not fit.
    """
    if context.labels.kind_of(label) != kind:
        raise UserError("label.wrong-kind", label=label)
    check_facets(context.labels, facets)
    found = None
    if kind != "relation":
        text = context.reads.text(document)
        spans = check_spans(spans, len(text))
        found = anchor(text, spans)
    moment = context.work.now
    return Annotation(
        identity, kind, document, label, spans, found.exact if found else (), found.prefix if found else "",
        found.suffix if found else "", head, tail, facets, context.work.annotator, state, suggestion,
        origin or {"by": "human"}, None, None, moment, moment, revision, False,
    )  # fmt: skip


def decide(
    context: Context,
    document: str,
    mark: Mark,
    verdict: str,
    *,
    scope: str = "here",
    result: str | None = None,
) -> None:
    """Write down the judgement on a suggestion, with a copy of what was judged."""
    text = context.reads.text(document) if mark.spans and verdict == "rejected" else ""
    writes.insert_decision(context.work, decision_row(context, document, mark, verdict, scope, result, text))


def decision_row(
    context: Context, document: str, mark: Mark, verdict: str, scope: str, result: str | None, text: str
) -> dict[str, object]:
    """Return a decision as a row; the surface is kept for rejections, which may reach further."""
    words = " ".join(text[start:end] for start, end in mark.spans)
    return {
        "id": new_id(),
        "document_id": document,
        "suggestion_id": mark.key,
        "suggestion": {
            "id": mark.key,
            "kind": mark.kind,
            "label": mark.label,
            "spans": [list(span) for span in mark.spans],
            "head": mark.head,
            "tail": mark.tail,
            "facets": dict(mark.facets),
            "score": mark.score,
            "source": mark.source,
        },
        "label": mark.label,
        "start": mark.spans[0].start if mark.spans else None,
        "end": mark.spans[-1].end if mark.spans else None,
        "surface": surface(words) if verdict == "rejected" and mark.spans else None,
        "verdict": verdict,
        "scope": scope,
        "result": result,
        "annotator_id": context.work.annotator,
        "at": context.work.now,
    }


def _drop_decision(context: Context, document: str, suggestion: str) -> None:
    for decision in context.reads.decisions_on(suggestion, context.work.annotator):
        writes.delete_decision(context.work, decision)


def reopen(context: Context, command: commands.Reopen) -> None:
    """Take a decision back: what came of it is deleted, the suggestion waits again."""
    assert command.document is not None
    mark = context.mark(command.document, command.key)
    if mark.suggestion is None or mark.state == "suggested":
        raise UserError("mark.nothing-to-reopen")
    annotation = context.annotation(mark)
    if annotation is not None:
        remove(context, annotation)
    _drop_decision(context, command.document, mark.suggestion)
    context.look_at(command.document, mark.key)


def create(context: Context, command: commands.CreateAnnotation) -> None:
    """Make an entity or a claim; an open suggestion that says just the same is accepted instead."""
    assert command.document is not None
    text = context.reads.text(command.document)
    spans = check_spans(command.spans, len(text))
    same = next((one for one in _at(context, command.document, spans) if one.label == command.label), None)
    if same is not None:
        annotation = stand(context, command.document, same, facets=command.facets)
        key = same.key
    else:
        annotation = new_annotation(
            context,
            new_id(),
            command.kind,
            command.document,
            command.label,
            spans,
            None,
            None,
            command.facets,
        )
        writes.insert_annotation(context.work, annotation)
        key = annotation.id
    if command.speaker is not None:
        _attribute(context, command.document, annotation, command.speaker)
    context.look_at(command.document, key)


def _at(context: Context, document: str, spans: Spans) -> list[Mark]:
    """Return the present annotator's marks and open suggestions on exactly these spans."""
    keys = context.reads.keys_at(document, spans[0].start)
    mine = (None, context.work.annotator)
    return [m for m in context.marks.some(document, keys) if m.spans == spans and m.annotator in mine]


def relate(context: Context, command: commands.CreateRelation) -> None:
    """Relate two marks, accepting suggestions at the ends; the same relation twice stays one."""
    assert command.document is not None
    far = command.tail_document or command.document
    head = stand(context, command.document, context.mark(command.document, command.head))
    tail = stand(context, far, context.mark(far, command.tail))
    relation = relate_annotations(context, command.label, head, tail)
    context.look_at(command.document, relation.suggestion or relation.id)


def relate_annotations(context: Context, label: str, head: Annotation, tail: Annotation) -> Annotation:
    """Return the relation between two annotations, made now unless it stands already.

    Raises:
        UserError: ``relation.to-itself`` or ``relation.not-allowed``.
    """
    if head.id == tail.id:
        raise UserError("relation.to-itself")
    if not context.labels.allows(label, head.label, tail.label):
        raise UserError("relation.not-allowed", relation=label, head=head.label, tail=tail.label)
    for known in context.reads.relations_of(head.id):
        if known.label == label and {known.head, known.tail} == {head.id, tail.id}:
            found = context.labels.get(label)
            if known.annotator == context.work.annotator and (
                known.head == head.id or getattr(found, "symmetric", False)
            ):
                return known
    relation = new_annotation(context, new_id(), "relation", head.document, label, (), head.id, tail.id, {})
    writes.insert_annotation(context.work, relation)
    return relation


def _speaker_relation(context: Context) -> str:
    labels = context.labels
    for relation in labels.relations:
        if relation.id == "ATTRIBUTED_TO" and not relation.retired:
            return relation.id
    raise UserError("claim.no-speaker-relation")


def _attribute(context: Context, document: str, claim: Annotation, speaker: str | None) -> None:
    label = _speaker_relation(context)
    target = stand(context, document, context.mark(document, speaker)) if speaker else None
    for relation in context.reads.relations_of(claim.id):
        mine = relation.annotator == context.work.annotator
        if (
            mine
            and relation.head == claim.id
            and relation.label == label
            and (not target or relation.tail != target.id)
        ):
            remove(context, relation)
    if target is not None:
        relate_annotations(context, label, claim, target)


def set_speaker(context: Context, command: commands.SetSpeaker) -> None:
    """Attribute a claim to an entity in place of whoever it was attributed to."""
    assert command.document is not None
    mark = context.mark(command.document, command.key)
    if mark.kind != "claim":
        raise UserError("claim.not-a-claim")
    claim = stand(context, command.document, mark)
    _reject_open_attributions(context, command.document, mark, command.speaker)
    _attribute(context, command.document, claim, command.speaker)
    context.look_at(command.document, mark.key)


def _reject_open_attributions(context: Context, document: str, claim: Mark, speaker: str | None) -> None:
    """The curator has named the speaker: suggested other speakers are answered by that."""
    label = _speaker_relation(context)
    for key in context.reads.suggested_relations(document, claim.key, label):
        for mark in context.marks.some(document, [key]):
            if mark.state != "suggested":
                continue
            if mark.tail == speaker:
                stand(context, document, mark)
            else:
                decide(context, document, mark, "rejected")


def relabel(context: Context, command: commands.Relabel) -> None:
    """Give a mark another label; relations that the new label does not allow go with the old one."""
    assert command.document is not None
    mark = context.mark(command.document, command.key)
    if context.labels.kind_of(command.label) != mark.kind:
        raise UserError("label.wrong-kind", label=command.label)
    annotation = context.annotation(mark)
    if annotation is None:
        stand(context, command.document, mark, label=command.label)
    elif annotation.label != command.label:
        if annotation.kind == "relation":
            _check_ends(context, command.label, annotation)
        change(context, annotation, label=command.label)
        _drop_illegal_relations(context, annotation.id, command.label)
    context.look_at(command.document, mark.key)


def _check_ends(context: Context, label: str, relation: Annotation) -> None:
    head, tail = (context.reads.annotation(end or "") for end in (relation.head, relation.tail))
    if not context.labels.allows(label, head.label, tail.label):
        raise UserError("relation.not-allowed", relation=label, head=head.label, tail=tail.label)


def _drop_illegal_relations(context: Context, annotation: str, label: str) -> None:
    for relation in context.reads.relations_of(annotation):
        other = context.reads.annotation(
            (relation.tail if relation.head == annotation else relation.head) or ""
        )
        ends = (label, other.label) if relation.head == annotation else (other.label, label)
        if not context.labels.allows(relation.label, *ends) and relation.annotator == context.work.annotator:
            remove(context, relation)


def change(context: Context, annotation: Annotation, **fields: object) -> Annotation:
    """Write changed fields; what was accepted as it was becomes corrected, and so does its decision."""
    changed = annotation._replace(**fields)  # type: ignore[arg-type]
    if annotation.state == "accepted" and set(fields) & {"label", "spans", "facets"}:
        changed = changed._replace(state="corrected")
        for decision in context.reads.decisions_on(annotation.suggestion or "", context.work.annotator):
            writes.update_decision(context.work, decision, verdict="corrected")
    writes.update_annotation(context.work, changed)
    return changed


def move(context: Context, command: commands.MoveBoundaries) -> None:
    """Give a mark other spans."""
    assert command.document is not None
    mark = context.mark(command.document, command.key)
    if mark.kind == "relation":
        raise UserError("relation.no-place")
    text = context.reads.text(command.document)
    spans = check_spans(command.spans, len(text))
    annotation = context.annotation(mark)
    if annotation is None:
        stand(context, command.document, mark, spans=spans)
    elif annotation.spans != spans or annotation.orphan:
        found = anchor(text, spans)
        change(
            context,
            annotation,
            spans=spans,
            exact=found.exact,
            prefix=found.prefix,
            suffix=found.suffix,
            orphan=False,
        )
    context.look_at(command.document, mark.key)


def set_facets(context: Context, command: commands.SetFacets) -> None:
    """Change facets of a claim."""
    assert command.document is not None
    mark = context.mark(command.document, command.key)
    if mark.kind != "claim":
        raise UserError("claim.not-a-claim")
    check_facets(context.labels, command.facets)
    annotation = context.annotation(mark)
    if annotation is None:
        stand(context, command.document, mark, facets=command.facets)
    else:
        merged = {**annotation.facets, **command.facets}
        merged = {name: value for name, value in merged.items() if value not in (None, "")}
        if merged != dict(annotation.facets):
            change(context, annotation, facets=merged)
    context.look_at(command.document, mark.key)


def set_note(context: Context, command: commands.SetNote) -> None:
    """Write the note on an annotation; a suggestion is accepted with it."""
    assert command.document is not None
    mark = context.mark(command.document, command.key)
    note = command.text.strip() or None
    annotation = context.annotation(mark)
    if annotation is None:
        stand(context, command.document, mark, note=note)
    elif annotation.note != note:
        change(context, annotation, note=note)
    context.look_at(command.document, mark.key)


def delete(context: Context, command: commands.Delete) -> None:
    """Delete marks; relations that end on them go too, suggestions among them count as rejected."""
    assert command.document is not None
    for key in command.keys:
        mark = context.mark(command.document, key)
        annotation = context.annotation(mark)
        if annotation is None and mark.state == "suggested":
            decide(context, command.document, mark, "rejected")
        elif annotation is not None:
            remove(context, annotation)
            for decision in context.reads.decisions_on(annotation.suggestion or "", context.work.annotator):
                words = surface(" ".join(annotation.exact)) or None
                writes.update_decision(context.work, decision, verdict="rejected", result=None, surface=words)
    context.look_at(command.document, command.keys[-1] if command.keys else None)


def remove(context: Context, annotation: Annotation) -> None:
    """Delete an annotation and the relations that end on it, tombstones left."""
    for relation in context.reads.relations_of(annotation.id):
        remove(context, relation)
        for decision in context.reads.decisions_on(relation.suggestion or "", context.work.annotator):
            writes.delete_decision(context.work, decision)
    writes.delete_annotation(context.work, annotation)
