"""Sharing documents out among annotators: who gets which, how many get the same, all by the ids alone.

Every document gets one annotator, those of the overlap several. Lengths are evened out by the longest-first rule
(Graham, *Bounds on multiprocessing timing anomalies*, 1969): each document goes to whoever has least so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.errors import UserError
from models.sampling import place_of


class Portion(NamedTuple):
    """A document to share out: its id, its length in code points, and whether it is a control."""

    id: str
    length: int
    control: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """How to share among ``annotators``, each named once.

    ``overlap`` is the share (0 to 1) of documents that ``each`` annotators get, None for all of them.
    Another ``seed`` shares out otherwise.
    """

    annotators: tuple[str, ...]
    overlap: float = 0.0
    each: int | None = None
    seed: str = ""


class Share(NamedTuple):
    """What one annotator gets: documents, those others get too, controls, and code points."""

    annotator: str
    documents: int
    overlapping: int
    controls: int
    length: int


def split(portions: Sequence[Portion], wish: Wish) -> dict[str, tuple[str, ...]]:
    """Return document → annotators, in the order of the wish. The order of ``portions`` does not matter.

    The overlap is exactly its share of the documents, rounded, and of the controls as well as that allows. Nobody
    has more than one control more than another.

    Raises:
        UserError: ``team.no-annotators``, ``team.no-overlap`` (not between 0 and 1) or ``team.too-few-annotators`` for
            the overlap.
    """
    each = _checked(wish)
    ordered = sorted(portions, key=lambda one: (-one.length, place_of("turn", wish.seed, one.id), one.id))
    shared = _overlapping(portions, wish)
    load = dict.fromkeys(wish.annotators, 0)
    counted = dict.fromkeys(wish.annotators, 0)
    turn = {one: place_of("annotator", wish.seed, one) for one in wish.annotators}
    given: dict[str, tuple[str, ...]] = {}

    def by_load(who: str) -> tuple[float, ...]:
        return load[who], turn[who]

    def by_number(who: str) -> tuple[float, ...]:
        return counted[who], load[who], turn[who]

    for one in sorted(ordered, key=lambda portion: not portion.control):
        # Controls come first and go by their number, so that everybody has as many.
        rank = by_number if one.control else by_load
        several = each if one.id in shared else 1
        takers = sorted(wish.annotators, key=rank)[:several] if several > 1 else [min(wish.annotators, key=rank)]
        for who in takers:
            load[who] += one.length
            counted[who] += one.control
        given[one.id] = tuple(sorted(takers, key=wish.annotators.index))
    return given


def _checked(wish: Wish) -> int:
    """Return how many annotators get a document of the overlap."""
    if not wish.annotators:
        raise UserError("team.no-annotators")
    if not 0 <= wish.overlap <= 1:
        raise UserError("team.no-overlap", overlap=f"{100 * wish.overlap:g}")
    each = len(wish.annotators) if wish.each is None else wish.each
    if wish.overlap and not 2 <= each <= len(wish.annotators):
        raise UserError("team.too-few-annotators", each=each, annotators=len(wish.annotators))
    return each


def _overlapping(portions: Sequence[Portion], wish: Wish) -> set[str]:
    """Return the documents of the overlap: controls and others in proportion, chosen by their ids."""
    whole = round(wish.overlap * len(portions))
    controls = [one.id for one in portions if one.control]
    others = [one.id for one in portions if not one.control]
    of_controls = min(len(controls), whole, round(wish.overlap * len(controls)))
    of_controls = max(of_controls, whole - len(others))
    chosen: set[str] = set()
    for ids, count in ((controls, of_controls), (others, whole - of_controls)):
        chosen |= set(sorted(ids, key=lambda one: (place_of("overlap", wish.seed, one), one))[:count])
    return chosen


def shares(portions: Sequence[Portion], given: dict[str, tuple[str, ...]], wish: Wish) -> list[Share]:
    """Return what each annotator gets, in the order of the wish."""
    counts = {who: [0, 0, 0, 0] for who in wish.annotators}
    for one in portions:
        people = given[one.id]
        for who in people:
            mine = counts[who]
            mine[0] += 1
            mine[1] += len(people) > 1
            mine[2] += one.control
            mine[3] += one.length
    return [Share(who, *mine) for who, mine in counts.items()]
