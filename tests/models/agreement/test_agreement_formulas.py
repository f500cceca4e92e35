"""Every measure against its library, and against an example that was published with its result."""

from __future__ import annotations

import math
from collections.abc import Callable

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

from models.agreement.formulas import alpha, cohen, f1, fleiss
from models.agreement.series import Units, pair_sums, panel_sums
from models.agreement.unitizing import Continuum, merged


def units(values: list[list[int]], rest: int = 0) -> Units:
    """Return units of one document; -1 is a missing value, ``rest`` more of category 0 by everybody."""
    table = np.array(values, np.intp)
    present = np.ones((1, table.shape[1]), bool)
    return Units(np.zeros(len(table), np.intp), table, np.array([float(rest)]), present)


def cohen_of(found: Units) -> float:
    total, counts, _ = pair_sums(found, (0, 1))
    return float(cohen(total.sum(0), counts.sum(0)))


def panel(found: Units, everybody: bool) -> float:
    total, counts, _ = panel_sums(found, everybody)
    return float((fleiss if everybody else alpha)(total.sum(0), counts.sum(0)))


def from_table(table: list[list[int]]) -> list[list[int]]:
    """Return the units behind a table of categories × categories."""
    return [[i, j] for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]


# Published examples -----------------------------------------------------------------------------------------


def test_cohen_1960() -> None:
    """Cohen (1960), table 1: two judges, 200 patients (as proportions), kappa = .492."""
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    assert cohen_of(units(from_table(table))) == pytest.approx(0.492, abs=5e-4)


def test_fleiss_1971() -> None:
    """Fleiss (1971), table 1: 30 patients, 6 psychiatrists, 5 diagnoses, kappa = .430."""
    rows = """0 0 0 6 0|0 3 0 0 3|0 1 4 0 1|0 0 0 0 6|0 3 0 3 0|2 0 4 0 0|0 0 4 0 2|2 0 3 1 0|2 0 0 4 0|0 0 0 0 6
    |1 0 0 5 0|1 1 0 4 0|0 3 3 0 0|1 0 0 5 0|0 2 0 3 1|0 0 5 0 1|3 0 0 1 2|5 1 0 0 0|0 2 0 4 0|1 0 2 0 3
    |0 0 0 0 6|0 1 0 5 0|0 2 0 1 3|2 0 0 4 0|1 0 0 4 1|0 5 0 1 0|4 0 0 0 2|0 2 0 4 0|1 0 5 0 0|0 0 0 0 6"""
    counts = [[int(one) for one in row.split()] for row in rows.split("|")]
    values = [[category for category, n in enumerate(row) for _ in range(n)] for row in counts]
    assert panel(units(values), True) == pytest.approx(0.430, abs=5e-4)


def test_krippendorff_2011() -> None:
    """Krippendorff (2011), section C: 4 observers, 12 units, missing values, nominal alpha = .743."""
    rows = """1 2 3 3 2 1 4 1 2 . . .|1 2 3 3 2 2 4 1 2 5 . 3|. 3 3 3 2 3 4 2 2 5 1 .|1 2 3 3 2 4 4 1 2 5 1 ."""
    observers = [[-1 if one == "." else int(one) for one in row.split()] for row in rows.split("|")]
    assert panel(units([list(unit) for unit in zip(*observers, strict=True)]), False) == pytest.approx(0.743, abs=5e-4)


def test_krippendorff_1995_as_coded_units() -> None:
    """Krippendorff (1995), the pair A as 24 coded units: Cohen's kappa .385, nominal alpha .329."""
    one = "001111111100001111110000"
    other = "000011110000000110000000"
    values = [[int(a), int(b)] for a, b in zip(one, other, strict=True)]
    assert cohen_of(units(values)) == pytest.approx(0.385, abs=1e-3)
    assert panel(units(values), False) == pytest.approx(0.329, abs=1e-3)


def test_krippendorff_2004_unitizing() -> None:
    """Content Analysis (2004), pp. 251-256: D_o, D_e and alpha of categories c and k, and of both together."""
    begin, length = 150, 300
    first = [("c", 225, 70), ("c", 370, 30), ("k", 180, 60), ("k", 300, 50)]
    second = [("c", 220, 80), ("c", 355, 20), ("c", 400, 20), ("k", 180, 60), ("k", 300, 50)]
    continuum = marked([first, second], begin, length)
    observed, expected, number = continuum.sums([0, 1])
    assert observed[0] / length**2 == pytest.approx([0.0144, 0.0], abs=5e-5)
    assert expected[0] / length**2 == pytest.approx([0.0532, 0.0490], abs=5e-5)
    assert 1 - observed[0] / expected[0] == pytest.approx([0.7286, 1.0], abs=5e-5)
    assert 1 - observed.sum() / expected.sum() == pytest.approx(0.8591, abs=5e-4)
    assert number.tolist() == [[5, 4]]


def test_f1_of_hripcsak_and_rothschild_2005() -> None:
    """2a / (2a + b + c): 40 found by both, 10 and 20 by one only."""
    assert f1(np.array(50.0 + 60.0), np.array([40.0])) == pytest.approx(2 * 40 / (2 * 40 + 10 + 20))


