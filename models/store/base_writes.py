"""The states a project shared with others, so that a merge finds what both sides started from.

A base is a row in ``bases``; its parts name contents by hash, so that a document which did not change between
two bases is kept once. Nothing here is recorded: undo does not take back what was mailed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from models.store.reads import Reads
from models.store.unit_of_work import UnitOfWork

KEPT = 20
"""How many bases a project keeps: the first, and the latest."""


class Base(NamedTuple):
    """A shared state: its number, ``exported`` or ``imported``, the file's path, when, and how many documents."""

    seq: int
    kind: str
    path: str
    at: str
    documents: int


def version(reads: Reads) -> int:
    """Return a number that changes whenever another process changes the project."""
    return int(reads.connection.execute("PRAGMA data_version").fetchone()[0])


def bases(reads: Reads) -> list[Base]:
    """Return the bases, latest first, without those that were taken in by a merge that is undone."""
    rows = reads.connection.execute(
        "SELECT b.seq, b.kind, b.path, b.at, "
        "(SELECT count(*) FROM base_parts p WHERE p.base_seq = b.seq AND p.document_id != '') FROM bases b "
        "WHERE NOT EXISTS (SELECT 1 FROM change_sets c WHERE c.command = 'merge' "
        "AND c.state IN ('undone', 'superseded') AND json_extract(c.data, '$.base') = b.seq) ORDER BY b.seq DESC"
    )
    return [Base(*row) for row in rows]


def base_parts(reads: Reads, base: int) -> dict[str, str]:
    """Return document → hash of what a base holds of it; the head of the file has an empty id."""
    rows = reads.connection.execute("SELECT document_id, hash FROM base_parts WHERE base_seq = ?", (base,))
    return dict(rows)


def base_content(reads: Reads, hash_: str) -> bytes:
    """Return the compressed content with this hash."""
    row = reads.connection.execute("SELECT content FROM base_contents WHERE hash = ?", (hash_,)).fetchone()
    return bytes(row[0])


def has_content(reads: Reads, hash_: str) -> bool:
    """Whether a content is kept already."""
    return reads.connection.execute("SELECT 1 FROM base_contents WHERE hash = ?", (hash_,)).fetchone() is not None


def known_texts(reads: Reads, document: str) -> Iterator[tuple[str, str]]:
    """Yield fingerprint and text of every text that a document has had here."""
    rows = reads.connection.execute("SELECT fingerprint, text FROM texts WHERE document_id = ?", (document,))
    return ((print_, text) for print_, text in rows if text is not None)


def store_contents(work: UnitOfWork, contents: Iterable[tuple[str, bytes]]) -> None:
    """Keep compressed contents by their hashes."""
    work.raw.executemany("INSERT OR IGNORE INTO base_contents(hash, content) VALUES (?, ?)", contents)


def insert_base(work: UnitOfWork, kind: str, path: str, parts: Iterable[tuple[str, str]]) -> int:
    """Add a base whose contents are kept, drop the oldest ones and what only they needed; return its number."""
    cursor = work.raw.execute("INSERT INTO bases(kind, path, at) VALUES (?, ?, ?)", (kind, path, work.now))
    number = int(cursor.lastrowid or 0)
    work.raw.executemany(
        "INSERT INTO base_parts(base_seq, document_id, hash) VALUES (?, ?, ?)", ((number, *part) for part in parts)
    )
    # The first one stays: it tells how documents were first shared.
    old = "SELECT seq FROM bases WHERE seq > (SELECT min(seq) FROM bases) ORDER BY seq DESC LIMIT -1 OFFSET ?"
    work.raw.execute(f"DELETE FROM base_parts WHERE base_seq IN ({old})", (KEPT - 1,))
    work.raw.execute(f"DELETE FROM bases WHERE seq IN ({old})", (KEPT - 1,))
    work.raw.execute("DELETE FROM base_contents WHERE hash NOT IN (SELECT hash FROM base_parts)")
    return number
