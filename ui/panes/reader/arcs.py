"""Relations as brackets of straight lines with a label: where they run and how they are drawn.

Lines of text whose marks are related keep a lane free above their tags; brackets run in these lanes and in
the gutter, so they never cross text. An end that is out of sight becomes a label that leads there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QPainter

from models.marks import Mark
from ui.panes.reader.accents import Accents
from ui.panes.reader.flow import Flow
from ui.panes.reader.inks import Inks
from ui.panes.reader.metrics import GUTTER

_QUOTE = 28


@dataclass(slots=True)
class Arc:
    """One drawn relation, in viewport pixels. ``leads_to`` is the id of the end that its label jumps to."""

    relation: Mark
    strong: bool
    lines: list[QRect] = field(default_factory=list)
    heads: list[QPoint] = field(default_factory=list)
    pill: QRect = field(default_factory=QRect)
    text: str = ""
    leads_to: str | None = None

    def rects(self) -> list[QRect]:
        """Return everything that the arc covers."""
        tips = [QRect(tip.x() - 4, tip.y() - 6, 9, 8) for tip in self.heads]
        return [*self.lines, *tips, self.pill.adjusted(-1, -1, 1, 1)]


@dataclass(slots=True)
class _End:
    """Where an arc meets a mark: above the middle of its tag, with the free lane of that line."""

    x: int
    tag_top: int
    lane: int
    row: int


class Arcs:
    """Lays out and draws the relations that are to be seen."""

    def __init__(self, flow: Flow, inks: Inks, accents: Accents) -> None:
        self.flow = flow
        self.inks = inks
        self.accents = accents
        self.mode = "focused"
        self._taken: dict[int, list[tuple[int, int]]] = {}

    def relations(self, paragraphs: range) -> list[Mark]:
        """Return the relations to show: those of the focused and hovered marks, or all in sight, or none."""
        if self.mode == "none":
            return []
        content = self.flow.content
        chosen: dict[str, Mark] = {}
        for key in (self.accents.focus, self.accents.hover):
            mark = content.marks.get(key) if key else None
            for relation in content.relations_of(mark) if mark is not None else ():
                chosen[relation.key] = relation
        if self.mode == "all":
            for paragraph in paragraphs:
                for mark in content.in_paragraph(paragraph):
                    if content.related(mark):
                        for relation in content.relations_of(mark):
                            chosen.setdefault(relation.key, relation)
        return list(chosen.values())

    def layout(self, paragraphs: range, y0: int, height: int) -> list[Arc]:
        """Return the arcs in sight of a viewport at ``y0``; only laid-out paragraphs count."""
        self._taken = {}
        arcs = []
        for number, relation in enumerate(self.relations(paragraphs)):
            arc = self._arc(relation, number, y0, height)
            if arc is not None:
                arcs.append(arc)
        return arcs

    def _arc(self, relation: Mark, number: int, y0: int, height: int) -> Arc | None:
        head, tail = self.flow.content.resolve(relation.head), self.flow.content.resolve(relation.tail)
        start, end = self._end(head, y0, height), self._end(tail, y0, height)
        focus = self.accents.focus
        strong = relation.key == focus or focus in {mark.key for mark in (head, tail) if mark is not None}
        arc = Arc(relation, strong, text=self.inks.palette.title(relation.label))
        symmetric = self.inks.palette.style(relation.label).symmetric
        shift = (number % 3) * 3 - 3
        if start is not None and end is not None:
            if start.row == end.row:
                self._same_row(arc, start, end, shift)
            else:
                self._two_rows(arc, start, end, number, shift)
            arc.heads.append(QPoint(end.x, end.tag_top - 1))
            if symmetric:
                arc.heads.append(QPoint(start.x, start.tag_top - 1))
        elif start is not None:
            self._stub(arc, start, relation.tail, tail, "→", y0)
        elif end is not None:
            self._stub(arc, end, relation.head, head, "←", y0)
            arc.heads.append(QPoint(end.x, end.tag_top - 1))
        else:
            return None
        return arc

    def _end(self, mark: Mark | None, y0: int, height: int) -> _End | None:
        found = self.flow.tag_of(mark) if mark is not None else None
        if found is None:
            return None
        block, row, tag = found
        top = self.flow.top(block.paragraph) - y0
        if top + row.text_bottom <= 0 or top + row.lanes_top >= height:
            return None
        tag_top = top + (self.flow.tag_top(row, tag.lane) if tag.lane >= 0 else row.text_top - 2)
        middle = top + row.lanes_top - self.flow.metrics.tag_height // 2 - 2
        x = self.flow.metrics.left + tag.x + min(tag.width // 2, self.flow.metrics.tag_height)
        return _End(x, tag_top, middle, top + row.top)

    def _same_row(self, arc: Arc, start: _End, end: _End, shift: int) -> None:
        y, (x0, x1) = start.lane + shift, sorted((start.x, end.x))
        arc.lines.append(QRect(x0, y, x1 - x0 + 1, 1))
        arc.lines += [QRect(one.x, y, 1, max(1, one.tag_top - y)) for one in (start, end)]
        width = self.inks.pill_width(arc.text)
        wanted = (x0 + x1 - width) // 2 if x1 - x0 > width + 16 else x1 + 6
        self._place_pill(arc, wanted, start)

    def _two_rows(self, arc: Arc, start: _End, end: _End, number: int, shift: int) -> None:
        x = self._track(number)
        lanes = [one.lane + shift for one in (start, end)]
        for one, y in zip((start, end), lanes, strict=True):
            arc.lines.append(QRect(x, y, one.x - x + 1, 1))
            arc.lines.append(QRect(one.x, y, 1, max(1, one.tag_top - y)))
        arc.lines.append(QRect(x, min(lanes), 1, abs(lanes[1] - lanes[0]) + 1))
        width = self.inks.pill_width(arc.text)
        room = end.x - 10 - width >= self.flow.metrics.left
        self._place_pill(arc, end.x - 10 - width if room else end.x + 6, end)

    def _stub(self, arc: Arc, here: _End, raw: str | None, other: Mark | None, arrow: str, y0: int) -> None:
        arc.leads_to = other.key if other is not None else raw
        if other is not None and other.spans:
            quote = " ".join(self.flow.paragraphs.text[slice(*other.spans[0])].split())
            quote = quote if len(quote) <= _QUOTE else quote[: _QUOTE - 1] + "…"
            above = self.flow.top(self.flow.paragraphs.at(other.spans[0].start)) < y0 + here.row
            away = "↑" if above else "↓"
            arc.text = f"{arc.text} {arrow} {quote} {away}"
        else:
            arc.text = f"{arc.text} {arrow} ↗"
        arc.lines.append(QRect(here.x, here.lane, 1, max(1, here.tag_top - here.lane)))
        arc.lines.append(QRect(here.x, here.lane, 8, 1))
        self._place_pill(arc, here.x + 8, here)

    def _place_pill(self, arc: Arc, wanted: int, end: _End) -> None:
        """Put the label into the end's lane at ``wanted`` or the next free place to the right or left."""
        metrics = self.flow.metrics
        width = min(self.inks.pill_width(arc.text), metrics.column)
        taken = self._taken.setdefault(end.row, [])
        edge = metrics.left + metrics.column + metrics.tag_height
        x = min(wanted, edge - width)
        for begin, stop in sorted(taken):
            if x < stop and x + width > begin:
                x = stop + 3
        if x + width > edge:
            x = min([begin for begin, _ in taken], default=edge) - width - 3
        taken.append((x, x + width))
        arc.pill = QRect(x, end.lane - metrics.tag_height // 2, width, metrics.tag_height)

    def _track(self, number: int) -> int:
        """Return the x of a vertical line in the gutter, left of the claim bars."""
        return self.flow.metrics.left - GUTTER + 4 + (number * 5) % 20

    def paint(self, painter: QPainter, arcs: Iterable[Arc], damaged: list[QRect]) -> None:
        """Draw those ``arcs`` that touch a damaged rectangle."""
        for arc in sorted(arcs, key=lambda arc: arc.strong):
            if not any(rect.intersects(other) for rect in arc.rects() for other in damaged):
                continue
            colour = self.inks.accent if arc.strong else self.inks.muted
            for line in arc.lines:
                thick = 1 if arc.strong else 0
                upright, level = line.width() == 1, line.height() == 1
                painter.fillRect(line.adjusted(0, 0, thick * upright, thick * level), colour)
            for tip in arc.heads:
                self._tip(painter, tip, colour)
        for arc in arcs:
            if any(arc.pill.intersects(other) for other in damaged):
                picture = self.inks.pill(arc.text, strong=arc.strong)
                self.inks.draw(painter, arc.pill.left(), arc.pill.top(), picture)

    @staticmethod
    def _tip(painter: QPainter, tip: QPoint, colour: QColor) -> None:
        for step in range(4):
            painter.fillRect(tip.x() - 3 + step, tip.y() - 3 + step, 8 - 2 * step, 1, colour)

    @staticmethod
    def damage(arcs: Iterable[Arc]) -> list[QRect]:
        """Return the rectangles to repaint when ``arcs`` come or go."""
        return [rect.adjusted(-1, -1, 2, 2) for arc in arcs for rect in arc.rects()]

    @staticmethod
    def at(arcs: Iterable[Arc], point: QPoint) -> Arc | None:
        """Return the arc whose label is under ``point``."""
        return next((arc for arc in arcs if arc.pill.contains(point)), None)
