"""What became of each document in a merge, and what other documents' merges need to know of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.merge.layout import count_records
from app.merge.report import Change, changes_between
from app.merge.sides import SideFile
from models.merge.documents import ANNOTATIONS
from models.merge.label_sets import in_question, uses_of
from models.merge.outlines import Used
from models.merge.values import Record

PEOPLE = (*ANNOTATIONS, "decisions", "status", "notes", "deleted", "effort")
"""The lists whose records name an annotator."""

_VERSION = 14
"""Where a UUID tells its version."""


@dataclass(slots=True)
class Result:
    """One document as it will be written, or (``name`` None) that it will not."""

    name: str | None
    source: SideFile | None = None
    """The side whose bytes are taken; None where they lie in the spool from ``start`` to ``end``."""
    start: int = 0
    end: int = 0
    gone: frozenset[str] = frozenset()
    """Annotations that a side has and the merged corpus does not."""
    loose: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Ends that are not in the document → the relations and decisions that need them."""
    derived: frozenset[str] = frozenset()
    """Its annotations whose ids follow from a suggestion's: documents with the same text may share them."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    used: Used | None = None
    changes: Counter[tuple[str, Change]] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    """How many records of each list there are more than in ours."""
    conflicts: tuple[Record, ...] = ()
    """Those that no side knew."""


def annotation_ids(document: Record | None) -> set[str]:
    """Return the ids of a document's entities, claims and relations."""
    return set() if document is None else {one["id"] for name in ANNOTATIONS for one in document[name]}


def result_of(merged: Record | None, ours: Record | None, theirs: Record | None, *, uses: bool) -> Result:
    """Return what is to be known of a document that was merged from these two sides; None is no document.

    ``uses``: whether to tell what it uses.
    """
    result = Result(None if merged is None else merged["name"])
    here = annotation_ids(merged)
    if merged is not ours:
        result.changes = changes_between(ours, merged)
        result.counts = _counts(merged)
        result.counts.subtract(_counts(ours))
    result.gone = frozenset((annotation_ids(ours) | annotation_ids(theirs)) - here)
    if merged is None:
        return result
    result.derived = frozenset(one for one in here if one[_VERSION] == "5")
    result.loose = _loose(merged, here)
    result.used = _used(merged) if uses else None
    known = {one["id"] for side in (ours, theirs) if side for one in side.get("conflicts", ())}
    result.conflicts = tuple(one for one in merged.get("conflicts", ()) if one["id"] not in known)
    return result


def _counts(document: Record | None) -> Counter[str]:
    return Counter() if document is None else Counter({"documents": 1, **count_records(document)})


def _loose(document: Record, here: set[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for one in document["relations"]:
        for end in (one["head"], one["tail"]):
            if end not in here:
                found.setdefault(end, []).append(one["id"])
    deleted = {one["id"] for one in document["deleted"]}
    for one in document["decisions"]:
        if one["result"] is not None and one["result"] not in here and one["result"] not in deleted:
            found.setdefault(one["result"], []).append(one["id"])
    return {end: tuple(sorted(needing)) for end, needing in found.items()}


def _used(document: Record) -> Used:
    labels, facets = uses_of(document)
    used = Used(labels, facets)
    for name in PEOPLE:
        used.annotators.update(_named(document.get(name, ()), "annotator"))
    used.annotators.update(document.get("assigned") or ())
    used.runs.update(_named([*document["suggestions"], {"run": document.get("analysed_by")}], "run"))
    for name in ANNOTATIONS:
        used.register.update(_named(document[name], "register"))
    used.register.update(_named(in_question(document), "register"))
    return used


def _named(records: Iterable[Record], name: str) -> set[str]:
    return {one[name] for one in records if one.get(name)}
