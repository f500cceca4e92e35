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

_WORD = re.compile(r"\w+(?:[\u0300-\u036f\u00ad]+\w*)*|[^\w\s]")
_BREAK = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*|(?<=[.!?…])\s+(?=[^\w\s]*[A-ZÅÄÖÉÜ])")
"""Between two sentences."""


class Tagged(NamedTuple):
    """A passage over words: indices into the sentence's words, ``last`` included."""

    first: int
    last: int
    passage: Passage


class Sentence(NamedTuple):
    """Words in a row and the passages over them."""

    words: tuple[tuple[int, int], ...]
    passages: tuple[Tagged, ...]

    def texts(self, text: str) -> list[str]:
        """Return the words as they stand."""
        return [text[start:end] for start, end in self.words]


def words(text: str, spans: Iterable[Span] = ()) -> list[tuple[int, int]]:
    """Return words (letters, digits, their combining marks, soft hyphens) and single other signs, without blanks.

    A word is cut where a span begins or ends.
    """
    found = [match.span() for match in _WORD.finditer(text)]
    starts = [start for start, _ in found]
    inside: dict[int, set[int]] = {}
    for span in spans:
        for place in span:
            number = bisect_right(starts, place) - 1
            if number >= 0 and found[number][0] < place < found[number][1]:
                inside.setdefault(number, set()).add(place)
    for number in sorted(inside, reverse=True):
        start, end = found[number]
        found[number : number + 1] = pairwise((start, *sorted(inside[number]), end))
    return found


def sentences(document: LayerDocument, losses: Losses) -> Iterator[Sentence]:
    """Yield the document sentence by sentence: lines, and what a full stop and a capital letter part.

    No passage is divided; one without a word (blanks only) is counted as lost.
    """
    found = words(document.text, [span for one in document.passages for span in one.spans])
    starts = [start for start, _ in found]
    places: list[Tagged] = []
    for one in document.passages:
        first, last = bisect_left(starts, one.spans[0].start), bisect_left(starts, one.spans[-1].end) - 1
        if first > last:
            losses.add("formats.lost-blank", quoted(document, one))
        else:
            places.append(Tagged(first, last, one))
    places.sort(key=lambda one: one.first)
    breaks = [0, *_breaks(document.text, starts, places), len(found)]
    waiting = 0
    for begin, end in pairwise(breaks):
        inside = []
        while waiting < len(places) and places[waiting].first < end:
            first, last, passage = places[waiting]
            inside.append(Tagged(first - begin, last - begin, passage))
            waiting += 1
        if begin < end:
            yield Sentence(tuple(found[begin:end]), tuple(inside))


def _breaks(text: str, starts: Sequence[int], places: Iterable[Tagged]) -> Iterator[int]:
    """Yield the words that begin a sentence, but the first: none inside a passage."""
    joined = [(one.first + 1, one.last) for one in places if one.last > one.first]
    before = 0
    for match in _BREAK.finditer(text):
        number = bisect_left(starts, match.end())
        inside = any(first <= number <= last for first, last in joined)
        if before < number < len(starts) and not inside:
            before = number
            yield number
