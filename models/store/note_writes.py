"""Row-level writing of notes on documents."""

from __future__ import annotations

from models.store.unit_of_work import UnitOfWork


def insert_note(work: UnitOfWork, note: str, document: str, text: str) -> None:
    """Add a note of the present annotator."""
    work.raw.execute(
        "INSERT INTO notes(id, document_id, annotator_id, text, created, modified, revision) "
        "VALUES (?, ?, ?, ?, ?, ?, 1)",
        (note, document, work.annotator, text, work.now, work.now),
    )


def update_note(work: UnitOfWork, note: str, text: str) -> None:
    """Change a note's text."""
    work.raw.execute(
        "UPDATE notes SET text = ?, modified = ?, revision = revision + 1 WHERE id = ?",
        (text, work.now, note),
    )


def delete_note(work: UnitOfWork, note: str) -> None:
    """Delete a note, its tombstone left."""
    work.raw.execute(
        "INSERT INTO tombstones(id, kind, document_id, annotator_id, at, revision) "
        "SELECT id, 'note', document_id, annotator_id, ?, revision + 1 FROM notes WHERE id = ?",
        (work.now, note),
    )
    work.raw.execute("DELETE FROM notes WHERE id = ?", (note,))
