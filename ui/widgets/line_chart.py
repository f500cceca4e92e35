"""A chart of lines: axes with titles, values where the pointer or the keys are. Painted here, in the theme in use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Theme, current_theme

_PAD, _DOT = 8, 3.0
_SHOWN_DOTS = 40
"""Points from which on only the line is drawn."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line's name and points, rising in x. ``faint``: it stands back. ``bars``: each point's interval, or None.

    ``marked`` is the x of the point that counts (the best epoch), None for none.
    """

    name: str
    points: tuple[tuple[float, float], ...]
    faint: bool = False
    bars: tuple[tuple[float, float] | None, ...] = ()
    marked: float | None = None


@dataclass(frozen=True, slots=True)
class Axis:
    """What stands along an axis: title, how values are written, and bounds where they are fixed.

    ``whole``: there is nothing between whole numbers.
    """

    title: str
    write: Callable[[float], str]
    low: float | None = None
    high: float | None = None
    whole: bool = False


def ticks(low: float, high: float, most: int, least: float = 0.0) -> list[float]:
    """Return round values from ``low`` to ``high``, at most about ``most`` of them and ``least`` apart."""
    if high <= low:
        return [low]
    rough = max((high - low) / max(1, most), least)
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


class LineChart(QWidget):
    """Shows lines over one axis. Left and Right go from value to value, Home and End to the first and the last."""

    def __init__(self, name: str, across: Axis, upward: Axis) -> None:
        super().__init__()
        self._name = name
        self._across, self._upward = across, upward
        self._lines: tuple[Line, ...] = ()
        self._at: float | None = None
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines in place of those before."""
        self._lines = tuple(one for one in lines if one.points)
        if self._at is not None and self._at not in self._places():
            self._at = None
        self._describe()
        self.update()

    def set_upward(self, upward: Axis) -> None:
        """Let another axis stand upward from now on."""
        self._upward = upward
        self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for a few ticks."""
        return QSize(self.fontMetrics().averageCharWidth() * 52, self.fontMetrics().height() * 11)

    def minimumSizeHint(self) -> QSize:
        """As small as can still be read."""
        return QSize(self.fontMetrics().averageCharWidth() * 28, self.fontMetrics().height() * 7)

    # What is read -----------------------------------------------------------------------------------------

    def _places(self) -> list[float]:
        return sorted({x for one in self._lines for x, _ in one.points})

    @property
    def reading(self) -> str:
        """What is said of the place that the pointer or the keys are at; of the last one where they are nowhere."""
        places = self._places()
        if not places:
            return ""
        return "  ·  ".join(self._said(places[-1] if self._at is None else self._at))

    def _said(self, at: float) -> list[str]:
        words = [f"{self._across.title} {self._across.write(at)}"]
        for one in self._lines:
            for number, (x, y) in enumerate(one.points):
                if x == at:
                    bar = one.bars[number] if number < len(one.bars) else None
                    between = f" ({self._upward.write(bar[0])}–{self._upward.write(bar[1])})" if bar else ""
                    words.append(f"{one.name} {self._upward.write(y)}{between}")
        return words

    def _describe(self) -> None:
        self.setAccessibleDescription(self.reading)

    def _go_to(self, at: float | None) -> None:
        if at != self._at:
            self._at = at
            self._describe()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the value nearest to the pointer."""
        places = self._places()
        if places:
            field = self._field()
            at = self._x_range()
            wanted = at[0] + (event.position().x() - field.left()) / max(1.0, field.width()) * (at[1] - at[0])
            self._go_to(min(places, key=lambda x: abs(x - wanted)))

    def leaveEvent(self, event: QEvent) -> None:
        """Read nothing any more, unless the keys are here."""
        if not self.hasFocus():
            self._go_to(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from value to value."""
        places = self._places()
        here = places.index(self._at) if self._at in places else len(places)
        steps = {
            Qt.Key.Key_Left: here - 1,
            Qt.Key.Key_Right: here + 1 if self._at is not None else 0,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(places) - 1,
        }
        wanted = steps.get(Qt.Key(event.key()))
        if places and wanted is not None:
            self._go_to(places[max(0, min(len(places) - 1, wanted))])
        else:
            super().keyPressEvent(event)

    # Where things stand -----------------------------------------------------------------------------------

    def _x_range(self) -> tuple[float, float]:
        return _bounds(self._across, self._places())

    def _y_range(self) -> tuple[float, float]:
        values = [y for one in self._lines for _, y in one.points]
        values += [bound for one in self._lines for bar in one.bars if bar for bound in bar]
        return _bounds(self._upward, values)

    def _y_ticks(self) -> list[float]:
        return ticks(*self._y_range(), max(2, self.height() // (self.fontMetrics().height() * 3)))

    def _field(self) -> QRectF:
        """Return where the lines are: inside titles and figures."""
        metrics = self.fontMetrics()
        wide = max((metrics.horizontalAdvance(self._upward.write(y)) for y in self._y_ticks()), default=0)
        left, top = wide + 2 * _PAD, 1.5 * metrics.height() + _PAD
        below = 2 * metrics.height() + _PAD
        return QRectF(left, top, max(10, self.width() - left - 2 * _PAD), max(10, self.height() - top - below))

    def _point(self, field: QRectF, x: float, y: float) -> QPointF:
        (left, right), (low, high) = self._x_range(), self._y_range()
        across = (x - left) / (right - left) if right > left else 0.5
        up = (y - low) / (high - low) if high > low else 0.5
        return QPointF(field.left() + across * field.width(), field.bottom() - up * field.height())

    # Painting ---------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw axes, lines, and what is read."""
        painter, theme = QPainter(self), current_theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(theme.base))
        edge = QColor(theme.accent if self.hasFocus() else theme.border)
        painter.setPen(QPen(edge, 2 if self.hasFocus() else 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        field = self._field()
        self._paint_axes(painter, field, theme)
        painter.save()
        painter.setClipRect(field.adjusted(-_DOT - 6, -_DOT - 6, _DOT + 6, _DOT + 6))
        for one in sorted(self._lines, key=lambda line: not line.faint):
            self._paint_line(painter, field, one, theme)
        painter.restore()
        if self._at is not None:
            self._paint_reading(painter, field, self._at, theme)

    def _paint_axes(self, painter: QPainter, field: QRectF, theme: Theme) -> None:
        metrics, muted = self.fontMetrics(), QColor(theme.muted)
        for y in self._y_ticks():
            level = self._point(field, self._x_range()[0], y).y()
            painter.setPen(QPen(QColor(theme.border), 1))
            painter.drawLine(QPointF(field.left(), level), QPointF(field.right(), level))
            painter.setPen(muted)
            box = QRectF(0, level - metrics.height() / 2, field.left() - _PAD, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._upward.write(y))
        painter.setPen(muted)
        most = max(2, int(field.width() / (metrics.averageCharWidth() * 10)))
        for x in ticks(*self._x_range(), most, float(self._across.whole)) if self._lines else ():
            words, place = self._across.write(x), self._point(field, x, self._y_range()[0]).x()
            half = metrics.horizontalAdvance(words) / 2 + 2
            box = QRectF(place - half, field.bottom() + 2, 2 * half, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        below = QRectF(0, field.bottom() + metrics.height() + 2, self.width() - 2 * _PAD, metrics.height())
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, self._across.title)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        painter.drawText(QRectF(_PAD, 3, self.width(), metrics.height()), 0, self._upward.title)
        painter.setFont(self.font())

    def _paint_line(self, painter: QPainter, field: QRectF, line: Line, theme: Theme) -> None:
        colour = QColor(theme.muted if line.faint else theme.accent)
        spots = [self._point(field, x, y) for x, y in line.points]
        pen = QPen(colour, 1.4 if line.faint else 2.2)
        pen.setStyle(Qt.PenStyle.DashLine if line.faint else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(spots)
        painter.setPen(QPen(colour, 1.4))
        for (x, _), bar in zip(line.points, line.bars, strict=False):
            if bar:
                low, high = self._point(field, x, bar[0]), self._point(field, x, bar[1])
                painter.drawLine(low, high)
                for end in (low, high):
                    painter.drawLine(end + QPointF(-4, 0), end + QPointF(4, 0))
        painter.setBrush(colour)
        for (x, _), spot in zip(line.points, spots, strict=True):
            if len(spots) <= _SHOWN_DOTS or x == line.marked:
                painter.drawEllipse(spot, _DOT, _DOT)
            if x == line.marked:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(spot, _DOT + 4, _DOT + 4)
                painter.setBrush(colour)

    def _paint_reading(self, painter: QPainter, field: QRectF, at: float, theme: Theme) -> None:
        place = self._point(field, at, self._y_range()[0]).x()
        painter.setPen(QPen(QColor(theme.text), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(place, field.top()), QPointF(place, field.bottom()))
        metrics, said = self.fontMetrics(), self._said(at)
        wide = max(metrics.horizontalAdvance(one) for one in said) + 2 * _PAD
        high = len(said) * metrics.lineSpacing() + _PAD
        left = place + _PAD if place + _PAD + wide < self.width() else place - _PAD - wide
        box = QRectF(max(1.0, left), field.top() + 2, wide, high)
        painter.setPen(QColor(theme.border))
        painter.setBrush(QColor(theme.alternate))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(theme.text))
        painter.drawText(box.adjusted(_PAD, _PAD / 2, 0, 0), 0, "\n".join(said))


def _bounds(axis: Axis, values: Sequence[float]) -> tuple[float, float]:
    low = min(values, default=0.0) if axis.low is None else axis.low
    high = max(values, default=1.0) if axis.high is None else axis.high
    return (low, high) if high > low else (low - 0.5, low + 0.5)
