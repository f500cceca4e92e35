"""Writing the register, and which of its things mentions point to."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from models.register import Thing
from models.store.register_reads import NOT_MEANT
from models.store.unit_of_work import UnitOfWork, to_json


def put_thing(work: UnitOfWork, thing: Thing) -> None:
    """Add a thing, or write it over the one with its id; what newer versions keep beside it stays."""
    row = work.raw.execute("SELECT extra FROM register WHERE id = ?", (thing.id,)).fetchone()
    extra = json.loads(row[0]) if row and row[0] else {}
    extra.pop("also", None)
    if thing.also:
        extra["also"] = list(thing.also)
    columns = (
        thing.label, thing.name, to_json(list(thing.aliases)), to_json(dict(thing.links)),
        to_json(extra) if extra else None, thing.id,
    )  # fmt: skip
    if row is None:
        work.raw.execute(
            "INSERT INTO register(label, name, aliases, links, extra, id) VALUES (?, ?, ?, ?, ?, ?)", columns
        )
        return
    work.raw.execute(
        "UPDATE register SET label = ?1, name = ?2, aliases = ?3, links = ?4, extra = ?5 WHERE id = ?6 "
        "AND (label, name, aliases, links, coalesce(extra, '')) IS NOT (?1, ?2, ?3, ?4, coalesce(?5, ''))",
        columns,
    )


def delete_thing(work: UnitOfWork, identity: str) -> None:
    """Take a thing out of the register."""
    work.raw.execute("DELETE FROM register WHERE id = ?", (identity,))


def move_mentions(work: UnitOfWork, old: str, new: str | None) -> int:
    """Let everybody's mentions of one thing be mentions of another, or of none; return how many."""
    return work.raw.execute(
        "UPDATE annotations SET register = ?2, modified = ?3, revision = revision + 1 WHERE register = ?1",
        (old, new, work.now),
    ).rowcount


def split_mentions(work: UnitOfWork, old: str, annotations: Iterable[str], new: str) -> int:
    """Let these mentions of one thing be mentions of another; return how many were."""
    return work.raw.execute(
        "UPDATE annotations SET register = ?2, modified = ?3, revision = revision + 1 "
        "WHERE register = ?1 AND id IN (SELECT value FROM json_each(?4))",
        (old, new, work.now, json.dumps(list(annotations))),
    ).rowcount


def link_mentions(work: UnitOfWork, annotations: Iterable[str], thing: str) -> int:
    """Link the present annotator's entities among these that are linked to nothing; return how many were."""
    return work.raw.execute(
        "UPDATE annotations SET register = ?1, modified = ?2, revision = revision + 1 "
        "WHERE register IS NULL AND kind = 'entity' AND annotator_id = ?3 "
        "AND id IN (SELECT value FROM json_each(?4))",
        (thing, work.now, work.annotator, json.dumps(list(annotations))),
    ).rowcount


def set_refused(work: UnitOfWork, annotation: str, things: Collection[str]) -> None:
    """Say which things an entity does not mean; what newer versions keep beside it stays."""
    row = work.raw.execute("SELECT extra FROM annotations WHERE id = ?", (annotation,)).fetchone()
    extra = json.loads(row[0]) if row and row[0] else {}
    extra.pop(NOT_MEANT, None)
    if things:
        extra[NOT_MEANT] = sorted(things)
    work.raw.execute(
        "UPDATE annotations SET extra = ?2, modified = ?3, revision = revision + 1 WHERE id = ?1 AND extra IS NOT ?2",
        (annotation, to_json(extra) if extra else None, work.now),
    )
