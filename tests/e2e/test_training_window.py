"""A trainer at the window, with real child processes: train, use, measure, go back; and a stranger's pipeline."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot
from trained_corpus import make_project

from app.services import learning
from app.services.analysis import choose_pipeline, chosen_pipeline
from app.settings import Settings
from app.workspace import Workspace
from ui.bridge import Bridge
from ui.controllers import learning as in_background
from ui.dialogs import files
from ui.dialogs.trust import TrustDialog
from ui.jobs import JobState
from ui.main_window import MainWindow

PATIENCE_MS = 180_000


@pytest.fixture
def window(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setattr(in_background, "SOON_MS", 10**7)  # nothing is learned unless the test says so
    monkeypatch.setattr(in_background, "IDLE_MS", 10**7)
    made = MainWindow(Bridge(Settings(reduced_motion=True, language="en")))
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made, 5000)
    yield made
    made.projects.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    make_project(tmp_path / "övning.kurator", 15).close()
    return tmp_path / "övning.kurator"


def test_train_use_measure_go_back(
    window: MainWindow, path: Path, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge, said = window.bridge, []
    bridge.notice.connect(lambda words, level: said.append((level, words)))
    assert window.projects.open_path(path)

    QTest.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    shown = window.training.shown
    assert shown is not None
    qtbot.waitUntil(lambda: shown.setup.survey is not None, timeout=PATIENCE_MS)
    shown.setup.parts["entities"].click()
    QTest.keyClick(shown, Qt.Key.Key_Return)  # the button under Enter begins it
    assert window.jobs.running("train") and shown.progress.running
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    run = shown.run
    assert run is not None and run.finished and shown.tabs.currentIndex() == 2, said
    titles = [title for title, _ in shown.result.grid.figures.grid.columns]
    assert "Change" in titles  # against the pipeline in use, measured on the same documents
    assert "Claims F1" in shown.result.title.text()

    monkeypatch.setattr(files, "choose_folder", lambda parent, title: tmp_path)
    shown.result.buttons["save"].click()
    assert (tmp_path / "kurator" / "config.cfg").is_file()
    shown.result.buttons["wheel"].click()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    assert list(tmp_path.glob("sv_kurator-*.whl"))

    shown.result.buttons["use"].click()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    assert chosen_pipeline(bridge.workspace) == str(run.folder)

    window.training.evaluate((str(run.folder),))
    measuring = window.training.measuring
    assert measuring is not None
    measuring.measure.click()
    qtbot.waitUntil(lambda: bool(measuring.told) and not window.jobs.busy, timeout=PATIENCE_MS)
    assert measuring.grid.figures.grid.rows
    for kind in ("csv", "json", "html"):
        target = tmp_path / f"mätt.{kind}"
        monkeypatch.setattr(files, "save_file", lambda *_, target=target: target)
        monkeypatch.setattr("ui.controllers.training.QDesktopServices.openUrl", lambda url: True)
        window.training._export(kind)
    assert list(csv.DictReader((tmp_path / "mätt.csv").read_text("utf-8").splitlines()))
    assert json.loads((tmp_path / "mätt.json").read_text("utf-8"))["scores"]["documents"] == 3
    assert "<table>" in (tmp_path / "mätt.html").read_text("utf-8")
    measuring.close()
    shown.close()

    suggested: list[str] = []
    monkeypatch.setattr(window.suggesting, "suggest", lambda: suggested.append(chosen_pipeline(bridge.workspace)))
    window.actions_by_id.run("pipeline.back")
    assert suggested == ["built-in"]
    assert [words for level, words in said if level == "error"] == []


def write_learned(place: Path) -> None:
    """Write what the window sees of a pipeline that has learned."""
    (place / "config.cfg").write_text("[nlp]\n")
    (place / "meta.json").write_text('{"lang": "sv", "name": "kurator", "version": "1.0"}')
    count = {"there": 40, "f1": 0.5}
    label = {"label": "PERSON", "before": count, "after": {"there": 40, "f1": 0.75}}
    told = {
        "at": "2026-03-01T10:00:00.000Z", "base": "built-in", "sentences": 80,
        "verdict": {"outcome": "better", "sure": True, "cases": 40, "all": {**label, "label": ""}, "labels": [label]},
    }  # fmt: skip
    (place / learning.SCORES).write_text(json.dumps(told))


def test_what_was_learned_is_offered_taken_and_gone_back_from(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.bridge.set_workspace(Workspace.create(tmp_path / "tomt.kurator", "tomt"))
    workspace, suggested = window.bridge.workspace, []
    monkeypatch.setattr(window.suggesting, "suggest", lambda: suggested.append(chosen_pipeline(workspace)))
    window.bridge.job_changed.emit(JobState("learn", 3, 60))
    assert window.status._job.text() == "Learning…" and window.status._cancel.isHidden()  # said quietly
    window.bridge.job_changed.emit(JobState("learn", ended=True))
    for _ in range(2):
        number = learning.put(workspace, write_learned)
        learning.note(workspace, 10, "2026-03-01T10:00:00.000Z", "better", number, better=True)
        window.learning._learned({"cancelled": False, "taken": False})
        assert window.notices.shown == "offer" and "Person ▲ +25.0 (40)" in window.notices.label.text()
        window.notices.buttons[1].click()  # not now
        assert window.notices.shown is None and learning.state(workspace).offer is None
    learning.note(workspace, 10, "2026-03-01T10:00:00.000Z", "better", 2, better=True)
    window.learning.show_offer()

    def look() -> None:
        dialog = window.learning.shown
        assert dialog is not None and dialog.learned.count() == 2 and "on offer" in dialog.learned.item(0).text()
        dialog.modes["take"].click()
        dialog.take.click()
        assert "in use" in dialog.learned.item(0).text() and not dialog.take.isEnabled()
        dialog.back.click()
        assert not dialog.back.isVisible()
        dialog.reject()

    QTimer.singleShot(100, look)
    window.notices.buttons[2].click()  # details
    folder = str(learning.folder_of(workspace, 2))
    assert suggested == [folder, "built-in"] and window.notices.shown is None
    assert learning.mode(workspace) == "take"
    qtbot.waitUntil(lambda: window.learning.allowed, timeout=PATIENCE_MS)


def test_a_project_with_a_strangers_pipeline_opens_without_it(
    window: MainWindow, path: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    stranger, ran = tmp_path / "främling", tmp_path / "det kördes"
    stranger.mkdir()
    (stranger / "config.cfg").write_text('[nlp]\nlang = "sv"\npipeline = []\n')
    (stranger / "meta.json").write_text('{"lang": "sv", "name": "framling", "version": "1.0"}')
    (stranger / "__init__.py").write_text(f"open({str(ran)!r}, 'w').close()")
    with Workspace.open(path) as workspace:
        choose_pipeline(workspace, str(stranger))
    assert window.projects.open_path(path)
    qtbot.waitUntil(lambda: window.notices.shown == "trust", timeout=PATIENCE_MS)
    window.suggesting.suggest()  # refused in the job too
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    asked: list[bool] = []

    def refuse() -> None:
        dialog = cast(QDialog, QApplication.activeModalWidget())
        asked.append(isinstance(dialog, TrustDialog))
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    QTimer.singleShot(300, refuse)
    window.notices.buttons[0].click()
    assert asked == [True] and window.notices.shown == "trust"
    window.learning._look()
    assert not window.jobs.busy and not ran.exists()
    window.notices.buttons[1].click()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    assert window.notices.shown is None and chosen_pipeline(window.bridge.workspace) == "built-in"
