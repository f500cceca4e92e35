"""The window counts key presses, clicks and active time, and hands them over with each action."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.effort import Effort
from ui.effort import LONGEST_PAUSE, EffortMeter


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(hands: Any) -> Clock:
    """The clock of the window's meter, which has counted nothing yet."""
    made = Clock()
    meter = EffortMeter(hands.window, (hands.window.document, hands.window.side), made)
    hands.window.bridge.meter = meter
    hands.reader.setFocus()
    meter._follow(None, QApplication.focusWidget())
    meter.begin()
    return made


def rows(hands: Any) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Return (label, action) → count, keys and milliseconds of the document shown."""
    found = hands.workspace.file.connection.execute(
        "SELECT label, action, count, keys, ms FROM effort WHERE document_id = ?", (hands.document,)
    )
    return {(label, action): tuple(rest) for label, action, *rest in found}


def test_one_key_accepts_and_is_one_key(hands: Any, clock: Clock) -> None:
    hands.press("Tab")
    clock.now += 2.5
    hands.press("Return")
    (found,) = rows(hands).items()
    assert found[0][1] == "accepted"
    assert found[1] == (1, 2, 2500)
    clock.now += 1
    hands.press("X")
    assert sorted(counts for counts in rows(hands).values()) == [(1, 1, 1000), (1, 2, 2500)]


def test_a_long_pause_counts_as_a_short_one(hands: Any, clock: Clock) -> None:
    hands.press("Tab")
    clock.now += 600
    hands.press("Tab")
    clock.now += 4
    assert hands.window.bridge.meter.so_far() == Effort(2, round(1000 * (LONGEST_PAUSE + 4)))


def test_another_program_in_front_stops_the_clock(hands: Any, clock: Clock) -> None:
    meter = hands.window.bridge.meter
    hands.press("Tab")
    clock.now += 3
    meter._application_changed(Qt.ApplicationState.ApplicationInactive)
    clock.now += 20
    assert meter.so_far() == Effort(1, 3000)
    meter._application_changed(Qt.ApplicationState.ApplicationActive)
    clock.now += 2
    assert meter.so_far() == Effort(1, 5000)


def test_keys_elsewhere_and_modifiers_do_not_count(hands: Any, clock: Clock) -> None:
    meter = hands.window.bridge.meter
    QTest.keyPress(hands.reader, Qt.Key.Key_Shift)
    QTest.keyRelease(hands.reader, Qt.Key.Key_Shift)
    assert meter.so_far().keys == 0
    hands.window.corpus.bar.field.setFocus()
    meter._follow(None, QApplication.focusWidget())
    QTest.keyClicks(hands.window.corpus.bar.field, "beslut")
    assert meter.so_far().keys == 0
    clock.now += 7
    assert meter.so_far() == Effort(0, 7000)


def test_clicks_count_in_the_text_and_beside_it(hands: Any, clock: Clock) -> None:
    meter, window = hands.window.bridge.meter, hands.window
    meter._follow(None, hands.reader)

    def click(widget: Any) -> None:
        place = widget.mapTo(window, QPoint(widget.width() // 2, widget.height() // 2))
        QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=place)

    click(hands.reader)
    assert meter.so_far().keys == 1
    click(window.side)
    assert meter.so_far().keys == 2
    click(window.corpus.list)
    assert meter.so_far().keys in (0, 2)  # another document may have been opened by it


def test_another_document_begins_anew(hands: Any, clock: Clock) -> None:
    hands.press("Tab", "Tab")
    clock.now += 5
    hands.press("Ctrl+PgDown")
    assert hands.window.bridge.meter.so_far() == Effort(0, 0)


def test_what_changes_nothing_goes_on_counting(hands: Any, clock: Clock) -> None:
    hands.press("U")
    clock.now += 1
    hands.press("Tab")
    clock.now += 1
    hands.press("Return")
    ((_, counts),) = rows(hands).items()
    assert counts == (1, 3, 2000)


def test_undo_takes_nothing_back(hands: Any, clock: Clock) -> None:
    hands.press("Tab", "Return")
    before = rows(hands)
    hands.press("Ctrl+Z")
    assert rows(hands) == before
