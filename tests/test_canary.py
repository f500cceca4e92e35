"""Faults of the libraries below us that would end the program without a word."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

CALLS = 100


class _Sender(QObject):
    said = Signal()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_qt_calls_lose_no_reference_to_none(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        widget.update()
    assert abs(sys.getrefcount(None) - before) < CALLS // 2


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True is immortal from Python 3.12 on")
def test_signals_lose_no_reference_to_true() -> None:
    sender = _Sender()
    before = sys.getrefcount(True)
    for _ in range(CALLS):
        sender.said.emit()
    assert abs(sys.getrefcount(True) - before) < CALLS // 2
