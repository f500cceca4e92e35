"""The reader as the window knows it: shows a document and its marks, tells what a person points at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget

from app.messages import tr
from models.marks import Mark
from models.spans import Span, Spans
from ui.panes.reader.arcs import Arc
from ui.panes.reader.attention import Attention
from ui.panes.reader.selection import Selection, merged
from ui.panes.reader.settings import ZOOM_LEAST, ZOOM_MOST
from ui.voices import Voice


def _only_judged(old: Mark | None, new: Mark) -> bool:
    """Whether a mark changed in nothing that decides where it stands and what its tag says."""
    return (
        old is not None
        and new.kind != "relation"
        and (old.kind, old.label, old.spans, old.facets) == (new.kind, new.label, new.spans, new.facets)
    )


class ReaderView(Attention):
    """Shows and emits, nothing else: it changes no data and knows no command.

    Signals: ``focus_changed(Mark | None)``, ``selection_changed(Span | None)``, ``target_chosen(key)``,
    ``end_requested(id)`` when a relation leads out of this document, ``zoom_changed(percent)``.
    """

    target_chosen = Signal(str)
    end_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document_id: str | None = None
        self._targets: list[str] = []
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

    def complete(self, marks: Sequence[Mark], laid_until: int) -> None:
        """Add the rest of a document shown with its first marks only, up to ``laid_until`` code points."""
        if self.flow is None:
            return
        self.flow.complete(marks)
        beyond = self.flow.paragraphs.at(min(laid_until, len(self.flow.paragraphs.text)))
        self.replace_marks([number for number in self.flow.blocks if number >= beyond])
        self.refresh_arcs()

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
        marks, related = self.flow.content.marks, self.flow.content.related
        gone, fresh = [key for key in removed if key in marks], list(upserted)
        before = [marks.get(mark.key) for mark in fresh]
        were = [old is not None and related(old) for old in before]
        touched = self.flow.content.update(gone, fresh)
        same = self.settings.show_rejected and not gone and were == [related(mark) for mark in fresh]
        if same and all(_only_judged(old, new) for old, new in zip(before, fresh, strict=True)):
            self.repaint_rows(self.flow.restate(fresh))
            self.refresh_arcs()
        else:
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

    def set_voices(self, voices: Sequence[Voice]) -> None:
        """Underline what each annotator reads at one place, and bring it into sight."""
        if tuple(voices) == self.accents.voices:
            return
        self.accents.voices = tuple(voices)
        if voices and self.flow is not None:
            first = min(voice.spans[0] for voice in voices)
            self.reveal(Span(first.start, max(span.end for v in voices for span in v.spans if span.start <= first.end)))
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

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell in a tool tip what is under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.flow is not None:
            keys = self.flow.marks_at(event.pos() + QPoint(0, self.y0))
            lines = [self.describe(mark) for key in keys if (mark := self.mark(key)) is not None]
            QToolTip.showText(event.globalPos(), "\n".join(lines), self)
            return True
        return super().viewportEvent(event)
