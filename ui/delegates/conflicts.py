"""A conflict as a line: the words it is about, and below in which document and what about them."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from ui.delegates.rows import SIDE, Index, RowDelegate, RowView
from ui.item_models.conflicts import ConflictModel, place_name

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class ConflictDelegate(RowDelegate):
    """Paints two lines, the lower one in quieter type."""

    def __init__(self, view: RowView, model: ConflictModel) -> None:
        super().__init__(view)
        self._model = model
        self.set_font(view.font())

    def set_font(self, font: QFont) -> None:
        """Take over a font."""
        small = QFont(font)
        small.setPointSizeF(max(6.0, font.pointSizeF() * 0.88))
        self._fonts = font, small
        self._metrics = QFontMetrics(font), QFontMetrics(small)

    @property
    def height(self) -> int:
        """The height of a row in pixels."""
        return self._metrics[0].height() + self._metrics[1].height() + 14

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one conflict."""
        line = self._model.lines[index.row()]
        rect = self.paint_ground(painter, option).adjusted(SIDE, 5, -SIDE, 0)
        upper = QRect(rect.left(), rect.top(), rect.width(), self._metrics[0].height() + 2)
        lower = QRect(rect.left(), upper.bottom() + 2, rect.width(), self._metrics[1].height() + 2)
        below = f"{line.what} · {place_name(line)}" if line.quote else place_name(line)
        for place, number, words, colour in (
            (upper, 0, line.quote or line.what, "text"),
            (lower, 1, below, "muted"),
        ):
            painter.setFont(self._fonts[number])
            painter.setPen(self.colour(colour))
            cut = self._metrics[number].elidedText(words, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, _LEFT, cut)
