"""Making, changing and removing annotations of the present annotator: what other services build on."""

from __future__ import annotations

from collections.abc import Mapping

from app.services.context import Context
from models.annotations import Annotation
from models.errors import UserError
from models.labels import check_facets
from models.marks import Mark
from models.spans import Spans, anchor, check_spans
from models.store import writes
from models.suggestions import Kind


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
    """Return an annotation of the present annotator, checked and anchored, to be written next.

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
    elif spans:
        raise UserError("relation.no-place")
    if state == "manual":
        context.work.tally(document, label, "manual")
    moment = context.work.now
    return Annotation(
        identity, kind, document, label, spans, found.exact if found else (), found.prefix if found else "",
        found.suffix if found else "", head, tail, facets, context.work.annotator, state, suggestion,
        origin or {"by": "human"}, None, None, moment, moment, revision, False,
    )  # fmt: skip


def check_ends(context: Context, label: str, head: Annotation | Mark, tail: Annotation | Mark) -> None:
    """Check that the label set lets a relation lead from ``head`` to ``tail``.

    Raises:
        UserError: ``relation.to-itself`` or ``relation.not-allowed``.
    """
    if head[0] == tail[0]:
        raise UserError("relation.to-itself")
    if not context.labels.allows(label, head.label, tail.label):
        raise UserError("relation.not-allowed", relation=label, head=head.label, tail=tail.label)


def change(context: Context, annotation: Annotation, **fields: object) -> Annotation:
    """Write changed fields; what was accepted as it was becomes corrected, and so does its decision."""
    changed = annotation._replace(**fields)  # type: ignore[arg-type]
    if annotation.state == "accepted" and set(fields) & {"label", "spans", "facets"}:
        changed = changed._replace(state="corrected")
        for decision in context.reads.decisions_on(annotation.suggestion or "", annotation.annotator):
            writes.update_decision(context.work, decision.id, verdict="corrected")
    corrects = changed.state != annotation.state
    context.work.tally(annotation.document, annotation.label, "corrected" if corrects else "other")
    writes.update_annotation(context.work, changed)
    return changed


def place(context: Context, annotation: Annotation, spans: Spans) -> Annotation:
    """Give an annotation other, checked spans, anchored anew; an orphan has a place again."""
    found = anchor(context.reads.text(annotation.document), spans)
    return change(
        context,
        annotation,
        spans=spans,
        exact=found.exact,
        prefix=found.prefix,
        suffix=found.suffix,
        orphan=False,
    )


def remove(context: Context, annotation: Annotation) -> None:
    """Delete an annotation and the relations that end on it, tombstones left.

    A relation that came from a suggestion waits again.

    Raises:
        UserError: ``annotation.held``: another annotator's relation ends on it.
    """
    for relation in context.reads.relations_of(annotation.id):
        if relation.annotator != annotation.annotator:
            raise UserError("annotation.held", label=context.labels.title(relation.label, "en"))
        drop_relation(context, relation)
    writes.delete_annotation(context.work, annotation)


def drop_relation(context: Context, relation: Annotation) -> None:
    """Delete a relation whose end is gone or no longer fits, and the decision that made it."""
    writes.delete_annotation(context.work, relation)
    drop_decision(context, relation.suggestion)


def drop_decision(context: Context, suggestion: str | None) -> None:
    """Take back what the present annotator decided on a suggestion."""
    for decision in context.reads.decisions_on(suggestion or "", context.work.annotator):
        writes.delete_decision(context.work, decision.id)


def drop_illegal_relations(context: Context, annotation: Annotation) -> None:
    """Delete the present annotator's relations that the annotation's label does not allow."""
    for relation in context.reads.relations_of(annotation.id):
        if relation.annotator != context.work.annotator:
            continue
        head, tail = (context.reads.annotation(end or "") for end in (relation.head, relation.tail))
        if not context.labels.allows(relation.label, head.label, tail.label):
            drop_relation(context, relation)
