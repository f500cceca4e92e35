"""What a merge would change, told a line at a time for people to read before it is done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from app.formats.exchange_lines import pieces
from app.formats.exchange_parts import Part, parts
from app.merge.boundaries import bounded, is_place
from app.merge.diff import PLACE
from app.messages import language, tr
from app.services.merging_views import (
    QUOTED,
    Record,
    facet_value,
    field_title,
    head_records,
    kind_of,
    quote_of,
    short,
    value_of,
)
from models.labels import LabelSet
from models.merge.records import BOOKS, content
from models.merge.values import canonical

if TYPE_CHECKING:
    from app.merge.report import FoundConflict

MOST = 2000
"""The most lines that are told; counts tell the rest."""
_TOLD = ("entities", "claims", "relations", "decisions", "status", "notes")
_SILENT = frozenset(("annotator", "furniture_by", "origin"))
_Lists = Mapping[str, Mapping[str, Record]]


class Remark(NamedTuple):
    """One change: in which document (None: the project), to which record, the words concerned, and what changes.

    ``change``: added, changed, deleted or conflict.
    """

    document: str | None
    name: str
    list: str
    id: str
    change: str
    quote: str
    what: str


class Told(NamedTuple):
    """What is told of a merge. ``here``: conflict id → the number of the reading that the project had before."""

    remarks: tuple[Remark, ...]
    here: Mapping[str, int]


def plan_remarks(
    labels: LabelSet, ours: Path, merged: Path, changed: Sequence[str], conflicts: Sequence[FoundConflict]
) -> Told:
    """Return what changes from one file to the other, conflicts first, then in the documents ``changed``.

    What is in conflict is told once, with what each side says.
    """
    shown = frozenset(changed[:MOST])
    asked: dict[str | None, list[FoundConflict]] = {}
    for one in conflicts:
        asked.setdefault(one.document, []).append(one)
    before = {part.document: part for part in parts(ours) if part.document in shown or part.document in asked}
    found: list[Remark] = []
    told: dict[str, Remark] = {}
    here: dict[str, int] = {}
    for part in parts(merged):
        document, disputed = part.document, asked.pop(part.document, [])
        if not disputed and (document not in shown or len(found) >= MOST):
            continue
        telling = _Telling(labels, before.get(document), part, disputed)
        for conflict in disputed:
            told[conflict.record["id"]] = telling.conflict(conflict)
            if (number := telling.ours(conflict.record)) is not None:
                here[conflict.record["id"]] = number
        if document in shown and len(found) < MOST:
            found += telling.remarks()
    first = [told.get(one.record["id"]) or _plain_conflict(one) for one in conflicts[:MOST]]
    return Told(tuple([*first, *_outer(ours, merged), *found][:MOST]), here)


def _outer(ours: Path, merged: Path) -> Iterator[Remark]:
    """Yield what changes around the documents: label set, register, documents taken out of the corpus."""
    sides = [{piece.name: piece.content for piece in _values(one)} for one in (ours, merged)]
    if sides[0]["label_set"] != sides[1]["label_set"]:
        version = sides[1]["label_set"]["version"]
        yield Remark(None, "", "label_set", "", "changed", "", tr("merging.label_set-changed", version=version))
    was, now = ({one["id"]: one for one in head_records(path, "register")} for path in (ours, merged))
    for one in was.keys() | now.keys():
        if was.get(one) != now.get(one):
            change = "added" if one not in was else "deleted" if one not in now else "changed"
            name = (now.get(one) or was[one])["name"]
            yield Remark(None, "", "register", one, change, name, tr(f"merging.register-{change}"))
    names = {part.document: part.fields()["name"] for part in parts(ours) if part.document}
    here = {part.document for part in parts(merged)}
    for one, name in names.items():
        if one not in here:
            yield Remark(one, name, "documents", one, "deleted", name, tr("merging.documents-deleted"))


def _values(path: Path) -> Iterator[Any]:
    for piece in pieces(path, True):
        if piece.tells == "list" and piece.name == "documents":
            return
        if piece.tells == "value":
            yield piece


def _plain_conflict(found: FoundConflict) -> Remark:
    """Return a conflict about what no document holds: its readings as they are."""
    record = found.record
    readings = tr("merging.or").join(value_of(one["value"]) for one in record["readings"])
    return _conflict(found, _words_of(record), readings)


def _conflict(found: FoundConflict, quote: str, readings: str) -> Remark:
    record = found.record
    what = tr(f"merging.conflict-{kind_of(record)}", field=field_title(record["field"] or ""), readings=readings)
    return Remark(found.document, found.name or "", str(record["list"]), str(record["id"]), "conflict", quote, what)


def _words_of(conflict: Record) -> str:
    """Return the words that a conflict is about, where one of its readings has them."""
    values = [reading["value"] for reading in conflict["readings"]]
    return next((quote_of(one) for one in values if isinstance(one, dict) and one.get("exact")), "")


class _Telling:
    """The changes of one document as remarks; ``disputed`` are its conflicts."""

    def __init__(self, labels: LabelSet, was: Part | None, now: Part, disputed: Sequence[FoundConflict]) -> None:
        self._labels = labels
        self._document = now.document
        self._was = _bare(was) if was is not None else None
        self._fields = _bare(now)
        self._before = _lists(was.records()) if was is not None else {}
        self._after = _lists(now.records())
        self._disputed = {(one.record["record"], one.record["field"]) for one in disputed}
        self._quotes = {
            one: quote_of(record)
            for side in (self._before, self._after)
            for name in ("entities", "claims")
            for one, record in side.get(name, {}).items()
        }

    # Conflicts --------------------------------------------------------------------------------------------

    def conflict(self, found: FoundConflict) -> Remark:
        """Return a conflict with what each side says."""
        record, number = found.record, self.ours(found.record)
        said = self._sayings(record["field"], [one["value"] for one in record["readings"]])
        if number is not None and len(said) == 2:
            readings = tr("merging.here-and-there", here=said[number], there=said[1 - number])
        else:
            readings = tr("merging.or").join(said)
        standing = self._standing(record) or {}
        quote = self._quote(record["list"], standing) if standing else ""
        return _conflict(found, quote or _words_of(record), readings)

    def _sayings(self, field: str | None, values: Sequence[Any]) -> list[str]:
        if field == "place" and all(map(is_place, values)):
            return bounded(values)
        return [self.value(field or "", one) for one in values]

    def _standing(self, conflict: Record) -> Record | None:
        known = (*self._after.get(conflict["list"], {}).values(), *self._before.get(conflict["list"], {}).values())
        return next((one for one in known if one.get("id") == conflict["record"]), None)

    def ours(self, conflict: Record) -> int | None:
        """Return the number of the reading that our file has, None where that cannot be told."""
        values, field = [one["value"] for one in conflict["readings"]], conflict["field"]
        if conflict["list"] == "documents":
            own = self._was
        else:
            own = self._before.get(conflict["list"], {}).get(str(conflict["record"]))
        if field is None:
            found = [number for number, one in enumerate(values) if (one is None) == (own is None)]
        elif own is None:
            return None
        else:
            found = [number for number, one in enumerate(values) if canonical(one) == canonical(_as(one, own, field))]
        return found[0] if len(found) == 1 else None

    # Changes ----------------------------------------------------------------------------------------------

    def remarks(self) -> Iterator[Remark]:
        """Yield one for each record that changes."""
        was = self._was
        if was is None:
            yield self._remark("documents", str(self._document), "added", "", tr("merging.documents-added"))
        elif changed := self._changed(str(self._document), was, self._fields):
            told = self._changes(was, self._fields, changed)
            yield self._remark("documents", str(self._document), "changed", "", told)
        for name in _TOLD:
            before, after = self._before.get(name, {}), self._after.get(name, {})
            for one in dict.fromkeys([*after, *before]):
                if (one, None) not in self._disputed:
                    yield from self._record(name, one, before.get(one), after.get(one))

    def _changed(self, identity: str, was: Record, now: Record) -> list[str]:
        return [one for one in _changed(was, now) if (identity, one) not in self._disputed]

    def _record(self, name: str, identity: str, was: Record | None, now: Record | None) -> Iterator[Remark]:
        if was is None or now is None:
            record = was or now or {}
            change = "added" if was is None else "deleted"
            label = self._title(record.get("label", ""))
            yield self._remark(
                name, identity, change, self._quote(name, record), tr(f"merging.{name}-{change}", label=label)
            )
        elif changed := self._changed(identity, was, now):
            told = self._changes(was, now, changed)
            yield self._remark(name, identity, "changed", self._quote(name, now), told)

    def _remark(self, name: str, identity: str, change: str, quote: str, what: str) -> Remark:
        return Remark(self._document, self._fields["name"], name, identity, change, quote, what)

    def _title(self, label: str) -> str:
        return self._labels.title(label, language())

    def _quote(self, name: str, record: Record) -> str:
        if name == "relations":
            return f"{self._end(record['head'])} → {self._end(record['tail'])}"
        if name == "notes":
            return short(record["text"])
        if name == "decisions":
            return self._quotes.get(record["result"] or "", "")
        return quote_of(record)

    def _end(self, identity: str) -> str:
        return short(self._quotes.get(identity, "…"), QUOTED // 2)

    def _changes(self, was: Record, now: Record, changed: Collection[str]) -> str:
        return "; ".join(self._change(name, _value(was, name), _value(now, name)) for name in changed)

    def _change(self, name: str, was: Any, now: Any) -> str:
        if name == "fingerprint":
            return tr("merging.fingerprint-changed")
        before, after = self._sayings(name, [was, now])
        if name == "place" and before == after:
            return tr("merging.place-shifted")
        return tr("merging.from-to", field=field_title(name, self._labels), before=before, after=after)

    def value(self, name: str, value: Any) -> str:
        """Return a field's value for a person to read."""
        if name == "label":
            return self._title(str(value))
        if name in ("head", "tail"):
            return self._end(str(value))
        if name.startswith("facets.") and isinstance(value, str):
            return facet_value(self._labels, name.partition(".")[2], value)
        if isinstance(value, dict) and "verdict" in value:
            return tr(f"merging.verdict-{value['verdict']}")
        if name == "verdict" and value:
            return tr(f"merging.verdict-{value}")
        if name == "result" and value:
            return tr("merging.quoted", quote=self._end(str(value)))
        return value_of(value)


