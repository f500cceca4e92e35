"""What a merge would change, told a line at a time for people to read before it is done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from app.formats.exchange_lines import pieces
from app.formats.exchange_parts import Part, parts
from app.messages import language, tr
from models.labels import LabelSet, localised
from models.merge.records import BOOKS, content
from models.store.base_writes import Base
from models.store.reads import Reads

if TYPE_CHECKING:
    from app.merge.report import FoundConflict

MOST = 2000
"""The most lines that are told; counts tell the rest."""
CHANGES = ("added", "changed", "deleted")
_LISTS = (
    "documents", "entities", "claims", "relations", "suggestions", "decisions", "status", "notes", "register",
    "annotators", "label_set",
)  # fmt: skip
_QUOTED = 90
_TOLD = ("entities", "claims", "relations", "decisions", "status", "notes")
_PLACE = frozenset(("spans", "exact", "prefix", "suffix", "orphan"))
_SILENT = frozenset(("annotator", "furniture_by", "origin"))

Record = Mapping[str, Any]


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


class Newcomer(NamedTuple):
    """An annotator whom the file brings; ``namesake`` is who is called the same here, under another id."""

    id: str
    name: str
    kind: str
    namesake: str | None


def newcomers(reads: Reads, merged: Path) -> tuple[Newcomer, ...]:
    """Return the annotators of a merged file whom the project does not know yet."""
    known = {one.id: one for one in reads.annotators()}
    by_name = {_folded(one.name): one.id for one in reversed(known.values()) if one.name and one.kind == "human"}
    by_name |= {_folded(known[reads.me].name): reads.me} if reads.me in known and known[reads.me].name else {}
    return tuple(
        Newcomer(one["id"], one["name"], one["kind"], by_name.get(_folded(one["name"])))
        for one in _head(merged, "annotators")
        if one["id"] not in known and not known.keys() & set(one.get("also", ()))
    )


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _head(path: Path, name: str) -> list[Record]:
    found = []
    for piece in pieces(path, True):
        if piece.tells == "list" and piece.name == "documents":
            break
        if piece.tells == "record" and piece.name == name:
            found.append(piece.content)
    return found


def plan_remarks(
    labels: LabelSet, ours: Path, merged: Path, changed: Sequence[str], conflicts: Sequence[FoundConflict]
) -> tuple[Remark, ...]:
    """Return what changes from one file to the other, conflicts first, then in the documents ``changed``."""
    shown = frozenset(changed[:MOST])
    before = {part.document: (_bare(part), _lists(part.records())) for part in parts(ours) if part.document in shown}
    found: list[Remark] = []
    for part in parts(merged):
        if part.document in shown and len(found) < MOST:
            was, lists = before.get(part.document, (None, {}))
            found += _Telling(labels, part.document, _bare(part), lists, _lists(part.records())).remarks(was)
    told = [_conflict(one, found) for one in conflicts[:MOST]]
    return tuple([*told, *_outer(ours, merged), *found][:MOST])


def _bare(part: Part) -> Record:
    """Return a document's own fields; its text is told by its fingerprint."""
    return {name: value for name, value in part.fields().items() if name not in ("text", "length", "analysed_by")}


def _lists(records: Iterable[tuple[str, Record]]) -> dict[str, dict[str, Record]]:
    found: dict[str, dict[str, Record]] = {}
    for name, record in records:
        if name in _TOLD:
            found.setdefault(name, {})[str(record.get("id") or record["annotator"])] = record
    return found


def _outer(ours: Path, merged: Path) -> Iterator[Remark]:
    """Yield what changes around the documents: label set, register, documents taken out of the corpus."""
    sides = [{piece.name: piece.content for piece in _values(one)} for one in (ours, merged)]
    if sides[0]["label_set"] != sides[1]["label_set"]:
        version = sides[1]["label_set"]["version"]
        yield Remark(None, "", "label_set", "", "changed", "", tr("merging.label_set-changed", version=version))
    was, now = ({one["id"]: one for one in _head(path, "register")} for path in (ours, merged))
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


def _conflict(found: FoundConflict, remarks: Sequence[Remark]) -> Remark:
    record = found.record
    quote = next((one.quote for one in remarks if one.id == record["record"]), "") or _words_of(record)
    what = tr(f"merging.conflict-{kind_of(record)}", field=field_title(record["field"] or ""))
    return Remark(found.document, found.name or "", str(record["list"]), str(record["id"]), "conflict", quote, what)


def _words_of(conflict: Record) -> str:
    """Return the words that a conflict is about, where one of its readings has them."""
    values = [reading["value"] for reading in conflict["readings"]]
    return next((quote_of(one) for one in values if isinstance(one, dict) and one.get("exact")), "")


def kind_of(conflict: Record) -> str:
    """Return what sort of conflict it is, for the sentence about it: field, deleted, end, text, label or other."""
    kind = str(conflict["kind"])
    return kind if kind in ("field", "deleted", "end", "text", "label") else "field"


def field_title(field: str, labels: LabelSet | None = None) -> str:
    """Return what a field is called; of a facet and the like its own name is told too."""
    name, _, part = field.rpartition("/")[2].partition(".")
    facet = labels.facet(part) if labels is not None and name == "facets" else None
    if facet is not None:
        return localised(facet.title, language(), facet.id)
    known = _field_titles()
    title = known.get(name, name)
    return f"{title}: {part}" if part else title


