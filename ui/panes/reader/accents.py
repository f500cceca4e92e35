"""What the reader emphasises at the moment: none of it changes a line's place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models.spans import Span, Spans
from ui.voices import Voice


@dataclass(slots=True)
class Accents:
    """Marks by key, passages in code points. ``flash_strength`` fades from 1 to 0.

    ``voices`` are the readings of the case that is being adjudicated.
    """

    focus: str | None = None
    hover: str | None = None
    flash: str | None = None
    flash_strength: float = 0.0
    selected: Spans = ()
    caret: int | None = None
    hits: Spans = ()
    legal: frozenset[str] | None = None
    target: str | None = None
    voices: tuple[Voice, ...] = ()

    def look(self, key: str) -> str:
        """Return how the tag of a mark looks: plain, dim, focus, legal or target."""
        if self.legal is not None:
            if key == self.target:
                return "target"
            if key in self.legal:
                return "legal"
            return "focus" if key == self.focus else "dim"
        return "focus" if key == self.focus else "plain"


def overlapping(spans: Spans, start: int, end: int) -> Iterator[Span]:
    """Yield those of the sorted, disjoint ``spans`` that share a code point with ``[start, end)``."""
    low, high = 0, len(spans)
    while low < high:
        middle = (low + high) // 2
        if spans[middle].end <= start:
            low = middle + 1
        else:
            high = middle
    while low < len(spans) and spans[low].start < end:
        yield spans[low]
        low += 1
