"""Merging in the window: the plan, the merge as a job, conflicts settled by keys, and files that are turned down."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import commands as c
from app.formats.exchange_export import export_exchange
from app.services import bases
from app.services.merging import merge_into
from app.workspace import Workspace
from models.spans import Span
from models.store import writes
from tests.ui.window.conftest import Hands, make_project
from ui.dialogs.merge import AGAIN, MergeDialog
from ui.dialogs.merge_package import PackageDialog
from ui.dialogs.merge_problems import ProblemsDialog

PATIENCE_MS = 60_000
OTHER = "01970000-0000-7000-8000-00000000000b"


def colleague(folder: Path, name: str = "") -> tuple[Path, Path]:
    """Return a project, and the file of somebody who worked on a copy: as the same person, or as another one."""
    path, other = folder / "vård.kurator", folder / "kopia.kurator"
    with make_project(path) as workspace:
        document = workspace.reads.document_by_name("0.txt") or ""
        for words in ((0, 6), (7, 12)):
            place = (Span(*words),)
            workspace.run(c.CreateAnnotation(document=document, kind="entity", label="PLACE", spans=place))
        start = folder / "start.json"
        export_exchange(workspace.reads, start)
        bases.remember(workspace, start, "exported")
    shutil.copy(path, other)
    with Workspace.open(path) as workspace:
        for one in workspace.reads.annotations(document):
            workspace.run(c.Relabel(document=document, key=one.id, label="EVENT"))
    with Workspace.open(other) as workspace:
        if name:
            with workspace.writer.unrecorded() as work:
                work.raw.execute("INSERT INTO annotators(id, kind, name) VALUES (?, 'human', ?)", (OTHER, name))
                writes.set_meta(work, "annotator", OTHER)
            place = (Span(20, 25),)
            workspace.run(c.CreateAnnotation(document=document, kind="entity", label="PLACE", spans=place))
        else:
            for one in workspace.reads.annotations(document):
                workspace.run(c.Relabel(document=document, key=one.id, label="PERSON"))
        mailed = folder / "kopia.json"
        export_exchange(workspace.reads, mailed)
    return path, mailed


def asked(qtbot: QtBot, kind: type[Any]) -> Any:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind), timeout=PATIENCE_MS)
    return QApplication.activeModalWidget()


def test_a_colleagues_file_is_planned_merged_and_settled_by_keys(
    empty_window: Hands, tmp_path: Path, qtbot: QtBot
) -> None:
    path, mailed = colleague(tmp_path)
    window, bridge = empty_window.window, empty_window.window.bridge
    bridge.set_workspace(Workspace.open(path))
    window.transfer.import_paths([mailed])
    dialog: MergeDialog = asked(qtbot, MergeDialog)
    assert dialog.base.currentText().startswith("start.json")
    told = [row[2] for row in dialog.remarks.model.rows if "label" in row[2]]
    assert told == ["⚠ conflict: label: here Event, in the file Person"] * 2  # once each, with both values
    dialog.accept()
    qtbot.waitUntil(lambda: window.side.current == "conflicts", timeout=PATIENCE_MS)
    assert not bridge.held and empty_window.steps()[-1] == "merge"
    pane = window.settling.pane
    qtbot.waitUntil(lambda: len(pane.model.lines) == 2)
    assert window.status.conflicts.isVisible() and "2" in window.status.conflicts.text()
    assert pane.list.hasFocus()
    view = pane.view
    assert view is not None and bridge.document == view.line.document
    assert len(empty_window.reader.accents.voices) == 2
    first = view.readings[0].label
    empty_window.press("1")
    annotation = bridge.workspace.reads.annotation(str(view.key))
    assert annotation.label == first
    qtbot.waitUntil(lambda: len(pane.model.lines) == 1)
    empty_window.press("B")
    qtbot.waitUntil(lambda: not pane.model.lines)
    assert empty_window.steps()[-2:] == ["resolve", "resolve"]
    assert not window.status.conflicts.isVisible()
    empty_window.press("Ctrl+Z")
    qtbot.waitUntil(lambda: len(pane.model.lines) == 1)


@pytest.fixture
def quarrel(empty_window: Hands, tmp_path: Path) -> Hands:
    """A window at the two conflicts that merging a colleague's file left, in the pane."""
    path, mailed = colleague(tmp_path)
    with Workspace.open(path) as workspace:
        merge_into(workspace, mailed)
    empty_window.window.bridge.set_workspace(Workspace.open(path))
    empty_window.window.settling.begin()
    return empty_window


def test_settling_says_what_was_chosen_and_undoing_it_leads_back_to_it(quarrel: Hands, qtbot: QtBot) -> None:
    pane, bridge = quarrel.window.settling.pane, quarrel.window.bridge
    qtbot.waitUntil(lambda: len(pane.model.lines) == 2)
    first = pane.view
    assert first is not None and {one.side for one in first.readings} == {"was here", "from kopia.json"}
    said = quarrel.window.settling.pane.card.readings[0].when.text()
    assert said.startswith(first.readings[0].side + " · ")
    quarrel.press("2")
    chosen = f"reading 2, {first.readings[1].value}"
    assert quarrel.said[-1] == (f"{first.line.quote}: {chosen}. 1 conflict to settle.", "done")
    qtbot.waitUntil(lambda: pane.view is not None and pane.view.line.id != first.line.id)
    quarrel.press("Ctrl+Z")
    qtbot.waitUntil(lambda: pane.view is not None and pane.view.line.id == first.line.id)
    assert bridge.document == first.line.document and len(pane.model.lines) == 2
    shown = {spans for voice in quarrel.reader.accents.voices for spans in voice.spans}
    assert shown == {span for one in first.readings for span in one.spans}


