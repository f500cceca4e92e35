"""Fitting the weights to sentences whose tags are known, partly known, or known not to be something.

The conditional likelihood of what is known, summed over everything that is not (Tsuboi, Kashima, Mori, Oda and
Matsumoto 2008), and a pull towards the weights that training starts from (Chelba and Acero 2004).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from app.pipeline.learner.chain import Expected, Flags, Reals, allowed_steps, expect, pack
from app.pipeline.learner.descent import descend
from app.pipeline.learner.encode import Design, Encoder, Hints, count
from app.pipeline.names.features import Classes
from app.pipeline.names.files import Weights

_NOTHING = 0.005
"""A feature whose weights all lie below this is left out: it decides nothing."""
_FARTHEST = 600.0
"""A tag this much below a word's best counts as this much below: exp() of less would be nothing at all."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence: its words, the tags that each may have, what other components hint at, how much it counts."""

    words: Sequence[str]
    allowed: Flags
    hints: Hints = field(default_factory=dict)
    weight: float = 1.0


class Settings(NamedTuple):
    """How training goes; the numbers come from ``packaging/measure_finetuning.py``."""

    pull: float = 1.0
    """How strongly weights are pulled to where they started from."""
    share: float = 0.75
    """How far of the way to the lowest point the weights go in the end: text of the old kind is read better for it and
    text of the new kind no worse (Wortsman et al. 2022)."""
    least: int = 2
    """New features that fewer words have are left out: their weight goes to shape and surroundings."""
    steps: int = 60
    gain: float = 2e-4
    """Training ends when a step gains less than this share."""


SETTINGS = Settings()


def nothing(tags: Sequence[str]) -> Weights:
    """Return weights that know nothing."""
    size = len(tags)
    return Weights([*tags], {}, np.zeros((0, size), np.float32), np.zeros((size, size), np.float32))


