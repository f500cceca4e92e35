"""The memory: a page against 50,000 remembered forms, and a decision until the page on screen is right.

``pytest tests/benchmarks/test_memory.py --benchmark-only``
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from app import commands
from app.services.corpus import import_documents
from app.workspace import Workspace
from models.documents import SourceDocument
from models.memory import Memory
from models.spans import Span

FORMS, WORDS, DOCUMENTS = 50_000, 3_000, 300


def vocabulary(chance: random.Random) -> list[str]:
    """Return 20,000 words."""
    letters = "abcdefghijklmnopqrstuvwxyzåäö"
    return ["".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(20_000)]


def page(chance: random.Random, known: list[str]) -> str:
    """Return a text of about 20 kB, a word in ten with a capital letter."""
    return " ".join(
        chance.choice(known).title() if chance.random() < 0.1 else chance.choice(known[:2000]) for _ in range(WORDS)
    )


def remember(chance: random.Random, known: list[str]) -> Memory:
    """Return a memory of 50,000 names of one to three words."""
    memory = Memory()
    while len(memory) < FORMS:
        words = (chance.choice(known).title() for _ in range(chance.choice((1, 2, 2, 3, 3))))
        memory.remember(" ".join(words), {"PERSON": 1})
    return memory


def test_a_page_is_read_against_fifty_thousand_forms(benchmark: BenchmarkFixture) -> None:
    chance = random.Random(1)
    known = vocabulary(chance)
    memory, text = remember(chance, known), page(chance, known)
    assert benchmark(lambda: memory.read(text))


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    chance = random.Random(2)
    known = vocabulary(chance)
    sources = [
        SourceDocument(f"{n}.txt", f"Sjövik växer 😀.\n{page(chance, known)}\nÅter Sjövik.") for n in range(DOCUMENTS)
    ]
    with Workspace.create(tmp_path / "p.kurator", "p", "Anna") as made:
        list(import_documents(made.writer, made.reads, sources))
        made.prepare()
        made.memory.catch_up()
        yield made


def test_the_page_on_screen_is_right_soon_after_a_decision(benchmark: BenchmarkFixture, workspace: Workspace) -> None:
    shown = workspace.reads.document_by_name("0.txt")
    assert shown is not None
    command = commands.CreateAnnotation(document=shown, kind="entity", label="PLACE", spans=(Span(0, 6),))

    def decide() -> None:
        workspace.run(command)
        while workspace.memory.work(0.008, [shown]):
            if shown in workspace.memory.told()[0].marks:
                return

    def undo() -> None:
        workspace.memory.told()
        if workspace.undo() is not None:
            workspace.memory.catch_up([shown])
            workspace.memory.told()

    benchmark.pedantic(decide, setup=undo, rounds=10)
    assert any((mark.source or "").startswith("memory") for mark in workspace.marks.marks(shown))
