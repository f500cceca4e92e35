"""What could be related: pairs of entities and claims that the label set lets join, near each other, with features."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from app.pipeline.trained.surroundings import Surroundings
from models.spans import Span

_WORD = re.compile(r"\w+|[^\w\s]")
_FAR = 8
"""Words between two ends after which only that there are many is told."""
_BESIDE = 2
"""Words before the first end and after the second one that are looked at."""
_STEM = 6


class Node(NamedTuple):
    """An entity or a claim in the original's code points; ``facets`` of a claim."""

    span: Span
    label: str
    claim: bool = False
    facets: Mapping[str, object] = {}


class Pair(NamedTuple):
    """Two nodes by their numbers, the labels that may join them, and the features."""

    head: int
    tail: int
    labels: tuple[str, ...]
    features: tuple[str, ...]


class Rule(NamedTuple):
    """Which relation may join what, as the label set says: pairs of labels, "*" for any entity."""

    label: str
    pairs: tuple[tuple[str, str], ...]
    symmetric: bool = False

    def allows(self, head: Node, tail: Node) -> bool:
        """Whether it may lead from one to the other, or back if it is symmetric."""
        ends = [(head, tail), (tail, head)] if self.symmetric else [(head, tail)]
        return any(_fits(a, one) and _fits(b, other) for a, b in self.pairs for one, other in ends)


def _fits(wanted: str, node: Node) -> bool:
    return wanted == node.label or (wanted == "*" and not node.claim)


class _Seen(NamedTuple):
    """A node in the cleaned text, and the first and last sentence that it lies in."""

    start: int
    end: int
    first: int
    last: int


class Pairs:
    """The pairs of one document."""

    def __init__(self, around: Surroundings, nodes: Sequence[Node], rules: Sequence[Rule], window: int) -> None:
        """``window``: sentences between the ends of a pair, 0 for the same one only."""
        self._around = around
        self._nodes = nodes
        self._rules = rules
        self._window = window
        self._seen = [self._see(one) for one in nodes]
        self._order = sorted(range(len(nodes)), key=lambda number: self._seen[number])
        self._starts = [self._seen[number].start for number in self._order]
        self._allowed: dict[tuple[tuple[str, bool], tuple[str, bool]], tuple[str, ...]] = {}
        self._ruled = self._by_rules()

    def _see(self, node: Node) -> _Seen:
        start, end = self._around.cleaned(node.span)
        first, last = self._around.sentence_at(start), self._around.sentence_at(max(start, end - 1))
        return _Seen(start, end, first, last)

    def _by_rules(self) -> dict[tuple[tuple[int, int], tuple[int, int]], list[str]]:
        """Return places of both ends → what the rules say joins them."""
        found: dict[tuple[tuple[int, int], tuple[int, int]], list[str]] = {}
        page = self._around.page
        for link in page.links:
            places = (link.head.start, link.head.end), (link.tail.start, link.tail.end)
            found.setdefault(places, []).append(f"{link.label} {link.source}")
        for claim in page.claims:
            if claim.speaker is not None:
                places = (claim.start, claim.end), (claim.speaker.start, claim.speaker.end)
                found.setdefault(places, []).append(f"ATTRIBUTED_TO {claim.source}")
        return found

    def labels(self, head: int, tail: int) -> tuple[str, ...]:
        """Return what may lead from one node to the other. Of a symmetric relation only the first of the text leads."""
        one, other = self._nodes[head], self._nodes[tail]
        key = (one.label, one.claim), (other.label, other.claim)
        if key not in self._allowed:
            self._allowed[key] = tuple(rule.label for rule in self._rules if rule.allows(one, other))
        forward = self._seen[head] <= self._seen[tail]
        symmetric = {rule.label for rule in self._rules if rule.symmetric}
        return tuple(label for label in self._allowed[key] if forward or label not in symmetric)

    def __iter__(self) -> Iterator[Pair]:
        """Yield every pair within the window, in the order of the text."""
        for place, number in enumerate(self._order):
            one = self._seen[number]
            for other in self._order[place + 1 :]:
                if self._seen[other].first - one.last > self._window:
                    break
                for head, tail in ((number, other), (other, number)):
                    if labels := self.labels(head, tail):
                        yield Pair(head, tail, labels, tuple(self._features(head, tail)))

    def _features(self, head: int, tail: int) -> Iterator[str]:
        one, other = self._seen[head], self._seen[tail]
        labels = f"{self._nodes[head].label}>{self._nodes[tail].label}"
        left, right = (one, other) if one <= other else (other, one)
        order = "<" if one <= other else ">"
        yield f"pair:{labels}{order}"
        for said in self._ruled.get(((one.start, one.end), (other.start, other.end)), ["-"]):
            yield f"ruled:{said}"
            yield f"ruled:{said.partition(' ')[0]}:{labels}"
        apart = right.first - left.last
        yield f"apart:{min(apart, 4)}{labels}"
        if right.start < left.end:
            yield f"inside:{labels}{order}"
        else:
            yield from self._between(left, right, f"{labels}{order}")
        yield from self._beside(left, right, labels)
        for end, node in (("head", self._nodes[head]), ("tail", self._nodes[tail])):
            if node.claim:
                yield from (f"{end}:{name}={value}" for name, value in sorted(node.facets.items()) if name != "cue")
        yield from self._nearest(head, tail, labels)

    def _between(self, left: _Seen, right: _Seen, labels: str) -> Iterator[str]:
        text = self._around.text[left.end : right.start]
        words = [word.lower() for word in _WORD.findall(text)]
        others = self._count(left.end, right.start)
        yield f"others:{min(others, 4)}{labels}"
        yield f"words:{min(len(words), _FAR)}{labels}"
        yield f"lines:{min(text.count(chr(10)), 2)}{labels}"
        if len(words) <= _FAR:
            yield f"exact:{' '.join(words)}{labels}"
            yield f"exact:{' '.join(words)}"
        for word in dict.fromkeys(words[: 2 * _FAR]):
            yield f"b:{word}{labels}"
            yield f"s:{word[:_STEM]}"

    def _count(self, start: int, end: int) -> int:
        """Return how many entities begin in a stretch."""
        numbers = self._order[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        return sum(not self._nodes[number].claim for number in numbers)

    def _beside(self, left: _Seen, right: _Seen, labels: str) -> Iterator[str]:
        text, sentences = self._around.text, self._around.sentences
        opening = sentences[left.first].start if sentences else 0
        closing = sentences[right.last].end if sentences else len(text)
        before = [word.lower() for word in _WORD.findall(text[opening : left.start])][-_BESIDE:]
        after = [word.lower() for word in _WORD.findall(text[right.end : max(closing, right.end)])][:_BESIDE]
        yield f"before:{' '.join(before)}{labels}"
        yield f"after:{' '.join(after)}{labels}"
        yield from (f"l:{word[:_STEM]}{labels}" for word in before)
        yield from (f"r:{word[:_STEM]}{labels}" for word in after)
        if sentences:
            yield f"role:{sentences[left.first].role}{labels}"

    def _nearest(self, head: int, tail: int, labels: str) -> Iterator[str]:
        """Whether the tail is the nearest of its label to the head, before it or after it."""
        one, other = self._seen[head], self._seen[tail]
        label = self._nodes[tail].label
        low, high = sorted((one.start, other.start))
        numbers = self._order[bisect_left(self._starts, low) : bisect_left(self._starts, high)]
        rivals = sum(self._nodes[n].label == label and n not in (head, tail) for n in numbers)
        yield f"rivals:{min(rivals, 3)}{labels}{one <= other}"
