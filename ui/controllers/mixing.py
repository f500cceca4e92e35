"""Taking a reading, mixing several by attribute, and writing a new one: what the adjudicator puts together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

from PySide6.QtCore import QPoint, Qt

from app import commands
from app.messages import language, tr
from app.services.adjudication_views import Case
from models.annotations import Annotation
from models.labels import LabelSet, localised
from models.spans import Span
from ui.bridge import Bridge
from ui.controllers.adjudicating import Adjudicating
from ui.controllers.on_text import OnText
from ui.mixture import Attribute, Mixture
from ui.panes.adjudication import AdjudicationPane
from ui.panes.reader.places import Edge, stepped
from ui.panes.reader.view import ReaderView
from ui.widgets.choice_popup import Choice, ChoicePopup


class Mixing(OnText):
    """Carries out the part of the group ``adjudicate`` that says what is taken; ``take_1`` to ``take_9`` too."""

    def __init__(self, bridge: Bridge, reader: ReaderView, adjudicating: Adjudicating) -> None:
        super().__init__(bridge, reader, adjudicating.parent())
        self._adjudicating = adjudicating
        self._mixture: Mixture | None = None
        self._pending: Attribute | None = None
        self._of: str | None = None
        for number in range(1, 10):
            setattr(self, f"take_{number}", partial(self.take, number))
        adjudicating.case_changed.connect(self._case_changed)
        adjudicating.met.connect(lambda: self._pane.reading_wanted.connect(self.take))
        bridge.document_changed.connect(lambda _: self._drop())

    @property
    def _pane(self) -> AdjudicationPane:
        return self._adjudicating.pane

    def _case_changed(self, case: Case | None) -> None:
        """Another case begins with nothing put together."""
        key = case.key if case is not None else None
        if key != self._of:
            self._drop()
            self._of = key
        self._show()

    def _drop(self) -> None:
        self._mixture, self._pending, self._of = None, None, None

    def _show(self) -> None:
        pending = tr(f"adjudication.pending-{self._pending}") if self._pending else ""
        self._pane.show_mixture(self._mixture, pending)

    def _mix(self, mixture: Mixture | None) -> None:
        self._mixture, self._pending = mixture, None
        self._show()

    # Taking -----------------------------------------------------------------------------------------------

    def _reading(self, number: int) -> Annotation | None:
        """Return the reading with a number in the case in focus; say so where there is none."""
        case, cases, readers = self._adjudicating.case(), self._pane.cases, self._pane.readers
        if case is None or cases is None:
            return None
        one = case.readings[cases.voters.index(readers[number - 1].id)] if number <= len(readers) else None
        if one is None:
            self._bridge.notice.emit(tr("adjudication.no-reading", number=number), "info")
        return one

    def take(self, number: int) -> None:
        """Take a whole reading, or what was asked for of it."""
        one, case = self._reading(number), self._pane.case
        if one is None or case is None:
            return
        if self._pending is None:
            self._take(case, one)
        elif self._mixture is None:
            self._mix(Mixture.of(case, one))
        else:
            self._mix(self._mixture.mixed(self._pending, one))

    def _take(self, case: Case, one: Annotation) -> None:
        self._adjudicating.decide(
            lambda standing, named: commands.AdjudicateCase(
                document=self._document, case=case.ids, taken=(one.id,), standing=standing, name_notes=named
            )
        )

    def accept(self) -> None:
        """Take the mixture; without one, what the readings that are there agree on."""
        case, mixture, document = self._pane.case, self._mixture, self._document
        if mixture is not None and document is not None:
            beside = mixture.case is None
            done = self._adjudicating.decide(
                lambda standing, named: mixture.command(document, () if beside else standing, named), go_on=not beside
            )
            if done and beside:
                self._mix(None)
        elif case is not None and case.members and not case.differences - {"some"}:
            self._take(case, case.members[0])
        else:
            self._tell("adjudication.choose-a-reading")

    # Mixing -----------------------------------------------------------------------------------------------

    def boundary_from(self) -> None:
        """Let the next number give the boundaries."""
        self._ask_for("boundary")

    def label_from(self) -> None:
        """Let the next number give the label."""
        self._ask_for("label")

    def facets_from(self) -> None:
        """Let the next number give the facets."""
        self._ask_for("facets")

    def _ask_for(self, attribute: Attribute) -> None:
        case = self._adjudicating.case()
        if case is None:
            return
        fits = {"boundary": case.kind != "relation", "label": True, "facets": case.kind == "claim"}
        if case.members and fits[attribute]:
            self._pending = attribute
            self._show()
        else:
            self._tell("adjudication.not-here")

    def cancel(self) -> None:
        """Drop the mixture; without one, give the keyboard back to the text."""
        if self._mixture is None and self._pending is None:
            self._reader.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._mix(None)
        self._adjudicating.left.emit()

    def _begun(self) -> Mixture | None:
        """Return the mixture, begun where there is none with what was decided or the first reading."""
        case, cases = self._pane.case, self._pane.cases
        if self._mixture is not None or case is None or cases is None:
            return self._mixture
        result = cases.ruling(case).result
        if result is not None:
            return Mixture.of(case, result, taken=False)
        return Mixture.of(case, case.members[0])

    def write(self) -> None:
        """Write a new reading: of the words selected in the text, else of the case's, with a label to choose.

        Words selected beside the case make a new one that no annotator has.
        """
        selected = self._reader.fragments
        begun = self._begun() if not selected or self._near(selected) else None
        if begun is None and not selected:
            self._tell("curation.select-words")
            return
        labels = self._bridge.workspace.reads.label_set()

        def chosen(label: object) -> None:
            name = str(label)
            if begun is None:
                self._mix(Mixture(None, labels.kinds[name], name, selected))
            else:
                self._mix(begun.written(spans=selected or None, label=name))
            self._reader.clear_selection()

        kinds = {begun.kind} if begun is not None else {"entity", "claim"}
        choices = [
            Choice(one.id, localised(one.title, language(), one.name), one.key, one.color)
            for one in labels
            if not one.retired and labels.kinds[one.id] in kinds
        ]
        self._offer(tr("adjudication.which-label"), choices, chosen)

    def _near(self, selected: tuple[Span, ...]) -> bool:
        """Whether words are those of the case in focus, at least in part."""
        case = self._pane.case
        own = [span for one in case.members for span in one.spans] if case is not None else []
        return any(span.overlaps(one) for span in selected for one in own)

    def choose_facet(self) -> None:
        """Choose a facet's value for the mixture."""
        begun = self._begun()
        if begun is None or begun.kind != "claim":
            self._tell("adjudication.not-here")
            return

        def chosen(value: object) -> None:
            name, wanted = cast(tuple[str, object], value)
            kept = {key: had for key, had in begun.facets.items() if key != name}
            self._mix(begun.written(facets=kept if wanted is None else {**kept, name: wanted}))

        choices = _facet_choices(self._bridge.workspace.reads.label_set(), begun)
        self._offer(tr("adjudication.which-facet"), choices, chosen)

    def _offer(self, title: str, choices: list[Choice], chosen: Callable[[object], None]) -> None:
        popup = ChoicePopup(title, choices, chosen, self._pane.window())
        for signal in (self._bridge.project_changed, self._bridge.document_changed, self._bridge.settings_changed):
            signal.connect(popup.close)
        popup.show_at(self._pane.view.mapToGlobal(QPoint(8, 8)))

    def end_right(self) -> None:
        """Move the end of the mixture one word to the right."""
        self._move("end", 1)

    def end_left(self) -> None:
        """Move the end of the mixture one word to the left."""
        self._move("end", -1)

    def start_right(self) -> None:
        """Move the beginning of the mixture one word to the right."""
        self._move("start", 1)

    def start_left(self) -> None:
        """Move the beginning of the mixture one word to the left."""
        self._move("start", -1)

    def _move(self, edge: Edge, step: int) -> None:
        begun, flow = self._begun(), self._reader.flow
        if begun is None or flow is None or not begun.spans:
            return
        spans = list(begun.spans)
        first, last = spans[0], spans[-1]
        if edge == "end":
            spans[-1] = Span(last.start, stepped(flow.paragraphs, last.end, edge, step, "word"))
        else:
            spans[0] = Span(stepped(flow.paragraphs, first.start, edge, step, "word"), first.end)
        if all(span.start < span.end for span in spans):
            self._mix(begun.written(spans=tuple(spans)))


def _facet_choices(labels: LabelSet, begun: Mixture) -> list[Choice]:
    """Return the values of choices and flags; a facet that is set can also be taken away."""
    found = []
    for facet in labels.facets:
        title = localised(facet.title, language(), facet.id)
        for value in facet.values:
            found.append(Choice((facet.id, value.id), f"{title}: {localised(value.title, language(), value.id)}"))
        if facet.type == "flag":
            words = ((True, tr("adjudication.yes")), (False, tr("adjudication.no")))
            found += [Choice((facet.id, on), f"{title}: {said}") for on, said in words]
        if facet.id in begun.facets:
            found.append(Choice((facet.id, None), f"{title}: –"))
    return found
