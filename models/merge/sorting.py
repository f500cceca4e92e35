"""The order of a document's records in the exchange file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.merge.values import Record

Place = Callable[[str], tuple[int, int] | None]

_NOWHERE = (-1, -1)


def extent(record: Record) -> tuple[int, int] | None:
    """Return where a record's spans begin and end, None where it has none."""
    spans = record.get("spans")
    return (spans[0][0], spans[-1][1]) if spans else None


def sort_lists(document: Record, place: Place) -> Record:
    """Return a document whose lists stand in the file's order; ``place`` tells of other documents' annotations."""
    here = {one["id"]: extent(one) for name in ("entities", "claims") for one in document[name]}
    proposed = {one["id"]: extent(one) for one in document["suggestions"] if not one.get("past")}

    def head(one: Record) -> tuple[Any, ...]:
        found = here[one["head"]] if one["head"] in here else place(one["head"])
        return found is None, found or _NOWHERE, one["id"]

    def suggested(one: Record) -> tuple[Any, ...]:
        if one.get("past"):
            return 2, _NOWHERE, one["id"]
        if one["kind"] == "relation":
            return 1, proposed.get(one["head"]) or _NOWHERE, one["id"]
        return 0, extent(one) or _NOWHERE, one["id"]

    def judged(one: Record) -> tuple[Any, ...]:
        found = extent(one)
        return found is None, found or _NOWHERE, one["id"]

    def placed(one: Record) -> tuple[Any, ...]:
        return extent(one) or _NOWHERE, one["id"]

    def identity(one: Record) -> str:
        return str(one["id"])

    orders: dict[str, Callable[[Record], Any]] = {
        "entities": placed,
        "claims": placed,
        "relations": head,
        "suggestions": suggested,
        "decisions": judged,
        "status": lambda one: one["annotator"],
        "deleted": identity,
        "notes": identity,
    }
    return {**document, **{name: sorted(document[name], key=order) for name, order in orders.items()}}
