"""Remembered pairs: two entities that a relation joined, found again where both are said in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import NamedTuple

from models.memory import FORM, LEAST, Tally
from models.sentences import passage_around
from models.spans import Span
from models.wording import form_of

MOST_ENDS = 40
"""A passage with more entities than this is a list, in which sharing a line says nothing."""


class End(NamedTuple):
    """What a relation may end on: a suggestion's id, its label, and where it is."""

    id: str
    label: str
    span: Span


class Pair(NamedTuple):
    """Two entities as they are remembered: form and label of the head, form and label of the tail."""

    head: FORM
    head_label: str
    tail: FORM
    tail_label: str


class Joined(NamedTuple):
    """A relation that the memory proposes."""

    label: str
    head: str
    tail: str
    score: float
    pair: Pair


class Pairs:
    """How often each relation was confirmed between the entities of a pair, and how often refused."""

    def __init__(self) -> None:
        self._said: dict[Pair, dict[str, dict[tuple[str, str], int]]] = {}
        """Pair → relation → quotes of head and tail → how often it was confirmed."""
        self._refused: Counter[tuple[Pair, str]] = Counter()

    def __len__(self) -> int:
        return len(self._said)

    def remember(self, label: str, head: tuple[str, str], tail: tuple[str, str], times: int) -> bool:
        """Let a relation stand so often between two entities (quote and label each); whether that is news."""
        pair = Pair(form_of(head[0]), head[1], form_of(tail[0]), tail[1])
        quotes = (head[0], tail[0])
        known = self._said.setdefault(pair, {}).setdefault(label, {})
        news = known.get(quotes, 0) != times
        known[quotes] = times
        if not times:
            del known[quotes]
        if not known:
            del self._said[pair][label]
        if not self._said[pair]:
            del self._said[pair]
        return news

    def times(self, label: str, head: tuple[str, str], tail: tuple[str, str]) -> int:
        """Return how often a relation stands between two entities, as :meth:`remember` was told."""
        pair = Pair(form_of(head[0]), head[1], form_of(tail[0]), tail[1])
        return self._said.get(pair, {}).get(label, {}).get((head[0], tail[0]), 0)

    def refuse(self, refused: Counter[tuple[Pair, str]]) -> set[tuple[Pair, str]]:
        """Let these relations have been refused so often, and no others; return for which that is news."""
        before, self._refused = self._refused, refused
        return {one for one in before.keys() | refused.keys() if before[one] != refused[one]}

    def tallies(self, pair: Pair) -> dict[str, Tally]:
        """Return relation → what speaks for and against it between the entities of a pair."""
        return {
            label: Tally(sum(quotes.values()), self._refused[pair, label])
            for label, quotes in self._said.get(pair, {}).items()
        }

    def read(self, text: str, ends: Sequence[End]) -> Iterator[Joined]:
        """Yield the relations between entities that stand in one sentence; the nearest of equal entities counts."""
        if not self._said:
            return
        for here in _by_sentence(text, ends):
            best: dict[tuple[Pair, str], tuple[int, Joined]] = {}
            forms = [form_of(text[end.span.start : end.span.end]) for end in here]
            for (number, head), (other, tail) in permutations(enumerate(here), 2):
                pair = Pair(forms[number], head.label, forms[other], tail.label)
                for label, tally in self.tallies(pair).items():
                    score = round(tally.share, 4)
                    found = (abs(head.span.start - tail.span.start), Joined(label, head.id, tail.id, score, pair))
                    if score >= LEAST:
                        best[pair, label] = min(best.get((pair, label), found), found)
            yield from (joined for _, joined in best.values())


def _by_sentence(text: str, ends: Sequence[End]) -> Iterator[list[End]]:
    ordered = sorted(ends, key=lambda end: end.span)
    here: list[End] = []
    sentence = Span(0, 0)
    for end in ordered:
        if end.span.start >= sentence.end:
            if 1 < len(here) <= MOST_ENDS:
                yield here
            here, sentence = [], passage_around(text, end.span.start, "sentence")
        if sentence.contains(end.span):
            here.append(end)
    if 1 < len(here) <= MOST_ENDS:
        yield here
