"""A case as a line: its state, its words and label, and below how the readings differ."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem

from app.services.adjudication_views import Case, Ruling
from models.marks import State
from ui.case_words import differences, differences_from
from ui.delegates.rows import SIDE, Index, RowView
from ui.delegates.two_lines import CUT, TwoLineDelegate
from ui.item_models.cases import CaseModel
from ui.theme import Palette, current_theme, paint_state

_SIGN = 12


class CaseDelegate(TwoLineDelegate):
    """Paints two lines: words with label chips, then the differences in quieter type.

    ``labels`` are the looks of the project's labels; ``told`` is the column of the annotator who is told how what
    was decided differs from their reading, None to tell how the readings differ.
    """

    def __init__(self, view: RowView, model: CaseModel) -> None:
        super().__init__(view)
        self._model = model
        self.labels = Palette()
        self.told: int | None = None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one case."""
        case = self._model.case(index.row())
        rect = self.paint_ground(painter, option)
        if case is None:
            return
        ruling = self._model.ruling(case)
        self._paint_sign(painter, rect, ruling)
        line, below = self.lines(rect, _SIGN + 8)
        shown = [ruling.result] if ruling.result is not None else list(case.members)
        for label in reversed(list(dict.fromkeys(one.label for one in shown if one))[:3]):
            line.setRight(line.right() - self._paint_chip(painter, line, label))
        self.write(painter, line, 0, self._model.quote(case), "text" if ruling.open else "muted")
        waits = ruling.open and case.differences
        self.write(painter, below, 1, self._said(case, ruling), "warning" if waits else "muted")

    def _said(self, case: Case, ruling: Ruling) -> str:
        if self.told is not None and (said := differences_from(case, ruling, self.told)):
            return said
        return differences(case)

    def _paint_sign(self, painter: QPainter, rect: QRect, ruling: Ruling) -> None:
        state: State = "suggested"
        ink = "accent"
        if not ruling.open:
            state, ink = ("rejected", "muted") if ruling.wrong else ("accepted", "success")
        elif ruling.result is not None or ruling.wrong:
            state, ink = "corrected", "warning"
        middle = rect.top() + 5 + self.metrics[0].height() / 2
        paint_state(painter, QRectF(rect.left() + SIDE, middle - _SIGN / 2, _SIGN, _SIGN), state, self.colour(ink))

    def _paint_chip(self, painter: QPainter, line: QRect, label: str) -> int:
        """Paint a label's tag at the right end and return the width that it takes."""
        small = self.metrics[1]
        title = small.elidedText(self.labels.title(label), CUT, max(60, line.width() // 3))
        wide = small.horizontalAdvance(title) + 12
        box = QRectF(line.right() - wide + 0.5, line.top() + 0.5, wide, small.height() + 2)
        colours = self.labels.colours(label, current_theme())
        painter.setPen(QPen(QColor(colours.stroke), 1))
        painter.setBrush(QColor(colours.soft))
        painter.drawRoundedRect(box, 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(self.fonts[1])
        painter.setPen(self.colour("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, title)
        return wide + 6
