"""Schema 2 to 3: what learning needs. Suggestions that others stand in front of, thresholds, and the memory's list.

Statements are written out: what this step makes must stay as it is when the tables change again.
"""

from __future__ import annotations

import sqlite3

_STATEMENTS = (
    "ALTER TABLE suggestions ADD COLUMN covered INTEGER DEFAULT '0' NOT NULL",
    "ALTER TABLE analyses ADD COLUMN value FLOAT DEFAULT '0' NOT NULL",
    "CREATE INDEX analyses_by_value ON analyses (value)",
    "CREATE TABLE thresholds (label TEXT NOT NULL, least FLOAT NOT NULL, PRIMARY KEY (label)) WITHOUT ROWID",
    "CREATE TABLE recall (subject TEXT NOT NULL, item TEXT NOT NULL, passed INTEGER DEFAULT '0' NOT NULL, "
    "PRIMARY KEY (subject, item)) WITHOUT ROWID",
    "CREATE INDEX annotations_by_quote ON annotations (exact, label, annotator_id, kind) WHERE kind != 'relation'",
    "CREATE INDEX decisions_by_surface ON decisions (surface, label, annotator_id) WHERE verdict != 'accepted'",
    "CREATE INDEX annotations_by_thing ON annotations (register, document_id) WHERE register IS NOT NULL",
)

_ONTO = "ON CONFLICT(subject, item) DO UPDATE SET passed = 0;"
_NOTE = "INSERT INTO recall(subject, item, passed)"
_QUOTE = (
    f"{_NOTE} SELECT 'quote', {{0}}.exact, 0 WHERE {{0}}.kind != 'relation' AND {{0}}.exact IS NOT NULL {_ONTO} "
    f"{_NOTE} SELECT 'pair', json_array({{0}}.label, h.exact, h.label, t.exact, t.label), 0 FROM annotations h "
    f"JOIN annotations t ON t.id = {{0}}.tail WHERE {{0}}.kind = 'relation' AND h.id = {{0}}.head {_ONTO}"
)
_SURFACE = (
    f"{_NOTE} SELECT CASE WHEN {{0}}.surface IS NULL THEN 'pair' ELSE 'surface' END, coalesce({{0}}.surface, ''), 0 "
    f"WHERE {{0}}.verdict != 'accepted' {_ONTO}"
)
_DOCUMENT = f"{_NOTE} VALUES ('document', {{0}}, 0) {_ONTO}"

_TRIGGERS = (
    ("annotations_insert", "AFTER INSERT ON annotations", _QUOTE.format("new")),
    ("annotations_delete", "AFTER DELETE ON annotations", _QUOTE.format("old")),
    (
        "annotations_update",
        "AFTER UPDATE OF exact, label, facets, head, tail, orphan, annotator_id ON annotations",
        f"{_QUOTE.format('old')} {_QUOTE.format('new')}",
    ),
    ("decisions_insert", "AFTER INSERT ON decisions", _SURFACE.format("new")),
    ("decisions_delete", "AFTER DELETE ON decisions", _SURFACE.format("old")),
    (
        "decisions_update",
        "AFTER UPDATE OF surface, label, verdict, scope, annotator_id ON decisions",
        f"{_SURFACE.format('old')} {_SURFACE.format('new')}",
    ),
    ("texts_insert", "AFTER INSERT ON texts", _DOCUMENT.format("new.document_id")),
    ("analyses_insert", "AFTER INSERT ON analyses", _DOCUMENT.format("new.document_id")),
    (
        "analyses_update",
        "AFTER UPDATE OF at, run_seq, text_seq ON analyses",
        _DOCUMENT.format("new.document_id"),
    ),
    (
        "documents_update",
        "AFTER UPDATE OF text_seq, removed, furniture ON documents",
        _DOCUMENT.format("new.id"),
    ),
)


def migrate(connection: sqlite3.Connection) -> None:
    """Add the columns, tables and triggers."""
    for statement in _STATEMENTS:
        connection.execute(statement)
    for name, when, body in _TRIGGERS:
        connection.execute(f"CREATE TRIGGER recall_{name} {when} BEGIN {body} END")
