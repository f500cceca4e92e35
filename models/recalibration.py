"""Scores of a project: how often its own decisions found suggestions right, drawn to what the scores say.

Every map is isotonic (:mod:`models.calibration`) over the decisions and one imagined case on each of
:data:`GRID`, which was right as often as the next more general map says; the most general one believes the scores.
So a few decisions at one score say little of other scores.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from models.calibration import ANY, ENOUGH, Calibration, Case, Knot, isotonic, kind_of

GRID = tuple(number / 20 for number in range(21))
"""The scores on which a more general map is asked."""


def recalibrated(cases: Iterable[Case]) -> Calibration:
    """Return maps from the score of a suggestion to how probable it is right; ``cases`` of a knot are real ones."""
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        kind = kind_of(case.source)
        for key in dict.fromkeys(((ANY, ANY), (ANY, case.label), (kind, case.label), (case.source, case.label))):
            groups.setdefault(key, []).append(case)
    maps: dict[tuple[str, str], list[Knot]] = {}
    for key in sorted(groups, key=lambda key: (_particular(key), key)):
        if len(groups[key]) >= ENOUGH:
            maps[key] = _drawn(groups[key], key, Calibration(dict(maps)))
    return Calibration(maps)


def _particular(key: tuple[str, str]) -> int:
    source, label = key
    return bool(label) + bool(source) + ("/" in source)


def _drawn(own: list[Case], key: tuple[str, str], general: Calibration) -> list[Knot]:
    believed = ((score, general.answer(*key, score).probability, 1.0) for score in GRID)
    steps = isotonic([*((case.score, float(case.right), 1.0) for case in own), *believed])
    scores = sorted(case.score for case in own)
    ends = [*(step.score for step in steps[1:]), 2.0]
    return [
        Knot(step.score, step.probability, float(bisect_left(scores, end) - bisect_left(scores, step.score)))
        for step, end in zip(steps, ends, strict=True)
    ]
