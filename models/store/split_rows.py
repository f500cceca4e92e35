"""Which documents belong to train, dev and test, and what is needed to deal them out."""

from __future__ import annotations

from collections.abc import Mapping

from models.store.reads import Reads
from models.store.unit_of_work import UnitOfWork


def split_documents(reads: Reads) -> list[tuple[str, str, str | None]]:
    """Return id, fingerprint and part of every document, by name, those without a part included."""
    rows = reads.connection.execute(
        "SELECT id, fingerprint, split FROM documents WHERE removed IS NULL ORDER BY name, id"
    )
    return [(document, print_, part) for document, print_, part in rows]


def label_counts(reads: Reads) -> dict[str, dict[str, int]]:
    """Return document → label → annotations, of all annotators."""
    found: dict[str, dict[str, int]] = {}
    rows = reads.connection.execute("SELECT document_id, label, count(*) FROM annotations GROUP BY document_id, label")
    for document, label, count in rows:
        found.setdefault(document, {})[label] = count
    return found


def set_splits(work: UnitOfWork, parts: Mapping[str, str]) -> None:
    """Put documents into their parts."""
    work.raw.executemany(
        "UPDATE documents SET split = ?, revision = revision + 1 WHERE id = ?",
        [(part, document) for document, part in parts.items()],
    )
