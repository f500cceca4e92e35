"""What to decide next: the most uncertain suggestion, the most valuable document; and keeping both up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.messages import tr
from models.errors import KuratorError
from models.history import Touched
from ui.bridge import Bridge
from ui.panes.reader.view import ReaderView

if TYPE_CHECKING:
    from app.services.doubts import Doubts
    from app.services.worth import Valuing

PAUSE_MS, RETRY_MS = 600, 1500
"""How long after a change documents are valued anew; when to look again where the project cannot be written yet."""
TURN_SECONDS, BREATH_MS = 0.005, 20
"""How long a turn is, and the time between two: less than half a frame in sixty a second."""


class Queueing(QObject):
    """Goes to what teaches the most, and works out what that is while nobody presses a key."""

    def __init__(self, bridge: Bridge, reader: ReaderView, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._reader = reader
        self._doubts: Doubts | None = None
        self._valuing: Valuing | None = None
        self._touched: set[str] = set()
        self._all = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._turn)
        bridge.project_changed.connect(self._begin)
        bridge.changed.connect(self._follow)

    # Going ------------------------------------------------------------------------------------------------

    def uncertain(self) -> None:
        """Go to the most uncertain suggestion that was not visited yet, in whichever document."""
        from app.services.doubts import Doubts

        if self._doubts is None:
            self._doubts = Doubts(self._bridge.workspace)
        doubt = self._doubts.next(self._bridge.document)
        if doubt is None:
            self._bridge.notice.emit(tr("queue.none-uncertain"), "done")
            return
        self._bridge.open_document(doubt.document, doubt.key)
        self._reader.setFocus()
        share = round(10 * doubt.probability)
        self._bridge.notice.emit(tr("queue.uncertain", share=share, count=doubt.left), "info")

    def valuable(self) -> None:
        """Go to the document from which the most can be learned."""
        from app.services.worth import most_valuable

        found = most_valuable(self._bridge.workspace, self._bridge.document)
        if found is None:
            self._bridge.notice.emit(tr("queue.none-valuable"), "done")
            return
        self._bridge.open_document(found)
        self._reader.setFocus()

    # Keeping up -------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._timer.stop()
        self._doubts, self._valuing, self._all = None, None, False
        self._touched.clear()
        if self._bridge.is_open:
            self._timer.start(RETRY_MS)

    def _follow(self, touched: Touched, initiator: object) -> None:
        if initiator is self or not self._bridge.is_open:
            return
        self._touched |= touched.documents
        self._all |= "thresholds" in touched.subjects
        if touched.everything and self._bridge.document is not None:
            self._touched.add(self._bridge.document)
        self._timer.start(PAUSE_MS)

    def _turn(self) -> None:
        bridge = self._bridge
        if not bridge.is_open or bridge.workspace.read_only:
            return
        if bridge.held or not bridge.workspace.prepared or self._peeking():
            self._timer.start(RETRY_MS)
            return
        try:
            left = self._work()
        except KuratorError:  # another process writes, or the disk is full
            self._timer.start(RETRY_MS)
            return
        if left and bridge.is_open:
            self._timer.start(BREATH_MS)

    def _peeking(self) -> bool:
        """Whether thresholds count for nothing now; only asked when everything that writes is loaded."""
        from app.services.thresholds import peeking

        return peeking(self._bridge.workspace)

    def _work(self) -> bool:
        from app.services.worth import Valuing

        if self._valuing is None:
            self._valuing = Valuing(self._bridge.workspace)
        self._valuing.touch(self._touched)
        self._touched.clear()
        if self._all:
            self._valuing.again()
        counting, self._all = self._valuing.counting, False
        left = self._valuing.work(TURN_SECONDS)
        if counting and not self._valuing.counting:
            self._bridge.changed.emit(Touched(subjects=frozenset(("documents",))), self)
        return left
