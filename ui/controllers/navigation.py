"""From document to document and from pane to pane."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.messages import tr
from app.services.corpus_views import DocumentFilter
from app.services.place_views import document_of
from models.spans import Span
from ui.bridge import Bridge
from ui.panes.corpus import CorpusPane
from ui.panes.document import DocumentPane
from ui.side_panes import SidePanes


class Navigation(QObject):
    """Carries out what moves between documents, panes and hits: most of the group ``go``."""

    def __init__(
        self, bridge: Bridge, corpus: CorpusPane, document: DocumentPane, side: SidePanes, window: QWidget
    ) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._corpus = corpus
        self._document = document
        self._side = side
        corpus.filter_changed.connect(side.search_within)
        bridge.project_changed.connect(lambda: side.search_within(DocumentFilter()))
        side.reader_wanted.connect(self.focus_reader)
        side.hit_wanted.connect(self.show_hit)
        document.reader.end_requested.connect(self._follow_end)

    def begin(self) -> None:
        """Show the first document of a project just opened."""
        first = self._corpus.first_document()
        if first is None:
            self.focus_documents()
        else:
            self._bridge.open_document(first)
            self.focus_reader()

    def first_document(self) -> None:
        """Show the first document, where none is shown."""
        self._bridge.open_document(self._corpus.first_document())

    def next_document(self) -> None:
        """Show the next document of the list."""
        self._corpus.step(1)

    def previous_document(self) -> None:
        """Show the previous document of the list."""
        self._corpus.step(-1)

    def next_open_document(self) -> None:
        """Show the next document that is not done."""
        found = self._corpus.next_open_document()
        if found is None:
            self._bridge.notice.emit(tr("window.all-done"), "done")
        else:
            self._bridge.open_document(found)

    def after_done(self) -> None:
        """Go on where a document was done."""
        self.next_open_document()
        self.focus_reader()

    def focus_reader(self) -> None:
        """Give the text the keyboard."""
        self._document.reader.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_documents(self) -> None:
        """Give the document list the keyboard."""
        self._corpus.setVisible(True)
        self._corpus.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_inspector(self) -> None:
        """Give the inspector the keyboard."""
        self._show_side("inspector")

    def focus_claims(self) -> None:
        """Give the table of claims the keyboard."""
        self._show_side("claims")

    def focus_relations(self) -> None:
        """Give the table of relations the keyboard."""
        self._show_side("relations")

    def focus_history(self) -> None:
        """Give the history the keyboard."""
        self._show_side("history")

    def search(self) -> None:
        """Give the search field the keyboard."""
        self._show_side("search")

    def _show_side(self, name: str) -> None:
        self._side.setVisible(True)
        self._side.show_pane(name)

    def next_pane(self) -> None:
        """Give the keyboard to the next of documents, text and side panes."""
        panes = [self._corpus, self._document, self._side]
        shown = [pane for pane in panes if pane.isVisible()]
        focus = QApplication.focusWidget()
        at = next((n for n, pane in enumerate(shown) if focus and pane.isAncestorOf(focus)), -1)
        follow = shown[(at + 1) % len(shown)]
        if follow is self._document:
            self.focus_reader()
        elif follow is self._side:
            self._side.show_pane(self._side.current)
        else:
            self.focus_documents()

    def next_hit(self) -> None:
        """Go to the next hit of the search."""
        self._side.search.step(1)

    def previous_hit(self) -> None:
        """Go to the previous hit of the search."""
        self._side.search.step(-1)

    def show_hit(self, document: str, span: Span | None, key: str | None) -> None:
        """Show a document, and in it a mark or a stretch of text."""
        self._bridge.open_document(document, key)
        reader = self._document.reader
        if span is not None:
            reader.set_hits([span])
            reader.reveal(span)

    def _follow_end(self, mark: str) -> None:
        """Go to the far end of a relation, in whichever document it lies."""
        found = document_of(self._bridge.workspace, mark)
        if found is None:
            self._bridge.notice.emit(tr("window.end-unknown"), "info")
        else:
            self._bridge.open_document(found, mark)

    def inspect(self, part: str) -> None:
        """Give a part of the inspector the keyboard."""
        self._show_side("inspector")
        self._side.inspect(part)

    def note_document(self) -> None:
        """Write a note on the document."""
        self._document.reader.focus_mark(None)
        self.inspect("document-note")

    def toggle_documents(self) -> None:
        """Show or hide the document list."""
        self._corpus.setVisible(not self._corpus.isVisible())

    def toggle_side(self) -> None:
        """Show or hide the side panes."""
        self._side.setVisible(not self._side.isVisible())