def marked(readings: list[list[tuple[str, int, int]]], begin: int, length: int) -> Continuum:
    found = []
    for reading in readings:
        rows = np.array(
            [("ck".index(label), at - begin, at - begin + n) for label, at, n in reading], np.int64
        ).reshape(-1, 3)
        found.append(merged(rows[:, 0], rows[:, 1], rows[:, 2]))
    return Continuum(found, np.array([length]), 2, np.ones((1, len(readings)), bool))


# Libraries --------------------------------------------------------------------------------------------------

TABLES = st.integers(2, 4).flatmap(
    lambda raters: st.lists(st.lists(st.integers(0, 3), min_size=raters, max_size=raters), min_size=1, max_size=12)
)


@given(TABLES, st.integers(0, 5))
def test_kappa_is_that_of_statsmodels(values: list[list[int]], rest: int) -> None:
    every = values + [[0] * len(values[0])] * rest
    table = np.zeros((4, 4))
    for row in every:
        table[row[0], row[1]] += 1
    first_two = {one for row in every for one in row[:2]}
    agree(cohen_of(units(values, rest)), first_two, lambda: float(cohens_kappa(table, return_results=False)))
    counts = np.array([[row.count(category) for category in range(4)] for row in every])
    used = {one for row in every for one in row}
    agree(panel(units(values, rest), True), used, lambda: float(fleiss_kappa(counts)))


def agree(ours: float, used: set[int], theirs: Callable[[], float]) -> None:
    """Check equality, or with a single category that chance explains all: then the library divides by zero."""
    if len(used) < 2:
        assert math.isnan(ours)
    else:
        assert ours == pytest.approx(theirs())


@given(
    st.integers(2, 4).flatmap(
        lambda raters: st.lists(st.lists(st.integers(-1, 3), min_size=raters, max_size=raters), min_size=1, max_size=12)
    ),
    st.integers(0, 5),
)
def test_alpha_is_that_of_the_krippendorff_package(values: list[list[int]], rest: int) -> None:
    every = values + [[0] * len(values[0])] * rest
    pairable = [row for row in every if sum(one >= 0 for one in row) > 1]
    ours = panel(units(values, rest), False)
    if len({one for row in pairable for one in row if one >= 0}) < 2:
        assert math.isnan(ours)
        return
    data = np.array(every, float).T
    data[data < 0] = np.nan
    theirs = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal", value_domain=[0, 1, 2, 3])
    assert ours == pytest.approx(theirs)


# Unitizing, by walking through every section --------------------------------------------------------------


def sections(stretches: list[tuple[int, int]], length: int) -> list[tuple[int, int, bool]]:
    """Return begin, length and whether it is a unit, of every section of a continuum."""
    found, at = [], 0
    for start, end in stretches:
        if start > at:
            found.append((at, start - at, False))
        found.append((start, end - start, True))
        at = end
    return [*found, (at, length - at, False)] if at < length else found


def distance(one: tuple[int, int, bool], other: tuple[int, int, bool]) -> int:
    """Return d² as Krippendorff defines it, case by case."""
    (b, n, unit), (c, m, also) = one, other
    if unit and also and -n < b - c < m:
        return (b - c) ** 2 + (b + n - c - m) ** 2
    if unit and not also and m - n >= b - c >= 0:
        return n**2
    if also and not unit and m - n <= b - c <= 0:
        return m**2
    return 0


STRETCHES = st.lists(st.integers(0, 30), unique=True, max_size=8).map(
    lambda cuts: list(zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False))
)


@given(st.lists(STRETCHES, min_size=2, max_size=3))
def test_unitizing_alpha_from_every_pair_of_sections(readings: list[list[tuple[int, int]]]) -> None:
    length, m = 31, len(readings)
    parts = [sections(reading, length) for reading in readings]
    observed = sum(
        distance(one, other) for i in range(m) for j in range(m) for one in parts[i] for other in parts[j] if i != j
    ) / (m * (m - 1))
    every = [n for part in parts for _, n, unit in part if unit]
    gaps = [n for part in parts for _, n, unit in part if not unit]
    room = sum(
        (len(every) - 1) / 3 * (2 * n**3 - 3 * n**2 + n) + n**2 * sum(gap - n + 1 for gap in gaps if gap >= n)
        for n in every
    )
    below = m * length * (m * length - 1) - sum(n * (n - 1) for n in every)
    got = marked([[("c", start, end - start) for start, end in reading] for reading in readings], 0, length)
    found = [float(one[0, 0]) for one in got.sums(range(m))]
    assert found == pytest.approx([observed, 2 * length * room / below if every else 0.0, len(every)])


def test_what_one_annotator_marks_twice_over_is_one_stretch() -> None:
    rows = np.array([[0, 5, 9], [0, 0, 6], [0, 9, 12], [1, 3, 4]])
    found = merged(rows[:, 0], rows[:, 1], rows[:, 2])
    assert list(zip(*(one.tolist() for one in found), strict=True)) == [(0, 0, 9), (0, 9, 12), (1, 3, 4)]
