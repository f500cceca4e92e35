"""Reading a project: plain SQL on the project's connection, immutable records out.

Reading needs no SQLAlchemy, so a window can show documents before it is loaded; opening a document with
20,000 marks stays a matter of milliseconds.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from typing import Any

from models.annotations import Annotation, Annotator, Decision, Note
from models.documents import Document
from models.errors import UserError
from models.history import Focus, HistoryEntry
from models.labels import LabelSet, label_set
from models.spans import Span, Spans
from models.suggestions import Run

_DOCUMENT = """
SELECT d.id, d.name, d.title, d.source, d.publisher, d.date, d.language, d.metadata, d.fingerprint, d.length,
  d.furniture, d.revision,
  coalesce((SELECT suggestions FROM analyses a WHERE a.document_id = d.id AND a.text_seq = d.text_seq), 0),
  (SELECT count(*) FROM decisions c WHERE c.document_id = d.id AND c.annotator_id = :me),
  (SELECT count(*) FROM annotations n WHERE n.document_id = d.id AND n.annotator_id = :me),
  coalesce((SELECT state FROM statuses s WHERE s.document_id = d.id AND s.annotator_id = :me), 'open')
FROM documents d WHERE d.removed IS NULL
"""

_ANNOTATION = """
SELECT id, kind, document_id, label, start, "end", spans, exact, prefix, suffix, head, tail, facets,
  annotator_id, state, suggestion_id, origin, register, note, created, modified, revision, orphan FROM annotations
"""


def parse_spans(start: int | None, end: int | None, spans: str | None) -> Spans:
    """Return the spans of a row: ``spans`` as JSON where there are several, else the one extent."""
    if spans:
        return tuple(Span(a, b) for a, b in json.loads(spans))
    return () if start is None or end is None else (Span(start, end),)


def _annotation(row: Sequence[Any]) -> Annotation:
    return Annotation(
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


def _document(row: Sequence[Any]) -> Document:
    furniture = tuple(Span(a, b) for a, b in json.loads(row[10]))
    return Document(*row[:7], json.loads(row[7]), row[8], row[9], furniture, *row[11:])


class Reads:
    """What views and services ask of a project. Never changes anything."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    # The project itself -----------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """Return one fact about the project: id, name, created, annotator, and settings that travel with it."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    @property
    def me(self) -> str:
        """The id of the present annotator."""
        return self.meta("annotator") or ""

    def annotators(self) -> list[Annotator]:
        """Return everybody whose judgement the project holds."""
        return [
            Annotator(*row)
            for row in self.connection.execute("SELECT id, kind, name FROM annotators ORDER BY id")
        ]

    def label_set(self) -> LabelSet:
        """Return the label set in its latest version."""
        row = self.connection.execute(
            "SELECT seq, body FROM label_sets ORDER BY version DESC LIMIT 1"
        ).fetchone()
        cached: tuple[int, str, LabelSet] | None = self.__dict__.get("_labels")
        if cached is None or cached[:2] != tuple(row):
            cached = (row[0], row[1], label_set(json.loads(row[1])))
            self.__dict__["_labels"] = cached
        return cached[2]

    def runs(self) -> dict[int, Run]:
        """Return every pipeline run by its number."""
        rows = self.connection.execute("SELECT seq, id, pipeline, version, hash, started FROM runs")
        return {seq: Run(*rest) for seq, *rest in rows}

    # Documents --------------------------------------------------------------------------------------------

    def documents(self, ids: Collection[str]) -> list[Document]:
        """Return these documents in the order given; unknown or removed ones are left out."""
        places = ",".join("?" * len(ids))
        sql = _DOCUMENT.replace(":me", "?1") + f" AND d.id IN ({places})"
        rows = {row[0]: row for row in self.connection.execute(sql, (self.me, *ids))}
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

    def text(self, document: str) -> str:
        """Return the document's present text, exactly as stored; empty where it was left out of an exchange."""
        row = self.connection.execute(
            "SELECT t.text FROM documents d JOIN texts t ON t.seq = d.text_seq WHERE d.id = ?", (document,)
        ).fetchone()
        if row is None:
            raise UserError("document.unknown", document=document)
        return row[0] or ""

    def document_by_name(self, name: str) -> str | None:
        """Return the id of the document with this name, or None."""
        row = self.connection.execute(
            "SELECT id FROM documents WHERE name = ? AND removed IS NULL", (name,)
        ).fetchone()
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
        rows = self.connection.execute(
            "SELECT id, document_id, suggestion_id, suggestion, verdict, scope, result, annotator_id, at "
            "FROM decisions WHERE document_id = ?",
            (document,),
        )
        return [Decision(*row[:3], json.loads(row[3]), *row[4:]) for row in rows]

    def decisions_on(self, suggestion: str, annotator: str) -> list[str]:
        """Return the ids of an annotator's decisions on a suggestion."""
        rows = self.connection.execute(
            "SELECT id FROM decisions WHERE suggestion_id = ? AND annotator_id = ?", (suggestion, annotator)
        )
        return [row[0] for row in rows]

    def keys_at(self, document: str, start: int) -> list[str]:
        """Return the keys of annotations and suggestions that begin at ``start``."""
        rows = self.connection.execute(
            "SELECT coalesce(suggestion_id, id) FROM annotations WHERE document_id = ?1 AND start = ?2 "
            "UNION SELECT id FROM annotations WHERE document_id = ?1 AND start = ?2 "
            "UNION SELECT id FROM suggestions WHERE document_id = ?1 AND start = ?2",
            (document, start),
        )
        return [row[0] for row in rows]

    def suggested_relations(self, document: str, end: str, label: str | None = None) -> list[str]:
        """Return the ids of suggested relations of a document that begin or end at a mark's key."""
        rows = self.connection.execute(
            "SELECT id FROM suggestions WHERE document_id = ?1 AND kind = 'relation' AND (head = ?2 OR tail = ?2) "
            "AND (?3 IS NULL OR label = ?3)",
            (document, end, label),
        )
        return [row[0] for row in rows]

    def documents_with(self, passage: str) -> list[str]:
        """Return the documents whose text may hold the words of ``passage`` in a row."""
        words = "".join(letter if letter.isalnum() else " " for letter in passage).split()
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

    def history(
        self, limit: int = 200, before: int | None = None, document: str | None = None
    ) -> list[HistoryEntry]:
        """Return change sets, newest first; ``before`` pages back, ``document`` narrows to one document."""
        rows = self.connection.execute(
            "SELECT seq, command, data, document_id, focus, annotator_id, at, state, "
            "(SELECT count(*) FROM changes c WHERE c.change_set = s.seq) FROM change_sets s "
            "WHERE (?1 IS NULL OR seq < ?1) AND (?2 IS NULL OR document_id = ?2) ORDER BY seq DESC LIMIT ?3",
            (before, document, limit),
        )
        return [
            HistoryEntry(
                row[0], row[1], json.loads(row[2]), row[3], Focus(*json.loads(row[4] or "[]")), *row[5:]
            )
            for row in rows
        ]

    def next_step(self, state: str) -> HistoryEntry | None:
        """Return the step that undo (``done``) or redo (``undone``) would move, or None."""
        order = "DESC" if state == "done" else "ASC"
        row = self.connection.execute(
            f"SELECT seq FROM change_sets WHERE state = ? ORDER BY seq {order} LIMIT 1", (state,)
        ).fetchone()
        return self.history(1, before=row[0] + 1)[0] if row else None
