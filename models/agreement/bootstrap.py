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
_COLUMNS = 256
"""How many columns are multiplied at once."""
_SPARSE = 20
"""Columns with numbers in less than one document of so many are multiplied alone."""


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
    chosen = np.flatnonzero(part)
    sums = [_Sums.of(one, chosen) for one in found]
    values = _values(found, sums, np.ones((len(chosen), 1)))[:, 0]
    drawn = np.full((len(found), 0), np.nan)
    if samples and len(chosen) > 1:
        blocks = [_values(found, sums, times) for times in _samples(len(chosen), samples, seed)]
        drawn = np.concatenate(blocks, axis=1)
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


def _samples(documents: int, samples: int, seed: int) -> Iterator[Array]:
    """Yield how often each document is drawn, documents × samples, in blocks."""
    random = np.random.default_rng(seed)
    block = max(1, _AT_ONCE // documents)
    for begin in range(0, samples, block):
        count = min(block, samples - begin)
        draws = random.integers(0, documents, (count, documents)) + np.arange(count)[:, None] * documents
        times = np.bincount(draws.ravel(), minlength=count * documents).reshape(count, documents)
        yield np.ascontiguousarray(times.T, dtype=float)


class _Sums(NamedTuple):
    """A series' sums over some documents; ``rows`` as in :class:`Series`."""

    total: Array
    rows: NDArray[np.intp]
    counts: Array

    @classmethod
    def of(cls, one: Series, chosen: NDArray[np.intp]) -> _Sums:
        place = np.searchsorted(chosen, one.rows)
        inside = place < len(chosen)
        inside[inside] = chosen[place[inside]] == one.rows[inside]
        return cls(one.total[chosen], place[inside], one.counts[inside])


def _values(found: Sequence[Series], sums: Sequence[_Sums], times: Array) -> Array:
    """Return series × samples: each series' value with each document counted ``times`` (documents × samples)."""
    totals: dict[bytes, Array] = {}
    values: dict[int, Array] = {}
    for one, parts, counts in zip(found, sums, _multiplied(sums, times), strict=True):
        if one.mean_of:
            values[id(one)] = mean_of_known(np.stack([values[id(pair)] for pair in one.mean_of]))
            continue
        key = parts.total.tobytes()
        if key not in totals:
            totals[key] = parts.total @ times
        values[id(one)] = one.formula(totals[key], counts)
    return np.stack([values[id(one)] for one in found]) if found else np.zeros((0, times.shape[1]))


def _multiplied(sums: Sequence[_Sums], times: Array) -> Iterator[Array]:
    """Yield the sums of each series' counts, samples × columns.

    Many columns are multiplied at once, which is what processors are best at; columns with a number in few
    documents are multiplied alone.
    """
    waiting: list[_Sums] = []
    for one in sums:
        waiting.append(one)
        if sum(part.counts.shape[1] for part in waiting) >= _COLUMNS:
            yield from _together(waiting, times)
            waiting = []
    yield from _together(waiting, times)


def _together(waiting: Sequence[_Sums], times: Array) -> Iterator[Array]:
    dense = [len(one.rows) * _SPARSE > len(times) for one in waiting]
    table = np.zeros((len(times), sum(one.counts.shape[1] for one, full in zip(waiting, dense, strict=True) if full)))
    at = 0
    for one, full in zip(waiting, dense, strict=True):
        if full:
            table[one.rows, at : at + one.counts.shape[1]] = one.counts
            at += one.counts.shape[1]
    product = times.T @ table
    at = 0
    for one, full in zip(waiting, dense, strict=True):
        if full:
            yield product[:, at : at + one.counts.shape[1]]
            at += one.counts.shape[1]
        else:
            yield times[one.rows].T @ one.counts
