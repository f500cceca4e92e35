"""One paragraph laid out: its lines, and where boxes, tags and bars of its marks stand."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from PySide6.QtGui import QTextLayout, QTextLine

from models.marks import Mark
from ui.panes.reader.content import Content
from ui.panes.reader.metrics import BAR_PITCH, GUTTER, LEVEL, Metrics
from ui.panes.reader.paragraphs import Paragraphs
from ui.theme import Palette

MOST_LANES = 6
NARROWEST = 4


class Box(NamedTuple):
    """A piece of a mark in one line; x in pixels from the column's left edge, ``level`` of its underline."""

    key: str
    kind: str
    label: str
    state: str
    x0: int
    x1: int
    level: int
    first: bool
    last: bool


class Tag(NamedTuple):
    """A mark's tag above the line in which the mark begins; lane 0 is nearest to the text."""

    key: str
    kind: str
    label: str
    state: str
    x: int
    width: int
    lane: int
    text: str


class Bar(NamedTuple):
    """A claim's bar beside one of its lines; lane 0 is nearest to the text."""

    key: str
    label: str
    state: str
    lane: int
    first: bool
    last: bool


class Row(NamedTuple):
    """One line: vertical places in pixels from the paragraph's top. Equal rows look the same."""

    top: int
    lanes_top: int
    text_top: int
    text_bottom: int
    bottom: int
    width: int
    related: bool
    boxes: tuple[Box, ...]
    tags: tuple[Tag, ...]
    bars: tuple[Bar, ...]

    def restated(self, key: str, state: str) -> Row:
        """Return the row with a mark in another state."""
        return self._replace(
            boxes=tuple(one._replace(state=state) if one.key == key else one for one in self.boxes),
            tags=tuple(one._replace(state=state) if one.key == key else one for one in self.tags),
            bars=tuple(one._replace(state=state) if one.key == key else one for one in self.bars),
        )


class Block:
    """A laid-out paragraph. Lines live no longer than their layout, so the two are kept together."""

    __slots__ = ("layout", "lines", "paragraph", "right_to_left", "rows", "starts", "units", "where")

    def __init__(self, paragraphs: Paragraphs, paragraph: int, metrics: Metrics) -> None:
        self.paragraph = paragraph
        self.layout = QTextLayout(paragraphs.shown(paragraph), metrics.font)
        self.layout.setTextOption(metrics.option)
        self.layout.setCacheEnabled(True)
        self.lines: list[QTextLine] = []
        self.layout.beginLayout()
        while (line := self.layout.createLine()).isValid():
            line.setLineWidth(metrics.column)
            self.lines.append(line)
        self.layout.endLayout()
        self.starts = [line.textStart() for line in self.lines]
        self.units = paragraphs.units(paragraph).units
        self.right_to_left = paragraphs.right_to_left(paragraph)
        self.rows: list[Row] = []
        self.where: dict[str, tuple[int, int]] = {}

    @property
    def height(self) -> int:
        """The paragraph's height in pixels."""
        return self.rows[-1].bottom

    def row_at(self, unit: int) -> int:
        """Return the line that holds the character at ``unit``."""
        return max(0, bisect_right(self.starts, unit) - 1)

    def row_end(self, row: int) -> int:
        """Return the unit after the last one of ``row``."""
        return self.starts[row + 1] if row + 1 < len(self.starts) else self.units

    def pieces(self, row: int, start: int, end: int) -> list[tuple[int, int]]:
        """Return where ``[start, end)`` in units stands in ``row``: several pieces in mixed directions."""
        line = self.lines[row]
        first, last = max(start, self.starts[row]), min(end, self.row_end(row))
        if self.right_to_left and first < last:
            found = _visual_pieces(line, first, last)
            if found:
                return found
        left = x_of(line, first)
        wraps = end > last or (last == self.row_end(row) and row + 1 < len(self.lines))
        right = line.naturalTextWidth() if wraps else x_of(line, last)
        if right < left:
            left, right = right, left
        return [(math.floor(left), max(math.ceil(right), math.floor(left) + NARROWEST))]


