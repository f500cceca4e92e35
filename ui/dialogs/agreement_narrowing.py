"""What the figures on show are about: layer, documents, measure, label or facet, annotators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from app.messages import tr
from models.agreement.records import SPEAKER, Layer, Measure, Part
from ui.dialogs.agreement_grids import Pair, Shown

VIEWS = ("overview", "labels", "documents", "pairs", "annotators-map", "labels-map", "confusions")
_CONFUSED: tuple[Layer, ...] = ("entity", "claim", "facet")
"""Layers whose labels or values can be held against each other."""


class Narrowing(QWidget):
    """A row of choices, of which each view shows those that it follows. ``changed()`` after each choice."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: Shown | None = None
        self._view = VIEWS[0]
        self.boxes = {name: QComboBox() for name in ("layer", "part", "measure", "subject", "pair")}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for name, box in self.boxes.items():
            box.setAccessibleName(tr(f"agreement_window.choose-{name}"))
            box.setToolTip(tr(f"agreement_window.choose-{name}"))
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            row.addWidget(box)
        self.boxes["layer"].activated.connect(self._layer_changed)
        for name in ("part", "measure", "subject", "pair"):
            self.boxes[name].activated.connect(lambda *_: self.changed.emit())

    # What is chosen ---------------------------------------------------------------------------------------

    @property
    def layer(self) -> Layer | None:
        """The layer, None while there is no report."""
        return cast("Layer | None", self.boxes["layer"].currentData())

    @property
    def part(self) -> Part:
        """Which documents."""
        return cast("Part", self.boxes["part"].currentData() or "all")

    @property
    def measure(self) -> Measure | None:
        """Which measure a heat map shows."""
        return cast("Measure | None", self.boxes["measure"].currentData())

    @property
    def subject(self) -> str | None:
        """Which label or facet; None for all together."""
        return cast("str | None", self.boxes["subject"].currentData())

    @property
    def pair(self) -> Pair | None:
        """Which two annotators; None for every two."""
        return cast("Pair | None", self.boxes["pair"].currentData())

    # What is offered --------------------------------------------------------------------------------------

    def offer(self, shown: Shown | None) -> None:
        """Offer what a report holds."""
        self._shown = shown
        self._refill()

    def show_for(self, view: str) -> None:
        """Offer what a view can follow."""
        self._view = view
        self._refill()

    def _layer_changed(self, *_: object) -> None:
        self._refill()
        self.changed.emit()

    def _refill(self) -> None:
        shown, view = self._shown, self._view
        if shown is None:
            return
        layers = [one for one in shown.layers if view != "confusions" or one in _CONFUSED]
        _fill(self.boxes["layer"], [(tr(f"agreement.layer-{one}"), one) for one in layers])
        _fill(self.boxes["part"], [(tr(f"agreement.part-{one}"), one) for one in shown.parts])
        layer = self.layer
        measures = shown.measures(layer) if layer else []
        _fill(self.boxes["measure"], [(tr(f"agreement.measure-{one}"), one) for one in measures])
        subjects = self._subjects(shown, layer) if layer else []
        _fill(self.boxes["subject"], [(shown.words.subject(layer or "entity", one), one) for one in subjects])
        everybody = (tr("agreement_window.every-pair"), None)
        _fill(self.boxes["pair"], [everybody, *((shown.words.pair(one), one) for one in shown.pairs)])
        visible = {
            "layer": view != "overview",
            "part": view != "overview" and len(shown.parts) > 1,
            "measure": view in ("annotators-map", "labels-map"),
            "subject": len(subjects) > 1
            and (view in ("pairs", "annotators-map") or (layer == "facet" and view in ("documents", "confusions"))),
            "pair": view == "confusions" and len(shown.pairs) > 1,
        }
        for name, box in self.boxes.items():
            box.setVisible(visible[name])

    def _subjects(self, shown: Shown, layer: Layer) -> Sequence[str | None]:
        if self._view != "confusions":
            return shown.subjects(layer)
        if layer != "facet":
            return [None]
        types = {one.id: one.type for one in shown.labels.facets}
        return [one for one in shown.subjects(layer) if one != SPEAKER and one and types.get(one) != "text"]


def _fill(box: QComboBox, entries: Sequence[tuple[str, object]]) -> None:
    """Offer other entries, the chosen one kept where it is among them."""
    before, there = box.currentData(), box.count() > 0
    box.clear()
    for title, data in entries:
        box.addItem(title, data)
    at = next((row for row, (_, data) in enumerate(entries) if there and data == before), 0 if entries else -1)
    box.setCurrentIndex(at)
