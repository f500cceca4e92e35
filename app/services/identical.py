"""Doing once more, to every identical passage, what was done to one mark.

Identical means the same words, in any case and spacing. What happens follows the mark: rejected → the open
suggestions with its label are rejected; otherwise open suggestions on the words are accepted (with another
label: corrected to the mark's), and, if asked for, bare places are annotated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from app import commands
from app.services import annotations
from app.services.context import Context
from models.errors import UserError
from models.ids import new_id
from models.marks import Mark
from models.spans import Span
from models.store import writes
from models.store.mark_reads import MarkReads
from models.store.reads import Reads
from models.text import occurrences, surface

Action = Literal["accept", "correct", "reject", "create"]


class Match(NamedTuple):
    """One place that an application to all identical passages would change."""

    document: str
    span: Span
    action: Action
    key: str | None


def plan(
    reads: Reads,
    marks: MarkReads,
    document: str,
    mark: Mark,
    scope: Literal["document", "corpus"],
    create: bool,
) -> Iterator[Match]:
    """Yield what applying ``mark`` to identical passages would do, the mark itself left out.

    Raises:
        UserError: ``identical.needs-one-span``: relations and discontinuous marks have no single passage.
    """
    if len(mark.spans) != 1:
        raise UserError("identical.needs-one-span")
    passage = reads.text(document)[mark.spans[0].start : mark.spans[0].end]
    places = [document]
    if scope == "corpus":
        places += [one for one in reads.documents_with(passage) if one != document]
    for place in places:
        yield from _plan_document(reads, marks, place, mark, passage, create)


def _plan_document(
    reads: Reads, marks: MarkReads, document: str, model: Mark, passage: str, create: bool
) -> Iterator[Match]:
    text = reads.text(document)
    found = occurrences(text, passage)
    if not found:
        return
    wanted = surface(passage)
    here = [mark for mark in marks.marks(document) if mark.kind == model.kind and len(mark.spans) == 1]
    at: dict[Span, list[Mark]] = {}
    for mark in here:
        at.setdefault(mark.spans[0], []).append(mark)
    furniture = reads.document(document).furniture
    for start, end in found:
        span = Span(start, end)
        if surface(text[start:end]) != wanted:
            continue
        standing = at.get(span, [])
        if any(mark.key == model.key for mark in standing):
            continue
        waiting = [mark for mark in standing if mark.state == "suggested"]
        if model.state == "rejected":
            yield from (Match(document, span, "reject", m.key) for m in waiting if m.label == model.label)
        elif waiting:
            best = next((mark for mark in waiting if mark.label == model.label), waiting[0])
            yield Match(document, span, "accept" if best.label == model.label else "correct", best.key)
        elif create and not any(mark.spans[0].overlaps(span) for mark in here if mark.state != "rejected"):
            if not any(block.overlaps(span) for block in furniture):
                yield Match(document, span, "create", None)


def apply(context: Context, command: commands.ApplyToIdentical) -> None:
    """Carry out the plan as one step; an open suggestion is accepted first."""
    assert command.document is not None
    mark = context.mark(command.document, command.key)
    if mark.state == "suggested":
        annotations.stand(context, command.document, mark)
        mark = context.mark(command.document, command.key)
    matches = list(
        plan(context.reads, context.marks, command.document, mark, command.scope, command.create_missing)
    )
    for match in matches:
        _carry_out(context, match, mark)
    context.work.count = len(matches)
    context.look_at(command.document, mark.key)


def _carry_out(context: Context, match: Match, model: Mark) -> None:
    if match.key is None:
        annotation = annotations.new_annotation(
            context, new_id(), model.kind, match.document, model.label, (match.span,), None, None, {}
        )
        writes.insert_annotation(context.work, annotation)
        return
    found = context.mark(match.document, match.key)
    if match.action == "reject":
        annotations.decide(context, match.document, found, "rejected")
    else:
        annotations.stand(context, match.document, found, label=model.label)


def reject(context: Context, command: commands.Reject) -> None:
    """Reject a suggestion; with a wider scope, every open one with its label and words as well.

    The decision keeps its scope, so that suggestions still to come are covered too.
    """
    assert command.document is not None
    mark = context.mark(command.document, command.key)
    if mark.suggestion is None:
        raise UserError("mark.not-a-suggestion")
    annotation = context.annotation(mark)
    if annotation is not None:
        annotations.remove(context, annotation)
    for decision in context.reads.decisions_on(mark.suggestion, context.work.annotator):
        writes.delete_decision(context.work, decision)
    if command.scope != "here" and len(mark.spans) != 1:
        raise UserError("identical.needs-one-span")
    annotations.decide(context, command.document, mark, "rejected", scope=command.scope)
    context.work.count = 1
    if command.scope != "here":
        model = mark._replace(state="rejected", annotation=None)
        # The new decision hides its fellows already; they are found without it.
        for match in _fellows(context, command, model):
            context.work.count += 1
            annotations.decide(context, match.document, match.mark, "rejected")
    context.look_at(command.document, mark.key)


class Fellow(NamedTuple):
    """Another suggestion with the rejected one's label and words."""

    document: str
    mark: Mark


def _fellows(context: Context, command: commands.Reject, model: Mark) -> Iterator[Fellow]:
    assert command.document is not None
    document = command.document
    text = context.reads.text(document)
    passage = text[model.spans[0].start : model.spans[0].end]
    places = [document]
    if command.scope == "corpus":
        places += [one for one in context.reads.documents_with(passage) if one != document]
    wanted = surface(passage)
    for place in places:
        words = context.reads.text(place)
        for mark in context.marks.open_suggestions(place, model.label):
            if mark.key != model.key and len(mark.spans) == 1:
                if surface(words[mark.spans[0].start : mark.spans[0].end]) == wanted:
                    yield Fellow(place, mark)
