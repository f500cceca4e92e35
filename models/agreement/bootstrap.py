"""Values of all series over parts of the corpus, with intervals by resampling documents.

The bootstrap of Efron (Bootstrap methods: another look at the jackknife, Annals of Statistics 7(1), 1979):
documents are drawn with replacement, as many as there are, and the middle ``level`` of the values bounds the
interval. Since every measure is a formula over sums, a sample costs one sum for each series.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.agreement.formulas import Array
from models.agreement.series import Series, mean_of_known

_AT_ONCE = 8_000_000
"""How many draws are held in memory at once."""


class Estimate(NamedTuple):
    """A value with its interval, NaN where undefined; ``units`` and ``documents`` it rests on."""

    value: float
    low: float
    high: float
    units: int
    documents: int


def estimates(
    found: Sequence[Series], part: NDArray[np.bool_], samples: int, level: float, seed: int
) -> list[Estimate]:
    """Return the value of each series over the documents of ``part``, with its interval.

    ``samples`` 0 gives no intervals; nor is there one over fewer than two documents. The same seed gives the same
    samples.
    """
    values = _values(found, part.astype(float)[:, None])[:, 0]
    drawn = np.full((len(found), 0), np.nan)
    chosen = np.flatnonzero(part)
    if samples and len(chosen) > 1:
        drawn = np.concatenate([_values(found, times) for times in _samples(chosen, len(part), samples, seed)], axis=1)
    tail = (1 - level) / 2
    result = []
    for one, value, sample in zip(found, values, drawn, strict=True):
        documents = int((one.documents & part).sum())
        known = sample[~np.isnan(sample)]
        low = high = np.nan
        if documents > 1 and len(known) and not np.isnan(value):
            low, high = np.quantile(known, (tail, 1 - tail))
        units = round(float(one.total[part].sum()))
        result.append(Estimate(float(value), float(low), float(high), units, documents))
    return result


def _samples(chosen: NDArray[np.intp], documents: int, samples: int, seed: int) -> Iterator[Array]:
    """Yield how often each document is drawn, documents × samples, in blocks."""
    random = np.random.default_rng(seed)
    size = len(chosen)
    block = max(1, _AT_ONCE // size)
    for begin in range(0, samples, block):
        count = min(block, samples - begin)
        draws = random.integers(0, size, (count, size)) + np.arange(count)[:, None] * size
        times = np.zeros((documents, count))
        times[chosen] = np.bincount(draws.ravel(), minlength=count * size).reshape(count, size).T
        yield times


def _values(found: Sequence[Series], times: Array) -> Array:
    """Return series × samples: each series' value with each document counted ``times`` (documents × samples)."""
    totals: dict[bytes, Array] = {}
    values: dict[int, Array] = {}
    for one in found:
        if one.mean_of:
            values[id(one)] = mean_of_known(np.stack([values[id(pair)] for pair in one.mean_of]))
            continue
        key = one.total.tobytes()
        if key not in totals:
            totals[key] = one.total @ times
        rows = times if len(one.rows) == len(times) else times[one.rows]
        values[id(one)] = one.formula(totals[key], rows.T @ one.counts)
    return np.stack([values[id(one)] for one in found]) if found else np.zeros((0, times.shape[1]))
