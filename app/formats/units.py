"""Offsets in other tools' units: UTF-16 and grapheme clusters, to and from code points.

An offset that falls inside a character of its unit is an error, never rounded.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_left
from functools import cache
from typing import Literal, get_args

from models.errors import UserError
from models.spans import Span

Unit = Literal["code-points", "utf-16", "graphemes"]
UNITS: tuple[Unit, ...] = get_args(Unit)

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_CLUSTERED = re.compile("\r\n|[\u0300-\U0010ffff]")
"""What can make a cluster of several code points: anything from the combining marks on, and CR LF."""


class Offsets:
    """The offsets of one text in one unit.

    ``length`` is the text's length in that unit.
    """

    def __init__(self, text: str, unit: Unit) -> None:
        self.length = len(text)
        self._points: list[int] | None = None
        self._units: list[int] = []
        if unit == "utf-16" and _ASTRAL.search(text):
            self._points = list(range(len(text) + 1))
            self._units = _utf16_places(text)
        elif unit == "graphemes" and _CLUSTERED.search(text):
            self._points = [match.start() for match in _clusters().finditer(text)] + [len(text)]
            self._units = list(range(len(self._points)))
        if self._points is not None:
            self.length = self._units[-1]

    def point(self, offset: int) -> int:
        """Return the code point that begins at ``offset`` of the unit.

        Raises:
            UserError: ``peers.outside-text`` or ``peers.inside-character``.
        """
        if not 0 <= offset <= self.length:
            raise UserError("peers.outside-text", offset=offset, length=self.length)
        return offset if self._points is None else _matching(self._units, self._points, offset)

    def unit(self, point: int) -> int:
        """Return the offset in the unit of a code point.

        Raises:
            UserError: ``peers.outside-text`` or ``peers.inside-character``.
        """
        if self._points is None:
            return self.point(point)
        if not 0 <= point <= self._points[-1]:
            raise UserError("peers.outside-text", offset=point, length=self._points[-1])
        return _matching(self._points, self._units, point)

    def span(self, start: int, end: int) -> Span:
        """Return the span in code points of a pair in the unit.

        Raises:
            UserError: as :meth:`point`, ``span.empty`` where nothing lies between the two.
        """
        span = Span(self.point(start), self.point(end))
        if span.start >= span.end:
            raise UserError("span.empty", start=start, end=end)
        return span


def _matching(here: list[int], there: list[int], offset: int) -> int:
    index = bisect_left(here, offset)
    if here[index] != offset:
        raise UserError("peers.inside-character", offset=offset)
    return there[index]


def _utf16_places(text: str) -> list[int]:
    places, place = [0], 0
    for character in text:
        place += 2 if character > "\uffff" else 1
        places.append(place)
    return places


_PICTURES = (
    "\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u2388\u23cf\u23e9-\u23f3"
    "\u23f8-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2605\u2607-\u2612\u2614-\u2685"
    "\u2690-\u2705\u2708-\u2712\u2714\u2716\u271d\u2721\u2728\u2733\u2734\u2744\u2747\u274c\u274e"
    "\u2753-\u2755\u2757\u2763-\u2767\u2795-\u2797\u27a1\u27b0\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c"
    "\u2b50\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f0ff\U0001f10d-\U0001f10f\U0001f12f"
    "\U0001f16c-\U0001f171\U0001f17e\U0001f17f\U0001f18e\U0001f191-\U0001f19a\U0001f201-\U0001f20f\U0001f21a"
    "\U0001f22f\U0001f232-\U0001f23a\U0001f249-\U0001f3fa\U0001f400-\U0001f64f\U0001f680-\U0001f6ff"
    "\U0001f774-\U0001f77f\U0001f7d5-\U0001f7ff\U0001f80c-\U0001f80f\U0001f848-\U0001f84f\U0001f85a-\U0001f85f"
    "\U0001f888-\U0001f88f\U0001f8ae-\U0001f8ff\U0001f90c-\U0001faff"
)
"""Extended_Pictographic: what a zero-width joiner welds together."""
_PREPENDED = "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
_ALSO_EXTENDS = (
    "\u09be\u09d7\u0b3e\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf\u1b35\u200c\u302e\u302f"
    "\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
)


@cache
def _clusters() -> re.Pattern[str]:
    """Return the pattern of one extended grapheme cluster (UAX #29, table 1c; without the Indic rule GB9c,
    which the editors in question do not know either).
    """
    marks, spacing, controls = [], [], []
    for number in range(sys.maxunicode + 1):
        category = unicodedata.category(chr(number))
        if category in ("Mn", "Me"):
            marks.append(number)
        elif category == "Mc" or number in (0x0E33, 0x0EB3):
            spacing.append(number)
        elif category in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            controls.append(number)
    joined = {0x200C, 0x200D, *range(0xE0020, 0xE0080), *_numbers(_PREPENDED)}
    extend = f"[{_ranges(marks)}{_ALSO_EXTENDS}]"
    mark = f"[{_ranges(marks + spacing)}{_ALSO_EXTENDS}\u200d]"
    control = f"[{_ranges([number for number in controls if number not in joined])}]"
    any_else = f"(?!{control})."
    first, middle, last = "[\u1100-\u115f\ua960-\ua97c]", "[\u1160-\u11a7\ud7b0-\ud7c6]", "[\u11a8-\u11ff\ud7cb-\ud7fb]"
    open_block = "".join(map(chr, range(0xAC00, 0xD7A4, 28)))
    hangul = f"{first}*(?:{middle}+|[{open_block}]{middle}*|[\uac00-\ud7a3]){last}*|{first}+|{last}+"
    flags = "[\U0001f1e6-\U0001f1ff]{2}"
    picture = f"[{_PICTURES}](?:{extend}*\u200d[{_PICTURES}])*"
    body = f"(?:{flags}|{hangul}|{picture}|{any_else})"
    return re.compile(f"\r\n|{control}|[{_PREPENDED}]*{body}{mark}*|.", re.DOTALL)


def _numbers(ranges: str) -> list[int]:
    return [ord(found) for found in re.findall(f"[{ranges}]", "".join(map(chr, range(0x600, 0x11100))))]


def _ranges(numbers: list[int]) -> str:
    parts: list[str] = []
    numbers = sorted(numbers)
    start = end = numbers[0]
    for number in [*numbers[1:], -1]:
        if number == end + 1:
            end = number
            continue
        parts.append(f"\\U{start:08x}-\\U{end:08x}")
        start = end = number
    return "".join(parts)
