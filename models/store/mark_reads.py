"""Reading what a document shows: annotations and open suggestions, resolved against each other.

A suggestion is not shown as open where the present annotator has judged it (by id), where the same label on
the same place was rejected or already stands (whichever pipeline proposed it), or where a rejection that
covers the document or the corpus names its label and surface.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from models.marks import NO_FACETS, Mark, State
from models.spans import Span
from models.store.reads import Reads, parse_spans
from models.text import surface

_ANNOTATIONS = """
SELECT id, kind, label, start, "end", spans, state, suggestion_id, head, tail, facets, annotator_id, note, origin,
  orphan, exact FROM annotations"""

_SUGGESTIONS = """
SELECT s.id, s.kind, s.label, s.start, s."end", s.spans, s.head, s.tail, s.facets, s.score, s.run_seq, s.source,
  c.verdict, c.result
FROM suggestions s JOIN documents d ON d.id = s.document_id AND d.text_seq = s.text_seq
LEFT JOIN decisions c ON c.suggestion_id = s.id AND c.annotator_id = ?2
WHERE s.document_id = ?1
"""


class Rejection(NamedTuple):
    """A rejection that reaches further than one place: whichever document, or one, a label and a surface."""

    document: str | None
    label: str
    surface: str


def scoped_rejections(connection: sqlite3.Connection, annotator: str) -> frozenset[Rejection]:
    """Return the annotator's rejections for whole documents and for the corpus."""
    rows = connection.execute(
        "SELECT CASE scope WHEN 'document' THEN document_id END, label, surface FROM decisions "
        "WHERE scope != 'here' AND verdict = 'rejected' AND annotator_id = ? AND surface IS NOT NULL",
        (annotator,),
    )
    return frozenset(Rejection(*row) for row in rows)


