"""A conflict as a line: the words it is about, and below in which document and what about them."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from ui.delegates.rows import SIDE, Index, RowView
from ui.delegates.two_lines import TwoLineDelegate
from ui.item_models.conflicts import ConflictModel, place_name
from ui.theme import paint_state

_SIGN = 12


class ConflictDelegate(TwoLineDelegate):
    """Paints a sign for open or settled, and two lines."""

    def __init__(self, view: RowView, model: ConflictModel) -> None:
        super().__init__(view)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one conflict."""
        line = self._model.lines[index.row()]
        rect = self.paint_ground(painter, option)
        upper, lower = self.lines(rect, _SIGN + 8)
        middle = upper.center().y()
        sign = QRectF(rect.left() + SIDE, middle - _SIGN / 2, _SIGN, _SIGN)
        paint_state(painter, sign, "suggested" if line.open else "accepted",
                    self.colour("accent" if line.open else "success"))  # fmt: skip
        below = f"{line.what} · {place_name(line)}" if line.quote else place_name(line)
        self.write(painter, upper, 0, line.quote or line.what, "text" if line.open else "muted")
        self.write(painter, lower, 1, below, "muted")
