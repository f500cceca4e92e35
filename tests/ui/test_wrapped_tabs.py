"""Tabs that wrap: each can be read and reached, in both languages, with large type, by mouse and keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.messages import set_language, tr
from app.settings import Settings
from ui.bridge import Bridge
from ui.side_panes import _PANES, LEAST_WIDTH, SidePanes
from ui.widgets.wrapped_tabs import Tab


@pytest.fixture
def side(qtbot: QtBot, tmp_path: Path) -> SidePanes:
    made = SidePanes(Bridge(Settings()))
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("spoken", ["sv", "en"])
@pytest.mark.parametrize("larger", [1.0, 1.6])
@pytest.mark.parametrize("width", [LEAST_WIDTH, 370, 620])
def test_every_tab_can_be_read(side: SidePanes, qapp: QApplication, spoken: str, larger: float, width: int) -> None:
    before, font = qapp.font(), QFont(qapp.font())
    font.setPointSizeF(font.pointSizeF() * larger)
    set_language(spoken)
    qapp.setFont(font)
    try:
        side.resize(width, 700)
        side.show()
        side.retranslate()
        qapp.processEvents()
        tabs = [one for one in side.findChildren(Tab) if one.isVisible()]
        assert len(tabs) == len(_PANES)
        for one in tabs:
            wanted = one.fontMetrics().horizontalAdvance(one.text())
            assert one.text() and one.width() >= wanted and one.geometry().right() < side.width()
            assert one.geometry().bottom() <= one.parentWidget().height()
        places = [one.geometry() for one in tabs]
        assert not [1 for n, one in enumerate(places) for other in places[n + 1 :] if one.intersects(other)]
    finally:
        qapp.setFont(before)


def test_a_click_and_the_arrow_keys_bring_a_pane_to_the_top(side: SidePanes, qtbot: QtBot) -> None:
    set_language("en")
    side.resize(370, 700)
    side.show()
    side.retranslate()
    qtbot.waitExposed(side)
    tabs = {one.text(): one for one in side.findChildren(Tab)}
    qtbot.mouseClick(tabs[tr("window.pane-history")], Qt.MouseButton.LeftButton)
    assert side.current == "history"
    tabs[tr("window.pane-history")].setFocus()
    qtbot.keyClick(tabs[tr("window.pane-history")], Qt.Key.Key_Left)
    assert side.current == list(_PANES)[list(_PANES).index("history") - 1]
    side.offer("conflicts", False)
    assert not tabs[tr("window.pane-conflicts")].isVisible()
    side.offer("conflicts", True)
    side.show_pane("search")
    assert side.current == "search" and tabs[tr("window.pane-search")].isChecked()
    side.offer("search", False)
    assert side.current == "inspector"
