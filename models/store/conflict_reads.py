"""Conflicts that merging left, read for the queue; writing their resolution."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from models.store.reads import Reads
from models.store.unit_of_work import UnitOfWork, to_json
from models.store.writes import set_meta

_CONFLICTS = (
    "SELECT c.id, c.document_id, d.name, c.body FROM conflicts c LEFT JOIN documents d ON d.id = c.document_id "
    "WHERE (c.document_id IS NULL OR d.removed IS NULL)"
)


class StoredConflict(NamedTuple):
    """A conflict: its id, its document with its name (None: the project itself), and the record of the file."""

    id: str
    document: str | None
    name: str | None
    record: Mapping[str, Any]

    @property
    def open(self) -> bool:
        """Whether nobody has settled it yet."""
        return self.record["resolution"] is None


def conflicts(reads: Reads) -> list[StoredConflict]:
    """Return all conflicts, those of the project itself first, then by document and id."""
    rows = reads.connection.execute(f"{_CONFLICTS} ORDER BY d.name IS NOT NULL, d.name, d.id, c.id")
    return [StoredConflict(row[0], row[1], row[2], json.loads(row[3])) for row in rows]


def conflict(reads: Reads, identity: str) -> StoredConflict | None:
    """Return one conflict, None where it is gone."""
    rows = reads.connection.execute(f"{_CONFLICTS} AND c.id = ?", (identity,))
    return next((StoredConflict(row[0], row[1], row[2], json.loads(row[3])) for row in rows), None)


def open_conflicts(reads: Reads) -> int:
    """Return how many conflicts wait to be settled."""
    sql = f"SELECT count(*) FROM ({_CONFLICTS} AND json_extract(c.body, '$.resolution') IS NULL)"
    return int(reads.connection.execute(sql).fetchone()[0])


_SIDES = "merge.sides"
"""Which reading was here before a merge and which file brought the other: a fact about this project alone, since
the file is the same whichever side was merged into which."""


class Sides(NamedTuple):
    """The number of the reading that the project had, and the name of the file that brought the others."""

    here: int
    file: str


def sides(reads: Reads) -> dict[str, Sides]:
    """Return conflict id → its sides, of the conflicts for which they are known."""
    return {one: Sides(*told) for one, told in json.loads(reads.meta(_SIDES) or "{}").items()}


def keep_sides(work: UnitOfWork, here: Mapping[str, int], file: str) -> None:
    """Note which readings of a merge's conflicts were here; what is known of conflicts that are gone is forgotten."""
    there = {row[0] for row in work.raw.execute("SELECT id FROM conflicts")}
    row = work.raw.execute("SELECT value FROM meta WHERE key = ?", (_SIDES,)).fetchone()
    known = json.loads(row[0]) if row else {}
    kept = {one: told for one, told in {**known, **{one: [number, file] for one, number in here.items()}}.items()
            if one in there}  # fmt: skip
    if kept != known:
        set_meta(work, _SIDES, json.dumps(kept, ensure_ascii=False))


def any_conflicts(reads: Reads, beside: str) -> bool:
    """Whether there is a conflict, settled or not, of another kind than ``beside``."""
    sql = f"SELECT EXISTS ({_CONFLICTS} AND json_extract(c.body, '$.kind') != ?)"
    return bool(reads.connection.execute(sql, (beside,)).fetchone()[0])


def write_conflict(work: UnitOfWork, identity: str, record: Mapping[str, Any]) -> None:
    """Write a conflict's record over what it was."""
    body = json.dumps(record, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    work.raw.execute("UPDATE conflicts SET body = ? WHERE id = ?", (body, identity))


def decision_row(reads: Reads, identity: str) -> dict[str, Any] | None:
    """Return suggestion, verdict, scope and result of a decision, None where it is gone."""
    names = ("suggestion_id", "verdict", "scope", "result")
    row = reads.connection.execute(f"SELECT {','.join(names)} FROM decisions WHERE id = ?", (identity,)).fetchone()
    return dict(zip(names, row, strict=True)) if row else None


def set_status(work: UnitOfWork, document: str, annotator: str, state: str) -> None:
    """Say for any annotator whether they are done with a document."""
    work.raw.execute(
        "UPDATE statuses SET state = ?, at = ? WHERE document_id = ? AND annotator_id = ?",
        (state, work.now, document, annotator),
    )


def update_register(work: UnitOfWork, identity: str, column: str, value: object) -> None:
    """Change a column of an entry in the register."""
    stored = to_json(value) if isinstance(value, list | dict) else value
    work.raw.execute(f'UPDATE register SET "{column}" = ? WHERE id = ?', (stored, identity))
