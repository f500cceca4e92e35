"""From mark to mark by keyboard, and from end to end while a relation is being made."""

from __future__ import annotations

from ui.bridge import Bridge
from ui.controllers.on_text import OnText
from ui.controllers.relating import Relating
from ui.panes.reader.view import ReaderView


class Going(OnText):
    """Carries out the part of the group ``go`` that moves within a document."""

    def __init__(self, bridge: Bridge, reader: ReaderView, relating: Relating) -> None:
        super().__init__(bridge, reader, relating.parent())
        self._relating = relating

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
        """Go to the next mark that overlaps the one in focus."""
        mark = self._reader.focused
        if mark is not None and mark.spans:
            self._reader.focus_at(mark.spans[0].start)
