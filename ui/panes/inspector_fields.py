"""The fields of the inspector: they store what was written when the keyboard leaves them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from ui.panes.inspector_parts import swatch

_KEPT = 4
"""Lists of choices that a box keeps ready."""
_HARMLESS = (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Return, Qt.Key.Key_Enter)


def _leads_away(event: QKeyEvent) -> bool:
    """Whether a key with Ctrl may belong to the window."""
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier) and event.key() not in _HARMLESS


class Option(NamedTuple):
    """One choice of a :class:`ChoiceBox`: what it stands for, its words, its single key and its colour."""

    value: object
    title: str
    key: str | None = None
    color: str | None = None


class ChoiceBox(QComboBox):
    """A choice that changes only on purpose: the wheel and arrow keys never change it by the way.

    A single key chooses at once. ``chosen(object)`` carries the value; ``key_chosen()`` follows where a key
    chose it, so that the keyboard can go on to the next field. ``fill`` is called before the list opens.
    """

    chosen = Signal(object)
    key_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fill: Callable[[], None] | None = None
        self._options: tuple[Option, ...] = ()
        self._models: dict[tuple[Option, ...], QStandardItemModel] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setMaxVisibleItems(20)
        self.activated.connect(lambda row: self.chosen.emit(self._options[row].value))

    def set_options(self, options: Iterable[Option]) -> None:
        """Offer other choices; nothing is rebuilt where they are the same."""
        offered = tuple(options)
        if offered == self._options:
            return
        self._options = offered
        if offered not in self._models:
            if len(self._models) >= _KEPT:
                del self._models[next(iter(self._models))]
            self._models[offered] = _model(offered)
        self.setModel(self._models[offered])

    def show_value(self, value: object) -> None:
        """Show a value without choosing it; nothing where it is not offered."""
        row = next((row for row, one in enumerate(self._options) if one.value == value), -1)
        if row != self.currentIndex():
            self.setCurrentIndex(row)

    @property
    def value(self) -> object:
        """What is shown as chosen."""
        return self._options[self.currentIndex()].value if self.currentIndex() >= 0 else None

    def showPopup(self) -> None:
        """Open the list, filled just now."""
        if self.fill is not None:
            self.fill()
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the pane, which scrolls."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by a single key; open the list with the arrows, Space or Enter."""
        opens = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        typed = event.text().lower()
        keys = [(one.key or "").lower() for one in self._options]
        row = keys.index(typed) if typed in keys else None
        if typed and row is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.setCurrentIndex(row)
            self.chosen.emit(self._options[row].value)
            self.key_chosen.emit()
        elif event.key() in opens:
            self.showPopup()
        else:
            event.ignore()


def _model(options: Iterable[Option]) -> QStandardItemModel:
    model = QStandardItemModel()
    for one in options:
        item = QStandardItem(f"{one.title}   ({one.key.upper()})" if one.key else one.title)
        if one.color:
            item.setIcon(swatch(one.color))
        model.appendRow(item)
    return model


class TextField(QLineEdit):
    """One line of text, stored when the keyboard leaves it or Enter is pressed: ``committed(str)``."""

    committed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editingFinished.connect(self.flush)

    def load(self, text: str) -> None:
        """Show a stored text, unless somebody is writing another one."""
        if not self.isModified() and text != self.text():
            self.setText(text)
            self.setCursorPosition(0)

    def flush(self) -> None:
        """Store what was written."""
        if self.isModified():
            self.setModified(False)
            self.committed.emit(self.text().strip())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the beginning again where there is more than fits."""
        super().focusOutEvent(event)
        self.setCursorPosition(0)


class NoteEdit(QPlainTextEdit):
    """Several lines of text, stored when the keyboard leaves them or with Ctrl+Enter: ``committed(str)``.

    ``finished()`` follows Ctrl+Enter.
    """

    committed = Signal(str)
    finished = Signal()

    def __init__(self, parent: QWidget | None = None, lines: int = 3) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(QFontMetrics(self.font()).lineSpacing() * lines + 16)

    def load(self, text: str) -> None:
        """Show a stored text, unless somebody is writing another one."""
        if not self.document().isModified() and text != self.toPlainText():
            self.setPlainText(text)
            self.document().setModified(False)

    def flush(self) -> None:
        """Store what was written."""
        if self.document().isModified():
            self.document().setModified(False)
            self.committed.emit(self.toPlainText().strip())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Store what was written; a menu or another window leaves it alone."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.flush()

    def event(self, event: QEvent) -> bool:
        """Store before a key of the window acts, for instance one that closes the project."""
        done = super().event(event)
        left = event.type() == QEvent.Type.ShortcutOverride and not event.isAccepted()
        if left and isinstance(event, QKeyEvent) and _leads_away(event):
            self.flush()
        return done

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Ctrl+Enter store and finish."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.flush()
            self.finished.emit()
        else:
            super().keyPressEvent(event)
