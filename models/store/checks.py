"""Looking a whole project through: SQLite's own checks, and what the tables promise each other."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from models.errors import KuratorError
from models.ids import fingerprint
from models.spans import anchor, check_spans
from models.store.reads import Reads, parse_spans
from models.store.shown import OFFERED

LIMIT = 100
"""The most findings of one kind that are listed."""


class Finding(NamedTuple):
    """Something that is not as it should be; ``code`` is a key of the message catalogue."""

    code: str
    details: Mapping[str, Any]


class Rule(NamedTuple):
    """A promise as a query that finds its breaches; its columns fill the sentence's places."""

    code: str
    names: tuple[str, ...]
    sql: str


# Texts and suggestions of a document whose coming was undone wait for it to be done again.
RULES: tuple[Rule, ...] = (
    Rule(
        "check.relation-end",
        ("annotation", "end"),
        "SELECT r.id, e.value FROM annotations r, json_each(json_array(r.head, r.tail)) e "
        "WHERE r.kind = 'relation' AND NOT EXISTS (SELECT 1 FROM annotations a WHERE a.id = e.value)",
    ),
    Rule(
        "check.decision-result",
        ("decision", "annotation"),
        "SELECT id, result FROM decisions d WHERE (result IS NULL) != (verdict = 'rejected') "
        "OR (result IS NOT NULL AND NOT EXISTS (SELECT 1 FROM annotations a WHERE a.id = d.result) "
        "AND NOT EXISTS (SELECT 1 FROM tombstones t WHERE t.id = d.result))",
    ),
    Rule(
        "check.document-missing",
        ("table", "document"),
        "SELECT t, d FROM (SELECT 'annotations' t, document_id d FROM annotations UNION "
        "SELECT 'decisions', document_id FROM decisions UNION "
        "SELECT 'suggestions', document_id FROM suggestions UNION "
        "SELECT 'statuses', document_id FROM statuses UNION SELECT 'notes', document_id FROM notes "
        "UNION SELECT 'texts', document_id FROM texts) WHERE d NOT IN (SELECT id FROM documents) "
        "AND NOT (t IN ('suggestions', 'texts') AND d IN "
        "(SELECT json_extract(after, '$.id') FROM changes WHERE tbl = 'documents' AND before IS NULL))",
    ),
    Rule(
        "check.annotator-missing",
        ("table", "annotator"),
        "SELECT t, a FROM (SELECT 'annotations' t, annotator_id a FROM annotations UNION "
        "SELECT 'decisions', annotator_id FROM decisions UNION SELECT 'statuses', annotator_id FROM statuses "
        "UNION SELECT 'notes', annotator_id FROM notes "
        "UNION SELECT 'meta', value FROM meta WHERE key = 'annotator') "
        "WHERE a NOT IN (SELECT id FROM annotators) AND NOT (t = 'meta' AND a IN "
        "(SELECT other.value FROM annotators, json_each(extra, '$.also') other))",
    ),
    Rule(
        "check.thing-missing",
        ("annotation", "thing"),
        "SELECT id, register FROM annotations WHERE register IS NOT NULL AND register NOT IN (SELECT id FROM register)",
    ),
    Rule(
        "check.text-missing",
        ("document",),
        "SELECT name FROM documents d WHERE NOT EXISTS "
        "(SELECT 1 FROM texts t WHERE t.seq = d.text_seq AND t.document_id = d.id)",
    ),
    Rule(
        "check.suggestion-outside",
        ("document", "suggestion"),
        "SELECT d.name, s.id FROM suggestions s "
        "JOIN documents d ON d.id = s.document_id AND d.text_seq = s.text_seq "
        'WHERE s.kind != \'relation\' AND NOT (s.start >= 0 AND s.start < s."end" AND s."end" <= d.length)',
    ),
    Rule(
        "check.suggestion-end",
        ("document", "suggestion"),
        "SELECT d.name, s.id FROM suggestions s JOIN documents d ON d.id = s.document_id "
        "WHERE s.kind = 'relation' AND (SELECT count(*) FROM suggestions e "
        "WHERE e.document_id = s.document_id AND e.id IN (s.head, s.tail)) < 1 + (s.head != s.tail)",
    ),
    Rule(
        "check.count",
        ("document", "told", "found"),
        "SELECT d.name, a.suggestions, "
        "(SELECT count(*) FROM suggestions s WHERE s.document_id = a.document_id AND s.text_seq = a.text_seq "
        f"AND {OFFERED}) AS found "
        "FROM analyses a JOIN documents d ON d.id = a.document_id WHERE a.suggestions != found",
    ),
    Rule(
        "check.history",
        ("change_set",),
        "SELECT seq FROM change_sets WHERE NOT json_valid(data) OR NOT json_valid(coalesce(focus, '[]')) "
        "UNION SELECT change_set FROM changes WHERE coalesce(before, after) IS NULL "
        "OR NOT json_valid(coalesce(before, '{}')) OR NOT json_valid(coalesce(after, '{}'))",
    ),
    Rule("check.recorder", (), "SELECT 1 FROM recorder WHERE change_set IS NOT NULL"),
    Rule(
        "check.annotation-search",
        ("annotation",),
        "SELECT a.id FROM annotations a LEFT JOIN annotation_search f ON f.rowid = a.seq "
        "WHERE f.rowid IS NULL UNION "
        "SELECT f.rowid FROM annotation_search f WHERE f.rowid NOT IN (SELECT seq FROM annotations)",
    ),
)


