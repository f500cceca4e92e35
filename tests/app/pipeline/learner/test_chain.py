"""Sums over taggings against trying every one, and the gradient against small steps."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pipeline.learner.chain import allowed_steps, expect, pack
from app.pipeline.learner.descent import descend
from app.pipeline.learner.encode import Encoder, count
from app.pipeline.learner.training import Example, Settings, Weights, _Aim, _Lattice, _Shape, nothing, tags_of, train

TAGS = tags_of(["NAMN", "PLATS"])
CLASSES = {"karin": "C2f", "skåne": "C3p", "i": "l3"}
WORDS = ["Karin", "A\u030asa", "i", "Ska\u030ane", "😀", "Öster\u00adås", "."]


def _potentials(seed: int, lengths: Sequence[int]) -> list[np.ndarray]:
    draw = np.random.default_rng(seed)
    return [np.exp(draw.normal(size=(length, len(TAGS)))) for length in lengths]


def _ways(tags: tuple[int, ...], rows: np.ndarray, ways: np.ndarray, opening: np.ndarray) -> float:
    """Return the product of a tagging's potentials."""
    whole = float(opening[tags[0]])
    for i, tag in enumerate(tags):
        whole *= rows[i, tag] * (ways[tags[i - 1], tag] if i else 1.0)
    return whole


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_expectations_agree_with_trying_every_tagging(seed: int, lengths: list[int]) -> None:
    sentences = _potentials(seed, lengths)
    opening, steps = allowed_steps(TAGS)
    ways = np.where(steps, np.exp(np.random.default_rng(seed).normal(size=steps.shape)), 0.0)
    weights = np.arange(1.0, 1.0 + len(lengths))
    packing = pack(lengths)
    packed = np.concatenate(sentences)[packing.order]
    found = expect(packed, packing.counts, ways, opening, weights[packing.sentence])
    pairs, logarithm, tags = np.zeros_like(ways), 0.0, [np.zeros_like(one) for one in sentences]
    for number, rows in enumerate(sentences):
        every = {way: _ways(way, rows, ways, opening) for way in product(range(len(TAGS)), repeat=len(rows))}
        whole = sum(every.values())
        logarithm += weights[number] * np.log(whole)
        for way, value in every.items():
            for i, tag in enumerate(way):
                tags[number][i, tag] += value / whole
                if i:
                    pairs[way[i - 1], tag] += weights[number] * value / whole
    assert found.logarithm == pytest.approx(logarithm)
    assert found.steps == pytest.approx(pairs)
    assert found.tags == pytest.approx(np.concatenate(tags)[packing.order])


def _example(draw: np.random.Generator, length: int, weight: float = 1.0) -> Example:
    """Return a sentence of which something is known, something not, and a feature from elsewhere."""
    words = [WORDS[i] for i in draw.integers(0, len(WORDS), length)]
    allowed = draw.random((length, len(TAGS))) < 0.5
    allowed[:, 0] = True
    return Example(words, allowed, {int(draw.integers(0, length)): ("h=B-NAMN",)}, weight)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 2**32 - 1))
def test_the_gradient_agrees_with_small_steps(seed: int) -> None:
    draw = np.random.default_rng(seed)
    judged = [_example(draw, length, 0.7) for length in (1, 4, 3)]
    whole = [*judged, _example(draw, 3), _example(draw, 2, 1.5)]
    encoder = Encoder(CLASSES)
    words = [row for one in whole for row in encoder.encode(one.words, one.hints)]
    rows = {name: i for i, name in enumerate(sorted(count(words, encoder.features)))}
    shape = _Shape(rows, [*TAGS])
    size = len(rows) * len(TAGS) + len(TAGS) ** 2
    start = shape.weights(draw.normal(size=size))
    aim = _Aim(_Lattice(whole, len(judged), words, encoder, rows), shape, start, 0.5)
    point = shape.flat(start) + 0.3 * draw.normal(size=size)
    slope = aim(point)[1]
    for place in [*draw.integers(0, size, 8), size - 1, size - 7]:
        step = np.zeros(size)
        step[place] = 1e-5
        rise = (aim(point + step)[0] - aim(point - step)[0]) / 2e-5
        assert slope[place] == pytest.approx(rise, abs=1e-4)


def test_the_descent_finds_the_lowest_point() -> None:
    steep = np.array([1.0, 30.0, 900.0])
    target = np.array([3.0, -2.0, 0.5])

    def bowl(point: np.ndarray) -> tuple[float, np.ndarray]:
        return float(steep @ (point - target) ** 2) / 2 + 1, steep * (point - target)

    heard: list[float] = []
    found = descend(bowl, np.zeros(3), 100, 1e-12, lambda _step, value: heard.append(value))
    assert found.point == pytest.approx(target, abs=1e-3)
    assert heard == sorted(heard, reverse=True) and heard[-1] == found.value


def _taught(example: Example, start: Weights, **settings: float) -> Weights:
    return train([example] * 3, CLASSES, start, Settings()._replace(least=1, **settings))


def _known() -> tuple[Example, Weights]:
    """Return a sentence with its tags, and weights that know something else."""
    allowed = np.zeros((3, len(TAGS)), np.bool_)
    allowed[[0, 1, 2], [1, 0, 3]] = True
    start = Weights([*TAGS], {"b": 0}, np.full((1, len(TAGS)), 0.25, np.float32), np.eye(len(TAGS), dtype=np.float32))
    return Example(["Karin", "i", "Skåne"], allowed), start


def test_an_endless_pull_keeps_the_weights() -> None:
    example, start = _known()
    kept = _taught(example, start, pull=1e9)
    assert kept.weights[kept.rows["b"]] == pytest.approx(start.weights[0], abs=1e-4)
    assert kept.chain == pytest.approx(start.chain, abs=1e-4)
    assert set(kept.rows) == {"b"}
    free = _taught(example, start, pull=0.1)
    assert "w=karin" in free.rows


def test_training_is_the_same_each_time_and_a_better_start_is_quicker() -> None:
    example, start = _known()
    one, two = _taught(example, start), _taught(example, start)
    assert (one.weights == two.weights).all() and one.rows == two.rows
    steps: list[int] = []
    settings = Settings()._replace(least=1)
    whole = train([example] * 3, CLASSES, nothing(TAGS), settings, told=lambda step, _value: steps.append(step))
    again: list[int] = []
    train([example] * 3, CLASSES, nothing(TAGS), settings, first=whole, told=lambda step, _value: again.append(step))
    assert len(again) < len(steps)


def test_rehearsal_alone_changes_nothing() -> None:
    example, start = _known()
    kept = train([], CLASSES, start, Settings()._replace(least=1), [example])
    assert kept.weights[kept.rows["b"]] == pytest.approx(start.weights[0], abs=1e-3)
    assert train([], CLASSES, start).rows == start.rows
