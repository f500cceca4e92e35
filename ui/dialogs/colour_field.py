"""Choosing a label's colour: from a palette of colours that stay apart, by its number, or freely."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QRegularExpressionValidator
from PySide6.QtWidgets import (
    QColorDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.messages import tr
from app.services.label_views import TOO_CLOSE
from ui.dialogs.frame import quiet
from ui.dialogs.tints import distance, palette
from ui.theme import current_theme

_COLUMNS = 8
_SIDE = 22


def swatch(colour: str, side: int = _SIDE, *, taken: bool = False) -> QIcon:
    """Return a rounded square of a colour; a stroke through it says that a label has one like it."""
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(current_theme().border), 1))
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(1, 1, side - 2, side - 2, 4, 4)
    if taken:
        painter.setPen(QPen(QColor("#ffffff"), 2))
        painter.drawLine(5, side - 5, side - 5, 5)
    painter.end()
    return QIcon(picture)


class ColourField(QWidget):
    """A button that opens the palette, and the colour's number to write. ``chosen(str)``: ``#rrggbb``."""

    chosen = Signal(str)

    def __init__(self, others: Callable[[], Sequence[str]]) -> None:
        super().__init__()
        self._others = others
        self._colour = "#607080"
        self.button = QPushButton(tr("labelset.colours"))
        self.button.setAutoDefault(False)
        self.button.setIconSize(QSize(_SIDE, _SIDE))
        self.button.clicked.connect(self._open)
        self.number = QLineEdit()
        self.number.setAccessibleName(tr("labelset.colour-number"))
        self.number.setValidator(QRegularExpressionValidator("#[0-9a-fA-F]{6}"))
        self.number.setMaximumWidth(self.number.fontMetrics().horizontalAdvance("#00000000") + 16)
        self.number.editingFinished.connect(lambda: self._take(self.number.text()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.button)
        row.addWidget(self.number)
        row.addStretch(1)
        self.setFocusProxy(self.button)

    def show_colour(self, colour: str) -> None:
        """Show a colour without saying that it was chosen."""
        self._colour = colour
        self.number.setText(colour)
        self.button.setIcon(swatch(colour))
        self.button.setAccessibleName(f"{tr('labelset.colour').replace('&', '')} {colour}")

    def _take(self, colour: str) -> None:
        if colour != self._colour:
            self.show_colour(colour)
            self.chosen.emit(colour)

    def _open(self) -> None:
        popup = _Palette(self._colour, self._others(), self._take, self._choose_freely, self)
        popup.move(self.button.mapToGlobal(self.button.rect().bottomLeft()))
        popup.show()
        popup.setFocus()

    def _choose_freely(self) -> None:
        found = QColorDialog.getColor(QColor(self._colour), self, tr("labelset.colour-title"))
        if found.isValid():
            self._take(found.name())


class _Palette(QFrame):
    """The colours to choose from; those that another label is too close to are struck through."""

    def __init__(
        self,
        now: str,
        others: Sequence[str],
        take: Callable[[str], None],
        choose: Callable[[], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(tr("labelset.colour-title"))
        grid = QGridLayout()
        grid.setSpacing(2)
        first: QToolButton | None = None
        for number, colour in enumerate(palette()):
            taken = any(distance(colour, other) < TOO_CLOSE for other in others)
            button = QToolButton()
            button.setAutoRaise(True)
            button.setIcon(swatch(colour, taken=taken))
            button.setIconSize(QSize(_SIDE, _SIDE))
            words = tr("labelset.colour-taken", colour=colour) if taken else colour
            button.setToolTip(words)
            button.setAccessibleName(words)
            button.clicked.connect(lambda _=False, colour=colour: self._end(lambda: take(colour)))
            grid.addWidget(button, number // _COLUMNS, number % _COLUMNS)
            first = button if first is None or (colour == now) else first
        self.setFocusProxy(first)
        more = QPushButton(tr("labelset.colour-more"))
        more.clicked.connect(lambda: self._end(choose))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addLayout(grid)
        column.addWidget(quiet(tr("labelset.colour-hint")))
        column.addWidget(more)

    def _end(self, act: Callable[[], None]) -> None:
        self.close()
        act()
