"""Where attention is: the focused mark, the way from mark to mark, and what lights up."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.messages import tr
from models.marks import Mark
from ui.panes.reader.gestures import Gestures

_FADE_MS = 50
_FADE_STEPS = 12


class Attention(Gestures):
    """A canvas with a focused mark."""

    focus_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fade = QTimer(self)
        self._fade.setInterval(_FADE_MS)
        self._fade.timeout.connect(self._fade_on)

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
        old, was = self.focused, self.accents.focus
        new = mark.key if mark is not None else None
        if new != was:
            self.accents.focus = new
            for each in (old, mark):
                self._damage_mark(each)
        if mark is not None and reveal:
            self._reveal_mark(mark)
        self.refresh_arcs()
        if new != was:
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
            self.reveal(mark.extent, ahead=True)

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
            if found.spans:  # so that selecting begins there
                self.place_caret(found.extent.start)
        return found

    def focus_at(self, position: int) -> Mark | None:
        """Focus the innermost mark at a document position; again, the one around it, and so on."""
        if self.flow is None:
            return None
        here = [
            mark
            for mark in self.flow.content.in_paragraph(self.flow.paragraphs.at(position))
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
