"""Accepting what is left: of the sentence, the paragraph, or the document."""

from __future__ import annotations

from app import commands
from app.messages import tr
from models.sentences import Unit, passage_around, waiting_in
from ui.bridge import Bridge
from ui.controllers.going import Going
from ui.controllers.on_text import OnText
from ui.panes.reader.view import ReaderView


class Accepting(OnText):
    """Accepts every open suggestion of a passage with one key."""

    def __init__(self, bridge: Bridge, reader: ReaderView, going: Going) -> None:
        super().__init__(bridge, reader, going.parent())
        self._going = going

    def sentence(self) -> None:
        """Accept what is left in the sentence in focus."""
        self._accept("sentence")

    def paragraph(self) -> None:
        """Accept what is left in the paragraph in focus."""
        self._accept("paragraph")

    def document(self) -> None:
        """Accept what is left in the document."""
        self._accept("document")

    def _accept(self, unit: Unit) -> None:
        document = self._document
        if document is None:
            return
        mark = self._reader.focused
        place = mark.extent.start if mark is not None and mark.spans else self._reader.accents.caret
        if place is None and unit != "document":
            self._tell("curation.choose-a-mark")
            return
        passage = passage_around(self._bridge.workspace.reads.text(document), place or 0, unit)
        keys = waiting_in(self._bridge.workspace.marks.marks(document), passage)
        if not keys:
            self._tell("accepting.nothing-left")
            return
        outcome = self._run(commands.AcceptAll(document=document, keys=keys))
        if outcome is not None:
            self._bridge.notice.emit(tr("curation.accepted", count=outcome.count), "done")
            self._going.go_on()
