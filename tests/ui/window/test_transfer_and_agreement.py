"""With real child processes: out in another tool's format and in again, and agreement from the menu to the text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app import commands
from app.services.checks import check_project
from app.workspace import Workspace
from models.store import writes
from tests.app.services.readings import Said, give, project
from tests.ui.window.conftest import TEXT, Hands, make_project, span
from ui.dialogs import files
from ui.dialogs.export import ExportDialog
from ui.dialogs.export_report import ExportReportDialog
from ui.dialogs.import_annotations import ImportAnnotationsDialog
from ui.dialogs.import_report import ImportReportDialog

PATIENCE_MS = 90_000


def answering(qtbot: QtBot, kind: type[QDialog], answer: Callable[[QDialog], bool]) -> QTimer:
    """Answer the modal dialog of a kind once it is there; ``answer`` says whether it has."""
    timer = QTimer()

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, kind) and answer(dialog):
            timer.stop()

    timer.timeout.connect(look)
    timer.start(30)
    return timer


def open_dialog(kind: type[QDialog]) -> QDialog | None:
    return next((one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()), None)


def test_out_to_another_tool_and_in_again(empty_window: Hands, tmp_path: Path, qtbot: QtBot) -> None:
    window, bridge = empty_window.window, empty_window.window.bridge
    workspace = make_project(tmp_path / "ut.kurator", 1)
    document = workspace.reads.document_by_name("0.txt") or ""
    for mark in workspace.marks.marks(document):
        if mark.kind != "relation":
            workspace.run(commands.Accept(document=document, key=mark.key))
    bridge.set_workspace(workspace)
    target = tmp_path / "ut.jsonl"

    def export(dialog: QDialog) -> bool:
        assert isinstance(dialog, ExportDialog)
        dialog.format.setCurrentIndex(dialog.format.findData("doccano"))
        dialog.place.setText(str(target))
        dialog.accept()
        return True

    waiting = answering(qtbot, ExportDialog, export)
    window.transfer.export()
    assert not waiting.isActive()
    qtbot.waitUntil(lambda: open_dialog(ExportReportDialog) is not None, timeout=PATIENCE_MS)
    report = open_dialog(ExportReportDialog)
    assert isinstance(report, ExportReportDialog) and report.lines()
    report.reject()
    line = json.loads(target.read_text("ascii"))
    line["entities"].append({"id": 900, "label": "Okänd", "start_offset": 0, "end_offset": 6})
    target.write_text(json.dumps(line) + "\n{trasig\n", "ascii")

    window.projects.close()
    bridge.settings = bridge.settings.__class__(suggest_at_import=False)
    bridge.set_workspace(Workspace.create(tmp_path / "in.kurator", "in", "Maja"))
    said = import_with_dialog(window.transfer.import_paths, target, qtbot)
    assert "Okänd" in said
    qtbot.waitUntil(lambda: open_dialog(ImportReportDialog) is not None, timeout=PATIENCE_MS)
    shown = open_dialog(ImportReportDialog)
    assert isinstance(shown, ImportReportDialog) and shown.remarks.model.rowCount() >= 1
    shown.reject()
    reads = bridge.workspace.reads
    made = reads.annotations(reads.document_by_name("0.txt") or "")
    labels = sorted(one.label for one in made)
    assert labels.count("PERSON") == 3 and "Okänd" in labels and reads.label_set().kinds["Okänd"] == "entity"
    assert {one.exact[0] for one in made if one.label == "ORGANISATION"} == {"Region A\u030adalen"}
    assert bridge.document is not None
    window.projects.close()
    assert check_project(tmp_path / "in.kurator") == []


def import_with_dialog(start: Callable[[list[Path]], None], path: Path, qtbot: QtBot) -> str:
    """Import a file, its unknown labels as new ones; return what the labels' table says."""
    said: list[str] = []

    def answer(dialog: QDialog) -> bool:
        assert isinstance(dialog, ImportAnnotationsDialog)
        if dialog.survey is None:
            return False
        table = dialog.labels
        for row, box in enumerate(table.boxes):
            item = table.item(row, 0)
            assert item is not None
            said.append(item.text())
            if box.currentData() is None:
                box.setCurrentIndex(1)
        assert dialog.refusals.count() == 1
        dialog.go_on.click()
        return True

    waiting = answering(qtbot, ImportAnnotationsDialog, answer)
    start([path])
    assert not waiting.isActive()
    return " ".join(said)


