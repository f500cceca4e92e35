"""Words, sentences and graphemes of one paragraph, in code points: what selections snap to."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right

from PySide6.QtCore import QTextBoundaryFinder

from ui.offsets import OffsetMap

_JOINED = (
    "\\w\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c2\u05c4-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u2060\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f"
)
_WORD = re.compile(
    rf"\w[{_JOINED}]*(?:(?:[-.:'’&@_\u2010\u2011]|(?<=\d),(?=\d))\w[{_JOINED}]*)*(?:[-\u2010](?=\s))?"
)
_SIMPLE = re.compile("[\x00-\x0c\x0e-\u02ff\u0370-\u0482\u2010-\u2027\u20a0-\u20bf]*")


_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]{2,}")


def _whole_flags(text: str, boundaries: list[int]) -> list[int]:
    """Take out the boundaries that Qt sees inside a flag that follows another emoji."""
    inside = {at for run in _FLAGS.finditer(text) for at in range(run.start() + 1, run.end(), 2)}
    return [at for at in boundaries if at not in inside] if inside else boundaries


class Words:
    """The words and graphemes of ``text``, found when first asked for.

    A word keeps its soft hyphens, its combining marks, inner hyphens, points and colons (``e-hälsa``,
    ``1177.se``, ``SKL:s``). Any other grapheme that is neither space nor punctuation is a word by itself.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._graphemes: list[int] | None = None
        self._simple = _SIMPLE.fullmatch(text) is not None
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._find()

    def _find(self) -> None:
        last = 0
        for match in _WORD.finditer(self.text):
            start, end = self.grapheme_start(match.start()), self.grapheme_end(match.end())
            if start < last:
                start = last
            if start >= end:
                continue
            self._add_symbols(last, start)
            self.starts.append(start)
            self.ends.append(end)
            last = end
        self._add_symbols(last, len(self.text))

    def _add_symbols(self, start: int, end: int) -> None:
        while start < end:
            after = self.grapheme_end(start + 1)
            if unicodedata.category(self.text[start])[0] not in "PZC":
                self.starts.append(start)
                self.ends.append(min(after, end))
            start = after

    def _boundaries(self) -> list[int]:
        if self._graphemes is None:
            units = OffsetMap(self.text)
            finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, self.text)
            found = [0]
            while (unit := finder.toNextBoundary()) >= 0:
                found.append(units.to_points(unit))
            self._graphemes = _whole_flags(self.text, found)
        return self._graphemes

    def grapheme_start(self, index: int) -> int:
        """Return ``index``, or the start of the grapheme that it would split."""
        if self._simple or index <= 0:
            return max(0, index)
        found = self._boundaries()
        return found[bisect_right(found, index) - 1]

    def grapheme_end(self, index: int) -> int:
        """Return ``index``, or the end of the grapheme that it would split."""
        if self._simple or index >= len(self.text):
            return min(index, len(self.text))
        found = self._boundaries()
        return found[min(bisect_left(found, index), len(found) - 1)]

    def step(self, index: int, direction: int) -> int | None:
        """Return the grapheme boundary after or before ``index``; None at the paragraph's edge."""
        if direction > 0:
            return None if index >= len(self.text) else self.grapheme_end(index + 1)
        return None if index <= 0 else self.grapheme_start(index - 1)

    def unit_at(self, index: int) -> tuple[int, int]:
        """Return the word around the character at ``index``, else its grapheme; empty on a space."""
        found = bisect_right(self.starts, index) - 1
        if found >= 0 and index < self.ends[found]:
            return self.starts[found], self.ends[found]
        if index >= len(self.text) or self.text[index].isspace():
            return index, index
        return self.grapheme_start(index), self.grapheme_end(index + 1)

    def next_end(self, index: int) -> int | None:
        """Return the first word end after ``index``."""
        found = bisect_right(self.ends, index)
        return self.ends[found] if found < len(self.ends) else None

    def next_start(self, index: int) -> int | None:
        """Return the first word start after ``index``."""
        found = bisect_right(self.starts, index)
        return self.starts[found] if found < len(self.starts) else None

    def last_start(self, index: int) -> int | None:
        """Return the last word start before ``index``."""
        found = bisect_left(self.starts, index) - 1
        return self.starts[found] if found >= 0 else None

    def last_end(self, index: int) -> int | None:
        """Return the last word end before ``index``."""
        found = bisect_left(self.ends, index) - 1
        return self.ends[found] if found >= 0 else None

    def sentence_at(self, index: int) -> tuple[int, int]:
        """Return the sentence around ``index`` without the spaces at its ends."""
        units = OffsetMap(self.text)
        finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Sentence, self.text)
        finder.setPosition(units.to_units(min(index, len(self.text))))
        start = finder.position() if finder.isAtBoundary() else finder.toPreviousBoundary()
        finder.setPosition(max(0, start))
        end = finder.toNextBoundary()
        first = units.to_points(max(0, start))
        last = units.to_points(end) if end >= 0 else len(self.text)
        piece = self.text[first:last]
        first += len(piece) - len(piece.lstrip())
        return first, max(first, last - (len(piece) - len(piece.rstrip())))
