"""The learned weights, and how they are applied: sums per word form and pair, kept once they are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from app.pipeline.names.decode import best_tags, span_scores
from app.pipeline.names.features import (
    BESIDE,
    NEAR,
    OPENERS,
    Classes,
    Look,
    edge,
    near,
    own,
    pair,
    placed,
    plain,
    sorts,
)
from app.pipeline.names.files import (
    Floats,
    Weights,
    folder,
    read_classes,
    read_weights,
    write_classes,
    write_weights,
)

_MOST_WORDS, _MOST_PAIRS = 60_000, 240_000
"""Word forms and pairs whose sums are kept, some 25 MB; then they are forgotten and gathered anew."""


class Name(NamedTuple):
    """A name among the words of a sentence, and how probable exactly this name is (0 to 1)."""

    start: int
    end: int
    label: str
    score: float


class NameModel:
    """A linear-chain conditional random field over the words of a sentence."""

    def __init__(self, place: Path | None = None, *, stored: tuple[Classes, Weights] | None = None) -> None:
        """Load the model in ``place``, else the one that ships; or take what is ``stored``."""
        self.classes, self.stored = stored or (read_classes(place := place or folder()), read_weights(place))
        self.tags, self._rows, self._weights, self.chain = self.stored
        self._weights = np.concatenate([self._weights, np.zeros((1, len(self.tags)), np.float32)])
        self._edges = dict(zip(NEAR, self._sums([[edge(offset)] for offset in NEAR]), strict=True))
        self._forget()

    def save(self, place: Path) -> None:
        """Write the model to the folder ``place``, so that it can be loaded from there."""
        write_classes(place, self.classes)
        tags, rows, weights, chain = self.stored
        write_weights(place, tags, {name: weights[row].tolist() for name, row in rows.items()}, chain)

    def _forget(self) -> None:
        self._words: dict[str, int] = {}
        self._looks: list[Look] = []
        self._opens: list[bool] = []
        self._pairs: dict[tuple[int, int], int] = {}
        self._sorts: dict[tuple[str, str], int] = {}
        self._alone = _Table(2 + len(NEAR), len(self.tags))
        self._beside = _Table(len(BESIDE), len(self.tags))

    def read(self, sentences: Sequence[Sequence[str]]) -> list[list[Name]]:
        """Return the names in each sentence, in order."""
        self.forget_if_full()
        filled = [number for number, words in enumerate(sentences) if words]
        rows = self.emissions([sentences[number] for number in filled])
        tags = best_tags(rows, self.chain, self.tags)
        found: list[list[Name]] = [[] for _ in sentences]
        places = [
            (at, start, end, label)
            for at, row in enumerate(tags)
            for start, end, label in spans_of([self.tags[tag] for tag in row])
        ]
        for (at, start, end, label), score in zip(
            places, span_scores(rows, self.chain, self.tags, places), strict=True
        ):
            found[filled[at]].append(Name(start, end, label, score))
        return found

    def forget_if_full(self) -> None:
        """Forget the sums of words and pairs when they have become too many; they are gathered anew."""
        if len(self._words) > _MOST_WORDS or len(self._pairs) > _MOST_PAIRS:
            self._forget()

    def emissions(self, sentences: Sequence[Sequence[str]]) -> list[Floats]:
        """Return for each sentence, none of them empty, every word's sum of weights for every tag."""
        if not sentences:
            return []
        ids = [self._word(word) for words in sentences for word in words]
        lengths = np.array([len(words) for words in sentences])
        ends = np.cumsum(lengths)
        starts = ends - lengths
        pairs = [self._pair(one, other) for one, other in pairwise(ids)]
        words = np.array(ids)
        position = np.arange(len(ids)) - np.repeat(starts, lengths)
        left = np.repeat(lengths, lengths) - position - 1
        first = np.ones(len(ids), np.intp)
        first[1:] = np.array(self._opens, np.intp)[words[:-1]]
        first[starts] = 1
        total = self._alone.rows[words, first]
        for kind, offset in enumerate(NEAR, 2):
            there = np.flatnonzero(position >= -offset if offset < 0 else left >= offset)
            missing = np.flatnonzero(position < -offset if offset < 0 else left < offset)
            total[there] += self._alone.rows[words[there + offset], kind]
            total[missing] += self._edges[offset]
        joined = np.flatnonzero(left > 0)
        between = np.array(pairs, np.intp)[joined] if len(joined) else joined
        total[joined + 1] += self._beside.rows[between, 0]
        total[joined] += self._beside.rows[between, 1]
        return np.split(total, ends[:-1])

    def _sums(self, groups: Sequence[Iterable[str]]) -> Floats:
        """Return the sum of weights of each group of features."""
        rows: list[int] = []
        heads = []
        for names in groups:
            heads.append(len(rows))
            rows.append(-1)  # the row of nothing: a group may hold no known feature
            rows += [row for name in names if (row := self._rows.get(name)) is not None]
        found: Floats = np.add.reduceat(self._weights[rows], heads, axis=0)
        return found

    def _word(self, word: str) -> int:
        number = self._words.get(word)
        if number is None:
            look = Look(word, self.classes)
            sums = self._sums(
                [
                    own(look),
                    placed(look, False),
                    placed(look, True),
                    *(near(look, offset) for offset in NEAR),
                ]
            )
            sums[1:3] += sums[0]
            number = self._words[word] = self._alone.add(sums[1:])
            self._looks.append(look)
            self._opens.append(plain(word) in OPENERS)
        return number

    def _pair(self, one: int, other: int) -> int:
        number = self._pairs.get((one, other))
        if number is None:
            before, after = self._looks[one], self._looks[other]
            number = self._sort(before, after)
            left, right = list(pair(after, before, -1)), list(pair(before, after, 1))
            if any(name in self._rows for name in left + right):
                number = self._beside.add(self._beside.rows[number] + self._sums([left, right]))
            self._pairs[one, other] = number
        return number

    def _sort(self, before: Look, after: Look) -> int:
        number = self._sorts.get((before.sort, after.sort))
        if number is None:
            number = self._beside.add(self._sums([sorts(after, before, -1), sorts(before, after, 1)]))
            self._sorts[before.sort, after.sort] = number
        return number


class _Table:
    """Rows of sums that grow at the end."""

    def __init__(self, kinds: int, tags: int) -> None:
        self.rows: Floats = np.zeros((1024, kinds, tags), np.float32)
        self._used = 0

    def add(self, parts: Floats) -> int:
        """Put the sums of one word or pair at the end and return their row."""
        if self._used == len(self.rows):
            self.rows = np.concatenate([self.rows, np.zeros_like(self.rows)])
        self.rows[self._used] = parts
        self._used += 1
        return self._used - 1


def spans_of(tags: Sequence[str]) -> Iterable[tuple[int, int, str]]:
    """Yield ``(first word, end, label)`` of each name in a row of tags."""
    start, label = -1, ""
    for i, tag in enumerate([*tags, "O"]):
        if start >= 0 and (tag[0] != "I" or tag[2:] != label):
            yield start, i, label
            start = -1
        if tag != "O" and start < 0:
            start, label = i, tag[2:]
