"""Merging three versions of one record, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.merge.conflicts import Ledger, Question, Reading
from models.merge.values import ABSENT, Record, Side, canonical, earlier, either, later, merged_set, moment

BOOKS = frozenset({"modified", "created", "imported", "at", "started", "revision", "also", "outside"})
"""Bookkeeping: follows from the merge and is never in conflict."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How the records of one list are merged.

    ``units``: fields that only make sense together, by the name of the conflict. ``nested``: fields that are
    merged key by key. ``sets``: fields whose order does not count. ``quiet``: fields that are no one's
    judgement, chosen by order where sides differ; ``all_quiet`` makes all fields so, and whether a record is there.
    ``listed``: a record is there because something names it, which is no judgement either.
    """

    list: str
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nested: frozenset[str] = frozenset()
    sets: frozenset[str] = frozenset()
    quiet: frozenset[str] = frozenset()
    all_quiet: bool = False
    listed: bool = False
    kind: str = "field"

    def key(self, record: Record) -> str:
        """Return what identifies a record within its list."""
        if self.list == "status":
            return str(record["annotator"])
        if self.list == "effort":
            return canonical([record["annotator"], record["label"], record["action"]])
        return str(record["id"])


_PLACE = {"place": ("spans", "exact", "prefix", "suffix", "orphan")}
_FACETS = frozenset({"facets"})

SHAPES: Mapping[str, Shape] = {
    shape.list: shape
    for shape in (
        Shape("entities", _PLACE, _FACETS, sets=frozenset({"not_register"})),
        Shape("claims", _PLACE, _FACETS),
        Shape("relations", nested=_FACETS),
        Shape("suggestions", all_quiet=True),
        Shape(
            "decisions",
            {"verdict": ("verdict", "result")},  # a rejection has no result, anything else has one
            quiet=frozenset({"spans", "surface", "judged"}),
        ),
        Shape("status"),
        Shape("deleted", all_quiet=True),
        Shape("notes"),
        Shape("annotators", listed=True),
        Shape("runs", all_quiet=True),
        Shape("register", nested=frozenset({"links"}), sets=frozenset({"aliases"})),
        Shape(
            "documents",
            {"text": ("text", "fingerprint", "length"), "furniture": ("furniture", "furniture_by")},
            nested=frozenset({"metadata"}),
            sets=frozenset({"assigned"}),
            quiet=frozenset({"analysed_by"}),
        ),
    )
}


def shape_of(name: str) -> Shape:
    """Return how a list is merged; one of a newer version by id and field like the others."""
    return SHAPES.get(name) or Shape(name)


def content(record: Record) -> Record:
    """Return a record without its bookkeeping."""
    return {name: value for name, value in record.items() if name not in BOOKS}


def reading(record: Record | None, value: Any) -> Reading:
    """Return what a side says, with whose record it is and when that was last touched."""
    told = record or {}
    by, at = told.get("annotator"), told.get("modified") or told.get("at")
    return Reading(value, by if isinstance(by, str) else None, at if isinstance(at, str) else None)


class RecordMerge:
    """One record's merge; ``name`` is its id in conflicts, ``field`` goes before the names of its fields there."""

    def __init__(self, shape: Shape, ledger: Ledger, name: str, prefix: str = "") -> None:
        self._shape = shape
        self._ledger = ledger
        self._name = name
        self._prefix = prefix
        self._base: Record | None = None
        self._sides: tuple[Record, Record] = ({}, {})

    def merge(self, base: Record | None, ours: Record, theirs: Record) -> Record:
        """Return the merged record; conflicts go to the ledger."""
        if ours == theirs:
            return ours
        if base is not None:
            if ours == base:
                return theirs
            if theirs == base:
                return ours
        self._base, self._sides = base, (ours, theirs)
        merged: Record = {}
        done = set(BOOKS)
        for unit, names in self._shape.units.items():
            done.update(names)
            merged |= self._unit(unit, names)
        for name in sorted({*ours, *theirs} - done):
            value = self._field(name)
            if value is not ABSENT:
                merged[name] = value
        return merged | self._books(merged)

    def _values(self, name: str) -> tuple[Any, Any, Any]:
        base = ABSENT if self._base is None else self._base.get(name, ABSENT)
        return base, self._sides[0].get(name, ABSENT), self._sides[1].get(name, ABSENT)

    def _unit(self, unit: str, names: tuple[str, ...]) -> Record:
        told = [
            ABSENT if one is None else {name: one[name] for name in names if name in one}
            for one in (self._base, *self._sides)
        ]
        value = self._choose(unit, told[0], told[1], told[2])
        return value if isinstance(value, dict) else {}

    def _field(self, name: str) -> Any:
        base, ours, theirs = self._values(name)
        if name in self._shape.nested and isinstance(ours, dict) and isinstance(theirs, dict):
            return self._nested(name, base if isinstance(base, dict) else None, ours, theirs)
        if name in self._shape.sets and isinstance(ours, list) and isinstance(theirs, list):
            return merged_set(base, ours, theirs)
        return self._choose(name, base, ours, theirs)

    def _nested(self, name: str, base: Record | None, ours: Record, theirs: Record) -> Record:
        merged = {}
        for key in sorted({*ours, *theirs}):
            was = ABSENT if base is None else base.get(key, ABSENT)
            value = self._choose(
                f"{name}.{key}", was, ours.get(key, ABSENT), theirs.get(key, ABSENT), known=base is not None
            )
            if value is not ABSENT:
                merged[key] = value
        return merged

    def _choose(self, name: str, base: Any, ours: Any, theirs: Any, *, known: bool | None = None) -> Any:
        with_base = self._base is not None and known is not False
        value, certain = either(base, ours, theirs, with_base=with_base)
        if certain:
            return value
        shape = self._shape
        if shape.all_quiet or name in shape.quiet or (name == "origin" and not with_base):
            return max((ours, theirs), key=canonical)
        if shape.list == "documents" and name == "furniture" and (one := self._furniture(ours, theirs)):
            return one
        question = Question(shape.list, self._name, self._prefix + name)
        side = self._ledger.chosen(question, ours, theirs)
        if side is None:
            readings = (reading(self._sides[0], ours), reading(self._sides[1], theirs))
            self._ledger.add(shape.kind, question, base, readings)
            side = self._shown(ours, theirs)
        return ours if side == "ours" else theirs

    def _furniture(self, ours: Any, theirs: Any) -> Any:
        """Return the furniture of the side whose maker goes before the other's, None where a person must choose."""
        ranks = {"curator": 3, "pipeline": 2, "source": 1}
        first, second = (ranks.get(str(side.get("furniture_by")), 0) for side in (ours, theirs))
        if first == second:
            return None if first == 3 else max((ours, theirs), key=canonical)
        return ours if first > second else theirs

    def _shown(self, ours: Any, theirs: Any) -> Side:
        """Return the side whose reading the merged record shows: the one touched last."""
        left, right = (_touched(side) for side in self._sides)
        if left != right:
            return "ours" if left > right else "theirs"
        return "ours" if canonical(ours) >= canonical(theirs) else "theirs"

    def _books(self, merged: Record) -> Record:
        ours, theirs = self._sides
        books: Record = {}
        at = earlier if self._shape.list == "deleted" else later
        for name, rule in (("modified", later), ("at", at), ("created", earlier), ("imported", earlier)):
            if (value := rule(ours.get(name), theirs.get(name))) is not None:
                books[name] = value
        if (started := earlier(ours.get("started"), theirs.get("started"))) is not None:
            books["started"] = started
        if also := {*ours.get("also", ()), *theirs.get("also", ())} - {merged.get("id")}:
            books["also"] = sorted(also)
        if outside := _outside(ours, theirs):
            books["outside"] = outside
        if (revision := self._revision(merged)) is not None:
            books["revision"] = revision
        return books

    def _revision(self, merged: Record) -> int | None:
        """Return the greater revision if that side has all of the merge, else both sides' steps from the base."""
        ours, theirs = (side.get("revision") for side in self._sides)
        if not isinstance(ours, int) or not isinstance(theirs, int):
            return ours if isinstance(ours, int) else theirs if isinstance(theirs, int) else None
        greatest = max(ours, theirs)
        if any(side["revision"] == greatest and content(side) == merged for side in self._sides):
            return greatest
        base = (self._base or {}).get("revision")
        return max(greatest + 1, ours + theirs - base) if isinstance(base, int) else greatest + 1


def _touched(record: Record) -> float:
    """Return when a record was last touched; all the same where it does not tell."""
    return moment(record.get("modified") or record.get("at"))[0]


def _outside(ours: Record, theirs: Record) -> Record:
    """Return what is known of ends that a file does not hold; who decides what stays knows the whole corpus."""
    told = [side.get("outside") or {} for side in (ours, theirs)]
    return {end: max((one[end] for one in told if end in one), key=canonical) for end in sorted({*told[0], *told[1]})}
