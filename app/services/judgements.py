"""Judging suggestions: accepting, correcting, rejecting, and taking a judgement back."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from app import commands
from app.services.annotations import check_ends, drop_decision, new_annotation, remove
from app.services.context import Context
from app.services.register_links import sure_thing
from models.annotations import Annotation
from models.errors import UserError
from models.ids import accepted_id, new_id
from models.labels import check_facets
from models.marks import Mark
from models.spans import Spans
from models.store import writes
from models.suggestions import Verdict
from models.text import surface


def accept(context: Context, command: commands.Accept) -> None:
    """Accept a suggestion, as it is or corrected; what stands already is left as it is."""
    assert command.document is not None
    mark = context.mark(command.document, command.key)
    stand(context, command.document, mark, command.spans, command.label, command.facets)
    context.look_at(command.document, mark.key)


def accept_all(context: Context, command: commands.AcceptAll) -> None:
    """Accept several suggestions; those judged meanwhile or that cannot stand are left as they are."""
    assert command.document is not None
    found = context.marks.some(command.document, command.keys)
    waiting = [mark for mark in found if mark.state == "suggested"]
    # Relations last: they accept their ends, which may be among the others.
    for mark in sorted(waiting, key=lambda one: one.kind == "relation"):
        with suppress(UserError):
            check_stand(context, command.document, mark)
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
    """Return the annotation behind a mark, made now (and the decision with it) where it was a suggestion.

    Raises:
        UserError: ``mark.not-yours``; label, facets or spans do not fit; an end of a relation was rejected.
    """
    existing = context.annotation(mark)
    if existing is not None:
        return existing
    merged = {**mark.facets, **(facets or {})}
    merged = {name: value for name, value in merged.items() if value not in (None, "")}
    corrected = (
        (spans is not None and spans != mark.spans)
        or (label is not None and label != mark.label)
        or merged != dict(mark.facets)
    )
    annotation = _from_suggestion(
        context, document, mark, spans or mark.spans, label or mark.label, merged, corrected
    )
    annotation = annotation._replace(note=note or None, register=sure_thing(context.reads, document, mark))
    if mark.state == "rejected":
        drop_decision(context, mark.key)
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
        ends = _ends(context, document, mark, label)
        head, tail = (stand(context, document, end).id for end in ends)
    return new_annotation(
        context, identity, mark.kind, document, label, spans, head, tail, facets,
        state="corrected" if corrected else "accepted",
        suggestion=mark.suggestion,
        origin={"by": "pipeline", "source": mark.source, "score": mark.score, "suggestion": mark.suggestion},
        revision=revision,
    )  # fmt: skip


def check_stand(context: Context, document: str, mark: Mark) -> None:
    """Check, before anything is written, that a suggestion can be accepted as it is.

    Raises:
        UserError: label or facets are not in the label set, or a relation's ends do not fit.
    """
    if context.labels.kind_of(mark.label) != mark.kind:
        raise UserError("label.wrong-kind", label=mark.label)
    check_facets(context.labels, mark.facets)
    if mark.kind == "relation":
        for end in _ends(context, document, mark, mark.label):
            check_stand(context, document, end)


def _ends(context: Context, document: str, relation: Mark, label: str) -> tuple[Mark, Mark]:
    """Return the marks at a suggested relation's ends.

    Raises:
        UserError: ``relation.end-rejected``, ``relation.to-itself`` or ``relation.not-allowed``.
    """
    head, tail = context.mark(document, relation.head or ""), context.mark(document, relation.tail or "")
    for end in (head, tail):
        if end.state == "rejected":
            text = context.reads.text(document)
            words = " … ".join(text[start:end] for start, end in end.spans)
            raise UserError("relation.end-rejected", quote=words)
    check_ends(context, label, head, tail)
    return head, tail


def decide(
    context: Context,
    document: str,
    mark: Mark,
    verdict: Verdict,
    *,
    scope: str = "here",
    result: str | None = None,
) -> None:
    """Write down the judgement on a suggestion, with a copy of what was judged."""
    context.work.tally(document, mark.label, verdict)
    text = context.reads.text(document) if mark.spans else ""
    words = " ".join(text[start:end] for start, end in mark.spans)
    writes.insert_decision(
        context.work,
        {
            "id": new_id(),
            "document_id": document,
            "suggestion_id": mark.key,
            "suggestion": {
                "id": mark.key,
                "kind": mark.kind,
                "label": mark.label,
                "spans": mark.spans,
                "head": mark.head,
                "tail": mark.tail,
                "facets": dict(mark.facets),
                "score": mark.score,
                "source": mark.source,
            },
            "label": mark.label,
            **writes.place(mark.spans),
            "surface": surface(words) if mark.spans else None,
            "verdict": verdict,
            "scope": scope,
            "result": result,
            "annotator_id": context.work.annotator,
            "at": context.work.now,
        },
    )


def turn_down(context: Context, document: str, mark: Mark, scope: str = "here") -> None:
    """Reject a suggestion, whatever was thought of it before; what came of it is deleted.

    Raises:
        UserError: ``mark.not-yours`` or ``annotation.held``.
    """
    annotation = context.annotation(mark)
    if annotation is not None:
        remove(context, annotation)
    assert mark.suggestion is not None
    known = context.reads.decisions_on(mark.suggestion, context.work.annotator)
    for decision in known:
        if (decision.verdict, decision.scope) != ("rejected", scope):
            writes.update_decision(
                context.work, decision.id, verdict="rejected", scope=scope, result=None, at=context.work.now
            )
    if known:
        context.work.tally(document, mark.label, "rejected")
    else:
        decide(context, document, mark, "rejected", scope=scope)


def reopen(context: Context, command: commands.Reopen) -> None:
    """Take a decision back: what came of it is deleted, the suggestion waits again."""
    assert command.document is not None
    mark = context.mark(command.document, command.key)
    if mark.suggestion is None or mark.state == "suggested":
        raise UserError("mark.nothing-to-reopen")
    annotation = context.annotation(mark)
    if annotation is not None:
        remove(context, annotation)
    drop_decision(context, mark.suggestion)
    context.work.tally(command.document, mark.label, "other")
    context.look_at(command.document, mark.key)


def delete(context: Context, command: commands.Delete) -> None:
    """Delete marks; relations that end on them go too, suggestions among them count as rejected."""
    assert command.document is not None
    marks = [context.mark(command.document, key) for key in command.keys]
    # Relations first: those that end on one of the others go with it, but are asked for by name here.
    for mark in sorted({one.key: one for one in marks}.values(), key=lambda one: one.kind != "relation"):
        if mark.suggestion is not None:
            turn_down(context, command.document, mark)
        elif (annotation := context.annotation(mark)) is not None:
            remove(context, annotation)
            context.work.tally(command.document, mark.label, "other")
    context.look_at(command.document, command.keys[-1] if command.keys else None)
