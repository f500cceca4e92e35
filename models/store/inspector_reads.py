"""What the inspector and the history ask: what lies at a place, what relates to a mark, what a step did."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from typing import NamedTuple

from models.spans import Span
from models.store.reads import Reads
from models.store.shown import OFFERED
from models.store.table_rows import quoted
from models.text import surface

_PRESENT = (
    "FROM documents d CROSS JOIN suggestions s ON s.document_id = d.id AND s.text_seq = d.text_seq "
    f"WHERE d.id = ? AND {OFFERED}"
)


class SuggestionIndex:
    """Where the suggestions of one document lie and what they relate: one scan, then no more reading.

    Judged ones are included; whoever asks reads the marks anew and sees what became of them.
    """

    def __init__(self, reads: Reads, document: str) -> None:
        self._related: dict[str, list[str]] = {}
        execute = reads.connection.execute
        self._placed: list[tuple[int, int, str, str]] = execute(
            f'SELECT s.start, s."end", s.id, s.label {_PRESENT} AND s.start IS NOT NULL ORDER BY 1, 2, 3',
            (document,),
        ).fetchall()
        relations = execute(f"SELECT s.id, s.head, s.tail {_PRESENT} AND s.kind = 'relation'", (document,))
        for key, head, tail in relations:
            self._related.setdefault(head, []).append(key)
            self._related.setdefault(tail, []).append(key)
        self._longest = max((end - start for start, end, _, _ in self._placed), default=0)

    def overlapping(self, place: Span) -> list[str]:
        """Return the ids of suggestions that share a code point with ``place``."""
        first = bisect_left(self._placed, (place.start - self._longest,))
        last = bisect_left(self._placed, (place.end,))
        return [key for start, end, key, _ in self._placed[first:last] if end > place.start]

    def twins(self, label: str, place: Span) -> list[str]:
        """Return the ids of suggestions with this label from the same first to the same last code point."""
        first = bisect_left(self._placed, tuple(place))
        last = bisect_left(self._placed, (place.start, place.end + 1))
        return [key for _, _, key, named in self._placed[first:last] if named == label]

    def relations_of(self, keys: Iterable[str]) -> list[str]:
        """Return the ids of suggested relations that begin or end at any of the suggestions ``keys``."""
        return list(dict.fromkeys(key for end in keys for key in self._related.get(end, ())))

    def nearest(self, labels: Collection[str], start: int, limit: int) -> list[str]:
        """Return the ids of the suggestions with one of ``labels`` that begin nearest to ``start``."""
        found: list[str] = []
        right = bisect_left(self._placed, (start,))
        left = right - 1
        while len(found) < limit and (left >= 0 or right < len(self._placed)):
            back = start - self._placed[left][0] if left >= 0 else None
            ahead = self._placed[right][0] - start if right < len(self._placed) else None
            if ahead is None or (back is not None and back <= ahead):
                _, _, key, label = self._placed[left]
                left -= 1
            else:
                _, _, key, label = self._placed[right]
                right += 1
            if label in labels:
                found.append(key)
        return found


def annotations_overlapping(reads: Reads, document: str, place: Span) -> list[str]:
    """Return the ids of annotations, whoever made them, that share a code point with ``place``."""
    rows = reads.connection.execute(
        'SELECT id FROM annotations WHERE document_id = ? AND start < ? AND "end" > ? AND orphan = 0 LIMIT 200',
        (document, place.end, place.start),
    )
    return [row[0] for row in rows]


def elsewhere(reads: Reads, document: str, ids: Collection[str]) -> set[str]:
    """Return which of these ids are annotations of other documents."""
    places = ",".join("?" * len(ids))
    rows = reads.connection.execute(
        f"SELECT id FROM annotations WHERE id IN ({places}) AND document_id != ?", (*ids, document)
    )
    return {row[0] for row in rows}


def document_of(reads: Reads, mark: str) -> str | None:
    """Return the document that holds an annotation, or a suggestion on which there is a decision, or None."""
    row = reads.connection.execute(
        "SELECT d.id FROM documents d JOIN (SELECT document_id FROM annotations WHERE id = ?1 UNION ALL "
        "SELECT document_id FROM decisions WHERE suggestion_id = ?1) ON d.id = document_id "
        "WHERE d.removed IS NULL LIMIT 1",
        (mark,),
    ).fetchone()
    return row[0] if row else None


def nearest_annotations(reads: Reads, document: str, labels: Collection[str], start: int, limit: int) -> list[str]:
    """Return the ids of the annotations with one of ``labels`` that begin nearest to ``start``."""
    places = ",".join("?" * len(labels))
    rows = reads.connection.execute(
        f"SELECT id FROM annotations WHERE document_id = ? AND label IN ({places}) AND start IS NOT NULL "
        "AND orphan = 0 ORDER BY abs(start - ?), start LIMIT ?",
        (document, *labels, start, limit),
    )
    return [row[0] for row in rows]


class Orphan(NamedTuple):
    """An annotation that lost its place: ``mine``: the present annotator made it."""

    annotation: str
    key: str
    label: str
    quote: str
    mine: bool


def orphans(reads: Reads, document: str) -> list[Orphan]:
    """Return a document's orphans in the order of the places they had."""
    me = reads.me
    rows = reads.connection.execute(
        "SELECT id, suggestion_id, label, exact, annotator_id FROM annotations "
        "WHERE document_id = ? AND orphan = 1 ORDER BY start, seq",
        (document,),
    )
    return [
        Orphan(one, suggestion if suggestion and by == me else one, label, quoted(exact), by == me)
        for one, suggestion, label, exact, by in rows
    ]


