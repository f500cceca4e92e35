"""Caret and selection on the surface, moved with keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from models.spans import Span, Spans
from ui.panes.reader.canvas import Canvas
from ui.panes.reader.selection import Selection

_UNITS = {
    Qt.Key.Key_Left: (-1, "word"),
    Qt.Key.Key_Right: (1, "word"),
    Qt.Key.Key_Up: (-1, "line"),
    Qt.Key.Key_Down: (1, "line"),
    Qt.Key.Key_PageUp: (-1, "page"),
    Qt.Key.Key_PageDown: (1, "page"),
}


class Caret(Canvas):
    """A canvas with a caret. Passages are spans in code points."""

    selection_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection: Selection | None = None
        self._goal: int | None = None

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

    def place_caret(self, position: int) -> None:
        """Put the caret at a document position, in code points, with nothing selected and without scrolling."""
        if self._selection is not None:
            self._selection.kept = []
            self._selection.set(position, position)
            self._goal = None
            self._selected()

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

    def reveal(self, span: Span, *, ahead: bool = False) -> None:
        """Scroll until ``span`` can be read: not at all, a little, or to the upper third.

        ``ahead`` scrolls to the upper third rather than a little, for a walk from mark to mark.
        """
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
            far = bottom < y0 or top > y0 + height or (ahead and top >= y0)
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
