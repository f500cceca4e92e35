"""Dialogs that tell rather than ask: start page, import report, palette, keys, help, about, defect."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QTextDocument
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.cli.foreign_import import _data
from app.formats.registry import format_named
from app.messages import set_language, tr
from app.services.foreign import ForeignReport
from app.settings import load_settings, remember_project
from ui.actions import ACTIONS
from ui.bridge import Bridge
from ui.dialogs.about import AboutDialog
from ui.dialogs.cheat_sheet import CheatSheet, columns
from ui.dialogs.defect import DefectDialog
from ui.dialogs.help_viewer import HelpViewer, pages, title_of
from ui.dialogs.import_report import ImportReportDialog
from ui.dialogs.palette import CommandPalette, Entry, matching
from ui.dialogs.start_page import StartPage

# Start page -------------------------------------------------------------------------------------------------


@pytest.fixture
def start(bridge: Bridge, qtbot: QtBot, tmp_path: Path) -> StartPage:
    remember_project(tmp_path / "borta.kurator")
    remember_project(bridge.workspace.path)
    made = StartPage(bridge)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_recent_projects_are_listed_and_missing_ones_stay_shut(
    start: StartPage, bridge: Bridge, qtbot: QtBot
) -> None:
    assert [start.recent.item(row).text() for row in range(start.recent.count())] == ["vårdrum", "borta"]
    with qtbot.waitSignal(start.path_wanted) as wanted:
        start.recent.setFocus()
        qtbot.keyClick(start.recent, Qt.Key.Key_Return)
    assert wanted.args == [bridge.workspace.path.resolve()]
    start.recent.setCurrentRow(1)
    with qtbot.assertNotEmitted(start.path_wanted):
        qtbot.keyClick(start.recent, Qt.Key.Key_Return)


def test_a_project_is_taken_out_of_the_list(start: StartPage, qtbot: QtBot) -> None:
    start.recent.setCurrentRow(1)
    qtbot.keyClick(start.recent, Qt.Key.Key_Delete)
    assert start.recent.count() == 1
    assert len(load_settings().recent) == 1


def test_the_three_ways_in(start: StartPage, qtbot: QtBot) -> None:
    for button, signal in (
        (start.new, start.new_wanted),
        (start.open, start.open_wanted),
        (start.sample, start.sample_wanted),
    ):
        with qtbot.waitSignal(signal):
            qtbot.keyClick(button, Qt.Key.Key_Space)


def drop(page: StartPage, path: Path) -> None:
    """Drop a file on the page."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    nothing = Qt.KeyboardModifier.NoModifier
    left = Qt.MouseButton.LeftButton
    page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, left, nothing))


def test_a_project_may_be_dropped_and_a_text_not_yet(
    start: StartPage, notices: list[tuple[str, str]], qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(start.path_wanted):
        drop(start, tmp_path / "a.kurator")
    with qtbot.assertNotEmitted(start.path_wanted):
        drop(start, tmp_path / "a.txt")
    assert notices == [(tr("start.only-projects"), "info")]


def test_the_page_changes_its_language(start: StartPage) -> None:
    set_language("sv")
    start.retranslate()
    assert start.new.text() == tr("start.new") and "Nytt" in start.new.text()


# Import report ----------------------------------------------------------------------------------------------


@pytest.fixture
def report(bridge: Bridge, qtbot: QtBot) -> ImportReportDialog:
    document = bridge.workspace.reads.document_by_name("2.txt")
    notable = [
        {"name": "tom.txt", "fate": "skipped", "code": "reading.empty", "details": {}},
        {"name": "2.txt", "fate": "updated", "orphans": 1, "document": document},
        {"name": "3.txt", "fate": "duplicate", "duplicate_of": "0.txt", "document": document},
        {"name": "ny.txt", "fate": "skipped", "text": "Something\nelse."},
    ]
    made = ImportReportDialog(bridge, {"counts": {"added": 2, "skipped": 2}, "notable": notable})
    qtbot.addWidget(made)
    made.show()
    return made


def test_every_reason_is_in_words(report: ImportReportDialog) -> None:
    reasons = [row[2] for row in report.remarks.model.rows]
    assert reasons == [
        tr("reading.empty"),
        tr("dialog.report-orphans", count=1),
        tr("dialog.report-duplicate", name="0.txt"),
        "Something\nelse.",
    ]


def test_a_label_that_was_left_out_is_no_document_and_its_advice_is_the_windows(bridge: Bridge, qtbot: QtBot) -> None:
    found = ForeignReport(unknown_labels={"Läkemedel": 3})
    data = json.loads(json.dumps(_data(format_named("doccano"), found)))
    made = ImportReportDialog(bridge, data)
    qtbot.addWidget(made)
    ((name, _, why),) = made.remarks.model.rows
    assert name == "–" and "“Läkemedel”" in why and "3 annotations" in why
    assert "Import the file again" in why and "--" not in why
    assert "Läkemedel" in data["notable"][0]["text"]  # and the command line's own sentence


def test_the_list_is_copied_for_a_spreadsheet(report: ImportReportDialog) -> None:
    report.remarks.copy()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 5
    assert all(line.count("\t") == 2 for line in lines)
    assert "ny.txt\tskipped\tSomething else." in lines


def test_a_line_opens_its_document(report: ImportReportDialog, bridge: Bridge, qtbot: QtBot) -> None:
    report.remarks.order.sort(0)
    names = [report.remarks.order.index(row, 0).data() for row in range(4)]
    report.remarks.table.selectRow(names.index("2.txt"))
    with qtbot.waitSignal(bridge.document_changed) as opened:
        report.remarks.table.activated.emit(report.remarks.table.currentIndex())
    assert opened.args == [bridge.workspace.reads.document_by_name("2.txt")]


# Palette ----------------------------------------------------------------------------------------------------

ENTRIES: list[Entry] = [
    ("edit.undo", "Redigera: Ångra", "Ctrl+Z", True),
    ("go.next", "Gå: Nästa förslag", "Tab", True),
    ("project.export", "Projekt: Exportera…", "Ctrl+E", True),
    ("curate.accept", "Kurera: Godkänn", "Return", False),
]


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("ångra", "edit.undo"),
        ("angra", "edit.undo"),
        ("näfö", "go.next"),
        ("EXP", "project.export"),
        ("gå nä", "go.next"),
    ],
)
def test_a_few_letters_find_an_action(typed: str, best: str) -> None:
    assert matching(ENTRIES, typed)[0][0] == best


