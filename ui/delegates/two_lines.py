"""Rows of two lines: what it is about, and below in quieter type what is said of it."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from ui.delegates.rows import SIDE, RowDelegate, RowView

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
CUT = Qt.TextElideMode.ElideRight


class TwoLineDelegate(RowDelegate):
    """Knows the fonts and places of both lines."""

    def __init__(self, view: RowView) -> None:
        super().__init__(view)
        self.set_font(view.font())

    def set_font(self, font: QFont) -> None:
        """Take over a font."""
        small = QFont(font)
        small.setPointSizeF(max(6.0, font.pointSizeF() * 0.88))
        self.fonts = font, small
        self.metrics = QFontMetrics(font), QFontMetrics(small)

    @property
    def height(self) -> int:
        """The height of a row in pixels."""
        return self.metrics[0].height() + self.metrics[1].height() + 14

    def lines(self, rect: QRect, left: int = 0) -> tuple[QRect, QRect]:
        """Return the places of both lines in a row, ``left`` pixels further right."""
        room = rect.adjusted(SIDE + left, 5, -SIDE, 0)
        upper = QRect(room.left(), room.top(), room.width(), self.metrics[0].height() + 2)
        return upper, QRect(room.left(), upper.bottom() + 2, room.width(), self.metrics[1].height() + 2)

    def write(self, painter: QPainter, place: QRect, line: int, words: str, colour: str) -> None:
        """Write words on a line, 0 or 1, cut where there is no more room."""
        painter.setFont(self.fonts[line])
        painter.setPen(self.colour(colour))
        painter.drawText(place, LEFT, self.metrics[line].elidedText(words, CUT, place.width()))
