"""Reading a project: plain SQL on the project's connection, immutable records out.

Reading needs no SQLAlchemy, so a window can show documents before it is loaded; opening a document with
20,000 marks stays a matter of milliseconds.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Collection, Sequence
from typing import Any

from models.annotations import Annotation, Annotator, Decision, Note
from models.documents import Document
from models.errors import UserError
from models.history import Focus, HistoryEntry
from models.labels import LabelSet, label_set
from models.spans import Span, Spans
from models.store.shown import HIDDEN
from models.suggestions import Run

KEPT_TEXTS = 3
"""How many texts read last are kept, so that a key press in a long document does not read it again."""

_DOCUMENT = f"""
SELECT d.id, d.name, d.title, d.source, d.publisher, d.date, d.language, d.metadata, d.fingerprint, d.length,
  d.furniture, d.revision,
  CASE WHEN {HIDDEN} THEN 0 ELSE coalesce(
    (SELECT suggestions FROM analyses a WHERE a.document_id = d.id AND a.text_seq = d.text_seq), 0) END,
  (SELECT count(*) FROM decisions c WHERE c.document_id = d.id AND c.annotator_id = :me),
  (SELECT count(*) FROM annotations n WHERE n.document_id = d.id AND n.annotator_id = :me),
  coalesce((SELECT state FROM statuses s WHERE s.document_id = d.id AND s.annotator_id = :me), 'open'),
  d.split, d.control, d.assigned
FROM documents d WHERE d.removed IS NULL
"""

_ANNOTATION = """
SELECT id, kind, document_id, label, start, "end", spans, exact, prefix, suffix, head, tail, facets,
  annotator_id, state, suggestion_id, origin, register, note, created, modified, revision, orphan
