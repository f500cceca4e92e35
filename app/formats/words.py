"""Texts as words and sentences, for formats that know no characters: words never cross a passage's boundary."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from app.formats.layers import LayerDocument, Losses, Passage
from app.formats.simplify import quoted
from models.spans import Span

_WORD = re.compile(r"[\w\u0300-\u036f\u00ad]+|[^\w\s]")
_END = frozenset(".!?…")
_OPENS = re.compile(r"[\W\d]*[A-ZÅÄÖÉÜ]")


class Tagged(NamedTuple):
    """A passage over words: indices into the sentence's words, ``last`` included."""

    first: int
    last: int
    passage: Passage


class Sentence(NamedTuple):
    """Words in a row and the passages over them."""

    words: tuple[Span, ...]
    passages: tuple[Tagged, ...]

    def texts(self, text: str) -> list[str]:
        """Return the words as they stand."""
        return [text[start:end] for start, end in self.words]


def words(text: str, spans: Iterable[Span] = ()) -> list[Span]:
    """Return words (letters, digits, their combining marks, soft hyphens) and single other signs, without blanks.

    A word is cut where a span begins or ends.
    """
    cuts = sorted({place for span in spans for place in span})
    found: list[Span] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        inner = cuts[bisect_right(cuts, start) : bisect_left(cuts, end)] if end - start > 1 else []
        found += [Span(a, b) for a, b in pairwise((start, *inner, end))]
    return found


def sentences(document: LayerDocument, losses: Losses) -> Iterator[Sentence]:
    """Yield the document sentence by sentence: lines, and what a full stop and a capital letter part.

    No passage is divided; one without a word (blanks only) is counted as lost.
    """
    spans = [span for one in document.passages for span in one.spans]
    found = words(document.text, spans)
    starts = [word.start for word in found]
    places: list[Tagged] = []
    for one in document.passages:
        first, last = bisect_left(starts, one.spans[0].start), bisect_left(starts, one.spans[-1].end) - 1
        if first > last:
            losses.add("formats.lost-blank", quoted(document, one))
        else:
            places.append(Tagged(first, last, one))
    breaks = [0, *_breaks(document.text, found, places), len(found)]
    for begin, end in pairwise(breaks):
        inside = (
            Tagged(one.first - begin, one.last - begin, one.passage) for one in places if begin <= one.first < end
        )
        if begin < end:
            yield Sentence(tuple(found[begin:end]), tuple(inside))


def _breaks(text: str, found: Sequence[Span], places: Iterable[Tagged]) -> Iterator[int]:
    """Yield the words that begin a sentence, but the first."""
    inner = {number for one in places for number in range(one.first + 1, one.last + 1)}
    for number, (before, word) in enumerate(pairwise(found), 1):
        between = text[before.end : word.start]
        if not between or number in inner:
            continue
        ended = text[before.end - 1] in _END and _OPENS.match(text, word.start) is not None
        if ended or len(between.splitlines()) > 1 or between[-1] in "\n\r\u2028\u2029":
            yield number
