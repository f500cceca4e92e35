"""A page that scrolls where the screen is too small for it, and otherwise looks as if it could not."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Scrolled(QScrollArea):
    """Holds a page, as wide as it wants and as high as there is room for."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(page)
        page.setBackgroundRole(QPalette.ColorRole.Window)
        page.setAutoFillBackground(False)

    def settle(self) -> None:
        """Take note that the page wants to be larger or smaller now."""
        layout = self.widget().layout()
        if layout is not None:
            layout.invalidate()
            layout.activate()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As large as the page wants to be."""
        return self.widget().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Never narrower than the page, but lower."""
        least = self.widget().minimumSizeHint()
        return QSize(least.width() + self.verticalScrollBar().sizeHint().width(), min(least.height(), 160))