class StepDetail(NamedTuple):
    """What a step of the history was about: its mark's label and quote, a thing's, or the words of a note."""

    label: str | None = None
    quote: str | None = None


_LAST = ("accept", "relate", "delete", "speaker", "reopen")
"""Commands whose own mark changes last: what it needs, or takes along, changes before."""

_DETAIL = """
SELECT tbl, image ->> '$.label', image ->> '$.exact', image ->> '$.head', image ->> '$.tail',
  image ->> '$.surface', image ->> '$.start', image ->> '$.end', image ->> '$.document_id',
  coalesce(image ->> '$.text', image ->> '$.name')
FROM (SELECT seq, tbl, coalesce(after, before) AS image FROM changes
  WHERE change_set = ? AND tbl IN ('annotations', 'decisions', 'notes', 'register') ORDER BY seq {order} LIMIT 50)
ORDER BY seq {order}"""


def step_details(reads: Reads, steps: Iterable[tuple[int, str]]) -> dict[int, StepDetail]:
    """Return what each change set, given with its command, was about; texts are read at most once each."""
    texts: dict[str, str] = {}
    return {step: _detail(reads, step, command, texts) for step, command in steps}


def _detail(reads: Reads, step: int, command: str, texts: dict[str, str]) -> StepDetail:
    order = "DESC" if command in _LAST else "ASC"
    rows = reads.connection.execute(_DETAIL.format(order=order), (step,)).fetchall()
    rows.sort(key=lambda row: row[0] != "annotations")
    for table, label, exact, head, tail, words, start, end, document, text in rows[:1]:
        if table in ("notes", "register"):
            return StepDetail(label, text)
        if table == "decisions":
            return StepDetail(label, _passage(reads, texts, document, start, end, words))
        return StepDetail(label, quoted(exact) if exact else _ends(reads, head, tail))
    return StepDetail()


def _passage(
    reads: Reads, texts: dict[str, str], document: str, start: int | None, end: int | None, words: str | None
) -> str | None:
    """Return what was judged as the text spells it, if that still stands there; else as it is compared."""
    if start is None or end is None:
        return words
    if document not in texts:
        row = reads.connection.execute(
            "SELECT t.text FROM documents d JOIN texts t ON t.seq = d.text_seq WHERE d.id = ?", (document,)
        ).fetchone()
        texts[document] = (row[0] if row else None) or ""
    passage = texts[document][start:end]
    return passage if words is None or surface(passage) == words else words


def annotations_of_others(reads: Reads, document: str) -> int:
    """Return how many annotations of a document are not the present annotator's."""
    sql = "SELECT count(*) FROM annotations WHERE document_id = ? AND annotator_id != ?"
    return int(reads.connection.execute(sql, (document, reads.me)).fetchone()[0])


def _ends(reads: Reads, head: str | None, tail: str | None) -> str:
    quotes = []
    for end in (head, tail):
        row = reads.connection.execute("SELECT exact FROM annotations WHERE id = ?", (end,)).fetchone()
        quotes.append(quoted(row[0]) if row and row[0] else "…")
    return " → ".join(quotes) if any(quote != "…" for quote in quotes) else ""
