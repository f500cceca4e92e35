"""Full-text search over texts and annotations: hits with keyword in context, in document order, page by page.

A query is words that must all occur, ``"several words"`` in a row, ``begin*`` for words that begin so, and
``-word`` for what must not occur. Any input is a query; one that asks for nothing finds nothing. Case does
not count; a letter with a combining mark and the same letter in one code point are the same.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import Any, Literal, NamedTuple

from models.store.corpus_reads import DocumentFilter, Hit, filter_clauses
from models.store.reads import Reads

Scope = Literal["text", "annotations", "both"]

PAGE = 100
"""Hits of one page unless told otherwise."""
CONTEXT = 80
"""Code points of context on either side of a hit in a text."""
_MOST_TERMS = 32
_LOOK_INTO = 1_500_000
"""Code points of text that a search for prefixes looks through before it asks the index."""
_FEW = 2_000
"""Up to so many annotations are found first and sorted then; more are met document by document."""

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_QUOTES = str.maketrans("“”„«»", '"""""')
_PIECE = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))(\*?)')
# What the index takes for a letter of a word: letters, digits, private use and combining marks.
_MARKS = r"\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\ue000-\uf8ff"
_LETTER = rf"(?:[^\W_]|[{_MARKS}])"
_TOKEN = re.compile(f"{_LETTER}+")
_BLANK = re.compile(r"[\s\x00-\x1f]")
_ENDS_IN_LETTER = re.compile(f"{_LETTER}\\Z")

_Place = tuple[int, int, str]
"""Where a hit stands in the order of all hits: number of the text, start, key."""


class Term(NamedTuple):
    """One thing a query asks for: the spellings of a word or of words in a row."""

    spellings: tuple[tuple[str, ...], ...]
    prefix: bool
    unwanted: bool

    @property
    def expression(self) -> str:
        """The term in the index's own language."""
        star = " *" if self.prefix else ""
        return "(" + " OR ".join(f'"{" ".join(words)}"{star}' for words in self.spellings) + ")"


def terms(query: str) -> list[Term]:
    """Return what a query asks for; pieces without a letter or digit are left out."""
    clean = query.encode("utf-8", "replace").decode("utf-8").translate(_QUOTES)
    found: list[Term] = []
    for minus, phrase, word, star in _PIECE.findall(clean):
        prefix = bool(star) or word.endswith("*")
        spellings = _spellings(phrase or word)
        if spellings:
            found.append(Term(spellings, prefix, bool(minus)))
    return found[:_MOST_TERMS]


def _spellings(words: str) -> tuple[tuple[str, ...], ...]:
    plain = words.translate(_INVISIBLE)
    forms = [words]
    forms += [unicodedata.normalize(form, spelt) for spelt in (words, plain) for form in ("NFC", "NFD")]
    return tuple(dict.fromkeys(tokens for form in forms if (tokens := tuple(_TOKEN.findall(form)))))


def searchable(query: str) -> bool:
    """Say whether a query asks for anything: one that only excludes does not."""
    return any(not term.unwanted for term in terms(query))


def search(
    reads: Reads,
    query: str,
    *,
    scope: Scope = "both",
    limit: int = PAGE,
    after: Hit | None = None,
    within: DocumentFilter | None = None,
) -> list[Hit]:
    """Return the next ``limit`` hits behind ``after``, in the order in which the texts entered the project.

    ``within`` narrows to the documents that pass a filter. A hit in a text has ``key`` None; one in an
    annotation has the mark's key, and its words are the annotation's quote, whether quote, label, note or
    facets answered the query. Within a document, hits go from its beginning to its end.
    """
    asked = terms(query)
    if all(term.unwanted for term in asked):
        return []
    place = _place_of(reads, after)
    narrowed = filter_clauses(reads, within or DocumentFilter())
    sources: list[Iterator[tuple[_Place, Hit]]] = []
    if scope != "annotations":
        sources.append(_Texts(reads, asked, place, narrowed).hits())
    if scope != "text":
        sources.append(_annotations(reads, asked, place, narrowed, limit))
    return [hit for _, hit in islice(merge(*sources, key=lambda found: found[0]), limit)]


