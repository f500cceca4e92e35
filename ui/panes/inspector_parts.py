"""Small things that the inspector shows: a label's chip, a score, quiet words. Refilled, never rebuilt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QWidget

from app.commands import Command
from app.messages import language
from models.history import Outcome
from models.labels import LabelSet, localised
from models.marks import State
from ui.theme import LabelStyle, Palette, current_theme, paint_state

Run = Callable[[Command], Outcome | None]
"""Carries a command out; None where it was refused."""


def label_palette(labels: LabelSet) -> Palette:
    """Return the label set's colours and titles in the window's language."""
    spoken = language()
    return Palette(
        LabelStyle(
            one.id, localised(one.title, spoken, one.name), one.color, one.key or "", labels.kinds[one.id]
        )
        for one in labels
    )


def local_time(moment: str | None) -> str:
    """Return a UTC moment as a person here reads it: ``2026-03-01 10:30``; empty for None."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M") if moment else ""


def grouped(number: int) -> str:
    """Return a whole number as people here write it: ``12,345`` or, in Swedish, with no-break spaces."""
    written = f"{number:,}"
    return written.replace(",", "\u00a0") if language() == "sv" else written


@cache
def swatch(color: str) -> QIcon:
    """Return a small square of a label's colour."""
    picture = QPixmap(12, 12)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(1, 1, 10, 10, 3, 3)
    painter.end()
    return QIcon(picture)


def show_if(widget: QWidget, wanted: bool) -> None:
    """Show or hide a widget; asking first is much quicker than telling it what it knows."""
    if widget.isHidden() == wanted:
        widget.setVisible(wanted)


class Muted(QLabel):
    """Small plain text in the quiet colour, which follows the theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setForegroundRole(self.palette().ColorRole.PlaceholderText)

    def say(self, text: str) -> None:
        """Show ``text``; nothing at all where it is empty."""
        if text != self.text():
            self.setText(text)
        show_if(self, bool(text))


class Heading(QLabel):
    """The title of a part of a pane."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        font = self.font()
        font.setWeight(QFont.Weight.DemiBold)
        self.setFont(font)
        self.setContentsMargins(0, 8, 0, 0)


class Segment(QToolButton):
    """One of a few choices that stand side by side; the chosen one is filled, and told as such."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setStyleSheet(
            "QToolButton { border: 1px solid palette(mid); padding: 4px 10px; background: palette(button); }"
            "QToolButton:checked { background: palette(highlight); color: palette(highlighted-text); }"
            "QToolButton:focus { border: 1px solid palette(highlight); }"
            "QToolButton:checked:focus { border: 2px solid palette(text); padding: 3px 9px; }"
        )


class Chip(QWidget):
    """A label as the reader shows it, with the sign of the mark's state before it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._title, self._label, self._state = "", "", "manual"
        self._palette = Palette()

    def show_label(self, palette: Palette, label: str, state: str) -> None:
        """Show a label and the state of the mark that carries it."""
        self._palette, self._label, self._state = palette, label, state
        self._title = palette.title(label)
        self.setAccessibleName(self._title)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for the label's title."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._title) + 38, metrics.height() + 8)

    def minimumSizeHint(self) -> QSize:
        """Long titles are cut."""
        return QSize(48, self.sizeHint().height())

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the chip: filled when a human stands behind it, outlined while suggested or rejected."""
        theme = current_theme()
        colours = self._palette.colours(self._label, theme)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        filled = self._state in ("accepted", "corrected", "manual")
        pen = QPen(QColor(colours.stroke), 1)
        if self._state == "suggested":
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(colours.strong if filled else colours.soft))
        painter.drawRoundedRect(box, 5, 5)
        sign = QRectF(box.left() + 8, box.center().y() - 5, 10, 10)
        paint_state(painter, sign, state_of(self._state), QColor(colours.stroke))
        painter.setPen(QColor(theme.text))
        font = self.font()
        font.setStrikeOut(self._state == "rejected")
        painter.setFont(font)
        room = box.adjusted(25, 0, -8, 0)
        width = int(room.width()) + 1
        title = painter.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, width)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)


def state_of(state: str) -> State:
    """Return a state as the theme knows it."""
    return state if state in ("accepted", "corrected", "rejected", "manual") else "suggested"  # type: ignore[return-value]


class ScoreBar(QWidget):
    """How sure the pipeline was, as a bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._score = 0.0
        self.setFixedSize(56, 12)

    def show_score(self, score: float) -> None:
        """Fill the bar to ``score`` in [0, 1]."""
        self._score = min(1.0, max(0.0, score))
        self.setAccessibleName(f"{round(self._score * 100)} %")
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the bar."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(0, 3, self.width(), 6)
        painter.setBrush(QColor(theme.border))
        painter.drawRoundedRect(track, 3, 3)
        track.setWidth(max(6.0, self.width() * self._score))
        painter.setBrush(QColor(theme.accent))
        painter.drawRoundedRect(track, 3, 3)
