"""What thresholds buy, and scores drawn to a project's own decisions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calibration import Calibration, Case
from models.recalibration import recalibrated
from models.thresholds import BLIND, Judged, Record, better_known, together

RECORD = Record("project", (Judged(0.9, 18, 20), Judged(0.6, 10, 20), Judged(0.3, 2, 20)), missed=10)


def test_precision_rises_and_recall_falls_with_the_threshold() -> None:
    everything, some, few = RECORD.at(0.0), RECORD.at(0.6), RECORD.at(0.7)
    assert (everything.precision, everything.recall) == ((30, 60), (30, 40))
    assert (some.precision, some.recall) == ((28, 40), (28, 40))
    assert (few.precision, few.recall) == ((18, 20), (18, 40))
    assert RECORD.at(0.95).precision.value is None


def test_presets_stand_where_they_promise() -> None:
    assert RECORD.preset("everything") == 0.0
    assert RECORD.preset("precise") == 0.61
    assert RECORD.preset("balanced") == 0.31
    nothing = Record("none", ())
    assert [nothing.preset(one) for one in BLIND] == list(BLIND.values())
    assert Record("project", (Judged(0.9, 1, 1), Judged(0.6, 0, 4))).preset("precise") == BLIND["precise"]
    never = Record("project", (Judged(0.9, 1, 20),))
    assert never.preset("precise") == BLIND["precise"]


def test_few_decisions_leave_the_word_to_held_out_pages() -> None:
    few, shipped = Record("project", (Judged(0.5, 3, 4),)), Record("shipped", (Judged(0.5, 30, 40),))
    assert better_known(few, shipped) is shipped
    assert better_known(RECORD, shipped) is RECORD
    assert better_known(few, Record("none", ())) is few
    assert together([RECORD, few]).at(0.0).precision == (33, 64)


def test_without_decisions_scores_are_believed() -> None:
    assert recalibrated([]) == Calibration({})
    assert recalibrated([]).answer("rules/x", "PERSON", 0.7).probability == 0.7


def test_decisions_tell_of_their_own_scores_and_little_of_others() -> None:
    cases = [Case("rules/date:year", "DATE", 0.9, number % 10 == 0) for number in range(60)]
    known = recalibrated(cases)
    near, far = known.answer("rules/date:year", "DATE", 0.9), known.answer("rules/date:year", "DATE", 0.1)
    assert near.probability < 0.25 and near.cases == 60
    assert far.probability <= near.probability
    right = recalibrated([case._replace(right=True) for case in cases])
    assert right.answer("rules/date:year", "DATE", 0.9).probability > 0.95
    assert right.answer("rules/date:year", "DATE", 0.2).probability == pytest.approx(0.2, abs=0.06)


_CASES = st.builds(
    Case,
    st.sampled_from(["rules/a", "rules/b", "names", "memory/form"]),
    st.sampled_from(["PERSON", "DATE"]),
    st.integers(0, 100).map(lambda number: number / 100),
    st.booleans(),
)


@given(st.lists(_CASES, max_size=80), st.sampled_from(["rules/a", "names"]))
def test_what_scores_higher_is_never_less_probable(cases: list[Case], source: str) -> None:
    known = recalibrated(cases)
    said = [known.answer(source, "PERSON", number / 20).probability for number in range(21)]
    assert said == sorted(said)
    assert all(0.0 <= one <= 1.0 for one in said)
