"""Lists of marks in the inspector: relations, other readings of a place, orphans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.messages import tr
from ui.panes.inspector_parts import Heading, show_if, state_of
from ui.theme import Palette, current_theme, paint_state


class Line(NamedTuple):
    """A line of a :class:`LineList`: muted words, a quote, and the label and state of a mark.

    ``go`` and ``remove`` are what a click on it and on its cross give; None where nothing can be done.
    """

    before: str
    words: str
    label: str
    state: str
    go: object = None
    remove: object = None


class LineButton(QAbstractButton):
    """A mark as a line that can be clicked: sign and colour, muted words, and what fits of the quote."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = Line("", "", "", "manual")
        self._palette = Palette()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_line(self, line: Line, palette: Palette) -> None:
        """Show another line."""
        if line != self._line or palette is not self._palette:
            self._line, self._palette = line, palette
            title, state = palette.title(line.label), tr(f"reader.state-{state_of(line.state)}")
            self.setAccessibleName(f"{line.before} {title}: {line.words} ({state})".strip())
            self.setToolTip(f"{title} · {state}\n{line.words}")
            self.update()

    def sizeHint(self) -> QSize:
        """One line of text with some air."""
        return QSize(120, QFontMetrics(self.font()).height() + 10)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the line."""
        theme, line = current_theme(), self._line
        colours = self._palette.colours(line.label, theme)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.underMouse() or self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.alternate if not theme.dark else theme.button))
            painter.drawRoundedRect(box, 4, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.stroke))
        painter.drawRoundedRect(QRectF(4, box.top() + 6, 3, box.height() - 12), 1.5, 1.5)
        sign = QRectF(13, box.center().y() - 4.5, 9, 9)
        paint_state(painter, sign, state_of(line.state), QColor(theme.muted))
        metrics, left, right = painter.fontMetrics(), 29.0, box.right() - 6
        upright = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if line.before:
            before = metrics.elidedText(line.before, Qt.TextElideMode.ElideRight, int((right - left) * 0.55))
            painter.setPen(QColor(theme.muted))
            painter.drawText(QRectF(left, box.top(), right - left, box.height()), upright, before)
            left += metrics.horizontalAdvance(before) + 6
        painter.setPen(QColor(theme.text))
        words = metrics.elidedText(line.words, Qt.TextElideMode.ElideRight, int(right - left))
        painter.drawText(QRectF(left, box.top(), right - left + 2, box.height()), upright, words)


class LineList(QWidget):
    """A heading and lines below it; the whole is hidden while there are none.

    ``go_wanted(object)`` and ``remove_wanted(object)`` carry what a line says.
    """

    go_wanted = Signal(object)
    remove_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = Heading()
        self._remove_words = ""
        self._lines: tuple[Line, ...] = ()
        self._rows: list[tuple[QWidget, LineButton, QToolButton]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.heading)
        self.setVisible(False)

    def say(self, heading: str, remove: str) -> None:
        """Name the list, and what its crosses do."""
        self.heading.setText(heading)
        self._remove_words = remove
        for _, _, cross in self._rows:
            cross.setToolTip(remove)
            cross.setAccessibleName(remove)

    def show_lines(self, lines: Sequence[Line], palette: Palette) -> None:
        """Show other lines in the widgets that are there."""
        self._lines = tuple(lines)
        while len(self._rows) < len(lines):
            self._add_row()
        for number, (row, button, cross) in enumerate(self._rows):
            show_if(row, number < len(lines))
            if number < len(lines):
                button.show_line(lines[number], palette)
                show_if(cross, lines[number].remove is not None)
        show_if(self, bool(lines))

    @property
    def count(self) -> int:
        """How many lines are shown."""
        return len(self._lines)

    def _add_row(self) -> None:
        number = len(self._rows)
        button, cross = LineButton(), QToolButton()
        cross.setText("✕")
        cross.setAutoRaise(True)
        cross.setToolTip(self._remove_words)
        cross.setAccessibleName(self._remove_words)
        cross.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.go_wanted.emit(self._lines[number].go))
        cross.clicked.connect(lambda: self.remove_wanted.emit(self._lines[number].remove))
        row = QWidget()
        side = QHBoxLayout(row)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(2)
        side.addWidget(button, 1)
        side.addWidget(cross)
        self._column.addWidget(row)
        self._rows.append((row, button, cross))
