"""What people read of a merge: what fields and values are called, who is new, how much changes, from what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from app.formats.exchange_lines import pieces
from app.messages import language, tr
from models.labels import LabelSet, localised
from models.store.base_writes import Base
from models.store.reads import Reads

CHANGES = ("added", "changed", "deleted")
_LISTS = (
    "documents", "entities", "claims", "relations", "suggestions", "decisions", "status", "notes", "register",
    "annotators", "label_set",
)  # fmt: skip
QUOTED = 90
"""The most code points that are quoted of anything."""
Record = Mapping[str, Any]


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
        for one in head_records(merged, "annotators")
        if one["id"] not in known and not known.keys() & set(one.get("also", ()))
    )


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def head_records(path: Path, name: str) -> list[Record]:
    """Return the records of one of a file's own lists."""
    found = []
    for piece in pieces(path, True):
        if piece.tells == "list" and piece.name == "documents":
            break
        if piece.tells == "record" and piece.name == name:
            found.append(piece.content)
    return found


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


def facet_value(labels: LabelSet, facet: str, value: str) -> str:
    """Return what a facet's value is called."""
    found = labels.facet(facet)
    titles = {one.id: localised(one.title, language(), one.id) for one in found.values} if found else {}
    return titles.get(value, value)


def value_of(value: Any) -> str:
    """Return any value of a field for a person to read, at most a line of it."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return tr("merging.yes") if value else tr("merging.no")
    if isinstance(value, dict) and "exact" in value:
        return tr("merging.quoted", quote=quote_of(value))
    if isinstance(value, dict):
        return short(", ".join(f"{name}: {value_of(one)}" for name, one in value.items()))
    if isinstance(value, list):
        return short(", ".join(value_of(one) for one in value))
    return short(str(value))


def quote_of(record: Record) -> str:
    """Return the words that a record stands on."""
    return short(" … ".join(record.get("exact") or ()))


def short(text: str, most: int = QUOTED) -> str:
    """Return a text on one line, cut where it is longer than ``most`` code points."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


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
