"""Things of the register that became one on some copy: every copy's list is led to the same state, then merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from models.merge.values import Record
from models.register import Thing, form, merged


def united(records: Iterable[Record], aliases: Mapping[str, str]) -> list[Record]:
    """Return a register in which things that others stand for are joined to those, as a curator joins them.

    One whose successor the list does not have takes the successor's id, so that its mentions have a thing.
    """
    found: dict[str, Record] = {}
    for one in sorted(records, key=lambda one: (one["id"] in aliases, one["id"])):
        identity = aliases.get(one["id"], one["id"])
        kept = found.get(identity)
        if kept is None and identity != one["id"]:
            also = sorted({*one.get("also", ()), one["id"]} - {identity})
            found[identity] = {**one, "id": identity, "also": also}
        else:
            found[identity] = one if kept is None else _joined(kept, one)
    return [found[identity] for identity in sorted(found)]


def _joined(keep: Record, drop: Record) -> Record:
    both = merged(_thing(keep), _thing(drop))
    told = {"aliases": list(both.aliases), "links": dict(both.links), "also": list(both.also)}
    return {**drop, **keep, **told}


def _thing(record: Record) -> Thing:
    return Thing(
        record["id"], record["label"], record["name"], tuple(record["aliases"]), record["links"],
        tuple(record.get("also", ())),
    )  # fmt: skip


def same_names(ours: Sequence[Record], theirs: Sequence[Record]) -> int:
    """Return how many things that only theirs has are called like one with the same label that only ours has."""
    known = [{one["id"] for one in side} for side in (ours, theirs)]
    named = {(one["label"], form(one["name"])) for one in ours if one["id"] not in known[1]}
    return sum((one["label"], form(one["name"])) in named for one in theirs if one["id"] not in known[0])
