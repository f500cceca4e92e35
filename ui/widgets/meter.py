"""A thin bar that shows a share. Unlike a progress bar it repaints when the window does, not at once."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

_SIZE = QSize(96, 6)


class Meter(QWidget):
    """Shows ``done`` of ``total``; how much that is in words belongs in the accessible name."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_SIZE)
        self._share = 0.0

    def show_share(self, done: int, total: int, words: str) -> None:
        """Show a share and say it in words."""
        share = min(1.0, done / total) if total else 0.0
        self.setAccessibleName(words)
        if share != self._share:
            self._share = share
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the track, and the share on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self.height() / 2
        painter.setBrush(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
        done = QRectF(self.rect())
        done.setWidth(done.width() * self._share)
        painter.drawRoundedRect(done, radius, radius)
