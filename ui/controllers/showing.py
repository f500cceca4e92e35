"""Which suggestions are shown: the thresholds, and a look at what they hide."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.messages import tr
from models.history import Touched
from ui.bridge import Bridge


class Showing(QObject):
    """Opens the dialog with the sliders, which stays beside the text, and shows for now what they hide."""

    def __init__(self, bridge: Bridge, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._window = window
        self._dialog: QWidget | None = None

    def open(self) -> None:
        """Show the sliders, or bring them to the front."""
        from ui.dialogs.shown import ShownDialog

        if self._dialog is None:
            dialog = self._dialog = ShownDialog(self._bridge, self._window)
            dialog.finished.connect(self._closed)
            # Beside the text, which changes while a slider is moved.
            corner = self._window.geometry().bottomRight()
            dialog.move(corner.x() - dialog.width(), corner.y() - dialog.height())
        self._dialog.show()
        self._dialog.activateWindow()

    def _closed(self, *_: object) -> None:
        self._dialog = None

    def peek(self) -> None:
        """Show for now what thresholds hide, or hide it again."""
        from app.services.thresholds import peek, peeking, thresholds

        workspace = self._bridge.workspace
        on = not peeking(workspace)
        if on and not thresholds(workspace):
            self._bridge.notice.emit(tr("shown.nothing-hidden"), "info")
            return
        peek(workspace, on)
        self._bridge.notice.emit(tr("shown.peeking" if on else "shown.peeked"), "info")
        subjects = ("suggestions",) if on else ("suggestions", "thresholds")
        self._bridge.changed.emit(Touched(subjects=frozenset(subjects), everything=True), self)
