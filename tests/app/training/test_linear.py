"""The linear models behind claims and relations: they learn, are the same each time, and come back whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pipeline.trained.linear import LinearModel

ROWS = [["a", "x"], ["a", "y"], ["b", "x"], ["b", "y"], ["c"], ["c", "x"]]
LABELS = ["one", "one", "two", "two", "three", "three"]


def fitted() -> LinearModel:
    model = LinearModel()
    model.fit(ROWS, LABELS, penalty=0.05)
    return model


def test_what_was_seen_is_known_and_sums_to_one() -> None:
    model = fitted()
    found = model.probabilities([*ROWS, ["never å 😀"], []])
    assert [model.classes[row.argmax()] for row in found[:6]] == LABELS
    assert found.sum(1) == pytest.approx(1)
    assert found[6] == pytest.approx(found[7])  # of what is unknown nothing is known but how common classes are


def test_training_goes_downhill_and_a_stronger_pull_keeps_closer_to_nothing() -> None:
    losses = [LinearModel().fit(ROWS, LABELS, penalty=0.05, rounds=rounds) for rounds in (1, 10, 100)]
    assert losses[0] == pytest.approx(np.log(3)) and losses[0] > losses[1] > losses[2]
    pulled = LinearModel()
    pulled.fit(ROWS, LABELS, penalty=1000.0)
    assert pulled.probabilities([["a"]]).max() < fitted().probabilities([["a"]]).max()


def test_the_slope_leads_to_the_lowest_point() -> None:
    """At the end no small change of any weight makes the penalised loss smaller."""
    model = LinearModel()
    model.fit(ROWS, LABELS, penalty=0.5, rounds=4000)

    def loss(weights: np.ndarray) -> float:
        model._weights = weights
        found = model.probabilities(ROWS)
        columns = [model.classes.index(label) for label in LABELS]
        return float(-np.log(found[np.arange(6), columns]).sum() + 0.25 * (weights[1:] ** 2).sum())

    standing = model._weights.copy()
    lowest = loss(standing)
    for place in np.ndindex(standing.shape):
        for step in (-0.02, 0.02):
            changed = standing.copy()
            changed[place] += step
            assert loss(changed) > lowest - 1e-6


def test_the_same_data_give_the_same_bytes_and_bytes_the_same_model() -> None:
    model = fitted()
    data = model.to_bytes()
    assert data == fitted().to_bytes()
    back = LinearModel().from_bytes(data)
    assert back.classes == model.classes and back.features == model.features
    assert back.probabilities(ROWS) == pytest.approx(model.probabilities(ROWS), abs=1e-6)
    assert back.to_bytes() == data


@given(st.lists(st.tuples(st.lists(st.text(max_size=3), max_size=4), st.sampled_from("ab")), max_size=8))
def test_any_features_can_be_learned_from(examples: list[tuple[list[str], str]]) -> None:
    model = LinearModel(("a", "b"))
    model.fit([row for row, _ in examples], [label for _, label in examples], rounds=3)
    back = LinearModel().from_bytes(model.to_bytes())
    rows = [row for row, _ in examples]
    assert back.probabilities(rows) == pytest.approx(model.probabilities(rows), abs=1e-5)
