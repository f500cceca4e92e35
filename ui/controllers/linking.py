"""A relation that no annotator has: from the case in focus to another one, by keyboard."""

from __future__ import annotations

from typing import NamedTuple, cast

from PySide6.QtCore import QPoint

from app import commands
from app.messages import language, tr
from app.services.people_views import names_hidden
from models.annotations import Annotation
from models.labels import RelationLabel, localised
from ui.bridge import Bridge
from ui.controllers.adjudicating import Adjudicating
from ui.controllers.on_text import OnText
from ui.panes.document import DocumentPane
from ui.widgets.choice_popup import Choice, ChoicePopup


class Way(NamedTuple):
    """A relation and its ends, adjudicated annotations' ids."""

    relation: RelationLabel
    head: str
    tail: str


class Linking(OnText):
    """Begins at what was taken for one case and ends at what was taken for another, of another document too."""

    def __init__(self, bridge: Bridge, document: DocumentPane, adjudicating: Adjudicating) -> None:
        super().__init__(bridge, document.reader, adjudicating.parent())
        self._text = document
        self._adjudicating = adjudicating
        self._origin: Annotation | None = None
        bridge.project_changed.connect(self.cancel)
        adjudicating.left.connect(self.cancel)

    def relate(self) -> None:
        """Begin a relation at the case in focus, or end it there and choose which one it is."""
        case, cases = self._adjudicating.case(), self._adjudicating.pane.cases
        if case is None or cases is None:
            return
        here = cases.ruling(case).result
        if here is None or here.kind == "relation":
            self._tell("adjudication.relate-what-is-taken")
        elif self._origin is None:
            self._origin = here
            words = " … ".join(here.exact)
            self._text.say(tr("adjudication.relating", quote=words if len(words) < 60 else words[:60] + "…"))
        elif self._origin.id == here.id:
            self.cancel()
        else:
            self._choose(self._origin, here)

    def cancel(self) -> None:
        """Relate nothing."""
        if self._origin is not None:
            self._origin = None
            self._text.say("")

    def _choose(self, origin: Annotation, here: Annotation) -> None:
        labels = self._bridge.workspace.reads.label_set()
        ways = [Way(one, origin.id, here.id) for one in labels.relations_between(origin.label, here.label)]
        back = labels.relations_between(here.label, origin.label)
        ways += [Way(one, here.id, origin.id) for one in back if not one.symmetric]
        if not ways:
            self._tell("adjudication.no-relation")
            return
        choices = []
        for way in ways:
            title, forth = localised(way.relation.title, language(), way.relation.name), way.head == origin.id
            words = f"{title} →" if forth else f"← {title}"
            choices.append(Choice(way, words, way.relation.key if forth else None, way.relation.color))
        popup = ChoicePopup(tr("relating.which-relation"), choices, self._take, self._reader.window())
        for signal in (self._bridge.project_changed, self._bridge.document_changed, self._bridge.settings_changed):
            signal.connect(popup.close)
        popup.show_at(self._adjudicating.pane.view.mapToGlobal(QPoint(8, 8)))

    def _take(self, chosen: object) -> None:
        way = cast(Way, chosen)
        head = self._bridge.workspace.reads.annotation(way.head)
        self.cancel()
        outcome = self._run(
            commands.AdjudicateCase(
                document=head.document,
                label=way.relation.id,
                ends=(way.head, way.tail),
                name_notes=not names_hidden(self._bridge.workspace),
            )
        )
        if outcome is not None:
            title = localised(way.relation.title, language(), way.relation.name)
            self._bridge.notice.emit(tr("relating.related", relation=title), "done")
