"""The one question that dialogs ask."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from ui.dialogs.asking import confirm


@pytest.mark.parametrize(
    ("key", "careful", "agreed"),
    [
        (Qt.Key.Key_Return, False, True),
        (Qt.Key.Key_Return, True, False),
        (Qt.Key.Key_Escape, False, False),
    ],
)
def test_keys_answer(qtbot: QtBot, key: Qt.Key, careful: bool, agreed: bool) -> None:
    window = QWidget()
    qtbot.addWidget(window)

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        qtbot.keyClick(box, key)

    QTimer.singleShot(50, press)
    assert confirm(window, "t", "Sure?", "&Yes", careful=careful) is agreed
