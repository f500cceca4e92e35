"""Moving where a mark begins and ends: by word, by character, or to what is selected."""

from __future__ import annotations

from app import commands
from models.spans import Span
from ui.controllers.on_text import OnText
from ui.panes.reader.places import Edge, Unit, stepped


class Boundaries(OnText):
    """Moves the boundaries of the mark in focus; on a suggestion this is a correction."""

    def end_right(self) -> None:
        """Move the end one word to the right."""
        self.move("end", 1, "word")

    def end_left(self) -> None:
        """Move the end one word to the left."""
        self.move("end", -1, "word")

    def start_left(self) -> None:
        """Move the start one word to the left."""
        self.move("start", -1, "word")

    def start_right(self) -> None:
        """Move the start one word to the right."""
        self.move("start", 1, "word")

    def end_right_character(self) -> None:
        """Move the end one character to the right."""
        self.move("end", 1, "character")

    def end_left_character(self) -> None:
        """Move the end one character to the left."""
        self.move("end", -1, "character")

    def start_left_character(self) -> None:
        """Move the start one character to the left."""
        self.move("start", -1, "character")

    def start_right_character(self) -> None:
        """Move the start one character to the right."""
        self.move("start", 1, "character")

    def move(self, end: Edge, step: int, unit: Unit) -> None:
        """Move one boundary of the mark in focus; it never becomes empty or crosses a neighbouring part."""
        mark, document, flow = self._reader.focused, self._document, self._reader.flow
        if mark is None or document is None or flow is None or not mark.spans:
            self._tell("curation.choose-a-mark")
            return
        spans = list(mark.spans)
        if end == "end":
            spans[-1] = Span(spans[-1].start, stepped(flow.paragraphs, spans[-1].end, "end", step, unit))
        else:
            spans[0] = Span(stepped(flow.paragraphs, spans[0].start, "start", step, unit), spans[0].end)
        if all(span.start < span.end for span in spans) and tuple(spans) != mark.spans:
            self._run(commands.MoveBoundaries(document=document, key=mark.key, spans=tuple(spans)))
            self._reader.reveal(spans[-1] if end == "end" else spans[0])

    def to_selection(self) -> None:
        """Give the mark in focus the selected words."""
        spans = self._reader.fragments
        if not spans:
            self._tell("curation.select-words")
        elif self._on_mark(
            lambda document, mark: commands.MoveBoundaries(document=document, key=mark.key, spans=spans)
        ):
            self._reader.clear_selection()
