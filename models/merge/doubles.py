"""Ids that stand for others: one annotator's equal annotations from two copies become one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from models.merge.conflicts import Ledger
from models.merge.records import RecordMerge, shape_of
from models.merge.values import Record, canonical

Aliases = Mapping[str, str]
"""Id that is no longer used → the id that stands for it."""


def aliases_of(records: Iterable[Record]) -> dict[str, str]:
    """Return what the records' ``also`` say, over all sides and in several steps.

    Of ids that were united in different ways on different copies the one that stands for the others stays; where
    several do, or each for the other, the smallest.
    """
    parent: dict[str, str] = {}
    covered: set[str] = set()

    def top(one: str) -> str:
        while parent.setdefault(one, one) != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for record in records:
        for other in record.get("also", ()):
            covered.add(other)
            parent[top(record["id"])] = top(other)
    groups: dict[str, list[str]] = {}
    for one in list(parent):
        groups.setdefault(top(one), []).append(one)
    found: dict[str, str] = {}
    for group in groups.values():
        stays = min(group, key=lambda one: (one in covered, one))
        found |= {one: stays for one in group if one != stays}
    return found


def renamed(value: Any, aliases: Aliases) -> Any:
    """Return JSON data with every id replaced that another stands for, except where that is told (``also``)."""
    if isinstance(value, str):
        return aliases.get(value, value)
    if isinstance(value, list):
        return [renamed(one, aliases) for one in value]
    if isinstance(value, dict):
        return {name: one if name in ("also", "text") else renamed(one, aliases) for name, one in value.items()}
    return value


def folded(name: str, records: Sequence[Record], base: Mapping[str, Record], ledger: Ledger) -> list[Record]:
    """Return a list in which records that became one by :func:`renamed` are merged; ``base`` is by id."""
    shape = shape_of(name)
    found: dict[str, Record] = {}
    for one in records:
        key = shape.key(one)
        merge = RecordMerge(shape, ledger, key)
        found[key] = merge.merge(base.get(key), found[key], one) if key in found else one
    return list(found.values())


def unify(
    name: str,
    records: Sequence[Record],
    ours_only: Collection[str],
    theirs_only: Collection[str],
    ledger: Ledger,
) -> tuple[list[Record], dict[str, str]]:
    """Return a list in which one annotator's equal annotations, one added on each side, are one, and who stands
    for whom. The smaller id stays."""
    if not ours_only or not theirs_only:
        return list(records), {}
    mine, yours = (_by_content(name, records, ids) for ids in (ours_only, theirs_only))
    aliases: dict[str, str] = {}
    survivors: dict[str, Record] = {}
    for key in mine.keys() & yours.keys():
        for pair in zip(mine[key], yours[key], strict=False):
            first, second = sorted(pair, key=lambda one: str(one["id"]))
            also = {*first.get("also", ()), *second.get("also", ()), second["id"]}
            left = {**first, "also": sorted(also)}
            right = {**second, "id": first["id"], "also": sorted(also)}
            aliases[second["id"]] = first["id"]
            survivors[first["id"]] = RecordMerge(shape_of(name), ledger, first["id"]).merge(None, left, right)
    kept = [survivors.get(one["id"], one) for one in records if one["id"] not in aliases]
    return kept, aliases


def _by_content(name: str, records: Sequence[Record], ids: Collection[str]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for one in sorted((one for one in records if one["id"] in ids), key=lambda one: str(one["id"])):
        if one.get("orphan"):
            continue
        place = [one["head"], one["tail"]] if name == "relations" else one["spans"]
        key = canonical([one["annotator"], one["label"], place, one.get("facets") or {}])
        found.setdefault(key, []).append(one)
    return found


def ids_in(document: Record, lists: Iterable[str]) -> Iterator[str]:
    """Yield the ids of the records of some lists."""
    for name in lists:
        for one in document[name]:
            yield one["id"]
