"""Merging what stands around the documents: header, label set, annotators, runs, register, deletions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.merge.conflicts import Ledger, Question, Reading
from models.merge.doubles import Aliases, folded, renamed
from models.merge.label_sets import Use, merge_label_sets
from models.merge.lists import Deletions, ListMerge
from models.merge.records import RecordMerge, Shape, shape_of
from models.merge.things import united
from models.merge.values import ABSENT, Record, canonical

TOP = ("annotators", "runs", "register", "deleted", "conflicts")


@dataclass(slots=True)
class Outline:
    """A file without its documents: header, label set, lists by name, and what newer versions keep beside."""

    header: Record
    labels: Record
    lists: dict[str, list[Record]]
    more: dict[str, Any] = field(default_factory=dict)

    def same_as(self, other: Outline) -> bool:
        """Whether two outlines say the same, the header's counts aside."""
        told = [
            [{name: value for name, value in one.header.items() if name != "counts"}, one.labels, one.lists, one.more]
            for one in (self, other)
        ]
        return canonical(told[0]) == canonical(told[1])


@dataclass(slots=True)
class Used:
    """What changed documents use, so that nothing dangles: ids, labels, facets."""

    labels: set[str] = field(default_factory=set)
    facets: set[str] = field(default_factory=set)
    annotators: set[str] = field(default_factory=set)
    runs: set[str] = field(default_factory=set)
    register: set[str] = field(default_factory=set)

    def update(self, other: Used) -> None:
        """Add what another knows."""
        for name in ("labels", "facets", "annotators", "runs", "register"):
            getattr(self, name).update(getattr(other, name))


def with_aliases(outline: Outline, aliases: Aliases) -> Outline:
    """Return an outline that names only ids that are still in use."""
    if not aliases:
        return outline
    lists = {name: renamed(records, aliases) for name, records in outline.lists.items()}
    lists["register"] = united(outline.lists["register"], aliases)
    annotators = [
        {**one, "also": was["also"]} if "also" in was else one
        for one, was in zip(lists["annotators"], outline.lists["annotators"], strict=True)
    ]
    lists["annotators"] = folded("annotators", annotators, {}, Ledger([], [], []))
    header = {**outline.header}
    if "package" in header:
        header["package"] = renamed(header["package"], aliases)
    return Outline(header, outline.labels, lists, outline.more)


def ledger_of(base: Outline | None, ours: Outline, theirs: Outline) -> Ledger:
    """Return the project's conflicts."""
    return Ledger(*([] if one is None else one.lists.get("conflicts", []) for one in (base, ours, theirs)))


def merge_outlines(
    base: Outline | None, ours: Outline, theirs: Outline, used: Used, alive: Collection[str], ledger: Ledger
) -> Outline:
    """Return the merged outline; ``alive`` are documents that a side deleted and that stay."""
    sides = (base, ours, theirs)
    lists = {}
    for name in ("annotators", "runs", "register", "deleted"):
        needed: set[str] = getattr(used, name, set())
        lists[name] = _list(name, sides, needed, ledger)
    lists["deleted"] = [one for one in lists["deleted"] if one["id"] not in alive]
    labels = merge_label_sets(
        None if base is None else base.labels, ours.labels, theirs.labels, Use(used.labels, used.facets), ledger
    )
    more = _more(sides, ledger)
    header = _header(sides, ledger)
    lists["conflicts"] = ledger.all()
    return Outline(header, labels, lists, more)


def _list(name: str, sides: Sequence[Outline | None], needed: set[str], ledger: Ledger) -> list[Record]:
    told = [None if one is None else one.lists.get(name, []) for one in sides]
    shape = shape_of(name)
    deletions = Deletions(restore=needed)
    merged = ListMerge(shape, ledger, deletions).merge(told[0], told[1] or [], told[2] or [])
    found = {shape.key(one): one for one in merged}
    for one in (one for side in told if side for one in side if shape.key(one) in needed):
        found.setdefault(shape.key(one), one)
    return sorted(found.values(), key=shape.key)


def _header(sides: Sequence[Outline | None], ledger: Ledger) -> Record:
    told: list[Record | None] = []
    for one in sides:
        if one is None:
            told.append(None)
            continue
        plain = {name: value for name, value in one.header.items() if name not in ("counts", "project", "version")}
        told.append(plain)
    base, ours, theirs = sides
    assert ours is not None and theirs is not None
    merge = RecordMerge(Shape("kurator", all_quiet=True), ledger, "kurator")
    header = dict(merge.merge(told[0], told[1] or {}, told[2] or {}))
    packages = [one.header.get("package") for one in (ours, theirs)]
    if packages[0] != packages[1]:  # what two people did is no longer one work package
        header.pop("package", None)
    header["project"] = _project(base, ours, theirs, ledger)
    header["version"] = max((one.header["version"] for one in (ours, theirs)), key=_minor)
    return header


def _project(base: Outline | None, ours: Outline, theirs: Outline, ledger: Ledger) -> Record:
    mine, yours = ours.header["project"], theirs.header["project"]
    if mine["id"] != yours["id"]:
        return min((mine, yours), key=lambda one: str(one["id"]))
    was = None if base is None or base.header["project"]["id"] != mine["id"] else base.header["project"]
    return RecordMerge(Shape("project"), ledger, mine["id"]).merge(was, mine, yours)


def _minor(version: str) -> int:
    return int(version.partition(".")[2] or 0)


def _more(sides: Sequence[Outline | None], ledger: Ledger) -> dict[str, Any]:
    """Return what newer versions keep: lists of records by id, all else as values."""
    base, ours, theirs = sides
    assert ours is not None and theirs is not None
    found: dict[str, Any] = {}
    values: list[Record] = []
    names = sorted({*ours.more, *theirs.more})
    lists = [name for name in names if all(_is_named(one.more.get(name, [])) for one in sides if one)]
    for name in lists:
        told = [None if one is None else one.more.get(name, []) for one in sides]
        found[name] = ListMerge(shape_of(name), ledger, Deletions()).merge(told[0], told[1] or [], told[2] or [])
    for one in (base or Outline({}, {}, {}), ours, theirs):
        values.append({name: value for name, value in one.more.items() if name not in lists})
    merge = RecordMerge(Shape("kurator"), ledger, "kurator")
    return found | merge.merge(values[0] if base else None, values[1], values[2])


def _is_named(value: Any) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(one, dict) and isinstance(one.get("id"), str) for one in value)
        and len({one["id"] for one in value}) == len(value)
    )


def document_stays(
    base: Record | None, live: Record, tombstone: Record | None, needed: bool, ledger: Ledger, *, is_ours: bool
) -> bool:
    """Say whether a document stays that one side deleted and the other changed, or that is needed; keep the conflict.

    Args:
        base: the document in the base, None where it had none.
        live: the document where it is still there.
        tombstone: of the side that deleted it, if it left one.
        needed: something that stays ends in the document.
        ledger: the project's conflicts.
        is_ours: whether ours has it.
    """
    question = Question("documents", live["id"], None)
    value = {"name": live["name"]}
    mine, yours = (value, None) if is_ours else (None, value)
    chosen = ledger.chosen(question, mine, yours)
    if chosen is not None and not needed:
        return chosen == ("ours" if is_ours else "theirs")
    if chosen is None:
        was = ABSENT if base is None else {"name": base["name"]}
        told: Mapping[str, Any] = tombstone or {}
        ledger.add(
            "deleted",
            question,
            was,
            (Reading(value), Reading(None, told.get("annotator"), told.get("at"))),
        )
    return True
