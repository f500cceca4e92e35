"""A row of the document list: state, title, publisher and date, counts, and how much is judged."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyleOptionViewItem

from app.messages import tr
from app.services.corpus_views import Listed
from ui.bridge import Bridge
from ui.delegates.rows import SIDE, Index, RowDelegate, RowView
from ui.item_models.documents import DocumentModel, state_words, subtitle, title
from ui.theme import current_theme

_GLYPH = 14
_BAR = 3
_AIR = 8
_INKS = {"done": "success", "begun": "accent", "new": "muted"}


class DocumentDelegate(RowDelegate):
    """Paints documents; the one in the reader has a bar at its side and a bold title."""

    def __init__(self, view: RowView, model: DocumentModel, bridge: Bridge) -> None:
        super().__init__(view)
        self._model = model
        self._bridge = bridge
        self._widths: dict[str, int] = {}
        self._signs: dict[tuple[str, str, float], QPixmap] = {}
        self._fonts: tuple[QFont, QFont, QFont] = (view.font(),) * 3
        self._metrics: tuple[QFontMetrics, QFontMetrics, QFontMetrics] = (QFontMetrics(view.font()),) * 3
        self.set_font(view.font())

    def set_font(self, font: QFont) -> None:
        """Take over a font; small text is nine tenths of it."""
        bold, small = QFont(font), QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        small.setPointSizeF(max(6.0, font.pointSizeF() * 0.9))
        self._fonts = (font, bold, small)
        self._widths.clear()
        self._metrics = (QFontMetrics(font), QFontMetrics(bold), QFontMetrics(small))

    @property
    def height(self) -> int:
        """The height of a row in pixels."""
        return _AIR + self._metrics[0].height() + 2 + self._metrics[2].height() + 4 + _BAR + _AIR

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height that all rows have."""
        return QSize(120, self.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one document."""
        one = self._model.listed(index.row())
        rect = self.paint_ground(painter, option)
        if one is None:
            return
        shown, done = one.id == self._bridge.document, one.state == "done"
        left, top, right = rect.left() + SIDE, rect.top() + _AIR, rect.right() - SIDE
        if shown:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), self.colour("accent"))
        large, small = self._metrics[0], self._metrics[2]
        state = "done" if done else "begun" if one.decided or one.annotations else "new"
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(left, top + (large.height() - _GLYPH) // 2, self._sign(state, ratio))
        left += _GLYPH + 8
        base = top + large.ascent()
        taken = self._at_right(
            painter, right, base, state_words(one), "success" if done else "accent" if one.open else "muted"
        )
        self._at_left(painter, left, base, right - left - taken, title(one), 1 if shown else 0, "text")
        base = top + large.height() + 2 + small.ascent()
        counted = tr("corpus.annotations", count=one.annotations) if one.annotations else ""
        taken = self._at_right(painter, right, base, counted, "muted")
        self._at_left(painter, left, base, right - left - taken, subtitle(one), 2, "muted")
        bar = QRect(left, top + large.height() + 2 + small.height() + 4, right - left, _BAR)
        self._paint_bar(painter, bar, one)

    def _at_left(
        self, painter: QPainter, x: int, base: int, room: int, text: str, font: int, ink: str
    ) -> None:
        painter.setFont(self._fonts[font])
        painter.setPen(self.colour(ink))
        painter.drawText(x, base, self._metrics[font].elidedText(text, Qt.TextElideMode.ElideRight, room))

    def _at_right(self, painter: QPainter, right: int, base: int, text: str, ink: str) -> int:
        """Paint a small text that is never cut and return the room that it takes."""
        if not text:
            return 0
        wide = self._widths.get(text)
        if wide is None:
            if len(self._widths) > 1000:
                self._widths.clear()
            wide = self._widths[text] = self._metrics[2].horizontalAdvance(text)
        painter.setFont(self._fonts[2])
        painter.setPen(self.colour(ink))
        painter.drawText(right - wide, base, text)
        return wide + 10

    def _sign(self, state: str, ratio: float) -> QPixmap:
        """Return a tick in a disc for done, half a disc for begun, a ring for what nobody touched."""
        key = (state, current_theme().name, ratio)
        found = self._signs.get(key)
        if found is None:
            found = QPixmap(round(_GLYPH * ratio), round(_GLYPH * ratio))
            found.setDevicePixelRatio(ratio)
            found.fill(Qt.GlobalColor.transparent)
            painter = QPainter(found)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_sign(painter, state)
            painter.end()
            self._signs[key] = found
        return found

    def _paint_sign(self, painter: QPainter, state: str) -> None:
        inner, ink = QRectF(1, 1, _GLYPH - 2, _GLYPH - 2), self.colour(_INKS[state])
        painter.setPen(QPen(ink, 1.5))
        if state == "done":
            painter.setBrush(ink)
        painter.drawEllipse(inner)
        if state == "begun":
            painter.setBrush(ink)
            painter.drawChord(inner, 90 * 16, 180 * 16)
        elif state == "done":
            painter.setPen(QPen(self.colour("base"), 1.8))
            points = ((0.3, 0.52), (0.45, 0.68), (0.72, 0.36))
            painter.drawPolyline([QPointF(x * _GLYPH, y * _GLYPH) for x, y in points])

    def _paint_bar(self, painter: QPainter, bar: QRect, one: Listed) -> None:
        if not one.suggestions:
            return
        painter.fillRect(bar, self.colour("border"))
        share = min(1.0, one.decided / one.suggestions)
        filled = round(bar.width() * share)
        if filled:
            ink = self.colour("success" if one.state == "done" else "accent")
            painter.fillRect(QRect(bar.left(), bar.top(), filled, bar.height()), ink)
