"""Puts paragraphs together: one line end inside a group, a blank line between groups."""

from __future__ import annotations

from models.spans import Span

LINE = 1
PARAGRAPH = 2


class Blocks:
    """A text in the making, of paragraphs that are kept apart by one or two line ends."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self._parts: list[str] = []
        self._length = 0
        self._gap = 0

    def gap(self, lines: int) -> None:
        """Keep at least ``lines`` line ends before what comes next."""
        self._gap = max(self._gap, lines)

    def add(self, text: str) -> int:
        """Append a paragraph and return its index in :attr:`spans`; ``text`` must not be blank."""
        if self._parts:
            ends = "\n" * max(self._gap, LINE)
            self._parts.append(ends)
            self._length += len(ends)
        self._gap = 0
        self._parts.append(text)
        self.spans.append(Span(self._length, self._length + len(text)))
        self._length += len(text)
        return len(self.spans) - 1

    def text(self) -> str:
        """Return all paragraphs as one text."""
        return "".join(self._parts)
