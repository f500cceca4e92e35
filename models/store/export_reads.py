"""Reading a project for an exchange file: rows in the file's order, of one moment, never all at once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from models.errors import UserError
from models.store.project_file import fault
from models.store.reads import Reads

Row = Sequence[Any]

EXCHANGE_META = "exchange"
"""The key in ``meta`` of what an exchange file of a newer minor version held beside the lists."""

_SCOPE = (
    "(SELECT id FROM documents WHERE removed IS NULL "
    "AND (?1 IS NULL OR id IN (SELECT value FROM json_each(?1))))"
)

_DOCUMENT = (
    "SELECT d.id, d.name, d.title, d.source, d.publisher, d.date, d.language, d.metadata, d.fingerprint, "
    "d.length, d.furniture, d.furniture_by, d.imported, d.revision, d.extra, d.text_seq, t.text, a.run_seq, "
    "d.split, d.control, d.assigned "
    "FROM documents d JOIN texts t ON t.seq = d.text_seq "
    "LEFT JOIN analyses a ON a.document_id = d.id AND a.text_seq = d.text_seq WHERE d.id = ?"
)

_ANNOTATIONS = (
    'SELECT id, label, start, "end", spans, exact, prefix, suffix, facets, annotator_id, state, '
    "suggestion_id, origin, register, note, created, modified, revision, orphan, extra FROM annotations "
    'WHERE document_id = ? AND kind = ? ORDER BY start, "end", id'
)

_RELATIONS = (
    "SELECT r.id, r.label, r.head, r.tail, r.facets, r.annotator_id, r.state, r.suggestion_id, r.origin, "
    "r.register, r.note, r.created, r.modified, r.revision, r.extra, h.document_id, h.kind, h.label, "
    "h.exact, t.document_id, t.kind, t.label, t.exact FROM annotations r "
    "LEFT JOIN annotations h ON h.id = r.head LEFT JOIN annotations t ON t.id = r.tail "
    "WHERE r.document_id = ? AND r.kind = 'relation' "
    'ORDER BY h.start IS NULL, h.start, h."end", r.id'
)

_SUGGESTIONS = (
    'SELECT s.id, s.kind, s.label, s.start, s."end", s.spans, s.head, s.tail, s.facets, s.score, s.run_seq, '
    "s.source FROM suggestions s "
    "LEFT JOIN suggestions h ON h.document_id = s.document_id AND h.id = s.head "
    "WHERE s.document_id = ?1 AND s.text_seq = ?2 {judged}"
    'ORDER BY s.kind = \'relation\', coalesce(s.start, h.start), coalesce(s."end", h."end"), s.id'
)

_JUDGED = (
    "AND s.id IN (SELECT suggestion_id FROM decisions WHERE document_id = {document} "
    "UNION SELECT e.head FROM decisions c JOIN suggestions e ON e.document_id = c.document_id "
    "AND e.id = c.suggestion_id AND e.text_seq = s.text_seq WHERE c.document_id = {document} "
    "UNION SELECT e.tail FROM decisions c JOIN suggestions e ON e.document_id = c.document_id "
    "AND e.id = c.suggestion_id AND e.text_seq = s.text_seq WHERE c.document_id = {document}) "
)
"""What was judged, and the ends of judged relations, so that no end dangles."""

_GONE = (
    "NOT EXISTS (SELECT 1 FROM suggestions s JOIN documents d ON d.id = s.document_id "
    "AND d.text_seq = s.text_seq WHERE s.document_id = c.document_id AND s.id = c.suggestion_id)"
)
"""Of a decision ``c``: the present text no longer has what was judged."""

_DECISIONS = (
    "SELECT c.id, c.suggestion_id, c.verdict, c.scope, c.result, c.annotator_id, c.at, c.surface, c.extra, "
    'c.start, c."end", c.spans, c.suggestion, s.kind, s.label, s.start, s."end", s.spans, s.head, s.tail, '
    "s.facets, s.score, s.run_seq, s.source FROM decisions c "
    "LEFT JOIN suggestions s ON s.document_id = c.document_id "
    "AND s.id = c.suggestion_id AND s.text_seq = ?2 WHERE c.document_id = ?1 "
    'ORDER BY c.start IS NULL, c.start, c."end", c.id'
)


class RunRow(NamedTuple):
    """One pipeline run with the number that suggestions know it by."""

    seq: int
    id: str
    pipeline: str
    version: str
    hash: str
    started: str
    extra: str | None


class ExportReads:
    """What an export asks of a project; ``documents`` narrows it to these ids, None is the whole corpus."""

    def __init__(self, reads: Reads, documents: Sequence[str] | None, suggestions: bool) -> None:
        self._reads = reads
        self._connection = reads.connection
        self._scope = None if documents is None else json.dumps(sorted(set(documents)))
        self._unjudged = suggestions
        self._held: dict[str, frozenset[str]] | None = None
        """Inside a snapshot: table → documents that it holds anything of, as far as asked."""

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Hold one moment of the project, whatever other processes write meanwhile.

        Nothing may be written through the same connection until it is let go.
        """
        try:
            self._connection.execute("BEGIN")
            self._held = {}
            yield
        except sqlite3.Error as error:
            raise fault(error, self.path) from error
        finally:
            self._held = None
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")

    def _lacks(self, table: str, document: str) -> bool:
        """Whether a table is known to hold nothing of a document: most documents are asked for most lists in vain."""
        if self._held is None:
            return False
        if table not in self._held:
            rows = self._connection.execute(f"SELECT DISTINCT document_id FROM {table}")
            self._held[table] = frozenset(row[0] for row in rows)
        return document not in self._held[table]

    @property
    def path(self) -> Path:
        """The project file."""
        return Path(self._connection.execute("PRAGMA database_list").fetchone()[2])

    def is_project(self, path: Path) -> bool:
        """Whether ``path`` is the project file itself."""
        with suppress(OSError):
            return path.samefile(self.path)
        return False

    def _all(self, sql: str, *values: object) -> list[Row]:
        return self._connection.execute(sql, values).fetchall()

    def meta(self, key: str) -> str | None:
        """Return one fact about the project."""
        return self._reads.meta(key)

    def label_set(self) -> str:
        """Return the label set in force as JSON."""
        row = self._all("SELECT body FROM label_sets ORDER BY version DESC, seq DESC LIMIT 1")[0]
        return str(row[0])

    def annotators(self, also: str | None = None) -> list[Row]:
        """Return (id, kind, name, extra) of those whose work is exported or who are to do it, by id."""
        tables = ("annotations", "decisions", "statuses", "notes", "tombstones", "effort")
        named = " UNION ".join(
            [
                *(f"SELECT annotator_id FROM {table} WHERE document_id IN {_SCOPE}" for table in tables),
                f"SELECT one.value FROM documents d, json_each(d.assigned) one WHERE d.id IN {_SCOPE}",
            ]
        )
        sql = f"SELECT id, kind, name, extra FROM annotators WHERE id IN ({named}) OR id = ?2 ORDER BY id"
        return self._all(sql, self._scope, also)

    def runs(self) -> list[RunRow]:
        """Return every pipeline run by id."""
        rows = self._all("SELECT seq, id, pipeline, version, hash, started, extra FROM runs ORDER BY id")
        return [RunRow(*row) for row in rows]

    def register(self) -> list[Row]:
        """Return (id, label, name, aliases, links, extra) of the register by id."""
        return self._all("SELECT id, label, name, aliases, links, extra FROM register ORDER BY id")

    def removed(self) -> list[Row]:
        """Return (id, kind, annotator, at, revision, extra) of documents taken out of the corpus, by id."""
        if self._scope is not None:
            return []
        return self._all(
            "SELECT id, 'document', '', removed, revision, NULL FROM documents d WHERE removed IS NOT NULL "
            "AND NOT EXISTS (SELECT 1 FROM tombstones t WHERE t.id = d.id) "
            "UNION ALL SELECT id, kind, annotator_id, at, revision, extra FROM tombstones "
            "WHERE kind = 'document' ORDER BY 1"
        )

    def documents(self) -> list[str]:
        """Return the ids of the documents to export in the file's order."""
        rows = self._all(f"SELECT id FROM documents WHERE id IN {_SCOPE} ORDER BY name, id", self._scope)
        return [row[0] for row in rows]

    def counts(self) -> dict[str, int]:
        """Return how many records of each list inside documents there will be."""

        def one(sql: str) -> int:
            return int(self._all(f"SELECT count(*) {sql}", self._scope)[0][0])

        inside = f"document_id IN {_SCOPE}"
        by_kind = f"SELECT kind, count(*) FROM annotations WHERE {inside} GROUP BY kind"
        kinds = {kind: int(count) for kind, count in self._all(by_kind, self._scope)}
        judged = "" if self._unjudged else _JUDGED.format(document="s.document_id")
        present = one(
            "FROM suggestions s JOIN documents d ON d.id = s.document_id AND d.text_seq = s.text_seq "
            f"WHERE s.{inside} {judged}"
        )
        past = one(
            f"FROM (SELECT DISTINCT document_id, suggestion_id FROM decisions c WHERE {inside} AND {_GONE})"
        )
        spare = {name: one(f"FROM {name} WHERE {inside}") for name in ("conflicts", "effort")}
        return {name: count for name, count in spare.items() if count} | {
            "claims": kinds.get("claim", 0),
            "decisions": one(f"FROM decisions WHERE {inside}"),
            "deleted": one(f"FROM tombstones WHERE kind != 'document' AND {inside}"),
            "entities": kinds.get("entity", 0),
            "notes": one(f"FROM notes WHERE {inside}"),
            "relations": kinds.get("relation", 0),
            "status": one(f"FROM statuses WHERE {inside}"),
            "suggestions": present + past,
        }

    # One document -----------------------------------------------------------------------------------------

    def document(self, document: str) -> Row:
        """Return a document's row with its text and the run that analysed it.

        Raises:
            UserError: ``document.unknown``.
        """
        rows = self._all(_DOCUMENT, document)
        if not rows:
            raise UserError("document.unknown", document=document)
        return rows[0]

    def annotations(self, document: str, kind: str) -> Iterator[Row]:
        """Yield the entities or claims of a document by place, then id."""
        yield from self._connection.execute(_ANNOTATIONS, (document, kind))

    def relations(self, document: str) -> Iterator[Row]:
        """Yield the relations of a document, each with what is known of its ends."""
        yield from self._connection.execute(_RELATIONS, (document,))

    def suggestions(self, document: str, text: int) -> Iterator[Row]:
        """Yield the suggestions for a document's text, if asked for only those that were judged."""
        if self._lacks("suggestions", document):
            return
        judged = "" if self._unjudged else _JUDGED.format(document="?1")
        yield from self._connection.execute(_SUGGESTIONS.format(judged=judged), (document, text))

    def past_suggestions(self, document: str) -> Mapping[str, str]:
        """Return id → copy (JSON) of what was judged and is no longer suggested, by id."""
        if self._lacks("decisions", document):
            return {}
        rows = self._connection.execute(
            f"SELECT suggestion_id, suggestion FROM decisions c WHERE document_id = ? AND {_GONE} "
            "ORDER BY suggestion_id, id DESC",
            (document,),
        )
        return dict(rows)  # of several copies the one with the lowest id stays

    def decisions(self, document: str, text: int) -> Iterator[Row]:
        """Yield the decisions of a document, each with the suggestion as it stands now, if it does."""
        if not self._lacks("decisions", document):
            yield from self._connection.execute(_DECISIONS, (document, text))

    def statuses(self, document: str) -> list[Row]:
        """Return (annotator, state, at, extra) by annotator."""
        if self._lacks("statuses", document):
            return []
        return self._all(
            "SELECT annotator_id, state, at, extra FROM statuses WHERE document_id = ? ORDER BY annotator_id",
            document,
        )

    def deleted(self, document: str) -> list[Row]:
        """Return (id, kind, annotator, at, revision, extra) of what was deleted in a document, by id."""
        if self._lacks("tombstones", document):
            return []
        return self._all(
            "SELECT id, kind, annotator_id, at, revision, extra FROM tombstones "
            "WHERE document_id = ? AND kind != 'document' ORDER BY id",
            document,
        )

    def conflicts(self, document: str | None) -> list[str]:
        """Return the conflicts of a document, or of the project itself, as JSON, by id."""
        if document is not None and self._lacks("conflicts", document):
            return []
        rows = self._all("SELECT body FROM conflicts WHERE document_id IS ? ORDER BY id", document)
        return [row[0] for row in rows]

    def effort(self, document: str) -> list[Row]:
        """Return (annotator, label, action, count, keys, ms) of a document, in this order."""
        if self._lacks("effort", document):
            return []
        return self._all(
            "SELECT annotator_id, label, action, count, keys, ms FROM effort WHERE document_id = ? ORDER BY 1, 2, 3",
            document,
        )

    def notes(self, document: str) -> list[Row]:
        """Return (id, annotator, text, created, modified, revision, extra) of a document's notes, by id."""
        if self._lacks("notes", document):
            return []
        return self._all(
            "SELECT id, annotator_id, text, created, modified, revision, extra FROM notes "
            "WHERE document_id = ? ORDER BY id",
            document,
        )
