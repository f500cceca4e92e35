"""Shares with how sure they are: intervals for proportions, and for the difference of two."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

Z95 = 1.959963984540054
"""The normal quantile of a two-sided 95 % interval."""


class Share(NamedTuple):
    """A part of a whole; without a whole there is no value."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share, None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval after Wilson (*JASA* 22, 1927); 0 to 1 of nothing."""
        if not self.whole:
            return 0.0, 1.0
        n, p = self.whole, self.part / self.whole
        middle = p + Z95**2 / (2 * n)
        reach = Z95 * sqrt(p * (1 - p) / n + Z95**2 / (4 * n**2))
        scale = 1 + Z95**2 / n
        return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def difference(one: Share, other: Share) -> tuple[float, float] | None:
    """Return the 95 % interval of ``one`` less ``other``, None where one of them is of nothing.

    Newcombe's hybrid score interval (*Statistics in Medicine* 17, 1998, method 10).
    """
    if one.value is None or other.value is None:
        return None
    p, q = one.value, other.value
    (low, high), (lower, higher) = one.interval, other.interval
    return (
        p - q - sqrt((p - low) ** 2 + (higher - q) ** 2),
        p - q + sqrt((high - p) ** 2 + (q - lower) ** 2),
    )