def _place_of(reads: Reads, hit: Hit | None) -> _Place:
    if hit is None:
        return (-1, -1, "")
    row = reads.connection.execute("SELECT text_seq FROM documents WHERE id = ?", (hit.document,)).fetchone()
    return (row[0] if row else -1, hit.start, hit.key or "")


def _expression(asked: Sequence[Term]) -> str:
    """Return the terms in the index's own language; at least one must be wanted."""
    expression = " AND ".join(term.expression for term in asked if not term.unwanted)
    unwanted = " OR ".join(term.expression for term in asked if term.unwanted)
    return f"({expression}) NOT ({unwanted})" if unwanted else expression


class _Texts:
    """A search in texts from a place on, in which the index is never asked for more than it can tell at once.

    For a prefix the index gathers every word that begins so, in all texts, before it names the first: a
    second for one letter in 300 MB. So it is asked for whole words where the query has any, and the texts
    themselves tell the rest. A query of prefixes only looks into some texts first, where common ones have
    filled the page before the index is needed; what is rare there is quick in the index.
    """

    def __init__(
        self, reads: Reads, asked: Sequence[Term], after: _Place, narrowed: tuple[list[str], dict[str, Any]]
    ) -> None:
        self._connection = reads.connection
        self._asked = asked
        self._after = after
        self._filter, self._values = " AND ".join(narrowed[0]), narrowed[1]
        self._patterns = {term: [_pattern(words, term) for words in term.spellings] for term in asked}

    def hits(self) -> Iterator[tuple[_Place, Hit]]:
        """Yield the hits, read document by document as they are asked for."""
        start = self._after[0]
        known = [term for term in self._asked if not term.prefix]
        if all(term.unwanted for term in known):
            number, letters = start, 0
            for row in self._rows("", start):
                yield from self._in_text(row, self._asked)
                number, letters = row[0], letters + len(row[4])
                if letters > _LOOK_INTO:
                    break
            else:
                return
            start = number + 1
            known.append(max((term for term in self._asked if not term.unwanted), key=_precision))
        rest = [term for term in self._asked if term not in known]
        for row in self._rows(_expression(known), start):
            yield from self._in_text(row, rest)

    def _rows(self, expression: str, start: int) -> sqlite3.Cursor:
        """Return the documents from a text's number on, all of them or those that answer an expression."""
        tables, narrowed, number = "documents d", "1", "d.text_seq"
        if expression:
            tables = "text_search f CROSS JOIN documents d ON d.text_seq = f.rowid"
            narrowed, number = "text_search MATCH :query", "f.rowid"
        return self._connection.execute(
            f"SELECT {number}, d.id, d.name, d.title, coalesce(t.text, '') FROM {tables} "
            f"CROSS JOIN texts t ON t.seq = {number} "
            f"WHERE {narrowed} AND {number} >= :text AND {self._filter} ORDER BY {number}",
            self._values | {"query": expression, "text": start},
        )

    def _in_text(
        self, row: tuple[int, str, str, str | None, str], unsure: Sequence[Term]
    ) -> Iterator[tuple[_Place, Hit]]:
        """Yield the hits in one text if it also answers the terms that nobody has looked for yet."""
        number, document, name, title, text = row
        lowered = _lowered(text)
        for term in unsure:
            if self._occurs(term, lowered) == term.unwanted:
                return
        wanted = [self._patterns[term] for term in self._asked if not term.unwanted]
        places = merge(*(_matches(pattern, lowered) for patterns in wanted for pattern in patterns))
        last = 0
        for start, end in places:
            if start >= last:
                last = end
                if (number, start, "") > self._after:
                    yield (number, start, ""), _text_hit(document, name, title, text, start, end)
        if not last and (number, 0, "") > self._after:
            # Where the index knows a letter that the pattern does not, the hit is the document.
            yield (number, 0, ""), _text_hit(document, name, title, text, 0, 0)

    def _occurs(self, term: Term, lowered: str) -> bool:
        return any(next(_matches(pattern, lowered), None) for pattern in self._patterns[term])


