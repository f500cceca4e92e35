"""What differs between two exchange files, record by record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.formats.exchange import DOCUMENT_LISTS
from app.merge.checking import Known
from app.merge.report import Change, document_fields, list_changes
from app.merge.sides import SideFile
from models.merge.records import BOOKS, content
from models.merge.values import Record, canonical

PLACE = ("spans", "exact", "prefix", "suffix", "orphan")


@dataclass(frozen=True, slots=True)
class Difference:
    """One record that differs.

    ``list`` names its list (``documents`` for a document's own fields, ``label_set`` and the file's lists too).
    ``fields``: what changed, field → (before, after); a place is the one field ``place``. ``label`` is the
    record's label in the later file that has it, ``before`` and ``after`` are the whole records.
    """

    list: str
    change: Change
    id: str
    document: str | None = None
    name: str | None = None
    fields: Mapping[str, tuple[Any, Any]] | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None

    def data(self) -> dict[str, Any]:
        """Return the difference as JSON data."""
        told = {name: {"before": was, "after": now} for name, (was, now) in (self.fields or {}).items()}
        whole = self.after if self.change == "added" else self.before if self.change == "deleted" else None
        return {
            "list": self.list,
            "change": self.change,
            "id": self.id,
            "document": self.document,
            "name": self.name,
            "fields": told,
            "record": None if whole is None else dict(whole),
        }


def differences(before: Path, after: Path, *, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Difference]:
    """Yield what differs between two exchange files, bookkeeping aside; documents in their order.

    Raises:
        FileRefused: a file has problems.
    """
    with ExitStack() as stack:
        known = Known()
        old, new = (stack.enter_context(SideFile(path, known, cancelled=cancelled)) for path in (before, after))
        for side in (old, new):
            side.finish()
        if old.outline.labels != new.outline.labels:
            yield from _labels(old.outline.labels, new.outline.labels)
        for name in ("annotators", "register", "deleted"):
            for change, key, was, now in list_changes(name, old.outline.lists[name], new.outline.lists[name]):
                yield _difference(name, change, key, was, now, None, None)
        names = {one: place.name for side in (old, new) for one, place in side.documents.items()}
        for document in sorted(names, key=lambda one: (names[one], one)):
            places = [side.documents.get(document) for side in (old, new)]
            if places[0] and places[1] and places[0].digest == places[1].digest:
                continue
            versions = [
                side.document(document) if place else None for side, place in zip((old, new), places, strict=True)
            ]
            yield from _in_document(document, names[document], versions[0], versions[1])


def _labels(old: Record, new: Record) -> Iterator[Difference]:
    was, now = ({one["id"]: one for one in _all_labels(side)} for side in (old, new))
    told = False
    for key in {**was, **now}:
        if was.get(key) != now.get(key):
            told = True
            change: Change = "added" if key not in was else "deleted" if key not in now else "changed"
            yield _difference("label_set", change, key, was.get(key), now.get(key), None, None)
    if not told:
        yield _difference("label_set", "changed", old["id"], _plain(old), _plain(new), None, None)


def _all_labels(labels: Record) -> list[Record]:
    return [*labels["entities"], *labels["claims"]["labels"], *labels["claims"]["facets"], *labels["relations"]]


def _plain(labels: Record) -> Record:
    return {name: value for name, value in labels.items() if not isinstance(value, list | dict)}


def _in_document(document: str, name: str, old: Record | None, new: Record | None) -> Iterator[Difference]:
    fields = [None if one is None else document_fields(one) for one in (old, new)]
    if fields[0] != fields[1]:
        change: Change = "added" if old is None else "deleted" if new is None else "changed"
        yield _difference("documents", change, document, fields[0], fields[1], document, name)
    for one in DOCUMENT_LISTS:
        for found, key, was, now in list_changes(one, (old or {}).get(one, ()), (new or {}).get(one, ())):
            yield _difference(one, found, key, was, now, document, name)


def _difference(
    name: str,
    change: Change,
    key: str,
    was: Record | None,
    now: Record | None,
    document: str | None,
    title: str | None,
) -> Difference:
    fields: dict[str, tuple[Any, Any]] = {}
    if was is not None and now is not None:
        mine, yours = _fields(was), _fields(now)
        for one in sorted({*mine, *yours}):
            if canonical(mine.get(one)) != canonical(yours.get(one)):
                fields[one] = (mine.get(one), yours.get(one))
    return Difference(name, change, key, document, title, fields, was, now)


def _fields(record: Record) -> Record:
    """Return a record's fields, its place as one, its facets each as one."""
    found = {name: value for name, value in content(record).items() if name not in PLACE and name not in BOOKS}
    if "exact" in record:
        found["place"] = {name: record[name] for name in PLACE if name in record}
    facets = found.pop("facets", None) or {}
    return found | {f"facets.{name}": value for name, value in facets.items()}
