"""Two annotators made one: everything that names the one names the other, and their equal annotations are one."""

from __future__ import annotations

import json
from collections.abc import Iterator

from models.store.unit_of_work import UnitOfWork, to_json

_EQUAL = """
SELECT min(a.id, b.id), max(a.id, b.id) FROM annotations a JOIN annotations b ON b.document_id = a.document_id
  AND b.kind = a.kind AND b.label = a.label AND b.annotator_id = ?2 AND b.start IS a.start AND b."end" IS a."end"
  AND b.spans IS a.spans AND b.head IS a.head AND b.tail IS a.tail
  AND coalesce(b.facets, '{}') = coalesce(a.facets, '{}') AND NOT b.orphan
WHERE a.annotator_id = ?1 AND NOT a.orphan AND (a.kind = 'relation') = ?3 ORDER BY 1, 2
"""


def equal_annotations(work: UnitOfWork, keep: str, drop: str, *, relations: bool) -> Iterator[tuple[str, str]]:
    """Yield pairs of ids, the smaller one first, of annotations that both annotators made alike; each id once."""
    seen: set[str] = set()
    for first, second in work.raw.execute(_EQUAL, (keep, drop, relations)).fetchall():
        if not seen & {first, second}:
            seen |= {first, second}
            yield first, second


def unite_annotations(work: UnitOfWork, keep: str, drop: str) -> None:
    """Let one annotation stand for the other: relations end on it, decisions result in it."""
    raw = work.raw
    for column in ("head", "tail"):
        raw.execute(f"UPDATE annotations SET {column} = ?1 WHERE {column} = ?2", (keep, drop))
    raw.execute("UPDATE decisions SET result = ?1 WHERE result = ?2", (keep, drop))
    note = raw.execute("SELECT note FROM annotations WHERE id = ?", (drop,)).fetchone()[0]
    raw.execute(
        "UPDATE annotations SET note = ?2, revision = revision + 1 WHERE id = ?1 AND note IS NULL AND ?2 IS NOT NULL",
        (keep, note),
    )
    _stand_for(work, "annotations", keep, drop)
    raw.execute("DELETE FROM annotations WHERE id = ?", (drop,))


def _stand_for(work: UnitOfWork, table: str, keep: str, drop: str) -> None:
    """Write ``also``: which ids the record ``keep`` stands for."""
    extras = [work.raw.execute(f"SELECT extra FROM {table} WHERE id = ?", (one,)).fetchone() for one in (keep, drop)]
    told = [json.loads(row[0]) if row and row[0] else {} for row in extras]
    also = {*told[0].get("also", ()), *told[1].get("also", ()), drop} - {keep}
    extra = to_json({**told[0], "also": sorted(also)})
    work.raw.execute(f"UPDATE {table} SET extra = ? WHERE id = ?", (extra, keep))


def unite_annotators(work: UnitOfWork, keep: str, drop: str) -> None:
    """Let one annotator stand for the other in every table; of two statuses of a document the later one stays."""
    raw = work.raw
    for table in ("annotations", "decisions", "notes", "tombstones"):
        raw.execute(f"UPDATE {table} SET annotator_id = ?1 WHERE annotator_id = ?2", (keep, drop))
    raw.execute(
        "DELETE FROM statuses WHERE annotator_id IN (?1, ?2) AND EXISTS (SELECT 1 FROM statuses o "
        "WHERE o.document_id = statuses.document_id AND o.annotator_id IN (?1, ?2) "
        "AND (o.at, o.annotator_id) > (statuses.at, statuses.annotator_id))",
        (keep, drop),
    )
    raw.execute("UPDATE statuses SET annotator_id = ?1 WHERE annotator_id = ?2", (keep, drop))
    raw.execute(
        "INSERT INTO effort SELECT document_id, ?1, label, action, count, keys, ms FROM effort "
        "WHERE annotator_id = ?2 ON CONFLICT DO UPDATE SET count = max(count, excluded.count), "
        "keys = max(keys, excluded.keys), ms = max(ms, excluded.ms)",
        (keep, drop),
    )
    raw.execute("DELETE FROM effort WHERE annotator_id = ?", (drop,))
    raw.execute("UPDATE conflicts SET body = replace(body, ?2, ?1) WHERE instr(body, ?2)", (keep, drop))
    _reassign(work, keep, drop)
    _stand_for(work, "annotators", keep, drop)
    raw.execute("DELETE FROM annotators WHERE id = ?", (drop,))


def _reassign(work: UnitOfWork, keep: str, drop: str) -> None:
    rows = work.raw.execute("SELECT id, assigned FROM documents WHERE instr(assigned, ?)", (drop,)).fetchall()
    for document, assigned in rows:
        people = [keep if one == drop else one for one in json.loads(assigned)]
        work.raw.execute(
            "UPDATE documents SET assigned = ? WHERE id = ?", (to_json(list(dict.fromkeys(people))), document)
        )


def become(work: UnitOfWork, before: str, annotator: str) -> None:
    """Let ``annotator`` be the present one; forget who was it ``before`` unless something in the project is theirs."""
    raw = work.raw
    raw.execute("INSERT OR REPLACE INTO meta VALUES ('annotator', ?)", (annotator,))
    tables = ("annotations", "decisions", "statuses", "notes", "tombstones", "effort")
    owns = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE annotator_id = ?1)" for table in tables)
    assigned = "EXISTS (SELECT 1 FROM documents WHERE instr(assigned, ?1))"
    if before != annotator and not raw.execute(f"SELECT {owns} OR {assigned}", (before,)).fetchone()[0]:
        raw.execute("DELETE FROM annotators WHERE id = ?", (before,))
