"""A bar that says something that can wait, with what can be done about it. It takes no keyboard and stops nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from ui.colours import mix
from ui.theme import current_theme


class Notice(NamedTuple):
    """A sentence and its buttons, the first of which is what one would mostly do."""

    text: str
    buttons: Sequence[tuple[str, Callable[[], object]]]


class NoticeBar(QFrame):
    """Shows the most urgent of the notices it was given, each under a name; ``ranks`` lists names, urgent first."""

    def __init__(self, ranks: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ranks = tuple(ranks)
        self._notices: dict[str, Notice] = {}
        self.setAutoFillBackground(True)
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 8, 16, 8)
        self._row.setSpacing(8)
        self._row.addWidget(self.label, 1)
        self.buttons: list[QPushButton] = []
        self.hide()

    @property
    def shown(self) -> str | None:
        """The name of the notice that is shown, None where there is none."""
        return next((one for one in self._ranks if one in self._notices), None)

    def put(self, name: str, notice: Notice | None) -> None:
        """Show a notice in place of the one of this name; None takes it away."""
        before = self._notices.pop(name, None)
        if notice is not None:
            self._notices[name] = notice
        if notice is not None or before is not None:
            self._show()

    def clear(self) -> None:
        """Take every notice away."""
        self._notices.clear()
        self._show()

    def _show(self) -> None:
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        name = self.shown
        if name is None:
            self.hide()
            return
        notice, theme = self._notices[name], current_theme()
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(mix(theme.window, theme.accent, 0.16)))
        self.setPalette(palette)
        self.label.setText(notice.text)
        for words, act in notice.buttons:
            button = QPushButton(words)
            button.setPalette(QPalette())
            button.clicked.connect(lambda _=False, act=act: act())
            self._row.addWidget(button)
            self.buttons.append(button)
        self.show()