@pytest.fixture
def team(empty_window: Hands, tmp_path: Path) -> Hands:
    """A project of two documents that Maja and Nils are done with."""
    made = project(tmp_path / "lag.kurator", {"a.txt": TEXT, "b.txt": TEXT + " Igen."}, ["Maja", "Nils"])
    region, signe = (span("Region A\u030adalen"),), (span("Signe Ström"),)
    for name in ("a.txt", "b.txt"):
        document = made.reads.document_by_name(name) or ""
        give(made, document, "Maja", [Said("ORGANISATION", region), Said("PERSON", signe)])
        give(made, document, "Nils", [Said("PLACE", region), Said("PERSON", signe)])
        for one in ("Maja", "Nils"):
            with made.writer.unrecorded(one) as work:
                writes.set_status(work, document, "done")
    empty_window.window.bridge.set_workspace(made)
    empty_window.said.clear()
    return empty_window


class Opener:
    """Stands for the desktop, which would open a browser."""

    def __init__(self, opened: list[str]) -> None:
        self._opened = opened

    def openUrl(self, url: QUrl) -> bool:
        self._opened.append(url.toString())
        return True


def test_agreement_from_the_menu_to_the_text(
    team: Hands, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = team.window
    team.press("Ctrl+Shift+A")
    shown = window.agreement.shown
    assert shown is not None and shown.isVisible()
    shown.choices.go.click()
    assert window.jobs.running("agreement")
    qtbot.waitUntil(lambda: shown.shown is not None, timeout=PATIENCE_MS)
    assert shown.shown is not None and len(shown.shown.report.documents) == 2
    qtbot.waitUntil(lambda: len(shown.figure.model.rows) == 2, timeout=PATIENCE_MS)
    shown.figure.place_wanted.emit(shown.figure.model.rows[1])
    assert window.bridge.document == window.bridge.workspace.reads.document_by_name("b.txt")
    assert team.said[-1] == ("Maja: Organisation  ·  Nils: Place", "info")
    opened: list[str] = []
    monkeypatch.setattr("ui.controllers.agreement.QDesktopServices", Opener(opened))
    for kind in ("csv", "json", "html"):
        target = tmp_path / f"tal.{kind}"
        monkeypatch.setattr(files, "save_file", lambda *_, target=target: target)
        shown.export_wanted.emit(kind)
        assert target.stat().st_size > 500
    assert opened == [(tmp_path / "tal.html").as_uri()]
    team.press("Ctrl+Shift+A")
    assert window.agreement.shown is shown  # the same window again
    report = shown.report
    window.looks.toggle_language()
    again = window.agreement.shown
    assert again is not None and again.shown is not None and again.report is report
    assert again.views.tabText(0) == "Översikt"
    window.projects.close()
    assert window.agreement.shown is None


def test_a_disagreement_takes_the_keyboard_to_its_own_case_or_to_the_text(team: Hands, qtbot: QtBot) -> None:
    window = team.window
    team.press("Ctrl+7")
    pane = window.adjudicating.pane
    window.agreement.open()
    shown = window.agreement.shown
    assert shown is not None
    shown.choices.go.click()
    qtbot.waitUntil(lambda: len(shown.figure.model.rows) == 2, timeout=PATIENCE_MS)
    pane.step(1)  # the other case has the focus
    assert pane.case is not None and pane.case.members[0].label == "PERSON"
    for row in shown.figure.model.rows:  # in this document, and in the next one
        shown.figure.place_wanted.emit(row)
        assert pane.case is not None and set(pane.case.ids) == {one.annotation for one in row.voices}
        qtbot.waitUntil(pane.list.hasFocus, timeout=5000)
    pane.filter.annotators = ("Maja",)
    pane.filter.annotators_changed.emit()
    team.press("2")
    gone = row._replace(voices=tuple(one._replace(annotation="nowhere") for one in row.voices))
    shown.figure.place_wanted.emit(gone)
    qtbot.waitUntil(team.reader.hasFocus, timeout=5000)
    steps = team.steps()
    assert team.reader.focused is None
    team.press("Return")
    assert team.steps() == steps
    shown.reject()


def test_nothing_to_measure_is_said_in_the_window(team: Hands, qtbot: QtBot) -> None:
    window = team.window
    window.agreement.open()
    shown = window.agreement.shown
    assert shown is not None
    shown.choices.scope.setCurrentIndex(shown.choices.scope.findData("controls"))
    shown.choices.go.click()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    assert shown.trouble.text() and shown.shown is None and shown.choices.isEnabled()
    shown.reject()
    assert window.agreement.shown is None


def test_a_window_that_is_closed_stops_its_job(team: Hands, qtbot: QtBot) -> None:
    window = team.window
    window.agreement.open()
    shown = window.agreement.shown
    assert shown is not None
    shown.choices.go.click()
    shown.reject()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    assert window.agreement.shown is None


def test_what_the_job_itself_recognised_is_told_alike(hands: Hands) -> None:
    hands.window.transfer._imported({"format": "brat", "counts": {"entities": 2, "same": 1}})
    assert hands.said[-1] == ("Imported: 2 entities, 0 claims, 0 relations. 1 were here already.", "done")
    hands.window.transfer._imported({"format": "brat", "cancelled": True})
    assert hands.said[-1][1] == "info"