def sqlite_findings(reads: Reads) -> Iterator[Finding]:
    """Yield what SQLite itself finds wrong: pages, indexes, foreign keys."""
    for (said,) in reads.connection.execute(f"PRAGMA integrity_check({LIMIT})"):
        if said != "ok":
            yield Finding("check.integrity", {"reason": said})
    for row in reads.connection.execute("PRAGMA foreign_key_check").fetchmany(LIMIT):
        yield Finding("check.foreign-key", {"table": row[0], "row": row[1], "other": row[2]})


def rule_findings(reads: Reads) -> Iterator[Finding]:
    """Yield breaches of :data:`RULES`."""
    for rule in RULES:
        for row in reads.connection.execute(rule.sql).fetchmany(LIMIT):
            yield Finding(rule.code, dict(zip(rule.names, row, strict=False)))


def label_findings(reads: Reads) -> Iterator[Finding]:
    """Yield labels that the label set does not know, or knows as something else."""
    kinds = reads.label_set().kinds
    rows = reads.connection.execute(
        "SELECT label, kind, count(*) FROM annotations GROUP BY 1, 2 UNION ALL "
        "SELECT label, kind, count(*) FROM suggestions GROUP BY 1, 2"
    )
    for label, kind, count in rows:
        if kinds.get(label) != kind:
            yield Finding("check.label", {"label": label, "kind": kind, "count": count})


def search_findings(reads: Reads) -> Iterator[Finding]:
    """Yield whether the full-text index differs from the texts; needs a project that can be written."""
    try:
        reads.connection.execute("INSERT INTO text_search(text_search, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        if "locked" not in str(error) and "busy" not in str(error):
            yield Finding("check.text-search", {"reason": str(error)})


def document_findings(
    reads: Reads, progress: Callable[[int, int], None], cancelled: Callable[[], bool]
) -> Iterator[Finding]:
    """Yield what is wrong inside documents: fingerprints, lengths, furniture, and anchors."""
    rows = reads.connection.execute(
        "SELECT d.id, d.name, d.fingerprint, d.length, d.furniture, t.text FROM documents d "
        "JOIN texts t ON t.seq = d.text_seq"
    )
    total = reads.connection.execute("SELECT count(*) FROM documents").fetchone()[0]
    for number, (document, name, print_, length, furniture, text) in enumerate(rows):
        if cancelled():
            return
        if text is not None:
            if fingerprint(text) != print_ or len(text) != length:
                yield Finding("check.text-differs", {"document": name})
            yield from _anchors(reads, document, name, text)
        if not _inside(furniture, length):
            yield Finding("check.furniture", {"document": name})
        progress(number + 1, total)


def _inside(furniture: str, length: int) -> bool:
    try:
        blocks = json.loads(furniture)
        if blocks:
            check_spans(blocks, length)
    except (ValueError, TypeError, KuratorError):
        return False
    return True


def _anchors(reads: Reads, document: str, name: str, text: str) -> Iterator[Finding]:
    rows = reads.connection.execute(
        'SELECT id, start, "end", spans, exact, prefix, suffix FROM annotations '
        "WHERE document_id = ? AND kind != 'relation' AND NOT orphan",
        (document,),
    )
    for annotation, start, end, spans, exact, prefix, suffix in rows:
        try:
            placed = check_spans(parse_spans(start, end, spans), len(text))
            kept = (tuple(json.loads(exact or "[]")), prefix or "", suffix or "")
        except (ValueError, TypeError, KuratorError):
            yield Finding("check.annotation-outside", {"document": name, "annotation": annotation})
            continue
        found = anchor(text, placed)
        if kept != (found.exact, found.prefix, found.suffix):
            yield Finding("check.anchor", {"document": name, "annotation": annotation})


def explained(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield findings; where the file cannot be read on, that is the last of them."""
    try:
        yield from findings
    except sqlite3.Error as error:
        yield Finding("check.unreadable", {"reason": str(error)})
