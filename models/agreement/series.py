"""Sums per document: everything a measure needs, so that resampling documents is adding up numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.agreement.formulas import Array, alpha, cohen, fleiss, share
from models.agreement.records import Layer, Measure, Reason

Formula = Callable[[Array, Array], Array]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Series:
    """One measure, on one subject, between two annotators (``pair``) or all, as sums per document.

    ``total`` has a number for each document; ``counts`` has a row for each document in ``rows``, the others are
    zero. ``documents`` says which documents the figure speaks of. With ``mean_of`` the value is the mean of
    other series' values. ``reason`` is why the figure can have no value at all.
    """

    layer: Layer
    measure: Measure
    subject: str | None
    pair: Pair | None
    formula: Formula
    total: Array
    rows: NDArray[np.intp]
    counts: Array
    documents: NDArray[np.bool_]
    mean_of: tuple[Series, ...] = ()
    reason: Reason | None = None

    def by_document(self) -> Array:
        """Return the value of each document, NaN where undefined or not compared."""
        if self.mean_of:
            return mean_of_known(np.stack([one.by_document() for one in self.mean_of]))
        counts = np.zeros((len(self.total), self.counts.shape[1]))
        counts[self.rows] = self.counts
        return np.where(self.documents, self.formula(self.total, counts), np.nan)


def mean_of_known(values: Array) -> Array:
    """Return the mean over the first dimension of what is not NaN."""
    known = ~np.isnan(values)
    number = known.sum(0)
    summed = np.where(known, values, 0.0).sum(0)
    return np.where(number > 0, summed / np.maximum(number, 1), np.nan)


def series(
    layer: Layer,
    measure: Measure,
    subject: str | None,
    pair: Pair | None,
    formula: Formula,
    total: Array,
    counts: Array,
    documents: NDArray[np.bool_],
    reason: Reason | None = None,
) -> Series:
    """Return a series of full ``counts`` (documents × columns), kept without empty rows and columns.

    The first column is kept always, and both columns of a category where either annotator used it.
    """
    rows = np.flatnonzero(counts.any(axis=1))
    return Series(layer, measure, subject, pair, formula, total, rows, counts[rows], documents, (), reason)


@dataclass(frozen=True, slots=True)
class Units:
    """What annotators gave values to: one row for each unit, one column for each annotator.

    ``values`` are numbers of categories, 0 for nothing marked and -1 where the annotator did not judge the unit;
    ``document`` is each unit's document. ``rest`` counts, for each document, further units to which everybody
    in ``present`` (documents × annotators) gave 0.
    """

    document: NDArray[np.intp]
    values: NDArray[np.intp]
    rest: Array
    present: NDArray[np.bool_]

    def of(self, annotators: tuple[int, ...]) -> Units:
        """Return the units as these annotators saw them."""
        chosen = list(annotators)
        return Units(self.document, self.values[:, chosen], self.rest, self.present[:, chosen])


def _uses(units: Units, keep: NDArray[np.bool_], annotator: int, categories: int) -> Array:
    """Return how often an annotator gave each category but 0, by document."""
    documents = len(units.rest)
    given = keep & (units.values[:, annotator] > 0)
    cells = units.document[given] * categories + units.values[given, annotator]
    return np.bincount(cells, minlength=documents * categories).reshape(documents, categories)[:, 1:]


def _counted(units: Units, keep: NDArray[np.bool_], weights: Array | None = None) -> Array:
    chosen = None if weights is None else weights[keep]
    return np.bincount(units.document[keep], chosen, len(units.rest)).astype(float)


def _categories(units: Units) -> int:
    return int(units.values.max(initial=0)) + 1


def pair_sums(units: Units, pair: Pair) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Return total, counts (as :func:`cohen` takes them) and documents of two annotators."""
    both = units.present[:, pair[0]] & units.present[:, pair[1]]
    one, other = (units.values[:, annotator] for annotator in pair)
    keep = (one >= 0) & (other >= 0)
    total = _counted(units, keep) + units.rest * both
    differ = _counted(units, keep & (one != other))
    uses = [_uses(units, keep, annotator, _categories(units)) for annotator in pair]
    used = (uses[0] + uses[1]).any(axis=0)
    return total, np.column_stack([differ, uses[0][:, used], uses[1][:, used]]), both


