"""How a step of the history is painted: what it did, and below it when, where and by whom."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.messages import tr
from app.services.annotation_views import Step
from ui.item_models.history import StepRole
from ui.panes.inspector_parts import local_time
from ui.theme import current_theme

_MARGIN = 12
_TAKEN_BACK = ("undone", "superseded")


def facts(step: Step) -> str:
    """Return when a step was made, its state if it does not stand, where, and by whom."""
    state = step.entry.state
    said = tr(f"history.state-{state}") if state in _TAKEN_BACK else ""
    parts = (local_time(step.entry.at), said, step.document, step.annotator)
    return " · ".join(part for part in parts if part)


class HistoryDelegate(QStyledItemDelegate):
    """Two lines per step; what was undone is struck through, what can no longer be redone is slanted too."""

    def sizeHint(self, option: QStyleOptionViewItem, _: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for two lines."""
        return QSize(120, 2 * option.fontMetrics.height() + 14)  # type: ignore[attr-defined]

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one step."""
        step = index.data(StepRole)
        if not isinstance(step, Step):
            return
        theme, box = current_theme(), QRectF(option.rect)  # type: ignore[attr-defined]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        if chosen:
            painter.fillRect(box, QColor(theme.selection))
        painter.setPen(QColor(theme.border))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        gone = step.entry.state in _TAKEN_BACK
        font = QFont(option.font)  # type: ignore[attr-defined]
        small = QFont(font)
        font.setStrikeOut(gone)
        font.setItalic(step.entry.state == "superseded")
        small.setPointSizeF(font.pointSizeF() * 0.92)
        height = QFontMetrics(font).height()
        room = box.adjusted(_MARGIN, 6, -_MARGIN, 0)
        words, below = str(index.data(Qt.ItemDataRole.DisplayRole)), facts(step)
        self._line(painter, font, QColor(theme.muted if gone else theme.text), room, words)
        room.translate(0, height + 1)
        self._line(painter, small, QColor(theme.text if chosen else theme.muted), room, below)
        painter.restore()

    @staticmethod
    def _line(painter: QPainter, font: QFont, colour: QColor, room: QRectF, words: str) -> None:
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(colour)
        cut = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(QRectF(room.left(), room.top(), room.width(), metrics.height()), 0, cut)
