"""The triggers that note what the memory has to look at again: in the transaction that changed it, whoever made it.

Undo, imports and merges are caught like key presses. A form is noted where an annotation of it or a decision
against it comes, goes or changes; a pair, where a relation does; a document, where it gets a text, is analysed, or
comes back into the corpus.
"""

from collections.abc import Iterator

# An upsert, since the statement that fires a trigger decides what OR REPLACE in it would mean.
_NOTE = "INSERT INTO recall(subject, item, passed) {0} ON CONFLICT(subject, item) DO UPDATE SET passed = 0;"

_QUOTED = "SELECT 'quote', {0}.exact, 0 WHERE {0}.kind != 'relation' AND {0}.exact IS NOT NULL"
_JUDGED = (
    "SELECT CASE WHEN {0}.surface IS NULL THEN 'pair' ELSE 'surface' END, coalesce({0}.surface, ''), 0 "
    "WHERE {0}.verdict != 'accepted'"
)
_PAIRED = (
    "SELECT 'pair', json_array({0}.label, h.exact, h.label, t.exact, t.label), 0 FROM annotations h "
    "JOIN annotations t ON t.id = {0}.tail WHERE {0}.kind = 'relation' AND h.id = {0}.head"
)

_FORMS = (
    ("annotations", "exact, label, facets, head, tail, orphan, annotator_id", (_QUOTED, _PAIRED)),
    ("decisions", "surface, label, verdict, scope, annotator_id", (_JUDGED,)),
)

_DOCUMENTS = (
    ("texts", "insert", "AFTER INSERT ON texts", "new.document_id"),
    ("analyses", "insert", "AFTER INSERT ON analyses", "new.document_id"),
    ("analyses", "update", "AFTER UPDATE OF at, run_seq, text_seq ON analyses", "new.document_id"),
    ("documents", "update", "AFTER UPDATE OF text_seq, removed, furniture ON documents", "new.id"),
)


def triggers() -> Iterator[str]:
    """Yield the statements that make the triggers."""
    for table, columns, selects in _FORMS:
        old, new = (" ".join(_NOTE.format(select.format(row)) for select in selects) for row in ("old", "new"))
        yield f"CREATE TRIGGER recall_{table}_insert AFTER INSERT ON {table} BEGIN {new} END"
        yield f"CREATE TRIGGER recall_{table}_delete AFTER DELETE ON {table} BEGIN {old} END"
        yield f"CREATE TRIGGER recall_{table}_update AFTER UPDATE OF {columns} ON {table} BEGIN {old} {new} END"
    for table, event, when, document in _DOCUMENTS:
        note = _NOTE.format(f"VALUES ('document', {document}, 0)")
        yield f"CREATE TRIGGER recall_{table}_{event} {when} BEGIN {note} END"
