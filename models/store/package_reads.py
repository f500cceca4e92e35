"""Reading who has what and how far it is, and the project as one annotator's work package shows it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from models.packages import Portion
from models.store.project_file import ProjectFile, explained
from models.store.reads import Reads
from models.store.table_reads import second_connection

_GIVEN = (
    "SELECT d.id AS document, one.value AS annotator, "
    "json_array_length(d.assigned) > 1 AS overlapping FROM documents d, json_each(d.assigned) one "
    "WHERE d.removed IS NULL"
)
_LAST = " UNION ALL ".join(
    f"SELECT annotator_id, max({column}) AS at FROM {table} GROUP BY 1"
    for table, column in (
        ("annotations", "modified"),
        ("decisions", "at"),
        ("statuses", "at"),
        ("notes", "modified"),
        ("tombstones", "at"),
    )
)
_DONE = "SELECT 1 FROM statuses s WHERE s.document_id = {0} AND s.annotator_id = {1} AND s.state = 'done'"
_PROGRESS = f"""
WITH given AS ({_GIVEN}),
waiting AS MATERIALIZED (SELECT document_id, count(*) AS many FROM conflicts
  WHERE json_extract(body, '$.resolution') IS NULL GROUP BY 1),
told AS (SELECT annotator, overlapping, EXISTS ({_DONE.format("document", "annotator")}) AS done,
  (SELECT count(*) FROM annotations n WHERE n.document_id = document AND n.annotator_id = annotator) AS made,
  coalesce((SELECT many FROM waiting WHERE document_id = document), 0) AS conflicts FROM given),
counted AS (SELECT annotator, count(*) AS assigned, sum(done) AS done, sum(made) AS made, sum(conflicts) AS conflicts,
  sum(overlapping) AS shared, sum(overlapping AND done) AS shared_done FROM told GROUP BY 1),
latest AS (SELECT annotator_id, max(at) AS at FROM ({_LAST}) GROUP BY 1)
SELECT p.id, p.name, c.assigned, c.done, c.made, c.conflicts, c.shared, c.shared_done, l.at
FROM counted c JOIN annotators p ON p.id = c.annotator LEFT JOIN latest l ON l.annotator_id = p.id
ORDER BY p.name COLLATE NOCASE, p.id"""

_OVERLAP = f"""
SELECT count(*), coalesce(sum(NOT EXISTS (SELECT 1 FROM json_each(d.assigned) one
  WHERE NOT EXISTS ({_DONE.format("d.id", "one.value")}))), 0)
FROM documents d WHERE d.removed IS NULL AND json_array_length(d.assigned) > 1"""


class PackageProgress(NamedTuple):
    """How far one annotator has come: documents ``assigned`` and ``done``, annotations ``made`` in them.

    ``conflicts`` counts open ones in these documents; ``shared`` are those that others have too, ``shared_done``
    of them the annotator has done. ``last`` is when the annotator last did anything (UTC), None for never.
    """

    id: str
    name: str
    assigned: int
    done: int
    made: int
    conflicts: int
    shared: int
    shared_done: int
    last: str | None


class TeamProgress(NamedTuple):
    """How far everybody has come. ``overlap_done`` counts documents that all their annotators have done."""

    people: tuple[PackageProgress, ...]
    documents: int
    unassigned: int
    overlap: int
    overlap_done: int


def team_progress(reads: Reads) -> TeamProgress:
    """Return how far everybody has come who was given documents."""
    execute = reads.connection.execute
    people = tuple(PackageProgress(*row) for row in execute(_PROGRESS))
    documents, unassigned = execute(
        "SELECT count(*), coalesce(sum(assigned IS NULL), 0) FROM documents WHERE removed IS NULL"
    ).fetchone()
    return TeamProgress(people, documents, unassigned, *execute(_OVERLAP).fetchone())


def portions(reads: Reads, documents: Collection[str] | None, again: bool = False) -> list[Portion]:
    """Return what can be shared out of these documents (None: all): what nobody has, or (``again``) everything."""
    rows = reads.connection.execute(
        "SELECT id, length, control FROM documents WHERE removed IS NULL AND (?1 OR assigned IS NULL) "
        "AND (?2 IS NULL OR id IN (SELECT value FROM json_each(?2))) ORDER BY id",
        (again, None if documents is None else json.dumps(list(documents))),
    )
    return [Portion(document, length, bool(control)) for document, length, control in rows]


def assigned_to(reads: Reads, annotator: str) -> list[str]:
    """Return the documents that an annotator was given, by id."""
    rows = reads.connection.execute(f"SELECT document FROM ({_GIVEN}) WHERE annotator = ? ORDER BY 1", (annotator,))
    return [row[0] for row in rows]


_OWN = ("annotations", "decisions", "statuses", "notes", "tombstones", "effort")


@contextmanager
def seen_by(file: ProjectFile, annotator: str) -> Iterator[Reads]:
    """Let the project be read as if nobody but this annotator had worked in it; conflicts are left out.

    A temporary view of a table's name stands before the table, on a connection of its own, so that whatever
    reads or exports the project needs to know nothing about it.
    """
    with explained(file.path):
        connection = second_connection(file.path)
    try:
        with explained(file.path):
            name = connection.execute("SELECT quote(?)", (annotator,)).fetchone()[0]
            for table in _OWN:
                connection.execute(
                    f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE annotator_id = {name}"
                )
            connection.execute("CREATE TEMP VIEW conflicts AS SELECT * FROM main.conflicts WHERE 0")
        yield Reads(connection)
    finally:
        connection.close()
