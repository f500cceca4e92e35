"""What the memory is made from: annotations, decisions against suggestions, words beside them; and what is to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from models.memory import Closed, Context, Form
from models.spans import CONTEXT, Span
from models.store.mark_reads import scoped_rejections
from models.store.reads import Reads
from models.suggestions import Kind
from models.text import surface
from models.wording import words

MANY_CONTEXTS = 60
"""The latest judgements on a form whose neighbouring words are weighed."""
PAGE = 400
"""Quotes or surfaces that are read at once."""

_WHO = "(?1 IS NULL OR annotator_id = ?1)"
_QUOTES = (
    "SELECT exact, max(kind), label, count(*) FROM annotations INDEXED BY annotations_by_quote "
    f"WHERE kind != 'relation' AND {_WHO} AND exact {{which}} GROUP BY exact, label"
)
_HERE_ONLY = (
    "EXISTS (SELECT 1 FROM decisions w WHERE w.scope = 'document' AND w.document_id = {0}.document_id "
    "AND w.surface = {0}.surface AND w.label = {0}.label AND w.annotator_id = {0}.annotator_id)"
)
"""Of a decision: it was made for its document only, and says nothing about others."""
_SURFACES = (
    "SELECT surface, max(json_extract(suggestion, '$.kind')), label, count(*) FROM decisions "
    "INDEXED BY decisions_by_surface "
    f"WHERE verdict != 'accepted' AND {_WHO} AND surface {{which}} AND NOT {_HERE_ONLY.format('decisions')} "
    "AND (verdict = 'rejected' OR json_extract(suggestion, '$.kind') = 'entity') GROUP BY surface, label"
)
_BESIDE = f"substr(t.text, max(1, c.start - {CONTEXT - 1}), min(c.start, {CONTEXT}))"
_AFTER = f'substr(t.text, c."end" + 1, {CONTEXT})'


class Judged(NamedTuple):
    """How often a passage was annotated with a label, or a suggestion of it decided against."""

    passage: str
    kind: Kind
    label: str
    times: int


class MemoryReads:
    """Reads for one annotator's memory, or (None) for everybody's."""

    def __init__(self, reads: Reads, annotator: str | None) -> None:
        self._reads = reads
        self._connection = reads.connection
        self._who = annotator

    @property
    def annotator(self) -> str | None:
        """Whose memory it is, None for everybody's."""
        return self._who

    def quotes(self, only: str | None = None) -> Iterator[list[Judged]]:
        """Yield what was annotated, a page of whole quotes at a time; ``only`` is one quote's column."""
        yield from self._paged(_QUOTES, "exact", only, unpacked)

    def surfaces(self, only: str | None = None) -> Iterator[list[Judged]]:
        """Yield what was decided against, a page of whole surfaces at a time."""
        yield from self._paged(_SURFACES, "surface", only, lambda passage: passage)

    def _paged(self, sql: str, order: str, only: str | None, unpack: Callable[[str], str]) -> Iterator[list[Judged]]:
        if only is not None:
            rows = self._connection.execute(sql.format(which="= ?2"), (self._who, only)).fetchall()
            yield [Judged(unpack(only), *row[1:]) for row in rows if unpack(only)]
            return
        after = ""
        while True:
            rows = self._connection.execute(
                f"{sql.format(which='> ?2')} ORDER BY {order}, label LIMIT ?3", (self._who, after, PAGE)
            ).fetchall()
            if len(rows) == PAGE:
                # The last passage may go on beyond the page.
                rows = [row for row in rows if row[0] != rows[-1][0]] or rows
            if not rows:
                return
            after = rows[-1][0]
            yield [Judged(passage, *row[1:]) for row in rows if (passage := unpack(row[0]))]

    def contexts(self, form: Form) -> Iterator[Context]:
        """Yield the latest judgements on a form with the words beside them."""
        for quote in form.quotes:
            rows = self._connection.execute(
                f"SELECT label, prefix, suffix FROM annotations WHERE exact = ?2 AND kind != 'relation' AND {_WHO} "
                "ORDER BY seq DESC LIMIT ?3",
                (self._who, packed(quote), MANY_CONTEXTS),
            )
            for label, prefix, suffix in rows:
                yield Context(label, True, *_neighbours(prefix or "", suffix or ""))
        for passage in form.refusals:
            rows = self._connection.execute(
                f"SELECT c.label, {_BESIDE}, {_AFTER} FROM decisions c JOIN documents d ON d.id = c.document_id "
                "JOIN texts t ON t.seq = d.text_seq WHERE c.surface = ?2 AND c.verdict != 'accepted' "
                f"AND c.start IS NOT NULL AND NOT {_HERE_ONLY.format('c')} AND (?1 IS NULL OR c.annotator_id = ?1) "
                "ORDER BY c.seq DESC LIMIT ?3",
                (self._who, passage, MANY_CONTEXTS),
            )
            for label, prefix, suffix in rows:
                yield Context(label, False, *_neighbours(prefix or "", suffix or ""))

    def facets(self, passage: str) -> dict[str, object]:
        """Return the facets that a claim with these very words was given last."""
        row = self._connection.execute(
            "SELECT facets FROM annotations WHERE exact = ? AND kind = 'claim' ORDER BY seq DESC LIMIT 1",
            (packed(passage),),
        ).fetchone()
        found: dict[str, object] = json.loads(row[0]) if row and row[0] else {}
        return found

    def last(self, form: Form, label: str) -> str | None:
        """Return when a form was last given a label: UTC ISO 8601 with milliseconds."""
        row = self._connection.execute(
            "SELECT max(modified) FROM annotations WHERE exact IN (SELECT value FROM json_each(?2)) AND label = ?3 "
            f"AND kind != 'relation' AND {_WHO}",
            (self._who, json.dumps([packed(quote) for quote in form.quotes]), label),
        ).fetchone()
        return row[0] if row else None

    def inside(self, document: str) -> tuple[list[Judged], list[Judged]]:
        """Return what was annotated and what was decided against in one document."""
        quotes = self._connection.execute(
            f"SELECT exact, kind, label, count(*) FROM annotations WHERE document_id = ?2 AND kind != 'relation' "
            f"AND {_WHO} GROUP BY 1, 2, 3",
            (self._who, document),
        ).fetchall()
        surfaces = self._connection.execute(
            "SELECT surface, json_extract(suggestion, '$.kind'), label, count(*) FROM decisions "
            f"WHERE document_id = ?2 AND verdict != 'accepted' AND surface IS NOT NULL AND {_WHO} "
            "AND (verdict = 'rejected' OR json_extract(suggestion, '$.kind') = 'entity') GROUP BY 1, 2, 3",
            (self._who, document),
        ).fetchall()
        read = [Judged(quote, *row[1:]) for row in quotes if (quote := unpacked(row[0]))]
        return read, [Judged(*row) for row in surfaces]


