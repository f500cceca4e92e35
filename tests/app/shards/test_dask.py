"""A real Dask cluster on this machine: a worker is killed, the bytes stay the same; and what is said where it fails."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.pipeline.protocol import Analysed, Failed, decode_answer
from app.shards import cluster, worker
from app.shards.cluster import DaskPool, differing
from app.shards.suggesting import suggest_shards
from models.errors import EnvironmentFault, UserError
from models.suggestions import Analysis, PipelineInfo

distributed = pytest.importorskip("distributed", reason="Dask is an optional extra")

Kurator = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).resolve().parents[3]
INFO = PipelineInfo("prov", "1", "sha256:11")


def test_a_lost_worker_loses_nothing_and_the_bytes_are_those_of_one_process(
    bench: Any, kurator: Kurator, text: str
) -> None:
    import psutil

    shards = [
        bench.lines("a.jsonl", *(f"{text} {number}" for number in range(20))),
        bench.lines("b.jsonl", *(f"{text} {number}\n" + 12 * text for number in range(60))),
        bench.lines("c.jsonl", {"text": text, "title": "1"}, {"text": text, "title": "2"}),
    ]
    out = bench.folder / "dask"
    arguments = ["suggest", *map(str, shards), "--out", str(out), "--dask", "local", "--jobs", "2"]
    code = "import sys, app.cli, app.pipeline.pool as p; p.BATCH_LENGTH = 6000; sys.exit(app.cli.main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, *arguments]  # small batches, so that there is a middle to be lost in
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment) as process:
        deadline = time.monotonic() + 100
        while not (out / "a.json").exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        workers = [one for one in psutil.Process(process.pid).children(True) if "spawn_main" in " ".join(one.cmdline())]
        assert len(workers) == 2
        workers[0].kill()
        killed_in_time = not (out / "b.json").exists()
        _, said = process.communicate(timeout=100)
    assert process.returncode == 0, said
    assert killed_in_time
    assert kurator("suggest", *shards, "--out", bench.folder / "ensam", "--jobs", 1)[0] == 0
    assert bench.bytes("dask") == bench.bytes("ensam") and len(bench.bytes("dask")) == 6


# A cluster that is none --------------------------------------------------------------------------------------


class Future:
    """What was submitted, worked out when it is asked for."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.result = work


class Client:
    """Two workers with a thread each in this process; ``trouble`` comes before every answer."""

    def __init__(self, trouble: Callable[[], None] = lambda: None) -> None:
        self.trouble = trouble
        self.most = 0
        self.waiting = 0

    def nthreads(self) -> dict[str, int]:
        return {"a": 1, "b": 1}

    def submit(self, function: Any, *arguments: Any, pure: bool) -> Future:
        self.waiting += 1
        self.most = max(self.most, self.waiting)

        def work() -> Any:
            self.waiting -= 1
            self.trouble()
            return function(*arguments)

        return Future(work)

    def cancel(self, futures: list[Future]) -> None:
        self.waiting = 0

    def close(self) -> None:
        """Nothing was opened."""


class Suggester:
    """Finds nothing, and fails on FEL."""

    info = INFO

    def analyse(self, texts: Any) -> Iterator[tuple[str, Analysis | UserError]]:
        for name, text in texts:
            yield name, UserError("pipeline.text-failed", reason="x") if text == "FEL" else Analysis(())


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Callable[..., DaskPool]:
    monkeypatch.setattr(worker, "_suggester", lambda name: Suggester())
    monkeypatch.setattr("app.pipeline.pool.BATCH", 2)

    def make(trouble: Callable[[], None] = lambda: None, info: PipelineInfo = INFO) -> DaskPool:
        made = DaskPool("tcp://x", 2)
        made._client, made._info = Client(trouble), info
        return made

    return make


def test_answers_come_in_order_and_only_some_batches_are_out(pool: Callable[..., DaskPool]) -> None:
    with pool() as made:
        client = made._client
        found = list(made.analyse((str(number), "FEL" if number == 3 else "å") for number in range(21)))
        assert [name for name, _ in found] == [str(number) for number in range(21)]
        assert [name for name, one in found if isinstance(one, UserError)] == ["3"]
        assert client.most == 4 and client.waiting == 0
        answers = made.analyse((str(number), "å") for number in range(21))
        next(answers)
        answers.close()
        assert client.waiting == 0


