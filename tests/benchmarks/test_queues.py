"""What to decide next in 100,000 documents with 1,000,000 suggestions: the most valuable document, the next doubt.

pytest tests/benchmarks/test_queues.py --benchmark-only
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest

from app.services.doubts import Doubts
from app.services.probabilities import probabilities
from app.services.threshold_views import survey
from app.services.worth import Valuing, most_valuable
from app.workspace import Workspace
from models.ids import fingerprint, new_id
from models.store import worth_reads

DOCUMENTS = int(os.environ.get("KURATOR_QUEUE_DOCUMENTS", "100000"))
EACH = 10
LABELS = ("ORGANISATION", "PERSON", "DATE", "PLACE")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Documents of one line, all analysed, each with a value."""
    chance = random.Random(5)
    with Workspace.create(tmp_path_factory.mktemp("queues") / "stor.kurator", "Stor", "Åsa") as made:
        made.prepare()
        with made.writer.unrecorded() as work:
            raw = work.raw
            raw.execute("INSERT INTO runs VALUES (1, 'run', 'prov', '1', 'h', '2024-01-01T00:00:00.000Z', NULL)")
            for number in range(DOCUMENTS):
                text = f"Ärende {number} i Exempelby 😀 avslutas."
                _insert(raw, chance, number + 1, text)
        yield made


def _insert(raw: Any, chance: random.Random, seq: int, text: str) -> None:
    document = new_id()
    raw.execute("INSERT INTO texts VALUES (?, ?, ?, ?)", (seq, document, fingerprint(text), text))
    raw.execute(
        "INSERT INTO documents(id, name, metadata, fingerprint, length, text_seq, furniture, furniture_by, imported) "
        "VALUES (?, ?, '{}', ?, ?, ?, '[]', 'none', '2024')",
        (document, f"{seq:06}.txt", fingerprint(text), len(text), seq),
    )
    raw.executemany(
        'INSERT INTO suggestions(document_id, id, text_seq, run_seq, kind, label, start, "end", score, source) '
        "VALUES (?, ?, ?, 1, 'entity', ?, ?, ?, ?, 'rules/x')",
        [
            (document, f"{seq}-{n}", seq, chance.choice(LABELS), n, n + 2, round(chance.random(), 2))
            for n in range(EACH)
        ],
    )
    raw.execute(
        "INSERT INTO analyses(document_id, text_seq, run_seq, suggestions, at, value) VALUES (?, ?, 1, ?, '2024', ?)",
        (document, seq, EACH, chance.random()),
    )


def test_the_most_valuable_document(benchmark: Any, workspace: Workspace) -> None:
    assert benchmark(most_valuable, workspace) is not None


def test_the_next_doubt(benchmark: Any, workspace: Workspace) -> None:
    doubts = Doubts(workspace)
    assert benchmark(doubts.next) is not None


def test_the_first_doubt(benchmark: Any, workspace: Workspace) -> None:
    probabilities(workspace.reads)
    assert benchmark(lambda: Doubts(workspace).next()) is not None


def test_a_turn_of_valuing(benchmark: Any, workspace: Workspace) -> None:
    valuing = Valuing(workspace)
    valuing.again()
    benchmark.pedantic(lambda: valuing.work(0.006), rounds=200)
    assert valuing.counting


def test_valuing_a_hundredth_of_the_corpus(benchmark: Any, workspace: Workspace) -> None:
    some = worth_reads.analysed_after(workspace.reads, "", max(1, DOCUMENTS // 100))
    valuing = Valuing(workspace)

    def value() -> float:
        valuing.touch(some)
        began = time.perf_counter()
        while valuing.work(0.05):
            pass
        return time.perf_counter() - began

    benchmark.extra_info["documents a second"] = round(len(some) / benchmark.pedantic(value, rounds=3))


def test_what_is_shown(benchmark: Any, workspace: Workspace) -> None:
    rows = benchmark.pedantic(survey, (workspace.reads,), rounds=1)
    assert sum(rows[0].waiting.values()) == DOCUMENTS * EACH
