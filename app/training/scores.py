"""Counts of many documents added up: values per label, intervals, confusion, calibration. What every report shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.training.scoring import LAYERS, Count, DocumentCounts, Layer
from models.agreement.bootstrap import estimates
from models.agreement.formulas import f1
from models.agreement.series import series
from models.calibration import expected_error
from models.proportions import Share

SAMPLES, LEVEL, SEED = 1000, 0.95, 1


class Interval(NamedTuple):
    """The middle 95 % of what the value would be on as many documents drawn anew (with replacement)."""

    low: float
    high: float


@dataclass(frozen=True)
class Scores:
    """What a pipeline is worth on some documents."""

    documents: tuple[DocumentCounts, ...]

    @cached_property
    def counts(self) -> dict[tuple[Layer, str], Count]:
        """Layer and label → counts over all documents."""
        found: dict[tuple[Layer, str], Count] = {}
        for one in self.documents:
            for key, count in one.counts.items():
                found[key] = found.get(key, Count()).plus(count)
        return found

    @cached_property
    def confusion(self) -> Counter[tuple[str, str]]:
        """(label that is there, label proposed) → entities that share text; "" where one side has nothing."""
        return sum((one.confusion for one in self.documents), Counter())

    def labels(self, layer: Layer) -> list[str]:
        """Return the labels that are there or were proposed, by name."""
        return sorted(label for kind, label in self.counts if kind == layer)

    def count(self, layer: Layer, label: str | None = None) -> Count:
        """Return the counts of a label, or of all (micro)."""
        if label is not None:
            return self.counts.get((layer, label), Count())
        whole = Count()
        for (kind, _), count in self.counts.items():
            if kind == layer:
                whole = whole.plus(count)
        return whole

    def interval(self, layer: Layer, label: str | None = None) -> Interval | None:
        """Return the interval of F1 by resampling documents; None of fewer than two or of nothing."""
        rows = np.array([self._row(one, layer, label) for one in self.documents], float).reshape(-1, 2)
        known = rows[:, 1] > 0
        if known.sum() < 2:
            return None
        one = series("entity", "f1-exact", label, None, f1, rows[:, 1], rows[:, :1], known)
        (found,) = estimates([one], np.ones(len(rows), bool), SAMPLES, LEVEL, SEED)
        return Interval(found.low, found.high)

    @staticmethod
    def _row(one: DocumentCounts, layer: Layer, label: str | None) -> tuple[int, int]:
        right = whole = 0
        for (kind, name), count in one.counts.items():
            if kind == layer and label in (None, name):
                right += count.right
                whole += count.proposed + count.there
        return right, whole

    def facets(self) -> dict[str, Share]:
        """Return facet (and ``speaker``) → how many values were right."""
        found: dict[str, tuple[int, int]] = {}
        for one in self.documents:
            for facet, (right, whole) in one.facets.items():
                good, all_ = found.get(facet, (0, 0))
                found[facet] = good + right, all_ + whole
        return {facet: Share(*pair) for facet, pair in found.items()}

    def calibration(self) -> dict[str, float]:
        """Return label → :func:`models.calibration.expected_error` of what was proposed."""
        by_label: dict[str, list[tuple[float, bool]]] = {}
        for one in self.documents:
            for label, score, right in one.outcomes:
                by_label.setdefault(label, []).append((score, right))
        return {label: expected_error(pairs) for label, pairs in sorted(by_label.items())}

    def to_json(self, *, intervals: bool = True) -> dict[str, Any]:
        """Return everything as JSON data: layers with a micro value, labels, confusion, facets, calibration."""
        layers = {layer: self._layer(layer, intervals) for layer in LAYERS if self.labels(layer)}
        confusion = [[there, proposed, count] for (there, proposed), count in sorted(self.confusion.items())]
        facets = {name: {"right": one.part, "compared": one.whole} for name, one in sorted(self.facets().items())}
        return {
            "documents": len(self.documents),
            "layers": layers,
            "confusion": confusion,
            "facets": facets,
            "calibration": {label: round(error, 4) for label, error in self.calibration().items()},
        }

    def _layer(self, layer: Layer, intervals: bool) -> dict[str, Any]:
        def told(label: str | None) -> dict[str, Any]:
            interval = self.interval(layer, label) if intervals else None
            return {**self.count(layer, label).to_json(), "interval": list(interval) if interval else None}

        return {"all": told(None), "labels": {label: told(label) for label in self.labels(layer) if label}}


def gain(fewer: Scores, more: Scores, layer: Layer) -> tuple[float, Interval] | None:
    """Return how much better the second is than the first on the same documents, with the interval of the difference.

    Both are resampled alike, document by document. None where one has no value.
    """
    rows = [[Scores._row(one, layer, None) for one in scores.documents] for scores in (fewer, more)]
    one, other = (np.array(row, float).reshape(-1, 2) for row in rows)
    if not len(one) or not one[:, 1].sum() or not other[:, 1].sum():
        return None
    draws = np.random.default_rng(SEED).integers(0, len(one), (SAMPLES, len(one)))
    differences = _f1(other[draws].sum(1)) - _f1(one[draws].sum(1))
    low, high = np.nanquantile(differences, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    whole = _f1(other.sum(0)[None]) - _f1(one.sum(0)[None])
    return float(whole[0]), Interval(float(low), float(high))


def _f1(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(sums[:, 1] > 0, 2 * sums[:, 0] / np.maximum(sums[:, 1], 1), np.nan)


def summary(scores: Scores) -> Iterator[tuple[Layer, str, Count]]:
    """Yield layer, label ("" for all) and counts, in the order in which reports show them."""
    for layer in LAYERS:
        if labels := scores.labels(layer):
            yield layer, "", scores.count(layer)
            for label in labels:
                if label:
                    yield layer, label, scores.count(layer, label)
