"""Controls, the usage report and work packages: what the dialogs show, ask for and give back."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QTableWidget
from pytestqt.qtbot import QtBot

from app import commands
from app.messages import set_language
from app.services import usage_views
from app.services.packages import team_progress
from app.services.usage import usage
from models.effort import Effort
from models.errors import EnvironmentFault
from ui.bridge import Bridge
from ui.dialogs import files
from ui.dialogs import packages as packages_module
from ui.dialogs import usage as usage_module
from ui.dialogs.controls import ControlsDialog
from ui.dialogs.packages import PackagesDialog
from ui.dialogs.team_table import TableCell, TeamTable
from ui.dialogs.usage import UsageDialog


def cells(table: QTableWidget) -> list[list[str]]:
    columns = range(table.columnCount())
    return [[table.item(row, column).text() for column in columns] for row in range(table.rowCount())]


# Controls ---------------------------------------------------------------------------------------------------


def test_a_share_is_asked_for_and_explained(bridge: Bridge, qtbot: QtBot) -> None:
    dialog = ControlsDialog(bridge)
    qtbot.addWidget(dialog)
    assert dialog.share.value() == 0
    assert "0 of 4" in dialog.words.text()
    dialog.slider.setValue(100)
    assert dialog.share.value() == 100
    assert dialog.planned == 3
    assert "3 of 4" in dialog.words.text()
    assert "1 is wanting" in dialog.words.text()  # the first document was begun
    assert dialog.request() == commands.SetControls(share=1.0)
    bridge.run(dialog.request())
    again = ControlsDialog(bridge)
    qtbot.addWidget(again)
    assert again.share.value() == 100
    again.share.setValue(25)
    assert again.planned == 1
    assert "2 will be controls no longer" in again.words.text()


def test_a_share_that_changes_nothing_cannot_be_set(bridge: Bridge, qtbot: QtBot) -> None:
    dialog = ControlsDialog(bridge)
    qtbot.addWidget(dialog)
    assert not dialog._accept.isEnabled()
    dialog.share.setValue(50)
    assert dialog.planned and dialog._accept.isEnabled()
    dialog.share.setValue(0)
    dialog._later.now()
    assert not dialog._accept.isEnabled()


# Usage ------------------------------------------------------------------------------------------------------


@pytest.fixture
def used(bridge: Bridge) -> UsageDialog:
    document = bridge.workspace.reads.document_by_name("1.txt")
    assert document is not None
    mark = next(one for one in bridge.workspace.marks.marks(document) if one.label == "PERSON")
    bridge.workspace.run(commands.Accept(document=document, key=mark.key), Effort(2, 3000))
    return counted(UsageDialog(bridge))


def counted(dialog: UsageDialog) -> UsageDialog:
    """Wait until the report is there."""
    if dialog._counting is not None:
        dialog._counting.wait()
        dialog._try()
    return dialog


def test_a_report_that_takes_long_is_waited_for_and_may_be_left(
    bridge: Bridge, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usage_module, "AT_ONCE", 0)
    go_on = Event()

    def slowly(*given: Any) -> Any:
        go_on.wait(20)
        return usage(*given)

    monkeypatch.setattr(usage_views, "usage", slowly)
    dialog, left = UsageDialog(bridge), UsageDialog(bridge)
    qtbot.addWidget(dialog)
    qtbot.addWidget(left)
    assert dialog.said.text() == "Counting…"
    assert not any(button.isEnabled() for button in dialog._savers)
    dialog.save(".csv")
    go_on.set()
    left.reject()
    qtbot.waitUntil(lambda: dialog.report is not None)
    assert cells(dialog.table)[0][0] == "All labels"
    assert all(button.isEnabled() for button in dialog._savers)


def test_a_report_that_cannot_be_counted_says_why(
    bridge: Bridge, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise EnvironmentFault("project.damaged", path="p.kurator")

    monkeypatch.setattr(usage_views, "usage", broken)
    dialog = counted(UsageDialog(bridge))
    qtbot.addWidget(dialog)
    assert "p.kurator" in dialog.trouble.text()
    assert not dialog.said.text()


def test_the_report_is_shown_for_all_and_for_one(used: UsageDialog, bridge: Bridge, qtbot: QtBot) -> None:
    qtbot.addWidget(used)
    first, *labels = cells(used.table)
    assert first[0] == "All labels"
    assert first[2:6] == ["5", "0", "0", "0"]
    person = next(row for row in labels if row[0] == "Person")
    assert first[1] == "No controls" and person[1] == ""
    assert person[2] == "2"
    assert person[8] == "3.0"
    assert "The project has no controls" in used.said.text()
    bridge.workspace.file.connection.execute("INSERT INTO annotators(id, kind, name) VALUES ('x', 'human', 'Bo')")
    other = counted(UsageDialog(bridge))
    qtbot.addWidget(other)
    other.who.setCurrentIndex(other.who.findText("Bo"))
    counted(other)
    assert cells(other.table)[0][2] == "0"
    other.who.setCurrentIndex(0)
    counted(other)
    assert cells(other.table)[0][2] == "5"


def test_without_controls_it_says_so_and_how_to_set_them(used: UsageDialog, qtbot: QtBot) -> None:
    qtbot.addWidget(used)
    used.who.currentIndexChanged.emit(0)
    counted(used)
    assert "The project has no controls" in used.said.text() and "Team → Controls" in used.said.text()
    rows = cells(used.table)
    assert rows[0][1] == "No controls" and not any(row[1] for row in rows[1:])
    heads = [used.table.horizontalHeaderItem(column).text() for column in range(used.table.columnCount())]
    assert len(heads) == 10 and not [one for one in heads if "without" in one.casefold()]


@pytest.mark.parametrize("suffix", [".html", ".csv", ".json"])
def test_the_report_is_saved(
    used: UsageDialog, suffix: str, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.addWidget(used)
    target = tmp_path / f"rapport å😀{suffix}"
    monkeypatch.setattr(files, "save_file", lambda *_: target)
    set_language("sv")
    used.save(suffix)
    content = target.read_text("utf-8")
    if suffix == ".json":
        assert json.loads(content)["all"]["accepted"] == 5
    else:
        assert ("Alla etiketter" in content) == (suffix == ".html")
        assert ("*,5,0,0,0," in content) == (suffix == ".csv")
    monkeypatch.setattr(files, "save_file", lambda *_: None)
    used.save(suffix)
    monkeypatch.setattr(files, "save_file", lambda *_: tmp_path / "finns" / "inte.csv")
    used.save(suffix)
    assert not used.trouble.isHidden()


# Packages ---------------------------------------------------------------------------------------------------


@pytest.fixture
def packages(bridge: Bridge, qtbot: QtBot) -> PackagesDialog:
    dialog = PackagesDialog(bridge, None)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def plan_for(dialog: PackagesDialog, *names: str, overlap: int = 0) -> None:
    dialog.planning.names.setPlainText("\n".join(names))
    dialog.planning.overlap.setValue(overlap)
    dialog.planning.work_out()


def test_a_plan_is_shown_carried_out_and_followed(packages: PackagesDialog, bridge: Bridge) -> None:
    assert packages.tabs.currentIndex() == 0
    assert packages.planning.people == ["Elin"]
    plan_for(packages, "Anna Å", "Bo 😀", overlap=50)
    assert [row[:3] for row in cells(packages.planning.table)] == [["Anna Å", "3", "2"], ["Bo 😀", "3", "2"]]
    assert "New to the project: Anna Å, Bo 😀." in packages.planning.said.text()
    assert packages.assign.isEnabled()
    packages.carry_out()
    assert packages.tabs.currentIndex() == 1
    assert team_progress(bridge.workspace.reads).overlap == 2
    assert [row[:3] for row in cells(packages.progress.table)] == [["Anna Å", "3", "0 (0%)"], ["Bo 😀", "3", "0 (0%)"]]
    assert "0 of 2 shared documents" in packages.progress.said.text()
    packages.tabs.setCurrentIndex(0)
    assert not packages.assign.isEnabled()
    assert "all are assigned already" in packages.trouble.text()


@pytest.mark.parametrize(("names", "said"), [((), "No annotator"), (("Bo", "bo"), "given twice")])
def test_what_cannot_be_planned_is_said(packages: PackagesDialog, names: tuple[str, ...], said: str) -> None:
    plan_for(packages, *names)
    assert not packages.assign.isEnabled()
    assert said in packages.trouble.text()
    packages.carry_out()
    assert packages.tabs.currentIndex() == 0


def test_known_annotators_are_offered_for_the_list_of_names(packages: PackagesDialog, bridge: Bridge) -> None:
    with bridge.workspace.writer.unrecorded() as work:
        work.raw.execute("INSERT INTO annotators(id, kind, name) VALUES ('b', 'human', 'Bo & Co')")
    plan = packages.planning
    plan.names.setPlainText("Ny Person")
    offered = {one.text(): one for one in plan.known.menu().actions()}
    assert "Bo && Co" in offered
    offered["Bo && Co"].trigger()
    assert plan.people == ["Ny Person", "Bo & Co"]
    assert "Bo && Co" not in [one.text() for one in plan.known.menu().actions()]


def test_how_many_share_a_document(packages: PackagesDialog) -> None:
    plan_for(packages, "A", "B")
    assert not packages.planning.each.isEnabled()
    plan_for(packages, "A", "B", "C", "D", overlap=50)
    assert packages.planning.each.text() == "all"
    assert packages.planning.each.maximum() == 3
    packages.planning.each.setValue(2)
    packages.planning.work_out()
    assert sum(int(row[2]) for row in cells(packages.planning.table)) == 4


def test_only_what_the_list_shows(bridge: Bridge, qtbot: QtBot) -> None:
    assert bridge.document is not None
    dialog = PackagesDialog(bridge, [bridge.document])
    qtbot.addWidget(dialog)
    assert [row[1] for row in cells(dialog.planning.table)] == ["4"]
    dialog.planning.which.setCurrentIndex(1)
    dialog.planning.work_out()
    assert [row[1] for row in cells(dialog.planning.table)] == ["1"]


def test_sharing_out_again_is_asked_about(
    packages: PackagesDialog, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_for(packages, "Anna")
    packages.carry_out()
    packages.planning.again.setChecked(True)
    plan_for(packages, "Bo")
    asked: list[bool] = []

    def answer(*_: Any, **__: Any) -> bool:
        asked.append(True)
        return len(asked) > 1

    monkeypatch.setattr(packages_module, "confirm", answer)
    packages.carry_out()
    assert [one.name for one in team_progress(bridge.workspace.reads).people] == ["Anna"]
    packages.carry_out()
    assert [one.name for one in team_progress(bridge.workspace.reads).people] == ["Bo"]


def test_files_are_asked_for(
    packages: PackagesDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_for(packages, "Anna", "Bo")
    packages.carry_out()
    monkeypatch.setattr(files, "choose_folder", lambda *_: tmp_path)
    with qtbot.waitSignal(packages.write_wanted) as wanted:
        packages.ask_folder()
    assert wanted.args == [tmp_path, []]
    packages.progress.table.selectRow(1)
    with qtbot.waitSignal(packages.write_wanted) as wanted:
        packages.ask_folder()
    bo = next(one.id for one in packages.progress.people if one.name == "Bo")
    assert wanted.args == [tmp_path, [bo]]


# The table --------------------------------------------------------------------------------------------------


def test_numbers_sort_as_numbers_and_rows_are_copied(qtbot: QtBot) -> None:
    table = TeamTable("prov")
    qtbot.addWidget(table)
    table.fill(["Namn", "Tal"], [[TableCell(name), TableCell(words, number)] for name, words, number in (
        ("Åsa", "9", 9), ("Bo", "–", None), ("Cia", "10", 10))])  # fmt: skip
    table.sortItems(1, Qt.SortOrder.DescendingOrder)
    assert [row[1] for row in cells(table)] == ["10", "9", "–"]
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Cia\t10"
