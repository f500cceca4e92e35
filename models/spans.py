"""Half-open spans in code points, and the anchors that find a passage again in a changed text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from models.errors import UserError

CONTEXT = 32
"""Code points of prefix and suffix kept with each annotation."""


class Span(NamedTuple):
    """Half-open ``[start, end)`` in code points of the document's text as stored."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


Spans = tuple[Span, ...]
"""One or more fragments in rising order that do not overlap: a discontinuous mention has several."""


def check_spans(spans: Sequence[Sequence[int]], length: int) -> Spans:
    """Return ``spans`` as :data:`Spans` if they are whole, rising, disjoint and inside ``[0, length)``.

    Raises:
        UserError: ``span.outside-text``, ``span.empty`` or ``span.crossing``.
    """
    checked: list[Span] = []
    for pair in spans:
        if not isinstance(pair, Sequence) or [type(end) for end in pair] != [int, int]:
            raise UserError("span.not-a-span", span=pair)
        span = Span(*pair)
        if span.start < 0 or span.end > length:
            raise UserError("span.outside-text", start=span.start, end=span.end, length=length)
        if span.start >= span.end:
            raise UserError("span.empty", start=span.start, end=span.end)
        if checked and span.start < checked[-1].end:
            raise UserError("span.crossing", start=span.start, end=span.end)
        checked.append(span)
    if not checked:
        raise UserError("span.empty", start=0, end=0)
    return tuple(checked)


class Anchor(NamedTuple):
    """What is kept of a passage so that it can be found again: its quote and 32 code points around it."""

    exact: tuple[str, ...]
    prefix: str
    suffix: str


def anchor(text: str, spans: Spans) -> Anchor:
    """Return the quote of each fragment and the context around the whole passage."""
    first, last = spans[0].start, spans[-1].end
    return Anchor(
        tuple(text[start:end] for start, end in spans),
        text[max(0, first - CONTEXT) : first],
        text[last : last + CONTEXT],
    )
