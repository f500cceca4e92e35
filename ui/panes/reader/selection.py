"""Caret and selection in code points: words unless characters are asked for, never inside a grapheme."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from models.spans import Span, Spans
from ui.panes.reader.paragraphs import Paragraphs
from ui.panes.reader.words import Words

_KEPT = 16


class Selection:
    """One growing passage between anchor and caret, and the fragments that were selected before it."""

    def __init__(self, paragraphs: Paragraphs) -> None:
        self.paragraphs = paragraphs
        self.caret: int | None = None
        self.anchor: int | None = None
        self.kept: list[Span] = []
        self._words: OrderedDict[int, Words] = OrderedDict()

    @property
    def span(self) -> Span | None:
        """The passage between anchor and caret, None if it is empty."""
        if self.caret is None or self.anchor is None or self.caret == self.anchor:
            return None
        return Span(min(self.caret, self.anchor), max(self.caret, self.anchor))

    @property
    def fragments(self) -> Spans:
        """All selected passages, rising and disjoint; those that touch are one."""
        return merged([*self.kept, self.span] if self.span else self.kept)

    def clear(self) -> None:
        """Select nothing; the caret stays."""
        self.kept, self.anchor = [], self.caret

    def set(self, anchor: int, caret: int) -> None:
        """Select from ``anchor`` to ``caret``, brought to grapheme boundaries."""
        self.anchor, self.caret = self.snapped(anchor, caret)

    def keep(self) -> None:
        """Put the present passage among the fragments so that another can be selected."""
        if self.span is not None:
            self.kept.append(self.span)
        self.anchor = self.caret

    def words(self, paragraph: int) -> Words:
        """Return the words of a paragraph."""
        found = self._words.get(paragraph)
        if found is None:
            found = self._words[paragraph] = Words(self.paragraphs.source(paragraph))
            if len(self._words) > _KEPT:
                self._words.popitem(last=False)
        return found

    def _inside(self, position: int) -> tuple[int, int, Words]:
        position = min(max(position, 0), len(self.paragraphs.text))
        paragraph = self.paragraphs.at(position)
        start = self.paragraphs.starts[paragraph]
        return paragraph, min(position, self.paragraphs.ends[paragraph]) - start, self.words(paragraph)

    def snapped(self, anchor: int, caret: int) -> tuple[int, int]:
        """Return both ends moved outward to grapheme boundaries."""
        low, high = self._edge(min(anchor, caret), -1), self._edge(max(anchor, caret), 1)
        if anchor == caret:
            return low, low
        return (low, high) if anchor < caret else (high, low)

    def _edge(self, position: int, direction: int) -> int:
        paragraph, index, words = self._inside(position)
        edge = words.grapheme_start(index) if direction < 0 else words.grapheme_end(index)
        return self.paragraphs.starts[paragraph] + edge

    def unit(self, position: int, *, characters: bool = False) -> Span:
        """Return the word (or grapheme) around the character at ``position``; empty on a space."""
        paragraph, index, words = self._inside(position)
        start, end = words.unit_at(index)
        if characters:
            start, end = words.grapheme_start(index), words.grapheme_end(index + 1)
        base = self.paragraphs.starts[paragraph]
        return Span(base + start, base + end)

    def sentence(self, position: int) -> Span:
        """Return the sentence around ``position``."""
        paragraph, index, words = self._inside(position)
        start, end = words.sentence_at(index)
        base = self.paragraphs.starts[paragraph]
        return Span(base + start, base + end)

    def paragraph(self, position: int) -> Span:
        """Return the paragraph around ``position``."""
        index = self.paragraphs.at(position)
        return Span(self.paragraphs.starts[index], self.paragraphs.ends[index])

    def drag(self, origin: Span, here: Span) -> None:
        """Select from the unit where a drag began to the one where it is, without spaces at the ends."""
        low, high = min(origin.start, here.start), max(origin.end, here.end)
        text = self.paragraphs.text
        while low < high and text[low].isspace():
            low += 1
        while high > low and text[high - 1].isspace():
            high -= 1
        backwards = here.start < origin.start
        self.anchor, self.caret = (high, low) if backwards else (low, high)

    def move(self, step: int, unit: str, *, extend: bool) -> None:
        """Move the caret by ``step`` words, characters, paragraphs, or to an end of the document.

        Extending by words takes whole words: the ends snap to where words begin and end.
        """
        caret = self.caret or 0
        if extend and unit == "word" and self.span is None:
            self.anchor = self.caret = caret = self._word_edge(caret, -1 if step > 0 else 1)
        if not extend and self.span is not None and unit in ("word", "character"):
            caret = self.span.end if step > 0 else self.span.start
            step -= 1 if step > 0 else -1
        for _ in range(abs(step)):
            caret = self._moved(caret, 1 if step > 0 else -1, unit, extend=extend)
        if extend:
            self.anchor = self.caret if self.anchor is None else self.anchor
            self.anchor = caret if self.anchor is None else self.anchor
            self.caret = caret
        else:
            self.kept, self.anchor, self.caret = [], caret, caret

    def _word_edge(self, position: int, direction: int) -> int:
        """Return the edge of the word that ``position`` splits, or the position itself."""
        paragraph, index, words = self._inside(position)
        start, end = words.unit_at(index)
        if start < index < end:
            index = start if direction < 0 else end
        elif direction < 0 and index < len(words.text) and words.text[index].isspace():
            index = words.next_start(index) or index
        return self.paragraphs.starts[paragraph] + index

    def _moved(self, caret: int, step: int, unit: str, *, extend: bool) -> int:
        starts, ends = self.paragraphs.starts, self.paragraphs.ends
        if unit == "document":
            return len(self.paragraphs.text) if step > 0 else 0
        paragraph, index, words = self._inside(caret)
        if unit == "paragraph":
            if step < 0:
                return starts[paragraph] if index else starts[max(0, paragraph - 1)]
            if extend:
                return ends[paragraph] if index < len(words.text) else ends[min(paragraph + 1, len(ends) - 1)]
            return starts[paragraph + 1] if paragraph + 1 < len(starts) else ends[paragraph]
        if unit == "character":
            found = words.step(index, step)
            if found is None and 0 <= paragraph + step < len(starts):
                return starts[paragraph + 1] if step > 0 else ends[paragraph - 1]
            return caret if found is None else starts[paragraph] + found
        return self._word(caret, step, extend=extend)

    def _word(self, caret: int, step: int, *, extend: bool) -> int:
        """Return the next word edge; a selection that shrinks gives up one whole word at a time."""
        anchor = self.anchor if extend and self.span is not None else None
        growing = anchor is None or (caret > anchor) == (step > 0)
        at_ends = extend and growing == (step > 0)
        paragraph, index, words = self._inside(caret)
        found: int | None
        if step > 0:
            found = words.next_end(index) if at_ends else words.next_start(index)
        else:
            found = words.last_end(index) if at_ends else words.last_start(index)
        while found is None and 0 <= paragraph + step < len(self.paragraphs):
            paragraph += step
            edges = self.words(paragraph).ends if at_ends else self.words(paragraph).starts
            if edges:
                found = edges[0] if step > 0 else edges[-1]
        if found is None:
            reached = len(self.paragraphs.text) if step > 0 else 0
        else:
            reached = self.paragraphs.starts[paragraph] + found
        if anchor is not None and not growing:
            reached = max(reached, anchor) if step < 0 else min(reached, anchor)
        return reached


def merged(spans: Iterable[Span]) -> Spans:
    """Return ``spans`` rising and disjoint; overlapping and touching ones become one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)
