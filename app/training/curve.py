"""The learning curve: what the same training reaches on less data, and whether more labels would help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.messages import tr
from app.training.scores import Interval, Scores, gain
from app.training.scoring import Layer

SHARES = (0.25, 0.5, 0.75)
"""The shares of the training documents beside all of them."""
WORTH = 0.005
"""A gain in F1 from doubling the labels below which it is called none."""


@dataclass(frozen=True, slots=True)
class Point:
    """What was reached on a share of the training documents; the scores are on the same held-out ones."""

    share: float
    documents: int
    labels: int
    scores: Scores

    def to_json(self, layer: Layer) -> dict[str, Any]:
        """Return the point as JSON data."""
        interval = self.scores.interval(layer)
        return {
            "share": self.share,
            "documents": self.documents,
            "labels": self.labels,
            "f1": self.scores.count(layer).f1,
            "interval": list(interval) if interval else None,
        }


def slope(points: Sequence[Point], layer: Layer) -> float:
    """Return how much F1 rises each time the labels double, by a line through the points (least squares)."""
    known = [(np.log2(one.labels), one.scores.count(layer).f1) for one in points if one.labels]
    pairs = [(x, y) for x, y in known if y is not None]
    if len({x for x, _ in pairs}) < 2:
        return 0.0
    return float(np.polyfit([x for x, _ in pairs], [y for _, y in pairs], 1)[0])


def verdict(points: Sequence[Point], layer: Layer) -> str:
    """Return in a sentence whether more labels would help: the gain of the last doubling, and how sure it is."""
    last = points[-1]
    half = min(points, key=lambda one: abs(one.share - last.share / 2))
    found = gain(half.scores, last.scores, layer) if half is not last else None
    if found is None:
        return tr("training.curve-unknown")
    gained, interval = found
    said = {
        "fewer": half.labels,
        "labels": last.labels,
        "gain": _points(gained),
        "low": _points(interval.low),
        "high": _points(interval.high),
        "slope": _points(slope(points, layer)),
    }
    return tr(_key(gained, interval), **said)


def _key(gained: float, interval: Interval) -> str:
    if interval.low > 0:
        return "training.curve-helps"
    if interval.high < WORTH or gained <= 0:
        return "training.curve-flat"
    return "training.curve-unsure"


def _points(value: float) -> str:
    """Return a difference of F1 in percentage points, with its sign."""
    return f"{100 * value:+.1f}"
