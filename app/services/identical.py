"""Doing once more, to every identical passage, what was done to one mark.

Identical means the same words, in any case and spacing. What happens follows the mark: rejected → the open
suggestions with its label are rejected; otherwise open suggestions on the words are accepted (with another
label: corrected to the mark's), and, if asked for, bare places are annotated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from app import commands
from app.services.annotations import new_annotation
from app.services.context import Context
from app.services.judgements import stand, turn_down
from models.errors import UserError
from models.ids import new_id
from models.marks import Mark
from models.spans import Span
from models.store import writes
from models.store.control_reads import is_hidden
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
    for place in _documents(reads, document, passage, scope):
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
    taken = [*reads.document(document).furniture, *(m.spans[0] for m in here if m.state != "rejected")]
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
        elif create and not any(one.overlaps(span) for one in taken):
            yield Match(document, span, "create", None)


def apply(context: Context, command: commands.ApplyToIdentical) -> None:
    """Carry out the plan as one step; an open suggestion is accepted first."""
    assert command.document is not None
    mark = context.mark(command.document, command.key)
    if len(mark.spans) != 1:
        raise UserError("identical.needs-one-span")
    if mark.state == "suggested":
        stand(context, command.document, mark)
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
        annotation = new_annotation(
            context, new_id(), model.kind, match.document, model.label, (match.span,), None, None, {}
        )
        writes.insert_annotation(context.work, annotation)
        return
    found = context.mark(match.document, match.key)
    if match.action == "reject":
        turn_down(context, match.document, found)
    else:
        stand(context, match.document, found, label=model.label)


def reject(context: Context, command: commands.Reject) -> None:
    """Reject a suggestion; with a wider scope, every open one with its label and words as well.

    The decision keeps its scope, so that suggestions still to come are covered too.
    """
    assert command.document is not None
    mark = context.mark(command.document, command.key)
    if mark.suggestion is None:
        context.annotation(mark)
        raise UserError("mark.not-a-suggestion")
    turn_down(context, command.document, mark, command.scope)
    context.work.count = 1
    if command.scope != "here":
        # What was suggested, not what a curator made of it, is rejected elsewhere too.
        model = next(iter(context.marks.some(command.document, [mark.key])), mark)
        if len(model.spans) != 1:
            raise UserError("identical.needs-one-span")
        for document, fellow in list(_fellows(context, command.document, model, command.scope)):
            context.work.count += 1
            turn_down(context, document, fellow)
    context.look_at(command.document, mark.key)


def _fellows(context: Context, document: str, model: Mark, scope: str) -> Iterator[tuple[str, Mark]]:
    """Yield the other open suggestions with the rejected one's label and words, and their documents.

    The rejection itself hides them already; they are found without it.
    """
    passage = context.reads.text(document)[model.spans[0].start : model.spans[0].end]
    wanted = surface(passage)
    for place in _documents(context.reads, document, passage, scope):
        text = context.reads.text(place)
        for mark in context.marks.open_suggestions(place, model.label):
            if len(mark.spans) == 1 and surface(text[mark.spans[0].start : mark.spans[0].end]) == wanted:
                yield place, mark


def _documents(reads: Reads, document: str, passage: str, scope: str) -> list[str]:
    """Return the documents to look through: this one, then those whose text holds the passage.

    Controls that are still to be annotated are left alone: nothing comes to them from elsewhere.
    """
    if scope == "document":
        return [document]
    others = (one for one in reads.documents_with(passage) if one != document)
    return [document, *(one for one in others if not is_hidden(reads, one))]
