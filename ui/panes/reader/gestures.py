"""The mouse on the surface: drags that select and scroll, clicks, the wheel."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from models.spans import Span
from ui.panes.reader.arcs import Arc, Arcs
from ui.panes.reader.caret import Caret

_START = 4
"""Pixels that the mouse moves before a click becomes a drag."""
_AUTOSCROLL_MS = 30


class Gestures(Caret):
    """A canvas that understands the mouse."""

    zoom_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._origin: Span | None = None
        self._press: QPoint | None = None
        self._where = QPoint()
        self._dragging = False
        self._clicks = (0.0, 0)
        self._auto = QTimer(self)
        self._auto.setInterval(_AUTOSCROLL_MS)
        self._auto.timeout.connect(self._autoscroll)

    def _point(self, event: QMouseEvent) -> QPoint:
        return event.position().toPoint() + QPoint(0, self.y0)

    def _unit_under(self, point: QPoint, *, characters: bool) -> Span:
        assert self.flow is not None and self._selection is not None
        between = self.flow.position(point.x(), point.y())
        if characters:
            return Span(between, between)
        unit = self._selection.unit(self.flow.position(point.x(), point.y(), on_character=True))
        return unit if unit.start < unit.end else Span(between, between)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag; with Ctrl a further fragment, with Shift extend to here."""
        if event.button() != Qt.MouseButton.LeftButton or self.flow is None or self._selection is None:
            event.ignore()
            return
        point, now = self._point(event), time.monotonic()
        self._press, self._dragging = event.position().toPoint(), False
        held = event.modifiers()
        characters = bool(held & Qt.KeyboardModifier.AltModifier)
        self._origin = self._unit_under(point, characters=characters)
        close = now - self._clicks[0] < QApplication.doubleClickInterval() / 1000
        if self._clicks[1] >= 2 and close:
            self._select_more(point, now)
        elif held & Qt.KeyboardModifier.ShiftModifier and self._selection.caret is not None:
            anchor = self._selection.anchor
            start = Span(anchor, anchor) if anchor is not None else self._origin
            self._selection.drag(start, self._origin)
            self._dragging = True
            self._selected()
        event.accept()

    def _select_more(self, point: QPoint, now: float) -> None:
        """The third click takes the sentence, the fourth the paragraph."""
        assert self._selection is not None and self.flow is not None
        position = self.flow.position(point.x(), point.y(), on_character=True)
        count = self._clicks[1] + 1
        unit = self._selection.sentence(position) if count == 3 else self._selection.paragraph(position)
        self._clicks = (now, count) if count < 4 else (0.0, 0)
        self._press = None
        self.select(unit, reveal=False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select the word."""
        if event.button() != Qt.MouseButton.LeftButton or self._selection is None:
            event.ignore()
            return
        unit = self._unit_under(self._point(event), characters=False)
        self._clicks, self._press = (time.monotonic(), 2), None
        self.select(unit, reveal=False)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag a selection, or show what is under the mouse."""
        if self.flow is None or self._selection is None:
            return
        held = event.buttons() & Qt.MouseButton.LeftButton
        if held and self._press is not None and self._origin is not None:
            where = self._where = event.position().toPoint()
            if not self._dragging and (where - self._press).manhattanLength() >= _START:
                self._dragging = True
                if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                    self._selection.keep()
                else:
                    self._selection.kept = []
            if self._dragging:
                self._drag_to(where, bool(event.modifiers() & Qt.KeyboardModifier.AltModifier))
        elif not event.buttons():
            self._hover(event.position().toPoint())

    def _drag_to(self, where: QPoint, characters: bool) -> None:
        assert self._selection is not None and self._origin is not None
        point = QPoint(where.x(), min(max(where.y(), 0), self.viewport().height() - 1) + self.y0)
        origin = self._origin
        if characters and self._press is not None:
            origin = Span(origin.start, origin.start) if origin.start < origin.end else origin
        self._selection.drag(origin, self._unit_under(point, characters=characters))
        self._selection.set(self._selection.anchor or 0, self._selection.caret or 0)
        self._selected()
        outside = where.y() < 0 or where.y() >= self.viewport().height()
        if outside and not self._auto.isActive():
            self._auto.start()
        elif not outside:
            self._auto.stop()

    def _autoscroll(self) -> None:
        """Scroll on while a drag is held outside, the faster the farther."""
        where = self._where
        beyond = where.y() if where.y() < 0 else max(0, where.y() - self.viewport().height() + 1)
        if not beyond or not self._dragging:
            self._auto.stop()
            return
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + max(-120, min(120, beyond)))
        self._drag_to(where, bool(QApplication.keyboardModifiers() & Qt.KeyboardModifier.AltModifier))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag, or take the click: caret, focus, or a jump along an arc."""
        self._auto.stop()
        pressed, self._press = self._press, None
        if event.button() != Qt.MouseButton.LeftButton or self._selection is None or pressed is None:
            return
        if self._dragging:
            self._dragging = False
            return
        self._clicks = (time.monotonic(), 1)
        arc = Arcs.at(self._arcs_shown, event.position().toPoint())
        if arc is not None:
            self._follow(arc)
            return
        point = self._point(event)
        self._selection.kept = []
        position = self.flow.position(point.x(), point.y()) if self.flow is not None else 0
        self._selection.set(position, position)
        self._goal = None
        self._selected()
        self._click(point)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse any more."""
        self._hover(None)
        super().leaveEvent(event)

    def _hover(self, where: QPoint | None) -> None:
        """Told what the mouse is over; None when it left."""
        raise NotImplementedError

    def _click(self, point: QPoint) -> None:
        """Told of a click at a document pixel."""
        raise NotImplementedError

    def _follow(self, arc: Arc) -> None:
        """Told of a click on an arc's label."""
        raise NotImplementedError

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or zoom with Ctrl."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            steps = event.angleDelta().y() / 120
            if steps:
                self.zoom_by(10 if steps > 0 else -10)
            event.accept()
        else:
            super().wheelEvent(event)

    def zoom_by(self, percent: int) -> None:
        """Told to grow or shrink the text."""
        raise NotImplementedError
