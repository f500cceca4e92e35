"""Which kept state of a project a file grew from: what both sides of a merge started from.

A base that a file did not grow from would silently take back what somebody did, so where it is not certain an
older one is taken: of that a merge can at worst ask what need not be asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from app.formats.exchange_parts import Part, parts
from app.services import bases
from models.merge.doubles import aliases_of, renamed
from models.merge.records import content as told
from models.merge.values import Record, canonical, moment
from models.store import base_writes
from models.store.base_writes import Base
from models.store.reads import Reads

_ANNOTATIONS = ("entities", "claims", "relations")
_KEPT = (*_ANNOTATIONS, "notes", "decisions", "status", "conflicts")
"""Lists whose records never go without a word: what lacks one has not seen it."""


def find_base(reads: Reads, ours: Path, theirs: Path, known: dict[str, str]) -> Base | None:
    """Return the latest base that both a file and the project grew from; None where none is certain.

    A project whose work was mailed and then undone did not grow from that: the others have it, so it comes back,
    and all end with the same.

    Of a base that the file grew from, every record is in the file, alive or deleted, at the same revision with
    the same content or at a later one. A later revision may also have come about beside the base; so what the base
    has changed since the one before must still show in the file, or else something as late by the same annotator.

    Args:
        reads: the project.
        ours: the project as a file.
        theirs: the file, laid out by lines.
        known: its :func:`app.services.bases.prints`.
    """
    present: dict[str, str] = {}
    latest: Base | None = None
    for base in base_writes.bases(reads):
        if base.documents and _grew_from(reads, base, theirs, known):
            if latest is not None and _was_seen(reads, base, latest, theirs, known):
                return latest
            present = present or bases.prints(ours)
            if _grew_from(reads, base, ours, present):
                latest = base
    return latest


def _was_seen(reads: Reads, before: Base, base: Base, theirs: Path, known: dict[str, str]) -> bool:
    """Whether a file shows that whoever wrote it knew what a base changed since the one before."""
    old, new = (base_writes.base_parts(reads, one.seq) for one in (before, base))
    changed = {one for one in new if old.get(one, new[one]) != new[one] and known.get(one, "") != new[one]}
    seen: dict[str, float] = {}
    overridden: list[Record] = []
    for part in parts(theirs) if changed else ():
        if part.document not in changed:
            continue
        kept = [bases.content(reads, one[part.document]) for one in (old, new)]
        if not part.document:
            heads = [_head(one) for one in (*kept, part)]
            if not _shows(*heads):
                return False
            continue
        if not _shows(*(_own(one.fields()) for one in (*kept, part))):
            return False
        overridden += _overridden(_by_key(kept[0]), _by_key(kept[1]), _by_key(part), seen)
    return all(seen.get(str(one.get("annotator")), -1.0) >= _touched(one) for one in overridden)


def _by_key(part: Part) -> dict[tuple[str, str], Record]:
    return {(name, _key(one)): one for name, one in part.records() if name in (*_KEPT, "deleted")}


def _overridden(
    old: Mapping[tuple[str, str], Record],
    new: Mapping[tuple[str, str], Record],
    now: Mapping[tuple[str, str], Record],
    seen: dict[str, float],
) -> list[Record]:
    """Return the records whose changes do not show in the file, and note until when it saw each annotator's work."""
    found = []
    for key, one in new.items():
        after = now.get(key)
        if after == one:
            name = str(one.get("annotator"))
            seen[name] = max(seen.get(name, -1.0), _touched(one))
        elif key in old and after is not None and not _shows(told(old[key]), told(one), told(after)):
            found.append(one)
    return found


def _touched(record: Record) -> float:
    return moment(record.get("modified") or record.get("at"))[0]


def _head(part: Part) -> Record:
    """Return what people decide on around the documents, all records by id."""
    whole = orjson.loads(part.content + b"]}")
    lists = {name: whole.get(name, []) for name in ("register", "conflicts")}
    labels = {name: value for name, value in whole["label_set"].items() if name != "version"}
    return {"label_set": labels, "name": whole["kurator"]["project"]["name"], **lists}


def _shows(old: Record, new: Record, now: Record) -> bool:
    """Whether everything that became different is so still."""
    was, is_, after = (dict(_leaves("", one)) for one in (old, new, now))
    return all(after.get(name) == is_.get(name) for name in was.keys() | is_.keys() if was.get(name) != is_.get(name))


