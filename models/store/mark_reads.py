"""Reading what a document shows: annotations and open suggestions, resolved against each other.

A suggestion is not shown as open where the present annotator has judged it (by id), where the same label on
the same place was rejected or already stands (whichever pipeline proposed it), or where a rejection that
covers the document or the corpus names its label and surface. Only what is offered shows; none is shown in a
control that the annotator has yet to be done with (:mod:`models.store.shown`). A suggested relation ends on what
stands in place of a suggestion that is not shown; where nothing stands there, it is not shown either.
"""

from __future__ import annotations

import gc
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from models.marks import NO_FACETS, Mark, State
from models.spans import Span
from models.store.reads import Reads, parse_spans
from models.store.shown import HIDDEN, OFFERED
from models.text import surface

MANY = 400
"""From this many keys on, reading the whole document is quicker than looking each up."""

Place = tuple[object, ...]
"""Label and where it is: start, end and parts, or the keys of both ends."""

_ANNOTATIONS = """
SELECT id, kind, label, start, "end", spans, state, suggestion_id, head, tail, facets, annotator_id, note,
  json_extract(origin, '$.score'), json_extract(origin, '$.source'), orphan, exact FROM annotations"""

_SUGGESTIONS = f"""
SELECT s.id, s.kind, s.label, s.start, s."end", s.spans, s.head, s.tail, s.facets, s.score, s.run_seq,
  s.source, {OFFERED} FROM documents d CROSS JOIN suggestions s ON s.document_id = d.id AND s.text_seq = d.text_seq
WHERE d.id = ? AND NOT {HIDDEN}"""

_DECISIONS = """
SELECT suggestion_id, verdict, label, start, "end", spans,
  CASE WHEN start IS NULL THEN json_extract(suggestion, '$.head') END,
  CASE WHEN start IS NULL THEN json_extract(suggestion, '$.tail') END FROM decisions"""


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


@dataclass(slots=True)
class _Judged:
    """What the present annotator's work means for the suggestions of a document."""

    verdicts: dict[str, str] = field(default_factory=dict)
    """Suggestion id → verdict."""
    standing: dict[Place, str] = field(default_factory=dict)
    """Where annotations stand → their marks' keys."""
    refused: set[Place] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    """Keys of suggestions that an annotation is shown for."""
    text: str = ""
    scoped: frozenset[tuple[str, str]] = frozenset()
    """Label and surface of what is rejected in the whole document."""
    scoped_labels: frozenset[str] = frozenset()

    def covers(self, label: str, start: int, end: int) -> bool:
        """Whether a wider rejection covers a passage."""
        return (label, surface(self.text[start:end])) in self.scoped


