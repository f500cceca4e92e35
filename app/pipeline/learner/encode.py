"""From words to numbers: each word's groups of features, each group's features, each feature's row of weights.

A group is what one word form, one pair of neighbours or one set of hints gives: it is worked out once, however often
it stands in the texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from app.pipeline.learner.chain import Numbers, Reals
from app.pipeline.names.features import BESIDE, NEAR, Classes, Look, edge, near, opens, own, pair, placed, sorts

Hints = Mapping[int, tuple[str, ...]]
"""For the number of a word in its sentence the features that other components give it."""
_WIDTH = 2 + len(NEAR) + len(BESIDE)
"""Groups of a word: its form, its neighbours, the pairs with them, its hints."""


class Encoder:
    """Gathers the groups of features of sentences' words."""

    def __init__(self, classes: Classes) -> None:
        """Look words up in ``classes``."""
        self._classes = classes
        self._looks: dict[str, Look] = {}
        self._numbers: dict[tuple[object, ...], int] = {}
        self.features: list[tuple[str, ...]] = [()]
        """The features of each group; the group 0 has none."""

    def encode(self, words: Sequence[str], hints: Hints) -> list[list[int]]:
        """Return each word's groups, filled up with the group 0."""
        last, found = len(words) - 1, []
        for i, word in enumerate(words):
            row = [self._group(self._form, word, opens(words, i))]
            for offset in NEAR:
                if not 0 <= i + offset <= last:
                    row.append(self._group(_edge, offset))
                    continue
                row.append(self._group(self._near, words[i + offset], offset))
                if offset in BESIDE:
                    row.append(self._group(self._pair, word, words[i + offset], offset))
            if i in hints:
                row.append(self._group(tuple, hints[i]))
            found.append(row + [0] * (_WIDTH - len(row)))
        return found

    def _group(self, features: Callable[..., Iterable[str]], *what: object) -> int:
        """Return the number of the group of ``features(*what)``."""
        number = self._numbers.get((features, *what))
        if number is None:
            number = self._numbers[features, *what] = len(self.features)
            self.features.append(tuple(features(*what)))
        return number

    def _look(self, word: str) -> Look:
        look = self._looks.get(word)
        if look is None:
            look = self._looks[word] = Look(word, self._classes)
        return look

    def _form(self, word: str, first: bool) -> Iterable[str]:
        return (*own(self._look(word)), *placed(self._look(word), first))

    def _near(self, word: str, offset: int) -> Iterable[str]:
        return near(self._look(word), offset)

    def _pair(self, word: str, other: str, offset: int) -> Iterable[str]:
        looks = self._look(word), self._look(other)
        return (*pair(*looks, offset), *sorts(*looks, offset))


def _edge(offset: int) -> Iterable[str]:
    return (edge(offset),)


class _Sums(NamedTuple):
    """A matrix of zeros and ones: place ``into[i]`` of the result adds up place ``take[i]``, for each ``i``."""

    into: Numbers
    take: Numbers
    size: int

    def __call__(self, rows: Reals) -> Reals:
        """Return the sums within each row; numpy's bincount is the quickest way to them."""
        return np.array([np.bincount(self.into, row.take(self.take), self.size) for row in rows])


class Design:
    """Words × features in two steps, words × groups × features, both ways. Tables have a row for each tag."""

    def __init__(
        self, words: Sequence[Sequence[int]], features: Sequence[Sequence[str]], rows: Mapping[str, int]
    ) -> None:
        """Take each word's groups, each group's features, and each feature's place; one without is left out."""
        groups = np.array(words, np.intp).reshape(len(words), _WIDTH)
        place, column = np.nonzero(groups)
        taken = groups[place, column]
        owner, row = [], []
        for number, names in enumerate(features):
            known = [rows[name] for name in names if name in rows]
            owner += [number] * len(known)
            row += known
        owners, known_rows = np.array(owner, np.intp), np.array(row, np.intp)
        self._up = _Sums(owners, known_rows, len(features)), _Sums(place, taken, len(words))
        self._down = _Sums(taken, place, len(features)), _Sums(known_rows, owners, len(rows))

    def emissions(self, weights: Reals) -> Reals:
        """Return for each tag and word the sum of the word's features' weights."""
        groups, words = self._up
        return words(groups(weights))

    def gradient(self, words: Reals) -> Reals:
        """Return for each tag and feature the sum over the words that have it."""
        groups, features = self._down
        return features(groups(words))


def count(words: Sequence[Sequence[int]], features: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return how many words have each feature."""
    often = np.bincount(np.fromiter(chain.from_iterable(words), np.intp), minlength=len(features))
    found: dict[str, int] = {}
    for number, names in enumerate(features):
        times = int(often[number])
        for name in names:
            found[name] = found.get(name, 0) + times
    return found
