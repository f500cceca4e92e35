"""Scores that mean something: rising, drawn to what is known, and measured against what was right."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calibration import ANY, ENOUGH, Calibration, Case, entropy, expected_error, fit, isotonic

CASES = st.lists(
    st.builds(
        Case,
        st.sampled_from(["rules/date", "rules/title", "names", "memory/form"]),
        st.sampled_from(["DATE", "ROLE", "PERSON"]),
        st.integers(0, 20).map(lambda step: step / 20),
        st.booleans(),
    ),
    min_size=1,
    max_size=120,
)


@given(CASES)
def test_a_higher_score_never_means_less(cases: list[Case]) -> None:
    known = fit(cases)
    for source, label in {(case.source, case.label) for case in cases}:
        said = [known.answer(source, label, step / 50).probability for step in range(51)]
        assert said == sorted(said)
        assert all(0 < one < 1 for one in said)


@given(CASES)
def test_the_order_of_cases_does_not_matter_and_maps_travel(cases: list[Case]) -> None:
    known = fit(cases)
    shuffled = Random(1).sample(cases, len(cases))
    assert fit(shuffled).to_json() == known.to_json()
    assert Calibration.from_json(known.to_json()).to_json() == known.to_json()


def test_pooling_gives_the_least_squares_rising_map() -> None:
    # Means of the best rising fit to 1, 0, 1, 1, 0, 1 at rising scores: pools (1,0), (1,1,0), (1).
    knots = isotonic([(0.1, 1, 1), (0.2, 0, 1), (0.3, 1, 1), (0.4, 1, 1), (0.5, 0, 1), (0.6, 1, 1)])
    assert [(knot.score, round(knot.probability, 3)) for knot in knots] == [(0.1, 0.5), (0.3, 0.667), (0.6, 1.0)]


def test_few_cases_follow_the_more_general_map() -> None:
    many = [Case("rules/date", "DATE", 0.9, n % 10 != 0) for n in range(400)]
    few = [Case("rules/other", "DATE", 0.9, False)] * (ENOUGH - 1)
    known = fit([*many, *few])
    assert known.answer("rules/other", "DATE", 0.9).probability > 0.8
    assert ("rules/other", "DATE") not in known.maps
    assert known.answer("nobody", "NONE", 0.9) == known.answer(ANY, ANY, 0.9)


def test_a_projects_decisions_outweigh_what_ships() -> None:
    shipped = fit([Case("rules/title", "ROLE", 0.8, True)] * 200)
    own = [Case("rules/title", "ROLE", 0.8, False)] * 60
    assert fit(own, shipped).answer("rules/title", "ROLE", 0.8).probability < 0.2


def test_without_maps_a_score_stays_what_it_is() -> None:
    assert Calibration({}).answer("ents", "ORG", 0.5) == (0.5, 0)


def test_fitting_takes_the_error_away_on_cases_that_were_not_fitted() -> None:
    chance = Random(7)

    def drawn(size: int) -> list[Case]:
        scores = [chance.random() for _ in range(size)]
        return [Case("names", "PERSON", round(score, 2), chance.random() < score**3) for score in scores]

    known, fresh = fit(drawn(4000)), drawn(2000)
    raw = expected_error([(case.score, case.right) for case in fresh])
    after = expected_error([(known.answer(*case[:3]).probability, case.right) for case in fresh])
    assert raw > 0.2
    assert after < 0.05


@pytest.mark.parametrize("equal_mass", [False, True])
def test_the_error_of_known_cases(equal_mass: bool) -> None:
    pairs = [(0.75, True), (0.75, True), (0.75, True), (0.75, False)]
    assert expected_error(pairs) == 0
    assert expected_error([(0.9, False)] * 5, equal_mass=equal_mass) == pytest.approx(0.9)
    assert expected_error([], equal_mass=equal_mass) == 0


def test_one_half_is_the_most_uncertain() -> None:
    assert entropy(0.5) == 1
    assert entropy(0.2) == pytest.approx(entropy(0.8))
    assert entropy(0) == entropy(1) == 0
