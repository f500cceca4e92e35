"""The memory in the window: what is decided comes up elsewhere by itself, is told of, listed, and can be forgotten."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.messages import set_language
from models.marks import Mark
from models.store.memory_reads import tasks
from tests.ui.window.conftest import TEXT, Hands, span
from ui.dialogs.memory import MemoryDialog

WAIT_MS = 15_000


def remembered(hands: Hands, document: str | None = None) -> list[Mark]:
    """Return what the memory proposes in a document."""
    marks = hands.workspace.marks.marks(document or hands.document)
    return sorted((one for one in marks if (one.source or "").startswith("memory")), key=lambda one: one.spans)


def rested(hands: Hands) -> bool:
    """Whether the memory has nothing left to do."""
    memory, reads = hands.workspace.memory, hands.workspace.reads
    return memory.idle and not memory.loading and not tasks(reads, ("document", "quote", "surface"), True, 1)


@pytest.fixture(autouse=True)
def _loaded(hands: Hands, qtbot: QtBot) -> None:
    hands.workspace.prepare()
    qtbot.waitUntil(lambda: rested(hands), timeout=WAIT_MS)


def test_what_is_made_comes_up_on_screen_and_elsewhere(hands: Hands, qtbot: QtBot) -> None:
    hands.reader.select(span("planen"))
    hands.press("5")
    qtbot.waitUntil(lambda: len(remembered(hands, others(hands)[-1])) == 1, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: ("From memory: +0 in the document, +2 in the rest of the corpus", "info") in hands.said,
                    timeout=WAIT_MS)  # fmt: skip
    hands.reader.select(span("Kontakta"))
    hands.press("5")
    hands.press("Ctrl+Z", "Ctrl+Z")
    qtbot.waitUntil(lambda: not remembered(hands, others(hands)[0]), timeout=WAIT_MS)


def others(hands: Hands) -> list[str]:
    return [one for one in hands.window.corpus.model.ids if one != hands.document]


def test_the_inspector_says_what_the_memory_knows(hands: Hands, qtbot: QtBot) -> None:
    hands.reader.select(span("planen"))
    hands.press("5")
    qtbot.waitUntil(lambda: bool(remembered(hands, others(hands)[0])), timeout=WAIT_MS)
    hands.window.bridge.open_document(others(hands)[0])
    (mark,) = remembered(hands)
    hands.reader.focus_mark(mark.key)
    page = hands.window.side.inspector.mark_page
    qtbot.waitUntil(lambda: "the same words" in page.source.text(), timeout=WAIT_MS)
    assert "Memory: confirmed 1 time, last 2" in page.source.text()
    hands.press("Return")
    assert hands.now(mark.key).state == "accepted"


def test_memory_can_be_listed_forgotten_and_turned_off(hands: Hands, qtbot: QtBot) -> None:
    hands.reader.select(span("planen"))
    hands.press("5")
    qtbot.waitUntil(lambda: len(remembered(hands, others(hands)[-1])) == 1 and rested(hands), timeout=WAIT_MS)
    dialog = MemoryDialog(hands.window.bridge, hands.window)
    qtbot.addWidget(dialog)
    dialog.show()
    assert [(one.words, one.yes) for one in dialog.model.rows] == [("planen", 1)]
    dialog.activateWindow()
    dialog.table.setFocus()
    qtbot.waitUntil(dialog.table.hasFocus, timeout=WAIT_MS)
    QTest.keyClick(dialog.table, Qt.Key.Key_Delete)
    assert dialog.model.rows[0].forgotten and dialog.forget.text() == "Remember again"
    hands.window.remembering.wake()
    qtbot.waitUntil(lambda: not remembered(hands, others(hands)[-1]), timeout=WAIT_MS)
    dialog.forget.click()
    hands.window.remembering.wake()
    qtbot.waitUntil(lambda: len(remembered(hands, others(hands)[-1])) == 1, timeout=WAIT_MS)
    dialog.filter.setText("ingenting")
    qtbot.waitUntil(lambda: not dialog.model.rows, timeout=WAIT_MS)
    assert dialog.none.isVisible() and not dialog.forget.isEnabled()
    dialog.filter.clear()
    dialog.scope.setCurrentIndex(3)
    dialog.scope.activated.emit(3)
    hands.window.remembering.wake()
    qtbot.waitUntil(lambda: not remembered(hands, others(hands)[-1]), timeout=WAIT_MS)
    dialog.close()


@pytest.mark.parametrize(
    ("keys", "accepted"),
    [
        ("Ctrl+Return", ["region", "place"]),
        ("Ctrl+Shift+Return", ["region", "place", "claim", "signe", "region again"]),
        ("Alt+Return", ["region", "place", "claim", "signe", "region again", "bo", "signe again"]),
    ],
)
def test_what_is_left_is_accepted_with_one_key(hands: Hands, keys: str, accepted: list[str]) -> None:
    hands.look("place")
    hands.press("X")
    hands.look("region")
    hands.press(keys)
    wanted = {hands.mark(name).key for name in accepted if name != "place"}
    standing = {one.key for one in hands.workspace.marks.marks(hands.document) if one.state == "accepted"}
    assert wanted <= standing and hands.mark("place").state == "rejected"
    assert {one.key for one in map(hands.mark, ("region", "claim", "signe", "region again", "bo", "signe again"))
            if one.state == "accepted"} == wanted  # fmt: skip
    assert hands.steps()[-1] == "accept-all" and hands.said[-1][1] in ("done", "info")
    hands.press("Ctrl+Z")
    assert hands.mark("region").state == "suggested"


def test_where_nothing_is_left_a_notice_says_so(hands: Hands) -> None:
    hands.press("Alt+Return", "Alt+Return")
    assert hands.said[-1] == ("Nothing is left to accept here.", "info")


def test_both_languages_fit(hands: Hands, qtbot: QtBot) -> None:
    set_language("sv")
    dialog = MemoryDialog(hands.window.bridge, hands.window)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.windowTitle() == "Minne" and dialog.none.isVisible()
    assert dialog.scope.itemText(3) == "ingenstans: minnet är avstängt"
    assert TEXT.count("planen") == 1
    dialog.close()
