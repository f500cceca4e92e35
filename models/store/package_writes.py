"""Writing who is to annotate what, and which documents are controls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from models.store.unit_of_work import UnitOfWork, to_json


def set_control(work: UnitOfWork, documents: Iterable[str], on: bool) -> int:
    """Make documents controls, or ordinary ones again; return how many changed."""
    rows = [(int(on), one, int(on)) for one in documents]
    statement = "UPDATE documents SET control = ?, revision = revision + 1 WHERE id = ? AND control != ?"
    return work.raw.executemany(statement, rows).rowcount


def set_assigned(work: UnitOfWork, assignments: Mapping[str, Sequence[str]]) -> int:
    """Give documents to annotators, in place of whoever had them (nobody: empty); return how many changed."""
    rows = []
    for document, people in assignments.items():
        given = to_json(sorted(set(people))) if people else None
        rows.append((given, document, given))
    statement = "UPDATE documents SET assigned = ?, revision = revision + 1 WHERE id = ? AND assigned IS NOT ?"
    return work.raw.executemany(statement, rows).rowcount


def insert_annotators(work: UnitOfWork, people: Mapping[str, str]) -> None:
    """Make people known to the project: id → name."""
    rows = list(people.items())
    work.raw.executemany("INSERT OR IGNORE INTO annotators(id, kind, name) VALUES (?, 'human', ?)", rows)
