"""The export dialog for every format: what it offers, what it asks of the command line, and the report at the end."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.cli.arguments import parser
from app.formats.contract import FEATURES
from app.formats.registry import FORMATS, format_named
from app.messages import set_language, tr
from tests.ui.dialogs.test_every_dialog import is_cut, mnemonics, shown
from ui.bridge import Bridge
from ui.dialogs.export import ExportDialog, ExportRequest, cannot_hold
from ui.dialogs.export_content import choice_words
from ui.dialogs.export_report import ExportReportDialog

WRITTEN = [one.id for one in FORMATS if one.writes]
FOREIGN = [one.id for one in FORMATS if one.write is not None]
OVERLAPPING = next(one.id for one in FORMATS if one.write is not None and one.holds.decisions != "lost" and one.folder)
FLAT = next(one.id for one in FORMATS if one.write is not None and one.holds.decisions == "lost")


@pytest.fixture
def dialog(bridge: Bridge, qtbot: QtBot) -> ExportDialog:
    made = ExportDialog(bridge)
    qtbot.addWidget(made)
    made.show()
    return made


def choose(dialog: ExportDialog, wanted: str) -> None:
    dialog.format.setCurrentIndex(dialog.format.findData(wanted))
    QApplication.processEvents()


@pytest.mark.parametrize("spoken", ["sv", "en"])
def test_every_setting_of_every_format_has_words(spoken: str) -> None:
    set_language(spoken)
    for one in FORMATS:
        for name, values in one.choices.items():
            assert tr(f"transfer_window.choice-{name}")
            assert len({choice_words(name, value) for value in values}) == len(values)
    for name in FEATURES:
        assert tr(f"transfer_window.feature-{name}")


def test_every_format_that_is_written_is_offered(dialog: ExportDialog) -> None:
    assert [dialog.format.itemData(row) for row in range(dialog.format.count())] == WRITTEN


def test_what_a_format_cannot_hold_is_said_before(dialog: ExportDialog) -> None:
    assert cannot_hold(format_named("exchange")) == ""
    for wanted in FOREIGN:
        choose(dialog, wanted)
        holds = format_named(wanted).holds
        lost = [tr(f"transfer_window.feature-{name}") for name in FEATURES if getattr(holds, name) == "lost"]
        assert all(word in dialog._about.text() for word in lost), wanted


@pytest.mark.parametrize("wanted", WRITTEN)
def test_the_request_is_what_the_command_line_takes(dialog: ExportDialog, wanted: str) -> None:
    choose(dialog, wanted)
    content = dialog.content
    if content.foreign:
        content.split.setChecked(True)
        content.dev.setValue(15)
        content.licence.setText("CC BY 4.0")
        content.rejected.setChecked(True)
        content.suggestions.setChecked(True)
        content.kinds["relation"].setChecked(False)
        content.labels.choose({"PERSON", "CLAIM"})
        content.whose.setCurrentIndex(content.whose.findData("some"))
    request = dialog.request()
    given = parser().parse_args(["export", "p.kurator", *request.arguments(), "--job"])
    assert (given.format, given.output) == (wanted, request.path)
    if not content.foreign:
        assert given.suggestions is True and given.labels is None and given.split is None
        return
    judged = format_named(wanted).holds.decisions != "lost"
    assert (given.rejected, given.suggestions) == (judged, judged)
    assert given.split == "75/15/10" and given.licence == "CC BY 4.0"
    assert set(given.labels) == {"PERSON", "CLAIM"} and given.kinds == ["entity", "claim"]
    assert given.annotators == list(content.annotators.chosen)
    assert given.choices == ([f"{name}={values[0]}" for name, values in format_named(wanted).choices.items()] or None)


def test_only_what_the_format_can_follow_is_shown(dialog: ExportDialog) -> None:
    content = dialog.content
    choose(dialog, "exchange")
    assert content.suggestions.isVisible() and content.suggestions.isChecked()
    assert not content.labels.isVisible() and not content.split.isVisible()
    choose(dialog, FLAT)
    assert content.labels.isVisible() and not content.suggestions.isVisible() and not content.rejected.isVisible()
    choose(dialog, OVERLAPPING)
    assert content.suggestions.isVisible() and not content.suggestions.isChecked()
    assert not content.annotators.isVisible() and not content.dev.isVisible()
    content.split.setChecked(True)
    content.whose.setCurrentIndex(content.whose.findData("some"))
    assert content.annotators.isVisible() and content.dev.isVisible()


def test_a_folder_is_named_and_one_of_others_is_warned_of(dialog: ExportDialog, bridge: Bridge, tmp_path: Path) -> None:
    choose(dialog, OVERLAPPING)
    project = bridge.workspace.path
    assert dialog.request().path == project.with_name(f"{project.stem}-{OVERLAPPING}")
    choose(dialog, FLAT)
    assert dialog.request().path.suffix == format_named(FLAT).suffix
    dialog.content.split.setChecked(True)
    assert dialog.request().path.suffix == ""
    folder = tmp_path / "redan"
    folder.mkdir()
    dialog.place.setText(str(folder))
    assert dialog._accept.isEnabled() and dialog.trouble.text()
    dialog.content.split.setChecked(False)
    dialog.place.setText(str(folder))
    assert not dialog._accept.isEnabled()


def test_nothing_cannot_be_exported(dialog: ExportDialog) -> None:
    choose(dialog, FLAT)
    for box in dialog.content.kinds.values():
        box.click()
    assert not dialog._accept.isEnabled() and dialog.trouble.text()
    dialog.content.kinds["entity"].click()
    assert dialog._accept.isEnabled()
    dialog.content.labels.choose(())
    assert not dialog._accept.isEnabled()
    choose(dialog, "exchange")
    assert dialog._accept.isEnabled()


@pytest.mark.parametrize("spoken", ["sv", "en"])
@pytest.mark.parametrize("larger", [1.0, 1.5])
@pytest.mark.parametrize("wanted", [OVERLAPPING, "doccano"])
def test_nothing_is_cut_and_no_letter_is_underlined_twice(
    bridge: Bridge, qtbot: QtBot, qapp: QApplication, wanted: str, larger: float, spoken: str
) -> None:
    before, font = qapp.font(), QFont(qapp.font())
    font.setPointSizeF(font.pointSizeF() * larger)
    set_language(spoken)
    qapp.setFont(font)
    try:
        dialog = ExportDialog(bridge)
        qtbot.addWidget(dialog)
        dialog.show()
        choose(dialog, wanted)
        dialog.content.split.setChecked(True)
        qapp.processEvents()
        assert not [one for one in shown(dialog, QWidget) if is_cut(one)]
        assert not {letter for letter, count in mnemonics(dialog).items() if count > 1}
        assert dialog.minimumSizeHint().height() <= 700
    finally:
        qapp.setFont(before)


def test_the_list_is_ticked_by_keyboard(dialog: ExportDialog, qtbot: QtBot) -> None:
    choose(dialog, FLAT)
    labels = dialog.content.labels
    everything = len(labels.chosen)
    popup = labels.open()
    qtbot.addWidget(popup)
    qtbot.keyClick(popup.list, Qt.Key.Key_Space)
    assert len(labels.chosen) == everything - 1 and not labels.all_chosen
    popup._tick(Qt.CheckState.Unchecked)
    assert labels.chosen == ()
    popup._tick(Qt.CheckState.Checked)
    assert labels.all_chosen
    popup.close()


def test_what_was_lost_is_listed_and_copied(qtbot: QtBot, tmp_path: Path) -> None:
    losses = [
        {"count": 7, "examples": ["a.txt: LEDER", "b.txt:\nLEDER"], "text": "7 relationer"},
        {"count": 1, "examples": ["a.txt: kind"], "text": "1 facett"},
    ]
    made = ExportReportDialog({"path": str(tmp_path / "ut.jsonl"), "documents": 3, "losses": losses})
    qtbot.addWidget(made)
    made.show()
    set_language("en")
    more = tr("transfer_window.and-more", count=5)
    made.copy()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[:3] == ["7 relationer", "\ta.txt: LEDER", "\tb.txt: LEDER"] and lines[-1] == "\ta.txt: kind"
    assert len(lines) == 6 and "5" in lines[3] and "5" in more


def test_a_request_without_wishes_is_short(tmp_path: Path) -> None:
    plain = ExportRequest("exchange", tmp_path / "ut.json")
    assert plain.arguments() == ["--format=exchange", f"--output={tmp_path / 'ut.json'}", "--suggestions"]
