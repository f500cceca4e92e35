"""Three-way choices between plain JSON values, and the orders that merged lists stand in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal

import orjson

Record = dict[str, Any]
Side = Literal["ours", "theirs"]


class Absent:
    """The type of :data:`ABSENT`."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()
"""What a field holds that is not there, which JSON tells apart from null."""


def canonical(value: Any) -> str:
    """Return a value as canonical JSON, which orders values the same way on every machine."""
    return orjson.dumps(None if value is ABSENT else value, option=orjson.OPT_SORT_KEYS).decode()


def moment(value: Any) -> tuple[float, str]:
    """Return a point in time as something to compare; what is none comes first."""
    if not isinstance(value, str):
        return (float("-inf"), "")
    try:
        then = datetime.fromisoformat(value)
    except ValueError:
        return (float("-inf"), value)
    return ((then if then.tzinfo else then.replace(tzinfo=UTC)).timestamp(), value)


def later(*values: Any) -> Any:
    """Return the latest point in time, None where none is given."""
    return max((value for value in values if value is not None and value is not ABSENT), key=moment, default=None)


def earlier(*values: Any) -> Any:
    """Return the earliest point in time, None where none is given."""
    return min((value for value in values if value is not None and value is not ABSENT), key=moment, default=None)


def same(left: Any, right: Any) -> bool:
    """Whether two values are the same JSON; true is not 1 here."""
    return bool(left == right) and (type(left) is type(right) or canonical(left) == canonical(right))


def either(base: Any, ours: Any, theirs: Any, *, with_base: bool) -> tuple[Any, bool]:
    """Return the value that a three-way merge takes, and whether that is certain.

    Without a base a value beats its absence. Where both sides differ from the base and each other, the answer
    is ABSENT and False.
    """
    if same(ours, theirs):
        return ours, True
    if with_base:
        if same(ours, base):
            return theirs, True
        if same(theirs, base):
            return ours, True
    else:
        for one, other in ((ours, theirs), (theirs, ours)):
            if one is ABSENT or (one is None and other is not ABSENT):
                return other, True
    return ABSENT, False


def merged_set(base: Any, ours: Any, theirs: Any) -> list[Any]:
    """Return what is in both or was added by one, taken out where one side took it out."""
    lists = [value if isinstance(value, list) else [] for value in (base, ours, theirs)]
    by_key = {canonical(one): one for values in lists for one in values}
    was, we, they = ([canonical(one) for one in values] for values in lists)
    before, mine, yours = set(was), set(we), set(they)
    keep = (mine & yours) | (mine - before) | (yours - before)
    return [by_key[key] for key in merged_order(was, we, they, keep)]


def merged_order(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str], keep: Iterable[str]) -> list[str]:
    """Return the keys to keep in an order that both sides would recognise, whichever is called ours.

    What both have stands as the side has it that moved something; what one side added follows what it followed.
    """
    kept = set(keep)
    both = kept & set(ours) & set(theirs)
    was, we, they = ([key for key in order if key in both] for order in (base, ours, theirs))
    if we == they or they == was:
        spine = we
    elif we == was:
        spine = they
    else:
        spine = min(we, they)
    runs = [_runs(order, both, kept) for order in (ours, theirs)]
    result: list[str] = []
    for key in (None, *spine):
        if key is not None:
            result.append(key)
        for run in sorted(one.get(key, []) for one in runs):
            result.extend(run)
    return result


def _runs(order: Sequence[str], both: set[str], kept: set[str]) -> Mapping[str | None, list[str]]:
    """Return what stands on one side only, by what it follows among what stands on both."""
    runs: dict[str | None, list[str]] = {}
    after: str | None = None
    for key in order:
        if key in both:
            after = key
        elif key in kept:
            runs.setdefault(after, []).append(key)
    return runs
