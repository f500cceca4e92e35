"""Registers as files: JSON as the program writes it, CSV for spreadsheets, and the list that ships."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.formats.atomic import replacing
from app.paths import resource
from app.register_commands import AddThings
from app.services.register_views import ThingRow
from app.workspace import Workspace
from models.errors import EnvironmentFault, UserError
from models.history import Outcome
from models.labels import LabelSet
from models.register import Thing, form
from models.store.unit_of_work import to_json

STARTERS = ("sweden",)
"""The lists that ship, by the names of their files."""
COLUMNS = ("id", "label", "name", "aliases", "wikidata", "web", "mentions", "documents")
_BETWEEN = " | "
"""What stands between aliases in a table's cell."""
Record = Mapping[str, Any]


def starter(name: str) -> list[Record]:
    """Return the things of a list that ships."""
    found: dict[str, Any] = json.loads(resource("register", f"{name}.json").read_text("utf-8"))
    return list(found["register"])


def things_of(records: Iterable[Record]) -> list[Thing]:
    """Return records that have an id as things."""
    return [Thing(one["id"], one["label"], one["name"], tuple(one["aliases"]), one["links"]) for one in records]


def read_register(path: Path) -> list[Record]:
    """Return the things of a file: JSON as :func:`as_json` writes it, an exchange file, or a table with a heading.

    Raises:
        UserError: ``register.unreadable``: it is neither, or a record lacks label or name.
        EnvironmentFault: ``register.cannot-read``.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise EnvironmentFault("register.cannot-read", path=str(path), reason=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise UserError("register.unreadable", path=str(path), reason=str(error)) from error
    try:
        found = _from_json(text) if text.lstrip().startswith("{") else _from_csv(text)
        for one in found:
            _check(one)
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise UserError("register.unreadable", path=str(path), reason=str(error)) from error
    return found


def _check(record: Any) -> None:
    names = [record["label"], record["name"], *record.get("aliases", ())]
    if not all(isinstance(one, str) for one in names) or not form(record["name"]):
        raise ValueError(to_json(record)[:120])
    if not isinstance(record.get("links", {}), dict) or not isinstance(record.get("id", ""), str):
        raise ValueError(to_json(record)[:120])


def _from_json(text: str) -> list[Record]:
    found = json.loads(text)["register"]
    if not isinstance(found, list):
        raise TypeError("register")
    return [{name: one[name] for name in ("id", "label", "name", "aliases", "links") if name in one} for one in found]


def _from_csv(text: str) -> list[Record]:
    rows = csv.DictReader(io.StringIO(text), delimiter=_delimiter(text))
    found: list[Record] = []
    for row in rows:
        links = {name: row[name] for name in ("wikidata", "web") if row.get(name)}
        aliases = [one.strip() for one in (row.get("aliases") or "").split(_BETWEEN.strip()) if one.strip()]
        record = {"label": row["label"], "name": row["name"], "aliases": aliases, "links": links}
        found.append({"id": row["id"], **record} if row.get("id") else record)
    return found


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def fitting(records: Iterable[Record], labels: LabelSet) -> tuple[list[Record], int]:
    """Return the records whose label the label set has for entities, and how many have none such."""
    told = list(records)
    kinds = labels.kinds
    kept = [one for one in told if kinds.get(one["label"]) == "entity"]
    return kept, len(told) - len(kept)


def add_records(workspace: Workspace, records: Iterable[Record]) -> tuple[Outcome, int]:
    """Take things over as one undo step; return what came of it and how many labels did not fit."""
    kept, strange = fitting(records, workspace.reads.label_set())
    return workspace.run(AddThings(things=tuple(kept))), strange


def begin_with(workspace: Workspace, name: str) -> int:
    """Let a new project begin with a list that ships: no step that undo knows. Return how many things it has."""
    from models.store.register_reads import forget_all
    from models.store.register_writes import put_thing

    kept, _ = fitting(starter(name), workspace.reads.label_set())
    with workspace.writer.unrecorded() as work:
        for thing in things_of(kept):
            put_thing(work, thing)
    forget_all(workspace.reads)
    return len(kept)


def as_json(rows: Sequence[ThingRow], *, counts: bool = False) -> str:
    """Return things as JSON, one on each line, in the order given; ``counts``: with their mentions and documents."""
    lines = []
    for row in rows:
        one = row.thing
        record: dict[str, Any] = {
            "id": one.id, "label": one.label, "name": one.name, "aliases": list(one.aliases), "links": dict(one.links),
        }  # fmt: skip
        if counts:
            record |= {"mentions": row.mentions, "documents": row.documents}
        lines.append(to_json(record))
    inner = ",\n".join(lines)
    return f'{{"kurator":{{"format":"register","version":"1.0"}},\n"register":[\n{inner}\n]}}\n'


def as_csv(rows: Sequence[ThingRow]) -> str:
    """Return things as a table with a heading, separated by commas, aliases in one cell."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for row in rows:
        one = row.thing
        links = [_safe(str(one.links.get(name, ""))) for name in ("wikidata", "web")]
        names = [_safe(one.name), _safe(_BETWEEN.join(one.aliases))]
        table.writerow([one.id, one.label, *names, *links, row.mentions, row.documents])
    return out.getvalue()


def _safe(words: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{words}" if words[:1] in ("=", "+", "@") else words


def write_register(path: Path, rows: Sequence[ThingRow]) -> None:
    """Write things to a file, whole or not at all: a table where its name ends so, else JSON.

    Raises:
        EnvironmentFault: the file cannot be written.
    """
    table = path.suffix.lower() == ".csv"
    with replacing(path) as file:
        file.write((as_csv(rows) if table else as_json(rows)).encode("utf-8-sig" if table else "utf-8"))
