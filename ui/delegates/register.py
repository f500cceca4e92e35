"""An entry as a line: its name, and below how often it is mentioned; at the right how many links wait."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from ui.delegates.rows import SIDE, Index, RowView
from ui.delegates.two_lines import TwoLineDelegate
from ui.item_models.register import RegisterModel
from ui.theme import Palette, current_theme

_BAR = 3


class RegisterDelegate(TwoLineDelegate):
    """Paints the label's colour, two lines, and the number of suggested links."""

    def __init__(self, view: RowView, model: RegisterModel, palette: Callable[[], Palette]) -> None:
        super().__init__(view)
        self._model = model
        self._palette = palette

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one entry."""
        line = self._model.lines[index.row()]
        rect = self.paint_ground(painter, option)
        painter.save()  # a brush left behind would fill the frame of the row in focus
        upper, lower = self.lines(rect, _BAR + 8)
        colours = self._palette().colours(line.label, current_theme())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.stroke))
        painter.drawRoundedRect(QRectF(rect.left() + SIDE, rect.top() + 7, _BAR, rect.height() - 14), 1.5, 1.5)
        if line.waiting:
            upper.setRight(self._badge(painter, upper, str(line.waiting)))
        self.write(painter, upper, 0, line.title, "text")
        self.write(painter, lower, 1, line.below, "muted")
        painter.restore()

    def _badge(self, painter: QPainter, place: QRect, words: str) -> int:
        """Paint a number at the right end and return where there is room before it."""
        painter.setFont(self.fonts[1])
        wide = self.metrics[1].horizontalAdvance(words) + 12
        box = QRectF(place.right() - wide, place.top() + 1, wide, place.height() - 2)
        painter.setPen(self.colour("accent"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        return round(box.left()) - 8
