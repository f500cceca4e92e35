"""Agreement of three annotators, all measures, straight from a project file. Run on demand:

pytest tests/benchmarks/test_agreement.py --benchmark-only -s   (KURATOR_ANNOTATIONS=150000 for 50,000 of each)
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.services.agreement import Selection, measured, project_source
from app.workspace import Workspace
from models.agreement.measure import Wishes
from models.ids import fingerprint, new_id
from models.store.unit_of_work import UnitOfWork, to_json

ANNOTATIONS = int(os.environ.get("KURATOR_ANNOTATIONS", "50000"))
PEOPLE = ("Anna", "Bo", "Cilla")
EACH = 10
"""Annotations of one annotator in one document, relations among them."""
ENTITIES = ("PERSON", "ROLE", "ORGANISATION", "PLACE", "PROGRAMME", "SERVICE", "DOCUMENT", "DATE", "MONEY", "QUANTITY")
TEXT = "Region Häradsbo 😀 satsar på va\u030ardrum, säger Anna\u00a0Ek i lyft\u00adprojektet. " * 35
ROOT = Path(__file__).resolve().parents[2]


def fill(workspace: Workspace, count: int) -> None:
    """Put about ``count`` annotations of three people into documents of 2,500 letters; a tenth are controls."""
    chance = random.Random(1)
    people = [workspace.reads.me, new_id(), new_id()]
    with workspace.writer.unrecorded() as work:
        for name, one in zip(PEOPLE, people, strict=True):
            work.raw.execute("INSERT OR REPLACE INTO annotators(id, kind, name) VALUES (?, 'human', ?)", (one, name))
        for number in range(count // (EACH * len(PEOPLE))):
            _fill_document(work, number, people, chance)


def _fill_document(work: UnitOfWork, number: int, people: list[str], chance: random.Random) -> None:
    document, print_ = new_id(), fingerprint(TEXT)
    work.raw.execute("INSERT INTO texts VALUES (?, ?, ?, ?)", (number + 1, document, print_, TEXT))
    work.raw.execute(
        "INSERT INTO documents(id, name, metadata, fingerprint, length, text_seq, furniture, furniture_by, imported, "
        "control) VALUES (?, ?, '{}', ?, ?, ?, '[]', 'none', ?, ?)",
        (document, f"{number:06}.txt", print_, len(TEXT), number + 1, work.now, number % 10 == 0),
    )
    common = [(chance.randrange(len(TEXT) - 80), chance.choice(ENTITIES)) for _ in range(EACH - 2)]
    for one in people:
        work.raw.execute(
            "INSERT INTO statuses(document_id, annotator_id, state, at) VALUES (?, ?, 'done', ?)",
            (document, one, work.now),
        )
        ids = [new_id() for _ in range(EACH)]
        for at, (start, label) in enumerate(common):
            end = start + (70 if at < 2 else 9) + (chance.random() < 0.1) * 3
            label = "CLAIM" if at < 2 else chance.choice(ENTITIES) if chance.random() < 0.1 else label
            facets = to_json({"kind": chance.choice(("fact", "goal")), "mode": "direct"}) if at < 2 else None
            kind = "claim" if at < 2 else "entity"
            _insert(work, ids[at], kind, document, label, start, end, None, None, facets, one)
        for at in (0, 1):
            tail = ids[chance.choice((2, 3))]
            _insert(work, ids[-1 - at], "relation", document, "ATTRIBUTED_TO", None, None, ids[at], tail, None, one)


def _insert(work: UnitOfWork, *values: object) -> None:
    work.raw.execute(
        'INSERT INTO annotations(id, kind, document_id, label, start, "end", head, tail, facets, annotator_id, state, '
        "origin, created, modified) VALUES (?,?,?,?,?,?,?,?,?,?,'manual','{}',?,?)",
        (*values, work.now, work.now),
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("agreement") / "team.kurator"
    with Workspace.create(path, "Stort", "Anna") as workspace:
        fill(workspace, ANNOTATIONS)
    yield path


@pytest.mark.parametrize("samples", [0, 1000])
def test_every_measure(benchmark: Any, project: Path, samples: int) -> None:
    """Reach: 3 s without resampling, 30 s with 1,000 samples."""
    with Workspace.open(project) as workspace:

        def whole() -> int:
            return len(measured(project_source(workspace.reads), Selection(), Wishes(samples)).figures)

        began = time.process_time()
        figures = benchmark.pedantic(whole, rounds=1, iterations=1, warmup_rounds=0)
        used = time.process_time() - began
    print(f"\n{ANNOTATIONS} annotations, {samples} samples: {figures} figures, {used:.1f} s of processor", end="")


def test_as_a_command(benchmark: Any, project: Path, tmp_path: Path) -> None:
    """With the start of Python, imports, and the three reports."""
    targets = [word for name in ("r.html", "r.csv", "r.json") for word in ("-o", str(tmp_path / name))]
    command = [sys.executable, "-m", "app.cli", "agreement", str(project), "-q", *targets]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    benchmark.pedantic(lambda: subprocess.run(command, env=environment, check=True), rounds=1, iterations=1)
