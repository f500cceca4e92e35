"""When a pipeline that has learned is better."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.training.scoring import Count
from app.training.verdict import Outcome, verdict

GOOD = Count(18, 20, 20)


@pytest.mark.parametrize(
    ("before", "after", "outcome", "sure"),
    [
        ({"A": GOOD}, {"A": GOOD}, "same", False),
        ({"A": GOOD}, {"A": Count(19, 20, 20)}, "better", False),  # 20 cases: not enough to take it unasked
        ({"A": Count(36, 40, 40)}, {"A": Count(38, 40, 40)}, "better", True),
        ({"A": Count(36, 40, 40)}, {"A": Count(35, 40, 40)}, "worse", False),
        ({"A": Count(30, 40, 40), "B": GOOD}, {"A": Count(39, 40, 40), "B": Count(15, 20, 20)}, "worse", False),
        ({"A": Count(30, 40, 40), "B": GOOD}, {"A": Count(39, 40, 40), "B": Count(18, 21, 20)}, "better", True),
        ({"A": Count(30, 40, 40), "B": Count(4, 4, 4)}, {"A": Count(39, 40, 40), "B": Count(1, 4, 4)}, "better", True),
        ({"A": Count(1, 2, 3)}, {"A": Count(3, 3, 3)}, "few", False),
        ({}, {"NY": Count(6, 6, 6)}, "few", False),
        ({"NY": Count(0, 0, 35)}, {"NY": Count(30, 33, 35)}, "better", True),
    ],
)
def test_better_is_better_for_each_label(
    before: dict[str, Count], after: dict[str, Count], outcome: Outcome, sure: bool
) -> None:
    found = verdict(before, after)
    assert (found.outcome, found.sure) == (outcome, sure)


_COUNTS = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)).map(
    lambda parts: Count(min(parts), parts[1], parts[2])
)


@given(st.dictionaries(st.sampled_from("ABC"), _COUNTS), st.dictionaries(st.sampled_from("ABC"), _COUNTS))
def test_it_cannot_be_better_both_ways(one: dict[str, Count], other: dict[str, Count]) -> None:
    both = {verdict(one, other).outcome, verdict(other, one).outcome}
    assert both != {"better"}
    assert verdict(one, one).outcome in ("same", "few")
