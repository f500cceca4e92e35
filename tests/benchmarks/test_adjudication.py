"""How quick adjudication is. Run on demand: ``pytest tests/benchmarks/test_adjudication.py --benchmark-only``."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from app import commands
from app.services.adjudication_views import DocumentCases, previewed
from app.workspace import Workspace
from models.spans import Span
from tests.app.services.readings import Said, give, project

PEOPLE = ("bo", "cilla", "dan")
EACH = 20_000 // 3


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One document in which three people made 20,000 annotations, one in ten with a relation."""
    chance = random.Random(5)
    text = "Region 😀 Halland sparar på hälso\u00advården i Ska\u030ane. " * (EACH // 3)
    with project(tmp_path_factory.mktemp("speed") / "p.kurator", {"a": text}, PEOPLE) as made:
        document = made.reads.document_by_name("a") or ""
        for who in PEOPLE:
            found = []
            for number in range(EACH * 10 // 11):
                start = number * 16 + chance.choice((0, 0, 0, 1))
                label = chance.choices(("PERSON", "ORGANISATION", "PLACE"), (8, 1, 1))[0]
                found.append(Said(label, (Span(start, start + chance.choice((6, 6, 6, 9))),)))
            links = [
                ("SAME_AS", number, number + 1)
                for number in range(0, len(found) - 1, 10)
                if found[number].label == found[number + 1].label
            ]
            give(made, document, who, found, links)
        yield made


def test_cases_of_20_000_annotations(benchmark: Any, workspace: Workspace) -> None:
    document = workspace.reads.document_by_name("a") or ""
    cases = benchmark.pedantic(lambda: DocumentCases(workspace.reads, document), rounds=5)
    assert len(cases.cases) > EACH * 0.9


def test_preview_of_20_000_annotations(benchmark: Any, workspace: Workspace) -> None:
    document = workspace.reads.document_by_name("a") or ""
    command = commands.AdjudicateAll(documents=(document,), least="majority")
    found = benchmark.pedantic(lambda: list(previewed(workspace, command))[-1], rounds=3)
    assert found.taken > EACH // 2


def test_taking_the_majority_and_deciding_then(benchmark: Any, workspace: Workspace) -> None:
    """One decision with what the pane does after it, once most of the document is decided."""
    document = workspace.reads.document_by_name("a") or ""
    workspace.run(commands.AdjudicateAll(document=document, documents=(document,), least="majority"))
    shown = DocumentCases(workspace.reads, document)
    waiting = iter([case for case in shown.cases if shown.ruling(case).open and case.kind != "relation"])

    def decide() -> None:
        case = next(waiting)
        decision = commands.AdjudicateCase(
            document=document, case=case.ids, taken=case.ids[:1], standing=shown.standing(case)
        )
        assert case.key in (shown.follow(workspace.run(decision).touched) or ())

    benchmark.pedantic(decide, rounds=200, warmup_rounds=5)
