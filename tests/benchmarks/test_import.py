"""Importing 10,000 text files of 3 kB: at least 1,000 files a second."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from app.paths import resource
from app.readers import read_paths
from app.services.corpus import ALONE_MS, CHUNK_MS, import_documents
from app.workspace import Workspace

FILES, LENGTH = 10_000, 3_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of shuffled sentences and made-up words, so that the search index has real work."""
    made = tmp_path_factory.mktemp("texts")
    chance = random.Random(1)
    words = " ".join(path.read_text("utf-8") for path in sorted(resource("samples").glob("*.txt"))).split()
    words += ["".join(chance.choices("abdeghiklmnoprstuvyåäö", k=chance.randint(4, 14))) for _ in range(8000)]
    for number in range(FILES):
        text = f"Rubrik {number}\n\n"
        while len(text) < LENGTH:
            text += " ".join(chance.choices(words, k=14)) + ".\n"
        (made / f"{number:05}.txt").write_text(text, "utf-8")
    return made


@pytest.mark.parametrize("chunk_ms", [ALONE_MS, CHUNK_MS], ids=["alone", "beside-a-window"])
def test_import(benchmark: BenchmarkFixture, folder: Path, tmp_path: Path, chunk_ms: float) -> None:
    rounds = iter(range(100))

    def work() -> int:
        with Workspace.create(tmp_path / f"{next(rounds)}.kurator", "p") as workspace:
            workspace.file.relax()
            found = import_documents(workspace.writer, workspace.reads, read_paths([folder]), chunk_ms=chunk_ms)
            return sum(item.fate == "added" for item in found)

    assert benchmark.pedantic(work, rounds=2, iterations=1) == FILES
    benchmark.extra_info["files a second"] = round(FILES / benchmark.stats.stats.min)
