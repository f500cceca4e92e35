"""The command palette: every action, found by a few of its letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.messages import tr

Entry = tuple[str, str, str, bool]
"""Id, title, keys as people write them, and whether it can be done now."""

_ROWS = 12
_PAD = 12
_KEYS = Qt.ItemDataRole.UserRole + 1
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def folded(text: str) -> str:
    """Return text for comparing: no case, no accents."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def score(typed: str, title: str) -> float | None:
    """Return how well ``typed`` fits a title, both :func:`folded`; None where letters are missing.

    Whole words are best, then beginnings of words, then letters that stand close together.
    """
    if not typed:
        return 0.0
    words = typed.split()
    if all(word in title for word in words):
        starts = sum(f" {title}".find(f" {word}") >= 0 for word in words)
        return 100.0 + 20 * starts - title.find(words[0]) - len(title) * 0.1
    total, at = 0.0, -1
    for letter in typed.replace(" ", ""):
        found = title.find(letter, at + 1)
        if found < 0:
            return None
        begins = found == 0 or not title[found - 1].isalnum()
        total += 6 if begins else 3 if found == at + 1 else -0.4 * min(found - at, 10)
        at = found
    return total - len(title) * 0.05


def matching(entries: Sequence[Entry], typed: str) -> list[Entry]:
    """Return the entries that fit what was typed, best first; what can be done now goes before the rest."""
    wanted = folded(typed).strip()
    scored = [(score(wanted, folded(entry[1])), number, entry) for number, entry in enumerate(entries)]
    fitting = [(-found, number, entry) for found, number, entry in scored if found is not None]
    return [entry for *_, entry in sorted(fitting, key=lambda one: (not one[2][3], one[0], one[1]))]


class CommandPalette(QFrame):
    """A frameless list under a line to type in. Enter does what is chosen, Escape leaves."""

    def __init__(
        self, entries: Sequence[Entry], chosen: Callable[[str], object], parent: QWidget | None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(tr("dialog.palette"))
        self._entries = entries
        self._chosen = chosen
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("dialog.palette-hint"))
        self.field.setAccessibleName(tr("dialog.palette"))
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("dialog.palette"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(_Lines(self.list))
        self.list.itemClicked.connect(lambda item: self._choose(item))
        self._nothing = QLabel(tr("dialog.palette-nothing"))
        self._nothing.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._nothing.setContentsMargins(_PAD, 4, _PAD, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self._nothing)
        self._fill("")
        self._place()

    def _place(self) -> None:
        """Stand at the upper middle of the window."""
        above = self.parentWidget().window().frameGeometry() if self.parentWidget() else QRect(0, 0, 800, 600)
        room = (above.height() - 160) // max(1, self.list.sizeHintForRow(0))
        rows = max(1, min(_ROWS, len(self._entries), room))
        self.list.setFixedHeight(max(1, self.list.sizeHintForRow(0)) * rows)
        self.setFixedWidth(min(640, above.width() - 48))  # stays when fewer entries fit what is typed
        self.adjustSize()
        self.move(above.center().x() - self.width() // 2, above.top() + max(48, above.height() // 8))

    def showEvent(self, event: object) -> None:
        """Take the keyboard."""
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _fill(self, typed: str) -> None:
        self.list.clear()
        for identity, title, keys, enabled in matching(self._entries, typed):
            item = QListWidgetItem(title)
            item.setData(Qt.ItemDataRole.UserRole, identity)
            item.setData(_KEYS, keys)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title} {keys}".strip())
            if not enabled:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        self._nothing.setVisible(self.list.count() == 0)
        self.list.setVisible(self.list.count() > 0)
        self.adjustSize()
        self.list.setCurrentRow(0 if self.list.count() else -1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows move in the list and Enter choose while the line has the keyboard."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _MOVES:
                self._move(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if (item := self.list.currentItem()) is not None:
                    self._choose(item)
                return True
        return super().eventFilter(watched, event)

    def _move(self, event: QKeyEvent) -> None:
        count = self.list.count()
        page = event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        step = (_ROWS if page else 1) * (-1 if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_PageUp) else 1)
        at = self.list.currentRow() + step
        if count:
            self.list.setCurrentRow(max(0, min(count - 1, at)) if page else at % count)

    def _choose(self, item: QListWidgetItem) -> None:
        if not item.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        wanted, chosen = str(item.data(Qt.ItemDataRole.UserRole)), self._chosen
        self.close()
        QTimer.singleShot(0, lambda: chosen(wanted))  # the keyboard is back in the window by then


class _Lines(QStyledItemDelegate):
    """Paints title and keys of an action."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, option.fontMetrics.height() + 12)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        colours = option.palette
        group = QPalette.ColorGroup.Active if enabled else QPalette.ColorGroup.Disabled
        if current:
            painter.fillRect(option.rect, colours.color(group, QPalette.ColorRole.Highlight))
        role = QPalette.ColorRole.HighlightedText if current and enabled else QPalette.ColorRole.Text
        quiet = role if current else QPalette.ColorRole.PlaceholderText
        keys = str(index.data(_KEYS) or "")
        room = option.rect.adjusted(_PAD, 0, -_PAD, 0)
        wide = option.fontMetrics.horizontalAdvance(keys)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(colours.color(group, quiet)))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, keys)
        painter.setPen(QColor(colours.color(group, role)))
        left = room.adjusted(0, 0, -wide - _PAD if keys else 0, 0)
        title = option.fontMetrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, left.width())
        painter.drawText(left, middle | Qt.AlignmentFlag.AlignLeft, title)
