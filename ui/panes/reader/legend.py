"""What the reader's signs and colours mean, as a small widget for a popover or the help."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.messages import tr
from ui.panes.reader.block import Tag
from ui.panes.reader.inks import Inks
from ui.panes.reader.metrics import Metrics
from ui.panes.reader.settings import ReaderSettings
from ui.theme import STATE_STYLES, LabelStyle, Palette, Theme, current_theme, paint_state

_MARGIN = 14
_GAP = 8


class Legend(QWidget):
    """Shows the five states, and the labels that are in use with their colours, patterns and keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: list[LabelStyle] = []
        self.setAccessibleName(tr("reader.legend-name"))
        self.show_labels(Palette(), (), current_theme())

    def show_labels(self, palette: Palette, used: Collection[str], theme: Theme) -> None:
        """List the labels in ``used`` as ``palette`` shows them in ``theme``."""
        self._palette, self._theme = palette, theme
        self._labels = [style for style in palette if style.id in used and style.kind != "relation"]
        self._metrics = Metrics(ReaderSettings(size=self.font().pointSizeF()), 900)
        self._inks = Inks(theme, palette, self._metrics, self.devicePixelRatioF())
        lines = [tr(style.title_key) for style in STATE_STYLES.values()]
        lines += [style.title for style in self._labels]
        self.setAccessibleDescription(", ".join(lines))
        self.updateGeometry()
        self.update()

    def _line_height(self) -> int:
        return self._metrics.text_height + _GAP

    def _columns(self) -> list[int]:
        """Return the widths of the sample, the names and the keys."""
        text = QFontMetrics(self.font())
        names = [tr(style.title_key) for style in STATE_STYLES.values()] + [one.title for one in self._labels]
        keys = [tr("reader.legend-key", key=one.key) for one in self._labels if one.key]
        widest = max(text.horizontalAdvance(name) for name in names)
        return [48, widest + 12, max((text.horizontalAdvance(key) for key in keys), default=0)]

    def sizeHint(self) -> QSize:
        """Room for every line."""
        lines = len(STATE_STYLES) + 1 + (len(self._labels) + 1 if self._labels else 0)
        return QSize(sum(self._columns()) + 2 * _MARGIN, lines * self._line_height() + 2 * _MARGIN)

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw samples exactly as the reader draws marks."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._inks.base)
        y = self._heading(painter, tr("reader.legend-states"), _MARGIN)
        for state, style in STATE_STYLES.items():
            box = QRect(_MARGIN, y, 36, self._metrics.text_height)
            sample = Tag("", "entity", "", state, 0, 0, 0, "")
            ink = self._inks.ink(sample.label, state)
            if ink.fill is not None:
                painter.fillRect(box, ink.fill)
            if ink.strike:
                painter.fillRect(box.left(), box.center().y(), box.width(), 1, ink.stroke)
            low = box.bottom() + 1
            self._inks.underline(painter, box.left(), box.right() + 1, low, ink.line, ink.stroke)
            side = self._metrics.sign + 2
            sign = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
            paint_state(painter, sign, state, ink.stroke)
            y = self._name(painter, tr(style.title_key), "", y)
        if self._labels:
            y = self._heading(painter, tr("reader.legend-labels"), y)
        for label in self._labels:
            ink = self._inks.ink(label.id, "accepted")
            box = QRect(_MARGIN, y, 36, self._metrics.text_height)
            painter.fillRect(box, ink.fill or self._inks.base)
            if ink.pattern is not None:
                painter.fillRect(box, ink.pattern)
            self._inks.underline(painter, box.left(), box.right() + 1, box.bottom() + 1, ink.line, ink.stroke)
            y = self._name(
                painter, label.title, tr("reader.legend-key", key=label.key) if label.key else "", y
            )
        painter.end()

    def _heading(self, painter: QPainter, text: str, y: int) -> int:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(QPoint(_MARGIN, y + painter.fontMetrics().ascent()), text)
        return y + self._line_height()

    def _name(self, painter: QPainter, text: str, key: str, y: int) -> int:
        sample, names, _ = self._columns()
        painter.setFont(self.font())
        painter.setPen(QColor(self._theme.text))
        baseline = y + painter.fontMetrics().ascent()
        painter.drawText(QPoint(_MARGIN + sample, baseline), text)
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(QPoint(_MARGIN + sample + names, baseline), key)
        return y + self._line_height()


def popover(legend: Legend) -> Legend:
    """Make the legend a popover that closes when clicked elsewhere."""
    legend.setWindowFlag(Qt.WindowType.Popup)
    legend.adjustSize()
    return legend