def _bare(part: Part) -> Record:
    """Return a document's own fields; its text is told by its fingerprint."""
    return {name: value for name, value in part.fields().items() if name not in ("text", "length", "analysed_by")}


def _lists(records: Iterable[tuple[str, Record]]) -> dict[str, dict[str, Record]]:
    found: dict[str, dict[str, Record]] = {}
    for name, record in records:
        if name in _TOLD:
            found.setdefault(name, {})[str(record.get("id") or record["annotator"])] = record
    return found


def _changed(was: Record, now: Record) -> list[str]:
    """Return the fields in which two versions of a record differ, a place and each facet as one."""
    mine, yours = content(dict(was)), content(dict(now))
    names = [one for one in sorted({*mine, *yours} - _SILENT - BOOKS) if mine.get(one) != yours.get(one)]
    facets = [
        f"facets.{one}"
        for one in sorted({*(mine.get("facets") or {}), *(yours.get("facets") or {})})
        if (mine.get("facets") or {}).get(one) != (yours.get("facets") or {}).get(one)
    ]
    place = ["place"] if {*names} & set(PLACE) else []
    return [*place, *(one for one in names if one not in PLACE and one != "facets"), *facets]


def _as(value: Any, record: Record, field: str) -> Any:
    """Return a record's field in the form of a reading's value: a verdict comes with what it led to."""
    if isinstance(value, dict) and field in value:
        return {name: record.get(name) for name in value}
    return _value(record, field)


def _value(record: Record, name: str) -> Any:
    if name == "place":
        return {one: record[one] for one in PLACE if one in record}
    field, _, part = name.partition(".")
    return (record.get(field) or {}).get(part) if part else record.get(field)