def tags_of(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the tags for these labels."""
    return ("O", *(f"{sign}-{label}" for label in labels for sign in "BI"))


def widened(start: Weights, tags: Sequence[str]) -> Weights:
    """Return the same weights for more tags; those of new tags are 0."""
    places = [tags.index(tag) for tag in start.tags]
    weights = np.zeros((len(start.weights), len(tags)), np.float32)
    weights[:, places] = start.weights
    chain = np.zeros((len(tags), len(tags)), np.float32)
    chain[np.ix_(places, places)] = start.chain
    return Weights([*tags], dict(start.rows), weights, chain)


def train(
    examples: Sequence[Example],
    classes: Classes,
    start: Weights,
    settings: Settings = SETTINGS,
    rehearsal: Sequence[Example] = (),
    first: Weights | None = None,
    fresh: Collection[str] = (),
    told: Callable[[int, float], None] | None = None,
) -> Weights:
    """Return the weights that fit the examples best and stay close to ``start``.

    Args:
        examples: their ``allowed`` has a column for each of the tags of ``start``.
        classes: the class of each word, see ``app.pipeline.names.files``.
        rehearsal: sentences on which the weights shall go on saying what ``start`` says; ``allowed`` means nothing.
        first: where the descent begins, if it is not ``start``: weights of an earlier training with the same tags. They
            change how long it takes; the lowest point is the same unless something is only partly known.
        fresh: labels that nothing at the start proposes. Their weights go all the way, and so do all that start from
            nothing.
        told: hears of each step and the value reached.
    """
    whole = [one for one in (*examples, *rehearsal) if len(one.words)]
    if not whole:
        return start
    encoder = Encoder(classes)
    words = [row for one in whole for row in encoder.encode(one.words, one.hints)]
    rows = dict(start.rows)
    often = count(words, encoder.features)
    for name in sorted(name for name, times in often.items() if times >= settings.least):
        rows.setdefault(name, len(rows))
    shape = _Shape(rows, start.tags)
    judged = sum(len(one.words) > 0 for one in examples)
    aim = _Aim(_Lattice(whole, judged, words, encoder, rows), shape, start, settings.pull)
    reached = descend(aim, shape.flat(first or start), settings.steps, settings.gain, told)
    return shape.weights(_part_of_the_way(shape, start, reached.point, settings.share, fresh))


def _part_of_the_way(shape: _Shape, start: Weights, point: Reals, share: float, fresh: Collection[str]) -> Reals:
    begun = shape.flat(start)
    moved = point - begun
    if start.rows:
        shares = np.array([1.0 if tag[2:] in fresh else share for tag in start.tags])
        table, chain = shape.parts(moved)
        table *= shares[:, None]
        chain *= shares
    return begun + moved


class _Shape:
    """How weights lie in one row of numbers: each feature's, then the chain's."""

    def __init__(self, rows: dict[str, int], tags: list[str]) -> None:
        self._rows, self._tags = rows, tags

    def flat(self, weights: Weights) -> Reals:
        table = np.zeros((len(self._tags), len(self._rows)))
        known = [(self._rows[name], row) for name, row in weights.rows.items() if name in self._rows]
        if known:
            here, there = np.array(known, np.intp).T
            table[:, here] = weights.weights[there].T
        return np.concatenate([table.ravel(), weights.chain.ravel()])

    def parts(self, point: Reals) -> tuple[Reals, Reals]:
        """Return the features' table, a row for each tag, and the chain's that a row of numbers holds."""
        size = len(self._tags)
        return point[: -size * size].reshape(size, -1), point[-size * size :].reshape(size, size)

    def weights(self, point: Reals) -> Weights:
        """Return the weights, features without any left out."""
        table, chain = self.parts(point)
        kept = np.abs(table).max(0, initial=0.0) >= _NOTHING
        names = [name for name, row in self._rows.items() if kept[row]]
        rows = {name: row for row, name in enumerate(names)}
        table = table[:, [self._rows[name] for name in names]].T
        return Weights(self._tags, rows, table.astype(np.float32), chain.astype(np.float32))


class _Lattice:
    """The sentences in packed order: their features, what their words may be, and what each sentence counts."""

    def __init__(
        self, whole: Sequence[Example], judged: int, words: list[list[int]], encoder: Encoder, rows: dict[str, int]
    ) -> None:
        packing = pack([len(one.words) for one in whole])
        self.counts = packing.counts
        self.design = Design([words[i] for i in packing.order.tolist()], encoder.features, rows)
        self.allowed = np.concatenate([one.allowed for one in whole])[packing.order]
        self.weight = np.array([one.weight for one in whole])[packing.sentence]
        self.rehearsed = packing.sentence >= judged

    def emissions(self, weights: Reals) -> Reals:
        """Return the sums of weights, a row for each word."""
        return np.ascontiguousarray(self.design.emissions(weights).T)


class _Aim:
    """What is made small: how improbable the examples are, and how far the weights have gone."""

    def __init__(self, lattice: _Lattice, shape: _Shape, start: Weights, pull: float) -> None:
        self._lattice, self._shape, self._pull = lattice, shape, pull
        self._opening, self._steps = allowed_steps(start.tags)
        self._start = shape.flat(start)
        self._judged = np.where(lattice.rehearsed, 0.0, lattice.weight)
        sums = lattice.emissions(shape.parts(self._start)[0])
        kept = np.where(lattice.rehearsed, lattice.weight, 0.0)
        said = self._expect(np.exp(_bounded(sums)[0]), start.chain.astype(np.float64), kept)
        self._said_tags, self._said_steps = said.tags * kept[:, None], said.steps

    def _expect(self, potentials: Reals, chain: Reals, weight: Reals) -> Expected:
        ways = np.where(self._steps, np.exp(chain - chain.max()), 0.0)
        return expect(potentials, self._lattice.counts, ways, self._opening, weight)

    def __call__(self, point: Reals) -> tuple[float, Reals]:
        """Return the value and the gradient at a point."""
        lattice, (weights, chain) = self._lattice, self._shape.parts(point)
        sums = lattice.emissions(weights)
        bounded, top = _bounded(sums)
        potentials = np.exp(bounded)
        free = self._expect(potentials, chain, lattice.weight)
        known = self._expect(potentials * lattice.allowed, chain, self._judged)
        table = free.tags * lattice.weight[:, None] - known.tags * self._judged[:, None] - self._said_tags
        steps = free.steps - known.steps - self._said_steps
        kept = lattice.weight - self._judged
        begun = kept[lattice.counts[0] :].sum() if lattice.counts else 0.0
        moved = point - self._start
        value = free.logarithm - known.logarithm + self._pull / 2 * float(moved @ moved)
        value += float(kept @ top[:, 0]) + begun * float(chain.max())
        value -= float((self._said_tags * sums).sum() + (self._said_steps * chain).sum())
        return value, np.concatenate(
            [lattice.design.gradient(np.ascontiguousarray(table.T)).ravel(), steps.ravel()]
        ) + self._pull * moved


def _bounded(sums: Reals) -> tuple[Reals, Reals]:
    """Return sums with each word's best at 0 and none too far below, and how high the best was."""
    top = sums.max(1, keepdims=True)
    return np.maximum(sums - top, -_FARTHEST), top