def packed(quote: str) -> str:
    """Return a passage as the column ``exact`` holds it."""
    return json.dumps([quote], ensure_ascii=False, separators=(",", ":"))


def unpacked(exact: str) -> str:
    """Return the passage that a column ``exact`` holds; empty where it has several parts."""
    parts = json.loads(exact)
    return str(parts[0]) if len(parts) == 1 else ""


def _neighbours(prefix: str, suffix: str) -> tuple[str, str]:
    before, after = words(prefix).keys, words(suffix).keys
    return before[-1] if before else "", after[0] if after else ""


# A document -------------------------------------------------------------------------------------------------


class Standing(NamedTuple):
    """A suggestion as it stands in a document; ``decided`` by anybody."""

    id: str
    kind: Kind
    label: str
    start: int
    end: int
    score: float
    run: int
    text: int
    covered: bool
    decided: bool


class Link(NamedTuple):
    """A suggested relation as it stands in a document; ``decided`` by anybody."""

    id: str
    label: str
    head: str
    tail: str
    score: float
    run: int
    text: int
    covered: bool
    decided: bool


class Page(NamedTuple):
    """All that decides what the memory proposes in a document; ``closed`` tells per kind where nothing may be."""

    document: str
    text_seq: int
    fingerprint: str
    text: str
    suggestions: list[Standing]
    relations: list[Link]
    closed: Mapping[Kind, Closed]


