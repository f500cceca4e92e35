"""A list that appears at a place in the text: one key or Enter chooses, Escape leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget


class Choice(NamedTuple):
    """One line: what choosing it gives, its words, its single key and its colour, if any."""

    value: object
    title: str
    key: str | None = None
    color: str | None = None


class ChoicePopup(QFrame):
    """A frameless list of choices. Single keys choose at once; arrows and Enter do too."""

    def __init__(
        self, title: str, choices: Sequence[Choice], chosen: Callable[[object], None], parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(title)
        self._choices = choices
        self._chosen = chosen
        heading = QLabel(title)
        heading.setEnabled(False)
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setAccessibleName(title)
        self.list.itemActivated.connect(lambda item: self._choose(self.list.row(item)))
        self.list.itemClicked.connect(lambda item: self._choose(self.list.row(item)))
        for choice in choices:
            self.list.addItem(self._item(choice))
        self.list.setCurrentRow(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(heading)
        layout.addWidget(self.list)
        self.list.installEventFilter(self)
        self._fit()

    def _item(self, choice: Choice) -> QListWidgetItem:
        keyed = f"{choice.title}\t{choice.key.upper()}" if choice.key else choice.title
        item = QListWidgetItem(keyed.replace("\t", "   ·   "))
        if choice.color:
            item.setIcon(swatch(choice.color))
        return item

    def _fit(self) -> None:
        rows = min(self.list.count(), 16)
        height = sum(self.list.sizeHintForRow(row) for row in range(rows))
        self.list.setFixedSize(max(220, self.list.sizeHintForColumn(0) + 32), height + 4)

    def show_at(self, place: QPoint) -> None:
        """Show the list with its corner at a place on the screen, moved so that it is whole."""
        self.adjustSize()
        room = self.screen().availableGeometry()
        x = min(place.x(), room.right() - self.width())
        y = place.y() if place.y() + self.height() <= room.bottom() else room.bottom() - self.height()
        self.move(max(room.left(), x), max(room.top(), y))
        self.show()
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: object, event: object) -> bool:
        """Let a choice's single key choose it."""
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.close()
                return True
            typed = event.text().lower()
            for row, choice in enumerate(self._choices):
                if typed and choice.key and choice.key.lower() == typed:
                    self._choose(row)
                    return True
        return False

    def _choose(self, row: int) -> None:
        value = self._choices[row].value
        self.close()
        self._chosen(value)


def swatch(color: str) -> QIcon:
    """Return a small square of a colour."""
    picture = QPixmap(14, 14)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(1, 1, 12, 12, 3, 3)
    painter.end()
    return QIcon(picture)