def _field_titles() -> dict[str, str]:
    names = (
        "label", "place", "facets", "note", "head", "tail", "register", "verdict", "scope", "result", "state", "text",
        "title", "name", "source", "language", "metadata", "furniture", "split", "control", "assigned", "aliases",
        "links", "color", "key", "pairs", "description",
    )  # fmt: skip
    return {name: tr(f"merging.field-{name}") for name in names}


class _Telling:
    """The changes of one document as remarks."""

    def __init__(
        self,
        labels: LabelSet,
        document: str,
        fields: Record,
        before: Mapping[str, Mapping[str, Record]],
        after: Mapping[str, Mapping[str, Record]],
    ) -> None:
        self._labels = labels
        self._document = document
        self._fields = fields
        self._before = before
        self._after = after
        self._quotes = {
            one: quote_of(record)
            for side in (self._before, after)
            for name in ("entities", "claims")
            for one, record in side.get(name, {}).items()
        }

    def remarks(self, was: Record | None) -> Iterator[Remark]:
        """Yield one for each record that changes; ``was`` are the document's own fields before."""
        if was is None:
            yield self._remark("documents", self._document, "added", "", tr("merging.documents-added"))
        elif changed := _changed(was, self._fields):
            told = self._changes(was, self._fields, changed)
            yield self._remark("documents", self._document, "changed", "", told)
        for name in _TOLD:
            before, after = self._before.get(name, {}), self._after.get(name, {})
            for one in dict.fromkeys([*after, *before]):
                yield from self._record(name, one, before.get(one), after.get(one))

    def _record(self, name: str, identity: str, was: Record | None, now: Record | None) -> Iterator[Remark]:
        if was is None or now is None:
            record = was or now or {}
            change = "added" if was is None else "deleted"
            label = self._title(record.get("label", ""))
            yield self._remark(
                name, identity, change, self._quote(name, record), tr(f"merging.{name}-{change}", label=label)
            )
        elif changed := _changed(was, now):
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
            return _short(record["text"])
        if name == "decisions":
            return self._quotes.get(record["result"] or "", "")
        return quote_of(record)

    def _end(self, identity: str) -> str:
        return _short(self._quotes.get(identity, "…"), _QUOTED // 2)

    def _changes(self, was: Record, now: Record, changed: Collection[str]) -> str:
        return "; ".join(
            tr("merging.fingerprint-changed")
            if name == "fingerprint"
            else tr(
                "merging.from-to",
                field=field_title(name, self._labels),
                before=self.value(name, _value(was, name)),
                after=self.value(name, _value(now, name)),
            )
            for name in changed
        )

    def value(self, name: str, value: Any) -> str:
        """Return a field's value for a person to read."""
        if name == "label":
            return self._title(str(value))
        if name in ("head", "tail"):
            return self._end(str(value))
        return value_of(value)


def value_of(value: Any) -> str:
    """Return any value of a field for a person to read, at most a line of it."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return tr("merging.yes") if value else tr("merging.no")
    if isinstance(value, dict) and "exact" in value:
        return tr("merging.quoted", quote=quote_of(value))
    if isinstance(value, dict):
        return _short(", ".join(f"{name}: {value_of(one)}" for name, one in value.items()))
    if isinstance(value, list):
        return _short(", ".join(value_of(one) for one in value))
    return _short(str(value))


def quote_of(record: Record) -> str:
    """Return the words that a record stands on."""
    return _short(" … ".join(record.get("exact") or ()))


def _short(text: str, most: int = _QUOTED) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def _changed(was: Record, now: Record) -> list[str]:
    """Return the fields in which two versions of a record differ, a place and each facet as one."""
    mine, yours = content(dict(was)), content(dict(now))
    names = [one for one in sorted({*mine, *yours} - _SILENT - BOOKS) if mine.get(one) != yours.get(one)]
    facets = [
        f"facets.{one}"
        for one in sorted({*(mine.get("facets") or {}), *(yours.get("facets") or {})})
        if (mine.get("facets") or {}).get(one) != (yours.get("facets") or {}).get(one)
    ]
    place = ["place"] if {*names} & _PLACE else []
    return [*place, *(one for one in names if one not in _PLACE and one != "facets"), *facets]


def _value(record: Record, name: str) -> Any:
    if name == "place":
        return {"exact": record.get("exact", [])}
    field, _, part = name.partition(".")
    return (record.get(field) or {}).get(part) if part else record.get(field)


# The plan as a whole ----------------------------------------------------------------------------------------


def base_sentence(base: Base | None, file: Path | None) -> str:
    """Return what both sides started from."""
    if file is not None:
        return tr("merging.base-file", path=str(file))
    if base is None:
        return tr("merging.base-none")
    at = datetime.fromisoformat(base.at).astimezone().strftime("%Y-%m-%d %H:%M")
    return tr(f"merging.base-{base.kind}", name=Path(base.path).name, at=at)


def stored_base_sentence(base: Mapping[str, Any] | None, file: str | None) -> str:
    """Return the same of a base and a file's path as a plan's data have them."""
    return base_sentence(Base(**base) if base else None, Path(file) if file else None)


def count_sentences(changes: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return how much of what is added, changed and deleted, a sentence for each list."""
    order = sorted(changes.items(), key=lambda one: _LISTS.index(one[0]) if one[0] in _LISTS else len(_LISTS))
    return [f"{tr(f'merging.list-{name}')}: {', '.join(_counts(told))}" for name, told in order]


def _counts(told: Mapping[str, int]) -> Iterator[str]:
    for change in CHANGES:
        if told.get(change):
            yield tr(f"merging.count-{change}", count=told[change])


def notice_sentence(code: str, details: Mapping[str, object]) -> str:
    """Return what is worth knowing about a merge."""
    return tr(code, **details)
