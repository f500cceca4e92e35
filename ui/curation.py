"""The decision loop: what the single keys do to the mark in focus or the words selected."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from app import commands
from app.commands import Command
from app.messages import language, tr
from models.history import Outcome
from models.labels import Label, localised
from models.marks import Mark
from models.spans import Span, Spans
from models.suggestions import Scope
from ui.bridge import Bridge
from ui.panes.reader.places import Edge, Unit, popup_place, sentence_at_caret, stepped
from ui.panes.reader.view import ReaderView
from ui.widgets.choice_popup import Choice, ChoicePopup

if TYPE_CHECKING:
    from ui.relating import Relating


class Curation(QObject):
    """Carries out the actions of the groups ``curate``, ``go`` and ``edit`` on the document shown.

    ``inspector_wanted(str)`` asks for a part of the inspector: facets, speaker or note.
    ``identical_wanted(Mark)`` asks for the preview of what would be done to identical passages.
    ``document_finished()``: the document was marked done; the next one is wanted.
    """

    inspector_wanted = Signal(str)
    identical_wanted = Signal(object)
    document_finished = Signal()

    def __init__(self, bridge: Bridge, reader: ReaderView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._reader = reader
        self.relating: Relating | None = None

    # Helpers ----------------------------------------------------------------------------------------------

    @property
    def _document(self) -> str | None:
        return self._bridge.document

    def _run(self, command: Command) -> Outcome | None:
        return self._bridge.run(command, self)

    def _on_mark(self, make: Callable[[str, Mark], Command]) -> Outcome | None:
        mark, document = self._reader.focused, self._document
        if mark is None or document is None:
            self._bridge.notice.emit(tr("curation.choose-a-mark"), "info")
            return None
        return self._run(make(document, mark))

    def _go_on(self) -> None:
        """Focus the next open suggestion; at the end say what is left to do."""
        if self._reader.focus_next(1, only_suggested=True, kinds=None) is None:
            self._bridge.notice.emit(tr("curation.no-more-suggestions"), "info")

    # Going about ------------------------------------------------------------------------------------------

    def next_suggestion(self) -> None:
        """Go to the next open suggestion, or to the next end while relating."""
        if not self._step_target(1):
            self._go_on()

    def previous_suggestion(self) -> None:
        """Go to the previous open suggestion."""
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
        if self.relating is None or not self.relating.active:
            return False
        self._reader.move_target(step)
        return True

    def other_mark_here(self) -> None:
        """Go to the next mark that overlaps the one in focus."""
        mark = self._reader.focused
        if mark is not None and mark.spans:
            self._reader.focus_at(mark.spans[0].start)

    # Deciding ---------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Accept the suggestion in focus and go on; what is judged already is left as it is."""
        if self.relating is not None and self.relating.active:
            self.relating.choose()
            return
        mark, document = self._reader.focused, self._document
        if mark is not None and document is not None and mark.state == "suggested":
            if self._run(commands.Accept(document=document, key=mark.key)) is None:
                return
        self._go_on()

    def reject(self) -> None:
        """Reject the suggestion in focus here and go on."""
        self._reject("here")

    def reject_in_document(self) -> None:
        """Reject everything with this label and these words in the document."""
        self._reject("document")

    def reject_in_corpus(self) -> None:
        """Reject everything with this label and these words in the corpus."""
        self._reject("corpus")

    def _reject(self, scope: Scope) -> None:
        mark = self._reader.focused
        if mark is not None and mark.suggestion is None:
            self.delete()
            return
        outcome = self._on_mark(
            lambda document, mark: commands.Reject(document=document, key=mark.key, scope=scope)
        )
        if outcome is not None:
            if scope != "here":
                self._bridge.notice.emit(tr("curation.rejected", count=outcome.count), "done")
            self._go_on()

    def reopen(self) -> None:
        """Take the decision on the mark in focus back."""
        self._on_mark(lambda document, mark: commands.Reopen(document=document, key=mark.key))

    def delete(self) -> None:
        """Delete the mark in focus with the relations that end on it."""
        mark = self._reader.focused
        done = self._on_mark(lambda document, mark: commands.Delete(document=document, keys=(mark.key,)))
        if done is not None and mark is not None and self._reader.focused is None and mark.spans:
            self._reader.reveal(mark.spans[0])

    def accept_label(self) -> None:
        """Accept every open suggestion of the document with the label in focus."""
        model, document = self._reader.focused, self._document
        if model is None or document is None:
            return
        marks = self._bridge.workspace.marks.marks(document)
        keys = tuple(mark.key for mark in marks if mark.state == "suggested" and mark.label == model.label)
        outcome = self._run(commands.AcceptAll(document=document, keys=keys))
        if outcome is not None:
            self._bridge.notice.emit(tr("curation.accepted", count=outcome.count), "done")
            self._go_on()

    def identical(self) -> None:
        """Ask what to do with passages identical to the mark in focus."""
        if self._reader.focused is not None:
            self.identical_wanted.emit(self._reader.focused)

    # Labels and new marks ---------------------------------------------------------------------------------

    def label_key(self, label: str) -> None:
        """Make an entity or claim of the selected words, or give the mark in focus this label."""
        selected = self._reader.fragments
        document = self._document
        if document is None:
            return
        if selected:
            self._create(label, selected)
            return
        mark = self._reader.focused
        if mark is None or self._bridge.workspace.reads.label_set().kinds[label] != mark.kind:
            self._bridge.notice.emit(tr("curation.select-words"), "info")
        elif mark.label == label and mark.state == "suggested":
            self.accept()
        else:
            self._run(commands.Relabel(document=document, key=mark.key, label=label))

    def _create(self, label: str, spans: Spans) -> None:
        assert self._document is not None
        kind = self._bridge.workspace.reads.label_set().kinds[label]
        if kind == "relation":
            return
        outcome = self._run(
            commands.CreateAnnotation(document=self._document, kind=kind, label=label, spans=spans)
        )
        if outcome is not None and outcome.focus.mark is not None:
            self._reader.clear_selection()
            self._reader.focus_mark(outcome.focus.mark)

    def claim(self) -> None:
        """Make a claim of the selected words, or of the sentence at the caret."""
        claims = [label for label in self._bridge.workspace.reads.label_set().claims if not label.retired]
        spans = self._reader.fragments or self._sentence()
        if not claims or not spans:
            return
        if len(claims) == 1:
            self._create(claims[0].id, spans)
            self.inspector_wanted.emit("facets")
        else:
            self._ask(tr("curation.which-claim"), claims, lambda label: self._create(str(label), spans))

    def _sentence(self) -> Spans:
        found = sentence_at_caret(self._reader)
        return (found,) if found is not None else ()

    def choose_label(self) -> None:
        """Show the labels that fit the selection or the mark in focus."""
        labels = self._bridge.workspace.reads.label_set()
        mark = self._reader.focused
        offered: list[Label] = list(labels.entities)
        if not self._reader.fragments and mark is not None and mark.kind == "claim":
            offered = list(labels.claims)
        elif self._reader.fragments:
            offered += labels.claims
        self._ask(tr("curation.which-label"), offered, lambda label: self.label_key(str(label)))

    def _ask(self, title: str, labels: list[Label], chosen: Callable[[object], None]) -> None:
        choices = [
            Choice(one.id, localised(one.title, language(), one.name), one.key, one.color)
            for one in labels
            if not one.retired
        ]
        self.popup(title, choices, chosen)

    def popup(self, title: str, choices: list[Choice], chosen: Callable[[object], None]) -> ChoicePopup:
        """Show a list of choices beside the mark in focus or the caret."""
        # Not a child of the reader: its single-key shortcuts would reach into the list.
        popup = ChoicePopup(title, choices, chosen, self._reader.window())
        popup.show_at(self._reader.viewport().mapToGlobal(popup_place(self._reader)))
        return popup

    # Boundaries -------------------------------------------------------------------------------------------

    def end_right(self) -> None:
        """Move the end one word to the right."""
        self.boundary("end", 1, "word")

    def end_left(self) -> None:
        """Move the end one word to the left."""
        self.boundary("end", -1, "word")

    def start_left(self) -> None:
        """Move the start one word to the left."""
        self.boundary("start", -1, "word")

    def start_right(self) -> None:
        """Move the start one word to the right."""
        self.boundary("start", 1, "word")

    def end_right_character(self) -> None:
        """Move the end one character to the right."""
        self.boundary("end", 1, "character")

    def end_left_character(self) -> None:
        """Move the end one character to the left."""
        self.boundary("end", -1, "character")

    def start_left_character(self) -> None:
        """Move the start one character to the left."""
        self.boundary("start", -1, "character")

    def start_right_character(self) -> None:
        """Move the start one character to the right."""
        self.boundary("start", 1, "character")

    def boundary(self, end: Edge, step: int, unit: Unit) -> None:
        """Move one boundary of the mark in focus; it never becomes empty or crosses a neighbouring part."""
        mark, document = self._reader.focused, self._document
        if mark is None or document is None or not mark.spans:
            return
        spans = list(mark.spans)
        assert self._reader.flow is not None
        paragraphs = self._reader.flow.paragraphs
        if end == "end":
            spans[-1] = Span(spans[-1].start, stepped(paragraphs, spans[-1].end, "end", step, unit))
        else:
            spans[0] = Span(stepped(paragraphs, spans[0].start, "start", step, unit), spans[0].end)
        if all(span.start < span.end for span in spans) and tuple(spans) != mark.spans:
            self._run(commands.MoveBoundaries(document=document, key=mark.key, spans=tuple(spans)))
            self._reader.reveal(spans[-1] if end == "end" else spans[0])

    def move_to_selection(self) -> None:
        """Give the mark in focus the selected words."""
        spans = self._reader.fragments
        if spans and self._on_mark(
            lambda document, mark: commands.MoveBoundaries(document=document, key=mark.key, spans=spans)
        ):
            self._reader.clear_selection()

    # The rest ---------------------------------------------------------------------------------------------

    def facets(self) -> None:
        """Go to the facets of the claim in focus."""
        self._inspect("facets")

    def speaker(self) -> None:
        """Go to the speaker of the claim in focus."""
        self._inspect("speaker")

    def _inspect(self, part: str) -> None:
        mark = self._reader.focused
        if mark is not None and mark.kind == "claim":
            self.inspector_wanted.emit(part)
        else:
            self._bridge.notice.emit(tr("curation.choose-a-claim"), "info")

    def note(self) -> None:
        """Go to the note on the mark in focus."""
        if self._reader.focused is not None:
            self.inspector_wanted.emit("note")

    def furniture(self) -> None:
        """Mark the selected words as furniture, or lift the mark where they lie in furniture."""
        document = self._document
        if document is None or not self._reader.fragments:
            self._bridge.notice.emit(tr("curation.select-words"), "info")
            return
        furniture = self._bridge.workspace.reads.document(document).furniture
        for span in self._reader.fragments:
            on = not any(block.overlaps(span) for block in furniture)
            self._run(commands.SetFurniture(document=document, start=span.start, end=span.end, on=on))
        self._reader.clear_selection()

    def done(self) -> None:
        """Mark the document done and go to the next, or open it again."""
        document = self._document
        if document is None:
            return
        is_done = self._bridge.workspace.reads.document(document).state == "done"
        if self._run(commands.SetDone(document=document, done=not is_done)) and not is_done:
            self.document_finished.emit()

    def undo(self) -> None:
        """Take the latest step back."""
        self._bridge.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self._bridge.redo()

    def copy(self) -> None:
        """Put the selected words, or those of the mark in focus, on the clipboard."""
        mark, document = self._reader.focused, self._document
        spans = self._reader.fragments or (mark.spans if mark else ())
        if document and spans:
            text = self._bridge.workspace.reads.text(document)
            QGuiApplication.clipboard().setText(" … ".join(text[start:end] for start, end in spans))

    def escape(self) -> None:
        """Leave what the keyboard is up to: relating, then the selection, then the focus."""
        if self.relating is not None and self.relating.active:
            self.relating.cancel()
        elif self._reader.fragments:
            self._reader.clear_selection()
        else:
            self._reader.focus_mark(None)
