"""The reader as the window knows it: shows a document and its marks, tells what a person points at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QTimer, Signal
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget

from app.messages import tr
from models.marks import Mark
from models.spans import Span, Spans
from ui.panes.reader.arcs import Arc
from ui.panes.reader.gestures import Gestures
from ui.panes.reader.selection import Selection, merged
from ui.panes.reader.settings import ZOOM_LEAST, ZOOM_MOST

_FADE_MS = 50
_FADE_STEPS = 12


class ReaderView(Gestures):
    """Shows and emits, nothing else: it changes no data and knows no command.

    Signals: ``focus_changed(Mark | None)``, ``selection_changed(Span | None)``, ``target_chosen(key)``,
    ``end_requested(id)`` when a relation leads out of this document, ``zoom_changed(percent)``.
    """

    focus_changed = Signal(object)
    target_chosen = Signal(str)
    end_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document_id: str | None = None
        self._targets: list[str] = []
        self._fade = QTimer(self)
        self._fade.setInterval(_FADE_MS)
        self._fade.timeout.connect(self._fade_on)
        self.setAccessibleName(tr("reader.name"))

    # document

    def show_document(
        self, document_id: str, text: str, marks: Sequence[Mark], furniture: Spans,
        *, focus: str | None = None,
    ) -> None:  # fmt: skip
        """Show a document from its top, or with the mark ``focus`` focused and in sight."""
        self._fade.stop()
        self._targets = []
        self.document_id = document_id
        self.show_text(text, marks, furniture)
        assert self.flow is not None
        self._selection = Selection(self.flow.paragraphs)
        if focus is not None:
            self.focus_mark(focus)

    def clear(self) -> None:
        """Show nothing."""
        self._fade.stop()
        self._targets, self.document_id, self._selection = [], None, None
        self.show_nothing()
        self.focus_changed.emit(None)
        self.selection_changed.emit(None)

    def update_marks(self, removed: Iterable[str], upserted: Iterable[Mark]) -> None:
        """Take marks out and put marks in, by key, repainting only the lines that look different now."""
        if self.flow is None:
            return
        fresh = list(upserted)
        touched = self.flow.content.update(removed, fresh)
        self.replace_marks(sorted(touched))
        if self.accents.focus is not None:
            if self.accents.focus not in self.flow.content.marks:
                self.focus_mark(None)
            elif any(mark.key == self.accents.focus for mark in fresh):
                self._tell_focus()

    def set_furniture(self, spans: Spans) -> None:
        """Dim these passages as not being part of the article."""
        if self.flow is not None:
            self.flow.furniture = merged(spans)
            self.viewport().update()

    def set_hits(self, spans: Iterable[Span]) -> None:
        """Highlight what a search found."""
        self.accents.hits = merged(spans)
        self.viewport().update()

    def set_arcs(self, mode: str) -> None:
        """Draw relations for the ``focused`` mark, for ``all`` marks in sight, or ``none``."""
        self.apply_settings(replace(self.settings, arcs=mode))

    def set_zoom(self, percent: int) -> None:
        """Show the text at ``percent`` of its size, 50 to 300."""
        percent = min(max(percent, ZOOM_LEAST), ZOOM_MOST)
        if percent != self.settings.zoom:
            self.apply_settings(replace(self.settings, zoom=percent))
            self.zoom_changed.emit(percent)

    def zoom_by(self, percent: int) -> None:
        """Grow or shrink the text."""
        self.set_zoom(self.settings.zoom + percent)

    # focus

    @property
    def focused(self) -> Mark | None:
        """The mark that keys act on."""
        return self.mark(self.accents.focus)

    def mark(self, key: str | None) -> Mark | None:
        """Return the mark that an annotation, suggestion or mark id names, if it is shown here."""
        return self.flow.content.resolve(key) if self.flow is not None else None

    def focus_mark(self, key: str | None, *, reveal: bool = True) -> None:
        """Focus the mark that ``key`` names, None for no mark, and bring it into sight."""
        mark = self.mark(key)
        old = self.focused
        new = mark.key if mark is not None else None
        if new != self.accents.focus:
            self.accents.focus = new
            for each in (old, mark):
                self._damage_mark(each)
        if mark is not None and reveal:
            self._reveal_mark(mark)
        self.refresh_arcs()
        if (old.key if old else None) != new or (old is None) != (mark is None):
            self._tell_focus()

    def _tell_focus(self) -> None:
        mark = self.focused
        self.setAccessibleDescription(self.describe(mark) if mark is not None else "")
        self.focus_changed.emit(mark)

    def _reveal_mark(self, mark: Mark) -> None:
        assert self.flow is not None
        if mark.kind == "relation":
            ends = [self.flow.content.resolve(end) for end in (mark.head, mark.tail)]
            mark = next((end for end in ends if end is not None and end.spans), mark)
        if mark.spans:
            self.reveal(mark.extent)

    def _damage_mark(self, mark: Mark | None) -> None:
        if mark is None or self.flow is None:
            return
        ends = [mark]
        if mark.kind == "relation":
            found = [self.flow.content.resolve(end) for end in (mark.head, mark.tail)]
            ends = [end for end in found if end is not None]
        self.damage(rect.translated(0, -self.y0) for end in ends for rect in self.flow.mark_bands(end))

    def focus_next(
        self, step: int, *, only_suggested: bool = False, kinds: Collection[str] | None = None
    ) -> Mark | None:
        """Focus the next (or previous) mark in reading order; return it, None if there is none left.

        With nothing focused the search begins at the caret, or else at the first line in sight.
        """
        if self.flow is None:
            return None
        position = self._selection.caret if self._selection is not None else None
        if position is None:
            position = self._first_position()
        found = self.flow.content.next(
            self.focused, step, position=position, only_suggested=only_suggested, kinds=kinds
        )
        if found is not None:
            self.focus_mark(found.key)
        return found

    def focus_at(self, position: int) -> Mark | None:
        """Focus the innermost mark at a document position; again, the one around it, and so on."""
        if self.flow is None:
            return None
        here = [
            mark
            for mark in self.flow.content.between(position, position + 1)
            if any(span.start <= position < span.end for span in mark.spans)
        ]
        here.sort(key=lambda mark: (mark.extent.end - mark.extent.start, mark.kind == "claim", mark.key))
        self._cycle([mark.key for mark in here])
        return self.focused if here else None

    def _cycle(self, keys: list[str]) -> None:
        if keys:
            at = keys.index(self.accents.focus) + 1 if self.accents.focus in keys else 0
            self.focus_mark(keys[at % len(keys)], reveal=False)

    def flash(self, key: str) -> None:
        """Take the eye to a mark: it lights up for a moment."""
        mark = self.mark(key)
        if mark is None:
            return
        self._damage_mark(self.mark(self.accents.flash))
        self.accents.flash, self.accents.flash_strength = mark.key, 1.0
        self._reveal_mark(mark)
        self._damage_mark(mark)
        self._fade.start(_FADE_MS * (_FADE_STEPS if self.settings.reduced_motion else 1))

    def _fade_on(self) -> None:
        mark = self.mark(self.accents.flash)
        step = 1.0 if self.settings.reduced_motion else 1 / _FADE_STEPS
        self.accents.flash_strength = max(0.0, self.accents.flash_strength - step)
        self._damage_mark(mark)
        if self.accents.flash_strength < 0.01 or mark is None:
            self.accents.flash, self.accents.flash_strength = None, 0.0
            self._fade.stop()

    # choosing the other end of a relation

    def begin_targets(self, keys: Sequence[str]) -> None:
        """Offer ``keys`` as a relation's other end: they stand out, all else is dimmed."""
        if self.flow is None:
            return
        found = [mark.key for key in keys if (mark := self.mark(key)) is not None and mark.spans]
        self._targets = self.flow.content.in_order(found)
        self.accents.legal = frozenset(self._targets)
        self.accents.target = self._nearest_target()
        self.viewport().update()

    def _nearest_target(self) -> str | None:
        assert self.flow is not None
        focus = self.focused
        if focus is None or not focus.spans:
            return self._targets[0] if self._targets else None
        marks, here = self.flow.content.marks, focus.extent.start
        return min(self._targets, key=lambda key: abs(marks[key].extent.start - here), default=None)

    @property
    def target(self) -> str | None:
        """The key of the end that is proposed at the moment."""
        return self.accents.target

    def move_target(self, step: int) -> str | None:
        """Propose the next (or previous) legal end in reading order, round and round."""
        if not self._targets:
            return None
        old = self.accents.target
        at = self._targets.index(old) if old in self._targets else -1
        self.accents.target = self._targets[(at + step) % len(self._targets)]
        new = self.mark(self.accents.target)
        for mark in (self.mark(old), new):
            self._damage_mark(mark)
        if new is not None:
            self._reveal_mark(new)
        return self.accents.target

    def end_targets(self) -> None:
        """Leave the choice of an end."""
        self._targets, self.accents.legal, self.accents.target = [], None, None
        self.viewport().update()

    # pointing

    def _click(self, point: QPoint) -> None:
        assert self.flow is not None
        keys = self.flow.marks_at(point)
        if self.accents.legal is not None:
            legal = [key for key in keys if key in self.accents.legal]
            if legal:
                self.target_chosen.emit(legal[0])
            return
        self._cycle(keys)

    def _follow(self, arc: Arc) -> None:
        other = self.mark(arc.leads_to)
        if other is not None and other.spans:
            self.focus_mark(other.key)
            self.flash(other.key)
        elif arc.leads_to is not None:
            self.end_requested.emit(arc.leads_to)
        else:
            self.focus_mark(arc.relation.key, reveal=False)

    def _hover(self, where: QPoint | None) -> None:
        keys = self.flow.marks_at(where + QPoint(0, self.y0)) if where is not None and self.flow else []
        key = keys[0] if keys else None
        if key != self.accents.hover:
            old, self.accents.hover = self.accents.hover, key
            for each in (old, key):
                self._damage_mark(self.mark(each))
            self.refresh_arcs()

    def describe(self, mark: Mark) -> str:
        """Return a mark in words: label, state, score, where it comes from, and its text."""
        parts = [self.labels.title(mark.label), tr(f"reader.state-{mark.state}")]
        if mark.score is not None:
            parts.append(tr("reader.score", percent=round(mark.score * 100)))
        if mark.source:
            parts.append(mark.source)
        quote = ""
        if self.flow is not None and mark.spans:
            quote = " … ".join(self.flow.paragraphs.text[start:end] for start, end in mark.spans)
            quote = " ".join(quote[:200].split())
        return ", ".join(parts) + (f": {quote}" if quote else "")

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell in a tool tip what is under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.flow is not None:
            keys = self.flow.marks_at(event.pos() + QPoint(0, self.y0))
            lines = [self.describe(mark) for key in keys if (mark := self.mark(key)) is not None]
            QToolTip.showText(event.globalPos(), "\n".join(lines), self)
            return True
        return super().viewportEvent(event)
