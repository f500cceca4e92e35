"""Scores that mean something: from what a source says of itself to how often it is right.

A source (a rule, the learned names, the memory …) gives scores that rank its own proposals. Held-out documents, and
a project's own decisions, tell how many of them were right. Isotonic regression by pooling adjacent violators (Ayer,
Brunk, Ewing, Reid and Silverman, *Annals of Mathematical Statistics* 26, 1955) turns the one into the other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any, NamedTuple

PRIOR_CASES = 4.0
"""How many cases the map one step more general counts: with fewer cases of its own, a map mostly follows it."""
ENOUGH = 12
"""A source and label with fewer cases gets no map of its own."""
ANY = ""
"""Stands for every source, or every label, in a table."""


class Case(NamedTuple):
    """One proposal that was judged: who proposed it, as what, how sure it was (0 to 1), and whether it was right."""

    source: str
    label: str
    score: float
    right: bool


class Knot(NamedTuple):
    """From ``score`` on, ``cases`` of this kind were right with ``probability`` (0 to 1)."""

    score: float
    probability: float
    cases: float


def kind_of(source: str) -> str:
    """Return the kind of a source: what stands before the first slash (``rules``, ``names``, ``memory`` …)."""
    return source.partition("/")[0]


def isotonic(cases: Iterable[tuple[float, float, float]]) -> list[Knot]:
    """Return the steps of the best rising map from score to probability.

    Args:
        cases: score, share that was right, and weight of each case or group of cases; in any order.
    """
    merged: dict[float, tuple[float, float]] = {}
    for score, right, weight in cases:
        good, whole = merged.get(score, (0.0, 0.0))
        merged[score] = good + right * weight, whole + weight
    blocks: list[tuple[float, float, float]] = []
    for score in sorted(merged):
        good, whole = merged[score]
        blocks.append((score, good, whole))
        while len(blocks) > 1 and blocks[-2][1] * blocks[-1][2] >= blocks[-1][1] * blocks[-2][2]:
            _, above, cases_above = blocks.pop()
            lowest, below, cases_below = blocks.pop()
            blocks.append((lowest, below + above, cases_below + cases_above))
    return [Knot(score, good / whole, whole) for score, good, whole in blocks if whole]


def _value(knots: Sequence[Knot], score: float) -> Knot:
    return knots[max(0, bisect_right([knot.score for knot in knots], score) - 1)]


class Answer(NamedTuple):
    """How probable it is that a proposal is right, and from how many judged ones of its kind that is known."""

    probability: float
    cases: int


@dataclass(frozen=True)
class Calibration:
    """Maps of kinds of sources and labels, ``ANY`` for all: (source kind, label) → steps."""

    maps: Mapping[tuple[str, str], Sequence[Knot]]

    def answer(self, source: str, label: str, score: float) -> Answer:
        """Return how probable a proposal is right, by the most particular map; the score itself where none is."""
        kind = kind_of(source)
        for key in ((source, label), (kind, label), (kind, ANY), (ANY, label), (ANY, ANY)):
            if knots := self.maps.get(key):
                knot = _value(knots, score)
                return Answer(knot.probability, round(knot.cases))
        return Answer(score, 0)

    def to_json(self) -> list[list[Any]]:
        """Return the maps as JSON data: source, label, steps."""
        return [
            [source, label, [[round(s, 4), round(p, 4), round(n, 1)] for s, p, n in knots]]
            for (source, label), knots in sorted(self.maps.items())
        ]

    @classmethod
    def from_json(cls, rows: Sequence[Sequence[Any]]) -> Calibration:
        """Return the maps that :meth:`to_json` wrote."""
        return cls({(source, label): [Knot(*knot) for knot in knots] for source, label, knots in rows})


def fit(cases: Iterable[Case], prior: Calibration | None = None) -> Calibration:
    """Return maps for every source, kind of source and label with enough cases, from the general to the particular.

    Every score counts :data:`PRIOR_CASES` times at what the more general map (at the top: ``prior``, else one half)
    says, so that few cases never say 0 or 1.
    """
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        kind = kind_of(case.source)
        for key in dict.fromkeys(
            ((ANY, ANY), (ANY, case.label), (kind, ANY), (kind, case.label), (case.source, case.label))
        ):
            groups.setdefault(key, []).append(case)
    maps: dict[tuple[str, str], Sequence[Knot]] = {}
    if prior is not None:
        maps.update(prior.maps)
    for key in sorted(groups, key=lambda key: (_particular(key), key)):
        own = groups[key]
        if len(own) < ENOUGH and key != (ANY, ANY):
            continue
        more_general = Calibration({k: v for k, v in maps.items() if _particular(k) < _particular(key) or k == key})
        maps[key] = _smoothed(key, own, more_general)
    return Calibration(maps)


def _particular(key: tuple[str, str]) -> int:
    source, label = key
    return (bool(label) + 2 * bool(source)) + ("/" in source)


def _smoothed(key: tuple[str, str], own: Sequence[Case], general: Calibration) -> list[Knot]:
    """Return the map of one group; each step is drawn to the more general map by a Beta prior."""
    knots = isotonic((case.score, float(case.right), 1.0) for case in own)
    found = []
    for knot in knots:
        before = general.answer(*key, knot.score)
        guess = before.probability if before.cases else 0.5
        share = (knot.probability * knot.cases + guess * PRIOR_CASES) / (knot.cases + PRIOR_CASES)
        found.append((knot.score, share, knot.cases))
    return isotonic(found)


def expected_error(pairs: Sequence[tuple[float, bool]], bins: int = 10, *, equal_mass: bool = False) -> float:
    """Return the expected calibration error of (probability, was right): 0 is perfect.

    The mean distance between what was said and what was right, over bins of equal width or of equally many cases
    (Naeini, Cooper and Hauskrecht, AAAI 2015; Guo, Pleiss, Sun and Weinberger, ICML 2017).
    """
    if not pairs:
        return 0.0
    ordered = sorted(pairs)
    size = len(ordered)
    groups: dict[int, tuple[float, int]] = {}
    for place, (said, right) in enumerate(ordered):
        number = place * bins // size if equal_mass else min(int(said * bins), bins - 1)
        total, good = groups.get(number, (0.0, 0))
        groups[number] = total + said, good + right
    return sum(abs(total - good) for total, good in groups.values()) / size


def entropy(probability: float) -> float:
    """Return how uncertain a yes or no with this probability is, in bits: 1 at one half, 0 at 0 and 1.

    Uncertainty sampling (Settles, *Active Learning Literature Survey*, 2009) asks for the largest first.
    """
    if not 0 < probability < 1:
        return 0.0
    return -probability * log2(probability) - (1 - probability) * log2(1 - probability)
