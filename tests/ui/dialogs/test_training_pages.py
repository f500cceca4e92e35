"""The pages of the training window, the windows beside it, and the chart: what they show and what they ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot
from trained_corpus import make_project

from app.services import training_runs
from app.services.learning_views import LabelView, LearnedView
from app.services.training_views import Stranger
from app.services.trust import is_trusted
from app.settings import Settings
from app.workspace import Workspace
from ui.bridge import Bridge
from ui.controllers.learning import offer_words
from ui.dialogs import training_grids as grids
from ui.dialogs import trust as trust_dialog
from ui.dialogs.evaluate import EvaluateWindow
from ui.dialogs.training import TrainingWindow
from ui.dialogs.training_progress import time_left
from ui.dialogs.training_setup import SetupPage
from ui.dialogs.trust import TrustDialog
from ui.widgets.line_chart import Axis, Line, LineChart, ticks
from ui.widgets.notice_bar import Notice, NoticeBar

PATIENCE_MS = 20_000


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sidor") / "övning.kurator"
    make_project(made, 20).close()
    return made


@pytest.fixture
def project(path: Path, qtbot: QtBot) -> Iterator[Bridge]:
    bridge = Bridge(Settings())
    with Workspace.open(path) as workspace:
        bridge.set_workspace(workspace)
        yield bridge


def values(f1: float, there: int = 10) -> dict[str, Any]:
    return {"right": 1, "proposed": 2, "there": there, "precision": f1, "recall": f1, "f1": f1, "interval": [f1, f1]}


def scores(person: float, role: float) -> dict[str, Any]:
    labels = {"PERSON": values(person), "ROLE": values(role)}
    return {
        "documents": 4,
        "layers": {"entity": {"all": values((person + role) / 2, 20), "labels": labels}},
        "confusion": [["PERSON", "PERSON", 8], ["PERSON", "ROLE", 2], ["", "ROLE", 1]],
        "facets": {},
        "calibration": {"PERSON": 0.25},
    }


REPORT = {
    "parts": ["entities"], "documents": {"train": 12, "dev": 4, "test": 4}, "held_out_shared": True,
    "scores": scores(0.9, 0.5), "mapping": {}, "name": "prov",
    "curve": {"verdict": "Fler hjälper.", "points": [
        {"share": 0.5, "documents": 6, "labels": 40, "f1": 0.5, "interval": [0.4, 0.6]},
        {"share": 1.0, "documents": 12, "labels": 80, "f1": 0.7, "interval": None},
    ]},
}  # fmt: skip


def shown_cells(grid: Any) -> dict[tuple[str, str], str]:
    found = {}
    for (row, column), cell in grid.cells.items():
        found[grid.rows[row].title.strip(), grid.columns[column][0]] = cell.text
    return found


# What it learns from ----------------------------------------------------------------------------------------


def test_counts_follow_the_choices_and_the_request_says_them_all(project: Bridge, qtbot: QtBot) -> None:
    page = SetupPage(project)
    qtbot.addWidget(page)
    qtbot.waitUntil(lambda: page.survey is not None, timeout=PATIENCE_MS)
    assert "20 documents" in page.sums.text() and page.start.isEnabled()
    assert shown_cells(page.counts.figures.grid)["Person", "Train"] == "24"
    page.labels.labels.choose({"PERSON", "ORGANISATION"})
    assert not page.start.isEnabled()  # until it is counted
    qtbot.waitUntil(lambda: page.survey is not None, timeout=PATIENCE_MS)
    assert [part for part, box in page.parts.items() if box.isChecked()] == ["entities"]
    page.parts["relations"].click()
    assert not page.start.isEnabled() and "too few relations" in page.trouble.text()
    page.parts["relations"].click()
    page.choose_base("blank")
    page.curve.setChecked(True)
    page.minutes.setValue(5)
    page.name.setText("å")
    assert not page.start.isEnabled()
    page.name.setText("prov")
    with qtbot.waitSignal(page.start_wanted) as asked:
        page.start.click()
    (request,) = asked.args
    assert request.arguments() == [
        "--base=blank", "--name=prov", "--seed=1", "--epochs=30", "--part=entities", "--minutes=5", "--curve",
        "--label=PERSON", "--label=ORGANISATION",
    ]  # fmt: skip
    page.searcher.wait()


def test_a_day_that_is_none_and_readings_that_do_not_exist_are_told(project: Bridge, qtbot: QtBot) -> None:
    page = SetupPage(project)
    qtbot.addWidget(page)
    page.labels.since.setText("i våras")
    qtbot.waitUntil(lambda: "i våras" in page.trouble.text(), timeout=PATIENCE_MS)
    assert not page.start.isEnabled()
    page.labels.since.clear()
    page.labels.reading.setCurrentIndex(page.labels.reading.findData("adjudicated"))
    qtbot.waitUntil(lambda: page.survey is not None, timeout=PATIENCE_MS)
    assert "nothing to learn from" in page.trouble.text() and not page.start.isEnabled()
    assert page.request().labels.arguments() == ["--adjudicated"]
    page.searcher.wait()


# How it goes, and what came of it ---------------------------------------------------------------------------


def window(project: Bridge, qtbot: QtBot) -> TrainingWindow:
    made = TrainingWindow(project)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_training_is_watched_stopped_and_gone_on_with_after_a_restart(project: Bridge, qtbot: QtBot) -> None:
    run = training_runs.begin(project.workspace, ["--base=blank"])
    made = window(project, qtbot)
    made.begin(run)
    page = made.progress
    assert page.stop.isVisible() and not page.resume.isVisible() and not made.setup.start.isEnabled()
    for number in range(1, 4):
        event = {"part": "entities", "epoch": number, "epochs": 30, "loss": 9.0 / number, "f1": 0.2 * number,
                 "best": number == 2, "labels": {"PERSON": 0.1 * number}, "line": f"epok {number}"}  # fmt: skip
        page.take(event)
    qtbot.waitUntil(lambda: page.said.text() == "epok 3")
    assert "entities" in page.title.text() and (page.bar.value(), page.bar.maximum()) == (3, 30)
    assert "F1" in page.score.accessibleName() and "0.60" in page.score.reading and "3.00" in page.loss.reading
    assert shown_cells(page.labels.figures.grid)["Person", "F1"] == "0.30"
    with qtbot.waitSignal(made.stop_wanted):
        page.stop.click()
    assert not page.stop.isEnabled()
    (run.folder / ".training").mkdir(parents=True)
    (run.folder / ".training" / "recipe.json").write_text("{}")
    made.close()

    again = window(project, qtbot)  # as after a restart
    again.fill(training_runs.runs(project.workspace)[0])
    assert again.progress.resume.isVisible() and not again.progress.stop.isVisible()
    assert "stopped" in again.choice.currentText()
    with qtbot.waitSignal(again.resume_wanted) as wanted:
        again.progress.resume.click()
    assert wanted.args[0].command()[-1] == "--resume"
    again.close()


def test_a_result_shows_scores_changes_confusion_curve_and_card(project: Bridge, qtbot: QtBot) -> None:
    made = window(project, qtbot)
    page = made.result
    made.tabs.setTabEnabled(2, True)
    made.tabs.setCurrentIndex(2)
    page.show_report(REPORT, {"scores": scores(0.7, 0.5)}, "# Kortet")
    assert page.title.text() == "Entities F1 0.70 (▲ +10.0)"
    cells = shown_cells(page.grid.figures.grid)
    assert cells["Person", "Change"] == "▲ +20.0" and cells["Role", "Change"] == "= 0.0"
    assert cells["Person", "F1"] == "0.90" and cells["Person", "Calibration error"] == "0.25"
    page.views.setCurrentIndex(1)
    assert shown_cells(page.grid.figures.grid)["Person", "Role"] == "2" and page.grid.heat
    page.views.setCurrentIndex(2)
    assert page.said.text() == "Fler hjälper." and "0.70" in page.curve.reading
    page.views.setCurrentIndex(3)
    assert "Kortet" in page.card.toPlainText()
    with qtbot.waitSignal(page.wanted) as asked:
        page.buttons["wheel"].click()
    assert asked.args == ["wheel"]
    page.show_report({**REPORT, "curve": None}, None, "")
    assert not page.views.isTabVisible(2) and "(" not in page.title.text()
    made.close()


def test_enter_begins_a_training_only_where_one_is_set_up(project: Bridge, qtbot: QtBot) -> None:
    made = window(project, qtbot)
    assert made.setup.start.isDefault()
    made.tabs.setTabEnabled(1, True)
    made.tabs.setCurrentIndex(1)
    assert not made.setup.start.isDefault()
    made.close()


# Measuring --------------------------------------------------------------------------------------------------


def test_pipelines_are_compared_with_the_first_one(project: Bridge, qtbot: QtBot, tmp_path: Path) -> None:
    made = EvaluateWindow(project, ["built-in", str(tmp_path)])
    qtbot.addWidget(made)
    made.show()
    made.split.setCurrentIndex(made.split.findData("held-out"))
    assert made.request().pipelines == ("built-in", str(tmp_path))
    assert made.request().arguments("built-in") == ["--pipeline=built-in", "--split=held-out"]
    made.add("built-in", {"scores": scores(0.5, 0.5)})
    assert not made.views.isTabVisible(1)
    made.add(str(tmp_path), {"scores": scores(0.6, 0.4)})
    made.views.setCurrentIndex(1)
    cells = shown_cells(made.grid.figures.grid)
    assert (cells["Person", "Built-in"], cells["Person", "Change"], cells["Role", "Change"]) == (
        "0.50", "▲ +10.0", "▼ −10.0",
    )  # fmt: skip
    made.views.setCurrentIndex(3)
    assert shown_cells(made.grid.figures.grid)["Person", "Built-in"] == "0.25"
    made.close()


# Trust, offers, charts --------------------------------------------------------------------------------------


def who(pipeline: str) -> Stranger:
    code = ("extra.py",)
    return Stranger(pipeline, "sv_främling 1.0", "Bo", "", "MIT", "", pipeline, "sha256:" + "ab" * 32, code)


def test_enter_and_escape_allow_nothing(qtbot: QtBot) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        dialog = TrustDialog(who("/x/främling"))
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitExposed(dialog)
        with qtbot.waitSignal(dialog.rejected):
            qtbot.keyClick(dialog, key)
    dialog = TrustDialog(who("/x/främling"))
    qtbot.addWidget(dialog)
    said = " ".join(label.text() for label in dialog.findChildren(trust_dialog.QLabel)).replace("\u200b", "")
    assert all(one in said for one in ("sv_främling 1.0", "Bo", "MIT", "/x/främling", "abababab", "extra.py", "rights"))
    with qtbot.waitSignal(dialog.accepted):
        dialog.allow.click()


def test_a_pipeline_is_asked_about_once(
    project: Bridge, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.cfg").write_text("[nlp]\n")
    (tmp_path / "meta.json").write_text("{}")
    answers = [QDialog.DialogCode.Rejected, QDialog.DialogCode.Accepted]
    monkeypatch.setattr(TrustDialog, "exec", lambda self: answers.pop(0))
    assert not trust_dialog.may_load(project, str(tmp_path), None) and not is_trusted(tmp_path)
    assert trust_dialog.may_load(project, str(tmp_path), None) and is_trusted(tmp_path)
    assert trust_dialog.may_load(project, str(tmp_path), None) and not answers
    assert not trust_dialog.may_load(project, str(tmp_path / "finns inte"), None)


def test_an_offer_names_what_moved_most(project: Bridge) -> None:
    labels = (
        LabelView("PERSON", 40, 0.5, 0.75),
        LabelView("ROLE", 10, 0.8, 0.7),
        LabelView("PLACE", 9, None, None),
        LabelView("ORGANISATION", 9, 0.5, 0.5),
    )
    found = LearnedView(3, "2026-03-01T10:00:00.000Z", "built-in", "better", True, 50, 90,
                        LabelView("", 50, 0.55, 0.74), labels)  # fmt: skip
    words = offer_words(project, found)
    assert "0.55 → 0.74" in words and "50" in words
    assert words.index("Person ▲ +25.0 (40)") < words.index("Role ▼ −10.0 (10)")
    assert "Organisation" not in words and "Place" not in words
    grid = grids.learned_grid(found, project.workspace.reads.label_set())
    assert shown_cells(grid)["Person", "Change"] == "▲ +25.0" and ("Place", "Change") in shown_cells(grid)


def test_the_most_urgent_notice_stands(qtbot: QtBot) -> None:
    bar = NoticeBar(("strange", "offer"))
    qtbot.addWidget(bar)
    done: list[str] = []
    bar.put("offer", Notice("Bättre", [("Ta", lambda: done.append("take"))]))
    bar.put("strange", Notice("Främling", [("Tillåt", lambda: done.append("allow"))]))
    assert (bar.shown, bar.label.text()) == ("strange", "Främling")
    bar.buttons[0].click()
    bar.put("strange", None)
    assert (bar.shown, bar.label.text()) == ("offer", "Bättre")
    bar.buttons[0].click()
    bar.clear()
    assert bar.isHidden() and done == ["allow", "take"]


def test_a_chart_is_read_by_keys_and_by_the_pointer(qtbot: QtBot) -> None:
    chart = LineChart("F1", Axis("Epoch", lambda x: f"{x:.0f}", whole=True), Axis("F1", lambda y: f"{y:.2f}", 0, 1))
    qtbot.addWidget(chart)
    chart.resize(400, 240)
    chart.show()
    assert chart.reading == ""
    chart.show_lines([Line("all", ((1, 0.2), (2, 0.4), (3, 0.6)), marked=2), Line("25 %", ((1, 0.1),), faint=True)])
    assert chart.reading == "Epoch 3  ·  all 0.60"
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    assert chart.reading == "Epoch 1  ·  all 0.20  ·  25 % 0.10" == chart.accessibleDescription()
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.reading.startswith("Epoch 3")
    QTest.mouseMove(chart, QPoint(chart.width() // 2, 100))
    qtbot.waitUntil(lambda: chart.reading.startswith("Epoch 2"))
    assert len({chart.grab().toImage().pixelColor(x, 120).name() for x in range(400)}) > 2
    chart.show_lines([])
    assert chart.reading == ""


def test_ticks_are_round_and_times_are_words() -> None:
    assert ticks(0, 1, 4) == [0.0, 0.5, 1.0] and ticks(1, 6, 12, 1.0) == [1, 2, 3, 4, 5, 6] and ticks(2, 2, 5) == [2]
    assert time_left(3) == "at most about 5 seconds left" and time_left(200) == "at most about 3 minutes left"