def panel_sums(units: Units, everybody: bool) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Return total, counts (as :func:`fleiss` takes them) and documents of all annotators together.

    With ``everybody`` only units that all of them judged count, else those that two did.
    """
    annotators = units.values.shape[1]
    least = annotators if everybody else 2
    given = (units.values >= 0).sum(axis=1)
    keep = given >= least
    readers = units.present.sum(axis=1)
    documents = readers >= least
    total = _counted(units, keep, given) + units.rest * readers * documents
    unlike = np.zeros(len(units.document))
    for i, j in combinations(range(annotators), 2):
        one, other = units.values[:, i], units.values[:, j]
        unlike += (one >= 0) & (other >= 0) & (one != other)
    differ = _counted(units, keep, 2 * unlike / np.maximum(given - 1, 1))
    uses = sum(_uses(units, keep, annotator, _categories(units)) for annotator in range(annotators))
    used: Any = uses
    return total, np.column_stack([differ, used[:, used.any(axis=0)]]), documents


def nominal_pair(layer: Layer, subject: str | None, units: Units, pair: Pair) -> list[Series]:
    """Return kappa and alpha between two annotators."""
    total, counts, documents = pair_sums(units, pair)
    found = [series(layer, "cohen", subject, pair, cohen, total, counts, documents)]
    total, counts, documents = panel_sums(units.of(pair), everybody=True)
    return [*found, series(layer, "alpha", subject, pair, alpha, total, counts, documents)]


def nominal_all(layer: Layer, subject: str | None, units: Units, pairs: list[Series]) -> list[Series]:
    """Return kappa and alpha over all annotators; Cohen's is the mean of the pairs' (Light 1971)."""
    found = []
    kappas = tuple(one for one in pairs if one.measure == "cohen" and one.subject == subject)
    if kappas:
        documents = np.logical_or.reduce([one.documents for one in kappas])
        total = np.sum([one.total for one in kappas], axis=0)
        nothing = np.zeros((0, 1))
        rows = np.zeros(0, np.intp)
        found.append(Series(layer, "cohen", subject, None, cohen, total, rows, nothing, documents, kappas))
    total, counts, documents = panel_sums(units, everybody=True)
    reason: Reason | None = None if documents.any() else "not-by-all"
    found.append(series(layer, "fleiss", subject, None, fleiss, total, counts, documents, reason))
    total, counts, documents = panel_sums(units, everybody=False)
    return [*found, series(layer, "alpha", subject, None, alpha, total, counts, documents)]


def shares(layer: Layer, subject: str, units: Units, pair: Pair) -> Series:
    """Return the share of equal values between two annotators."""
    total, counts, documents = pair_sums(units, pair)
    return series(layer, "share", subject, pair, share, total, counts[:, :1], documents)


def pooled(of: list[Series]) -> list[Series]:
    """Return series over all annotators that add the pairs' sums up, one for each measure and subject."""
    found = []
    for measure, subject in dict.fromkeys((one.measure, one.subject) for one in of):
        mine = [one for one in of if (one.measure, one.subject) == (measure, subject)]
        total = np.sum([one.total for one in mine], axis=0)
        counts = np.zeros((len(total), mine[0].counts.shape[1]))
        for one in mine:
            counts[one.rows] += one.counts
        documents = np.logical_or.reduce([one.documents for one in mine])
        first = mine[0]
        reason = first.reason
        found.append(series(first.layer, measure, subject, None, first.formula, total, counts, documents, reason))
    return found
