"""Reading and writing what documents are worth to decide, and the suggestions that wait in them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import NamedTuple

from models.store.reads import Reads
from models.store.shown import HIDDEN, OFFERED
from models.store.unit_of_work import UnitOfWork
from models.worth import LEAST

_DONE = "EXISTS (SELECT 1 FROM statuses z WHERE z.document_id = d.id AND z.annotator_id = :me AND z.state = 'done')"
_WAITING = f"""
FROM json_each(:ids) i CROSS JOIN documents d ON d.id = i.value
CROSS JOIN suggestions s ON s.document_id = d.id AND s.text_seq = d.text_seq
WHERE d.removed IS NULL AND NOT {HIDDEN} AND {OFFERED} AND NOT {_DONE}
  AND NOT EXISTS (SELECT 1 FROM decisions c WHERE c.suggestion_id = s.id AND c.annotator_id = :me)"""


class Alike(NamedTuple):
    """So many suggestions of a document that wait for a decision and are alike."""

    document: str
    label: str
    source: str
    score: float
    number: int


class Waiting(NamedTuple):
    """A suggestion that waits for a decision."""

    document: str
    key: str
    label: str
    source: str
    score: float


def alike(reads: Reads, documents: Collection[str]) -> list[Alike]:
    """Return what waits for the present annotator in documents that they are not done with."""
    sql = f"SELECT d.id, s.label, s.source, s.score, count(*) {_WAITING} GROUP BY 1, 2, 3, 4"
    rows = reads.connection.execute(sql, {"ids": json.dumps(list(documents)), "me": reads.me})
    return [Alike(*row) for row in rows]


def waiting(reads: Reads, documents: Collection[str]) -> list[Waiting]:
    """Return each suggestion that waits for the present annotator in these documents, in the order of the text."""
    sql = f"SELECT d.id, s.id, s.label, s.source, s.score {_WAITING} ORDER BY i.key, s.start, s.id"
    rows = reads.connection.execute(sql, {"ids": json.dumps(list(documents)), "me": reads.me})
    return [Waiting(*row) for row in rows]


def decided(reads: Reads, keys: Iterable[str]) -> set[str]:
    """Return which of these suggestions the present annotator has decided on."""
    rows = reads.connection.execute(
        "SELECT c.suggestion_id FROM json_each(?) i CROSS JOIN decisions c ON c.suggestion_id = i.value "
        "WHERE c.annotator_id = ?",
        (json.dumps(list(keys)), reads.me),
    )
    return {row[0] for row in rows}


def lengths(reads: Reads, documents: Collection[str]) -> dict[str, int]:
    """Return the length of each document, in code points."""
    rows = reads.connection.execute(
        "SELECT d.id, d.length FROM json_each(?) i JOIN documents d ON d.id = i.value", (json.dumps(list(documents)),)
    )
    return dict(rows.fetchall())


def analysed_after(reads: Reads, document: str, limit: int) -> list[str]:
    """Return the next analysed documents behind one, by id."""
    sql = "SELECT document_id FROM analyses WHERE document_id > ? ORDER BY document_id LIMIT ?"
    return [row[0] for row in reads.connection.execute(sql, (document, limit))]


def unvalued(reads: Reads, limit: int) -> list[str]:
    """Return documents whose value was not worked out since they were analysed."""
    rows = reads.connection.execute("SELECT document_id FROM analyses WHERE value = 0 LIMIT ?", (limit,))
    return [row[0] for row in rows]


def most_valuable(reads: Reads, limit: int = 1, beside: str | None = None) -> list[str]:
    """Return the documents with the most to learn from, the best first, without ``beside`` and what is done."""
    sql = (
        "SELECT d.id FROM analyses a CROSS JOIN documents d ON d.id = a.document_id WHERE a.value > :least "
        f"AND d.removed IS NULL AND d.id IS NOT :beside AND NOT {_DONE} ORDER BY a.value DESC LIMIT :limit"
    )
    values = {"least": LEAST, "beside": beside, "me": reads.me, "limit": limit}
    return [row[0] for row in reads.connection.execute(sql, values)]


def put_values(work: UnitOfWork, values: Iterable[tuple[str, float]]) -> None:
    """Write down what documents are worth."""
    work.raw.executemany(
        "UPDATE analyses SET value = ? WHERE document_id = ?", [(value, document) for document, value in values]
    )
