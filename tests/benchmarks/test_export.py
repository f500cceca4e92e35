"""Export against json.dumps of the same content, and what it needs in memory. Run on demand:

pytest tests/benchmarks/test_export.py --benchmark-only -s   (KURATOR_ANNOTATIONS=1000000 for the full size)
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.formats.exchange_export import export_exchange
from app.formats.exchange_read import read_exchange
from app.workspace import Workspace
from models.ids import fingerprint, new_id
from models.spans import CONTEXT
from models.store.unit_of_work import to_json

ANNOTATIONS = int(os.environ.get("KURATOR_ANNOTATIONS", "100000"))
EACH = 200
TEXT = "Region Häradsbo 😀 satsar på va\u030ardrum, säger Anna\u00a0Ek i lyft\u00adprojektet. " * 40


def fill(workspace: Workspace, count: int) -> None:
    """Put ``count`` annotations into documents of 200 each: 140 entities, 40 claims, 20 relations."""
    me, print_ = workspace.reads.me, fingerprint(TEXT)
    with workspace.writer.unrecorded() as work:
        for number in range(count // EACH):
            document = new_id()
            work.raw.execute(
                "INSERT INTO texts(seq, document_id, fingerprint, text) VALUES (?, ?, ?, ?)",
                (number + 1, document, print_, TEXT),
            )
            work.raw.execute(
                "INSERT INTO documents(id, name, metadata, fingerprint, length, text_seq, furniture, "
                "furniture_by, imported) VALUES (?, ?, '{}', ?, ?, ?, '[]', 'none', ?)",
                (document, f"{number:06}.txt", print_, len(TEXT), number + 1, work.now),
            )
            ids = [new_id() for _ in range(EACH)]
            rows = [_row(ids, one, document, me, work.now) for one in range(EACH)]
            work.raw.executemany(
                "INSERT INTO annotations(id, kind, document_id, label, start, end, exact, prefix, suffix, "
                "head, tail, facets, annotator_id, state, origin, note, created, modified) "
                "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                rows,
            )


def _row(ids: list[str], one: int, document: str, me: str, now: str) -> tuple[Any, ...]:
    origin = {"by": "pipeline", "score": 0.912345, "source": "regler 1.2 · namn", "suggestion": ids[one]}
    made = to_json(origin if one % 2 else {"by": "human"})
    kind = "entity" if one < 140 else "claim" if one < 180 else "relation"
    label = {"entity": "PERSON", "claim": "CLAIM", "relation": "ATTRIBUTED_TO"}[kind]
    start, end = one * 13, one * 13 + (9 if one < 140 else 70)
    place: tuple[Any, ...] = (None,) * 5
    if kind != "relation":
        context = TEXT[max(0, start - CONTEXT) : start], TEXT[end : end + CONTEXT]
        place = (start, end, to_json([TEXT[start:end]]), *context)
    ends = (ids[one - 20], ids[one - 100]) if kind == "relation" else (None, None)
    facets = '{"kind":"fact","mode":"direct"}' if kind == "claim" else None
    return (ids[one], kind, document, label, *place, *ends, facets, me, "manual", made, None, now, now)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.create(tmp_path_factory.mktemp("export") / "big.kurator", "Stort", "Bo") as workspace:
        fill(workspace, ANNOTATIONS)
        yield workspace


def test_export_against_json_dumps(benchmark: Any, project: Workspace, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    report = benchmark.pedantic(export_exchange, (project.reads, target), rounds=2, iterations=1)
    found = sum(report.counts[name] for name in ("entities", "claims", "relations"))
    assert found == ANNOTATIONS // EACH * EACH
    data = json.loads(target.read_bytes())
    plain, characters = min(_dumped(data) for _ in range(2))  # as many tries as the export has
    took = benchmark.stats.stats.min
    benchmark.extra_info |= {"json.dumps s": round(plain, 2), "times": round(took / plain, 2)}
    print(
        f"\n{found} annotations, {report.size / 1e6:.0f} MB: {took:.2f} s; json.dumps {plain:.2f} s", end=""
    )
    print(f" ({characters / 1e6:.0f} M characters): {took / plain:.2f} times")


def _dumped(data: Any) -> tuple[float, int]:
    started = time.perf_counter()
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return time.perf_counter() - started, len(text)


def test_reading_and_checking(benchmark: Any, project: Workspace, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    export_exchange(project.reads, target)
    found = benchmark.pedantic(read_exchange, (target,), rounds=1, iterations=1)
    assert not found.problems and found.by_lines


PEAK = """
import re, sys
from pathlib import Path
from app.workspace import Workspace
from app.formats.exchange_export import export_exchange
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
with Workspace.open(Path(sys.argv[1]), read_only=True) as workspace:
    before = peak()
    export_exchange(workspace.reads, Path(sys.argv[2]))
    print(peak() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system tells no peak memory")
def test_memory_does_not_grow_with_the_corpus(benchmark: Any, tmp_path: Path) -> None:
    """Eight times the annotations need no more than 8 MB and an id per document more."""
    grown = []
    for count in (ANNOTATIONS // 8, ANNOTATIONS):
        path = tmp_path / f"{count}.kurator"
        with Workspace.create(path, "Stort", "Bo") as workspace:
            fill(workspace, count)
        command = [sys.executable, "-c", PEAK, str(path), str(tmp_path / "out.json")]
        grown.append(int(subprocess.run(command, capture_output=True, check=True, text=True).stdout))
    benchmark.pedantic(lambda: None)
    print(f"\npeak memory over an open project, kB: {grown}")
    assert grown[1] - grown[0] < 8_000 + ANNOTATIONS // EACH
