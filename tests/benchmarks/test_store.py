"""How quick the core is. Run on demand: ``pytest tests/benchmarks/test_store.py --benchmark-only``."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import commands
from app.services.corpus import import_documents
from app.services.suggestions import store_analysis
from app.workspace import Workspace
from models.documents import SourceDocument
from models.spans import Span
from models.store import writes
from models.suggestions import Analysis, PipelineInfo, Proposal

INFO = PipelineInfo("mätning", "1", "0")
WORDS = (
    "Region",
    "Halland",
    "😀",
    "satsar",
    "på",
    "digital",
    "vård,",
    "a\u030alder\u00a0och",
    "hälso\u00advård",
    "– Anna",
)


def long_text(length: int) -> str:
    """Return a text of ``length`` code points that repeats itself never quite."""
    chance = random.Random(7)
    pieces: list[str] = []
    size = 0
    while size < length:
        pieces.append(" ".join(chance.choices(WORDS, k=12)) + f" {size}.\n")
        size += len(pieces[-1])
    return "".join(pieces)[:length]


def proposals(length: int, spans: int, relations: int) -> tuple[Proposal, ...]:
    """Return entities and claims in turn, evenly spread, and relations from claims to what is before."""
    step = length // spans
    found: list[Proposal] = []
    for number in range(spans):
        start = number * step
        kind = "claim" if number % 10 == 9 else "entity"
        label = "CLAIM" if kind == "claim" else ("PERSON", "ORGANISATION", "PLACE")[number % 3]
        found.append(Proposal(kind, label, (Span(start, start + step * 2 // 3),), score=0.5, source="regel"))
    claims = [number for number in range(9, spans, 10) if (number - 1) % 3 < 2][:relations]
    found += [Proposal("relation", "ATTRIBUTED_TO", (), claim, claim - 1) for claim in claims]
    for claim in claims[: relations - len(claims)]:
        found.append(Proposal("relation", "ABOUT", (), claim, claim - 2))
    return tuple(found)


def filled(path: Path, length: int, spans: int, relations: int) -> tuple[Workspace, str]:
    """Return a project with one document full of suggestions."""
    workspace = Workspace.create(path, "mätning", "Mia")
    (item,) = import_documents(
        workspace.writer, workspace.reads, [SourceDocument("lång.txt", long_text(length))]
    )
    document = item.document
    assert document
    with workspace.writer.unrecorded() as work:
        run = writes.ensure_run(work, INFO)
        analysis = Analysis(proposals(length, spans, relations))
        (text_seq,) = work.raw.execute("SELECT text_seq FROM documents").fetchone()
        store_analysis(work, workspace.reads, document, text_seq, run, INFO, analysis)
    workspace.prepare()
    return workspace, document


@pytest.fixture(scope="module", params=["20 kB", "1 MB"])
def project(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Workspace, str]]:
    size = {"20 kB": (20_000, 200, 40), "1 MB": (1_000_000, 20_000, 2_000)}[request.param]
    workspace, document = filled(tmp_path_factory.mktemp("mätning") / "p.kurator", *size)
    yield workspace, document
    workspace.close()


def spread(benchmark: Any) -> None:
    """Write median and 99th percentile in ms beside the other figures, and show them."""
    seconds = sorted(benchmark.stats.stats.data)
    benchmark.extra_info["median_ms"] = round(seconds[len(seconds) // 2] * 1000, 2)
    benchmark.extra_info["p99_ms"] = round(seconds[int(len(seconds) * 0.99)] * 1000, 2)
    print(f"\n{benchmark.name}: {benchmark.extra_info}")


def test_accept(benchmark: Any, project: tuple[Workspace, str]) -> None:
    workspace, document = project
    waiting = [
        m.key for m in workspace.marks.marks(document) if m.state == "suggested" and m.kind != "relation"
    ]
    random.Random(3).shuffle(waiting)
    keys = iter(waiting)

    def accept() -> None:
        workspace.run(commands.Accept(document=document, key=next(keys)))

    benchmark.pedantic(accept, rounds=min(150, len(waiting) - 30), warmup_rounds=5)
    spread(benchmark)


def test_reject_and_undo(benchmark: Any, project: tuple[Workspace, str]) -> None:
    workspace, document = project
    key = next(
        m.key for m in workspace.marks.marks(document) if m.state == "suggested" and m.kind == "entity"
    )

    def reject() -> None:
        workspace.run(commands.Reject(document=document, key=key))
        workspace.undo()

    benchmark.pedantic(reject, rounds=50, warmup_rounds=3)
    spread(benchmark)


def test_relabel(benchmark: Any, project: tuple[Workspace, str]) -> None:
    workspace, document = project
    key = next(
        m.key for m in workspace.marks.marks(document) if m.state == "suggested" and m.kind == "entity"
    )
    labels = iter(["DATE", "MONEY"] * 50)

    def relabel() -> None:
        workspace.run(commands.Relabel(document=document, key=key, label=next(labels)))

    benchmark.pedantic(relabel, rounds=50, warmup_rounds=3)
    spread(benchmark)


def test_all_marks(benchmark: Any, project: tuple[Workspace, str]) -> None:
    workspace, document = project
    benchmark.pedantic(workspace.marks.marks, (document,), rounds=15, warmup_rounds=1)
    spread(benchmark)


def test_page_of_50_documents(benchmark: Any, tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "p.kurator", "korpus", "Mia") as workspace:
        texts = [SourceDocument(f"{n:03}.txt", long_text(3000) + str(n)) for n in range(50)]
        items = list(import_documents(workspace.writer, workspace.reads, texts))
        page = [item.document or "" for item in items]
        with workspace.writer.unrecorded() as work:
            run = writes.ensure_run(work, INFO)
            found = workspace.file.connection.execute("SELECT id, text_seq FROM documents").fetchall()
            for document, text_seq in found:
                analysis = Analysis(proposals(3000, 30, 5))
                store_analysis(work, workspace.reads, document, text_seq, run, INFO, analysis)
        for document in page:
            keys = [m.key for m in workspace.marks.marks(document) if m.kind == "entity"]
            workspace.run(commands.AcceptAll(document=document, keys=tuple(keys)))
        benchmark.pedantic(workspace.reads.documents, (page,), rounds=50, warmup_rounds=1)
        spread(benchmark)
