"""Merging three versions of a label set by label id."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.errors import UserError
from models.merge.conflicts import Ledger, Question, Reading
from models.merge.records import RecordMerge, Shape
from models.merge.values import Record, merged_order

_TITLES = frozenset({"title", "description"})
_GROUPS: tuple[tuple[str, ...], ...] = (("entities",), ("claims", "labels"), ("claims", "facets"), ("relations",))
_SHAPES = {
    ("entities",): Shape("label_set", nested=_TITLES, kind="label"),
    ("claims", "labels"): Shape("label_set", nested=_TITLES, kind="label"),
    ("claims", "facets"): Shape("label_set", nested=_TITLES, kind="label"),
    ("relations",): Shape("label_set", nested=_TITLES, sets=frozenset({"pairs"}), kind="label"),
    ("values",): Shape("label_set", nested=_TITLES, kind="label"),
}


@dataclass(frozen=True, slots=True)
class Use:
    """What the merged annotations use: labels, and facets with their values as ``facet`` and ``facet=value``."""

    labels: Collection[str] = frozenset()
    facets: Collection[str] = frozenset()


def uses_of(document: Record) -> tuple[set[str], set[str]]:
    """Return the labels and facets (see :class:`Use`) that a document's annotations use, or may when it is settled
    how a conflict ends."""
    labels, facets = set(), set()
    lists = [document[name] for name in ("entities", "claims", "relations")]
    for one in (*(one for records in lists for one in records), *in_question(document)):
        if "label" in one:
            labels.add(one["label"])
        for facet, value in (one.get("facets") or {}).items():
            facets.add(facet)
            if isinstance(value, str):
                facets.add(f"{facet}={value}")
    return labels, facets


def in_question(document: Record) -> Iterator[Record]:
    """Yield what the annotations of a document may become: of each reading of an open conflict what it says."""
    for conflict in document.get("conflicts", ()):
        for value in (one["value"] for one in conflict["readings"] if not conflict["resolution"]):
            group, dot, facet = (conflict["field"] or "").partition(".")
            if conflict["field"] is None and isinstance(value, dict):
                yield value
            elif conflict["field"] in ("label", "register") and value is not None:
                yield {conflict["field"]: value}
            elif dot and group == "facets" and value is not None:
                yield {"facets": {facet: value}}


def merge_label_sets(base: Record | None, ours: Record, theirs: Record, use: Use, ledger: Ledger) -> Record:
    """Return the merged label set; a label that one side removed and that is in use stays, with a conflict.

    Raises:
        UserError: ``merge.label-kinds``: a label is of one kind here and of another there.
    """
    if ours == theirs:
        return ours
    merged = ours if theirs == base else theirs if ours == base else None
    removed = _Removed(use, ledger)
    if merged is not None and not removed.in_use(base or {}, merged):
        return merged
    return _LabelSetMerge((base, ours, theirs), removed, ledger).merge()


class _Removed:
    """What is known of labels and facets that one side removed."""

    def __init__(self, use: Use, ledger: Ledger) -> None:
        self._use = use
        self._ledger = ledger

    def in_use(self, base: Record, merged: Record) -> bool:
        """Whether something of the base that is gone is in use."""
        gone = _ids(base) - _ids(merged)
        return bool(gone & ({*self._use.labels} | {*self._use.facets}))

    def uses(self, group: tuple[str, ...], identity: str, facet: str) -> bool:
        """Whether a label, a facet or a facet's value is in use."""
        if group == ("values",):
            return f"{facet}={identity}" in self._use.facets
        return identity in (self._use.facets if group == ("claims", "facets") else self._use.labels)


def _ids(labels: Record) -> set[str]:
    """Return the ids of all labels and facets, values as ``facet=value``."""
    found: set[str] = set()
    for group in _GROUPS:
        for one in _group(labels, group):
            found.add(one["id"])
            found.update(f"{one['id']}={value['id']}" for value in one.get("values") or ())
    return found


def _group(labels: Record, group: tuple[str, ...]) -> Sequence[Record]:
    found: Any = labels
    for step in group:
        found = found.get(step) or {}
    return found or ()


