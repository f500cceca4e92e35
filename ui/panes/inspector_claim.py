"""The inspector's fields for claims: facets and who speaks."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QWidget

from app import commands
from app.messages import language, tr
from app.services.annotation_views import DocumentViews, MarkView
from models.labels import Facet, LabelSet, localised
from ui.bridge import Bridge
from ui.panes.inspector_fields import ChoiceBox, Option, TextField
from ui.panes.inspector_parts import Run, show_if

FacetField = ChoiceBox | QCheckBox | TextField


class ClaimFields(QWidget):
    """A form for claims only; built anew when the label set or the language changes: ``built()``."""

    built = Signal()

    def __init__(self, bridge: Bridge, run: Run, form: QFormLayout) -> None:
        super().__init__()
        self._bridge = bridge
        self._run = run
        self._form = form
        self.setLayout(form)
        self._built: tuple[LabelSet, str] | None = None
        self._views: DocumentViews | None = None
        self._view: MarkView | None = None
        self.facets: dict[str, FacetField] = {}
        self.speaker = ChoiceBox()
        self.speaker.fill = self._offer_speakers
        self.speaker.chosen.connect(self._attribute)
        self._speaker_words = QLabel()
        self._speaker_words.setBuddy(self.speaker)
        form.addRow(self._speaker_words, self.speaker)

    @property
    def words(self) -> list[QLabel]:
        """The labels of the fields, for a common width."""
        return [label for label in self.findChildren(QLabel) if label.buddy() is not None]

    def show_view(self, views: DocumentViews, view: MarkView, changeable: bool) -> None:
        """Show a claim's facets and speaker, or nothing for another mark."""
        self._views, self._view = views, view
        shown = view.mark.kind == "claim"
        if shown:
            self._build(self._bridge.workspace.reads.label_set())
        show_if(self, shown)
        if shown:
            for name, field in self.facets.items():
                field.setEnabled(changeable)
                _show_value(field, view.mark.facets.get(name))
            self.speaker.setEnabled(changeable)
            self._show_speaker(view)

    # Facets -----------------------------------------------------------------------------------------------

    def _build(self, labels: LabelSet) -> None:
        spoken = language()
        if self._built is not None and self._built[0] is labels and self._built[1] == spoken:
            return
        self._built = labels, spoken
        for field in self.facets.values():
            self._form.removeRow(field)
        at, _ = self._form.getWidgetPosition(self.speaker)
        self.facets = {facet.id: self._field(facet, spoken) for facet in labels.facets}
        for number, facet in enumerate(labels.facets):
            title = localised(facet.title, spoken, facet.id)
            words, field = QLabel(title), self.facets[facet.id]
            words.setBuddy(field)
            words.setToolTip(localised(facet.description, spoken))
            field.setToolTip(localised(facet.description, spoken))
            field.setAccessibleName(title)
            self._form.insertRow(at + number, words, field)
        self._order_tabs()
        self.built.emit()

    def _order_tabs(self) -> None:
        fields: list[QWidget] = [*self.facets.values(), self.speaker]
        for one, following in pairwise(fields):
            QWidget.setTabOrder(one, following)

    def _field(self, facet: Facet, spoken: str) -> FacetField:
        if facet.type == "choice":
            box = ChoiceBox()
            values = [Option(v.id, localised(v.title, spoken, v.id), v.key) for v in facet.values]
            box.set_options([Option(None, "–", "0"), *values])
            box.chosen.connect(lambda value: self._set(facet.id, value))
            box.key_chosen.connect(lambda: self._go_on(box))
            return box
        if facet.type == "flag":
            check = QCheckBox()
            check.clicked.connect(lambda on: self._set(facet.id, True if on else None))
            return check
        field = TextField()
        field.committed.connect(lambda text: self._set(facet.id, text or None))
        return field

    def _go_on(self, field: FacetField) -> None:
        """After a choice by key, give the keyboard to the next field."""
        fields: list[QWidget] = [*self.facets.values(), self.speaker]
        fields[fields.index(field) + 1].setFocus()

    def _set(self, facet: str, value: object) -> None:
        if self._view is None or self._views is None:
            return
        if self._view.mark.facets.get(facet) != value:
            key, document = self._view.mark.key, self._views.document
            self._run(commands.SetFacets(document=document, key=key, facets={facet: value}))

    def flush(self) -> None:
        """Store what is being written."""
        for field in self.facets.values():
            if isinstance(field, TextField):
                field.flush()

    def forget(self) -> None:
        """Show nothing more: the project is another."""
        self._view, self._views = None, None

    # The speaker ------------------------------------------------------------------------------------------

    def _show_speaker(self, view: MarkView) -> None:
        speaker = view.speaker
        options = [Option(None, tr("inspector.nobody"))]
        if speaker is not None:
            options.append(Option(speaker.key, speaker.quote))
        self.speaker.set_options(options)
        self.speaker.show_value(speaker.key if speaker else None)

    def _offer_speakers(self) -> None:
        """Offer the document's possible speakers, the nearest first."""
        if self._view is None or self._views is None:
            return
        shown = self._view.speaker
        found = self._views.speakers(self._view.mark)
        options = [Option(None, tr("inspector.nobody"))]
        if shown is not None and shown.key not in {one.key for one in found}:
            options.append(Option(shown.key, shown.quote))
        title = self._bridge.title
        options += [Option(one.key, f"{one.quote}  ·  {title(one.label)}") for one in found]
        self.speaker.set_options(options)
        self.speaker.show_value(shown.key if shown else None)

    def _attribute(self, speaker: object) -> None:
        if self._view is None or self._views is None:
            return
        key, document = self._view.mark.key, self._views.document
        chosen = str(speaker) if speaker is not None else None
        self._run(commands.SetSpeaker(document=document, key=key, speaker=chosen))

    # Keyboard and words -----------------------------------------------------------------------------------

    def focus_facets(self) -> None:
        """Give the keyboard to the first facet."""
        first = next(iter(self.facets.values()), None)
        if first is not None:
            first.setFocus()

    def focus_speaker(self) -> None:
        """Give the keyboard to the speaker, its list open."""
        self.speaker.setFocus()
        if self.speaker.isVisible() and self.speaker.isEnabled():
            self.speaker.showPopup()

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self._speaker_words.setText(tr("inspector.speaker"))
        self.speaker.setAccessibleName(tr("inspector.speaker"))
        if self._built is not None:
            self._build(self._built[0])


def _show_value(field: FacetField, value: object) -> None:
    if isinstance(field, ChoiceBox):
        field.show_value(value)
    elif isinstance(field, QCheckBox):
        field.setChecked(bool(value))
    else:
        field.load(str(value or ""))
