"""Doing something once, a little after the last of many reasons to do it."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QObject, QTimer


class Later(QObject):
    """Calls ``act`` when nobody asked for ``quiet`` ms, or ``longest`` ms after the first asked."""

    def __init__(self, parent: QObject, act: Callable[[], None], quiet: int, longest: int = 0) -> None:
        super().__init__(parent)
        self._act = act
        self.quiet = quiet
        self._longest = longest
        self._since: float | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.now)

    @property
    def waiting(self) -> bool:
        """Whether somebody asked and it is yet to be done."""
        return self._since is not None

    def ask(self) -> None:
        """Ask for it."""
        if self._since is None:
            self._since = monotonic()
        left = max(self._longest, self.quiet) - round((monotonic() - self._since) * 1000)
        self._timer.start(max(0, min(self.quiet, left)))

    def now(self) -> None:
        """Do it at once, and no more for those who asked so far."""
        self.cancel()
        self._act()

    def cancel(self) -> None:
        """Forget who asked."""
        self._timer.stop()
        self._since = None
