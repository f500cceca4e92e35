"""Reading which texts a pipeline has yet to see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from models.store.reads import Reads

_PENDING = """
SELECT d.id, d.text_seq FROM documents d JOIN texts t ON t.seq = d.text_seq AND t.text IS NOT NULL
LEFT JOIN analyses a ON a.document_id = d.id
WHERE d.removed IS NULL
  AND (?1 IS NULL OR a.document_id IS NULL OR a.text_seq != d.text_seq OR a.run_seq != ?1)
ORDER BY d.name, d.id
"""


class Pending(NamedTuple):
    """A document and the number of the text that it has now."""

    document: str
    text_seq: int


def pending(reads: Reads, run: int | None, only: Sequence[str] | None = None) -> list[Pending]:
    """Return the documents whose present text run ``run`` has not seen (None: all), in order of name.

    ``only`` narrows to these documents. Documents whose text was left out of an exchange are none of them.
    """
    wanted = None if only is None else set(only)
    rows = reads.connection.execute(_PENDING, (run,))
    return [Pending(*row) for row in rows if wanted is None or row[0] in wanted]


def present_text(reads: Reads, document: str) -> tuple[int, str] | None:
    """Return the number and the text of a document as it is now.

    None where the document was removed, or its text was left out of an exchange.
    """
    row = reads.connection.execute(
        "SELECT d.text_seq, t.text FROM documents d JOIN texts t ON t.seq = d.text_seq "
        "WHERE d.id = ? AND d.removed IS NULL AND t.text IS NOT NULL",
        (document,),
    ).fetchone()
    return (int(row[0]), str(row[1])) if row else None
