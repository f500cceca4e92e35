"""The document as a flow of paragraphs: heights, the laid-out few, and positions ↔ pixels. No widget here.

Pixels: x from the viewport's left edge, y from the top of the document.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from operator import sub

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QTextLine

from models.marks import Mark
from models.spans import Span, Spans
from ui.panes.reader.block import Block, Placer, Row, Tag, bar_x, nearest_row, x_of
from ui.panes.reader.content import Content
from ui.panes.reader.heights import Heights
from ui.panes.reader.metrics import TOP, Metrics
from ui.panes.reader.paragraphs import Paragraphs
from ui.theme import Palette

KEPT = 400
"""Paragraphs kept laid out."""


class Flow:
    """One shown document. ``grown`` is set when a paragraph turned out other than estimated."""

    def __init__(
        self, text: str, marks: Sequence[Mark], furniture: Spans, metrics: Metrics, palette: Palette
    ) -> None:
        self.paragraphs = Paragraphs(text)
        self.content = Content(self.paragraphs, marks)
        self.furniture = furniture
        self.metrics = metrics
        self.placer = Placer(self.content, metrics, palette)
        self.grown = False
        self.reset()

    def complete(self, marks: Sequence[Mark]) -> None:
        """Take over all marks of the document, of which those shown so far were the first.

        What is laid out stays as it is: nothing that begins there is new.
        """
        self.content = Content(self.paragraphs, marks)
        self.placer.content = self.content

    def reset(self) -> None:
        """Forget every layout: the font or the column changed."""
        self.placer.metrics = self.metrics
        self.blocks: OrderedDict[int, Block] = OrderedDict()
        lengths = map(sub, self.paragraphs.ends, self.paragraphs.starts)
        self.heights = Heights(self.metrics.estimates(lengths))

    @property
    def height(self) -> int:
        """The document's height in pixels as far as known, margins included."""
        return self.heights.total + 2 * TOP + self.metrics.text_height

    def top(self, paragraph: int) -> int:
        """Return the y of a paragraph's top."""
        return TOP + self.heights.top(paragraph)

    def at(self, y: int) -> int:
        """Return the paragraph at ``y``."""
        return self.heights.at(y - TOP)

    def block(self, paragraph: int) -> Block:
        """Return the paragraph laid out, now if it was not."""
        found = self.blocks.get(paragraph)
        if found is not None:
            self.blocks.move_to_end(paragraph)
            return found
        found = self._lay(paragraph)
        self.blocks[paragraph] = found
        if len(self.blocks) > KEPT:
            self.blocks.popitem(last=False)
        return found

    def _lay(self, paragraph: int) -> Block:
        block = Block(self.paragraphs, paragraph, self.metrics)
        self.placer.place(block)
        if self.heights.set(paragraph, block.height):
            self.grown = True
        return block

    def measure(self, paragraph: int) -> None:
        """Make a paragraph's height the true one without keeping its layout."""
        if not self.heights.known[paragraph]:
            self._lay(paragraph)

    def visible(self, y: int, height: int) -> range:
        """Return the paragraphs between ``y`` and ``y + height``, all of them laid out."""
        first = self.at(y)
        last, edge = first, self.top(first)
        while last < len(self.paragraphs) and edge < y + height:
            self.block(last)
            edge += self.heights.each[last]
            last += 1
        return range(first, max(last, first + 1))

    def replace(self, paragraphs: Iterable[int]) -> tuple[list[tuple[int, Row]], bool]:
        """Place the marks of ``paragraphs`` anew.

        Returns:
            the changed rows (old and new) with the top of their paragraph, and whether a height changed.
        """
        changed: list[tuple[int, Row]] = []
        grew = False
        for paragraph in paragraphs:
            block = self.blocks.get(paragraph)
            if block is None:
                self.heights.known[paragraph] = 0
                continue
            old = block.rows
            self.placer.place(block)
            moved = any(a.text_top != b.text_top for a, b in zip(old, block.rows, strict=True))
            grew = bool(self.heights.set(paragraph, block.height)) or moved or grew
            top = self.top(paragraph)
            for before, after in zip(old, block.rows, strict=True):
                if before != after:
                    changed += ((top, before), (top, after))
        self.grown = self.grown or grew
        return changed, grew

    def restate(self, marks: Iterable[Mark]) -> list[tuple[int, Row]]:
        """Show marks in another state where nothing else about them changed: no line moves.

        Returns the changed rows with the top of their paragraph.
        """
        changed: list[tuple[int, Row]] = []
        for mark in marks:
            for paragraph in self.content.paragraphs_of(mark):
                block = self.blocks.get(paragraph)
                rows = block.where.get(mark.key) if block is not None else None
                if block is None or rows is None:
                    continue
                top = self.top(paragraph)
                for index in range(rows[0], rows[1] + 1):
                    block.rows[index] = block.rows[index].restated(mark.key, mark.state)
                    changed.append((top, block.rows[index]))
        return changed

    # positions and pixels

    def locate(self, position: int) -> tuple[int, int, int]:
        """Return paragraph, row and UTF-16 unit of a document position."""
        paragraph = self.paragraphs.at(position)
        unit = self.paragraphs.to_unit(paragraph, position)
        return paragraph, self.block(paragraph).row_at(unit), unit

    def caret(self, position: int) -> QRect:
        """Return the caret's place before the character at ``position``."""
        paragraph, row, unit = self.locate(position)
        block = self.block(paragraph)
        shape = block.rows[row]
        x = self.metrics.left + round(x_of(block.lines[row], unit))
        return QRect(x - 1, self.top(paragraph) + shape.text_top, 2, shape.text_bottom - shape.text_top)

    def position(self, x: int, y: int, *, on_character: bool = False) -> int:
        """Return the document position at a pixel: between characters, or the character under it."""
        paragraph = self.at(y)
        block = self.block(paragraph)
        row = nearest_row(block, y - self.top(paragraph))
        line = block.lines[row]
        where = QTextLine.CursorPosition
        mode = where.CursorOnCharacter if on_character else where.CursorBetweenCharacters
        unit = line.xToCursor(float(x - self.metrics.left), mode)
        if row + 1 < len(block.lines) and unit >= block.row_end(row):
            unit = block.layout.previousCursorPosition(block.row_end(row))
        return self.paragraphs.to_position(paragraph, unit)

    def rows_of(self, span: Span) -> Iterator[tuple[Block, int, int, int]]:
        """Yield block, row, first and last unit of each laid-out line that ``span`` touches."""
        at = self.paragraphs.at
        for paragraph in range(at(span.start), at(span.end) + 1):
            block = self.blocks.get(paragraph)
            if block is None:
                continue
            first = self.paragraphs.to_unit(paragraph, span.start)
            last = self.paragraphs.to_unit(paragraph, span.end)
            for row in range(block.row_at(first), block.row_at(max(first, last - 1)) + 1):
                yield block, row, first, last

    def band(self, block: Block, row: int) -> QRect:
        """Return the whole width of one line."""
        shape = block.rows[row]
        return QRect(0, self.top(block.paragraph) + shape.top, self.metrics.width, shape.bottom - shape.top)

    def bands(self, span: Span) -> list[QRect]:
        """Return the bands of all laid-out lines that ``span`` touches."""
        return [self.band(block, row) for block, row, _, _ in self.rows_of(span)]

    def mark_bands(self, mark: Mark) -> list[QRect]:
        """Return the bands of all laid-out lines in which ``mark`` shows."""
        bands = []
        for paragraph in self.content.paragraphs_of(mark):
            block = self.blocks.get(paragraph)
            rows = block.where.get(mark.key) if block is not None else None
            if block is not None and rows is not None:
                bands += [self.band(block, row) for row in range(rows[0], rows[1] + 1)]
        return bands

    def tag_of(self, mark: Mark) -> tuple[Block, Row, Tag] | None:
        """Return the block, row and tag of a mark that is laid out."""
        if not mark.spans:
            return None
        block = self.blocks.get(self.paragraphs.at(mark.spans[0].start))
        rows = block.where.get(mark.key) if block is not None else None
        if block is None or rows is None:
            return None
        row = block.rows[rows[0]]
        for tag in row.tags:
            if tag.key == mark.key:
                return block, row, tag
        for box in row.boxes:
            if box.key == mark.key:
                bare = Tag(box.key, box.kind, box.label, box.state, box.x0, box.x1 - box.x0, -1, "")
                return block, row, bare
        return None

    def tag_top(self, row: Row, lane: int) -> int:
        """Return the y of a tag in ``lane``, from the paragraph's top."""
        return row.text_top - 2 - (lane + 1) * (self.metrics.tag_height + 1) + 1

    def marks_at(self, point: QPoint) -> list[str]:
        """Return the keys of the marks at a pixel, inner first; a tag or bar counts as its mark alone."""
        paragraph = self.at(point.y())
        block = self.blocks.get(paragraph)
        if block is None:
            return []
        y = point.y() - self.top(paragraph)
        row = block.rows[nearest_row(block, y)]
        x = point.x() - self.metrics.left
        for tag in row.tags:
            top = self.tag_top(row, tag.lane)
            if tag.x <= x < tag.x + tag.width and top <= y < top + self.metrics.tag_height:
                return [tag.key]
        for bar in row.bars:
            if abs(point.x() - bar_x(self.metrics, bar.lane) - 1) <= 3:
                return [bar.key]
        if not row.text_top - 1 <= y < row.bottom:
            return []
        hit = [(box.x1 - box.x0, box.kind == "claim", box.key) for box in row.boxes if box.x0 <= x < box.x1]
        spans = self.content.marks
        hit.sort(key=lambda one: (spans[one[2]].extent.end - spans[one[2]].extent.start, one[1], one[2]))
        return list(dict.fromkeys(key for _, _, key in hit))
