"""What a changed label set means for what is annotated already, before it is put in place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.messages import language, tr
from app.services.label_views import FacetLoss
from app.services.labels import LabelSetEffect
from models.labels import LabelSet, localised
from ui.dialogs.frame import form, heading, quiet

_UNDECIDED, _DELETE = "", None


class EffectPage(QScrollArea):
    """Says what will happen, and asks where annotations of removed labels go.

    ``decided()`` is emitted on each answer.
    """

    decided = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.choices: dict[str, QComboBox] = {}

    def show_effect(
        self, old: LabelSet, new: LabelSet, found: LabelSetEffect, lost: Iterable[FacetLoss]
    ) -> None:
        """Show what putting ``new`` in the place of ``old`` means."""
        self.choices = {}
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 16, 0)
        column.setSpacing(10)
        column.addWidget(heading(tr("labelset.effect", version=new.version), 1.2))
        if found.removed:
            self._ask(column, old, new, found.removed)
        consequences = [*_consequences(old, new, found), *_losses(old, lost)]
        if consequences or found.removed:
            column.addWidget(_title("labelset.effect-annotations")) if consequences else None
        else:
            column.addWidget(quiet(tr("labelset.effect-none")))
        for words in consequences:
            column.addWidget(_point(words))
        column.addSpacing(8)
        column.addWidget(_title("labelset.effect-changes"))
        for words in list(_changes(old, new)) or [tr("labelset.effect-same")]:
            column.addWidget(_point(words))
        column.addStretch(1)
        self.setWidget(page)

    def _ask(self, column: QVBoxLayout, old: LabelSet, new: LabelSet, removed: Mapping[str, int]) -> None:
        column.addWidget(_title("labelset.effect-removed"))
        column.addWidget(quiet(tr("labelset.effect-removed-why")))
        rows = form()
        for label, count in removed.items():
            words = tr("labelset.effect-moved", label=old.title(label, language()), count=count)
            box = QComboBox()
            box.setAccessibleName(words)
            box.addItem(tr("labelset.move-choose"), _UNDECIDED)
            for one in new:
                if new.kinds[one.id] == old.kinds.get(label) and not one.retired:
                    box.addItem(
                        tr("labelset.move-to", label=localised(one.title, language(), one.name)), one.id
                    )
            box.addItem(tr("labelset.move-delete"), _DELETE)
            box.currentIndexChanged.connect(self.decided)
            self.choices[label] = box
            rows.addRow(words, box)
        column.addLayout(rows)

    @property
    def complete(self) -> bool:
        """Whether every question is answered."""
        return all(box.currentIndex() > 0 for box in self.choices.values())

    def moves(self) -> dict[str, str | None]:
        """Return removed label → the label its annotations get, None to delete them."""
        return {label: box.currentData() for label, box in self.choices.items()}


def _title(key: str) -> QLabel:
    return heading(tr(key), 1.0)


def _point(words: str) -> QLabel:
    label = QLabel(f"•\u2002{words}")
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setIndent(8)
    return label


def _consequences(old: LabelSet, new: LabelSet, found: LabelSetEffect) -> Iterator[str]:
    spoken = language()
    for label, count in found.retired.items():
        yield tr("labelset.effect-retired", label=new.title(label, spoken), count=count)
    for label, count in found.renamed.items():
        yield tr("labelset.effect-renamed", label=_name(old, label), name=_name(new, label), count=count)
    for label, count in found.illegal.items():
        yield tr("labelset.effect-illegal", label=new.title(label, spoken), count=count)


def _losses(old: LabelSet, lost: Iterable[FacetLoss]) -> Iterator[str]:
    spoken = language()
    for one in lost:
        facet = old.facet(one.facet)
        title = localised(facet.title, spoken, one.facet) if facet else one.facet
        values = {value.id: value for value in facet.values} if facet else {}
        if one.value in values:
            title += f": {localised(values[one.value].title, spoken, one.value)}"
        yield tr("labelset.effect-facet", facet=title, count=one.claims)


def _name(labels: LabelSet, wanted: str) -> str:
    found = labels.get(wanted)
    return found.name if found else wanted


def _changes(old: LabelSet, new: LabelSet) -> Iterator[str]:
    """Yield in words what is new, gone and different."""
    spoken = language()
    was, now = {one.id: one for one in old}, {one.id: one for one in new}
    groups = {
        "added": [new.title(one, spoken) for one in now if one not in was],
        "gone": [old.title(one, spoken) for one in was if one not in now],
        "changed": [new.title(one, spoken) for one in now if one in was and now[one] != was[one]],
    }
    for kind, names in groups.items():
        if names:
            yield tr(f"labelset.effect-{kind}", labels=", ".join(names))
    if old.facets != new.facets:
        yield tr("labelset.effect-facets")
    kept = [one for one in was if one in now]
    if [one for one in now if one in was] != kept:
        yield tr("labelset.effect-order")
    if old.name != new.name:
        yield tr("labelset.effect-set-name", name=new.name)
