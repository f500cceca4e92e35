"""A row of the document list: state, title, publisher and date, counts, and how much is judged."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem

from app.messages import tr
from app.services.corpus_views import Listed
from ui.bridge import Bridge
from ui.delegates.rows import SIDE, Index, RowDelegate, RowView
from ui.item_models.documents import DocumentModel, state_words, subtitle, title

_GLYPH = 14
_BAR = 3
_AIR = 8
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class DocumentDelegate(RowDelegate):
    """Paints documents; the one in the reader has a bar at its side and a bold title."""

    def __init__(self, view: RowView, model: DocumentModel, bridge: Bridge) -> None:
        super().__init__(view)
        self._model = model
        self._bridge = bridge
        self._fonts: tuple[QFont, QFont, QFont] = (view.font(),) * 3
        self._metrics: tuple[QFontMetrics, QFontMetrics, QFontMetrics] = (QFontMetrics(view.font()),) * 3
        self.set_font(view.font())

    def set_font(self, font: QFont) -> None:
        """Take over a font; small text is nine tenths of it."""
        bold, small = QFont(font), QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        small.setPointSizeF(max(6.0, font.pointSizeF() * 0.9))
        self._fonts = (font, bold, small)
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
        shown = one.id == self._bridge.document
        if shown:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), self.colour("accent"))
        first = QRect(
            rect.left() + SIDE, rect.top() + _AIR, rect.width() - 2 * SIDE, self._metrics[0].height()
        )
        box = QRectF(first.left(), first.center().y() - _GLYPH / 2 + 1, _GLYPH, _GLYPH)
        self._paint_state(painter, box, one)
        first.setLeft(first.left() + _GLYPH + 8)
        second = QRect(first.left(), first.bottom() + 3, first.width(), self._metrics[2].height())
        self._paint_line(painter, first, 1 if shown else 0, title(one), state_words(one), one, "text")
        counted = tr("corpus.annotations", count=one.annotations) if one.annotations else ""
        self._paint_line(painter, second, 2, subtitle(one), counted, None, "muted")
        bar = QRect(first.left(), second.bottom() + 5, first.width(), _BAR)
        self._paint_bar(painter, bar, one)

    def _paint_line(
        self, painter: QPainter, rect: QRect, font: int, text: str, right: str, one: Listed | None, ink: str
    ) -> None:
        """Paint a text with something at its right, which is never cut."""
        small = self._metrics[2]
        taken = small.horizontalAdvance(right) + 10 if right else 0
        painter.setFont(self._fonts[font])
        painter.setPen(self.colour(ink))
        wide = rect.width() - taken
        painter.drawText(
            QRect(rect.left(), rect.top(), wide, rect.height()), _LEFT,
            self._metrics[font].elidedText(text, Qt.TextElideMode.ElideRight, wide),
        )  # fmt: skip
        if right:
            done = one is not None and one.state == "done"
            painter.setFont(self._fonts[2])
            painter.setPen(
                self.colour("success" if done else "accent" if one is not None and one.open else "muted")
            )
            painter.drawText(rect, _RIGHT, right)

    def _paint_state(self, painter: QPainter, box: QRectF, one: Listed) -> None:
        """Paint a tick in a disc for done, half a ring for begun, a ring for untouched."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = box.adjusted(1, 1, -1, -1)
        if one.state == "done":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.colour("success"))
            painter.drawEllipse(inner)
            painter.setPen(QPen(self.colour("base"), 1.8))
            x, y, side = box.left(), box.top(), box.width()
            points = ((0.3, 0.52), (0.45, 0.68), (0.72, 0.36))
            painter.drawPolyline([QPointF(x + a * side, y + b * side) for a, b in points])
        else:
            begun = bool(one.decided or one.annotations)
            ink: QColor = self.colour("accent" if begun else "muted")
            painter.setPen(QPen(ink, 1.5))
            painter.drawEllipse(inner)
            if begun:
                painter.setBrush(ink)
                painter.drawChord(inner, 90 * 16, 180 * 16)
        painter.restore()

    def _paint_bar(self, painter: QPainter, bar: QRect, one: Listed) -> None:
        if not one.suggestions:
            return
        painter.fillRect(bar, self.colour("border"))
        share = min(1.0, one.decided / one.suggestions)
        filled = round(bar.width() * share)
        if filled:
            ink = self.colour("success" if one.state == "done" else "accent")
            painter.fillRect(QRect(bar.left(), bar.top(), filled, bar.height()), ink)
