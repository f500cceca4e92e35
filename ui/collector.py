"""Keeping the collector of unreachable objects away from key presses.

A full collection looks at every object there is: tens of milliseconds beside a long document. So once a
document has been shown and nobody has pressed a key for a moment, what the last one left is collected, and
all that lives is taken out of the collector's sight until the next document.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

from ui.bridge import Bridge

IDLE_MS = 700
EVERYTHING_EVERY = 20


class Collector(QObject):
    """Collects and freezes when a document has come to rest on screen."""

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._due = False
        self._rounds = 0
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self._settle)
        bridge.document_changed.connect(self._begin)
        for signal in (bridge.mark_changed, bridge.selection_changed, bridge.changed):
            signal.connect(self._wait)

    def _begin(self, _document: object) -> None:
        self._due = True
        self._idle.start()

    def _wait(self, *_: object) -> None:
        if self._due:
            self._idle.start()

    def _settle(self) -> None:
        """Collect what is young; every so many documents what is old as well, which takes longer."""
        self._due = False
        self._rounds += 1
        if self._rounds % EVERYTHING_EVERY == 0:
            gc.unfreeze()
        gc.collect()
        gc.freeze()
