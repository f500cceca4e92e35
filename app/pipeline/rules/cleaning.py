"""A cleaned view of a text: composed letters, plain blanks, no soft hyphens, with the way back."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from models.spans import Span

_ODD = re.compile("[\u00ad\u200b\u2060\ufeff]|[^\u0300-\u036f][\u0300-\u036f]+")
_SAME_LENGTH = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "\u2007": " ",
        "\x00": " ",
        "\u2011": "-",
        "\u2010": "-",
        "‘": "’",
        "“": "”",
        "„": "”",
        '"': "”",
        "«": "”",
        "»": "”",
    }
)


class CleanText:
    """A text in the form the rules read, and where each of its places lies in the original."""

    def __init__(self, original: str) -> None:
        self._places: list[int] = [0]
        self._shifts: list[int] = [0]
        self._composed: dict[int, int] = {}
        pieces: list[str] = []
        end = length = 0
        for odd in _ODD.finditer(original):
            composed = unicodedata.normalize("NFC", odd.group()) if len(odd.group()) > 1 else ""
            if len(composed) > 1:
                continue
            pieces += original[end : odd.start()], composed
            length += odd.start() - end + len(composed)
            end = odd.end()
            self._places.append(length)
            self._shifts.append(end - length)
            if composed:
                self._composed[length] = end
        pieces.append(original[end:])
        self._origins = [place + shift for place, shift in zip(self._places, self._shifts, strict=True)]
        self.text = "".join(pieces).translate(_SAME_LENGTH)

    def original(self, start: int, end: int) -> Span:
        """Return the original span of ``[start, end)``, which must not be empty."""
        return Span(self._place(start), self._composed.get(end) or self._place(end - 1) + 1)

    def cleaned(self, start: int, end: int) -> Span | None:
        """Return where ``[start, end)`` of the original lies here; None if no letter begins at ``start``."""
        first, last = self._clean_place(start), self._clean_place(end - 1) + 1
        return Span(first, last) if first < last and self._place(first) == start else None

    def _clean_place(self, place: int) -> int:
        number = bisect_right(self._origins, place) - 1
        found = place - self._shifts[number]
        return min(found, self._places[number + 1] - 1) if number + 1 < len(self._places) else found

    def _place(self, place: int) -> int:
        return place + self._shifts[bisect_right(self._places, place) - 1]
