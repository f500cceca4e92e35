"""A picture of the window on a project, for where there is no screen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app.workspace import Workspace

SIZE = (1280, 800)
"""Width and height of the picture, in pixels."""
_SETTLE_MS = 400


def save_picture(project: Path, target: Path) -> bool:
    """Save a PNG of the window showing ``project``, its first suggestion in focus; False where that fails."""
    from ui.__main__ import window

    shown = window()
    shown.resize(*SIZE)
    shown.show()
    with Workspace.open(project, read_only=True) as workspace:
        shown.bridge.set_workspace(workspace)
        for _ in range(4):
            shown.going.next_suggestion()
        loop = QEventLoop()
        QTimer.singleShot(_SETTLE_MS, loop.quit)
        loop.exec()
        saved = shown.grab().save(str(target), "PNG")
        shown.bridge.set_workspace(None)
    shown.deleteLater()
    QApplication.processEvents()
    return saved