class MarkReads:
    """The marks of documents, as the present annotator sees them."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self._connection = reads.connection

    def marks(self, document: str) -> list[Mark]:
        """Return every mark of a document, rejected ones included, in no particular order."""
        with _collector_resting():
            return self._all(document, self._rows(_SUGGESTIONS, document))

    def beginning(self, document: str, until: int) -> list[Mark]:
        """Return the marks of passages that begin before ``until`` (code points), relations left out.

        A long document can be shown with these while the rest is read.
        """
        me = self._reads.me
        rows = self._rows(f"{_SUGGESTIONS} AND s.start < ?", document, until)
        standing = self._rows(f"{_ANNOTATIONS} WHERE document_id = ? AND start < ?", document, until)
        decided = self._rows(
            f"{_DECISIONS} WHERE document_id = ? AND annotator_id = ? AND start < ?", document, me, until
        )
        return [mark for mark in self._resolved(document, me, rows, standing, decided) if mark.spans]

    def some(self, document: str, keys: Collection[str]) -> list[Mark]:
        """Return the marks with these keys; a key that shows nothing any more is left out."""
        wanted = frozenset(keys)
        if not wanted:
            return []
        read = self.marks(document) if len(wanted) > MANY else self._few(document, wanted)
        return [mark for mark in read if mark.key in wanted or mark.annotation in wanted]

    def open_suggestions(self, document: str, label: str) -> list[Mark]:
        """Return the open suggestions with ``label``, those under a wider rejection included."""
        rows = self._rows(f"{_SUGGESTIONS} AND s.label = ?", document, label)
        found = self._all(document, rows, scopes=False)
        return [mark for mark in found if mark.label == label and mark.state == "suggested"]

    def _rows(self, sql: str, *values: object) -> list[Any]:
        return self._connection.execute(sql, values).fetchall()

    def _all(self, document: str, rows: Sequence[Any], scopes: bool = True) -> list[Mark]:
        me = self._reads.me
        standing = self._rows(f"{_ANNOTATIONS} WHERE document_id = ?", document)
        decided = self._rows(f"{_DECISIONS} WHERE document_id = ? AND annotator_id = ?", document, me)
        return self._resolved(document, me, rows, standing, decided, scopes)

    def _few(self, document: str, keys: frozenset[str]) -> list[Mark]:
        """Return at least the marks with these keys, read with all that decides how they show."""
        me = self._reads.me
        rows = self._rows(f"{_SUGGESTIONS} AND s.id IN {_places(keys)}", document, *keys)
        ends = {end for row in rows for end in (row[6], row[7]) if end} - keys
        if ends:
            rows += self._rows(f"{_SUGGESTIONS} AND s.id IN {_places(ends)}", document, *ends)
        known = (*keys, *ends)
        starts = {row[3] for row in rows if row[3] is not None}
        standing = self._rows(
            f"{_ANNOTATIONS} WHERE seq IN (SELECT seq FROM annotations WHERE id IN {_places(known)} "
            f"UNION SELECT seq FROM annotations WHERE suggestion_id IN {_places(known)} "
            f"UNION SELECT seq FROM annotations WHERE document_id = ? AND start IN {_places(starts)})",
            *known, *known, document, *starts,
        )  # fmt: skip
        decided = self._rows(f"{_DECISIONS} WHERE annotator_id = ? AND suggestion_id IN {_places(known)}", me, *known)
        refused = f"{_DECISIONS} WHERE document_id = ? AND annotator_id = ? AND verdict = 'rejected' AND start"
        decided += self._rows(f"{refused} IN {_places(starts)}", document, me, *starts)
        if any(row[1] == "relation" for row in rows):
            standing += self._relations_between(standing)
            decided += self._rows(f"{refused} IS NULL", document, me)
        return self._resolved(document, me, rows, standing, decided)

    def _relations_between(self, standing: Sequence[Any]) -> list[Any]:
        """Return the relations that begin at these annotations, and what stands at their other ends."""
        known = {row[0] for row in standing}
        relations = self._rows(f"{_ANNOTATIONS} WHERE head IN {_places(known)}", *known)
        relations = [row for row in relations if row[0] not in known]
        ends = {end for row in (*standing, *relations) for end in (row[8], row[9]) if end} - known
        return relations + self._rows(f"{_ANNOTATIONS} WHERE id IN {_places(ends)}", *ends)

    def _resolved(
        self,
        document: str,
        me: str,
        rows: Sequence[Any],
        standing: Iterable[Any],
        decided: Iterable[Any],
        scopes: bool = True,
    ) -> list[Mark]:
        judged, found = _Judged(), []
        mine: dict[str, str] = {}
        relations: list[Mark] = []
        for row in standing:
            mark = _annotation_mark(row, me)
            found.append(mark)
            if mark.annotator == me:
                mine[row[0]] = mark.key
                judged.shown.add(mark.key)
                if mark.kind == "relation":
                    relations.append(mark)
                elif mark.spans:
                    judged.standing[(row[2], row[3], row[4], row[5])] = mark.key
        for mark in relations:
            head, tail = mark.head or "", mark.tail or ""
            judged.standing[(mark.label, mine.get(head, head), mine.get(tail, tail))] = mark.key
        for suggestion, verdict, label, *place, head, tail in decided:
            judged.verdicts[suggestion] = verdict
            if verdict == "rejected":
                judged.refused.add((label, head, tail) if head else (label, *place))
        if scopes:
            self._add_scopes(judged, document, me)
        found += self._suggestions(judged, me, rows)
        return found

    def _add_scopes(self, judged: _Judged, document: str, me: str) -> None:
        judged.scoped = frozenset(
            (one.label, one.surface)
            for one in scoped_rejections(self._connection, me)
            if one.document in (None, document)
        )
        if judged.scoped:
            judged.scoped_labels = frozenset(label for label, _ in judged.scoped)
            judged.text = self._reads.text(document)

    def _suggestions(self, judged: _Judged, me: str, rows: Sequence[Any]) -> Iterator[Mark]:
        """Yield the suggestions that show: first passages, then relations, whose ends are known by then."""
        pipelines = {number: f"{run.pipeline} {run.version}" for number, run in self._reads.runs().items()}
        sources: dict[tuple[int, str], str] = {}
        instead: dict[str, str | None] = {}
        later: list[Any] = []
        # Making 20,000 tuples this way takes a third of the time that calling their classes takes.
        make, standing, refused = tuple.__new__, judged.standing, judged.refused
        shown, verdicts, covered = judged.shown, judged.verdicts, judged.scoped_labels
        for row in rows:
            key, kind, label, start, end, parts, _, _, facets, score, run, rule, offered = row
            if key in shown:
                continue
            if kind == "relation":
                later.append(row)
                continue
            verdict = verdicts.get(key)
            if verdict != "rejected" or not offered:
                place = (label, start, end, parts)
                if (
                    verdict
                    or not offered
                    or place in standing
                    or place in refused
                    or (label in covered and judged.covers(label, start, end))
                ):
                    instead[key] = standing.get(place)
                    continue
            source = sources.get((run, rule))
            if source is None:
                source = sources[run, rule] = _source(pipelines[run], rule)
            spans = (make(Span, (start, end)),) if parts is None else parse_spans(start, end, parts)
            yield make(Mark, (
                key, kind, label, spans, verdict or "suggested", None, key, None, None,
                json.loads(facets) if facets else NO_FACETS, score, source, me if verdict else None, None, (),
            ))  # fmt: skip
        for row in later:
            mark = _relation_mark(row, me, judged, instead) if row[12] else None
            if mark is not None:
                yield mark._replace(source=_source(pipelines[row[10]], row[11]))


def _source(pipeline: str, rule: str) -> str:
    return f"{pipeline} · {rule}" if rule else pipeline


def _relation_mark(row: Any, me: str, judged: _Judged, instead: dict[str, str | None]) -> Mark | None:
    key, kind, label, *_, facets, score, _, _, _ = row
    head, tail = (instead.get(end, end) for end in (row[6], row[7]))
    verdict = judged.verdicts.get(key)
    place = (label, head, tail)
    if head is None or tail is None:
        return None
    if verdict != "rejected" and (verdict or place in judged.standing or place in judged.refused):
        return None
    state: State = "rejected" if verdict else "suggested"
    made = json.loads(facets) if facets else NO_FACETS
    return Mark(key, kind, label, (), state, None, key, head, tail, made, score, None, me if verdict else None)


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Make many small tuples without the collector looking for cycles in them again and again."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _places(values: Collection[object]) -> str:
    return f"({','.join('?' * len(values))})"


def _annotation_mark(row: Sequence[Any], me: str) -> Mark:
    (annotation, kind, label, start, end, spans, state, suggestion, head, tail, facets, annotator, note, score,
     source, orphan, exact) = row  # fmt: skip
    if annotator != me:
        suggestion = None
    return tuple.__new__(Mark, (
        suggestion or annotation, kind, label, () if orphan else parse_spans(start, end, spans), state, annotation,
        suggestion, head, tail, json.loads(facets) if facets else NO_FACETS, score, source, annotator, note,
        _quote(exact) if exact else (),
    ))  # fmt: skip


def _quote(exact: str) -> tuple[str, ...]:
    if exact.count('"') == 2 and "\\" not in exact:
        return (exact[2:-2],)  # one part with nothing escaped, as almost all are
    return tuple(json.loads(exact))
