"""Mouse and keyboard on the surface: caret, selection, drags that scroll, clicks that go through overlaps."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from models.spans import Span, Spans
from ui.panes.reader.arcs import Arc, Arcs
from ui.panes.reader.canvas import Canvas
from ui.panes.reader.selection import Selection

_START = 4
"""Pixels that the mouse moves before a click becomes a drag."""
_AUTOSCROLL_MS = 30
_UNITS = {
    Qt.Key.Key_Left: (-1, "word"),
    Qt.Key.Key_Right: (1, "word"),
    Qt.Key.Key_Up: (-1, "line"),
    Qt.Key.Key_Down: (1, "line"),
    Qt.Key.Key_PageUp: (-1, "page"),
    Qt.Key.Key_PageDown: (1, "page"),
}


class Gestures(Canvas):
    """A canvas with a caret. Passages are spans in code points."""

    selection_changed = Signal(object)
    zoom_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection: Selection | None = None
        self._goal: int | None = None
        self._origin: Span | None = None
        self._press: QPoint | None = None
        self._dragging = False
        self._clicks = (0.0, 0)
        self._auto = QTimer(self)
        self._auto.setInterval(_AUTOSCROLL_MS)
        self._auto.timeout.connect(self._autoscroll)

    # selection

    @property
    def selection(self) -> Span | None:
        """The passage selected last, in code points."""
        return self._selection.span if self._selection is not None else None

    @property
    def fragments(self) -> Spans:
        """All selected passages, rising and disjoint."""
        return self._selection.fragments if self._selection is not None else ()

    def select(self, span: Span, *, reveal: bool = True) -> None:
        """Select ``span`` alone, brought to grapheme boundaries."""
        if self._selection is not None:
            self._selection.kept = []
            self._selection.set(span.start, span.end)
            self._selected()
            if reveal:
                self.reveal(span)

    def clear_selection(self) -> None:
        """Select nothing; the caret stays."""
        if self._selection is not None:
            self._selection.clear()
            self._selected()

    def _selected(self) -> None:
        """Repaint what was or is selected and tell who listens."""
        assert self._selection is not None and self.flow is not None
        old, old_caret = self.accents.selected, self.accents.caret
        new, caret = self._selection.fragments, self._selection.caret
        self.accents.selected, self.accents.caret = new, caret
        changed = list(set(old) ^ set(new))
        if len(old) == len(new) == 1 and old != new:
            (a,), (b,) = old, new
            moved = ((a.start, b.start), (a.end, b.end))
            changed = [Span(*sorted(ends)) for ends in moved if ends[0] != ends[1]]
        for place in {old_caret, caret} - {None}:
            changed.append(Span(int(place or 0), int(place or 0)))
        self.damage(rect.translated(0, -self.y0) for span in changed for rect in self.flow.bands(span))
        if old != new:
            self.selection_changed.emit(self._selection.span)

    def reveal(self, span: Span) -> None:
        """Scroll until ``span`` can be read: not at all, a little, or to the upper third."""
        if self.flow is None:
            return
        for _ in range(3):
            high, low = self.flow.caret(span.start), self.flow.caret(span.end)
            if self.flow.grown:
                self.settle()
            height, margin = self.viewport().height(), 3 * self.metrics.text_height
            top, bottom = high.top() - margin, low.bottom() + margin
            if bottom - top > height:
                bottom = top + height
            y0 = self.y0
            if y0 <= top and bottom <= y0 + height:
                return
            far = bottom < y0 or top > y0 + height
            wanted = high.top() - height // 3 if far else (top if top < y0 else bottom - height)
            self.verticalScrollBar().setValue(wanted)
            if self.y0 == y0:
                return

    def move_caret(self, step: int, unit: str, extend: bool) -> None:
        """Move the caret by ``step`` words, characters, lines, paragraphs, pages or to a document's end.

        ``extend`` keeps the anchor and so selects; by words it takes whole words.
        """
        if self._selection is None or self.flow is None:
            return
        if self._selection.caret is None:
            self._selection.set(*[self._first_position()] * 2)
        if unit in ("line", "page"):
            self._move_vertically(step, unit, extend)
        else:
            self._goal = None
            self._selection.move(step, unit, extend=extend)
        self._selected()
        caret = self._selection.caret or 0
        self.reveal(Span(caret, caret))

    def _first_position(self) -> int:
        assert self.flow is not None
        mark = self.flow.content.marks.get(self.accents.focus or "")
        if mark is not None and mark.spans:
            return mark.spans[0].start
        anchor = self.anchor_row()
        return anchor[0] if anchor else 0

    def _move_vertically(self, step: int, unit: str, extend: bool) -> None:
        assert self._selection is not None and self.flow is not None
        flow, selection = self.flow, self._selection
        caret = selection.caret or 0
        place = flow.caret(caret)
        goal = self._goal if self._goal is not None else place.center().x()
        if unit == "page":
            distance = step * max(self.metrics.text_height, self.viewport().height() - 60)
            target = flow.position(goal, place.center().y() + distance)
        else:
            target = caret
            for _ in range(abs(step)):
                target = self._next_line(target, 1 if step > 0 else -1, goal)
        anchor = selection.anchor if extend and selection.anchor is not None else target
        if extend:
            selection.anchor, selection.caret = anchor, selection.snapped(target, target)[0]
        else:
            selection.kept = []
            selection.set(target, target)
        self._goal = goal

    def _next_line(self, position: int, step: int, goal: int) -> int:
        assert self.flow is not None
        flow = self.flow
        paragraph, row, _ = flow.locate(position)
        row += step
        if row < 0 or row >= len(flow.block(paragraph).rows):
            paragraph += step
            if not 0 <= paragraph < len(flow.paragraphs):
                return len(flow.paragraphs.text) if step > 0 else 0
            row = 0 if step > 0 else len(flow.block(paragraph).rows) - 1
        shape = flow.block(paragraph).rows[row]
        return flow.position(goal, flow.top(paragraph) + (shape.text_top + shape.text_bottom) // 2)

    # mouse

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
            where = event.position().toPoint()
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
        where = self.viewport().mapFromGlobal(self.cursor().pos())
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

    # keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the caret; every other key goes to the window's actions."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        extend = bool(held & Qt.KeyboardModifier.ShiftModifier)
        characters = bool(held & Qt.KeyboardModifier.AltModifier)
        control = bool(held & Qt.KeyboardModifier.ControlModifier)
        key = event.key()
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End) and not characters and self._selection is not None:
            self._to_edge(-1 if key == Qt.Key.Key_Home else 1, control, extend)
        elif key in _UNITS and not control and self._selection is not None:
            step, unit = _UNITS[Qt.Key(key)]
            if unit == "word":
                self.move_caret(step, "character" if characters else "word", extend)
            elif characters:
                self.move_caret(step, "paragraph", extend)
            elif extend or (unit == "line" and self._selection.caret is not None):
                self.move_caret(step, unit, extend)
            else:
                self._scroll(step, unit)
        elif key == Qt.Key.Key_Escape and not held and self.fragments:
            self.clear_selection()
        else:
            event.ignore()
            return
        event.accept()

    def _scroll(self, step: int, unit: str) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + step * (bar.pageStep() if unit == "page" else bar.singleStep()))

    def _to_edge(self, step: int, document: bool, extend: bool) -> None:
        assert self._selection is not None and self.flow is not None
        if document:
            self.move_caret(step, "document", extend)
            return
        if self._selection.caret is None:
            self._selection.set(*[self._first_position()] * 2)
        paragraph, row, _ = self.flow.locate(self._selection.caret or 0)
        block = self.flow.block(paragraph)
        unit = block.starts[row]
        if step > 0:
            unit = block.row_end(row)
            if row + 1 < len(block.lines):
                unit = block.layout.previousCursorPosition(unit)
        position = self.flow.paragraphs.to_position(paragraph, unit)
        anchor = self._selection.anchor if extend and self._selection.anchor is not None else position
        self._selection.set(anchor, position)
        self._goal = None
        self._selected()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the caret."""
        super().focusInEvent(event)
        self._repaint_caret()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the caret."""
        super().focusOutEvent(event)
        self._repaint_caret()

    def _repaint_caret(self) -> None:
        if self.flow is not None and self.accents.caret is not None:
            place = Span(self.accents.caret, self.accents.caret)
            self.damage(rect.translated(0, -self.y0) for rect in self.flow.bands(place))