def _precision(term: Term) -> int:
    return min(sum(map(len, words)) for words in term.spellings)


def _lowered(text: str) -> str:
    """Return the text in small letters, each letter in its place."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def _annotations(
    reads: Reads, asked: Sequence[Term], after: _Place, narrowed: tuple[list[str], dict[str, Any]], limit: int
) -> Iterator[tuple[_Place, Hit]]:
    """Yield the first ``limit`` hits in annotations behind a place."""
    clauses, values = narrowed
    values = values | {"query": _expression(asked), "text": after[0], "start": after[1], "key": after[2]}
    found = "SELECT rowid FROM annotation_search WHERE annotation_search MATCH :query"
    tables = (
        "annotation_search f CROSS JOIN annotations n ON n.seq = f.rowid "
        "CROSS JOIN documents d ON d.id = n.document_id"
    )
    condition = "annotation_search MATCH :query"
    if len(reads.connection.execute(f"{found} LIMIT {_FEW + 1}", values).fetchall()) > _FEW:
        tables = "documents d CROSS JOIN annotations n ON n.document_id = d.id"
        condition = f"n.seq IN ({found})"
    key = "CASE WHEN n.annotator_id = :me THEN coalesce(n.suggestion_id, n.id) ELSE n.id END"
    start = "coalesce(n.start, h.start, 0)"
    rows = reads.connection.execute(
        f"SELECT d.text_seq, {start}, {key}, d.id, d.name, d.title, n.label, n.note, "
        'coalesce(n."end", h."end", 0), coalesce(n.prefix, h.prefix), coalesce(n.exact, h.exact), '
        f"coalesce(n.suffix, h.suffix), n.kind, t.exact FROM {tables} "
        "LEFT JOIN annotations h ON h.id = n.head LEFT JOIN annotations t ON t.id = n.tail "
        f"WHERE {condition} AND {' AND '.join(clauses)} AND d.text_seq >= :text "
        f"AND (d.text_seq, {start}, {key}) > (:text, :start, :key) "
        f"ORDER BY d.text_seq, {start}, {key} LIMIT {int(limit)}",
        values,
    )
    for row in rows:
        yield (row[0], row[1], row[2]), _annotation_hit(*row[1:])


def _pattern(words: tuple[str, ...], term: Term) -> re.Pattern[str]:
    gap = f"(?:(?!{_LETTER}).)+"
    begin = gap.join(re.escape(word.lower()) for word in words)
    return re.compile(begin + (f"{_LETTER}*" if term.prefix else f"(?!{_LETTER})"), re.DOTALL)


def _matches(pattern: re.Pattern[str], lowered: str) -> Iterator[tuple[int, int]]:
    # Looking back in the pattern itself would keep the engine from searching for its first letters at once.
    for match in pattern.finditer(lowered):
        start, end = match.span()
        if start == 0 or not _ENDS_IN_LETTER.search(lowered, start - 1, start):
            yield start, end


def _line(passage: str) -> str:
    """Return the passage on one line, letter for letter."""
    return _BLANK.sub(" ", passage)


def _text_hit(document: str, name: str, title: str | None, text: str, start: int, end: int) -> Hit:
    left, right = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return Hit(document, name, start, end, _line(left), _line(text[start:end]), _line(right), None, title)


def _annotation_hit(
    start: int, key: str, document: str, name: str, title: str | None, label: str, note: str | None, end: int,
    prefix: str | None, exact: str | None, suffix: str | None, kind: str, tail: str | None,
) -> Hit:  # fmt: skip
    right = f" → {_quote(tail)}" if kind == "relation" else _line(suffix or "")
    return Hit(document, name, start, end, _line(prefix or ""), _quote(exact), right, key, title, label, note)


def _quote(exact: str | None) -> str:
    parts: list[Any] = json.loads(exact) if exact else []
    return _line(" … ".join(parts))