def test_documents_are_finished_by_the_workers(
    bench: Any, rules: Any, text: str, pool: Callable[..., DaskPool]
) -> None:
    shards = [bench.lines("a.jsonl", text, "FEL", {"text": text, "title": "2"}), bench.lines("b.jsonl", "x", "y", "z")]
    with pool() as made:
        report = suggest_shards(bench.plan("ut", *shards, pipeline=SimpleNamespace(info=INFO)), made, None)
        assert made._client.waiting == 0
    plan = bench.plan("två", *shards, pipeline=SimpleNamespace(info=INFO))
    alone = SimpleNamespace(info=INFO, analyse=Suggester().analyse)
    assert suggest_shards(plan, alone, None).documents == report.documents == 5
    assert bench.bytes("ut") == bench.bytes("två")
    assert [error.code for _, _, error in report.failed] == ["pipeline.text-failed"]


def test_a_worker_with_another_pipeline_ends_the_work(pool: Callable[..., DaskPool]) -> None:
    with pool(info=PipelineInfo("prov", "1", "sha256:22")) as made:
        with pytest.raises(EnvironmentFault, match=r"shards\.pipeline-changed"):
            list(made.analyse([("a", "b")]))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (distributed.KilledWorker("task", SimpleNamespace(address="tcp://y"), 3), "pipeline.died"),
        (OSError("gone"), "shards.no-scheduler"),
        (ModuleNotFoundError("No module named 'app'"), "shards.workers-differ"),
        (RuntimeError("Error during deserialization"), "shards.workers-differ"),
        (distributed.CancelledError("x"), "shards.no-scheduler"),
        (TimeoutError(), "shards.no-scheduler"),
    ],
)
def test_what_ends_a_cluster_is_told(pool: Callable[..., DaskPool], error: Exception, code: str) -> None:
    def trouble() -> None:
        raise error

    with pool(trouble) as made, pytest.raises(EnvironmentFault) as caught:
        list(made.analyse([("a", "b")]))
    assert caught.value.code == code


def test_a_worker_answers_in_the_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_suggester", lambda name: Suggester())
    lines = worker.answers("x", INFO.hash, [("a", "b"), ("c", "FEL")])
    first, second = map(decode_answer, lines)
    assert first == Analysed("a", Analysis(())) and isinstance(second, Failed) and second.id == "c"
    assert worker.introduce("x")[1] == INFO

    def broken(name: str) -> Suggester:
        raise UserError("pipeline.cannot-load", name=name, reason="y")

    monkeypatch.setattr(worker, "_suggester", broken)
    refusal = ("pipeline.cannot-load", {"name": "x", "reason": "y"})
    assert worker.answers("x", "h", [("a", "b")]) == refusal
    assert worker.documents("x", "h", None, {}, []) == refusal
    with pytest.raises(RuntimeError, match="cannot-load"):
        worker.introduce("x")


def test_each_worker_that_differs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "version", lambda: "1.0")
    told = {
        "tcp://c": ("1.0", INFO),
        "tcp://b": ModuleNotFoundError("No module named 'app'\nmore"),
        "tcp://a": ("0.9", INFO),
        "tcp://d": ("1.0", PipelineInfo("prov", "1", "sha256:22")),
    }
    assert differing(told, INFO) == [
        "tcp://a: Kurator 0.9 ≠ 1.0",
        "tcp://b: No module named 'app'",
        "tcp://d: prov 1 (sha256:22…) ≠ prov 1 (sha256:11…)",
    ]


def test_without_dask_the_command_says_what_to_install(
    bench: Any, kurator: Kurator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    shard = bench.lines("a.jsonl", "Hej å.")
    status, _, err = kurator("suggest", shard, "--out", bench.folder / "ut", "--dask", "local")
    assert status == 3 and "kurator[dask]" in err and "--jobs" in err


def test_a_scheduler_that_is_not_there_is_told(bench: Any) -> None:
    """In a process of its own: the library leaves threads behind."""
    shard = bench.lines("a.jsonl", "Hej å.")
    code = (
        "import sys, app.shards.cluster as c, app.cli; c.PATIENCE_SECONDS = 0.5; "
        f"sys.exit(app.cli.main(['suggest', {str(shard)!r}, '--out', {str(bench.folder / 'ut')!r}, "
        "'--dask', 'tcp://127.0.0.1:9']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 4 and "tcp://127.0.0.1:9" in done.stderr and "Traceback" not in done.stderr
