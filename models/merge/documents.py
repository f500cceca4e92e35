"""Merging three versions of one document: its text, its fields, and its records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from models.merge.conflicts import Ledger, Question, Reading
from models.merge.doubles import Aliases, folded, renamed, unify
from models.merge.effort import merged_effort
from models.merge.lists import Deletions, ListMerge, new_tombstones
from models.merge.moving import explicit, implicit, moved
from models.merge.records import SHAPES, RecordMerge, shape_of
from models.merge.sorting import sort_lists
from models.merge.suggestions import settle_suggestions
from models.merge.values import ABSENT, Record, canonical

ANNOTATIONS = ("entities", "claims", "relations")
LISTS = (*ANNOTATIONS, "suggestions", "decisions", "status", "deleted", "notes")
_SPECIAL = ("conflicts", "effort")
_TEXT = ("text", "fingerprint", "length")
_KNOWN = frozenset(
    (*LISTS, *_SPECIAL, *_TEXT, "id", "name", "title", "source", "language", "metadata", "furniture", "furniture_by",
     "analysed_by", "imported", "revision", "split", "control", "assigned")
)  # fmt: skip
"""Fields of a document that need no look at their content to be known as lists or not."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a document's merge knows of the rest of the corpus.

    ``aliases``: ids that other documents' merges gave up. ``restore``: ids that must live, with the relations that
    end on them. ``started``: run id → when it began. ``lives``: whether an annotation will be in the merged
    corpus. ``place``: start and end of an annotation of any document, None where unknown.
    """

    aliases: Aliases = field(default_factory=dict)
    restore: Mapping[str, Sequence[str]] = field(default_factory=dict)
    started: Mapping[str, str] = field(default_factory=dict)
    lives: Callable[[str], bool] = lambda identity: False
    place: Callable[[str], tuple[int, int] | None] = lambda identity: None


@dataclass(frozen=True, slots=True)
class MergedDocument:
    """A merged document, and the ids that others stand for now."""

    document: Record
    aliases: Mapping[str, str]


def is_list(name: str, value: Any) -> bool:
    """Whether a document's field is a list of records, merged by id where they have one."""
    if name in LISTS or name in _SPECIAL:
        return True
    return (
        name not in ("furniture", "assigned")
        and isinstance(value, list)
        and all(isinstance(one, dict) for one in value)
    )


def merge_documents(base: Record | None, ours: Record, theirs: Record, context: Context) -> MergedDocument:
    """Return a document that both sides have, merged."""
    sides = [None if one is None else _complete(one) for one in (base, ours, theirs)]
    ledger = Ledger(*((one or {}).get("conflicts", []) for one in sides))
    sides = _renamed(sides, context.aliases, ledger)
    assert sides[1] is not None and sides[2] is not None
    ours, theirs = sides[1], sides[2]
    chosen = _text(sides[0], ours, theirs, ledger)
    at_home = [one if one is None or _same_text(one, chosen) else moved(one, chosen) for one in sides]
    merge = _DocumentMerge((at_home[0], at_home[1] or {}, at_home[2] or {}), context, ledger)
    return merge.merge()


def _complete(document: Record) -> Record:
    missing: Record = {name: [] for name in (*LISTS, *_SPECIAL) if name not in document}
    return explicit({**document, **missing})


def _renamed(sides: list[Record | None], aliases: Aliases, ledger: Ledger) -> list[Record | None]:
    if not aliases:
        return sides
    found: list[Record | None] = []
    base: Mapping[str, Mapping[str, Record]] = {}
    for one in sides:
        if one is None:
            found.append(None)
            continue
        new = renamed(one, aliases)
        for name in (*ANNOTATIONS, "status"):
            new[name] = folded(name, new[name], base.get(name, {}), ledger)
        if not found:
            base = {name: {shape_of(name).key(rec): rec for rec in new[name]} for name in (*ANNOTATIONS, "status")}
        found.append(new)
    return found


def _same_text(one: Record, other: Record) -> bool:
    return bool(one["fingerprint"] == other["fingerprint"])


def _text(base: Record | None, ours: Record, theirs: Record, ledger: Ledger) -> Record:
    """Return the document whose text the merged one has; of two corrections a person chooses."""
    if _same_text(ours, theirs):
        return ours if ours["text"] is not None else theirs
    if base is not None and _same_text(ours, base):
        return theirs
    if base is not None and _same_text(theirs, base):
        return ours
    question = Question("documents", ours["id"], "text")
    texts = [{name: one[name] for name in _TEXT} for one in (ours, theirs)]
    side = ledger.chosen(question, *texts)
    if side is None:
        was = ABSENT if base is None else {name: base[name] for name in _TEXT}
        ledger.add("text", question, was, (Reading(texts[0]), Reading(texts[1])))
        side = "ours" if canonical(texts[0]) >= canonical(texts[1]) else "theirs"
    return ours if side == "ours" else theirs


