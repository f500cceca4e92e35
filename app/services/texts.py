"""A corrected version of a document: annotations move with the text, those without a place are orphans."""

from __future__ import annotations

from app import commands
from app.services.annotations import place
from app.services.context import Context
from models.annotations import Annotation
from models.documents import SourceDocument
from models.errors import UserError
from models.ids import fingerprint
from models.reanchor import TextDifference, reanchor
from models.spans import Anchor, anchor, check_spans
from models.store import writes


def replace(context: Context, command: commands.ReplaceText) -> None:
    """Give a document a corrected text, as one undo step; ``work.count`` counts the orphans."""
    assert command.document is not None
    source = SourceDocument(name=context.reads.document(command.document).name, text=command.text)
    replace_text(context, command.document, source)
    context.look_at(command.document, None)


def replace_text(context: Context, document: str, source: SourceDocument) -> int:
    """Put the text of ``source`` in place, re-anchor every annotation, and return the number of orphans."""
    known = context.reads.document(document)
    print_ = fingerprint(source.text)
    if print_ == known.fingerprint:
        return 0
    old = context.reads.text(document)
    difference = TextDifference(old, source.text) if old else None
    text = writes.insert_text(context.work, document, source.text, print_)
    moved = [difference.move(block) for block in known.furniture] if difference else []
    furniture = list(source.furniture) or [block for block in moved if block]
    writes.update_document(
        context.work,
        document,
        text_seq=text,
        fingerprint=print_,
        length=len(source.text),
        furniture=[list(block) for block in furniture],
    )
    orphans = [
        one for one in context.reads.annotations(document) if not _move(context, one, source.text, difference)
    ]
    _move_rejections(context, document, difference)
    context.work.count = len(orphans)
    return len(orphans)


def _move_rejections(context: Context, document: str, difference: TextDifference | None) -> None:
    """Let what was rejected stay rejected where it stands now; a passage that is gone covers no place."""
    for decision, spans in context.reads.decided_places(document):
        moved = [difference.move(span) for span in spans] if difference else [None]
        now = tuple(span for span in moved if span) if all(moved) else ()
        if now != spans:
            writes.update_decision(context.work, decision, **writes.place(now))


def _move(context: Context, annotation: Annotation, text: str, difference: TextDifference | None) -> bool:
    """Re-anchor one annotation; return False where it is an orphan now."""
    if annotation.kind == "relation":
        return True
    kept = Anchor(annotation.exact, annotation.prefix, annotation.suffix)
    spans = reanchor(annotation.spans, kept, text, None if annotation.orphan else difference)
    if spans is None:
        if not annotation.orphan:
            writes.update_annotation(context.work, annotation._replace(orphan=True))
        return False
    found = anchor(text, spans)
    placed = annotation._replace(
        spans=spans, exact=found.exact, prefix=found.prefix, suffix=found.suffix, orphan=False
    )
    if placed != annotation:
        writes.update_annotation(context.work, placed)
    return True


def place_orphan(context: Context, command: commands.Reanchor) -> None:
    """Give an orphan the place the curator chose."""
    assert command.document is not None
    orphan = context.reads.annotation(command.annotation)
    if orphan.annotator != context.work.annotator or orphan.document != command.document:
        raise UserError("mark.not-yours", label=orphan.label)
    if orphan.kind == "relation":
        raise UserError("relation.no-place")
    spans = check_spans(command.spans, len(context.reads.text(command.document)))
    place(context, orphan, spans)
    context.look_at(command.document, orphan.suggestion or orphan.id)
