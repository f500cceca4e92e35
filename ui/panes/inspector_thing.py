"""Which entry of the register an entity is: confirmed, suggested, or none; and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.messages import tr
from app.services.register_views import Candidate, Thing, Which
from ui.actions import action
from ui.panes.inspector_parts import Heading, Muted, show_if

_ACTIONS = ("thing.confirm", "thing.choose", "thing.none", "thing.new", "thing.show", "thing.unlink")


class ThingFields(QWidget):
    """Shows a :class:`Which`. ``action_wanted(id)``: a button asks for an action of :mod:`ui.actions`."""

    action_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._which: Which | None = None
        self._changeable = False
        self.heading, self.name, self.reason = Heading(), QLabel(), Muted()
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setWordWrap(True)
        self.buttons = {wanted: QPushButton(self) for wanted in _ACTIONS}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.heading, self.name, self.reason):
            column.addWidget(part)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setSpacing(8)
        column.addLayout(self._grid)
        for wanted, button in self.buttons.items():
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, wanted=wanted: self.action_wanted.emit(wanted))
        self.retranslate()

    def show_which(self, which: Which | None, changeable: bool) -> None:
        """Show which entry a mark is; None hides all: only entities are linked."""
        self._which, self._changeable = which, changeable
        show_if(self, which is not None)
        if which is None:
            return
        self.name.setText(_name(which))
        self.reason.say(_reason(which))
        if which.thing is not None:
            wanted = ["thing.show", "thing.choose", "thing.unlink"]
        elif which.best is not None:
            wanted = ["thing.confirm", "thing.none", "thing.choose", "thing.new"]
        else:
            wanted = ["thing.choose", "thing.new", *(["thing.none"] if which.candidates else [])]
        self._place([one for one in wanted if changeable or one == "thing.show"])

    def _place(self, wanted: list[str]) -> None:
        for one, button in self.buttons.items():
            show_if(button, one in wanted)
            self._grid.removeWidget(button)
        for number, one in enumerate(wanted):
            self._grid.addWidget(self.buttons[one], number // 2, number % 2)

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self.heading.setText(tr("register_window.entry"))
        for wanted, button in self.buttons.items():
            keys = action(wanted).keys
            native = QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
            button.setText(tr(f"register_window.{wanted.partition('.')[2]}"))
            button.setToolTip(f"{tr(f'action.{wanted}')}  ({native})" if native else tr(f"action.{wanted}"))
        self.show_which(self._which, self._changeable)


def _name(which: Which) -> str:
    if which.thing is not None:
        return which.thing.name
    if which.best is not None:
        return tr("register_window.perhaps", name=which.best[1].name)
    return tr("register_window.no-entry")


def _reason(which: Which) -> str:
    if which.thing is not None:
        others = ", ".join(which.thing.aliases[:5])
        return tr("register_window.also-called", names=others) if others else ""
    if which.best is not None:
        return reason_words(which.best[0])
    if which.candidates:
        names = ", ".join(f"{one.name} ({round(candidate.score * 100)} %)" for candidate, one in which.candidates[:4])
        return tr("register_window.undecided", names=names)
    if which.refused:
        return tr("register_window.refused", names=", ".join(_names(which.refused)))
    return ""


def _names(things: tuple[Thing, ...]) -> list[str]:
    return [one.name for one in things[:4]]


def why_words(candidate: Candidate) -> str:
    """Return why a link is suggested."""
    return tr(f"register_window.why-{candidate.why}", of=candidate.of)


def reason_words(candidate: Candidate) -> str:
    """Return why a link is suggested, and how sure that is."""
    return f"{why_words(candidate)} · {round(candidate.score * 100)} %"
