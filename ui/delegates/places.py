"""A line of disagreement: the words and their document, and below who says what."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from ui.delegates.rows import SIDE, Index, RowDelegate, RowView
from ui.item_models.places import PlaceModel

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_ELIDE = Qt.TextElideMode.ElideRight


class PlaceDelegate(RowDelegate):
    """Paints the words with what stands around them, the document at the right, and who says what below."""

    def __init__(self, view: RowView, model: PlaceModel) -> None:
        super().__init__(view)
        self._model = model
        self.set_font(view.font())

    def set_font(self, font: QFont) -> None:
        """Take over a font."""
        bold, small = QFont(font), QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        small.setPointSizeF(max(6.0, font.pointSizeF() * 0.88))
        self._fonts = (font, bold, small)
        self._metrics = (QFontMetrics(font), QFontMetrics(bold), QFontMetrics(small))

    @property
    def height(self) -> int:
        """The height of a row in pixels: two lines."""
        return self._metrics[0].height() + self._metrics[2].height() + 14

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one place."""
        row = self._model.rows[index.row()]
        rect = self.paint_ground(painter, option)
        room = rect.adjusted(SIDE, 6, -SIDE, -6)
        upper = QRect(room.left(), room.top(), room.width(), self._metrics[0].height())
        lower = QRect(room.left(), upper.bottom() + 3, room.width(), self._metrics[2].height())
        name = self._metrics[2].elidedText(row.name, _ELIDE, room.width() // 3)
        self._text(painter, upper, 2, "muted", name, _RIGHT)
        line = upper.adjusted(0, 0, -self._metrics[2].horizontalAdvance(name) - 12, 0)
        words = self._metrics[1].elidedText(" ".join(row.words.split()), _ELIDE, line.width())
        self._text(painter, line, 1, "text", words, _LEFT)
        line.setLeft(line.left() + self._metrics[1].horizontalAdvance(words) + 6)
        after = self._metrics[0].elidedText(" ".join(row.after.split()), _ELIDE, max(0, line.width()))
        self._text(painter, line, 0, "muted", after, _LEFT)
        said = self._metrics[2].elidedText(self._model.said(row), _ELIDE, lower.width())
        self._text(painter, lower, 2, "text", said, _LEFT)

    def _text(self, painter: QPainter, rect: QRect, font: int, ink: str, text: str, where: Qt.AlignmentFlag) -> None:
        painter.setFont(self._fonts[font])
        painter.setPen(self.colour(ink))
        painter.drawText(rect, where, text)
