"""Measuring any pipeline against the labels of a project."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from app.pipeline.mapping import guess_mapping
from app.pipeline.suggest import load_pipeline
from app.services.training import TrainingDocument
from app.training.fitting.reading import Mapped, scored
from models.labels import LabelSet


def evaluate(
    name: str,
    documents: Sequence[TrainingDocument],
    everything: Iterable[TrainingDocument],
    mapping: Mapped | None,
    labels: LabelSet,
    told: Callable[[int], None],
) -> dict[str, Any]:
    """Return how well a pipeline meets documents, as JSON data.

    Args:
        everything: all documents of the project; labels that nobody used in any of them are not measured.
        mapping: what the pipeline calls things → label ids; a label that it lacks counts by its own name where the
            label set has it, else as it is guessed.

    Raises:
        UserError: ``pipeline.cannot-load``.
    """
    nlp, info = load_pipeline(name)
    scores = scored(nlp, documents, _names(info.labels, mapping, labels), used(everything), labels, told)
    return {
        "pipeline": info.name,
        "version": info.version,
        "hash": info.hash,
        "label_set": {"id": labels.id, "version": labels.version},
        "scores": scores.to_json(),
    }


def _names(own: Sequence[str], mapping: Mapped | None, labels: LabelSet) -> Mapped:
    given = mapping or {}
    guessed = guess_mapping(own) if mapping is None else {}
    targets = {one: given[one] if one in given else one if one in labels.kinds else guessed.get(one) for one in own}
    return {one: target for one, target in targets.items() if target != one}


def used(documents: Iterable[TrainingDocument]) -> frozenset[str]:
    """Return the labels that anybody used, or judged wrong."""
    found: set[str] = set()
    for one in documents:
        found.update(mark.label for mark in (*one.entities, *one.claims))
        found.update(relation.label for relation in one.relations)
        found.update(label for _, label in one.rejected)
    return frozenset(found)
