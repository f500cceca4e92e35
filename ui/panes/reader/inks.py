"""Colours, underlines and tags ready to be put on screen: each made once and kept."""

from __future__ import annotations

import math
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap

from models.marks import State
from ui.colours import mix
from ui.panes.reader.block import Tag
from ui.panes.reader.metrics import Metrics
from ui.theme import STATE_STYLES, Palette, Theme, paint_state

_STRIP = 512
_PATTERNS = {
    "rising": Qt.BrushStyle.BDiagPattern,
    "falling": Qt.BrushStyle.FDiagPattern,
    "dots": Qt.BrushStyle.Dense6Pattern,
    "level": Qt.BrushStyle.HorPattern,
    "upright": Qt.BrushStyle.VerPattern,
    "grid": Qt.BrushStyle.CrossPattern,
}
_LINES = {
    "dashed": (6, 4, 2),
    "solid": (1, 0, 2),
    "double": (1, 0, 3),
    "dotted": (2, 3, 2),
    "thick": (1, 0, 3),
}
"""Pixels on, pixels off, thickness."""


class Ink(NamedTuple):
    """How one label in one state is drawn; ``fill`` is None where the ground shows through."""

    fill: QColor | None
    stroke: QColor
    pattern: QBrush | None
    line: str
    strike: bool


def translucent(colour: str, share: float) -> QColor:
    """Return ``colour`` with opacity ``share``."""
    found = QColor(colour)
    found.setAlphaF(share)
    return found


