"""Writing what an exchange file holds into a project that holds nothing yet, row by row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models.store.export_reads import EXCHANGE_META
from models.store.reads import Reads
from models.store.shown import OFFERED
from models.store.unit_of_work import UnitOfWork, to_json

Row = Mapping[str, Any]

COLUMNS = {
    "annotators": ("id", "kind", "name", "extra"),
    "runs": ("id", "pipeline", "version", "hash", "started", "extra"),
    "register": ("id", "label", "name", "aliases", "links", "extra"),
    "documents": (
        "id", "name", "title", "source", "publisher", "date", "language", "metadata", "fingerprint", "length",
        "text_seq", "furniture", "furniture_by", "imported", "revision", "extra", "split", "control", "assigned",
    ),
    "annotations": (
        "id", "kind", "document_id", "label", "start", "end", "spans", "exact", "prefix", "suffix", "head",
        "tail", "facets", "annotator_id", "state", "suggestion_id", "origin", "register", "note", "created",
        "modified", "revision", "orphan", "extra",
    ),
    "suggestions": (
        "document_id", "id", "text_seq", "run_seq", "kind", "label", "start", "end", "spans", "head", "tail",
        "facets", "score", "source",
    ),
    "decisions": (
        "id", "document_id", "suggestion_id", "suggestion", "label", "start", "end", "spans", "surface",
        "verdict", "scope", "result", "annotator_id", "at", "extra",
    ),
    "statuses": ("document_id", "annotator_id", "state", "at", "extra"),
    "tombstones": ("id", "kind", "document_id", "annotator_id", "at", "revision", "extra"),
    "notes": ("id", "document_id", "annotator_id", "text", "created", "modified", "revision", "extra"),
    "conflicts": ("id", "document_id", "body"),
    "effort": ("document_id", "annotator_id", "label", "action", "count", "keys", "ms"),
}  # fmt: skip
"""Table → the columns that a row of an exchange file names."""

_CONTENT = (
    "annotations", "decisions", "statuses", "notes", "tombstones", "suggestions", "analyses", "texts",
    "register", "runs", "label_sets", "conflicts", "effort",
)  # fmt: skip


def _statement(table: str) -> str:
    names = ",".join(f'"{name}"' for name in COLUMNS[table])
    places = ",".join(f":{name}" for name in COLUMNS[table])
    more = " ON CONFLICT(id) DO UPDATE SET kind = excluded.kind, name = excluded.name, extra = excluded.extra"
    return f"INSERT INTO {table}({names}) VALUES ({places})" + (more if table == "annotators" else "")


_STATEMENTS = {table: _statement(table) for table in COLUMNS}


def is_empty(reads: Reads) -> bool:
    """Whether a project holds no documents, removed ones included."""
    return reads.connection.execute("SELECT 1 FROM documents LIMIT 1").fetchone() is None


def clear(work: UnitOfWork) -> None:
    """Make an empty project bare: no label set, no runs, no leftovers. Its annotators stay.

    The history must have been closed: what it restores may be gone.
    """
    for table in _CONTENT:
        work.raw.execute(f"DELETE FROM {table}")
    work.raw.execute("INSERT INTO text_search(text_search) VALUES ('delete-all')")


def take_over(work: UnitOfWork, identity: str, name: str, labels: Mapping[str, Any], kept: Row) -> None:
    """Give the project the file's identity, name and label set, and keep what this version does not know."""
    facts = {"id": identity, "name": name, EXCHANGE_META: json.dumps(kept, ensure_ascii=False)}
    for key, value in facts.items():
        work.raw.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
    if not kept:
        work.raw.execute("DELETE FROM meta WHERE key = ?", (EXCHANGE_META,))
    work.raw.execute(
        "INSERT INTO label_sets(version, body, created) VALUES (?, ?, ?)",
        (labels["version"], to_json(labels), work.now),
    )


def insert(work: UnitOfWork, table: str, rows: Iterable[Row]) -> None:
    """Add rows to a table; a row names every column."""
    work.raw.executemany(_STATEMENTS[table], rows)


def insert_document(work: UnitOfWork, row: Row, text: str | None) -> int:
    """Add a document with its text and return the text's number."""
    cursor = work.raw.execute(
        "INSERT INTO texts(document_id, fingerprint, text) VALUES (?, ?, ?)",
        (row["id"], row["fingerprint"], text),
    )
    number = int(cursor.lastrowid or 0)
    work.raw.execute("INSERT INTO text_search(rowid, text) VALUES (?, ?)", (number, text or ""))
    insert(work, "documents", [{**row, "text_seq": number}])
    return number


def set_document_extra(work: UnitOfWork, document: str, extra: Row) -> None:
    """Keep what this version does not know of a document and its suggestions."""
    work.raw.execute("UPDATE documents SET extra = ? WHERE id = ?", (to_json(extra), document))


def insert_analysis(work: UnitOfWork, document: str, text: int, run: int, at: str) -> None:
    """Say that a run has analysed a document's text, after its suggestions are in."""
    work.raw.execute(
        "INSERT INTO analyses(document_id, text_seq, run_seq, suggestions, at) "
        f"VALUES (?1, ?2, ?3, (SELECT count(*) FROM suggestions s WHERE s.document_id = ?1 AND {OFFERED}), ?4)",
        (document, text, run, at),
    )


def run_numbers(work: UnitOfWork) -> dict[str, tuple[int, str, str]]:
    """Return run id → its number, its name with version, and when it started."""
    rows = work.raw.execute("SELECT id, seq, pipeline || ' ' || version, started FROM runs")
    return {identity: (seq, name, started) for identity, seq, name, started in rows}


def place(spans: Sequence[Sequence[int]]) -> dict[str, Any]:
    """Return spans as rows have them."""
    if not spans:
        return {"start": None, "end": None, "spans": None}
    return {
        "start": spans[0][0],
        "end": spans[-1][1],
        "spans": to_json([list(span) for span in spans]) if len(spans) > 1 else None,
    }
