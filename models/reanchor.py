"""Finding annotated passages again in a corrected text (rules: the exchange format's anchors).

By the difference of the two texts if both are known; else where prefix, quote and suffix stand together
once; else the quote's only, or nearest, occurrence; else the passage is gone.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate

from models.spans import Anchor, Span, Spans

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_PIECES = re.compile(r"\w+|\s+|[^\w\s]")
_FEW = 500
"""Up to so many pieces on each side are compared each with each."""


class TextDifference:
    """Which stretches of an old text stand unchanged in a new one, in code points.

    Lines, then words: what is common at both ends, then between lines (words) that stand once in either text.
    Takes time in proportion to the texts, however they repeat themselves.
    """

    def __init__(self, old: str, new: str) -> None:
        self._blocks: list[tuple[int, int, int]] = []
        """(old start, new start, length), rising."""
        head = _common(old, new)
        tail = _common(old[head:][::-1], new[head:][::-1])
        self._keep(0, 0, head)
        before, after = old[head : len(old) - tail], new[head : len(new) - tail]
        self._between(before, after, head, head, (_LINES, _PIECES))
        self._keep(len(old) - tail, len(new) - tail, tail)
        self._starts = [block[0] for block in self._blocks]

    def _keep(self, old: int, new: int, length: int) -> None:
        if not length:
            return
        if self._blocks:
            before, after, size = self._blocks[-1]
            if (before + size, after + size) == (old, new):
                self._blocks[-1] = (before, after, size + length)
                return
        self._blocks.append((old, new, length))

    def _between(self, old: str, new: str, left: int, right: int, grains: Sequence[re.Pattern[str]]) -> None:
        """Compare two stretches that begin at ``left`` and ``right``, the coarsest of the grains first."""
        if not old or not new or not grains:
            return
        before, after = grains[0].findall(old), grains[0].findall(new)
        olds, news = _offsets(before, left), _offsets(after, right)
        was, is_ = 0, 0
        for a, b, size in (*_matches(before, after), (len(before), len(after), 0)):
            between = ("".join(before[was:a]), "".join(after[is_:b]))
            self._between(*between, olds[was], news[is_], grains[1:])
            self._keep(olds[a], news[b], olds[a + size] - olds[a])
            was, is_ = a + size, b + size

    def move(self, span: Span) -> Span | None:
        """Return where an unchanged passage stands now, None where any of it changed."""
        found = bisect_right(self._starts, span.start) - 1
        if found < 0:
            return None
        old, new, length = self._blocks[found]
        if span.end > old + length:
            return None
        return Span(span.start - old + new, span.end - old + new)

    def near(self, place: int) -> int:
        """Return about where a place of the old text is now: as far behind what stands before it."""
        found = bisect_right(self._starts, place) - 1
        if found < 0:
            return place
        old, new, _ = self._blocks[found]
        return place - old + new


def _offsets(pieces: Sequence[str], first: int) -> list[int]:
    return list(accumulate(map(len, pieces), initial=first))


def _matches(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Yield (old index, new index, length) of equal runs, rising."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail, room = 0, min(len(old), len(new)) - head
    while tail < room and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    if head:
        yield 0, 0, head
    inner = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(inner[0]) * len(inner[1]) <= _FEW * _FEW:
        found = SequenceMatcher(None, *inner, autojunk=False).get_matching_blocks()[:-1]
        yield from ((head + a, head + b, size) for a, b, size in found)
    else:
        was, is_ = 0, 0
        for a, b in _landmarks(*inner):
            for first, second, size in _matches(inner[0][was:a], inner[1][is_:b]):
                yield head + was + first, head + is_ + second, size
            yield head + a, head + b, 1
            was, is_ = a + 1, b + 1
        if was:
            for first, second, size in _matches(inner[0][was:], inner[1][is_:]):
                yield head + was + first, head + is_ + second, size
    if tail:
        yield len(old) - tail, len(new) - tail, tail


def _landmarks(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return where pieces stand that occur once in either, as many of them as keep their order."""
    once_old, once_new = _single(old), _single(new)
    pairs = [(place, once_new[piece]) for piece, place in once_old.items() if piece in once_new]
    ends: list[int] = []
    chains: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        at = bisect_left(ends, place)
        before.append(chains[at - 1] if at else -1)
        ends[at : at + 1], chains[at : at + 1] = [place], [number]
    found: list[tuple[int, int]] = []
    number = chains[-1] if chains else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _single(pieces: Sequence[str]) -> dict[str, int]:
    """Return the pieces that stand once, and where, in their order."""
    counts = Counter(pieces)
    return {piece: place for place, piece in enumerate(pieces) if counts[piece] == 1}


def _common(left: str, right: str) -> int:
    """Return how many code points two texts share from their beginning."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def reanchor(
    spans: Spans, anchor: Anchor, new: str, difference: TextDifference | None = None
) -> Spans | None:
    """Return the passage's spans in the new text, None where it is not to be found."""
    if difference is not None:
        moved = [difference.move(span) for span in spans]
        found = tuple(span for span in moved if span)
        if found and all(moved) and tuple(new[start:end] for start, end in found) == anchor.exact:
            return found
    was = spans[0].start if spans else 0
    near = difference.near(was) if difference else was
    if len(anchor.exact) == 1:
        place = _by_context(anchor, new)
        if place is None:
            place = _nearest(anchor.exact, (0,), new, near)
        return None if place is None else (Span(place, place + len(anchor.exact[0])),)
    place = _nearest(anchor.exact, [span.start - was for span in spans], new, near)
    if place is not None:
        return tuple(Span(place + start - was, place + end - was) for start, end in spans)
    return _fragments(anchor.exact, new)


def _by_context(anchor: Anchor, new: str) -> int | None:
    whole = anchor.prefix + anchor.exact[0] + anchor.suffix
    first = new.find(whole)
    if first < 0 or new.find(whole, first + 1) >= 0:
        return None
    return first + len(anchor.prefix)


def _nearest(exact: Sequence[str], offsets: Sequence[int], new: str, near: int) -> int | None:
    """Return where the quote stands nearest to ``near``, its parts as far from the first as before."""
    if not exact or not exact[0] or len(exact) != len(offsets):
        return None
    places: list[int] = []
    place = new.find(exact[0])
    while place >= 0:
        if all(new.startswith(part, place + at) for part, at in zip(exact, offsets, strict=True)):
            places.append(place)
        place = new.find(exact[0], place + 1)
    return min(places, key=lambda one: (abs(one - near), one)) if places else None


def _fragments(exact: Sequence[str], new: str) -> Spans | None:
    """Return the fragments where each follows the one before, if the first stands only once."""
    if not exact or new.count(exact[0]) != 1:
        return None
    found: list[Span] = []
    at = 0
    for piece in exact:
        place = new.find(piece, at)
        if place < 0:
            return None
        found.append(Span(place, place + len(piece)))
        at = place + len(piece)
    return tuple(found)
