"""The most probable tags of many sentences at once, and how probable a name is.

Viterbi's and the forward-backward algorithm (Rabiner 1989) over sentences sorted by length, so that every step is one
operation on all sentences that still have a word there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.pipeline.names.files import Floats

Reals = NDArray[np.float64]
_NEVER = np.float32(-1e4)
_TINY = 1e-300


def best_tags(rows: Sequence[Floats], chain: Floats, tags: Sequence[str]) -> list[list[int]]:
    """Return the most probable tags of each sentence; a name goes on only where one of its label began.

    Args:
        rows: for each sentence a sum for every word and tag.
        chain: the weight of a tag after a tag.
        tags: the names of the tags: O, B-PER, I-PER, …
    """
    order, block, counts = _block(rows)
    ways = _allowed(chain, tags)
    if not order:
        return []
    best = block[0] + _opening(tags)
    back = np.zeros(block.shape, np.intp)
    for step in range(1, len(block)):
        count = counts[step]
        reach = best[:count, :, None] + ways
        back[step, :count] = reach.argmax(1)
        best[:count] = reach.max(1) + block[step, :count]
    last = best.argmax(1)
    found: list[list[int]] = [[] for _ in rows]
    path = np.zeros(block.shape[:2], np.intp)
    for step in range(len(block) - 1, -1, -1):
        count = counts[step]
        going = counts[step + 1] if step + 1 < len(block) else 0
        path[step, going:count] = last[going:count]
        if going:
            path[step, :going] = back[step + 1, np.arange(going), path[step + 1, :going]]
    for place, number in enumerate(order):
        found[number] = path[: len(rows[number]), place].tolist()
    return found


def span_scores(
    rows: Sequence[Floats],
    chain: Floats,
    tags: Sequence[str],
    places: Sequence[tuple[int, int, int, str]],
) -> Iterator[float]:
    """Yield how probable each name ``(sentence, first word, end, label)`` is: exactly these words, this label."""
    wanted = sorted({number for number, *_ in places})
    seats = {number: seat for seat, number in enumerate(wanted)}
    chosen = [rows[number] for number in wanted]
    order, block, counts = _block(chosen)
    ways = _allowed(chain, tags)
    seat_of = {number: place for place, number in enumerate(order)}
    if not order:
        return
    ahead, behind, whole = _sums(block, counts, ways, _opening(tags))
    for number, start, end, label in places:
        at = seat_of[seats[number]]
        begin, inside = tags.index(f"B-{label}"), tags.index(f"I-{label}")
        score = ahead[start, at, begin]
        tag = begin
        for step in range(start + 1, end):
            score += ways[tag, inside] + block[step, at, inside]
            tag = inside
        if end < len(rows[number]):
            after = ways[tag] + block[end, at] + behind[end, at]
            after[inside] = _NEVER
            score += np.logaddexp.reduce(after)
        yield min(1.0, float(np.exp(score - whole[at])))


def _sums(block: Floats, counts: Sequence[int], ways: Floats, opening: Floats) -> tuple[Reals, Reals, Reals]:
    """Return the log sums over all taggings up to each word, after each word, and of the whole sentences.

    Each step is one matrix product of scaled numbers; the scales go into the logarithms at the end.
    """
    top = block.max(2, keepdims=True).astype(np.float64)
    shares, steps = np.exp(block - top), np.exp((ways - ways.max()).astype(np.float64))
    lifted = top[:, :, 0] + float(ways.max())
    ahead, behind = np.ones_like(shares), np.ones_like(shares)
    before, after = np.zeros(lifted.shape), np.zeros(lifted.shape)
    for step, count in enumerate(counts):
        reach = ahead[step - 1, :count] @ steps if step else np.exp(opening.astype(np.float64))
        now = reach * shares[step, :count]
        sums = now.sum(1)
        ahead[step, :count] = now / sums[:, None]
        known = before[step - 1, :count] + lifted[step, :count] if step else top[step, :count, 0]
        before[step, :count] = known + np.log(sums)
    for step in range(len(counts) - 1, 0, -1):
        count = counts[step]
        now = (shares[step, :count] * behind[step, :count]) @ steps.T
        sums = now.max(1)
        behind[step - 1, :count] = now / sums[:, None]
        after[step - 1, :count] = after[step, :count] + lifted[step, :count] + np.log(sums)
    last = (np.array(counts)[:, None] > np.arange(block.shape[1])).sum(0) - 1
    whole: Reals = before[last, np.arange(block.shape[1])]
    return _logarithm(ahead) + before[:, :, None], _logarithm(behind) + after[:, :, None], whole


def _logarithm(values: Reals) -> Reals:
    found: Reals = np.log(np.maximum(values, _TINY))
    return found


def _block(rows: Sequence[Floats]) -> tuple[list[int], Floats, list[int]]:
    """Return the sentences, longest first, as one array ``(step, sentence, tag)``, and how many reach each step."""
    if not rows:
        return [], np.zeros((0, 0, 0), np.float32), []
    order = sorted(range(len(rows)), key=lambda number: -len(rows[number]))
    block = np.zeros((len(rows[order[0]]), len(rows), rows[0].shape[1]), np.float32)
    lengths = np.array([len(rows[number]) for number in order])
    for place, number in enumerate(order):
        block[: lengths[place], place] = rows[number]
    return order, block, [int((lengths > step).sum()) for step in range(len(block))]


def _opening(tags: Sequence[str]) -> Floats:
    return np.array([_NEVER if tag[0] == "I" else 0 for tag in tags], np.float32)


def _allowed(chain: Floats, tags: Sequence[str]) -> Floats:
    """Return the weights of the steps, impossible ones shut: inside a name only after its own label."""
    ways = chain.copy()
    for before, one in enumerate(tags):
        for after, other in enumerate(tags):
            if other[0] == "I" and one[1:] != other[1:]:
                ways[before, after] = _NEVER
    return ways
