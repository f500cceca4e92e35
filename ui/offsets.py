"""Code points, which Python and spaCy count, and UTF-16 units, which Qt counts: only here they meet."""

from __future__ import annotations

import re
from bisect import bisect_left

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class OffsetMap:
    """Converts offsets inside one paragraph, the unit in which text is handed to Qt.

    Costs one fast scan and nothing more where no character lies outside the basic plane, which is nearly
    everywhere: both counts are the same then.
    """

    __slots__ = ("_points", "_units", "units")

    def __init__(self, text: str) -> None:
        self.units = len(text)
        self._points: list[int] | None = None
        self._units: list[int] = []
        if text.isascii():
            return
        self.units = len(text.encode("utf-16-le", "surrogatepass")) // 2
        if self.units != len(text):
            self._points = [match.start() for match in _ASTRAL.finditer(text)]
            self._units = [point + earlier for earlier, point in enumerate(self._points)]

    @property
    def identity(self) -> bool:
        """Whether code points and UTF-16 units count the same here."""
        return self._points is None

    def to_units(self, point: int) -> int:
        """Return the UTF-16 offset of the code-point offset ``point``."""
        return point if self._points is None else point + bisect_left(self._points, point)

    def to_points(self, unit: int) -> int:
        """Return the code-point offset of UTF-16 offset ``unit``; inside a pair, that of its character."""
        return unit if self._points is None else unit - bisect_left(self._units, unit)
