"""Numbered steps from each released schema to the next, and the making of a new file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from models.store import columns, recall_tables, recorder, search_tables, tables, team_tables
from models.store.migrations import learning, teams

STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {1: teams.migrate, 2: learning.migrate}
"""Schema version → the step that leads from it to the next one."""


def build(connection: sqlite3.Connection) -> None:
    """Make every table, index, trigger and search index of the present schema."""
    dialect = sqlite.dialect()
    assert tables and team_tables  # which fill what is made here
    for table in columns.metadata.sorted_tables:
        connection.execute(str(CreateTable(table).compile(dialect=dialect)))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            connection.execute(str(CreateIndex(index).compile(dialect=dialect)))
    triggers = (*search_tables.SEARCH_TRIGGERS, *recorder.triggers(), *recall_tables.triggers())
    for statement in (*search_tables.SEARCH, *triggers):
        connection.execute(statement)
    connection.execute("INSERT INTO recorder(one, change_set) VALUES (1, NULL)")


def backup_before(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    """Copy the file beside itself before it is migrated, and return the copy's path."""
    copy = path.with_name(f"{path.stem}.schema-{version}{path.suffix}")
    with sqlite3.connect(copy) as target:
        connection.backup(target)
    target.close()
    return copy


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring an older file to the present schema, each step in a transaction of its own."""
    from models.store.project_file import SCHEMA_VERSION

    for step in range(version, SCHEMA_VERSION):
        connection.execute("BEGIN IMMEDIATE")
        try:
            STEPS[step](connection)
            connection.execute(f"PRAGMA user_version = {step + 1}")
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