class _DocumentMerge:
    """One document's merge, all versions with the same text and explicit decisions."""

    def __init__(self, sides: tuple[Record | None, Record, Record], context: Context, ledger: Ledger) -> None:
        self._base, self._ours, self._theirs = sides
        self._context = context
        self._ledger = ledger
        self._merged: Record = {}
        self._aliases: dict[str, str] = {}

    def merge(self) -> MergedDocument:
        """Return the merged document."""
        self._fields()
        self._lists()
        self._doubles()
        self._tombstones()
        settle_suggestions(self._merged, (self._ours, self._theirs), self._base, self._context.started)
        self._outside()
        self._merged["effort"] = merged_effort(self._ours["effort"], self._theirs["effort"])
        merged = implicit(sort_lists(self._merged, self._context.place))
        merged["conflicts"] = [one for one in renamed(self._ledger.all(), self._aliases) if self._stands(one)]
        for name in _SPECIAL:
            if not merged[name]:
                del merged[name]
        return MergedDocument(merged, self._aliases)

    @cached_property
    def _names(self) -> list[str]:
        """Return the lists of the document, those of newer versions too."""
        found = [*LISTS]
        for side in (self._base or {}, self._ours, self._theirs):
            more = side.keys() - _KNOWN - {*found}
            found += sorted(name for name in more if is_list(name, side[name]))
        return found

    def _fields(self) -> None:
        names = {*self._names, *_SPECIAL, "analysed_by"}
        fields = [
            None if side is None else {name: value for name, value in side.items() if name not in names}
            for side in (self._base, self._ours, self._theirs)
        ]
        shape = SHAPES["documents"]
        base, ours, theirs = fields
        assert ours is not None and theirs is not None
        text = ours["text"] if ours["text"] is not None else theirs["text"]
        for one in (side for side in fields if side is not None):
            one["text"] = text
        merge = RecordMerge(shape, self._ledger, self._ours["id"])
        self._merged = dict(merge.merge(base, ours, theirs))
        if "analysed_by" in self._ours or "analysed_by" in self._theirs:
            self._merged["analysed_by"] = None

    def _lists(self) -> None:
        base = self._base
        tombs = [new_tombstones((base or {}).get("deleted", ()), one["deleted"]) for one in (self._ours, self._theirs)]
        ends = self._context.restore
        for name in self._names:
            sides = [None if one is None else one.get(name, []) for one in (base, self._ours, self._theirs)]
            if name == "suggestions" and None in (one.get("analysed_by") for one in (self._ours, self._theirs)):
                sides[0] = None  # where no pipeline's are whole, what is missing was not taken back
            if sides[1] == sides[2] or (sides[1] == sides[0] and not ends):
                self._merged[name] = sides[2] or []
                continue
            if sides[2] == sides[0] and not ends:
                self._merged[name] = sides[1] or []
                continue
            if not _by_id(name, sides):
                self._merged[name] = self._unnamed(name, sides)
                continue
            deletions = Deletions(tombs[0], tombs[1], ends.keys(), ends)
            merge = ListMerge(shape_of(name), self._ledger, deletions, self._ours["id"], ordered=name not in LISTS)
            self._merged[name] = merge.merge(sides[0], sides[1] or [], sides[2] or [])

    def _unnamed(self, name: str, sides: Sequence[list[Record] | None]) -> Any:
        """Return a list of a newer version whose records have no ids: a value like any other."""
        told = [{} if one is None else {"id": "", name: one} for one in sides]
        merge = RecordMerge(SHAPES["documents"], self._ledger, self._ours["id"])
        return merge.merge(None if sides[0] is None else told[0], told[1], told[2])[name]

    def _doubles(self) -> None:
        was = self._base or {}
        if all(self._ours[name] == self._theirs[name] for name in ANNOTATIONS):
            return
        for names in (("entities", "claims"), ("relations",)):
            found: dict[str, str] = {}
            for name in names:
                before, mine, yours = (
                    {one["id"] for one in side.get(name, ())} for side in (was, self._ours, self._theirs)
                )
                self._merged[name], more = unify(
                    name, self._merged[name], mine - yours - before, yours - mine - before, self._ledger
                )
                found |= more
            if found:
                for name in ("relations", "decisions"):
                    self._merged[name] = renamed(self._merged[name], found)
                self._aliases |= found

    def _tombstones(self) -> None:
        if not self._merged["deleted"]:
            return
        live = {one["id"] for name in self._names if name != "deleted" for one in self._merged[name] if "id" in one}
        self._merged["deleted"] = [one for one in self._merged["deleted"] if one["id"] not in live]

    def _stands(self, conflict: Record) -> bool:
        """Whether a conflict is settled, or about something that is still there."""
        name = conflict["list"]
        if conflict["resolution"] or name == "status" or name not in LISTS:
            return True
        return any(one["id"] == conflict["record"] for one in self._merged[name])

    def _outside(self) -> None:
        here = {one["id"] for name in ("entities", "claims") for one in self._merged[name]}

        def inside(identity: str) -> bool:
            return identity in here or self._context.lives(identity)

        self._merged["relations"] = [_with_outside(one, inside) for one in self._merged["relations"]]


def _with_outside(relation: Record, inside: Callable[[str], bool]) -> Record:
    """Return a relation that tells of the ends that the file does not hold, and of no others."""
    outside = relation.get("outside")
    if not outside:
        return relation
    left = {end: told for end, told in outside.items() if not inside(relation[end])}
    rest = {name: value for name, value in relation.items() if name != "outside"}
    return {**rest, "outside": left} if left else rest


def _by_id(name: str, sides: Sequence[Collection[Record] | None]) -> bool:
    if name in LISTS:
        return True
    records = [one for side in sides for one in side or ()]
    return all(isinstance(one.get("id"), str) for one in records) and all(
        len({one["id"] for one in side}) == len(side) for side in sides if side
    )
