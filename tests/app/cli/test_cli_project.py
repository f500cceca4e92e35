"""New, status, check, backup, restore, open and demo; help, errors and interruptions."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import app.cli.window
from app.cli import main
from app.paths import log_folder, resource
from app.settings import remember_project
from app.workspace import Workspace

Kurator = Callable[..., Any]
COMMANDS = ("open", "new", "import", "suggest", "export", "formats", "status", "check", "backup", "restore")


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("command", [None, *COMMANDS, "demo"])
def test_help_suffices(kurator: Kurator, language: str, command: str | None) -> None:
    said = kurator("--language", language, *([command] if command else []), "--help")
    assert said.status == 0 and not said.err
    assert ("exempel:" if language == "sv" else "example") in said.out
    assert ("användning: " if language == "sv" else "usage: ") in said.out
    if language == "sv":
        assert "show this help" not in said.out and "options" not in said.out
    assert "{{" not in said.out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["status"], "saknas"),
        (["inport", "x"], "inport"),
        (["status", "x", "--nope"], "--nope"),
        (["export", "x", "-o"], "värde"),
        (["backup", "x", "--keep", "många"], "många"),
    ],
)
def test_what_is_not_understood_is_said_in_swedish(kurator: Kurator, arguments: list[str], word: str) -> None:
    said = kurator("--language", "sv", *arguments)
    assert said.status == 2 and word in said.err and "--help" in said.err
    assert "Traceback" not in said.err and not said.out


def test_new_keeps_name_annotator_and_labels(kurator: Kurator, tmp_path: Path) -> None:
    path = tmp_path / "p.kurator"
    labels = json.loads(resource("label_sets", "default.json").read_text("utf-8"))
    labels["id"], labels["version"] = "egen", 7
    (tmp_path / "labels.json").write_text(json.dumps(labels), "utf-8")
    said = kurator(
        "new", path, "--name", "Å 😀", "--annotator", "Anna", "--label-set", tmp_path / "labels.json"
    )
    assert said.status == 0
    status = json.loads(kurator("status", path, "--json").out)
    assert status["project"]["name"] == "Å 😀"
    assert status["label_set"] == {"id": "egen", "version": 7}
    assert kurator("new", path).status == 3


@pytest.mark.parametrize("content", ["{", "[]", '{"id": "x"}'])
def test_a_bad_label_set_makes_no_project(kurator: Kurator, tmp_path: Path, content: str) -> None:
    (tmp_path / "labels.json").write_text(content, "utf-8")
    said = kurator("new", tmp_path / "p.kurator", "--label-set", tmp_path / "labels.json")
    assert said.status == 3 and not (tmp_path / "p.kurator").exists()


def test_status_counts(kurator: Kurator, project: Path) -> None:
    assert "0 of 2 documents done" in kurator("status", project).out
    assert json.loads(kurator("status", project, "--json").out)["counts"]["documents"] == 2


def test_readers_work_beside_a_window_and_writers_are_told(
    kurator: Kurator, tmp_path: Path, texts: Path, project: Path
) -> None:
    with Workspace.open(project):
        assert kurator("status", project).status == 0
        assert kurator("check", project).status == 0
        assert kurator("backup", project).status == 0
        assert kurator("export", project, "--format", "exchange", "-o", tmp_path / "x.json").status == 0
        for command in (["import", project, texts], ["suggest", project], ["restore", project, project]):
            said = kurator(*command)
            assert said.status == 3, command
    assert kurator("import", project, texts).status == 1


def test_backup_restore_and_list(kurator: Kurator, tmp_path: Path, texts: Path, project: Path) -> None:
    assert kurator("restore", project).status == 4
    copy = tmp_path / "copy.kurator"
    assert kurator("backup", project, "-o", copy).status == 0
    assert kurator("backup", project, "-o", copy).status == 3
    (texts / "c.txt").write_text("En till.\n", "utf-8")
    kurator("import", project, texts)
    assert "of 3 documents" in kurator("status", project).out
    said = kurator("restore", project, copy)
    assert said.status == 0 and "replaced.kurator" in said.out
    assert "of 2 documents" in kurator("status", project).out
    assert "replaced.kurator" in kurator("restore", project).out
    assert kurator("restore", project, tmp_path / "none.kurator").status == 3


def test_open_goes_to_the_window(
    kurator: Kurator, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[list[str]] = []
    monkeypatch.setattr(app.cli.window, "become", lambda command: calls.append(command) or 0)
    kurator("open", project)
    kurator("open", "--sample")
    kurator()
    remember_project(project)
    kurator()
    assert [call[call.index("ui") + 1 :] for call in calls] == [
        ["open", str(project)],
        ["open", "--sample"],
        ["open"],
        ["open", str(project)],
    ]
    assert kurator("open", tmp_path / "none.kurator").status == 3


def test_demo_does_the_whole_job(kurator: Kurator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.cli.window, "take_picture", lambda project, picture: True)
    for _ in range(2):  # a second time replaces the first
        said = kurator("demo", "-o", tmp_path / "demo")
        assert said.status == 0, said
    paths = [line.split(":", 1)[1].strip() for line in said.out.splitlines()]
    assert [Path(path).name for path in paths] == ["sample.kurator", "sample.json", "sample.png"]
    exchange = json.loads(Path(paths[1]).read_text("utf-8"))
    assert len(exchange["documents"]) == 14 and exchange["documents"][0]["suggestions"]
    monkeypatch.setattr(app.cli.window, "take_picture", lambda project, picture: False)
    assert kurator("demo", "-o", tmp_path / "demo").status == 4


@pytest.mark.expects_log("defect: ZeroDivisionError")
def test_a_defect_ends_in_a_report(kurator: Kurator, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workspace, "open", lambda *_, **__: 1 / 0)
    said = kurator("status", project)
    assert said.status == 5 and "Traceback" not in said.err
    (report,) = log_folder().glob("report-*.txt")
    assert str(report) in said.err and "ZeroDivisionError" in report.read_text("utf-8")
    assert "defect" in (log_folder() / "cli.log").read_text("utf-8")


def test_ctrl_c_leaves_the_project_sound(
    kurator: Kurator, program: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    path, folder = tmp_path / "p.kurator", tmp_path / "many"
    kurator("new", path)
    folder.mkdir()
    for number in range(3000):
        (folder / f"{number}.txt").write_text(f"Text {number} 😀 om vården.\n" * 60, "utf-8")
    running = program("import", path, folder)
    deadline = time.monotonic() + 30
    while not _documents(path) and time.monotonic() < deadline and running.poll() is None:
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert running.returncode == 130, (out, err)
    assert b"Traceback" not in err
    assert 0 < _documents(path) < 3000
    assert kurator("check", path).status == 0
    assert kurator("import", path, folder).status == 0
    assert _documents(path) == 3000


def _documents(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM documents").fetchone()[0])


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGPIPE to speak of")
def test_a_reader_that_goes_away_is_no_error(project: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    root = Path(app.cli.window.__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-m", "app.cli", "status", str(project)],
        stdout=write,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root)},
        timeout=60,
    )
    os.close(write)
    assert ended.returncode == 141 and ended.stderr == b""


def test_the_language_is_taken_from_the_settings(
    kurator: Kurator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.settings import change_settings

    change_settings(language="sv")
    assert (
        "Det finns ingen fil" in kurator("status", tmp_path / "x.kurator").err
        or "finns inte" in kurator("status", tmp_path / "x.kurator").err
    )
    assert "There is no file" in kurator("--language=en", "status", tmp_path / "x.kurator").err


def test_main_takes_sys_argv(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["kurator", "--version"])
    assert main() == 0
    assert capsys.readouterr().out.startswith("Kurator ")
