"""All measures on all layers: from readings to a report."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.agreement.bootstrap import Estimate, estimates
from models.agreement.facets import facet_series
from models.agreement.material import KINDS, Material
from models.agreement.passages import passage_series
from models.agreement.records import (
    LAYERS,
    PARTS,
    SCORES,
    AgreementReport,
    ComparedDocument,
    DocumentFigures,
    Figure,
    Layer,
    Part,
    Reason,
    undefined,
)
from models.agreement.relations import relation_series
from models.agreement.series import Series
from models.annotations import Annotator
from models.labels import LabelSet

SAMPLES = 1000
LEVEL = 0.95
SEED = 1


class Wishes(NamedTuple):
    """How to measure: bootstrap ``samples`` (0: no intervals), the intervals' ``level``, and the ``seed``."""

    samples: int = SAMPLES
    level: float = LEVEL
    seed: int = SEED


def measure_agreement(
    documents: Iterable[ComparedDocument],
    annotators: Sequence[Annotator],
    labels: LabelSet,
    wishes: Wishes = Wishes(),  # noqa: B008
    left_out: Mapping[str, int] | None = None,
) -> AgreementReport:
    """Return every measure between the annotators on the documents that at least two of them read.

    ``documents`` are taken one by one, and their texts are not kept.
    """
    material = Material([one.id for one in annotators], labels)
    for document in documents:
        if sum(one.id in document.readings for one in annotators) > 1:
            material.add(document)
    found = all_series(material)
    return AgreementReport(
        annotators=tuple(annotators),
        documents=tuple(material.documents),
        labels=_subjects(found, labels),
        figures=tuple(_figures(material, found, wishes)),
        document_figures=tuple(_by_document(material, found)),
        samples=wishes.samples,
        level=wishes.level,
        seed=wishes.seed,
        left_out=dict(left_out or {}),
    )


def all_series(material: Material) -> list[Series]:
    """Return the sums behind every measure."""
    return [
        *passage_series(material, "entity"),
        *passage_series(material, "claim"),
        *facet_series(material),
        *relation_series(material),
    ]


def _subjects(found: Sequence[Series], labels: LabelSet) -> dict[Layer, tuple[str, ...]]:
    """Return each layer's labels and facets in the order of the label set, unknown ones last."""
    known = [*(one.id for one in labels), *(one.id for one in labels.facets)]
    order = {subject: number for number, subject in enumerate(known)}
    return {
        layer: tuple(
            sorted(
                {one.subject for one in found if one.layer == layer and one.subject is not None},
                key=lambda subject: (order.get(subject, len(order)), subject),
            )
        )
        for layer in LAYERS
    }


def _figures(material: Material, found: Sequence[Series], wishes: Wishes) -> Iterator[Figure]:
    control = np.array([one.control for one in material.documents], bool)
    parts: dict[Part, NDArray[np.bool_]] = {"all": np.ones(len(control), bool)}
    if control.any():
        parts |= {"control": control, "suggested": ~control}
    for name in PARTS:
        if name in parts:
            reached = estimates(found, parts[name], *wishes)
            for one, estimate in zip(found, reached, strict=True):
                yield _figure(material, name, one, estimate)


def _figure(material: Material, part: Part, one: Series, estimate: Estimate) -> Figure:
    known = not math.isnan(estimate.value) and one.reason is None
    bounded = known and not math.isnan(estimate.low)
    pair = (material.annotators[one.pair[0]], material.annotators[one.pair[1]]) if one.pair else None
    return Figure(
        part=part,
        layer=one.layer,
        subject=one.subject,
        pair=pair,
        document=None,
        measure=one.measure,
        value=estimate.value if known else None,
        low=estimate.low if bounded else None,
        high=estimate.high if bounded else None,
        units=estimate.units,
        documents=estimate.documents,
        reason=None if known else _reason(material, one, estimate.units),
    )


def _reason(material: Material, one: Series, units: int) -> Reason:
    """Return why a series has no value."""
    of_tokens = one.layer in KINDS and one.measure not in SCORES
    if of_tokens and all(document.tokens is None for document in material.documents):
        return "no-text"
    return one.reason or undefined(one.measure, units)


def _by_document(material: Material, found: Sequence[Series]) -> Iterator[DocumentFigures]:
    for one in found:
        if one.pair is None and (one.subject is None or one.layer == "facet"):
            values = tuple(None if math.isnan(value) else value for value in one.by_document().tolist())
            units = np.rint(np.where(one.documents, one.total, 0)).astype(int).tolist()
            yield DocumentFigures(one.layer, one.subject, one.measure, values, tuple(units))
