"""The decision loop: what the single keys do to the mark in focus."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog

from app import commands
from app.messages import tr
from models.suggestions import Scope
from ui.bridge import Bridge
from ui.controllers.going import Going
from ui.controllers.on_text import OnText
from ui.controllers.relating import Relating
from ui.panes.reader.view import ReaderView


class Curation(OnText):
    """Judges marks, and carries out the groups ``curate`` and ``edit`` but for labels and boundaries.

    ``inspector_wanted(str)`` asks for a part of the inspector: facets, speaker or note.
    ``document_finished()``: the document was marked done; the next one is wanted.
    """

    inspector_wanted = Signal(str)
    document_finished = Signal()

    def __init__(
        self, bridge: Bridge, reader: ReaderView, relating: Relating, going: Going, parent: QObject | None = None
    ) -> None:
        super().__init__(bridge, reader, parent)
        self._relating = relating
        self._going = going

    # Deciding ---------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Accept the suggestion in focus and go on; what is judged already is left as it is."""
        if self._relating.active:
            self._relating.choose()
            return
        mark, document = self._reader.focused, self._document
        if mark is not None and document is not None and mark.state == "suggested":
            accepted = self._run(commands.Accept(document=document, key=mark.key))
            if accepted is None:
                return
        self._going.go_on()

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
            self._going.go_on()

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
            self._tell("curation.choose-a-mark")
            return
        marks = self._bridge.workspace.marks.marks(document)
        keys = tuple(mark.key for mark in marks if mark.state == "suggested" and mark.label == model.label)
        outcome = self._run(commands.AcceptAll(document=document, keys=keys))
        if outcome is not None:
            self._bridge.notice.emit(tr("curation.accepted", count=outcome.count), "done")
            self._going.go_on()

    def identical(self) -> None:
        """Show what would be done to passages identical to the mark in focus, and do it if wanted."""
        from ui.dialogs.identical import IdenticalDialog

        mark, document = self._reader.focused, self._document
        if mark is None or document is None:
            self._tell("curation.choose-a-mark")
            return
        dialog = IdenticalDialog(self._bridge, document, mark, self._reader.window())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            wanted = dialog.request()
            outcome = self._run(
                commands.ApplyToIdentical(
                    document=document, key=mark.key, scope=wanted.scope, create_missing=wanted.create_missing
                )
            )
            if outcome is not None:
                self._bridge.notice.emit(tr("curation.applied", count=outcome.count), "done")

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
            self._tell("curation.choose-a-claim")

    def note(self) -> None:
        """Go to the note on the mark in focus."""
        if self._reader.focused is not None:
            self.inspector_wanted.emit("note")
        else:
            self._tell("curation.choose-a-mark")

    def furniture(self) -> None:
        """Mark the selected words as furniture, or lift the mark where they lie in furniture."""
        document = self._document
        if document is None or not self._reader.fragments:
            self._tell("curation.select-words")
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
        if self._relating.active:
            self._relating.cancel()
        elif self._reader.fragments:
            self._reader.clear_selection()
        else:
            self._reader.focus_mark(None)
