"""Paints lines: grounds, text, underlines, tags, bars and rings, and nothing outside what is damaged."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QPainter

from models.spans import Spans
from ui.panes.reader.accents import Accents, overlapping
from ui.panes.reader.block import Block, Box, Row, bar_x
from ui.panes.reader.flow import Flow
from ui.panes.reader.inks import Inks
from ui.panes.reader.metrics import LEVEL
from ui.voices import voice_colour, voice_line

DIM = 0.32
VOICE_PITCH = 3
"""Pixels from one annotator's line to the next."""


class Artist:
    """Draws the lines of a flow; ``y0`` is the document's y at the viewport's top."""

    def __init__(self, flow: Flow, inks: Inks, accents: Accents) -> None:
        self.flow = flow
        self.inks = inks
        self.accents = accents

    def paint(self, painter: QPainter, damaged: Sequence[QRect], paragraphs: range, y0: int) -> int:
        """Paint every line that touches a damaged rectangle and return how many did."""
        flow, count = self.flow, 0
        slack = max(flow.metrics.text_height // 3, VOICE_PITCH * (len(self.accents.voices) + 2))
        voiced: list[tuple[Block, int, Row, int]] = []
        painter.setFont(flow.metrics.font)
        painter.setBrushOrigin(0, -y0)
        first, last = min(rect.top() for rect in damaged), max(rect.bottom() for rect in damaged)
        y = flow.top(paragraphs.start) - y0
        for paragraph in paragraphs:
            height = flow.heights.each[paragraph]
            if y > last + slack:
                break
            if y + height >= first - slack:
                block = flow.block(paragraph)
                grounds = self._grounds(block)
                for index, row in enumerate(block.rows):
                    high, low = y + row.top - slack, y + row.bottom + slack
                    if any(rect.top() <= low and rect.bottom() >= high for rect in damaged):
                        self._row(painter, block, index, row, y, grounds)
                        voiced.append((block, index, row, y))
                        count += 1
            y += height
        for place in voiced if self.accents.voices else ():  # last, since they reach into the line below
            self._voices(painter, *place)
        return count

    def _grounds(self, block: Block) -> tuple[list[tuple[int, int, QColor]], list[tuple[int, int]]]:
        """Selected passages and hits as (start, end, colour), furniture as (start, end), in units."""
        paragraphs, paragraph = self.flow.paragraphs, block.paragraph
        start, end = paragraphs.starts[paragraph], paragraphs.ends[paragraph]

        def inside(spans: Spans) -> list[tuple[int, int]]:
            return [
                (paragraphs.to_unit(paragraph, span.start), paragraphs.to_unit(paragraph, span.end))
                for span in overlapping(spans, start, end + 1)
            ]

        shades = [(*piece, self.inks.hit) for piece in inside(self.accents.hits)]
        shades += [(*piece, self.inks.selection) for piece in inside(self.accents.selected)]
        return shades, inside(self.flow.furniture)

    def _row(
        self, painter: QPainter, block: Block, index: int, row: Row, y: int,
        grounds: tuple[list[tuple[int, int, QColor]], list[tuple[int, int]]],
    ) -> None:  # fmt: skip
        left, inks = self.flow.metrics.left, self.inks
        self._bars(painter, row, y)
        for box in row.boxes:
            self._fill(painter, box, row, left, y)
        shades, furniture = grounds
        start, end = block.starts[index], block.row_end(index)
        high, tall = y + row.text_top - 1, row.text_bottom - row.text_top + 2
        for first, last, colour in shades:
            if (first < end and last > start) or first <= start == end <= last:
                for x0, x1 in block.pieces(index, first, last):
                    painter.fillRect(left + x0, high, x1 - x0, tall, colour)
        painter.setPen(inks.text)
        line = block.lines[index]
        place = line.position()
        line.draw(painter, QPointF(left - place.x(), y + row.text_top - place.y()))
        for first, last in furniture:
            if first < end and last > start:
                for x0, x1 in block.pieces(index, first, last):
                    painter.fillRect(left + x0 - 1, high, x1 - x0 + 2, tall, inks.wash)
        for box in row.boxes:
            self._lines(painter, box, row, left, y)
        self._tags(painter, row, left, y)
        self._emphasis(painter, row, left, y)

    def _fill(self, painter: QPainter, box: Box, row: Row, left: int, y: int) -> None:
        accents, colour = self.accents, self.inks.ink(box.label, box.state).fill
        grow = min(box.level, 2)
        x, wide = left + box.x0, box.x1 - box.x0
        top, tall = y + row.text_top - grow, row.text_bottom - row.text_top + 2 * grow
        if box.kind == "claim":
            if box.key in (accents.focus, accents.hover, accents.target):
                painter.fillRect(x, top, wide, tall, self.inks.halo)
            return
        if colour is None:
            return
        dim = accents.legal is not None and accents.look(box.key) == "dim"
        if dim:
            painter.setOpacity(DIM)
        nick_left, nick_right = int(box.first), int(box.last)
        painter.fillRect(x + nick_left, top, wide - nick_left - nick_right, tall, colour)
        if nick_left:
            painter.fillRect(x, top + 1, 1, tall - 2, colour)
        if nick_right:
            painter.fillRect(x + wide - 1, top + 1, 1, tall - 2, colour)
        pattern = self.inks.ink(box.label, box.state).pattern
        if pattern is not None:
            painter.fillRect(QRect(x, top, wide, tall), pattern)
        if dim:
            painter.setOpacity(1.0)

    def _lines(self, painter: QPainter, box: Box, row: Row, left: int, y: int) -> None:
        ink = self.inks.ink(box.label, box.state)
        low = y + row.text_bottom + 1 + box.level * LEVEL
        dim = self.accents.legal is not None and self.accents.look(box.key) == "dim"
        if dim:
            painter.setOpacity(DIM)
        # A claim is long: its line is thin so that it carries without shouting.
        thin = box.kind == "claim"
        self.inks.underline(painter, left + box.x0, left + box.x1, low, ink.line, ink.stroke, thin=thin)
        if ink.strike and box.kind != "claim":
            middle = y + (row.text_top + row.text_bottom) // 2 + 1
            painter.fillRect(left + box.x0, middle, box.x1 - box.x0, 1, ink.stroke)
        if dim:
            painter.setOpacity(1.0)

    def _voices(self, painter: QPainter, block: Block, index: int, row: Row, y: int) -> None:
        """Draw a line for each annotator below the words that they mark, ends upright so that they are seen."""
        paragraphs, left = self.flow.paragraphs, self.flow.metrics.left
        start, end = paragraphs.starts[block.paragraph], paragraphs.ends[block.paragraph]
        for place, voice in enumerate(self.accents.voices):
            colour = QColor(voice_colour(voice.number, self.inks.theme))
            for span in voice.spans:
                first, last = (paragraphs.to_unit(block.paragraph, min(max(at, start), end)) for at in span)
                if first >= block.row_end(index) or last <= block.starts[index]:
                    continue
                for x0, x1 in block.pieces(index, first, last):
                    under = max((box.level + 1 for box in row.boxes if box.x0 < x1 and box.x1 > x0), default=0)
                    low = y + row.text_bottom + 1 + under * LEVEL + place * VOICE_PITCH
                    self.inks.underline(painter, left + x0, left + x1, low, voice_line(voice.number), colour)
                    if first >= block.starts[index]:
                        painter.fillRect(left + x0, low - 3, 2, 5, colour)
                    if last <= block.row_end(index):
                        painter.fillRect(left + x1 - 2, low - 3, 2, 5, colour)

    def _tags(self, painter: QPainter, row: Row, left: int, y: int) -> None:
        for tag in row.tags:
            look = self.accents.look(tag.key)
            top = y + self.flow.tag_top(row, tag.lane)
            if look == "dim":
                painter.setOpacity(DIM)
                self.inks.draw(painter, left + tag.x, top, self.inks.tag(tag, "plain"))
                painter.setOpacity(1.0)
            else:
                self.inks.draw(painter, left + tag.x, top, self.inks.tag(tag, look))

    def _bars(self, painter: QPainter, row: Row, y: int) -> None:
        for bar in row.bars:
            ink = self.inks.ink(bar.label, bar.state)
            x = bar_x(self.flow.metrics, bar.lane)
            top = y + (row.text_top if bar.first else row.top)
            low = y + (row.text_bottom if bar.last else row.bottom)
            strong = bar.key in (self.accents.focus, self.accents.hover)
            colour = self.inks.accent if bar.key == self.accents.focus else ink.stroke
            dim = self.accents.legal is not None and self.accents.look(bar.key) == "dim"
            painter.setOpacity(DIM if dim else 1.0)
            if ink.line in ("dashed", "dotted") and not strong:
                on, off = (5, 4) if ink.line == "dashed" else (2, 3)
                for dash in range(top - (top - y) % (on + off), low, on + off):
                    begin, end = max(top, dash), min(low, dash + on)
                    if end > begin:
                        painter.fillRect(x, begin, 3, end - begin, colour)
            else:
                painter.fillRect(x, top, 3, low - top, colour)
            if bar.first:
                painter.fillRect(x, top, 6, 2, colour)
            if bar.last:
                painter.fillRect(x, low - 2, 6, 2, colour)
            painter.setOpacity(1.0)

    def _emphasis(self, painter: QPainter, row: Row, left: int, y: int) -> None:
        accents = self.accents
        for box in row.boxes:
            if box.key == accents.flash and accents.flash_strength > 0:
                glow = QColor(self.inks.accent)
                glow.setAlphaF(0.5 * accents.flash_strength)
                painter.fillRect(
                    left + box.x0 - 2, y + row.text_top - 2,
                    box.x1 - box.x0 + 4, row.text_bottom - row.text_top + 4, glow,
                )  # fmt: skip
            if box.key in (accents.focus, accents.target):
                self._ring(painter, box, row, left, y, 2)
            elif box.key == accents.hover:
                self._ring(painter, box, row, left, y, 1)

    def _ring(self, painter: QPainter, box: Box, row: Row, left: int, y: int, wide: int) -> None:
        """Four bars with open corners: an antialiased path would cost a hundred times as much."""
        x0, x1 = left + box.x0 - 1 - wide, left + box.x1 + 1 + wide
        top = y + row.text_top - 1 - wide
        low = y + row.text_bottom + (box.level + 1) * LEVEL + wide - 1
        colour = self.inks.accent
        painter.fillRect(x0 + 1, top, x1 - x0 - 2, wide, colour)
        painter.fillRect(x0 + 1, low - wide, x1 - x0 - 2, wide, colour)
        if box.first:
            painter.fillRect(x0, top + 1, wide, low - top - 2, colour)
        if box.last:
            painter.fillRect(x1 - wide, top + 1, wide, low - top - 2, colour)

    def caret(self, painter: QPainter, y0: int) -> None:
        """Draw the caret as a bar in the accent colour; it does not blink."""
        if self.accents.caret is not None:
            place = self.flow.caret(self.accents.caret)
            painter.fillRect(place.translated(0, -y0), self.inks.accent)
