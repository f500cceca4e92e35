"""One conflict: what each side says, next to each other where there is room, and the ways to settle it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.messages import tr
from app.services.conflict_views import ConflictView, Piece, ReadingView
from ui.panes.inspector_parts import Chip, Muted, local_time, show_if
from ui.theme import Palette, current_theme

_WIDE = 560
"""From this width on, in pixels, readings stand beside each other."""


def rich(pieces: Sequence[Piece], palette: Palette, label: str | None) -> str:
    """Return pieces as HTML: the passage on its label's ground, what differs underlined as well."""
    theme = current_theme()
    ground = palette.colours(label, theme).strong if label else theme.hit
    looks = {
        "plain": "",
        "mark": f"background-color:{ground};",
        "differs": f"background-color:{ground};text-decoration:underline;font-weight:600;",
    }
    return "".join(f'<span style="{looks[how]}">{escape(words)}</span>' for words, how in pieces)


class Reading(QFrame):
    """One side: its number, who and when, the label, the words. ``wanted()``: a click takes it."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.key = QToolButton()
        self.key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.key.clicked.connect(self.wanted)
        self.who = QLabel()
        self.who.setTextFormat(Qt.TextFormat.PlainText)
        self.who.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        font = self.who.font()
        font.setWeight(QFont.Weight.DemiBold)
        self.who.setFont(font)
        self.when, self.now = Muted(), Muted()
        self.chip = Chip()
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.key)
        head.addWidget(self.who, 1)
        head.addWidget(self.when)
        tags = QHBoxLayout()
        tags.setSpacing(8)
        tags.addWidget(self.chip)
        tags.addWidget(self.now)
        tags.addStretch(1)
        for words in (self.now, self.when):
            words.setWordWrap(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(tags)
        column.addWidget(self.words)
        column.addStretch(1)

    def show_reading(self, reading: ReadingView, palette: Palette, takes: bool) -> None:
        """Show one side; ``takes`` says whether it can be taken."""
        number = str(reading.number + 1)
        name = tr("merging.take", number=number)
        self.key.setText(number)
        self.key.setAccessibleName(name)
        self.key.setToolTip(name)
        self.key.setEnabled(takes)
        self.who.setText(reading.who or tr("merging.reading", number=number))
        self.when.say(" · ".join(filter(None, (reading.side, local_time(reading.when)))))
        self.now.say(tr("merging.shown-now") if reading.shown else "")
        show_if(self.chip, reading.label is not None)
        if reading.label is not None:
            self.chip.show_label(palette, reading.label, "manual")
        parts = (rich(reading.passage, palette, reading.label), rich(reading.said, palette, None))
        self.words.setText("<br>".join(filter(None, parts)))
        self.setAccessibleName(f"{number}: {self.who.text()}, {reading.value}")


class ConflictCard(QWidget):
    """Everything about one conflict. ``choice_wanted(object)``: the number of a reading, ``both`` or ``neither``."""

    choice_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.hint, self.base, self.settled = Muted(), Muted(), Muted()
        self.readings: list[Reading] = []
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._row.setSpacing(8)
        self.both, self.neither = QPushButton(), QPushButton()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button, choice in ((self.both, "both"), (self.neither, "neither")):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(partial(self.choice_wanted.emit, choice))
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addWidget(self.settled)
        column.addWidget(self.hint)
        column.addLayout(self._row)
        column.addWidget(self.base)
        column.addLayout(buttons)
        column.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self.both.setText(tr("merging.both"))
        self.both.setToolTip(tr("merging.both-tip"))
        self.neither.setText(tr("merging.neither"))
        self.neither.setToolTip(tr("merging.neither-tip"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the readings beside each other where there is room."""
        super().resizeEvent(event)
        wide = event.size().width() >= _WIDE
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def _reading(self, number: int) -> Reading:
        while len(self.readings) <= number:
            reading = Reading()
            reading.wanted.connect(partial(self.choice_wanted.emit, len(self.readings)))
            self.readings.append(reading)
            self._row.addWidget(reading, 1)
        return self.readings[number]

    def show_conflict(self, view: ConflictView | None, palette: Palette, changeable: bool) -> None:
        """Show a conflict; nothing for None. ``changeable`` says whether it may be settled here."""
        show_if(self, view is not None)
        if view is None:
            return
        self.hint.say(view.hint if view.line.open else tr("merging.settle-anew"))
        takes = changeable
        for reading in view.readings:
            block = self._reading(reading.number)
            block.show_reading(reading, palette, takes)
            show_if(block, True)
        for block in self.readings[len(view.readings) :]:
            block.hide()
        self.base.say(tr("merging.before", value=view.base) if view.base else "")
        for button, choice in ((self.both, "both"), (self.neither, "neither")):
            show_if(button, choice in view.choices)
            button.setEnabled(takes)
        self.settled.say(view.settled or "")
