"""Jobs: a child that works on the project its parent holds, tells, listens, and never outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import app.jobs
from app import commands
from app.jobs import Job, JobEvent, understood
from app.services.checks import check_workspace
from app.workspace import Workspace
from models.errors import EnvironmentFault

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texter"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number:03}.txt").write_text(
            f"Åsa 😀 Va\u030axjö\u00a0vård\u00ad {number}.\n" * 20, "utf-8"
        )
    return folder


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Let the next job run this program instead of the command line."""

    def use(program: str) -> None:
        path = tmp_path / "fake.py"
        path.write_text("import sys, time, json\n" + textwrap.dedent(program), "utf-8")
        monkeypatch.setattr(app.jobs, "command_line", lambda _: [sys.executable, str(path)])

    return use


def run(kind: str, project: Path, *arguments: object) -> tuple[Job, list[JobEvent]]:
    events: list[JobEvent] = []
    job = Job.start(kind, project, [str(one) for one in arguments], events.append)
    assert job.wait(60) != "running"
    return job, events


def test_an_import_beside_the_open_project(tmp_path: Path, texts: Path) -> None:
    (texts / "tom.txt").touch()
    with Workspace.create(tmp_path / "p.kurator", "p", "Anna") as workspace:
        job, events = run("import", workspace.path, texts)
        assert job.state == "finished"
        assert events[-1].kind == "ended" and events[-1].report == job.report and job.report is not None
        assert job.report["counts"] == {"added": 300, "skipped": 1}
        assert job.report["notable"][0]["code"] == "reading.empty"
        told = [event for event in events if event.kind == "progress"]
        assert (told[-1].done, told[-1].total) == (301, 301)
        changed = [document for event in events for document in event.documents]
        known = {row[0] for row in workspace.reads.connection.execute("SELECT id FROM documents")}
        assert len(changed) == 300 and set(changed) == known
        # The window goes on working in the same file.
        workspace.run(commands.SetDone(document=changed[0]))
        assert check_workspace(workspace) == []


def test_a_curator_works_while_a_job_writes(tmp_path: Path, texts: Path) -> None:
    with Workspace.create(tmp_path / "p.kurator", "p", "Anna") as workspace:
        run("import", workspace.path, texts)
        (document,) = workspace.reads.connection.execute("SELECT id FROM documents LIMIT 1").fetchone()
        for path in texts.iterdir():
            path.rename(texts / f"ny-{path.name}")
        job = Job.start("import", workspace.path, [str(texts)], lambda event: None)
        steps = 0
        while job.state == "running":
            assert workspace.run(commands.SetDone(document=document, done=steps % 2 == 0)).change_set
            steps += 1
        assert job.wait(10) == "finished" and steps > 0
        assert len(workspace.reads.history(limit=10_000_000)) == steps


def test_a_job_in_trouble_says_why(tmp_path: Path) -> None:
    job, events = run("suggest", tmp_path / "none.kurator")
    assert job.state == "failed"
    assert [(event.kind, event.code) for event in events] == [("error", "project.missing"), ("ended", "")]
    assert events[0].details["path"].endswith("none.kurator")


def test_suggestions_first_where_the_eye_is(tmp_path: Path, texts: Path) -> None:
    with Workspace.create(tmp_path / "p.kurator", "p", "Anna") as workspace:
        run("import", workspace.path, texts)
        (last,) = workspace.reads.connection.execute("SELECT id FROM documents ORDER BY name DESC").fetchone()
        changed: list[str] = []
        job = Job.start("suggest", workspace.path, [], lambda event: changed.extend(event.documents))
        job.prioritise([last])
        assert job.wait(120) == "finished"
        assert len(changed) == 300 and last in changed[:100]
        assert job.report is not None and job.report["documents"] == 300
        assert check_workspace(workspace) == []


