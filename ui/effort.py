"""What annotating takes, measured where it happens: key presses, clicks and active time since the last action."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from models.effort import Effort

LONGEST_PAUSE = 30.0
"""Seconds of a pause that count: who is away longer is not at work."""

_MODIFIERS = frozenset(
    {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock}
)
_ACTIVITY = frozenset({QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.MouseButtonPress})


class Meter(Protocol):
    """What the bridge asks before an action, and tells after it."""

    def so_far(self) -> Effort:
        """Return what was spent since :meth:`begin`."""

    def begin(self) -> None:
        """Count from nothing again."""


class EffortMeter(QObject):
    """Counts in some panes of a window, and in the lists that pop up over them; elsewhere only time runs.

    Keys are counted as the widget with the keyboard is first asked about them (also those that a shortcut
    takes), clicks as they come to the window. Nothing else of the program's events passes through here.
    """

    def __init__(self, window: QWidget, panes: tuple[QWidget, ...], clock: Callable[[], float] = monotonic) -> None:
        super().__init__(window)
        self._window, self._panes, self._clock = window, panes, clock
        self._focus: QWidget | None = None
        self._surface: QObject | None = None
        self._keys, self._seconds = 0, 0.0
        self._last: float | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow)
        app.applicationStateChanged.connect(self._application_changed)
        self._follow(None, app.focusWidget())

    # What the bridge asks ---------------------------------------------------------------------------------

    def so_far(self) -> Effort:
        """Return what was spent since :meth:`begin`."""
        if self._last is not None:
            self._tick()
        return Effort(self._keys, round(self._seconds * 1000))

    def begin(self) -> None:
        """Count from nothing again."""
        self._keys, self._seconds = 0, 0.0
        if self._last is not None:
            self._last = self._clock()

    # What happens -----------------------------------------------------------------------------------------

    def _follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Listen to the widget that has the keyboard, while it is one whose keys count."""
        if self._focus is not None:
            with suppress(RuntimeError):  # it lost the keyboard because it is going
                self._focus.removeEventFilter(self)
        self._focus = now if now is not None and self._counts(now) else None
        if self._focus is not None:
            self._focus.installEventFilter(self)
        surface = self._window.windowHandle() if isValid(self._window) else None  # the focus goes while it goes
        if surface is not None and surface is not self._surface:
            surface.installEventFilter(self)
            self._surface = surface
        if now is not None and self._last is None:
            self._last = self._clock()

    def _counts(self, widget: QWidget) -> bool:
        if widget.window().windowType() == Qt.WindowType.Popup:
            return True
        return any(pane is widget or pane.isAncestorOf(widget) for pane in self._panes)

    def _application_changed(self, state: Qt.ApplicationState) -> None:
        """Stop while another program is worked with."""
        if state == Qt.ApplicationState.ApplicationActive:
            self._last = self._clock()
        elif self._last is not None:
            self._tick()
            self._last = None

    def _tick(self) -> None:
        now = self._clock()
        if self._last is not None:
            self._seconds += min(now - self._last, LONGEST_PAUSE)
        self._last = now

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count, and let everything pass."""
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride:
            if watched is self._focus and isinstance(event, QKeyEvent) and event.key() not in _MODIFIERS:
                self._keys += 1
                self._tick()
        elif kind in _ACTIVITY and watched is self._surface:
            self._tick()
            if kind == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
                hit = self._window.childAt(event.position().toPoint())
                self._keys += hit is not None and self._counts(hit)
        return False
