"""Searching for what is behind a figure: in a thread, one search at a time, shown as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.messages import sentence
from app.services.agreement_views import Search, Source
from ui.bridge import Bridge

POLL_MS = 80
"""How often is looked at what a search has found."""

Look = Callable[[Any, Source], Iterator[Any]]
Show = Callable[[Sequence[Any], bool], None]
"""Takes what was found so far, and whether that is all."""


class Searcher(QObject):
    """Runs the latest search that was asked for. ``failed(sentence)``: the project could not be read."""

    failed = Signal(str)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._searches: list[Search[Any]] = []
        self._show: Show = lambda found, done: None
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._take)

    @property
    def busy(self) -> bool:
        """Whether something is still to be shown."""
        return self._poll.isActive()

    def start(self, look: Look, most: int, show: Show) -> None:
        """Search; ``show`` is called while it goes on and at its end."""
        self.stop()
        search: Search[Any] = Search(self._bridge.workspace.path, look, most)
        self._searches = [one for one in self._searches if not one.done] + [search]
        self._show = show
        self._poll.start()

    def stop(self) -> None:
        """Let searches end; what they find is not shown any more."""
        self._poll.stop()
        for one in self._searches:
            one.cancel()

    def wait(self) -> None:
        """Wait until nobody holds the project's file any more."""
        self.stop()
        for one in self._searches:
            one.wait()

    def _take(self) -> None:
        search = self._searches[-1]
        done = search.done
        if done:
            self._poll.stop()
        if search.error is not None:
            self.failed.emit(sentence(search.error))
        self._show(list(search.found), done)
