"""Krippendorff's alpha for unitizing: do annotators mark off the same stretches of a text?

After Krippendorff, On the reliability of unitizing contiguous data, Sociological Methodology 25 (1995), 47-76,
and Content Analysis, 2nd ed. (Sage 2004), 251-256. For a label in a text of L code points with m annotators,

    D_o = sum of d² over ordered pairs of sections of different annotators / (m (m - 1) L²)
    d² = (difference of begins)² + (difference of ends)²  where two units overlap,
         (length of the unit)²                             where a unit lies wholly in the other's gap, else 0
    D_e = 2/L · sum over units of length l [ (N - 1)/3 · (2l³ - 3l² + l) + l² · sum over gaps g >= l of (g - l + 1) ]
          / ( mL (mL - 1) - sum over units of l (l - 1) )        N: units of all annotators

and alpha = 1 - D_o / D_e; over several labels both are added up first. Of several documents each is its own
continuum: D_o and D_e are weighted with L², so that a document counts by what it adds to the sum of d², and
chance never moves a unit into another document.

An annotator's units of one label may not overlap: those that do are one unit here. Each fragment of a
discontinuous passage is a unit. Units that only touch stay two.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.agreement.formulas import Array

Indices = NDArray[np.int64]


class Stretches(NamedTuple):
    """Marked stretches of one annotator; ``cell`` is document × labels + label, ``end`` exclusive."""

    cell: Indices
    start: Indices
    end: Indices


def merged(cell: Indices, start: Indices, end: Indices) -> Stretches:
    """Return stretches in order, those of a cell that overlap as one."""
    if not len(cell):
        return Stretches(cell, start, end)
    order = np.lexsort((end, start, cell))
    cell, start, end = cell[order], start[order], end[order]
    room = int(end.max()) + 1
    reach = np.maximum.accumulate(cell * room + end)
    fresh = np.ones(len(cell), bool)
    fresh[1:] = cell[1:] * room + start[1:] >= reach[:-1]
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(cell)) - 1
    return Stretches(cell[first], start[first], reach[last] - cell[first] * room)


class Continuum:
    """What annotators marked in many documents, and what it disagrees on."""

    def __init__(self, stretches: Sequence[Stretches], lengths: Indices, labels: int, present: NDArray[np.bool_]):
        """Take each annotator's merged stretches; ``lengths`` of documents, ``present`` documents × annotators."""
        self._units = stretches
        self._lengths = lengths
        self._labels = labels
        self._present = present
        self._shape = (len(lengths), labels)
        self._cells = np.unique(np.concatenate([one.cell for one in stretches]))
        self._apart = {
            pair: self._observed(stretches[pair[0]], stretches[pair[1]])
            for pair in combinations(range(len(stretches)), 2)
        }
        gaps = [self._gaps(number) for number in range(len(stretches))]
        self._free = [[self._room(units, gap) for gap in gaps] for units in stretches]

    def _summed(self, cell: Indices, weights: Array | None = None) -> Array:
        found = np.bincount(cell, weights, self._shape[0] * self._shape[1])
        return found.astype(float).reshape(self._shape)

    def _observed(self, one: Stretches, other: Stretches) -> Array:
        """Return the sum of d² over the sections of two annotators, each pair once."""
        room = int(self._lengths.max(initial=0)) + 1
        first = np.searchsorted(other.cell * room + other.end, one.cell * room + one.start, "right")
        last = np.searchsorted(other.cell * room + other.start, one.cell * room + one.end, "left")
        met = np.maximum(last - first, 0)
        mine = np.repeat(np.arange(len(one.cell)), met)
        theirs = np.arange(met.sum()) - np.repeat(np.cumsum(met) - met, met) + np.repeat(first, met)
        apart = (one.start[mine] - other.start[theirs]) ** 2 + (one.end[mine] - other.end[theirs]) ** 2
        found = self._summed(one.cell[mine], apart)
        found += self._summed(one.cell, np.where(met == 0, (one.end - one.start) ** 2, 0))
        lone = np.ones(len(other.cell), bool)
        lone[theirs] = False
        return found + self._summed(other.cell, np.where(lone, (other.end - other.start) ** 2, 0))

    def _gaps(self, number: int) -> tuple[Indices, Indices]:
        """Return cell and length of each gap of an annotator, where anybody marked anything; by cell, length."""
        units = self._units[number]
        same = np.append(False, units.cell[1:] == units.cell[:-1])
        before = np.where(same, np.append(0, units.end[:-1]), 0)
        cells = self._cells[self._present[self._cells // self._labels, number]]
        reached = np.zeros(len(cells), np.int64)
        place = np.searchsorted(units.cell, cells, "right")
        has = (place > 0) & (units.cell[place - 1] == cells) if len(units.cell) else np.zeros(len(cells), bool)
        reached[has] = units.end[place[has] - 1]
        cell = np.concatenate((units.cell, cells))
        length = np.concatenate((units.start - before, self._lengths[cells // self._labels] - reached))
        order = np.lexsort((length, cell))
        return cell[order], length[order]

    def _room(self, units: Stretches, gaps: tuple[Indices, Indices]) -> Array:
        """Return, summed over units, l² times the places that gaps offer: the sum of (g - l + 1) over g >= l."""
        cell, gap = gaps
        room = int(self._lengths.max(initial=0)) + 2
        length = units.end - units.start
        first = np.searchsorted(cell * room + gap, units.cell * room + length, "left")
        last = np.searchsorted(cell, units.cell, "right")
        upto = np.append(0, np.cumsum(gap))
        places = upto[last] - upto[first] - (last - first) * (length - 1)
        return self._summed(units.cell, (length.astype(float) ** 2) * places)

    def sums(self, annotators: Sequence[int]) -> tuple[Array, Array, Array]:
        """Return L² · D_o, L² · D_e and the number of units, documents × labels, between some annotators.

        Documents that fewer than two of them read hold zeros.
        """
        readers = self._present[:, list(annotators)].sum(axis=1)[:, None].astype(float)
        apart, free, cubes, squares, number = (np.zeros(self._shape) for _ in range(5))
        for i in annotators:
            length = (self._units[i].end - self._units[i].start).astype(float)
            cell, here = self._units[i].cell, self._present[:, i][:, None]
            number += self._summed(cell)
            cubes += self._summed(cell, (2 * length**3 - 3 * length**2 + length) / 3)
            squares += self._summed(cell, length * (length - 1))
            for j in annotators:
                together = here & self._present[:, j][:, None]
                free += self._free[i][j] * together
                apart += self._apart.get((i, j), 0) * together
        size = self._lengths[:, None].astype(float)
        with np.errstate(divide="ignore", invalid="ignore"):
            observed = 2 * apart / (readers * (readers - 1))
            expected = 2 * size * ((number - 1) * cubes + free)
            expected /= readers * size * (readers * size - 1) - squares
        compared = (readers >= 2) & (number > 0)
        return tuple(np.where(compared, one, 0.0) for one in (observed, expected, number))  # type: ignore[return-value]
