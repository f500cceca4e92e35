"""Finding the lowest point of a smooth function: L-BFGS (Nocedal and Wright 2006, algorithm 7.4 and 7.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from app.pipeline.learner.chain import Reals

_KEPT = 6
"""Steps that the curvature is estimated from."""
_ENOUGH, _HALVINGS = 1e-4, 20


class Reached(NamedTuple):
    """Where the descent ended, how low that is, and how many steps it took."""

    point: Reals
    value: float
    steps: int


def descend(
    function: Callable[[Reals], tuple[float, Reals]],
    start: Reals,
    most: int,
    least: float = 1e-4,
    told: Callable[[int, float], None] | None = None,
) -> Reached:
    """Go down from ``start`` until a step gains less than the share ``least`` of the value, or after ``most`` steps.

    Args:
        function: returns the value and the gradient at a point.
        told: hears of each step and the value reached.
    """
    point = start.copy()
    value, slope = function(point)
    kept: list[tuple[Reals, Reals, float]] = []
    for step in range(most):
        way = _direction(slope, kept)
        falls = float(slope @ way)
        if falls >= 0:
            return Reached(point, value, step)
        length = 1.0 if kept else min(1.0, 1.0 / max(1e-12, float(np.abs(slope).sum())))
        for _ in range(_HALVINGS):
            reached, risen = function(point + length * way)
            if reached <= value + _ENOUGH * length * falls:
                break
            length /= 2
        else:
            return Reached(point, value, step)
        moved, turned = length * way, risen - slope
        curve = float(moved @ turned)
        if curve > 1e-12 * float(turned @ turned):
            kept = [*kept[1 - _KEPT :], (moved, turned, 1 / curve)]
        gained = value - reached
        point, value, slope = point + moved, reached, risen
        if told is not None:
            told(step + 1, value)
        if len(kept) > 1 and gained <= least * max(1e-12, abs(value)):
            return Reached(point, value, step + 1)
    return Reached(point, value, most)


def _direction(slope: Reals, kept: list[tuple[Reals, Reals, float]]) -> Reals:
    way = -slope
    shares = []
    for moved, turned, inverse in reversed(kept):
        shares.append(inverse * float(moved @ way))
        way -= shares[-1] * turned
    if kept:
        moved, turned, inverse = kept[-1]
        way *= 1 / (inverse * float(turned @ turned))
    for (moved, turned, inverse), share in zip(kept, reversed(shares), strict=True):
        way += (share - inverse * float(turned @ way)) * moved
    return way