def test_letters_that_are_not_there_find_nothing() -> None:
    assert matching(ENTRIES, "zzz") == []
    assert [entry[0] for entry in matching(ENTRIES, "")] == [entry[0] for entry in ENTRIES]


@pytest.fixture
def open_palette(qtbot: QtBot) -> Callable[[], tuple[CommandPalette, list[str]]]:
    windows: list[QWidget] = []

    def opened() -> tuple[CommandPalette, list[str]]:
        window, chosen = QWidget(), []
        windows.append(window)
        qtbot.addWidget(window)
        window.resize(900, 600)
        window.show()
        made = CommandPalette(ENTRIES, chosen.append, window)
        made.show()
        qtbot.waitExposed(made)
        return made, chosen

    return opened


def test_typing_and_enter_do_it(
    open_palette: Callable[[], tuple[CommandPalette, list[str]]], qtbot: QtBot
) -> None:
    palette, chosen = open_palette()
    qtbot.keyClicks(palette.field, "expo")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: chosen == ["project.export"])


def test_arrows_go_round_and_what_cannot_be_done_is_not(
    open_palette: Callable[[], tuple[CommandPalette, list[str]]], qtbot: QtBot
) -> None:
    palette, chosen = open_palette()
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentRow() == len(ENTRIES) - 1
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible() and chosen == []
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentRow() == 0
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert chosen == []


def test_the_palette_stays_as_wide_as_it_was_while_one_types(
    open_palette: Callable[[], tuple[CommandPalette, list[str]]], qtbot: QtBot
) -> None:
    palette, _ = open_palette()
    assert palette.width() == 640
    qtbot.keyClicks(palette.field, "expo")
    assert palette.width() == 640


# Keys, help, about, defect ----------------------------------------------------------------------------------


def test_every_key_stands_in_one_column() -> None:
    lines = [(entry.group, entry.id, entry.keys[0]) for entry in ACTIONS if entry.keys]
    spread = columns(lines)
    assert [line for column in spread for _, found in column for line in found] == lines
    heights = [sum(len(found) + 2 for _, found in column) for column in spread]
    assert max(heights) - min(heights) <= 8


def test_the_sheet_can_be_printed(qtbot: QtBot) -> None:
    dialog = CheatSheet([("Gå", "Nästa <förslag>", "Tab")])
    qtbot.addWidget(dialog)
    paper = dialog.paper()
    assert isinstance(paper, QTextDocument)
    assert "Nästa <förslag>" in paper.toPlainText() and "Tab" in paper.toPlainText()


@pytest.mark.parametrize("spoken", ["sv", "en"])
def test_every_help_page_is_shown(bridge: Bridge, qtbot: QtBot, spoken: str) -> None:
    set_language(spoken)
    dialog = HelpViewer(bridge)
    qtbot.addWidget(dialog)
    found = pages(spoken)
    assert dialog.index.count() == len(found) >= 6
    for path in found:
        assert dialog.show_page(path.stem)
        assert title_of(path.read_text("utf-8")) in dialog.text.toPlainText()
    dialog._follow(QUrl("annotating.md"))
    assert dialog.index.currentItem().text() == title_of(
        next(p for p in found if p.stem == "annotating").read_text("utf-8")
    )


def test_help_stands_open_once(bridge: Bridge, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    first = HelpViewer(bridge, window)
    first.show()
    second = HelpViewer(bridge, window)
    second.show()
    assert not first.isVisible() and second.isVisible()


def test_about_copies_what_a_report_needs(bridge: Bridge, qtbot: QtBot) -> None:
    dialog = AboutDialog(bridge)
    qtbot.addWidget(dialog)
    dialog._copy()
    assert "Python" in QGuiApplication.clipboard().text()


def test_a_defect_is_copied_and_a_missing_report_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text("spår å\n", "utf-8")
    dialog = DefectDialog(report)
    qtbot.addWidget(dialog)
    dialog._copy()
    assert QGuiApplication.clipboard().text() == "spår å\n"
    other = DefectDialog(None)
    qtbot.addWidget(other)
    assert tr("dialog.defect-none") in other.text.toPlainText()
