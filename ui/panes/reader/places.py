"""Places that keys ask for: the next boundary, the sentence at the caret, where a list may appear."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPoint

from models.spans import Span
from ui.panes.reader.paragraphs import Paragraphs
from ui.panes.reader.view import ReaderView
from ui.panes.reader.words import Words

Edge = Literal["start", "end"]
Unit = Literal["word", "character"]


def stepped(paragraphs: Paragraphs, position: int, edge: Edge, step: int, unit: Unit) -> int:
    """Return where a mark's start or end goes by one word or character; where nothing follows, it stays.

    Positions are code points of the document; ends go to word ends, starts to word starts.
    """
    paragraph = paragraphs.at(position)
    index = min(position, paragraphs.ends[paragraph]) - paragraphs.starts[paragraph]
    words = Words(paragraphs.source(paragraph))
    if unit == "character":
        found = words.step(index, step)
    elif edge == "end":
        found = words.next_end(index) if step > 0 else words.last_end(index)
    else:
        found = words.next_start(index) if step > 0 else words.last_start(index)
    while found is None and 0 <= paragraph + step < len(paragraphs.starts):
        paragraph += step
        words = Words(paragraphs.source(paragraph))
        edges = words.ends if edge == "end" else words.starts
        if edges:
            found = edges[0] if step > 0 else edges[-1]
    return position if found is None else paragraphs.starts[paragraph] + found


def sentence_at_caret(reader: ReaderView) -> Span | None:
    """Return the sentence at the caret, or at the mark in focus where there is no caret."""
    if reader.flow is None:
        return None
    position = reader.accents.caret
    if position is None:
        mark = reader.focused
        if mark is None or not mark.spans:
            return None
        position = mark.extent.start
    paragraph = reader.flow.paragraphs.at(position)
    base = reader.flow.paragraphs.starts[paragraph]
    start, end = Words(reader.flow.paragraphs.source(paragraph)).sentence_at(position - base)
    return Span(base + start, base + end) if start < end else None


def popup_place(reader: ReaderView) -> QPoint:
    """Return a place just below the mark in focus or the selection, in the viewport's coordinates."""
    mark = reader.focused
    place = reader.selection or (mark.extent if mark is not None and mark.spans else None)
    if reader.flow is None or place is None:
        return QPoint(40, 40)
    bands = reader.flow.bands(place)
    if not bands:
        return QPoint(40, 40)
    corner = reader.flow.caret(place.end).bottomLeft() - QPoint(0, reader.y0)
    return QPoint(corner.x(), max(0, min(corner.y() + 4, reader.viewport().height() - 40)))
