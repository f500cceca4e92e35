"""What a merge did, told relative to ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from models.merge.records import content, shape_of
from models.merge.values import Record

Change = Literal["added", "changed", "deleted"]
CHANGES: tuple[Change, ...] = ("added", "changed", "deleted")
COUNTED = ("entities", "claims", "relations", "suggestions", "decisions", "status", "notes", "register")
"""The lists whose changes are told; ``documents`` and ``label_set`` are told too."""


@dataclass(frozen=True, slots=True)
class FoundConflict:
    """A conflict that this merge found: the record of the file, and the document it is about (None: the project)."""

    record: Mapping[str, Any]
    document: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth knowing that is no conflict: a catalogue key and its values."""

    code: str
    details: Mapping[str, object]


@dataclass(slots=True)
class MergeReport:
    """What was merged into ours.

    ``changes``: list → added, changed, deleted → how many records, bookkeeping aside. ``conflicts``: those that
    neither side knew. ``unified``: annotations that became one with an equal one. ``open``: conflicts in the merged
    file that nobody has settled, old ones too. A cancelled merge wrote nothing.
    """

    out: Path
    changes: dict[str, dict[Change, int]] = field(default_factory=dict)
    conflicts: list[FoundConflict] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    unified: int = 0
    open: int = 0
    cancelled: bool = False

    def count(self, changes: Counter[tuple[str, Change]], sign: int = 1) -> None:
        """Add changes; ``sign`` -1 takes them away."""
        for (name, change), number in changes.items():
            told = self.changes.setdefault(name, dict.fromkeys(CHANGES, 0))
            told[change] += sign * number

    def data(self) -> dict[str, Any]:
        """Return the report as JSON data."""
        return {
            "out": str(self.out),
            "changes": {name: told for name, told in sorted(self.changes.items()) if any(told.values())},
            "conflicts": [
                {"document": one.document, "name": one.name, "conflict": dict(one.record)} for one in self.conflicts
            ],
            "notices": [{"code": one.code, **one.details} for one in self.notices],
            "unified": self.unified,
            "open": self.open,
            "cancelled": self.cancelled,
        }


def changes_between(before: Record | None, after: Record | None) -> Counter[tuple[str, Change]]:
    """Return what changed from one version of a document to another, None where there is none."""
    found: Counter[tuple[str, Change]] = Counter()
    for change, _, name, _, _ in _differences(before, after):
        found[name, change] += 1
    return found


def _differences(
    before: Record | None, after: Record | None
) -> Iterator[tuple[Change, str, str, Record | None, Record | None]]:
    if before is None or after is None:
        yield ("added" if before is None else "deleted"), "", "documents", before, after
    elif document_fields(before) != document_fields(after):
        yield "changed", "", "documents", before, after
    for name in COUNTED:
        for change, key, was, now in list_changes(name, (before or {}).get(name, ()), (after or {}).get(name, ())):
            yield change, key, name, was, now


def list_changes(name: str, before: Any, after: Any) -> Iterator[tuple[Change, str, Record | None, Record | None]]:
    """Yield what changed between two versions of a list, bookkeeping aside: change, key, before, after."""
    if before == after:
        return
    key = shape_of(name).key
    was, now = ({key(one): one for one in side} for side in (before, after))
    for one, record in was.items():
        if one not in now:
            yield "deleted", one, record, None
        elif record != now[one] and content(record) != content(now[one]):
            yield "changed", one, record, now[one]
    for one, record in now.items():
        if one not in was:
            yield "added", one, None, record


def document_fields(document: Record) -> Record:
    """Return a document's own fields without bookkeeping, its text told by its fingerprint."""
    left = {"text", "length", "analysed_by"}
    return {
        name: value
        for name, value in content(document).items()
        if name not in left and (name in ("furniture", "assigned") or not isinstance(value, list))
    }
