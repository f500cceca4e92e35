"""The memory in the window: it works in short turns while nobody presses a key, the document on screen first."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.messages import tr
from models.errors import KuratorError
from models.history import Touched
from ui.bridge import Bridge

PAUSE_MS = 20
"""After a change the memory begins when the change has been painted."""
TURN_SECONDS, BREATH_MS = 0.008, 8
"""How long a turn is, and the time between two: at sixty frames a second, half a frame each."""
RETRY_MS = 500
"""When to look again where the project cannot be written yet."""
TOLD_SECONDS = 0.7
"""How often other views hear of documents that nobody looks at."""


class Remembering(QObject):
    """Lets the memory go on after each change, tells everybody what came of it, and opens its list."""

    def __init__(self, bridge: Bridge, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._window = window
        self._elsewhere: dict[str, frozenset[str]] = {}
        self._told = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._turn)
        bridge.project_changed.connect(self._begin)
        bridge.document_changed.connect(self.wake)
        bridge.changed.connect(self._follow)

    def open(self) -> None:
        """Show what is remembered."""
        from ui.dialogs.memory import MemoryDialog

        MemoryDialog(self._bridge, self._window).exec()
        self.wake()

    def wake(self, *_: object) -> None:
        """Let the memory look whether there is anything to do."""
        if self._bridge.is_open and not self._bridge.workspace.read_only and not self._timer.isActive():
            self._timer.start(PAUSE_MS)

    def _begin(self) -> None:
        self._timer.stop()
        self._elsewhere.clear()
        self.wake()

    def _follow(self, _touched: Touched, initiator: object) -> None:
        if initiator is not self:
            self.wake()

    def _turn(self) -> None:
        bridge = self._bridge
        if not bridge.is_open or bridge.workspace.read_only:
            return
        if bridge.held or not bridge.workspace.prepared:
            self._timer.start(RETRY_MS)
            return
        visible = [bridge.document] if bridge.document is not None else []
        try:
            left = bridge.workspace.memory.work(TURN_SECONDS, visible)
        except KuratorError:  # another process writes, or the disk is full: what is to do waits in the project
            self._timer.start(RETRY_MS)
            return
        self._tell(left)
        if left and bridge.is_open:
            self._timer.start(BREATH_MS)

    def _tell(self, left: bool) -> None:
        touched, spread = self._bridge.workspace.memory.told()
        here = {one: keys for one, keys in touched.marks.items() if one == self._bridge.document}
        self._elsewhere |= {one: keys for one, keys in touched.marks.items() if one not in here}
        if self._elsewhere and (not left or monotonic() - self._told > TOLD_SECONDS):
            here |= self._elsewhere
            self._elsewhere, self._told = {}, monotonic()
        if here:
            self._bridge.changed.emit(Touched(here, frozenset(here), touched.subjects), self)
        if spread:
            count = sum(one.here for one in spread)
            elsewhere = sum(one.elsewhere for one in spread)
            self._bridge.notice.emit(tr("memory.spread", here=count, elsewhere=elsewhere), "info")
