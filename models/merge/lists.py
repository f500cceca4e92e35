"""Merging three versions of a list of records by id."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.merge.conflicts import Ledger, Question, Reading
from models.merge.records import RecordMerge, Shape, content, reading
from models.merge.values import ABSENT, Record, Side, merged_order

Tombstones = Mapping[str, Record]


@dataclass(frozen=True, slots=True)
class Deletions:
    """What is known of deletions: each side's tombstones by id, without those that the base already had.

    ``restore``: ids that must live, since something that stays ends on them.
    """

    ours: Tombstones = field(default_factory=dict)
    theirs: Tombstones = field(default_factory=dict)
    restore: Collection[str] = frozenset()
    ends: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Of what must live: the relations that end on it."""


def new_tombstones(base: Sequence[Record], side: Sequence[Record]) -> Tombstones:
    """Return a side's tombstones by id, without those that the base has too."""
    known = {one["id"] for one in base}
    return {one["id"]: one for one in side if one["id"] not in known}


class ListMerge:
    """One list's merge.

    ``owner`` names the document in conflicts on records without an id of their own; not ``ordered`` is a list that
    the caller sorts.
    """

    def __init__(
        self, shape: Shape, ledger: Ledger, deletions: Deletions, owner: str = "", *, ordered: bool = True
    ) -> None:
        self._ordered = ordered
        self._shape = shape
        self._ledger = ledger
        self._deletions = deletions
        self._owner = owner

    def merge(self, base: Sequence[Record] | None, ours: Sequence[Record], theirs: Sequence[Record]) -> list[Record]:
        """Return the merged list, what both have in the order of the sides; conflicts go to the ledger."""
        key = self._shape.key
        was, we, they = ({key(one): one for one in side} for side in (base or (), ours, theirs))
        merged: dict[str, Record] = {}
        for one in {**we, **they}:
            record = self._one(one, was.get(one), we.get(one), they.get(one))
            if record is not None:
                merged[one] = record
        if not self._ordered:
            return list(merged.values())
        return [merged[one] for one in merged_order(list(was), list(we), list(they), merged)]

    def _one(self, key: str, base: Record | None, ours: Record | None, theirs: Record | None) -> Record | None:
        if ours is not None and theirs is not None:
            if ours == theirs or theirs == base:
                return ours
            if ours == base:
                return theirs
            return self._record(key).merge(base, ours, theirs)
        if ours is not None:
            return self._kept(key, base, ours, "ours", self._deletions.theirs.get(key))
        assert theirs is not None
        return self._kept(key, base, theirs, "theirs", self._deletions.ours.get(key))

    def _record(self, key: str) -> RecordMerge:
        if self._shape.list == "status":
            return RecordMerge(self._shape, self._ledger, self._owner, f"{key}/")
        return RecordMerge(self._shape, self._ledger, key)

    def _kept(self, key: str, base: Record | None, live: Record, side: Side, tombstone: Record | None) -> Record | None:
        """Return a record that only one side has, None where the other side's deletion stands."""
        needed = key in self._deletions.restore
        if base is None:
            if tombstone is None:
                return live
            stands = tombstone["revision"] > live.get("revision", 0)
        else:
            stands = content(live) == content(base)
        if stands and not needed:
            return None
        if self._shape.all_quiet or self._shape.listed:
            return live
        whole = content(live)
        question = self._question(key)
        values: tuple[Any, Any] = (whole, None) if side == "ours" else (None, whole)
        chosen = self._ledger.chosen(question, *values)
        if chosen is not None and not needed:
            return live if chosen == side else None
        if chosen is None:
            ends = sorted(self._deletions.ends.get(key, ()))
            more = {"relations": ends} if ends and needed and stands else None
            readings = (reading(live, whole), reading(tombstone, None))
            self._ledger.add(
                "end" if needed and stands else "deleted",
                question,
                ABSENT if base is None else content(base),
                readings,
                more,
            )
        return live

    def _question(self, key: str) -> Question:
        if self._shape.list == "status":
            return Question("status", self._owner, f"{key}/state")
        return Question(self._shape.list, key, None)


def deletion(record: Record | None) -> Reading:
    """Return the reading of a side that deleted something."""
    return reading(record, None)
