"""The reader for screen readers: its text, and the marks in sight as children, through QAccessible."""

from __future__ import annotations

from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAccessibleTextInterface
from PySide6.QtWidgets import QAccessibleWidget

from models.spans import Span
from ui.offsets import OffsetMap
from ui.panes.reader.view import ReaderView

_alive: dict[int, ReaderInterface] = {}
"""Qt does not own what Python made: an interface lives here as long as its reader."""


def _nothing() -> Any:
    # None or a number in its place ends the program.
    return shiboken6.VoidPtr(0)


class MarkInterface(QAccessibleInterface):
    """One mark in sight, as a link with label, state and quote for a name."""

    def __init__(self, view: ReaderView, key: str) -> None:
        super().__init__()
        self.view = view
        self.key = key

    def interface_cast(self, _type: Any) -> Any:
        """It has no further interface."""
        return _nothing()

    def isValid(self) -> bool:
        """Whether the mark is still shown."""
        return shiboken6.isValid(self.view) and self.view.mark(self.key) is not None

    def object(self) -> Any:
        """No object stands behind it."""
        return None

    def window(self) -> Any:
        """The window that shows it."""
        return self.view.window().windowHandle()

    def parent(self) -> Any:
        """The reader."""
        return QAccessible.queryAccessibleInterface(self.view)

    def childCount(self) -> int:
        """It has no children."""
        return 0

    def child(self, _index: int) -> Any:
        """It has no children."""
        return None

    def childAt(self, _x: int, _y: int) -> Any:
        """It has no children."""
        return None

    def indexOfChild(self, _child: Any) -> int:
        """It has no children."""
        return -1

    def setText(self, _kind: Any, _text: str) -> None:
        """Its text cannot be changed from outside."""

    def text(self, kind: Any) -> str:
        """Its name: label, state, score, source and quote."""
        mark = self.view.mark(self.key) if shiboken6.isValid(self.view) else None
        return self.view.describe(mark) if mark is not None and kind == QAccessible.Text.Name else ""

    def rect(self) -> QRect:
        """Where it is on the screen."""
        mark = self.view.mark(self.key)
        if mark is None or self.view.flow is None:
            return QRect()
        area = QRect()
        for band in self.view.flow.mark_bands(mark):
            area = area.united(band.translated(0, -self.view.y0))
        return QRect(self.view.viewport().mapToGlobal(area.topLeft()), area.size())

    def role(self) -> Any:
        """A link: something in a text that can be gone to."""
        return QAccessible.Role.Link

    def state(self) -> Any:
        """Whether it is focused."""
        state = QAccessible.State()
        state.focusable = True
        state.focused = self.view.accents.focus == self.key
        return state


