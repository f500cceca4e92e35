"""From mark to mark by keyboard, and from end to end while a relation is being made."""

from __future__ import annotations

from models.marks import Mark
from ui.bridge import Bridge
from ui.controllers.on_text import OnText
from ui.controllers.relating import Relating
from ui.panes.reader.view import ReaderView


class Going(OnText):
    """Carries out the part of the group ``go`` that moves within a document."""

    def __init__(self, bridge: Bridge, reader: ReaderView, relating: Relating) -> None:
        super().__init__(bridge, reader, relating.parent())
        self._relating = relating
        self._round: list[str] = []
        self._reached: str | None = None

    def go_on(self) -> None:
        """Focus the next open suggestion; at the end say what is left to do."""
        if self._reader.focus_next(1, only_suggested=True, kinds=None) is None:
            self._tell("curation.no-more-suggestions")

    def next_suggestion(self) -> None:
        """Go to the next open suggestion, or to the next end while relating."""
        if not self._step_target(1):
            self.go_on()

    def previous_suggestion(self) -> None:
        """Go to the previous open suggestion, or to the previous end while relating."""
        if not self._step_target(-1):
            self._reader.focus_next(-1, only_suggested=True, kinds=None)

    def next_mark(self) -> None:
        """Go to the next mark, judged or not."""
        if not self._step_target(1):
            self._reader.focus_next(1, only_suggested=False, kinds=None)

    def previous_mark(self) -> None:
        """Go to the previous mark, judged or not."""
        if not self._step_target(-1):
            self._reader.focus_next(-1, only_suggested=False, kinds=None)

    def _step_target(self, step: int) -> bool:
        if not self._relating.active:
            return False
        self._reader.move_target(step)
        return True

    def other_mark_here(self) -> None:
        """Go to the next mark that overlaps the one in focus, round and round."""
        mark = self._reader.focused
        if mark is None or not mark.spans:
            self._tell("curation.choose-a-mark")
            return
        if self._reached != mark.key:  # by another way than this key: a new round begins
            self._round = self._overlapping(mark)
        at = self._round.index(mark.key)
        self._reached = self._round[(at + 1) % len(self._round)]
        self._reader.focus_mark(self._reached)
        found = self._reader.focused
        if found is not None:
            self._reader.place_caret(found.extent.start)

    def _overlapping(self, mark: Mark) -> list[str]:
        """Return the keys of the marks that share a character with one, itself among them, as they begin."""
        assert self._reader.flow is not None
        flow, extent = self._reader.flow, mark.extent
        paragraphs = range(flow.paragraphs.at(extent.start), flow.paragraphs.at(extent.end) + 1)
        near = {one.key: one for number in paragraphs for one in flow.content.in_paragraph(number)}
        here = [
            one
            for one in near.values()
            if any(span.overlaps(own) for span in one.spans for own in mark.spans)
        ]
        here.sort(key=lambda one: (one.extent.start, -one.extent.end, one.key))
        return [one.key for one in here]
