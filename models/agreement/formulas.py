"""The measures, as formulas over sums: the same for one document, for all, and for a thousand resamplings.

Each takes ``total`` and ``counts`` summed over documents (any leading dimensions; the last one of ``counts``
are its columns) and returns values, NaN where undefined. Category 0 (nothing marked, not set) is what the
other columns leave of the total.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def _divided(above: Array, below: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)


def f1(total: Array, counts: Array) -> Array:
    """F1, the harmonic mean of precision and recall: twice what both have over all that either has.

    ``total``: annotations of both; ``counts``: what was found by both. Symmetric, so nobody has to be the
    truth; where what was not marked cannot be counted it is what kappa tends to (Hripcsak and Rothschild,
    Agreement, the F-measure, and reliability in information retrieval, JAMIA 12(3), 2005).
    """
    return _divided(2 * counts[..., 0], total)


def share(total: Array, counts: Array) -> Array:
    """The share of compared values that are the same. ``total``: compared; ``counts``: different ones."""
    return _divided(total - counts[..., 0], total)


def cohen(total: Array, counts: Array) -> Array:
    """Cohen's kappa (A coefficient of agreement for nominal scales, Educ. Psychol. Meas. 20(1), 1960).

    ``total``: units that both judged; ``counts``: how many they differ on, then for each category but 0 the
    first one's uses, then the second one's.
    """
    first, second = np.split(counts[..., 1:], 2, axis=-1)
    both = (first * second).sum(-1) + (total - first.sum(-1)) * (total - second.sum(-1))
    chance = _divided(both, total * total)
    return _divided(1 - _divided(counts[..., 0], total) - chance, _room(chance))


def fleiss(total: Array, counts: Array) -> Array:
    """Fleiss' kappa (Measuring nominal scale agreement among many raters, Psychol. Bull. 76(5), 1971).

    ``total``: values given; ``counts``: values that disagree (a unit of m values counts each pair of different
    ones with 1 / (m - 1)), then the uses of each category but 0.
    """
    used = counts[..., 1:]
    chance = _divided((used**2).sum(-1) + (total - used.sum(-1)) ** 2, total * total)
    return _divided(1 - _divided(counts[..., 0], total) - chance, _room(chance))


def alpha(total: Array, counts: Array) -> Array:
    """Krippendorff's nominal alpha (Computing Krippendorff's alpha-reliability, 2011). Sums as for Fleiss."""
    used = counts[..., 1:]
    rest = total - used.sum(-1)
    pairs = total * (total - 1)
    expected = _divided(pairs - (used * (used - 1)).sum(-1) - rest * (rest - 1), pairs)
    return 1 - _divided(_divided(counts[..., 0], total), expected)


def u_alpha(total: Array, counts: Array) -> Array:
    """Krippendorff's unitizing alpha: 1 - observed over expected disagreement (see ``unitizing``)."""
    return 1 - _divided(counts[..., 0], counts[..., 1])


def _room(chance: Array) -> Array:
    """Return what chance leaves to agree on; what only rounding leaves is nothing."""
    room = 1 - chance
    return np.where(room > 1e-12, room, 0.0)
