"""Making entities and claims by hand, and changing what a mark says."""

from __future__ import annotations

from app import commands
from app.services.annotations import change, check_ends, drop_illegal_relations, new_annotation, place
from app.services.context import Context
from app.services.judgements import stand
from app.services.relations import attribute
from models.errors import UserError
from models.ids import new_id
from models.labels import check_facets
from models.marks import Mark
from models.spans import Spans, check_spans
from models.store import writes
from models.text import written


def create(context: Context, command: commands.CreateAnnotation) -> None:
    """Make an entity or a claim; an open suggestion that says just the same is accepted instead."""
    assert command.document is not None
    spans = check_spans(command.spans, len(context.reads.text(command.document)))
    same = next((one for one in _at(context, command.document, spans) if one.label == command.label), None)
    if same is not None:
        annotation, key = stand(context, command.document, same, facets=command.facets), same.key
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
        attribute(context, command.document, annotation, command.speaker)
    context.look_at(command.document, key)


def _at(context: Context, document: str, spans: Spans) -> list[Mark]:
    """Return the present annotator's marks and open suggestions on exactly these spans."""
    keys = context.reads.keys_at(document, spans[0].start)
    mine = (None, context.work.annotator)
    return [m for m in context.marks.some(document, keys) if m.spans == spans and m.annotator in mine]


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
            head, tail = (context.reads.annotation(end or "") for end in (annotation.head, annotation.tail))
            check_ends(context, command.label, head, tail)
        changed = change(context, annotation, label=command.label)
        drop_illegal_relations(context, changed)
    context.look_at(command.document, mark.key)


def move(context: Context, command: commands.MoveBoundaries) -> None:
    """Give a mark other spans."""
    assert command.document is not None
    mark = context.mark(command.document, command.key)
    if mark.kind == "relation":
        raise UserError("relation.no-place")
    spans = check_spans(command.spans, len(context.reads.text(command.document)))
    annotation = context.annotation(mark)
    if annotation is None:
        stand(context, command.document, mark, spans=spans)
    elif annotation.spans != spans or annotation.orphan:
        place(context, annotation, spans)
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
    note = written(command.text) or None
    annotation = context.annotation(mark)
    if annotation is not None and annotation.note != note:
        change(context, annotation, note=note)
    elif annotation is None and note:
        stand(context, command.document, mark, note=note)
    context.look_at(command.document, mark.key)
