"""Entities and claims: F1 of their spans, nominal measures over tokens, unitizing alpha."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray

from models.agreement.formulas import Array, f1, u_alpha
from models.agreement.material import Material
from models.agreement.records import Layer, Measure
from models.agreement.series import Pair, Series, Units, nominal_all, nominal_pair, pooled, series
from models.agreement.unitizing import Continuum, merged


def passage_series(material: Material, kind: str) -> list[Series]:
    """Return every measure of one kind, for each label and for all, for each pair and for all annotators."""
    layer = cast(Layer, kind)
    subjects: list[str | None] = [None, *material.codes[kind]]
    found = [one for pair in material.pairs() for one in _f1(material, layer, pair)]
    found += pooled(found)
    for subject, units in zip(subjects, _token_units(material, kind, len(subjects)), strict=True):
        pairs = [one for pair in material.pairs() for one in nominal_pair(layer, subject, units, pair)]
        found += [*pairs, *nominal_all(layer, subject, units, pairs)]
    return [*found, *_unitizing(material, layer)]


def _f1(material: Material, layer: Layer, pair: Pair) -> Iterator[Series]:
    """Yield F1 of exact spans and of overlapping ones between two annotators.

    Exact: the same fragments and label. Overlapping: aligned (see :mod:`models.alignment`), the same label.
    """
    codes = material.codes[layer]
    width, documents = max(len(codes), 1), len(material.documents)
    marked: list[int] = []
    exact: list[int] = []
    overlapping: list[int] = []
    for document, groups in enumerate(material.aligned(pair)):
        base = document * width
        for one, other in (group.members for group in groups or ()):
            if one is not None and one.kind == layer:
                marked.append(base + codes[one.label])
                if other is not None and one.label == other.label:
                    overlapping.append(marked[-1])
                    if one.spans == other.spans:
                        exact.append(marked[-1])
            if other is not None and other.kind == layer:
                marked.append(base + codes[other.label])

    def table(cells: list[int]) -> Array:
        counted = np.bincount(np.array(cells, np.int64), minlength=documents * width)
        return counted.astype(float).reshape(documents, width)

    total, compared = table(marked), material.read_by_both(pair)
    measures: tuple[tuple[Measure, list[int]], ...] = (("f1-exact", exact), ("f1-overlap", overlapping))
    for measure, cells in measures:
        both = table(cells)
        yield series(layer, measure, None, pair, f1, total.sum(1), both.sum(1)[:, None], compared)
        for label, code in codes.items():
            yield series(layer, measure, label, pair, f1, total[:, code], both[:, code, None], compared)


# Tokens -----------------------------------------------------------------------------------------------------


def _token_units(material: Material, kind: str, subjects: int) -> Iterator[Units]:
    """Yield tokens with what each annotator says of them: first the set of labels, then each label or not.

    A token carries the labels of all passages that touch it: nested and overlapping ones add up to a set, and
    what lies between the fragments of a discontinuous one carries nothing.
    """
    present = material.present & np.array([one.tokens is not None for one in material.documents], bool)[:, None]
    tokens = np.array([one.tokens or 0 for one in material.documents], np.int64)
    before = np.append(0, np.cumsum(tokens))
    annotators, labels = len(material.annotators), subjects - 1
    rows = material.stretches(kind)
    rows = rows[present[rows[:, 0], rows[:, 1]]]
    length = rows[:, 6] - rows[:, 5]
    each = np.repeat(np.arange(len(rows)), length)
    token = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    token += np.repeat(before[rows[:, 0]] + rows[:, 5], length)
    marks = np.unique((token * max(labels, 1) + rows[each, 2]) * annotators + rows[each, 1])
    annotator, cell = marks % annotators, marks // annotators
    label, token = cell % max(labels, 1), cell // max(labels, 1)

    def units(of: NDArray[np.int64], who: NDArray[np.int64], what: NDArray[np.int64]) -> Units:
        known, place = np.unique(of, return_inverse=True)
        document = np.searchsorted(before, known, "right") - 1
        values = np.where(present[document], 0, -1)
        values[place, who] = what
        rest = (tokens - np.bincount(document, minlength=len(tokens))).astype(float)
        return Units(document, values, rest, present)

    yield units(token, annotator, _label_sets(token * annotators + annotator, label))
    for code in range(labels):
        mine = label == code
        yield units(token[mine], annotator[mine], np.ones(mine.sum(), np.int64))


def _label_sets(cell: NDArray[np.int64], label: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a number from 1 for the set of labels in each cell, the same for the same set.

    ``label`` rises within a cell that stands several times; so sets are numbered by adding one label a time.
    """
    order = np.lexsort((label, cell))
    known, first, count = np.unique(cell[order], return_index=True, return_counts=True)
    sets = np.zeros(len(known), np.int64)
    for more in range(int(count.max(initial=0))):
        has = count > more
        step = sets[has] * (int(label.max()) + 1) + label[order][first[has] + more]
        top = int(sets.max())
        sets[has] = np.unique(step, return_inverse=True)[1] + 1 + top
    return sets[np.searchsorted(known, cell)] if len(known) else sets


# Unitizing --------------------------------------------------------------------------------------------------


def _unitizing(material: Material, layer: Layer) -> Iterator[Series]:
    rows, present = material.stretches(layer), material.present
    labels = list(material.codes[layer])
    lengths = np.array([one.length for one in material.documents], np.int64)
    units = []
    for annotator in range(len(material.annotators)):
        mine = rows[rows[:, 1] == annotator]
        units.append(merged(mine[:, 0] * max(len(labels), 1) + mine[:, 2], mine[:, 3], mine[:, 4]))
    continuum = Continuum(units, lengths, max(len(labels), 1), present)
    everybody = range(len(material.annotators))
    for pair in (*material.pairs(), None):
        who = pair or everybody
        observed, expected, number = continuum.sums(who)
        readers = present[:, list(who)].sum(axis=1)
        for subject, chosen in ((None, slice(None)), *((one, slice(n, n + 1)) for n, one in enumerate(labels))):
            sums = np.column_stack((observed[:, chosen].sum(1), expected[:, chosen].sum(1)))
            total = number[:, chosen].sum(1)
            yield series(layer, "u-alpha", subject, pair, u_alpha, total, sums, readers >= 2)
