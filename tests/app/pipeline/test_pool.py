"""Several real processes: one answer each, in order, whatever dies; and the same suggestions however many there are."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep
from typing import Any, ClassVar

import pytest

from app.cli import main
from app.pipeline import pool as pool_module
from app.pipeline.pool import PipelinePool, batches, default_jobs
from models.errors import Defect, EnvironmentFault, UserError
from models.spans import Span
from models.suggestions import Analysis, PipelineInfo, Proposal

NASTY = "😀 Va\u030arden va\u0308xer i Region\u00a0Ska\u030ane, sä\u00adger Karin Öst\u00adlund."


BATCH = 8


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "BATCH", BATCH)


class Member:
    """A process that is none: answers each text with its length, and does what is asked of it before."""

    started: ClassVar[list[Member]] = []
    before: ClassVar[Callable[[Member], None]] = staticmethod(lambda member: None)

    def __init__(self) -> None:
        self.open = False

    def start(self, pipeline: str) -> PipelineInfo:
        Member.started.append(self)
        self.open = True
        return PipelineInfo("prov", pipeline, str(len(Member.started)) if pipeline == "changing" else "h")

    def analyse(self, texts: list[tuple[str, str]]) -> Iterator[tuple[str, Analysis]]:
        for name, text in texts:
            Member.before(self)
            if not self.open:
                return
            yield name, Analysis((Proposal("entity", "PERSON", (Span(0, len(text)),)),))

    def close(self) -> None:
        self.open = False


@pytest.fixture
def members(monkeypatch: pytest.MonkeyPatch) -> type[Member]:
    monkeypatch.setattr(pool_module, "PipelineProcess", Member)
    monkeypatch.setattr(Member, "started", [])
    return Member


def texts(count: int) -> Iterator[tuple[str, str]]:
    return ((str(number), f"{NASTY} {number}" * (1 + number % 3)) for number in range(count))


def test_real_processes_answer_like_one_even_if_they_are_killed() -> None:
    with PipelinePool(2) as two:
        assert two.start() == two.info
        wanted = list(two._members[0].analyse(texts(9 * BATCH + 5)))
        assert [name for name, _ in wanted] == [str(number) for number in range(9 * BATCH + 5)]
        assert all(isinstance(found, Analysis) and found.proposals for _, found in wanted)
        assert list(two.analyse(texts(9 * BATCH + 5))) == wanted and len(two._members) == 2
        answers = two.analyse(texts(9 * BATCH + 5))
        got = [next(answers)]
        for one in two._members:
            assert one._running is not None
            one._running.process.kill()
        assert [*got, *answers] == wanted


def test_further_processes_start_only_where_there_is_work_for_them(members: type[Member]) -> None:
    with PipelinePool(4) as pool:
        pool.start("x")
        assert [name for name, _ in pool.analyse(texts(BATCH))] == [str(number) for number in range(BATCH)]
        assert len(members.started) == 1
        assert len(list(pool.analyse(texts(40 * BATCH)))) == 40 * BATCH
        assert 1 <= len(members.started) <= 4
    assert not any(one.open for one in members.started)


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_answers_come_in_order_whoever_is_slow(
    members: type[Member], jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def be_slow(member: Member) -> None:
        sleep(0.002 if member is members.started[0] else 0)

    monkeypatch.setattr(Member, "before", staticmethod(be_slow))
    with PipelinePool(jobs) as pool:
        pool.start("x")
        assert [name for name, _ in pool.analyse(texts(100))] == [str(number) for number in range(100)]


def test_a_process_that_cannot_be_saved_ends_the_work(members: type[Member], monkeypatch: pytest.MonkeyPatch) -> None:
    calls = itertools.count()

    def die(_: Member) -> None:
        if next(calls) == 5 * BATCH:
            raise EnvironmentFault("pipeline.died", reason="x")

    monkeypatch.setattr(Member, "before", staticmethod(die))
    with PipelinePool(2) as pool:
        pool.start("x")
        with pytest.raises(EnvironmentFault, match=r"pipeline\.died"):
            list(pool.analyse(texts(40 * BATCH)))


def test_a_process_that_somebody_ended_loses_nothing_unseen(members: type[Member]) -> None:
    with PipelinePool(2) as pool:
        pool.start("x")
        members.started[0].close()
        with pytest.raises(EnvironmentFault, match=r"pipeline\.closed"):
            list(pool.analyse(texts(8 * BATCH)))


def test_texts_are_pulled_only_some_batches_ahead_and_stopping_early_leaves_the_pool_usable(
    members: type[Member],
) -> None:
    pulled = 0

    def source() -> Iterator[tuple[str, str]]:
        nonlocal pulled
        for one in texts(50 * BATCH):
            pulled += 1
            yield one

    with PipelinePool(2) as pool:
        pool.start("x")
        answers = pool.analyse(source())
        for taken in range(1, 20 * BATCH):
            next(answers)
            assert pulled <= taken + 5 * BATCH
        answers.close()
        assert [name for name, _ in pool.analyse([("a", NASTY), ("b", "")])] == ["a", "b"]


def test_a_closed_pool_answers_no_more(members: type[Member]) -> None:
    pool = PipelinePool(2)
    pool.start("x")
    answers = pool.analyse(texts(40 * BATCH))
    next(answers)
    pool.close()
    pool.close()
    assert len(list(answers)) < 39 * BATCH


def test_a_pipeline_that_changes_meanwhile_ends_the_work(
    members: type[Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Member, "before", staticmethod(lambda _: sleep(0.002)))
    with PipelinePool(2) as pool:
        pool.start("changing")
        with pytest.raises(EnvironmentFault, match=r"shards\.pipeline-changed"):
            list(pool.analyse(texts(40 * BATCH)))


def test_asking_before_starting_is_a_defect_and_unknown_pipelines_are_refused() -> None:
    with pytest.raises(Defect, match=r"pipeline\.not-loaded"):
        _ = PipelinePool(2).info
    with PipelinePool(2) as pool, pytest.raises(UserError, match=r"pipeline\.unknown"):
        pool.start("sv_no_such_pipeline")


def test_batches_are_full_at_a_number_of_texts_or_a_length() -> None:
    assert [len(one) for one in batches(texts(2 * BATCH + 1))] == [BATCH, BATCH, 1]
    long = "a" * pool_module.BATCH_LENGTH
    assert [len(one) for one in batches([("1", "a"), ("2", long), ("3", long), ("4", "")])] == [2, 1, 1]
    assert list(batches([])) == []


def test_there_are_as_many_processes_as_cores_and_memory_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    assert default_jobs() >= 1
    monkeypatch.setattr(pool_module.os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    for free, jobs in ((0, 1), (3 * pool_module.MEMORY_PER_JOB + 1, 3), (1 << 50, 64)):
        monkeypatch.setattr(pool_module, "_free_memory", lambda free=free: free)
        assert default_jobs() == jobs


def test_a_project_gets_the_same_suggestions_from_one_process_and_from_two(tmp_path: Path) -> None:
    folder = tmp_path / "texter"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number:02}.txt").write_text(f"{NASTY}\n\nText {number % 30}.\n", "utf-8")
    first, second = tmp_path / "1.kurator", tmp_path / "2.kurator"
    run("new", first, "--annotator", "Anna")
    run("import", first, folder)
    shutil.copy(first, second)
    found = [suggested(path, jobs) for path, jobs in ((first, "1"), (second, "2"))]
    assert found[0] == found[1] and found[0].count('"spans"') > 100


def suggested(project: Path, jobs: str) -> str:
    """Return what an export says of the documents; the run of the pipeline is a project's own."""
    run("suggest", project, "--jobs", jobs)
    target = project.with_suffix(".json")
    run("export", project, "--format", "exchange", "-o", target)
    found: dict[str, Any] = json.loads(target.read_text("utf-8"))
    return json.dumps(found["documents"]).replace(found["runs"][0]["id"], "RUN")


def run(*arguments: object) -> None:
    """Run a command."""
    assert main([*map(str, arguments), "--quiet"]) == 0