class MarkReads:
    """The marks of documents, as the present annotator sees them."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self._connection = reads.connection

    def marks(self, document: str) -> list[Mark]:
        """Return every mark of a document, rejected ones included, in no particular order."""
        return self._read(document, None)

    def some(self, document: str, keys: Collection[str]) -> list[Mark]:
        """Return the marks with these keys; a key that shows nothing any more is left out."""
        return self._read(document, tuple(keys)) if keys else []

    def open_suggestions(self, document: str, label: str) -> list[Mark]:
        """Return the suggestions with ``label`` that nobody judged, those under a wider rejection included."""
        me = self._reads.me
        rows = [
            row for row in self._suggestion_rows(document, me, None) if row[2] == label and row[12] is None
        ]
        return self._suggestions(document, me, rows, set(), set(), ignore_scopes=True)

    def _read(self, document: str, keys: tuple[str, ...] | None) -> list[Mark]:
        me = self._reads.me
        rows = self._suggestion_rows(document, me, keys)
        starts = None if keys is None else {row[3] for row in rows if row[3] is not None}
        mine, others, standing = self._annotations(document, me, keys, starts)
        rejected = self._rejected_places(document, me, starts)
        found = self._suggestions(document, me, rows, {mark.key for mark in mine}, standing | rejected)
        return mine + others + found

    def _suggestion_rows(self, document: str, me: str, keys: tuple[str, ...] | None) -> list[Any]:
        if keys is None:
            return self._connection.execute(_SUGGESTIONS, (document, me)).fetchall()
        sql = f"{_SUGGESTIONS} AND s.id IN ({_places(keys)})"
        return self._connection.execute(sql, (document, me, *keys)).fetchall()

    def _annotations(
        self, document: str, me: str, keys: tuple[str, ...] | None, starts: Collection[int] | None
    ) -> tuple[list[Mark], list[Mark], set[tuple[Any, ...]]]:
        """Return the present annotator's marks, the others', and the places where the former stand."""
        sql, parameters = f"{_ANNOTATIONS} WHERE document_id = ?", [document]
        if keys is not None and starts is not None:
            # Those at the same places are read too: they decide whether a suggestion is still open.
            sql = (
                f"{_ANNOTATIONS} WHERE seq IN (SELECT seq FROM annotations WHERE id IN ({_places(keys)}) "
                f"UNION SELECT seq FROM annotations WHERE suggestion_id IN ({_places(keys)}) "
                f"UNION SELECT seq FROM annotations WHERE document_id = ? AND start IN ({_places(starts)}))"
            )
            parameters = [*keys, *keys, document, *starts]  # type: ignore[list-item]
        wanted = None if keys is None else set(keys)
        mine: list[Mark] = []
        others: list[Mark] = []
        standing: set[tuple[Any, ...]] = set()
        for row in self._connection.execute(sql, parameters):
            mark = _annotation_mark(row, me)
            if mark.annotator == me:
                standing.add((row[2], row[3], row[4]) if row[1] != "relation" else (row[2], row[8], row[9]))
            if wanted is None or mark.key in wanted or mark.annotation in wanted:
                (mine if mark.annotator == me else others).append(mark)
        return mine, others, standing

    def _rejected_places(
        self, document: str, me: str, starts: Collection[int] | None
    ) -> set[tuple[Any, ...]]:
        sql = (
            'SELECT label, start, "end" FROM decisions '
            "WHERE document_id = ? AND annotator_id = ? AND verdict = 'rejected' AND start "
        )
        sql += "IS NOT NULL" if starts is None else f"IN ({_places(starts)})"
        return set(self._connection.execute(sql, (document, me, *(starts or ()))))

    def _suggestions(
        self,
        document: str,
        me: str,
        rows: list[Any],
        shown: set[str],
        settled: set[tuple[Any, ...]],
        ignore_scopes: bool = False,
    ) -> list[Mark]:
        scoped = frozenset() if ignore_scopes else scoped_rejections(self._connection, me)
        text = self._reads.text(document) if scoped else ""
        pipelines = {number: f"{run.pipeline} {run.version}" for number, run in self._reads.runs().items()}
        sources: dict[tuple[int, str], str] = {}
        marks: list[Mark] = []
        for row in rows:
            key, kind, label, start, end, spans, head, tail, facets, score, run, rule, verdict, result = row
            if key in shown:
                continue
            place = (label, head, tail) if kind == "relation" else (label, start, end)
            state: State = "suggested"
            if verdict == "rejected":
                state = "rejected"
            elif verdict and result:
                continue  # judged, and the annotation that came of it is gone or shown elsewhere
            elif place in settled:
                continue
            elif (
                scoped and kind != "relation" and _covered(scoped, document, label, surface(text[start:end]))
            ):
                continue
            source = sources.get((run, rule))
            if source is None:
                source = sources[run, rule] = f"{pipelines[run]} · {rule}" if rule else pipelines[run]
            marks.append(
                Mark(
                    key, kind, label,
                    (Span(start, end),) if spans is None and start is not None else parse_spans(start, end, spans),
                    state, None, key, head, tail,
                    json.loads(facets) if facets else NO_FACETS,
                    score, source, me if verdict else None,
                )
            )  # fmt: skip
        return marks


def _places(values: Collection[object]) -> str:
    return ",".join("?" * len(values))


def _covered(scoped: frozenset[Rejection], document: str, label: str, words: str) -> bool:
    return Rejection(document, label, words) in scoped or Rejection(None, label, words) in scoped


def _annotation_mark(row: Sequence[Any], me: str) -> Mark:
    (annotation, kind, label, start, end, spans, state, suggestion, head, tail, facets, annotator, note, origin,
     orphan, exact) = row  # fmt: skip
    made = json.loads(origin)
    return Mark(
        key=suggestion if suggestion and annotator == me else annotation,
        kind=kind,
        label=label,
        spans=() if orphan else parse_spans(start, end, spans),
        state=state,
        annotation=annotation,
        suggestion=suggestion if annotator == me else None,
        head=head,
        tail=tail,
        facets=json.loads(facets) if facets else NO_FACETS,
        score=made.get("score"),
        source=made.get("source"),
        annotator=annotator,
        note=note,
        quote=tuple(json.loads(exact)) if exact else (),
    )
