"""Giving labels: to the words selected, which makes a mark of them, or to the mark in focus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal

from app import commands
from app.messages import language, tr
from models.labels import Label, localised
from models.spans import Spans
from ui.bridge import Bridge
from ui.controllers.curation import Curation
from ui.controllers.on_text import OnText
from ui.panes.reader.places import sentence_at_caret
from ui.panes.reader.view import ReaderView
from ui.widgets.choice_popup import Choice


class Labelling(OnText):
    """Makes entities and claims, and changes their labels. ``facets_wanted()``: a new claim is to be described."""

    facets_wanted = Signal()

    def __init__(self, bridge: Bridge, reader: ReaderView, curation: Curation) -> None:
        super().__init__(bridge, reader, curation.parent())
        self._curation = curation

    def by_key(self, label: str) -> None:
        """Make an entity or claim of the selected words, or give the mark in focus this label."""
        selected, document = self._reader.fragments, self._document
        if document is None:
            return
        if selected:
            self._create(label, selected)
            return
        mark = self._reader.focused
        if mark is None or self._bridge.workspace.reads.label_set().kinds[label] != mark.kind:
            self._tell("curation.select-words")
        elif mark.label == label and mark.state == "suggested":
            self._curation.accept()
        else:
            self._run(commands.Relabel(document=document, key=mark.key, label=label))

    def _create(self, label: str, spans: Spans) -> bool:
        assert self._document is not None
        kind = self._bridge.workspace.reads.label_set().kinds[label]
        if kind == "relation":
            return False
        outcome = self._run(
            commands.CreateAnnotation(document=self._document, kind=kind, label=label, spans=spans)
        )
        if outcome is None or outcome.focus.mark is None:
            return False
        self._reader.clear_selection()
        self._reader.focus_mark(outcome.focus.mark)
        return True

    def claim(self) -> None:
        """Make a claim of the selected words, or of the sentence at the caret."""
        claims = [label for label in self._bridge.workspace.reads.label_set().claims if not label.retired]
        spans = self._reader.fragments or self._sentence()
        if not claims or not spans:
            self._tell("curation.select-words")
        elif len(claims) == 1:
            self._claim(claims[0].id, spans)
        else:
            self._offer("curation.which-claim", claims, lambda label: self._claim(str(label), spans))

    def _claim(self, label: str, spans: Spans) -> None:
        if self._create(label, spans):
            self.facets_wanted.emit()

    def _sentence(self) -> Spans:
        found = sentence_at_caret(self._reader)
        return (found,) if found is not None else ()

    def choose(self) -> None:
        """Show the labels that fit the selection or the mark in focus."""
        labels = self._bridge.workspace.reads.label_set()
        mark = self._reader.focused
        offered: list[Label] = list(labels.entities)
        if self._reader.fragments:
            offered += labels.claims
        elif mark is None or mark.kind == "relation":
            self._tell("curation.select-words")
            return
        elif mark.kind == "claim":
            offered = list(labels.claims)
        self._offer("curation.which-label", offered, lambda label: self.by_key(str(label)))

    def _offer(self, title: str, labels: list[Label], chosen: Callable[[object], None]) -> None:
        choices = [
            Choice(one.id, localised(one.title, language(), one.name), one.key, one.color)
            for one in labels
            if not one.retired
        ]
        self._ask(tr(title), choices, chosen)
