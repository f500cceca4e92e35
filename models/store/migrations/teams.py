"""Schema 1 to 2: what teams need. Conflicts, effort, shared states, and who has which document.

Statements are written out: what this step makes must stay as it is when the tables change again.
"""

from __future__ import annotations

import sqlite3

_COLUMNS = (
    "split TEXT",
    "control INTEGER DEFAULT '0' NOT NULL",
    "assigned TEXT",
)

_TABLES = (
    "CREATE TABLE conflicts (seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, document_id TEXT, "
    "body TEXT NOT NULL, UNIQUE (id))",
    "CREATE INDEX conflicts_by_document ON conflicts (document_id)",
    "CREATE TABLE effort (document_id TEXT NOT NULL, annotator_id TEXT NOT NULL, label TEXT NOT NULL, "
    "action TEXT NOT NULL, count INTEGER DEFAULT '0' NOT NULL, keys INTEGER DEFAULT '0' NOT NULL, "
    "ms INTEGER DEFAULT '0' NOT NULL, PRIMARY KEY (document_id, annotator_id, label, action)) WITHOUT ROWID",
    "CREATE TABLE bases (seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, path TEXT NOT NULL, "
    "at TEXT NOT NULL)",
    "CREATE TABLE base_parts (base_seq INTEGER NOT NULL, document_id TEXT NOT NULL, hash TEXT NOT NULL, "
    "PRIMARY KEY (base_seq, document_id), FOREIGN KEY(base_seq) REFERENCES bases (seq)) WITHOUT ROWID",
    "CREATE INDEX base_parts_by_hash ON base_parts (hash)",
    "CREATE TABLE base_contents (hash TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (hash)) WITHOUT ROWID",
)

_RECORDED = {
    "documents": (
        "seq", "id", "name", "title", "source", "publisher", "date", "language", "metadata", "fingerprint", "length",
        "text_seq", "furniture", "furniture_by", "imported", "revision", "removed", "extra", "split", "control",
        "assigned",
    ),
    "conflicts": ("seq", "id", "document_id", "body"),
}  # fmt: skip


def migrate(connection: sqlite3.Connection) -> None:
    """Add the tables and columns, and record changes of them for undo."""
    for column in _COLUMNS:
        connection.execute(f"ALTER TABLE documents ADD COLUMN {column}")
    for statement in (*_TABLES, "CREATE INDEX controls ON documents (id, removed) WHERE control = 1"):
        connection.execute(statement)
    for table, columns in _RECORDED.items():
        for event, before, after, row in (
            ("INSERT", None, "new", "new"),
            ("UPDATE", "old", "new", "new"),
            ("DELETE", "old", None, "old"),
        ):
            name = f"record_{table}_{event.lower()}"
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
            connection.execute(
                f"CREATE TRIGGER {name} AFTER {event} ON {table} "
                "WHEN (SELECT change_set FROM recorder) IS NOT NULL BEGIN "
                "INSERT INTO changes(change_set, tbl, row, before, after) VALUES ("
                f"(SELECT change_set FROM recorder), '{table}', {row}.seq, "
                f"{_image(columns, before)}, {_image(columns, after)}); END"
            )


def _image(columns: tuple[str, ...], row: str | None) -> str:
    if row is None:
        return "NULL"
    pairs = ",".join(f"'{column}',{row}.\"{column}\"" for column in columns)
    return f"json_object({pairs})"
