"""Writing what a merge made of a project: row by row, and only rows that differ.

Rows come as :mod:`models.store.exchange_writes` takes them. What is written to recorded tables belongs to the
undo step; texts, suggestions, runs and effort stay when it is taken back, and wait to be done again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models.store.exchange_writes import COLUMNS, insert
from models.store.export_reads import EXCHANGE_META
from models.store.shown import OFFERED
from models.store.unit_of_work import UnitOfWork, to_json

Row = Mapping[str, Any]

_JSON = frozenset(
    ("metadata", "furniture", "assigned", "extra", "spans", "exact", "facets", "origin", "suggestion", "aliases",
     "links", "body")
)  # fmt: skip
"""Columns whose content counts, not how it is written."""

_KEYS: dict[str, tuple[str, ...]] = {
    "annotations": ("id",),
    "decisions": ("id",),
    "statuses": ("document_id", "annotator_id"),
    "notes": ("id",),
    "tombstones": ("id",),
    "conflicts": ("id",),
    "effort": ("document_id", "annotator_id", "label", "action"),
    "suggestions": ("document_id", "id"),
    "annotators": ("id",),
    "runs": ("id",),
    "register": ("id",),
}
"""Table → what tells its rows apart."""

IN_DOCUMENTS = (
    "annotations", "decisions", "statuses", "notes", "tombstones", "conflicts", "effort", "suggestions",
)  # fmt: skip
_OWN = {
    "tombstones": "document_id = ? AND kind != 'document'",
    "suggestions": "document_id = ?1 AND text_seq = (SELECT text_seq FROM documents WHERE id = ?1)",
}


def _differing(table: str, now: Row, wanted: Row) -> list[str]:
    """Return the columns in which two rows differ in content."""
    return [
        name
        for name in COLUMNS[table]
        if now[name] != wanted[name]
        and not (name in _JSON and now[name] and wanted[name] and json.loads(now[name]) == json.loads(wanted[name]))
    ]


def _found(work: UnitOfWork, table: str, where: str, *values: object) -> list[dict[str, Any]]:
    names = COLUMNS[table]
    columns = ",".join(f'"{name}"' for name in names)
    rows = work.raw.execute(f"SELECT {columns} FROM {table} WHERE {where}", values)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _match(work: UnitOfWork, table: str, where: str, scope: tuple[str, ...], wanted: Iterable[Row]) -> None:
    """Make the rows that ``where`` names, filled with ``scope``, equal to those wanted."""
    key = _KEYS[table]
    standing = {tuple(row[name] for name in key): row for row in _found(work, table, where, *scope)}
    test = " AND ".join(f'"{name}" = ?' for name in key)
    added = []
    for row in wanted:
        identity = tuple(row[name] for name in key)
        found = standing.pop(identity, None)
        if found is None:
            added.append(row)
        elif changed := _differing(table, found, row):
            updates = ",".join(f'"{name}" = ?' for name in changed)
            work.raw.execute(
                f"UPDATE {table} SET {updates} WHERE {test}", [*(row[name] for name in changed), *identity]
            )
    work.raw.executemany(f"DELETE FROM {table} WHERE {test}", standing)
    insert(work, table, added)


# A document -------------------------------------------------------------------------------------------------


def place_document(work: UnitOfWork, row: Row) -> None:
    """Write a document's own row, which names its text; one that was taken out of the corpus is in it again."""
    standing = work.raw.execute("SELECT removed FROM documents WHERE id = ?", (row["id"],)).fetchone()
    if standing is None:
        insert(work, "documents", [row])
        return
    (found,) = _found(work, "documents", "id = ?", row["id"])
    changed = _differing("documents", found, row)
    if changed or standing[0] is not None:
        updates = ",".join([*(f'"{name}" = ?' for name in changed), "removed = NULL"])
        work.raw.execute(f"UPDATE documents SET {updates} WHERE id = ?", [*(row[name] for name in changed), row["id"]])


def store_text(work: UnitOfWork, document: str, print_: str, text: str | None) -> int:
    """Return the number of a document's text, stored now unless the project has it.

    A new text is not searchable before :func:`models.store.writes.make_searchable`.
    """
    known = work.raw.execute(
        "SELECT seq FROM texts WHERE document_id = ?1 AND fingerprint = ?2 AND (?3 OR text IS NOT NULL) "
        "ORDER BY seq = (SELECT text_seq FROM documents WHERE id = ?1) DESC, seq DESC",
        (document, print_, text is None),
    ).fetchone()
    if known:
        return int(known[0])
    cursor = work.raw.execute(
        "INSERT INTO texts(document_id, fingerprint, text) VALUES (?, ?, ?)", (document, print_, text)
    )
    return int(cursor.lastrowid or 0)


def last_text(work: UnitOfWork) -> int:
    """Return the number of the text stored last."""
    return int(work.raw.execute("SELECT coalesce(max(seq), 0) FROM texts").fetchone()[0])