def test_cancelling_keeps_whole_documents(tmp_path: Path, texts: Path) -> None:
    with Workspace.create(tmp_path / "p.kurator", "p", "Anna") as workspace:
        begun = threading.Event()
        job = Job.start("import", workspace.path, [str(texts)], lambda event: begun.set())
        assert begun.wait(30)
        job.cancel()
        job.cancel()
        assert job.wait(30) == "cancelled"
        assert check_workspace(workspace) == []
    with Workspace.open(tmp_path / "p.kurator") as again:
        job, _ = run("import", again.path, texts)
        assert job.state == "finished" and job.report is not None
        assert sum(job.report["counts"].values()) == 300
        job.cancel()
        assert job.state == "finished"


def test_a_job_that_does_not_listen_is_killed(fake: Callable[[str], None], tmp_path: Path) -> None:
    fake("print(json.dumps({'progress': 1, 'total': 2}), flush=True)\ntime.sleep(600)")
    begun = threading.Event()
    job = Job.start("import", tmp_path, [], lambda event: begun.set())
    assert begun.wait(30)
    job.cancel(grace=0.1)
    assert job.wait(30) == "cancelled"


def test_a_job_that_dies_is_told(fake: Callable[[str], None], tmp_path: Path) -> None:
    fake("sys.stderr.write('ack'); sys.exit(9)")
    job, events = run("import", tmp_path)
    assert job.state == "failed"
    assert [event.code for event in events] == ["job.died", ""] and events[0].details == {"status": 9}


def test_words_that_are_no_events_are_passed_over(fake: Callable[[str], None], tmp_path: Path) -> None:
    fake("print('hej'); print('[1]'); print('{}'); print(json.dumps({'report': {'a': 1}}))")
    job, events = run("import", tmp_path)
    assert job.state == "finished" and job.report == {"a": 1}
    assert [event.kind for event in events] == ["report", "ended"]


@pytest.mark.expects_log("nobody could take")
def test_a_listener_that_fails_does_not_stop_the_job(fake: Callable[[str], None], tmp_path: Path) -> None:
    fake("print(json.dumps({'report': {}}))")

    def fail(event: JobEvent) -> None:
        raise ValueError(event)

    assert Job.start("import", tmp_path, [], fail).wait(30) == "finished"


def test_a_program_that_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(app.jobs, "command_line", lambda _: [str(tmp_path / "none")])
    with pytest.raises(EnvironmentFault, match=r"job\.cannot-start"):
        Job.start("import", tmp_path, [], lambda event: None)


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_a_job_ends_with_its_parent(tmp_path: Path) -> None:
    """The parent is killed hard while its job waits for a pipeline that never answers."""
    program = f"""
        import sys, time
        from pathlib import Path
        import app.jobs
        from app.jobs import Job
        from app.workspace import Workspace
        app.jobs.environment = lambda: {{**__import__("os").environ, "PYTHONPATH": {str(ROOT)!r}}}
        workspace = Workspace.create(Path({str(tmp_path / "p.kurator")!r}), "p")
        job = Job.start("import", workspace.path, [{str(tmp_path / "texts")!r}], lambda event: None)
        print(job._process.pid, flush=True)
        time.sleep(600)
    """
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(4000):
        (folder / f"{number}.txt").write_text("Vård och omsorg. " * 200, "utf-8")
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert _alive(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 30
    while _alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(child)
    with Workspace.open(tmp_path / "p.kurator") as workspace:
        assert check_workspace(workspace) == []
        assert workspace.reads.connection.execute("SELECT count(*) FROM documents").fetchone()[0] < 4000


def _alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
        return state != "Z"
    except OSError:
        pass
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return not Path("/proc/self").exists()


@pytest.mark.parametrize("line", [b"", b"\n", b"hej", b"[]", b"{}", b"\xff", b'"x"', b'{"x": 1}'])
def test_anything_else_is_no_event(line: bytes) -> None:
    assert understood(line) is None
