"""The text of a document cut into the pieces that are laid out one at a time."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import OrderedDict
from itertools import accumulate

from PySide6.QtCore import QTextBoundaryFinder

from ui.offsets import OffsetMap

LONGEST = 8192
"""Code points of a paragraph that has spaces; a longer line of text is shown as several paragraphs."""
UNBROKEN = 3072
"""Code points of a paragraph without spaces: breaking those into lines costs more than their length."""
_BLOCK = 1024
_MAPS = 512

_BREAK = re.compile("\r\n?|\n")
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffc]")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff]"
)


def _pictures() -> dict[int, int]:
    """Map what Qt would drop, break lines at or box to a visible or harmless character as long."""
    shown = {code: 0x2400 + code for code in range(0x20) if code != 0x09}
    shown |= dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
    shown |= {0x7F: 0x2421, 0x2028: 0x2424, 0x2029: 0x2424}
    return shown | {0xFEFF: 0x2060, 0xFFFC: 0xFFFD, 0x0D: 0x2060}


_PICTURES = _pictures()


class Paragraphs:
    """Where each paragraph starts and ends, in code points; line ends lie between paragraphs."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._maps: OrderedDict[int, OffsetMap] = OrderedDict()
        self._cut()

    def __len__(self) -> int:
        return len(self.starts)

    def _cut(self) -> None:
        text, start = self.text, 0
        if "\r" not in text:
            lengths = list(map(len, text.split("\n")))
            following = list(accumulate(length + 1 for length in lengths))
            if max(lengths) <= _BLOCK * 2:
                self.starts = [0, *following[:-1]]
                self.ends = [end - 1 for end in following]
                return
            for length, end in zip(lengths, following, strict=True):
                self._add(end - 1 - length, end - 1)
            return
        for match in _BREAK.finditer(text):
            self._add(start, match.start())
            start = match.end()
        self._add(start, len(text))

    def _add(self, start: int, end: int) -> None:
        while end - start > _BLOCK * 2:
            cut = self._virtual_end(start, end)
            if cut >= end:
                break
            self.starts.append(start)
            self.ends.append(cut)
            start = cut
        self.starts.append(start)
        self.ends.append(end)

    def _virtual_end(self, start: int, end: int) -> int:
        """Where a long line is cut: after a space, or inside a long unbroken run between two graphemes."""
        text, reach = self.text, min(end, start + LONGEST)
        for block in range(start, reach - _BLOCK, _BLOCK):
            if text.find(" ", block, block + _BLOCK) < 0:
                if block - start >= _BLOCK:
                    return block - _BLOCK + text[block - _BLOCK : block].rfind(" ") + 1
                return end if end - start <= UNBROKEN else self._between_graphemes(start + UNBROKEN)
        if reach == end:
            return end
        space = text.rfind(" ", start + LONGEST // 2, reach)
        return space + 1 if space >= 0 else self._between_graphemes(start + UNBROKEN)

    def _between_graphemes(self, position: int) -> int:
        around = self.text[position - 64 : position + 64]
        units = OffsetMap(around)
        finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, around)
        finder.setPosition(units.to_units(64))
        if finder.isAtBoundary():
            return position
        before = finder.toPreviousBoundary()
        return position - 64 + units.to_points(before) if before > 0 else position

    def at(self, position: int) -> int:
        """Return the paragraph of a code point; a line end belongs to the paragraph that it ends."""
        return max(0, bisect_right(self.starts, position) - 1)

    def source(self, paragraph: int) -> str:
        """Return the paragraph's text as stored."""
        return self.text[self.starts[paragraph] : self.ends[paragraph]]

    def shown(self, paragraph: int) -> str:
        """Return the paragraph's text as handed to Qt: the same number of code points and units."""
        text = self.source(paragraph)
        return text.translate(_PICTURES) if _ODD.search(text) else text

    def right_to_left(self, paragraph: int) -> bool:
        """Whether some of the paragraph may run from right to left."""
        text = self.source(paragraph)
        return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None

    def units(self, paragraph: int) -> OffsetMap:
        """Return the paragraph's offset map, made when first asked for."""
        found = self._maps.get(paragraph)
        if found is None:
            found = self._maps[paragraph] = OffsetMap(self.source(paragraph))
            if len(self._maps) > _MAPS:
                self._maps.popitem(last=False)
        return found

    def to_unit(self, paragraph: int, position: int) -> int:
        """Return the UTF-16 offset in ``paragraph`` of a document position, kept inside the paragraph."""
        start = self.starts[paragraph]
        inside = min(max(position, start), self.ends[paragraph]) - start
        return self.units(paragraph).to_units(inside)

    def to_position(self, paragraph: int, unit: int) -> int:
        """Return the document position in code points of a UTF-16 offset in ``paragraph``."""
        return self.starts[paragraph] + self.units(paragraph).to_points(unit)
