"""Undo by row images that SQLite triggers write: bulk updates and cascades are caught like single rows.

While ``recorder.change_set`` holds a number, every change to a recorded table leaves its row's before and
after image in ``changes``. Restoring plays them back in reverse, again through plain row writes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Table

from models.store.tables import RECORDED


class Change(NamedTuple):
    """One row's image before and after, as dicts of columns; None where the row was not there."""

    table: str
    row: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def triggers() -> Iterator[str]:
    """Yield the statements that make the triggers of all recorded tables."""
    for table in RECORDED:
        old, new = _image(table, "old"), _image(table, "new")
        for event, before, after, row in (
            ("INSERT", "NULL", new, "new"),
            ("UPDATE", old, new, "new"),
            ("DELETE", old, "NULL", "old"),
        ):
            yield (
                f"CREATE TRIGGER record_{table.name}_{event.lower()} AFTER {event} ON {table.name} "
                "WHEN (SELECT change_set FROM recorder) IS NOT NULL BEGIN "
                "INSERT INTO changes(change_set, tbl, row, before, after) VALUES ("
                f"(SELECT change_set FROM recorder), '{table.name}', {row}.seq, {before}, {after}); END"
            )


def _image(table: Table, row: str) -> str:
    pairs = ",".join(f"'{column.name}',{row}.\"{column.name}\"" for column in table.columns)
    return f"json_object({pairs})"


_COLUMNS = {table.name: [column.name for column in table.columns] for table in RECORDED}


def restore(
    connection: sqlite3.Connection, table: str, row: int, present: str | None, wanted: str | None
) -> None:
    """Lead one row from its image ``present`` to its image ``wanted``; None is a row that is not there.

    Only columns that differ are written: what unrecorded work changed in the others stays.
    """
    if wanted is None:
        connection.execute(f"DELETE FROM {table} WHERE seq = ?", (row,))
        return
    values = json.loads(wanted)
    columns = [name for name in _COLUMNS[table] if name in values]
    if present is None:
        names = ",".join(f'"{name}"' for name in columns)
        places = ",".join("?" * len(columns))
        connection.execute(
            f"INSERT INTO {table}({names}) VALUES ({places})", [values[name] for name in columns]
        )
        return
    was = json.loads(present)
    changed = [name for name in columns if values[name] != was.get(name)]
    if changed:
        updates = ",".join(f'"{name}" = ?' for name in changed)
        connection.execute(
            f"UPDATE {table} SET {updates} WHERE seq = ?", [*(values[name] for name in changed), row]
        )


def changes_of(connection: sqlite3.Connection, change_set: int) -> list[Change]:
    """Return the changes of one change set in the order they were made."""
    rows = connection.execute(
        "SELECT tbl, row, before, after FROM changes WHERE change_set = ? ORDER BY seq", (change_set,)
    )
    return [
        Change(table, row, json.loads(before) if before else None, json.loads(after) if after else None)
        for table, row, before, after in rows
    ]
