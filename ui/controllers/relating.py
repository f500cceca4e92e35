"""Making a relation by keyboard: from the mark in focus to an end that the label set allows."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from app import commands
from app.messages import language, tr
from models.labels import RelationLabel, localised
from models.marks import Mark
from ui.bridge import Bridge
from ui.controllers.on_text import OnText
from ui.panes.document import DocumentPane
from ui.widgets.choice_popup import Choice


class Origin(NamedTuple):
    """Where the relation begins: a mark and its document."""

    document: str
    mark: Mark


class Way(NamedTuple):
    """One legal relation between the two marks; ``reversed`` leads from the chosen end to the first mark."""

    relation: RelationLabel
    reversed: bool


class Relating(OnText):
    """A mode of the reader: only legal ends are offered, also in other documents opened meanwhile."""

    def __init__(self, bridge: Bridge, pane: DocumentPane) -> None:
        super().__init__(bridge, pane.reader, pane)
        self._pane = pane
        self._origin: Origin | None = None
        self._only: str | None = None
        self._reader.installEventFilter(self)
        self._reader.target_chosen.connect(self._chosen)
        bridge.document_changed.connect(self._offer)
        bridge.project_changed.connect(self.cancel)

    @property
    def active(self) -> bool:
        """Whether an end is being chosen."""
        return self._origin is not None

    def begin(self) -> None:
        """Begin at the mark in focus, or say why there is nothing to relate it to."""
        mark, document = self._reader.focused, self._bridge.document
        if mark is None or document is None or not mark.spans:
            self._bridge.notice.emit(tr("relating.choose-a-mark"), "info")
            return
        self._origin, self._only = Origin(document, mark), None
        self._offer(document)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While an end is being chosen, a relation's key keeps only the ends that it may lead to."""
        keyed = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if not self.active or event.type() not in keyed or not isinstance(event, QKeyEvent):
            return False
        typed = event.text().lower()
        relation = next((one for one in self._relations() if typed and one.key == typed), None)
        if relation is None or event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        else:
            self._only = None if self._only == relation.id else relation.id
            self._offer(self._bridge.document)
        return True

    def _relations(self) -> tuple[RelationLabel, ...]:
        return tuple(one for one in self._bridge.workspace.reads.label_set().relations if not one.retired)

    def cancel(self) -> None:
        """Leave the mode."""
        if self._origin is not None:
            self._origin = None
            self._reader.end_targets()
            self._pane.say("")

    def _offer(self, document: str | None) -> None:
        if self._origin is None or document is None:
            return
        marks = self._bridge.workspace.marks.marks(document)
        legal = [mark.key for mark in marks if self._pane.shows(mark) and self._may_end_at(document, mark)]
        self._reader.begin_targets(legal)
        title = self._bridge.title(self._only or self._origin.mark.label)
        keys = "  ".join(
            f"{(one.key or '').upper()} {localised(one.title, language(), one.name)}" for one in self._possible()
        )
        said = "relating.choose-an-end" if legal else "relating.no-end-here"
        self._pane.say(f"{tr(said, label=title, count=len(legal))}\n{keys}".strip())

    def _possible(self) -> list[RelationLabel]:
        """Return the relations with a key that may begin or end at the origin."""
        assert self._origin is not None
        label = self._origin.mark.label
        labels = self._bridge.workspace.reads.label_set()
        nodes = [one.id for one in (*labels.entities, *labels.claims)]
        return [
            one
            for one in self._relations()
            if one.key
            and any(labels.allows(one.id, label, n) or labels.allows(one.id, n, label) for n in nodes)
        ]

    def _may_end_at(self, document: str, mark: Mark) -> bool:
        assert self._origin is not None
        itself = mark.key == self._origin.mark.key and document == self._origin.document
        return bool(mark.spans) and not itself and mark.state != "rejected" and bool(self._ways(mark))

    def _ways(self, mark: Mark) -> list[Way]:
        assert self._origin is not None
        labels = self._bridge.workspace.reads.label_set()
        here, there = self._origin.mark.label, mark.label
        ways = [Way(relation, False) for relation in labels.relations_between(here, there)]
        known = {way.relation.id for way in ways if way.relation.symmetric}
        ways += [
            Way(relation, True)
            for relation in labels.relations_between(there, here)
            if relation.id not in known and not (relation.symmetric and here == there)
        ]
        return [way for way in ways if self._only in (None, way.relation.id)]

    def choose(self) -> None:
        """Take the end that is offered now."""
        if self._reader.target is not None:
            self._chosen(self._reader.target)

    def _chosen(self, key: str) -> None:
        document = self._bridge.document
        if self._origin is None or document is None:
            return
        found = self._bridge.workspace.marks.some(document, [key])
        ways = self._ways(found[0]) if found else []
        if len(ways) == 1:
            self._relate(document, key, ways[0])
        elif ways:
            choices = [self._choice(way) for way in ways]
            self._ask(
                tr("relating.which-relation"), choices, lambda way: self._relate(document, key, way)
            )

    @staticmethod
    def _choice(way: Way) -> Choice:
        title = localised(way.relation.title, language(), way.relation.name)
        return Choice(way, f"← {title}" if way.reversed else f"{title} →", None if way.reversed else way.relation.key,
                      way.relation.color)  # fmt: skip

    def _relate(self, document: str, key: str, way: object) -> None:
        origin = self._origin
        if origin is None or not isinstance(way, Way):
            return
        ends = [(origin.document, origin.mark.key), (document, key)]
        if way.reversed:
            ends.reverse()
        self.cancel()
        (head_document, head), (tail_document, tail) = ends
        outcome = self._run(
            commands.CreateRelation(
                document=head_document, label=way.relation.id, head=head, tail=tail, tail_document=tail_document
            )
        )
        if outcome is not None:
            title = localised(way.relation.title, language(), way.relation.name)
            self._bridge.notice.emit(tr("relating.related", relation=title), "done")
            self._reader.focus_mark(origin.mark.key)
