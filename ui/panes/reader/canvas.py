"""The scrolling surface: shows one flow, repaints what is damaged, lays out ahead when idle."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from app.messages import tr
from models.marks import Mark
from models.spans import Spans
from ui.panes.reader.accents import Accents
from ui.panes.reader.ahead import measure, wanted
from ui.panes.reader.arcs import Arc, Arcs
from ui.panes.reader.artist import Artist
from ui.panes.reader.block import Row
from ui.panes.reader.flow import Flow
from ui.panes.reader.inks import Inks
from ui.panes.reader.metrics import Metrics
from ui.panes.reader.settings import ReaderSettings
from ui.theme import Palette, current_theme, resolve

SLICE = 0.003
"""Seconds that one turn of idle work may take."""
FRAME_MS = 16
"""Milliseconds that a newly opened document is left alone, so that its first frame gets to the screen."""
REST_MS = 8
"""Milliseconds of rest after any other paint: what a key press asks of other panes goes first."""
_GRID = 4
"""Damage is rounded out to so many pixels where a logical pixel is no whole number of the screen's."""


class Canvas(QAbstractScrollArea):
    """Shows a document read-only. ``paints`` counts paint events."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paints = 0
        self.settings = ReaderSettings()
        self.theme = current_theme()
        self.labels = Palette()
        self.accents = Accents()
        self.flow: Flow | None = None
        self._arcs_shown: list[Arc] = []
        self._retired: list[Flow | None] = []  # let go in an idle moment: freeing 20,000 marks takes a while
        self._silent = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        viewport = self.viewport()
        viewport.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        viewport.setMouseTracking(True)
        viewport.setCursor(Qt.CursorShape.IBeamCursor)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._idle_turn)
        self.metrics = Metrics(self.settings, viewport.width())
        self._dress()

    # looks

    def _dress(self) -> None:
        """Make pens, tags and brushes anew for the present theme, labels and sizes."""
        self.inks = Inks(self.theme, self.labels, self.metrics, self.devicePixelRatioF())
        if self.flow is not None:
            self.flow.placer.palette = self.labels
            self.artist = Artist(self.flow, self.inks, self.accents)
            self.arcs = Arcs(self.flow, self.inks, self.accents)
            self.arcs.mode = self.settings.arcs
            self._arcs_shown = self._lay_arcs()
        self.viewport().update()

    def set_theme(self, name: str) -> None:
        """Repaint as ``light``, ``dark`` or ``system``; no line is laid out anew."""
        self.theme = resolve(name)
        self._dress()

    def set_palette(self, labels: Palette) -> None:
        """Show labels as ``labels`` says; their titles may change tags and so line places."""
        self.labels = labels
        self._dress()
        if self.flow is not None:
            self.replace_marks(range(len(self.flow.paragraphs)))

    def apply_settings(self, settings: ReaderSettings) -> None:
        """Follow ``settings``, keeping the first visible line where it is."""
        anchor = self.anchor_row()
        same_lines = replace(settings, arcs=self.settings.arcs, reduced_motion=self.settings.reduced_motion)
        relayout, self.settings = same_lines != self.settings, settings
        if relayout:
            self.metrics = Metrics(settings, self.viewport().width())
            if self.flow is not None:
                self.flow.metrics = self.metrics
                self.flow.reset()
        self._dress()
        if relayout:
            self.restore_row(anchor)

    # content

    def show_text(self, text: str, marks: Sequence[Mark], furniture: Spans) -> None:
        """Replace what is shown; nothing is focused, selected or hit."""
        self.accents = Accents()
        self.metrics.resize(self.viewport().width())
        self._retired.append(self.flow)
        self.flow = Flow(text, marks, furniture, self.metrics, self.labels)
        self._dress()
        self._set_value(0)
        self.settle()
        self._arcs_shown = self._lay_arcs()
        self.viewport().update()

    def show_nothing(self) -> None:
        """Show an empty page."""
        self.flow, self.accents, self._arcs_shown = None, Accents(), []
        self._idle.stop()
        self.verticalScrollBar().setRange(0, 0)
        self.viewport().update()

    def replace_marks(self, paragraphs: Iterable[int]) -> None:
        """Place the marks of ``paragraphs`` anew and repaint the lines that look different now."""
        if self.flow is None:
            return
        anchor = self.anchor_row()
        changed, grew = self.flow.replace(paragraphs)
        if grew:
            self.restore_row(anchor)
        else:
            self.repaint_rows(changed)
        self.refresh_arcs()

    def repaint_rows(self, rows: Iterable[tuple[int, Row]]) -> None:
        """Repaint lines, each given with the top of its paragraph."""
        width, y0 = self.viewport().width(), self.y0
        self.damage(QRect(0, top + row.top - y0, width, row.bottom - row.top) for top, row in rows)

    # scrolling

    @property
    def y0(self) -> int:
        """The document's y at the viewport's top."""
        return self.verticalScrollBar().value()

    def _set_value(self, value: int) -> None:
        self._silent = True
        self._fit_range()
        self.verticalScrollBar().setValue(value)
        self._silent = False

    def _fit_range(self) -> None:
        bar, height = self.verticalScrollBar(), self.viewport().height()
        total = self.flow.height if self.flow is not None else 0
        bar.setPageStep(max(1, height - self.metrics.text_height * 2))
        bar.setSingleStep(self.metrics.text_height * 2)
        bar.setRange(0, max(0, total - height))

    def settle(self) -> bool:
        """Lay out what is in sight and keep it in place; return whether a height was other than thought."""
        if self.flow is None:
            return False
        flow, moved = self.flow, False
        for _ in range(8):
            paragraph, screen = self._anchor()
            flow.grown = False
            flow.visible(self.y0, self.viewport().height())
            if not flow.grown:
                break
            moved = True
            self._set_value(flow.top(paragraph) - screen)
        flow.grown = False
        return moved

    def _anchor(self) -> tuple[int, int]:
        """Return a paragraph in sight, of known height if any, and the y of its top in the viewport."""
        assert self.flow is not None
        flow, low = self.flow, self.y0 + self.viewport().height()
        first = paragraph = flow.at(self.y0)
        top = edge = flow.top(first)
        while not flow.heights.known[paragraph]:
            edge += flow.heights.each[paragraph]
            paragraph += 1
            if paragraph >= len(flow.paragraphs) or edge >= low:
                return first, top - self.y0
        return paragraph, edge - self.y0

    def anchor_row(self) -> tuple[int, int] | None:
        """Return the position that begins the line the eye is on, and that line's y in the viewport.

        That is the focused mark's line if it is in sight, else the first line in sight.
        """
        if self.flow is None:
            return None
        flow, mark = self.flow, self.flow.content.marks.get(self.accents.focus or "")
        if mark is not None and mark.spans:
            found = flow.tag_of(mark)
            if found is not None:
                y = flow.top(found[0].paragraph) + found[1].text_top - self.y0
                if 0 <= y < self.viewport().height():
                    return mark.spans[0].start, y
        paragraph = flow.at(self.y0)
        block, inside = flow.block(paragraph), self.y0 - flow.top(paragraph)
        index = next((at for at, row in enumerate(block.rows) if row.text_bottom > inside), 0)
        position = flow.paragraphs.to_position(paragraph, block.starts[index])
        return position, block.rows[index].text_top - inside

    def restore_row(self, anchor: tuple[int, int] | None) -> None:
        """Scroll so that the anchored line is where it was, then repaint everything."""
        if self.flow is not None and anchor is not None:
            paragraph, row, _ = self.flow.locate(anchor[0])
            place = self.flow.block(paragraph).rows[row].text_top
            self._set_value(self.flow.top(paragraph) + place - anchor[1])
            self.settle()
            self._set_value(self.flow.top(paragraph) + place - anchor[1])
            self.settle()
            self._arcs_shown = self._lay_arcs()
        self.viewport().update()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move the pixels that stay in sight and paint the rest, or everything where that is not exact."""
        if self._silent or self.flow is None:
            return
        moved, before = self.settle(), self._arcs_shown
        self._arcs_shown = self._lay_arcs()
        whole = float(self.devicePixelRatioF()).is_integer()
        if moved or before or self._arcs_shown or not whole or abs(dy) >= self.viewport().height():
            self.viewport().update()
        else:
            self.viewport().scroll(0, dy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break lines anew if the column's width changed; the first visible line stays."""
        super().resizeEvent(event)
        if self.flow is None:
            self.metrics.resize(event.size().width())
            return
        anchor = self.anchor_row() if event.oldSize().width() > 0 else None
        if self.metrics.resize(event.size().width()):
            self.flow.reset()
        self._fit_range()
        self.restore_row(anchor)
        self.settle()

    def showEvent(self, event: QShowEvent) -> None:
        """Go on with idle work, and follow a screen of another pixel ratio."""
        super().showEvent(event)
        if self.inks.ratio != self.devicePixelRatioF():
            self._dress()
        self.settle()

    def event(self, event: QEvent) -> bool:
        """Follow the screen's pixel ratio."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._dress()
        return super().event(event)

    # painting

    def damage(self, rects: Iterable[QRect]) -> None:
        """Ask for a repaint of viewport rectangles, a little enlarged for rings and overhanging glyphs."""
        area, region = self.viewport().rect(), QRegion()
        exact = float(self.devicePixelRatioF()).is_integer()
        offset = QPoint() if exact else self.viewport().mapTo(self.window(), QPoint())
        for rect in rects:
            wide = rect.adjusted(-4, -5, 4, 5)
            if not exact:
                wide = _on_grid(wide.translated(offset)).translated(-offset)
            if wide.intersects(area):
                region += wide.intersected(area)
        if not region.isEmpty():
            self.viewport().update(region)

    def _lay_arcs(self) -> list[Arc]:
        if self.flow is None or (self.arcs.mode != "all" and not (self.accents.focus or self.accents.hover)):
            return []
        height = self.viewport().height()
        return self.arcs.layout(self.flow.visible(self.y0, height), self.y0, height)

    def refresh_arcs(self) -> None:
        """Repaint the arcs that came, went or moved."""
        new = self._lay_arcs()
        if new != self._arcs_shown:
            old, self._arcs_shown = self._arcs_shown, new
            changed = [arc for arc in old if arc not in new] + [arc for arc in new if arc not in old]
            self.damage(Arcs.damage(changed))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the damaged rectangles."""
        painter = QPainter(self.viewport())
        damaged = [QRect(rect) for rect in event.region()]  # type: ignore[attr-defined]
        for rect in damaged:
            painter.fillRect(rect, self.inks.base)
        if self.flow is not None:
            visible = self.flow.visible(self.y0, self.viewport().height())
            self.artist.paint(painter, damaged, visible, self.y0)
            self.arcs.paint(painter, self._arcs_shown, damaged)
            if self.hasFocus():
                self.artist.caret(painter, self.y0)
        else:
            painter.setPen(self.inks.muted)
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(24, 24, -24, -24), words, tr("reader.empty"))
        painter.end()
        self.paints += 1
        if self.flow is not None:
            self._idle.start(FRAME_MS if self._retired else REST_MS)  # after what else the key press asks for

    def _idle_turn(self) -> None:
        """Lay out the neighbouring screens, then learn true heights; a short slice each turn, then stop."""
        self._retired.clear()
        if self.flow is None or not self.isVisible():
            return
        flow, until = self.flow, time.perf_counter() + SLICE
        paragraph, screen = self._anchor()
        flow.grown, more = False, False
        for index in wanted(flow, self.y0, self.viewport().height(), self.accents.focus):
            if index not in flow.blocks:
                flow.block(index)
                if time.perf_counter() > until:
                    more = True
                    break
        else:
            flow.content.prepare()
            more = measure(flow, self.y0, until)
        if flow.grown:
            flow.grown = False
            self._set_value(flow.top(paragraph) - screen)
            if flow.top(paragraph) - self.y0 != screen:
                self.viewport().update()
        if more:
            self._idle.start(0)


def _on_grid(rect: QRect) -> QRect:
    left, top = math.floor(rect.left() / _GRID) * _GRID, math.floor(rect.top() / _GRID) * _GRID
    right = math.ceil((rect.left() + rect.width()) / _GRID) * _GRID
    low = math.ceil((rect.top() + rect.height()) / _GRID) * _GRID
    return QRect(left, top, right - left, low - top)