class TextInterface(QAccessibleTextInterface):
    """The document's text; offsets here are UTF-16 units of the whole text."""

    def __init__(self, view: ReaderView) -> None:
        super().__init__()
        self.view = view
        self._of: str | None = None
        self._map = OffsetMap("")

    def _whole(self) -> tuple[str, OffsetMap]:
        text = self.view.flow.paragraphs.text if self.view.flow is not None else ""
        if self._of is not text:
            self._of, self._map = text, OffsetMap(text)
        return text, self._map

    def text(self, start: int, end: int) -> str:
        """Return a passage."""
        text, units = self._whole()
        return text[units.to_points(start) : units.to_points(end)]

    def characterCount(self) -> int:
        """Return the length."""
        return self._whole()[1].units

    def cursorPosition(self) -> int:
        """Return the caret's offset."""
        return self._whole()[1].to_units(self.view.accents.caret or 0)

    def setCursorPosition(self, position: int) -> None:
        """Move the caret."""
        point = self._whole()[1].to_points(position)
        self.view.select(Span(point, point))

    def selectionCount(self) -> int:
        """Return how many passages are selected."""
        return len(self.view.fragments)

    def selection(self, index: int, *_out: Any) -> Any:
        """Return one selected passage."""
        fragments, units = self.view.fragments, self._whole()[1]
        span = fragments[index] if 0 <= index < len(fragments) else Span(0, 0)
        return units.to_units(span.start), units.to_units(span.end)

    def addSelection(self, start: int, end: int) -> None:
        """Select a passage."""
        units = self._whole()[1]
        self.view.select(Span(units.to_points(start), units.to_points(end)))

    def setSelection(self, _index: int, start: int, end: int) -> None:
        """Select a passage."""
        self.addSelection(start, end)

    def removeSelection(self, _index: int) -> None:
        """Select nothing."""
        self.view.clear_selection()

    def attributes(self, _offset: int, *_out: Any) -> Any:
        """Marks are children, not attributes."""
        return ""

    def characterRect(self, offset: int) -> QRect:
        """Return where a character is on the screen."""
        if self.view.flow is None:
            return QRect()
        place = self.view.flow.caret(self._whole()[1].to_points(offset)).translated(0, -self.view.y0)
        return QRect(self.view.viewport().mapToGlobal(place.topLeft()), place.size())

    def offsetAtPoint(self, point: QPoint) -> int:
        """Return the offset at a place on the screen."""
        if self.view.flow is None:
            return -1
        place = self.view.viewport().mapFromGlobal(point)
        return self._whole()[1].to_units(self.view.flow.position(place.x(), place.y() + self.view.y0))

    def scrollToSubstring(self, start: int, end: int) -> None:
        """Bring a passage into sight."""
        units = self._whole()[1]
        self.view.reveal(Span(units.to_points(start), units.to_points(end)))


class ReaderInterface(QAccessibleWidget):
    """The reader as a document."""

    def __init__(self, view: ReaderView) -> None:
        super().__init__(view, QAccessible.Role.Document, view.accessibleName())
        self.view = view
        self._text = TextInterface(view)
        self._marks: dict[str, MarkInterface] = {}

    def interface_cast(self, kind: Any) -> Any:
        """Give the text interface."""
        if kind == QAccessible.InterfaceType.TextInterface:
            return shiboken6.VoidPtr(shiboken6.getCppPointer(self._text)[0])
        return _nothing()

    def _keys(self) -> list[str]:
        view = self.view
        if not shiboken6.isValid(view) or view.flow is None:
            return []
        paragraphs = view.flow.visible(view.y0, view.viewport().height())
        marks = [mark.key for paragraph in paragraphs for mark in view.flow.content.in_paragraph(paragraph)]
        return list(dict.fromkeys(marks))

    def childCount(self) -> int:
        """Return how many marks are in sight."""
        return len(self._keys())

    def child(self, index: int) -> Any:
        """Return a mark in sight."""
        keys = self._keys()
        if not 0 <= index < len(keys):
            return None
        found = self._marks.get(keys[index])
        if found is None:
            found = self._marks[keys[index]] = MarkInterface(self.view, keys[index])
            QAccessible.registerAccessibleInterface(found)
        return found

    def indexOfChild(self, child: Any) -> int:
        """Return which mark in sight ``child`` is, -1 if none."""
        keys = self._keys()
        return keys.index(child.key) if isinstance(child, MarkInterface) and child.key in keys else -1

    def text(self, kind: Any) -> str:
        """Its name, and the focused mark as its description."""
        if kind == QAccessible.Text.Name:
            return self.view.accessibleName()
        if kind == QAccessible.Text.Description:
            return self.view.accessibleDescription()
        return str(super().text(kind))


def _factory(_key: str, thing: QObject) -> Any:
    if not isinstance(thing, ReaderView):
        return None
    found = _alive.get(id(thing))
    if found is None or found.view is not thing:
        found = _alive[id(thing)] = ReaderInterface(thing)
        thing.destroyed.connect(partial(_forget, id(thing)))
    return found


def _forget(number: int, *_gone: object) -> None:
    _alive.pop(number, None)


def install() -> None:
    """Let screen readers see every reader; call once, before the first window is shown."""
    QAccessible.installFactory(_factory)
