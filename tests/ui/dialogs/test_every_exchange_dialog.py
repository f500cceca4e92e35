"""What every dialog is held to, for those of other tools' files and of agreement."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.formats.registry import format_named
from tests.ui.dialogs.test_every_dialog import shown
from tests.ui.dialogs.test_import_annotations import SEEN, Board
from ui.bridge import Bridge
from ui.dialogs.agreement import AgreementWindow
from ui.dialogs.export import ExportDialog
from ui.dialogs.export_report import ExportReportDialog
from ui.dialogs.import_annotations import ImportAnnotationsDialog

Make = Callable[[str], QDialog]
NAMES = ("export", "losses", "import", "agreement")


@pytest.fixture
def make(bridge: Bridge, qtbot: QtBot) -> Make:
    board = Board(bridge)

    def build(name: str) -> QDialog:
        if name == "export":
            dialog = ExportDialog(bridge)
            dialog.format.setCurrentIndex(dialog.format.findData("doccano"))
            dialog.content.whose.setCurrentIndex(dialog.content.whose.findData("some"))
            dialog.content.split.setChecked(True)
            return dialog
        if name == "losses":
            return ExportReportDialog(
                {"path": "ut", "losses": [{"text": "7 relationer", "count": 7, "examples": ["a"]}]}
            )
        if name == "agreement":
            return AgreementWindow(bridge)
        made = ImportAnnotationsDialog(bridge, board, [Path("fil.jsonl")], format_named("doccano"))  # type: ignore[arg-type]
        board.end(SEEN)
        return made

    def made(name: str) -> QDialog:
        dialog = build(name)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitExposed(dialog)
        return dialog

    return made


@pytest.mark.parametrize("name", NAMES)
def test_every_control_has_a_name_and_is_reached_by_tab(make: Make, name: str) -> None:
    dialog = make(name)
    buddies = {label.buddy() for label in dialog.findChildren(QLabel) if label.buddy()}
    nameless = [
        one
        for one in shown(dialog, QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (one.accessibleName() or (isinstance(one, QAbstractButton) and one.text()))
        and one not in buddies
        and not isinstance(one, QScrollArea | QTabWidget)
        and not isinstance(one.parent(), QComboBox | QTabWidget)
    ]
    assert not nameless
    reached: set[QWidget] = set()
    at: QWidget | None = dialog
    while at is not None and (at := at.nextInFocusChain()) is not dialog and at not in reached:
        reached.add(at)
    kinds = (QLineEdit, QAbstractItemView, QComboBox, QToolButton, QPushButton)
    wanted = [one for kind in kinds for one in shown(dialog, kind) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert wanted and not [one for one in wanted if one not in reached]


@pytest.mark.parametrize("name", NAMES)
def test_one_button_is_under_enter_and_escape_leaves(make: Make, name: str, bridge: Bridge, qtbot: QtBot) -> None:
    dialog = make(name)
    buttons = dialog.findChildren(QPushButton)
    assert len([button for button in buttons if button.isDefault() and button.isVisible()]) == 1
    before = bridge.workspace.reads.history()
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert bridge.workspace.reads.history() == before