def test_settled_conflicts_can_be_looked_at_and_settled_anew(quarrel: Hands, qtbot: QtBot) -> None:
    pane = quarrel.window.settling.pane
    qtbot.waitUntil(lambda: len(pane.model.lines) == 2)
    assert not pane.filter.isVisible()  # nothing to choose between yet
    quarrel.press("1", "1")
    qtbot.waitUntil(lambda: not pane.model.lines)
    assert pane.filter.isVisible() and "2 settled" in pane.count.text()
    quarrel.window.settling.begin()
    qtbot.waitUntil(lambda: len(pane.model.lines) == 2)
    assert pane.filter.value == "settled" and pane.view is not None
    assert "reading 1" in pane.card.settled.text() and pane.card.settled.isVisible()
    key = str(pane.view.key)
    wanted = pane.view.readings[1].label
    quarrel.press("1")
    assert "already" in quarrel.said[-1][0]
    quarrel.press("2")
    assert quarrel.workspace.reads.annotation(key).label == wanted
    qtbot.waitUntil(lambda: pane.view is not None and "reading 2" in str(pane.view.settled))


def test_the_same_name_is_asked_about_and_made_one(empty_window: Hands, tmp_path: Path, qtbot: QtBot) -> None:
    path, mailed = colleague(tmp_path, "maja")
    window, bridge = empty_window.window, empty_window.window.bridge
    bridge.set_workspace(Workspace.open(path))
    me = bridge.workspace.reads.me
    window.transfer.import_paths([mailed])
    dialog: MergeDialog = asked(qtbot, MergeDialog)
    dialog.same[OTHER].setChecked(True)
    dialog.accept()
    qtbot.waitUntil(lambda: "same-person" in empty_window.steps(), timeout=PATIENCE_MS)
    assert [one.id for one in bridge.workspace.reads.annotators()] == [me]
    empty_window.press("Ctrl+Z", "Ctrl+Z")
    assert "merge" not in empty_window.steps()


def test_another_origin_is_planned_again(empty_window: Hands, tmp_path: Path, qtbot: QtBot) -> None:
    path, mailed = colleague(tmp_path)
    window, bridge = empty_window.window, empty_window.window.bridge
    bridge.set_workspace(Workspace.open(path))
    window.transfer.import_paths([mailed])
    dialog: MergeDialog = asked(qtbot, MergeDialog)
    results: list[int] = []
    dialog.finished.connect(results.append)
    number = next(n for n in range(dialog.base.count()) if dialog.base.itemData(n) == ["--base=none"])
    dialog.base.activated.emit(number)
    assert results == [AGAIN] and dialog.base_arguments() == ["--base=none"]
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() not in (None, dialog), timeout=PATIENCE_MS)
    again: MergeDialog = asked(qtbot, MergeDialog)
    assert again.base.currentText().startswith("none")
    again.reject()
    assert empty_window.steps()[-1] == "relabel"


def test_nothing_to_merge_is_said(empty_window: Hands, tmp_path: Path, qtbot: QtBot) -> None:
    path, _ = colleague(tmp_path)
    window, bridge = empty_window.window, empty_window.window.bridge
    bridge.set_workspace(Workspace.open(path))
    window.transfer.import_paths([tmp_path / "start.json"])
    qtbot.waitUntil(lambda: bool(empty_window.said) and empty_window.said[-1][1] == "done", timeout=PATIENCE_MS)
    assert not window.jobs.busy and QApplication.activeModalWidget() is None


def test_a_broken_file_is_turned_down_with_the_list(empty_window: Hands, tmp_path: Path, qtbot: QtBot) -> None:
    path, mailed = colleague(tmp_path)
    mailed.write_bytes(mailed.read_bytes().replace(b'"label":"PERSON"', b'"label":"OKAND"'))
    window, bridge = empty_window.window, empty_window.window.bridge
    bridge.set_workspace(Workspace.open(path))
    window.transfer.import_paths([mailed])
    dialog: ProblemsDialog = asked(qtbot, ProblemsDialog)
    assert dialog.list.count() > 1 and "OKAND" in dialog.list.item(0).text()
    dialog.copy()
    assert "OKAND" in QApplication.clipboard().text()
    dialog.reject()
    assert empty_window.steps()[-1] == "relabel"


def test_while_a_merge_is_stored_nothing_else_is_done(hands: Hands) -> None:
    bridge = hands.window.bridge
    bridge.held = True
    assert bridge.run(c.SetDone(document=hands.document)) is None and bridge.undo() is None
    assert hands.said[-1][1] == "warning" and hands.steps() == []
    bridge.held = False
    assert bridge.run(c.SetDone(document=hands.document)) is not None


@pytest.mark.parametrize("becomes", [True, False])
def test_a_work_package_asks_whose_it_is(qtbot: QtBot, becomes: bool) -> None:
    dialog = PackageDialog("Omgång 1", "Bo Ek")
    qtbot.addWidget(dialog)
    (dialog.become if becomes else dialog.stay).click()
    assert dialog.becomes() == becomes
    assert "Bo Ek" in dialog.become.text()


def test_without_conflicts_the_pane_stays_away(hands: Hands) -> None:
    hands.press("Ctrl+8")
    assert hands.said[-1] == ("No conflicts.", "info") and hands.window.side.current != "conflicts"
