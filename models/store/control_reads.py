"""Controls: documents whose suggestions stay hidden from each annotator until that annotator is done with them.

An annotator has been done once there is a status, open again or not: what was seen cannot be unseen. Undoing
takes the status back, but not the effort that counts how often the document was finished.
"""

from __future__ import annotations

from typing import NamedTuple

from models.store.reads import Reads
from models.store.shown import HIDDEN, SEEN

__all__ = ["HIDDEN", "SEEN", "Candidate", "candidates", "controls", "is_hidden"]


class Candidate(NamedTuple):
    """A document that may become a control. ``begun``: somebody has annotated or judged in it, or is done."""

    id: str
    control: bool
    begun: bool


_BEGUN = " OR ".join(
    f"EXISTS (SELECT 1 FROM {table} b WHERE b.document_id = d.id)" for table in ("annotations", "decisions", "statuses")
)


def candidates(reads: Reads) -> list[Candidate]:
    """Return every document of the corpus by id."""
    rows = reads.connection.execute(
        f"SELECT d.id, d.control, {_BEGUN} FROM documents d WHERE d.removed IS NULL ORDER BY d.id"
    )
    return [Candidate(document, bool(control), bool(begun)) for document, control, begun in rows]


def controls(reads: Reads) -> set[str]:
    """Return the documents of the corpus that are controls."""
    rows = reads.connection.execute("SELECT id FROM documents WHERE control = 1 AND removed IS NULL")
    return {row[0] for row in rows}


def is_hidden(reads: Reads, document: str) -> bool:
    """Whether the present annotator does not see a document's suggestions yet."""
    row = reads.connection.execute(f"SELECT 1 FROM documents d WHERE d.id = ? AND {HIDDEN}", (document,)).fetchone()
    return row is not None
