"""Sums over all taggings of many sentences at once, and what they expect: the forward-backward algorithm.

Words lie in packed order: the first words of all sentences, longest sentence first, then all second words, and so on.
So every step is one matrix product, and nothing is padded. Probabilities are scaled at each step (Rabiner 1989).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Numbers = NDArray[np.intp]
Flags = NDArray[np.bool_]


class Packing(NamedTuple):
    """How the words of sentences lie: ``order[i]`` is the word (counted through all sentences) at place ``i``;
    ``counts[t]`` says how many sentences have a word ``t``; ``sentence[i]`` is the sentence of the word at ``i``."""

    order: Numbers
    counts: list[int]
    sentence: Numbers


class Expected(NamedTuple):
    """Of each word how probable each tag is, of each step how often it is expected, and the log sum of all taggings."""

    tags: Reals
    steps: Reals
    logarithm: float


def pack(lengths: Sequence[int]) -> Packing:
    """Return the packed order of sentences with these lengths, none of them empty."""
    sizes = np.asarray(lengths, np.intp)
    ranked = np.argsort(-sizes, kind="stable")
    begins = np.cumsum(sizes) - sizes
    counts = [int((sizes > step).sum()) for step in range(int(sizes.max(initial=0)))]
    order = [begins[ranked[:count]] + step for step, count in enumerate(counts)]
    sentence = [ranked[:count] for count in counts]
    empty = np.zeros(0, np.intp)
    return Packing(np.concatenate([empty, *order]), counts, np.concatenate([empty, *sentence]))


def allowed_steps(tags: Sequence[str]) -> tuple[Flags, Flags]:
    """Return which tag may begin a sentence, and which may follow which: ``I-X`` only ``B-X`` or ``I-X``."""
    inside = np.array([tag[0] == "I" for tag in tags])
    same = np.array([[one[1:] == other[1:] for other in tags] for one in tags])
    return ~inside, ~inside[None, :] | same


def expect(potentials: Reals, counts: Sequence[int], ways: Reals, opening: Flags, weight: Reals) -> Expected:
    """Return what is expected under potentials (not logarithms) of each word's tags and of each step.

    Args:
        potentials: for each word in packed order a number for each tag; 0 shuts a tag out.
        counts: see :class:`Packing`.
        ways: a number for each step from tag to tag; 0 shuts it out.
        opening: which tags may begin a sentence.
        weight: how much each word's sentence counts.
    """
    ahead, behind = np.empty_like(potentials), np.ones_like(potentials)
    scale = np.empty(len(potentials))
    places = _places(counts)
    for step, (start, end) in enumerate(places):
        if step == 0:
            now = potentials[:end] * opening
        else:
            before = places[step - 1][0]
            now = (ahead[before : before + end - start] @ ways) * potentials[start:end]
        sums = now.sum(1)
        ahead[start:end] = now / sums[:, None]
        scale[start:end] = sums
    pairs = np.zeros_like(ways)
    for step in range(len(places) - 1, 0, -1):
        start, end = places[step]
        before = places[step - 1][0]
        follow = potentials[start:end] * behind[start:end] / scale[start:end, None]
        behind[before : before + end - start] = follow @ ways.T
        pairs += ahead[before : before + end - start].T @ (follow * weight[start:end, None])
    return Expected(ahead * behind, pairs * ways, float(weight @ np.log(scale)))


def _places(counts: Sequence[int]) -> list[tuple[int, int]]:
    ends = np.cumsum(counts).tolist()
    return [(end - count, end) for end, count in zip(ends, counts, strict=True)]