class Inks:
    """Everything the painter dips into, for one theme, one palette and one set of sizes."""

    def __init__(self, theme: Theme, palette: Palette, metrics: Metrics, ratio: float) -> None:
        self.theme = theme
        self.palette = palette
        self.metrics = metrics
        self.ratio = ratio
        self._whole = float(ratio).is_integer()
        self.base, self.text = QColor(theme.base), QColor(theme.text)
        self.muted, self.accent = QColor(theme.muted), QColor(theme.accent)
        self.selection = translucent(theme.accent, 0.42 if theme.dark else 0.30)
        self.selection_edge = translucent(theme.accent, 0.9)
        self.hit = QColor(theme.hit)
        self.wash = translucent(theme.base, 0.52)
        self.halo = translucent(theme.accent, 0.14)
        self._inks: dict[tuple[str, str], Ink] = {}
        self._strips: dict[tuple[str, int, int], QPixmap] = {}
        self._tags: dict[tuple[str, int, str, str, str, str], QPixmap] = {}
        self._pills: dict[tuple[str, bool], QPixmap] = {}

    def ink(self, label: str, state: str) -> Ink:
        """Return how a mark of ``label`` in ``state`` is drawn."""
        found = self._inks.get((label, state))
        if found is None:
            style = STATE_STYLES[_state(state)]
            colours = self.palette.colours(label, self.theme)
            stroke = QColor(mix(self.theme.base, self.theme.muted, 0.8) if style.strike else colours.stroke)
            fill = None
            if style.fill:
                fill = QColor(colours.strong if style.fill > 0.6 else colours.soft)
            shape = _PATTERNS.get(self.palette.pattern(label))
            pattern = None
            if shape is not None and fill is not None:
                pattern = QBrush(translucent(colours.stroke, 0.26), shape)
            found = self._inks[label, state] = Ink(fill, stroke, pattern, style.line, style.strike)
        return found

    def underline(
        self, painter: QPainter, x0: int, x1: int, y: int, line: str, colour: QColor, *, thin: bool = False
    ) -> None:
        """Draw a horizontal line of one of the states' kinds, a pixel thinner if ``thin``."""
        on, off, thickness = _LINES[line]
        thickness = max(1, thickness - 1) if thin else thickness
        if line == "double":
            painter.fillRect(x0, y, x1 - x0, 1, colour)
            painter.fillRect(x0, y + 2, x1 - x0, 1, colour)
        elif not off:
            painter.fillRect(x0, y, x1 - x0, thickness, colour)
        else:
            strip = self._strip(line, colour, thickness)
            while x0 < x1:
                width = min(_STRIP - _STRIP % (on + off), x1 - x0)
                painter.drawPixmap(x0, y, strip, 0, 0, round(width * self.ratio), -1)
                x0 += width

    def _strip(self, line: str, colour: QColor, thickness: int) -> QPixmap:
        key = line, colour.rgba(), thickness
        on, off, _ = _LINES[line]
        found = self._strips.get(key)
        if found is None:
            found = self._canvas(_STRIP, thickness)
            painter = QPainter(found)
            for x in range(0, _STRIP, on + off):
                painter.fillRect(x, 0, on, thickness, colour)
            painter.end()
            self._strips[key] = found
        return found

    def _canvas(self, width: int, height: int) -> QPixmap:
        pixmap = QPixmap(max(1, round(width * self.ratio)), max(1, round(height * self.ratio)))
        pixmap.setDevicePixelRatio(self.ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        return pixmap

    def draw(self, painter: QPainter, x: int, y: int, picture: QPixmap) -> None:
        """Draw a picture where its pixels meet those of the screen, also if a pixel is 1.5 of them.

        Halfway between two pixels Qt would round one way or the other, depending on what is clipped.
        """
        if self._whole:
            painter.drawPixmap(x, y, picture)
        else:
            ratio = self.ratio
            place = QPointF((math.floor(x * ratio) + 0.25) / ratio, (math.floor(y * ratio) + 0.25) / ratio)
            painter.drawPixmap(place, picture)

    def tag(self, tag: Tag, look: str) -> QPixmap:
        """Return the picture of a tag; ``look`` is plain, focus, legal or target."""
        key = tag.text, tag.width, tag.label, tag.state, tag.kind, look
        found = self._tags.get(key)
        if found is None:
            found = self._canvas(tag.width, self.metrics.tag_height)
            painter = QPainter(found)
            self._draw_tag(painter, tag, look)
            painter.end()
            if len(self._tags) > 2000:
                self._tags.clear()
            self._tags[key] = found
        return found

    def _draw_tag(self, painter: QPainter, tag: Tag, look: str) -> None:
        metrics, height = self.metrics, self.metrics.tag_height
        style = STATE_STYLES[_state(tag.state)]
        stroke = self.ink(tag.label, tag.state).stroke
        filled = style.tag == "filled"
        ground, letters = (stroke, self.base) if filled else (self.base, stroke)
        if look in ("focus", "target"):
            ground, letters, filled = self.accent, QColor(self.theme.on_accent), True
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = QPen(stroke if look == "plain" else self.accent, 2 if look == "legal" else 1)
        if style.line in ("dashed", "dotted") and look == "plain":
            edge.setDashPattern([3, 2] if style.line == "dashed" else [1, 2])
        painter.setPen(Qt.PenStyle.NoPen if filled and look == "plain" else edge)
        painter.setBrush(ground)
        inset = 1.0 if look == "legal" else 0.5
        frame = QRectF(inset, inset, tag.width - 2 * inset, height - 2 * inset)
        radius = 1.0 if tag.kind == "claim" else height * 0.28
        painter.drawRoundedRect(frame, radius, radius)
        if tag.kind == "claim" and not filled:
            painter.fillRect(QRectF(0, 0, 3, height), stroke)
        sign = metrics.sign
        paint_state(painter, QRectF(metrics.pad, (height - sign) / 2, sign, sign), _state(tag.state), letters)
        font = metrics.tag_font
        painter.setFont(font)
        painter.setPen(letters)
        left = metrics.pad + sign + 4
        room = tag.width - left - metrics.pad + 1
        text = painter.fontMetrics().elidedText(tag.text, Qt.TextElideMode.ElideRight, room)
        baseline = (height - painter.fontMetrics().height()) // 2 + metrics.tag_ascent
        painter.drawText(QPointF(left, baseline), text)
        if style.strike:
            painter.fillRect(QRectF(left, height / 2, min(room, metrics.text_width(text)), 1), letters)

    def pill(self, text: str, *, strong: bool) -> QPixmap:
        """Return the picture of a relation's label."""
        found = self._pills.get((text, strong))
        if found is None:
            metrics, width = self.metrics, self.pill_width(text)
            found = self._canvas(width, metrics.tag_height)
            painter = QPainter(found)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ground = self.theme.accent if strong else mix(self.theme.base, self.theme.muted, 0.16)
            painter.setPen(QPen(QColor(self.theme.accent if strong else self.theme.muted), 1))
            painter.setBrush(QColor(ground))
            half = metrics.tag_height / 2 - 0.5
            painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, metrics.tag_height - 1), half, half)
            painter.setFont(metrics.tag_font)
            painter.setPen(QColor(self.theme.on_accent if strong else self.theme.text))
            baseline = (metrics.tag_height - painter.fontMetrics().height()) // 2 + metrics.tag_ascent
            painter.drawText(QPointF(metrics.pad + 2, baseline), text)
            painter.end()
            if len(self._pills) > 1000:
                self._pills.clear()
            self._pills[text, strong] = found
        return found

    def pill_width(self, text: str) -> int:
        """Return the width of a relation's label in pixels."""
        return self.metrics.text_width(text) + 2 * self.metrics.pad + 4


def _state(state: str) -> State:
    return state  # type: ignore[return-value]
