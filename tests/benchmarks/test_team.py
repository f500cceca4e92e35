"""A team's project: 100,000 documents, a tenth of them controls, 1,000,000 suggestions, 300,000 annotations.

Run on demand: ``pytest tests/benchmarks/test_team.py --benchmark-only``; KURATOR_TEAM_DOCUMENTS makes it smaller.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from app.services.controls import plan_controls
from app.services.packages import plan_packages, team_progress
from app.services.usage import usage
from app.workspace import Workspace
from models.effort import Effort
from models.ids import new_id
from models.store.corpus_reads import DocumentFilter, _count, document_ids, listed
from models.store.effort_writes import write_effort

DOCUMENTS = int(os.environ.get("KURATOR_TEAM_DOCUMENTS", "100000"))
LABELS = ("ORGANISATION", "PERSON", "PLACE", "CLAIM")
PEOPLE = ("anna", "bo", "cia")


def fill(workspace: Workspace) -> None:
    """Put documents in, ten suggestions each; every other document has been judged by one of three people."""
    connection = workspace.file.connection
    connection.execute("BEGIN")
    connection.execute("INSERT INTO runs VALUES (1, 'run', 'regler', '1', 'h', '2024', NULL)")
    connection.executemany("INSERT INTO annotators(id, kind, name) VALUES (?, 'human', ?1)", [(one,) for one in PEOPLE])
    for number in range(DOCUMENTS):
        _document(connection, number, new_id())
    connection.execute("COMMIT")


def _document(connection: Any, number: int, document: str) -> None:
    control, who = number % 10 == 0, PEOPLE[number % 3]
    connection.execute(
        "INSERT INTO documents(id, name, metadata, fingerprint, length, text_seq, furniture, furniture_by, imported, "
        "control, assigned) VALUES (?, ?, '{}', 'x', ?, ?, '[]', 'none', '2024', ?, ?)",
        (document, f"{number:06}.txt", 900 + number % 700, number, control, f'["{who}"]' if number % 4 else None),
    )
    keys = [new_id() for _ in range(10)]
    connection.executemany(
        "INSERT INTO suggestions VALUES (?,?,?,1,'entity',?,?,?,NULL,NULL,NULL,NULL,0.8,'regel',0)",
        [(document, key, number, LABELS[n % 4], 50 * n, 50 * n + 20) for n, key in enumerate(keys)],
    )
    connection.execute("INSERT INTO analyses VALUES (?, ?, 1, 10, '2024', 0)", (document, number))
    if number % 2:
        return
    connection.execute("INSERT INTO statuses(document_id, annotator_id, state, at) VALUES (?, ?, 'done', '2024')",
                       (document, who))  # fmt: skip
    connection.executemany(
        'INSERT INTO annotations(id, kind, document_id, label, start, "end", exact, annotator_id, state, '
        "suggestion_id, origin, created, modified) "
        "VALUES (?, 'entity', ?, ?, ?, ?, '[\"x\"]', ?, ?, ?, '{}', '2024', '2024')",
        [(new_id(), document, LABELS[n % 4], 50 * n, 50 * n + 20, who, "manual" if control else "accepted",
          None if control else keys[n]) for n in range(6)],
    )  # fmt: skip
    if not control:
        connection.executemany(
            "INSERT INTO decisions(id, document_id, suggestion_id, suggestion, label, start, verdict, scope, "
            "annotator_id, at) VALUES (?, ?, ?, '{}', ?, ?, ?, 'here', ?, '2024')",
            [(new_id(), document, key, LABELS[n % 4], 50 * n, "accepted" if n < 6 else "rejected", who)
             for n, key in enumerate(keys)],
        )  # fmt: skip
    connection.executemany(
        "INSERT INTO effort VALUES (?, ?, ?, ?, 2, 3, 4000)",
        [(document, who, label, "manual" if control else "accepted") for label in LABELS],
    )


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.create(tmp_path_factory.mktemp("stor") / "p.kurator", "stor", "Jag") as workspace:
        fill(workspace)
        yield workspace


def test_the_list_with_controls(benchmark: Any, big: Workspace) -> None:
    ids = document_ids(big.reads)[:64]
    assert len(benchmark(listed, big.reads, ids)) == min(64, DOCUMENTS)


def test_counting_with_controls(benchmark: Any, big: Workspace) -> None:
    assert benchmark(_count, big.reads).suggestions == DOCUMENTS * 9


def test_my_documents(benchmark: Any, big: Workspace) -> None:
    assert benchmark(document_ids, big.reads, DocumentFilter(mine=True)) == []


def test_ordering_by_open_suggestions(benchmark: Any, big: Workspace) -> None:
    assert len(benchmark(document_ids, big.reads, DocumentFilter(order="open"))) == DOCUMENTS


def test_planning_controls(benchmark: Any, big: Workspace) -> None:
    assert benchmark(plan_controls, big.reads, 0.2).documents == DOCUMENTS


def test_planning_packages(benchmark: Any, big: Workspace) -> None:
    plan = benchmark.pedantic(plan_packages, (big.reads, PEOPLE, 0.2), {"again": True}, rounds=2)
    assert len(plan.assignments) == DOCUMENTS


def test_how_far_everybody_is(benchmark: Any, big: Workspace) -> None:
    found = benchmark.pedantic(team_progress, (big.reads,), rounds=2)
    assert len(found.people) == 3


def test_the_usage_report(benchmark: Any, big: Workspace) -> None:
    found = benchmark.pedantic(usage, (big.reads,), rounds=2)
    assert found.whole.judged == DOCUMENTS // 2 * 8
    assert found.alone == DOCUMENTS // 10


@pytest.mark.parametrize("effort", [None, Effort(1, 900)], ids=["unmeasured", "measured"])
def test_writing_effort(benchmark: Any, big: Workspace, effort: Effort | None) -> None:
    """Wanted: less than 50 us, in the transaction of a key press."""
    big.prepare()
    document = big.reads.document_by_name("000001.txt")
    assert document is not None
    with big.writer.step("done", {}, document, big.reads.me) as work:
        work.raw.execute("UPDATE documents SET title = 'ny' WHERE id = ?", (document,))
        work.tally(document, "PERSON", "accepted")
        benchmark(write_effort, work, document, effort)