def x_of(line: QTextLine, unit: int) -> float:
    """Return the x of the place before the character at ``unit``, from the column's left edge."""
    found: tuple[float, int] = line.cursorToX(unit)  # type: ignore[assignment]
    return found[0]


def _visual_pieces(line: QTextLine, first: int, last: int) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    for box in sorted(
        (run.boundingRect() for run in line.glyphRuns(first, last - first)), key=lambda box: box.left()
    ):
        left, right = math.floor(box.left() - line.x()), math.ceil(box.right() - line.x())
        if pieces and left <= pieces[-1][1] + 6:
            pieces[-1] = pieces[-1][0], max(pieces[-1][1], right)
        else:
            pieces.append((left, max(right, left + NARROWEST)))
    return pieces


class Placer:
    """Places the marks of a paragraph around its lines: no shaping, so cheap enough for every change."""

    def __init__(self, content: Content, metrics: Metrics, palette: Palette) -> None:
        self.content = content
        self.metrics = metrics
        self.palette = palette

    def place(self, block: Block) -> None:
        """Give ``block`` its rows."""
        count = len(block.lines)
        boxes: list[list[Box]] = [[] for _ in range(count)]
        bars: list[list[Bar]] = [[] for _ in range(count)]
        heads: list[list[tuple[int, int, Mark]]] = [[] for _ in range(count)]
        block.where = {}
        taken: list[int] = []
        for mark in self.content.in_paragraph(block.paragraph):
            if mark.state == "rejected" and not self.metrics.settings.show_rejected:
                continue
            self._box(block, mark, boxes, heads)
            if mark.kind == "claim" and mark.key in block.where:
                self._bar(mark, block.where[mark.key], bars, taken)
        self._stack(block, boxes, bars, heads)

    def _box(
        self, block: Block, mark: Mark, boxes: list[list[Box]], heads: list[list[tuple[int, int, Mark]]]
    ) -> None:
        paragraphs, paragraph = self.content.paragraphs, block.paragraph
        begin = paragraphs.starts[paragraph]
        end = paragraphs.ends[paragraph]
        for number, (start, stop) in enumerate(mark.spans):
            if stop <= begin or start > end or (start == end and start > begin):
                continue
            first = paragraphs.to_unit(paragraph, start)
            last = paragraphs.to_unit(paragraph, stop)
            top, low = block.row_at(first), max(block.row_at(first), block.row_at(max(first, last - 1)))
            for row in range(top, low + 1):
                for x0, x1 in block.pieces(row, first, last):
                    box = Box(
                        mark.key, mark.kind, mark.label, mark.state, x0, x1, 0,
                        row == top and start >= begin, row == low and stop <= end,
                    )  # fmt: skip
                    boxes[row].append(box)
            known = block.where.get(mark.key)
            block.where[mark.key] = (min(known[0], top), max(known[1], low)) if known else (top, low)
            if number == 0 and start >= begin:
                heads[top].append((stop - start, boxes[top][-1].x0, mark))

    @staticmethod
    def _bar(mark: Mark, rows: tuple[int, int], bars: list[list[Bar]], taken: list[int]) -> None:
        lane = next((lane for lane, busy in enumerate(taken) if busy < rows[0]), len(taken))
        if lane == len(taken):
            taken.append(-1)
        taken[lane] = rows[1]
        for row in range(rows[0], rows[1] + 1):
            bars[row].append(
                Bar(mark.key, mark.label, mark.state, min(lane, 3), row == rows[0], row == rows[1])
            )

    def _stack(
        self, block: Block, boxes: list[list[Box]], bars: list[list[Bar]],
        heads: list[list[tuple[int, int, Mark]]],
    ) -> None:  # fmt: skip
        metrics, rows, y = self.metrics, [], 2
        for row, line in enumerate(block.lines):
            levelled, levels = _levels(boxes[row])
            tags, lanes = self._tags(heads[row]) if metrics.settings.show_tags else ((), 0)
            related = any(self.content.related(mark) for _, _, mark in heads[row])
            above = lanes * (metrics.tag_height + 1) + (2 if lanes else 0)
            arcs = metrics.tag_height + 4 if related else 0
            below = 3 + levels * LEVEL
            slack = max(2, metrics.leading - above - arcs - below)
            top = y
            lanes_top = top + slack + arcs
            text_top = lanes_top + above
            text_bottom = text_top + math.ceil(line.height())
            y = text_bottom + below
            width = math.ceil(line.naturalTextWidth())
            beside = tuple(bars[row])
            rows.append(Row(top, lanes_top, text_top, text_bottom, y, width, related, levelled, tags, beside))
        if block.units:
            rows[-1] = rows[-1]._replace(bottom=y + metrics.text_height // 3)
        else:
            low = max(4, metrics.text_height // 2)
            rows[-1] = rows[-1]._replace(lanes_top=1, text_top=1, text_bottom=low - 1, bottom=low)
        block.rows = rows

    def _tags(self, heads: list[tuple[int, int, Mark]]) -> tuple[tuple[Tag, ...], int]:
        """Stack tags in lanes, those of short marks nearest to the text; no two in a lane touch."""
        metrics, lanes, tags = self.metrics, list[list[tuple[int, int]]](), []
        for _, x, mark in sorted(heads, key=lambda head: (head[0], head[1], head[2].key)):
            text = self.tag_text(mark)
            width = min(metrics.tag_width(text), metrics.column)
            x = max(0, min(x, metrics.column - width))
            lane = _free(lanes, x, x + width)
            if lane == MOST_LANES:
                continue
            if lane == len(lanes):
                lanes.append([])
            lanes[lane].append((x, x + width + 3))
            tags.append(Tag(mark.key, mark.kind, mark.label, mark.state, x, width, lane, text))
        return tuple(tags), len(lanes)

    def tag_text(self, mark: Mark) -> str:
        """Return what a mark's tag says: the label, and of a claim its kind and mode."""
        title = self.palette.title(mark.label)
        if mark.kind == "claim":
            values = [mark.facets.get(name) for name in ("kind", "mode")]
            shown = [self.palette.facets.get(value, value) for value in values if isinstance(value, str)]
            title = " · ".join((title, *shown))
        return title if len(title) <= 48 else title[:47] + "…"


def _free(lanes: list[list[tuple[int, int]]], x0: int, x1: int) -> int:
    """Return the first lane in which nothing touches ``[x0, x1)``, the number of lanes if there is none."""
    for lane, taken in enumerate(lanes):
        if all(x0 >= end or x1 <= start for start, end in taken):
            return lane
    return len(lanes)


def _levels(boxes: list[Box]) -> tuple[tuple[Box, ...], int]:
    """Give overlapping boxes underlines at different levels, short ones nearest to the text; widest first."""
    if not boxes:
        return (), 0
    levels: list[list[tuple[int, int]]] = []
    placed = []
    for box in sorted(boxes, key=lambda box: (box.kind == "claim", box.x1 - box.x0, box.x0, box.key)):
        level = _free(levels, box.x0, box.x1)
        if level == len(levels):
            levels.append([])
        levels[level].append((box.x0, box.x1))
        placed.append(box._replace(level=level))
    return tuple(reversed(placed)), len(levels)


def bar_x(metrics: Metrics, lane: int) -> int:
    """Return the x of a claim bar in the viewport."""
    return metrics.left - 12 - lane * BAR_PITCH


def nearest_row(block: Block, y: int) -> int:
    """Return the row whose band holds ``y``, pixels from the paragraph's top."""
    return min(max(0, bisect_left([row.bottom for row in block.rows], y + 1)), len(block.rows) - 1)


__all__ = ["GUTTER", "Bar", "Block", "Box", "Placer", "Row", "Tag", "bar_x", "nearest_row"]