def _leaves(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield path and content of everything in JSON data; records of a list are told by id, not by place."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _leaves(f"{name}/{key}", one)
    elif isinstance(value, list) and value and all(isinstance(one, dict) and "id" in one for one in value):
        for one in value:
            yield from _leaves(f"{name}/{one['id']}", one)
    else:
        yield name, canonical(value)


def _grew_from(reads: Reads, base: Base, theirs: Path, known: dict[str, str]) -> bool:
    named = base_writes.base_parts(reads, base.seq)
    if not named.keys() & known.keys() - {""}:
        return False
    changed = {one for one, print_ in named.items() if one and one in known and known[one] != print_}
    found = parts(theirs)
    was, now = (orjson.loads(part.content + b"]}") for part in (bases.content(reads, named[""]), next(found)))
    if not _heads_descend(was, now) or any(one["id"] in known for one in was["deleted"]):
        return False
    if not _deleted_as_first_shared(reads, named, {one["id"] for one in now["deleted"]} - known.keys()):
        return False
    people = [one for one in now["annotators"] if "also" in one]
    started = {one["id"]: one["started"] for side in (was, now) for one in side["runs"]}
    return all(
        _descends(kept, part, people) and _analysed_since(kept, part, started)
        for kept, part in (
            (bases.content(reads, named[part.document]), part) for part in found if part.document in changed
        )
    )


def _deleted_as_first_shared(reads: Reads, named: Mapping[str, str], deleted: set[str]) -> bool:
    """Whether documents that a file deleted are in the base as they were first shared.

    A deleted document's content does not tell what whoever deleted it had seen of it.
    """
    unsure = deleted & named.keys()
    first = dict[str, str]()
    for base in reversed(base_writes.bases(reads)) if unsure else ():
        first = {**base_writes.base_parts(reads, base.seq), **first}
        if unsure <= first.keys():
            break
    return all(named[one] == first[one] for one in unsure)


def _heads_descend(was: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether what stands around the documents can have become what it is: label set, register, conflicts."""
    versions = [side["label_set"]["version"] for side in (was, now)]
    if versions[1] < versions[0] or (versions[0] == versions[1] and was["label_set"] != now["label_set"]):
        return False
    ids = [{one["id"] for name in ("register", "conflicts") for one in side.get(name, ())} for side in (was, now)]
    united = [{also for one in side["annotators"] for also in one.get("also", ())} for side in (was, now)]
    return ids[0] <= ids[1] and united[0] <= united[1]


def _descends(before: Part, after: Part, people: list[dict[str, Any]]) -> bool:
    """Whether a document can have become what it is from what it was; ``people`` stand for others now."""
    was, now = before.fields(), after.fields()
    revisions = was.get("revision", 1), now.get("revision", 1)
    if revisions[1] < revisions[0] or (revisions[0] == revisions[1] and _own(was) != _own(now)):
        return False
    alive: dict[tuple[str, str], dict[str, Any]] = {}
    gone: dict[str, int] = {}
    for name, record in after.records():
        kept = "annotations" if name in _ANNOTATIONS else name
        if name == "deleted":
            gone[record["id"]] = record["revision"]
        elif name in _KEPT:
            alive |= dict.fromkeys(((kept, one) for one in (_key(record), *record.get("also", ()))), record)
    aliases = aliases_of([*people, *(one for one in alive.values() if "also" in one)])
    for name, standing in before.records():
        kept = "annotations" if name in _ANNOTATIONS else name
        record = renamed(standing, aliases) if aliases else standing
        if name == "deleted":
            if record["id"] not in gone and not any(one == record["id"] for _, one in alive):
                return False
        elif name in _KEPT and not _follows(record, alive.get((kept, _key(record))), gone):
            return False
    return True


def _analysed_since(before: Part, after: Part, started: Mapping[str, str]) -> bool:
    """Whether a document's suggestions are those it had, or of a later run; a file may leave them out."""
    was, now = (side.fields().get("analysed_by") for side in (before, after))
    return was is None or now is None or was == now or started[now] > started[was]


def _own(fields: dict[str, Any]) -> dict[str, Any]:
    """Return a document's fields without those that a pipeline or a file without texts changes."""
    left = ("text", "analysed_by", "furniture", "furniture_by", "imported")
    return {name: value for name, value in fields.items() if name not in left}


def _key(record: Mapping[str, Any]) -> str:
    return str(record.get("id") or record["annotator"])


def _follows(record: dict[str, Any], now: dict[str, Any] | None, gone: Mapping[str, int]) -> bool:
    """Whether a record can have become what it is (None: no longer there). Not all records count revisions."""
    revision = int(record.get("revision", 0))
    if now is None:
        return gone.get(_key(record), -1) >= revision
    if not {*record.get("also", ())} <= {*now.get("also", ()), now.get("id")}:
        return False
    later = int(now.get("revision", 0)) - revision
    if later or _key(now) != _key(record):
        return later > 0 or _key(now) != _key(record)
    if "revision" in record:
        return told(now) == told(record)
    if record.get("resolution"):  # of a conflict
        return bool(now.get("resolution")) and moment(now["resolution"]["at"]) >= moment(record["resolution"]["at"])
    return now.get("state") == record.get("state") or _touched(now) > _touched(record)