def page(reads: Reads, document: str) -> Page | None:
    """Return what decides on a document, None where it was taken out of the corpus or has no text."""
    execute, me = reads.connection.execute, reads.me
    row = execute(
        "SELECT text_seq, fingerprint, furniture FROM documents WHERE id = ? AND removed IS NULL", (document,)
    ).fetchone()
    text = reads.text(document) if row else ""
    if not text:
        return None
    furniture = [Span(*pair) for pair in json.loads(row[2])]
    decisions = execute(
        'SELECT suggestion_id, verdict, label, start, "end" FROM decisions WHERE document_id = ? AND annotator_id = ?',
        (document, me),
    ).fetchall()
    suggestions, relations = _suggested(reads, document)
    barred = frozenset(
        (one.label, one.surface) for one in scoped_rejections(reads.connection, me) if one.document in (None, document)
    )
    refused = frozenset((label, start, end) for _, verdict, label, start, end in decisions if verdict == "rejected")
    closed: dict[Kind, Closed] = {}
    for kind in ("entity", "claim"):
        standing = execute(
            'SELECT start, "end" FROM annotations WHERE document_id = ? AND annotator_id = ? AND kind = ? '
            "AND orphan = 0",
            (document, me, kind),
        )
        closed[kind] = Closed([*furniture, *(Span(*place) for place in standing)], refused, barred)
    return Page(document, row[0], row[1], text, suggestions, relations, closed)


def _suggested(reads: Reads, document: str) -> tuple[list[Standing], list[Link]]:
    execute = reads.connection.execute
    decided = {one for (one,) in execute("SELECT suggestion_id FROM decisions WHERE document_id = ?", (document,))}
    rows = execute(
        'SELECT id, kind, label, start, "end", head, tail, score, run_seq, text_seq, covered FROM suggestions '
        "WHERE document_id = ?",
        (document,),
    )
    passages, relations = [], []
    for identity, kind, label, start, end, head, tail, *rest, covered in rows:
        last = (*rest, bool(covered), identity in decided)
        if kind == "relation":
            relations.append(Link._make((identity, label, head, tail, *last)))
        else:
            passages.append(Standing._make((identity, kind, label, start, end, *last)))
    return passages, relations


def memory_run(reads: Reads, name: str, version: str, annotator: str) -> int | None:
    """Return the number of the run that an annotator's memory suggests under, None before its first suggestion."""
    row = reads.connection.execute(
        "SELECT seq FROM runs WHERE pipeline = ? AND version = ? AND hash = ?", (name, version, annotator)
    ).fetchone()
    return row[0] if row else None


def is_barred(closed: Closed, label: str, passage: str) -> bool:
    """Whether a wider rejection names a passage."""
    return bool(closed.barred) and (label, surface(passage)) in closed.barred


# What is to do ----------------------------------------------------------------------------------------------


class Task(NamedTuple):
    """Something to look at: see :data:`models.store.tables.recall`."""

    subject: str
    item: str
    passed: int


def tasks(reads: Reads, subjects: Sequence[str], fresh: bool, limit: int) -> list[Task]:
    """Return what is to look at; ``fresh`` what nobody has begun with, else what was begun."""
    rows = reads.connection.execute(
        "SELECT subject, item, passed FROM recall WHERE subject IN (SELECT value FROM json_each(?1)) "
        "AND (passed = 0) = ?2 LIMIT ?3",
        (json.dumps(list(subjects)), fresh, limit),
    )
    return [Task(*row) for row in rows]


def waiting(reads: Reads, documents: Iterable[str]) -> list[str]:
    """Return which of these documents are to be looked at, in their order."""
    wanted = list(documents)
    rows = reads.connection.execute(
        "SELECT item FROM recall WHERE subject = 'document' AND item IN (SELECT value FROM json_each(?))",
        (json.dumps(wanted),),
    )
    found = {item for (item,) in rows}
    return [one for one in wanted if one in found]


def documents_saying(reads: Reads, expression: str, after: int, limit: int) -> list[tuple[int, str]]:
    """Return number of text and id of documents that answer a full-text expression, from text ``after`` on."""
    rows = reads.connection.execute(
        "SELECT f.rowid, d.id FROM text_search f JOIN documents d ON d.text_seq = f.rowid AND d.removed IS NULL "
        "WHERE text_search MATCH ? AND f.rowid >= ? ORDER BY f.rowid LIMIT ?",
        (expression, after, limit),
    )
    return rows.fetchall()