class _LabelSetMerge:
    def __init__(self, sides: tuple[Record | None, Record, Record], removed: _Removed, ledger: Ledger) -> None:
        self._sides = sides
        self._removed = removed
        self._ledger = ledger

    def merge(self) -> Record:
        """Return the merged set, one version further where it is neither side's."""
        base, ours, theirs = self._sides
        plain = [None if one is None else _plain(one) for one in self._sides]
        merge = RecordMerge(Shape("label_set", kind="label"), self._ledger, ours["id"])
        merged: Record = merge.merge(plain[0], plain[1] or {}, plain[2] or {})
        claims: Record = _beside(base, ours, theirs)
        for group in _GROUPS:
            groups = [None if one is None else _group(one, group) for one in self._sides]
            found = self._list(group, groups, "")
            if group[0] == "claims":
                claims[group[1]] = found
            else:
                merged[group[0]] = found
        merged["claims"] = claims
        self._check_kinds(merged)
        _drop_pairs(merged)
        _drop_keys(merged)
        return {**merged, "version": self._version(merged)}

    def _version(self, merged: Record) -> int:
        """Return the greater version if that side has all of the merge, else both sides' steps from the base."""
        base, ours, theirs = self._sides
        mine, yours = int(ours["version"]), int(theirs["version"])
        greatest = max(mine, yours)
        if any({**merged, "version": greatest} == one for one in (ours, theirs)):
            return greatest
        return greatest + 1 if base is None else max(greatest + 1, mine + yours - int(base["version"]))

    def _list(self, group: tuple[str, ...], sides: Sequence[Sequence[Record] | None], facet: str) -> list[Record]:
        was, we, they = ({one["id"]: one for one in side or ()} for side in sides)
        merged: dict[str, Record] = {}
        for identity in {**we, **they}:
            one = self._one(
                group, (was.get(identity), we.get(identity), they.get(identity)), facet, sides[0] is not None
            )
            if one is not None:
                merged[identity] = one
        return [merged[one] for one in merged_order(list(was), list(we), list(they), merged)]

    def _one(
        self, group: tuple[str, ...], versions: tuple[Record | None, ...], facet: str, with_base: bool
    ) -> Record | None:
        base, ours, theirs = versions
        if ours is not None and theirs is not None:
            return self._both(group, base, ours, theirs, facet)
        live = ours if ours is not None else theirs
        assert live is not None
        if base is None or not with_base:
            return live
        used = self._removed.uses(group, live["id"], facet)
        if live == base and not used:
            return None
        question = Question("label_set", _name(facet, live["id"]), None)
        mine, yours = (live, None) if ours is not None else (None, live)
        side = self._ledger.chosen(question, mine, yours)
        if side is None:
            self._ledger.add("label", question, base, (Reading(live), Reading(None)))
            return live
        return live if used else mine if side == "ours" else yours

    def _both(self, group: tuple[str, ...], base: Record | None, ours: Record, theirs: Record, facet: str) -> Record:
        versions = (base, ours, theirs)
        lists = [None if one is None else one.get("values") or () for one in versions]
        plain = [None if one is None else {k: v for k, v in one.items() if k != "values"} for one in versions]
        merge = RecordMerge(_SHAPES[group], self._ledger, _name(facet, ours["id"]))
        merged = merge.merge(plain[0], plain[1] or {}, plain[2] or {})
        if "values" in ours or "values" in theirs:
            merged = {**merged, "values": self._list(("values",), lists, ours["id"])}
        return merged

    def _check_kinds(self, merged: Record) -> None:
        seen: set[str] = set()
        for group in _GROUPS:
            for one in _group(merged, group):
                if group != ("claims", "facets"):
                    if one["id"] in seen:
                        raise UserError("merge.label-kinds", label=one["id"])
                    seen.add(one["id"])


def _name(facet: str, identity: str) -> str:
    return f"{facet}={identity}" if facet else identity


def _plain(labels: Record) -> Record:
    lists = {group[0] for group in _GROUPS}
    return {name: value for name, value in labels.items() if name not in lists and name != "version"}


def _beside(*sides: Record | None) -> Record:
    """Return what newer versions keep beside the claims' labels and facets."""
    found: Record = {}
    for side in sides[1:]:
        claims: Mapping[str, Any] = (side or {}).get("claims") or {}
        found |= {name: value for name, value in claims.items() if name not in ("labels", "facets")}
    return found


def _drop_pairs(merged: Record) -> None:
    """Take out of the relations' pairs what no label has any more."""
    known = {"*", *(one["id"] for group in _GROUPS[:2] for one in _group(merged, group))}
    merged["relations"] = [
        {**one, "pairs": [pair for pair in one["pairs"] if {*pair} <= known]} if "pairs" in one else one
        for one in merged["relations"]
    ]


def _drop_keys(merged: Record) -> None:
    """Let a key that two labels have stay with the one whose id comes first."""
    for group in (_GROUPS[0], _GROUPS[1], _GROUPS[3]):
        labels = list(_group(merged, group))
        owners: dict[str, str] = {}
        for one in sorted(labels, key=lambda one: str(one["id"])):
            if one.get("key") and not one.get("retired"):
                owners.setdefault(one["key"], one["id"])
        found = [
            {**one, "key": None}
            if one.get("key") and not one.get("retired") and owners[one["key"]] != one["id"]
            else one
            for one in labels
        ]
        if group[0] == "claims":
            merged["claims"][group[1]] = found
        else:
            merged[group[0]] = found
