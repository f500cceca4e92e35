"""What is done to whole documents: status, furniture, notes, metadata, removal."""

from __future__ import annotations

from app import commands
from app.services.context import Context
from models.errors import UserError
from models.ids import new_id
from models.spans import Span, check_spans
from models.store import writes
from models.store.note_writes import delete_note, insert_note, update_note
from models.text import written

FIELDS = ("title", "source", "publisher", "date", "language")
"""The metadata of a document that every source may have; anything else is in ``metadata``."""


def set_done(context: Context, command: commands.SetDone) -> None:
    """Say that the present annotator is done with the document, also when it holds nothing."""
    assert command.document is not None
    state = "done" if command.done else "open"
    if context.reads.document(command.document).state != state:
        writes.set_status(context.work, command.document, state)
        context.work.tally(command.document, "", "done" if command.done else "other")
    context.look_at(command.document, None)


def set_furniture(context: Context, command: commands.SetFurniture) -> None:
    """Mark a passage as furniture or lift the mark; from then on no pipeline changes it."""
    assert command.document is not None
    document = context.reads.document(command.document)
    (span,) = check_spans([(command.start, command.end)], document.length)
    blocks = [block for old in document.furniture for block in _without(old, span)]
    if command.on:
        blocks.append(span)
    merged = merge_spans(blocks)
    if merged != document.furniture:
        writes.update_document(
            context.work,
            command.document,
            furniture=[list(block) for block in merged],
            furniture_by="curator",
        )
    context.look_at(command.document, None)


def _without(block: Span, hole: Span) -> list[Span]:
    pieces = (Span(block.start, min(block.end, hole.start)), Span(max(block.start, hole.end), block.end))
    return [piece for piece in pieces if piece.start < piece.end]


def merge_spans(spans: list[Span]) -> tuple[Span, ...]:
    """Return the spans sorted, those that overlap or touch joined."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def set_note(context: Context, command: commands.SetDocumentNote) -> None:
    """Write, change or delete a note on the document."""
    assert command.document is not None
    text = written(command.text)
    mine = {
        note.id: note
        for note in context.reads.notes(command.document)
        if note.annotator == context.work.annotator
    }
    if command.note is None:
        if text:
            insert_note(context.work, new_id(), command.document, text)
    elif command.note not in mine:
        raise UserError("note.unknown")
    elif not text:
        delete_note(context.work, command.note)
    elif mine[command.note].text != text:
        update_note(context.work, command.note, text)
    context.look_at(command.document, None)


def set_fields(context: Context, command: commands.SetDocumentFields) -> None:
    """Change what is known about a document."""
    assert command.document is not None
    unknown = set(command.changes) - set(FIELDS)
    if unknown:
        raise UserError("document.unknown-field", field=sorted(unknown)[0])
    cleaned = {name: written(value or "") or None for name, value in command.changes.items()}
    document = context.reads.document(command.document)._asdict()
    changed = {name: value for name, value in cleaned.items() if document[name] != value}
    if changed:
        writes.update_document(context.work, command.document, **changed)
    context.look_at(command.document, None)


def remove(context: Context, command: commands.RemoveDocuments) -> None:
    """Take documents out of the corpus; everything in them stays, out of sight."""
    documents = tuple(dict.fromkeys(command.documents))
    for document in documents:
        context.reads.document(document)
        writes.update_document(context.work, document, removed=context.work.now)
    context.work.count = len(documents)
    context.look_at(documents[0] if documents else None, None)
