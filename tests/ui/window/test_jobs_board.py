"""Bulk work through the job board, with real child processes: import, suggest, export, cancelling, closing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.jobs import Job, JobEvent
from app.services.checks import check_project
from app.workspace import Workspace
from models.errors import EnvironmentFault
from tests.ui.window.conftest import TEXT, Hands
from ui.jobs import JobState

PATIENCE_MS = 90_000


def folder_of_texts(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:04}.txt").write_text(f"{TEXT}\nRegion Halland satsar {number} miljoner kronor.", "utf-8")
    return folder


def test_import_suggest_export(empty_window: Hands, tmp_path: Path, qtbot: QtBot) -> None:
    window, bridge = empty_window.window, empty_window.window.bridge
    bridge.set_workspace(Workspace.create(tmp_path / "p.kurator", "p", "Maja"))
    states: list[JobState] = []
    bridge.job_changed.connect(states.append)
    window.transfer.import_paths([folder_of_texts(tmp_path / "texter", 5)])
    assert window.jobs.running("import") and window.jobs.busy
    assert not window.jobs.start("import", bridge.workspace.path, [], lambda _: None)  # one of a kind at a time
    qtbot.waitUntil(lambda: bridge.document is not None, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)  # suggesting follows by itself
    assert len(window.corpus.model.ids) == 5
    assert any(mark.state == "suggested" for mark in bridge.workspace.marks.marks(bridge.document or ""))
    assert empty_window.reader.flow is not None and empty_window.reader.flow.content.marks
    target = tmp_path / "ut.json"
    arguments = ["--format", "exchange", "-o", str(target)]

    def finished(report: dict[str, Any]) -> None:
        window.transfer._exported(target, report)

    window.jobs.start("export", bridge.workspace.path, arguments, finished)
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    assert len(json.loads(target.read_text("utf-8"))["documents"]) == 5
    ended = [state.kind for state in states if state.ended]
    assert ended == ["import", "suggest", "export"]
    assert [level for _, level in empty_window.said if level == "done"] == ["done"] * 3
    assert all(widget.isHidden() for widget in (window.status._job, window.status._bar, window.status._cancel))


def test_cancelling_and_closing_in_the_middle(empty_window: Hands, tmp_path: Path, qtbot: QtBot) -> None:
    window, bridge = empty_window.window, empty_window.window.bridge
    path = tmp_path / "p.kurator"
    bridge.set_workspace(Workspace.create(path, "p", "Maja"))
    bridge.settings = bridge.settings.__class__(suggest_at_import=False)
    texts = folder_of_texts(tmp_path / "texter", 400)
    window.transfer.import_paths([texts])
    window.status._cancel.click()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    window.transfer.import_paths([texts])
    window.projects.close()
    assert not window.jobs.busy and not bridge.is_open
    assert window.status._job.isHidden()
    qtbot.wait(100)  # what the stopped job still said reaches nobody
    assert check_project(path) == []


def test_a_stopped_jobs_last_words_do_not_reach_its_successor(
    hands: Hands, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    class Silent:
        def __init__(self, tell: Any) -> None:
            self.tell = tell

        def cancel(self) -> None: ...
        def wait(self) -> None: ...
        def prioritise(self, documents: object) -> None: ...

    made: list[Silent] = []

    def start(_kind: str, _project: Path, _arguments: object, tell: Any) -> Silent:
        made.append(Silent(tell))
        return made[-1]

    monkeypatch.setattr(Job, "start", start)
    reports: list[object] = []
    board, path = hands.window.jobs, hands.workspace.path
    board.start("export", path, [], reports.append)
    board.stop_all()
    board.start("export", path, [], reports.append)
    made[0].tell(JobEvent("ended", report={"from": "the first"}))
    qtbot.wait(20)
    assert board.running("export") and not reports
    made[1].tell(JobEvent("error", code="job.died", details={"status": 3}))
    made[1].tell(JobEvent("ended", report={"from": "the second"}))
    qtbot.waitUntil(lambda: not board.busy)
    assert reports == [{"from": "the second"}] and hands.said[-1][1] == "error"


def test_a_job_that_cannot_start_is_a_sentence(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise EnvironmentFault("job.cannot-start", reason="no room")

    monkeypatch.setattr(Job, "start", refuse)
    hands.window.suggesting.suggest()
    assert hands.said[-1][1] == "error" and not hands.window.jobs.busy
