"""What work took, as counters that only grow."""

from __future__ import annotations

from collections.abc import Iterable

from models.merge.records import Shape
from models.merge.values import Record

_SHAPE = Shape("effort")


def merged_effort(*sides: Iterable[Record]) -> list[Record]:
    """Return the greater of each number by annotator, label and action."""
    found: dict[str, Record] = {}
    for one in (one for side in sides for one in side):
        known = found.setdefault(_SHAPE.key(one), one)
        if known is not one:
            found[_SHAPE.key(one)] = {name: _greater(known.get(name), one.get(name)) for name in {**known, **one}}
    return sorted(found.values(), key=lambda one: (one["annotator"], one["label"], one["action"]))


def _greater(left: object, right: object) -> object:
    if isinstance(left, int) and isinstance(right, int):
        return max(left, right)
    return right if left is None else left if right is None else max(left, right, key=str)