def fill_document(work: UnitOfWork, document: str, rows: Mapping[str, Sequence[Row]]) -> None:
    """Make everything in a document equal to these rows, table by table."""
    for table in IN_DOCUMENTS:
        _match(work, table, _OWN.get(table, "document_id = ?"), (document,), rows.get(table, ()))


def set_analysis(work: UnitOfWork, document: str, text: int, run: int | None, at: str) -> None:
    """Say which run's suggestions for the document's text are complete, None where none are."""
    standing = work.raw.execute("SELECT text_seq, run_seq FROM analyses WHERE document_id = ?", (document,)).fetchone()
    if run is None:
        if standing:
            work.raw.execute("DELETE FROM analyses WHERE document_id = ?", (document,))
        return
    work.raw.execute(
        "INSERT INTO analyses(document_id, text_seq, run_seq, suggestions, at) "
        "VALUES (?1, ?2, ?3, "
        f"(SELECT count(*) FROM suggestions s WHERE s.document_id = ?1 AND s.text_seq = ?2 AND {OFFERED}), ?4) "
        "ON CONFLICT(document_id) DO UPDATE SET text_seq = excluded.text_seq, run_seq = excluded.run_seq, "
        "suggestions = excluded.suggestions, value = 0, "
        "at = CASE WHEN run_seq = excluded.run_seq THEN at ELSE excluded.at END",
        (document, text, run, at),
    )


# The project ------------------------------------------------------------------------------------------------


def match_top(work: UnitOfWork, rows: Mapping[str, Sequence[Row]]) -> None:
    """Make the register and the project's own conflicts equal to these rows; add and change annotators and runs."""
    _match(work, "register", "1", (), rows.get("register", ()))
    _match(work, "conflicts", "document_id IS NULL", (), rows.get("conflicts", ()))
    for table in ("annotators", "runs"):
        wanted = rows.get(table, ())
        known = json.dumps([row["id"] for row in wanted])
        _match(work, table, "id IN (SELECT value FROM json_each(?))", (known,), wanted)


def forget_runs(work: UnitOfWork, rows: Sequence[Row]) -> None:
    """Take away the runs that are not among these and that proposed nothing which is still there."""
    work.raw.execute(
        "DELETE FROM runs WHERE id NOT IN (SELECT value FROM json_each(?)) "
        "AND seq NOT IN (SELECT run_seq FROM suggestions) AND seq NOT IN (SELECT run_seq FROM analyses)",
        (json.dumps([row["id"] for row in rows]),),
    )


def forget_annotators(work: UnitOfWork, others: Mapping[str, str]) -> None:
    """Take away annotators who turned out to be somebody else, id by id; documents taken out name those, too."""
    for other, keep in others.items():
        for table in ("annotations", "decisions", "statuses", "notes", "tombstones"):
            work.raw.execute(f"UPDATE OR IGNORE {table} SET annotator_id = ?2 WHERE annotator_id = ?1", (other, keep))
        work.raw.execute("DELETE FROM statuses WHERE annotator_id = ?", (other,))
        work.raw.execute("DELETE FROM annotators WHERE id = ?", (other,))


def match_removed(work: UnitOfWork, rows: Sequence[Row]) -> None:
    """Take out of the corpus the documents that these tombstones name; keep those of documents never seen."""
    standing = {row[0] for row in work.raw.execute("SELECT id FROM documents")}
    for row in rows:
        if row["id"] in standing:
            work.raw.execute(
                "UPDATE documents SET removed = ?2, revision = ?3 "
                "WHERE id = ?1 AND (removed IS NOT ?2 OR revision != ?3)",
                (row["id"], row["at"], row["revision"]),
            )
    bare = [row for row in rows if row["id"] not in standing or row["annotator_id"] or row["extra"]]
    _match(work, "tombstones", "kind = 'document'", (), bare)


def set_label_set(work: UnitOfWork, labels: Mapping[str, Any]) -> bool:
    """Put a label set in force unless it is already; return whether it was not."""
    (body,) = work.raw.execute("SELECT body FROM label_sets ORDER BY version DESC, seq DESC LIMIT 1").fetchone()
    if json.loads(body) == labels:
        return False
    work.raw.execute(
        "INSERT INTO label_sets(version, body, created) VALUES (?, ?, ?)",
        (labels["version"], to_json(labels), work.now),
    )
    return True


def set_project(work: UnitOfWork, name: str, kept: Row) -> None:
    """Keep the project's name, and what this version does not know of it."""
    facts = {"name": name, EXCHANGE_META: json.dumps(kept, ensure_ascii=False) if kept else None}
    for key, value in facts.items():
        if value is None:
            work.raw.execute("DELETE FROM meta WHERE key = ?", (key,))
        else:
            work.raw.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def name_base(work: UnitOfWork, base: int) -> None:
    """Say with the undo step which base its merge left, so that the base does not count while it is undone."""
    work.raw.execute("UPDATE change_sets SET data = json_set(data, '$.base', ?) WHERE seq = ?", (base, work.change_set))
