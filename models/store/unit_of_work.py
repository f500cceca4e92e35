"""Writing: one unit of work is one transaction, and one undo step where the recorder is on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from models.effort import Action, Tally
from models.errors import UserError
from models.history import Focus
from models.store.project_file import ProjectFile, fault
from models.store.recorder import Change, changes_of, restore
from models.times import now


class UnitOfWork:
    """What a service works with: SQLAlchemy's connection, who acts, and the number of the undo step.

    ``focus`` is set by the service: where undo and redo will take the eye. ``tallies`` counts what it did, by
    document, label and action, so that the effort can be shared among it.
    """

    def __init__(
        self, connection: Connection, raw: sqlite3.Connection, annotator: str, change_set: int | None
    ):
        self.connection = connection
        self.raw = raw
        self.annotator = annotator
        self.change_set = change_set
        self.focus = Focus()
        self.count = 0
        self.tallies: dict[Tally, int] = {}
        self.now = now()

    def tally(self, document: str, label: str, action: Action) -> None:
        """Count one thing done, for the effort that it took."""
        key = (document, label, action)
        self.tallies[key] = self.tallies.get(key, 0) + 1


class Writer:
    """The only way into a project file: recorded steps, unrecorded bulk work, undo and redo."""

    def __init__(self, file: ProjectFile) -> None:
        self._file = file
        self._raw = file.connection
        self._engine = create_engine("sqlite://", creator=lambda: file.connection, poolclass=StaticPool)
        event.listen(self._engine, "begin", lambda _: file.begin())

    def dispose(self) -> None:
        """Let go of the connection, which stays open."""
        self._engine.dispose(close=False)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        if self._file.read_only:
            raise UserError("project.read-only", path=str(self._file.path))
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            self._roll_back()
            raise fault(_cause(error), self._file.path) from error
        except (sqlite3.Error, OSError) as error:
            self._roll_back()
            raise fault(error, self._file.path) from error

    def _roll_back(self) -> None:
        """A failed COMMIT (full disk) leaves a transaction open: end it, so that reads see what is stored."""
        with suppress(sqlite3.Error):
            if self._raw.in_transaction:
                self._raw.rollback()

    @contextmanager
    def step(
        self, command: str, data: Mapping[str, object], document: str | None, annotator: str
    ) -> Iterator[UnitOfWork]:
        """Open a recorded unit of work: committed as one undo step, or not at all.

        What was undone before can no longer be redone. A step that changed nothing leaves no trace.
        """
        with self._transaction() as connection:
            raw = self._raw
            cursor = raw.execute(
                "INSERT INTO change_sets(command, data, document_id, annotator_id, at, state) "
                "VALUES (?, ?, ?, ?, ?, 'done')",
                (command, json.dumps(data, ensure_ascii=False), document, annotator, now()),
            )
            number = cursor.lastrowid
            assert number is not None
            raw.execute("UPDATE recorder SET change_set = ?", (number,))
            work = UnitOfWork(connection, raw, annotator, number)
            yield work
            raw.execute("UPDATE recorder SET change_set = NULL")
            if raw.execute("SELECT 1 FROM changes WHERE change_set = ? LIMIT 1", (number,)).fetchone():
                raw.execute("UPDATE change_sets SET state = 'superseded' WHERE state = 'undone'")
                raw.execute(
                    "UPDATE change_sets SET focus = ? WHERE seq = ?", (json.dumps(work.focus), number)
                )
            else:
                raw.execute("DELETE FROM change_sets WHERE seq = ?", (number,))
                work.change_set = None

    @contextmanager
    def unrecorded(self, annotator: str = "") -> Iterator[UnitOfWork]:
        """Open a unit of work that undo does not know: imports and what machines propose."""
        with self._transaction() as connection:
            yield UnitOfWork(connection, self._raw, annotator, None)

    @contextmanager
    def repeatable(self) -> Iterator[UnitOfWork]:
        """Open a unit of work that undo does not know and that can be done again: it does not wait for the disk.

        A power cut may take it back, whole; what others commit afterwards is as durable as ever.
        """
        (kept,) = self._raw.execute("PRAGMA synchronous").fetchone()
        self._raw.execute("PRAGMA synchronous = NORMAL")
        try:
            with self.unrecorded() as work:
                yield work
        finally:
            self._raw.execute(f"PRAGMA synchronous = {kept}")

    def close_history(self, work: UnitOfWork) -> None:
        """Make everything done so far final: kept as audit trail, no longer undone or redone."""
        work.raw.execute("UPDATE change_sets SET state = 'closed' WHERE state IN ('done', 'undone')")

    def extent(self, change_set: int) -> dict[str, int]:
        """Return table → how many of its rows a change set changed."""
        sql = "SELECT tbl, count(*) FROM changes WHERE change_set = ? GROUP BY tbl"
        return dict(self._raw.execute(sql, (change_set,)))

    def changes(self, change_set: int) -> list[Change]:
        """Return what a change set changed, row by row."""
        return changes_of(self._raw, change_set)

    def undo(self) -> int | None:
        """Take back the latest step that stands; return its number, or None when there is none."""
        return self._move("done", "undone", "DESC", "after, before")

    def redo(self) -> int | None:
        """Do again the earliest step that was taken back; return its number, or None when there is none."""
        return self._move("undone", "done", "ASC", "before, after")

    def _move(self, state: str, becomes: str, order: str, images: str) -> int | None:
        found = self._raw.execute(
            f"SELECT seq FROM change_sets WHERE state = ? ORDER BY seq {order} LIMIT 1", (state,)
        ).fetchone()
        if found is None:
            return None
        number = int(found[0])
        with self._transaction():
            rows = self._raw.execute(
                f"SELECT tbl, row, {images} FROM changes WHERE change_set = ? ORDER BY seq {order}", (number,)
            ).fetchall()
            for table, row, present, wanted in rows:
                restore(self._raw, table, row, present, wanted)
            self._raw.execute("UPDATE change_sets SET state = ? WHERE seq = ?", (becomes, number))
        return number


def _cause(error: DBAPIError) -> sqlite3.Error:
    return error.orig if isinstance(error.orig, sqlite3.Error) else sqlite3.Error(str(error))


def values(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mapping with containers written as compact JSON with plain letters, as columns hold them."""
    return {
        key: to_json(value) if isinstance(value, list | tuple | dict) else value
        for key, value in mapping.items()
    }


def to_json(value: object) -> str:
    """Return compact JSON, keys sorted, letters plain."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
