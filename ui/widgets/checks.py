"""Choosing some of many in little room: a button that says what is chosen and opens the list to tick."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOption,
    QVBoxLayout,
    QWidget,
)

from app.messages import tr
from ui.widgets.choice_popup import swatch

Entry = tuple[str, str, str | None]
"""Id, words, and a colour (``#rrggbb``) or None."""

_ROWS = 14
_NAMED = 3
"""How many are named on the button; more are counted."""


class ChecksButton(QPushButton):
    """Opens a list to tick; ``changed()`` when the choice is another.

    ``everything`` is what the button says while all are chosen.
    """

    changed = Signal()

    def __init__(self, title: str, everything: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._everything = title, everything
        self._entries: tuple[Entry, ...] = ()
        self._chosen: frozenset[str] = frozenset()
        self._words = ""
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setObjectName("checks")  # or the list that it opens would look like it
        self.setStyleSheet("QPushButton#checks { text-align: left; padding: 4px 24px 4px 6px; }")
        self.clicked.connect(self.open)

    def set_entries(self, entries: Sequence[Entry], chosen: Collection[str] | None = None) -> None:
        """Offer these; ``chosen`` ids are ticked, all of them where it is None."""
        self._entries = tuple(entries)
        known = frozenset(one for one, _, _ in entries)
        self._chosen = known if chosen is None else known & frozenset(chosen)
        self._say()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids that are ticked, in the list's order."""
        return tuple(one for one, _, _ in self._entries if one in self._chosen)

    @property
    def all_chosen(self) -> bool:
        """Whether nothing is left out."""
        return len(self._chosen) == len(self._entries)

    def choose(self, chosen: Collection[str]) -> None:
        """Tick these and no others."""
        before, self._chosen = self._chosen, frozenset(one for one, _, _ in self._entries if one in chosen)
        self._say()
        if before != self._chosen:
            self.changed.emit()

    def sizeHint(self) -> QSize:
        """Ask for the same room whatever is chosen: the words are in the tooltip too."""
        return QSize(self.fontMetrics().averageCharWidth() * 18, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """As the size wanted: it grows with the room there is."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button with a sign that it opens a list."""
        super().paintEvent(event)
        option = QStyleOption()
        option.initFrom(self)
        side = max(8, self.fontMetrics().height() // 2)
        option.rect = QRect(self.width() - side - 8, (self.height() - side) // 2, side, side)
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorArrowDown, option, painter, self)
        painter.end()

    def _say(self) -> None:
        names = [title for one, title, _ in self._entries if one in self._chosen]
        if self.all_chosen:
            text = self._everything
        elif len(names) <= _NAMED:
            text = ", ".join(names) or tr("transfer_window.none-chosen")
        else:
            text = tr("transfer_window.some-chosen", count=len(names), total=len(self._entries))
        self._words = text
        self._elide()
        self.setToolTip("\n".join(names[:40]))
        self.setAccessibleName(f"{self._title}: {text}")

    def _elide(self) -> None:
        room = max(self.width(), self.minimumSizeHint().width()) - 32
        short = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        self.setText(short.replace("&", "&&"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as there is room for."""
        super().resizeEvent(event)
        self._elide()

    def open(self) -> ChecksPopup:
        """Show the list below the button."""
        popup = ChecksPopup(self._title, self._entries, self._chosen, self)
        popup.changed.connect(self.choose)
        popup.show_below(self)
        return popup


class ChecksPopup(QFrame):
    """The list itself; ``changed(frozenset)`` at each tick. Space ticks, Escape leaves."""

    changed = Signal(object)

    def __init__(self, title: str, entries: Sequence[Entry], chosen: Collection[str], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(title)
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setAccessibleName(title)
        for identity, words, color in entries:
            item = QListWidgetItem(words)
            item.setData(Qt.ItemDataRole.UserRole, identity)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if identity in chosen else Qt.CheckState.Unchecked)
            if color:
                item.setIcon(swatch(color))
            self.list.addItem(item)
        self.list.itemChanged.connect(self._tell)
        row = QHBoxLayout()
        row.setSpacing(8)
        for words, state in (("all", Qt.CheckState.Checked), ("none", Qt.CheckState.Unchecked)):
            button = QPushButton(tr(f"transfer_window.tick-{words}"))
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, state=state: self._tick(state))
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.list)
        column.addLayout(row)
        self.list.setCurrentRow(0)

    def _tick(self, state: Qt.CheckState) -> None:
        self.list.blockSignals(True)
        for row in range(self.list.count()):
            self.list.item(row).setCheckState(state)
        self.list.blockSignals(False)
        self._tell()

    def _tell(self, *_: object) -> None:
        items = (self.list.item(row) for row in range(self.list.count()))
        self.changed.emit(
            frozenset(one.data(Qt.ItemDataRole.UserRole) for one in items if one.checkState() == Qt.CheckState.Checked)
        )

    def show_below(self, button: QWidget) -> None:
        """Show the list under a button, above it where there is no room."""
        rows = min(_ROWS, max(1, self.list.count()))
        height = sum(self.list.sizeHintForRow(row) for row in range(min(rows, self.list.count()))) + 4
        width = max(self.list.sizeHintForColumn(0) + 32, button.width() - 18)
        room = self.screen().availableGeometry()
        self.list.setFixedSize(min(width, room.width() - 48), max(height, 24))
        self.adjustSize()
        place = button.mapToGlobal(QPoint(0, button.height()))
        if place.y() + self.height() > room.bottom():
            place = button.mapToGlobal(QPoint(0, -self.height()))
        x = max(room.left(), min(place.x(), room.right() - self.width()))
        self.move(x, max(room.top(), place.y()))
        self.show()
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)
