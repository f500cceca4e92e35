"""Finding annotated passages again in a corrected text (rules: the exchange format's anchors).

By the difference of the two texts if both are known; else where prefix, quote and suffix stand together
once; else the quote's only, or nearest, occurrence; else the passage is gone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from models.spans import Anchor, Span, Spans

_PIECES = re.compile(r"\w+|\s+|[^\w\s]")


class TextDifference:
    """Which stretches of an old text stand unchanged in a new one, in code points."""

    def __init__(self, old: str, new: str) -> None:
        self._blocks: list[tuple[int, int, int]] = []
        """(old start, new start, length), rising."""
        head = _common(old, new)
        tail = _common(old[head:][::-1], new[head:][::-1])
        self._keep(0, 0, head)
        self._lines(old[head : len(old) - tail], new[head : len(new) - tail], head)
        self._keep(len(old) - tail, len(new) - tail, tail)
        self._starts = [block[0] for block in self._blocks]

    def _keep(self, old: int, new: int, length: int) -> None:
        if length:
            self._blocks.append((old, new, length))

    def _lines(self, old: str, new: str, offset: int) -> None:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
        for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            left, right = sum(map(len, before[:a])), sum(map(len, after[:c]))
            if tag == "equal":
                self._keep(offset + left, offset + right, sum(map(len, before[a:b])))
            elif tag == "replace":
                self._words("".join(before[a:b]), "".join(after[c:d]), offset + left, offset + right)

    def _words(self, old: str, new: str, left: int, right: int) -> None:
        before, after = _PIECES.findall(old), _PIECES.findall(new)
        if len(before) * len(after) > 4_000_000:
            return  # a rewritten text: quotes find what is left of it, faster
        for match in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
            size = sum(map(len, before[match.a : match.a + match.size]))
            self._keep(left + sum(map(len, before[: match.a])), right + sum(map(len, after[: match.b])), size)

    def move(self, span: Span) -> Span | None:
        """Return where an unchanged passage stands now, None where any of it changed."""
        found = bisect_right(self._starts, span.start) - 1
        if found < 0:
            return None
        old, new, length = self._blocks[found]
        if span.end > old + length:
            return None
        return Span(span.start - old + new, span.end - old + new)


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
        if all(moved):
            found = tuple(span for span in moved if span)
            if tuple(new[start:end] for start, end in found) == anchor.exact and _rising(found):
                return found
    if len(anchor.exact) == 1:
        place = _by_context(anchor, new)
        if place is None:
            place = _nearest(anchor.exact[0], new, spans[0].start if spans else 0)
        return None if place is None else (Span(place, place + len(anchor.exact[0])),)
    return _fragments(anchor.exact, new)


def _rising(spans: Sequence[Span]) -> bool:
    return all(left.end <= right.start for left, right in pairwise(spans))


def _by_context(anchor: Anchor, new: str) -> int | None:
    whole = anchor.prefix + anchor.exact[0] + anchor.suffix
    first = new.find(whole)
    if first < 0 or new.find(whole, first + 1) >= 0:
        return None
    return first + len(anchor.prefix)


def _nearest(exact: str, new: str, old: int) -> int | None:
    places: list[int] = []
    place = new.find(exact) if exact else -1
    while place >= 0:
        places.append(place)
        place = new.find(exact, place + 1)
    return min(places, key=lambda one: (abs(one - old), one)) if places else None


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