FROM annotations
"""


_ME = """
SELECT coalesce(
  (SELECT id FROM annotators WHERE id = m.value),
  (SELECT a.id FROM annotators a, json_each(a.extra, '$.also') other WHERE other.value = m.value),
  m.value
) FROM meta m WHERE m.key = 'annotator'
"""


def parse_spans(start: int | None, end: int | None, spans: str | None) -> Spans:
    """Return the spans of a row: ``spans`` as JSON where there are several, else the one extent."""
    if spans:
        return tuple(Span(a, b) for a, b in json.loads(spans))
    return () if start is None or end is None else (Span(start, end),)


_DECISION = """
SELECT id, document_id, suggestion_id, suggestion, verdict, scope, result, annotator_id, at FROM decisions
"""


def _decision(row: Sequence[Any]) -> Decision:
    return Decision._make((*row[:3], json.loads(row[3]), *row[4:]))


def _in_word(letter: str) -> bool:
    """Whether the search index counts a letter into words (see ``search_tables``)."""
    return unicodedata.category(letter) in ("Mn", "Co") or unicodedata.category(letter)[0] in "LN"


def _annotation(row: Sequence[Any]) -> Annotation:
    return Annotation._make(
        (
            *row[:4],
            parse_spans(row[4], row[5], row[6]),
            tuple(json.loads(row[7])) if row[7] else (),
            row[8] or "",
            row[9] or "",
            row[10],
            row[11],
            json.loads(row[12]) if row[12] else {},
            *row[13:16],
            json.loads(row[16]),
            *row[17:22],
            bool(row[22]),
        )
    )


def _document(row: Sequence[Any]) -> Document:
    furniture = tuple(Span(a, b) for a, b in json.loads(row[10]))
    *rest, control, assigned = row[11:]
    known = (*row[:7], json.loads(row[7]), row[8], row[9], furniture, *rest)
    return Document._make((*known, bool(control), tuple(json.loads(assigned or "[]"))))


class Reads:
    """What views and services ask of a project. Never changes anything."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._labels: tuple[int, str, LabelSet] | None = None
        self._texts: dict[tuple[int, str], str] = {}

    # The project itself -----------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """Return one fact about the project: id, name, created, annotator, or a setting of its own."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    @property
    def me(self) -> str:
        """The id of the present annotator, also where that one turned out to be somebody else (``also``)."""
        row = self.connection.execute(_ME).fetchone()
        return row[0] if row else ""

    def annotators(self) -> list[Annotator]:
        """Return everybody whose judgement the project holds."""
        return [Annotator(*row) for row in self.connection.execute("SELECT id, kind, name FROM annotators ORDER BY id")]

    def label_set(self) -> LabelSet:
        """Return the label set in its latest version."""
        seq, body = self.connection.execute(
            "SELECT seq, body FROM label_sets ORDER BY version DESC, seq DESC LIMIT 1"
        ).fetchone()
        if self._labels is None or self._labels[:2] != (seq, body):
            self._labels = (seq, body, label_set(json.loads(body)))
        return self._labels[2]

    def runs(self) -> dict[int, Run]:
        """Return every pipeline run by its number."""
        rows = self.connection.execute("SELECT seq, id, pipeline, version, hash, started FROM runs")
        return {seq: Run(*rest) for seq, *rest in rows}

    # Documents --------------------------------------------------------------------------------------------

    def documents(self, ids: Collection[str]) -> list[Document]:
        """Return these documents in the order given; unknown or removed ones are left out."""
        sql = f"{_DOCUMENT} AND d.id IN (SELECT value FROM json_each(:ids))"
        found = self.connection.execute(sql, {"me": self.me, "ids": json.dumps(list(ids))})
        rows = {row[0]: row for row in found}
        return [_document(rows[one]) for one in ids if one in rows]

    def document(self, document: str) -> Document:
        """Return one document.

        Raises:
            UserError: ``document.unknown``.
        """
        found = self.documents([document])
        if not found:
            raise UserError("document.unknown", document=document)
        return found[0]

    def has_document(self, document: str) -> bool:
        """Whether the corpus has this document (a removed one is out of it)."""
        sql = "SELECT 1 FROM documents WHERE id = ? AND removed IS NULL"
        return self.connection.execute(sql, (document,)).fetchone() is not None

    def text(self, document: str) -> str:
        """Return the present text, exactly as stored; empty where it was left out of an exchange."""
        row = self.connection.execute(
            "SELECT text_seq, fingerprint FROM documents WHERE id = ?", (document,)
        ).fetchone()
        if row is None:
            raise UserError("document.unknown", document=document)
        text = self._texts.pop(row, None)
        if text is None:
            found = self.connection.execute("SELECT text FROM texts WHERE seq = ?", row[:1]).fetchone()
            text = found[0] if found and found[0] else ""
            while len(self._texts) >= KEPT_TEXTS:
                self._texts.pop(next(iter(self._texts)))
        self._texts[row] = text
        return text

    def document_by_name(self, name: str) -> str | None:
        """Return the id of the document with this name, or None."""
        row = self.connection.execute("SELECT id FROM documents WHERE name = ? AND removed IS NULL", (name,)).fetchone()
        return row[0] if row else None

    # What is in a document --------------------------------------------------------------------------------

    def annotation(self, annotation: str) -> Annotation:
        """Return one annotation.

        Raises:
            UserError: ``annotation.unknown``.
        """
        row = self.connection.execute(_ANNOTATION + "WHERE id = ?", (annotation,)).fetchone()
        if row is None:
            raise UserError("annotation.unknown", annotation=annotation)
        return _annotation(row)

    def annotations(self, document: str, annotator: str | None = None) -> list[Annotation]:
        """Return a document's annotations, of one annotator or of all, in no particular order."""
        rows = self.connection.execute(
            _ANNOTATION + "WHERE document_id = ?1 AND (?2 IS NULL OR annotator_id = ?2)",
            (document, annotator),
        )
        return [_annotation(row) for row in rows]

    def relations_of(self, annotation: str) -> list[Annotation]:
        """Return the relations that begin or end at this annotation, from any document."""
        rows = self.connection.execute(_ANNOTATION + "WHERE head = ?1 OR tail = ?1", (annotation,))
        return [_annotation(row) for row in rows]

    def decisions(self, document: str) -> list[Decision]:
        """Return the decisions made in a document."""
        rows = self.connection.execute(_DECISION + "WHERE document_id = ?", (document,))
        return [_decision(row) for row in rows]

    def decided_places(self, document: str) -> list[tuple[str, Spans]]:
        """Return decision id and place of every decision that still has one, of all annotators."""
        rows = self.connection.execute(
            'SELECT id, start, "end", spans FROM decisions WHERE document_id = ? AND start IS NOT NULL',
            (document,),
        )
        return [(row[0], parse_spans(*row[1:])) for row in rows]

    def decisions_on(self, suggestion: str, annotator: str) -> list[Decision]:
        """Return an annotator's decisions on a suggestion: one, or more after a merge."""
        rows = self.connection.execute(
            _DECISION + "WHERE suggestion_id = ? AND annotator_id = ?", (suggestion, annotator)
        )
        return [_decision(row) for row in rows]

    def keys_at(self, document: str, start: int) -> list[str]:
        """Return the keys of annotations and suggestions that begin at ``start``."""
        rows = self.connection.execute(
            "SELECT coalesce(suggestion_id, id) FROM annotations WHERE document_id = ?1 AND start = ?2 "
            "UNION SELECT id FROM annotations WHERE document_id = ?1 AND start = ?2 "
            "UNION SELECT id FROM suggestions WHERE document_id = ?1 AND start = ?2",
            (document, start),
        )
        return [row[0] for row in rows]

    def is_suggested(self, document: str, suggestion: str) -> bool:
        """Whether a pipeline's present suggestions for a document hold this one."""
        sql = "SELECT 1 FROM suggestions WHERE document_id = ? AND id = ?"
        return self.connection.execute(sql, (document, suggestion)).fetchone() is not None

    def suggested_relations(self, document: str, ends: Collection[str]) -> list[str]:
        """Return the ids of suggested relations that begin or end at one of these suggestions."""
        rows = self.connection.execute(
            "WITH ends(id) AS (SELECT value FROM json_each(?2)) SELECT id FROM suggestions "
            "WHERE document_id = ?1 AND head IS NOT NULL AND (head IN ends OR tail IN ends)",
            (document, json.dumps(list(ends))),
        )
        return [row[0] for row in rows]

    def with_neighbours(self, document: str, keys: Collection[str]) -> set[str]:
        """Return the marks' keys, what they came from, and all suggestions that begin where they stand.

        What stands at a place may stand for them: a suggested relation that ends on one ends on the other.
        """
        rows = self.connection.execute(
            "WITH ends(id) AS (SELECT value FROM json_each(?2)), "
            "standing(at, came_from) AS (SELECT start, suggestion_id FROM annotations WHERE id IN ends UNION "
            "SELECT start, suggestion_id FROM annotations WHERE suggestion_id IN ends) "
            "SELECT id FROM suggestions WHERE document_id = ?1 AND start IN (SELECT at FROM standing) "
            "UNION SELECT came_from FROM standing WHERE came_from IS NOT NULL",
            (document, json.dumps(list(keys))),
        )
        return {*keys, *(row[0] for row in rows)}

    def documents_with(self, passage: str) -> list[str]:
        """Return the documents whose text may hold the words of ``passage`` in a row."""
        words = "".join(letter if _in_word(letter) else " " for letter in passage).split()
        if not words:
            return []
        rows = self.connection.execute(
            "SELECT d.id FROM text_search f JOIN documents d ON d.text_seq = f.rowid AND d.removed IS NULL "
            "WHERE text_search MATCH ? ORDER BY d.name, d.id",
            ('"' + " ".join(words) + '"',),
        )
        return [row[0] for row in rows]

    def notes(self, document: str) -> list[Note]:
        """Return the notes on a document, oldest first."""
        rows = self.connection.execute(
            "SELECT id, document_id, annotator_id, text, created, modified FROM notes WHERE document_id = ? "
            "ORDER BY created, id",
            (document,),
        )
        return [Note(*row) for row in rows]

    # The audit trail --------------------------------------------------------------------------------------

    def history(self, limit: int = 200, before: int | None = None, document: str | None = None) -> list[HistoryEntry]:
        """Return change sets, newest first; ``before`` pages back, ``document`` narrows to one document."""
        rows = self.connection.execute(
            "SELECT seq, command, data, document_id, focus, annotator_id, at, state, "
            "(SELECT count(*) FROM changes c WHERE c.change_set = s.seq) FROM change_sets s "
            "WHERE (?1 IS NULL OR seq < ?1) AND (?2 IS NULL OR document_id = ?2) ORDER BY seq DESC LIMIT ?3",
            (before, document, limit),
        )
        return [
            HistoryEntry(row[0], row[1], json.loads(row[2]), row[3], Focus(*json.loads(row[4] or "[]")), *row[5:])
            for row in rows
        ]

    def next_step(self, state: str) -> HistoryEntry | None:
        """Return the step that undo (``done``) or redo (``undone``) would move, or None."""
        order = "DESC" if state == "done" else "ASC"
        row = self.connection.execute(
            f"SELECT seq FROM change_sets WHERE state = ? ORDER BY seq {order} LIMIT 1", (state,)
        ).fetchone()
        return self.history(1, before=row[0] + 1)[0] if row else None
