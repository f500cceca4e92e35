"""What a threshold buys: how many suggestions it shows, how many of those are right, how many of the right it keeps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from models.calibration import ENOUGH
from models.proportions import Share
from models.usage import FEW

Basis = Literal["project", "shipped", "none"]
"""Where the figures are from: decisions in the project, the built-in pipeline's held-out pages, or nowhere."""
Preset = Literal["everything", "balanced", "precise"]

STEPS = 100
"""Thresholds are whole hundredths."""
PRECISE = 0.9
"""How many of what is shown are to be right, for :data:`Preset` ``precise``."""
BLIND: dict[Preset, float] = {"everything": 0.0, "balanced": 0.5, "precise": 0.8}
"""The thresholds where little but the scores themselves is known."""


class Judged(NamedTuple):
    """At one score: how many suggestions were right, of how many that were judged."""

    score: float
    right: float
    cases: float


class Expected(NamedTuple):
    """Of what a threshold shows, the right ones; of what is right, that which it shows."""

    precision: Share
    recall: Share


class Record(NamedTuple):
    """What is known of a label's scores; ``missed``: right ones that no suggestion met as it is."""

    basis: Basis
    judged: tuple[Judged, ...]
    missed: int = 0

    @property
    def cases(self) -> int:
        """How many suggestions were judged."""
        return round(sum(one.cases for one in self.judged))

    def at(self, least: float) -> Expected:
        """Return what a threshold buys."""
        shown = [one for one in self.judged if one.score >= least]
        right, whole = round(sum(one.right for one in shown)), round(sum(one.cases for one in shown))
        there = max(right, round(sum(one.right for one in self.judged)) + self.missed)
        return Expected(Share(min(right, whole), whole), Share(right, there))

    def preset(self, wanted: Preset) -> float:
        """Return the threshold that a preset means: the least precise enough one, or that with the best F1."""
        if wanted == "everything" or self.cases < ENOUGH:
            return BLIND[wanted]
        steps = [number / STEPS for number in range(STEPS + 1)]
        if wanted == "precise":
            enough = [one for one in steps if (self.at(one).precision.value or 0.0) >= PRECISE]
            return enough[0] if enough else BLIND[wanted]
        return max(steps, key=lambda one: (round(f1(self.at(one)), 3), -one))


def f1(expected: Expected) -> float:
    """Return the harmonic mean of precision and recall, 0 where one of them is unknown."""
    p, r = expected.precision.value or 0.0, expected.recall.value or 0.0
    return 2 * p * r / (p + r) if p + r else 0.0


def better_known(own: Record, shipped: Record) -> Record:
    """Return the project's own record where it has enough cases, or where no other has any."""
    return own if own.cases >= FEW or not shipped.judged else shipped


def together(records: Iterable[Record]) -> Record:
    """Return the sum of records with the same basis."""
    summed: dict[float, tuple[float, float]] = {}
    missed, basis = 0, "none"
    for record in records:
        missed += record.missed
        basis = record.basis if record.judged else basis
        for one in record.judged:
            right, cases = summed.get(one.score, (0.0, 0.0))
            summed[one.score] = right + one.right, cases + one.cases
    judged = tuple(Judged(score, *counts) for score, counts in sorted(summed.items()))
    return Record(basis, judged, missed)  # type: ignore[arg-type]
