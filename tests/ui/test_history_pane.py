"""The history pane: every step in words, the way back, and going to the place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from app import commands
from app.messages import LANGUAGES, set_language, tr
from app.services.corpus import import_documents
from app.settings import Settings
from app.workspace import Workspace
from models.documents import SourceDocument
from models.history import Focus
from models.spans import Span
from ui.bridge import Bridge
from ui.item_models.history import PAGE, StepRole, command_words
from ui.panes.history import HistoryPane
from ui.panes.history_delegate import facts

TEXT = "Region A\u030adalen 😀 sparar tolv\u00a0procent på hem\u00adsjukvård."


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    workspace = Workspace.create(tmp_path / "p.kurator", "p", "Maja")
    sources = [SourceDocument("1.txt", TEXT, title="Ettan"), SourceDocument("2.txt", TEXT + "!")]
    list(import_documents(workspace.writer, workspace.reads, sources))
    bridge = Bridge(Settings())
    bridge.set_workspace(workspace)
    bridge.open_document(workspace.reads.document_by_name("1.txt"))
    yield bridge
    bridge.set_workspace(None)
    workspace.close()


@pytest.fixture
def pane(bridge: Bridge, qtbot: QtBot) -> HistoryPane:
    pane = HistoryPane(bridge)
    qtbot.addWidget(pane)
    pane.resize(340, 500)
    pane.show()
    qtbot.waitUntil(lambda: not pane._timer.isActive())
    return pane


def make(bridge: Bridge, start: int = 0, end: int = 6, label: str = "ORGANISATION") -> str:
    """Make an entity and return its key."""
    outcome = bridge.run(
        commands.CreateAnnotation(
            document=bridge.document, kind="entity", label=label, spans=(Span(start, end),)
        )
    )
    assert outcome is not None and outcome.focus.mark is not None
    return outcome.focus.mark


def lines(pane: HistoryPane) -> list[str]:
    pane.refresh()
    return [str(pane.model.index(row).data()) for row in range(pane.model.rowCount())]


def all_commands(base: type[commands.Command] = commands.Command) -> list[type[commands.Command]]:
    return [one for kind in base.__subclasses__() for one in (kind, *all_commands(kind))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_has_its_words(language: str) -> None:
    set_language(language)
    names = sorted({command.NAME for command in all_commands()})
    assert len(names) > 20
    words = [tr(f"history.command.{name}") for name in names]
    assert len(set(words)) == len(words)
    assert command_words("from-a-later-version") == "from-a-later-version"


def test_steps_are_told_newest_first_with_label_and_quote(bridge: Bridge, pane: HistoryPane) -> None:
    assert lines(pane) == [] and pane.empty.isVisible()
    key = make(bridge)
    bridge.run(commands.SetNote(document=bridge.document, key=key, text="Hm"))
    bridge.run(commands.SetDocumentNote(document=bridge.document, text="Kolla 😀"))
    bridge.run(commands.Delete(document=bridge.document, keys=(key,)))
    assert lines(pane) == [
        "Delete · Organisation “Region”",
        "Note on document “Kolla 😀”",
        "Note · Organisation “Region”",
        "New annotation · Organisation “Region”",
    ]
    step = pane.model.index(0).data(StepRole)
    assert "Ettan" in facts(step) and "Maja" in facts(step)


def test_a_relation_is_told_by_its_ends(bridge: Bridge, pane: HistoryPane) -> None:
    head = make(bridge, label="PERSON")
    tail = make(bridge, 18, 24)
    bridge.run(commands.CreateRelation(document=bridge.document, label="WORKS_FOR", head=head, tail=tail))
    assert lines(pane)[0] == f"New relation · works for “Region → {TEXT[18:24].strip()}”"


def test_undone_and_superseded_steps_say_so(bridge: Bridge, pane: HistoryPane) -> None:
    make(bridge)
    make(bridge, 0, 15)
    bridge.undo()
    lines(pane)
    states = [pane.model.step(row).entry.state for row in (0, 1)]  # type: ignore[union-attr]
    assert states == ["undone", "done"] and "undone" in facts(pane.model.index(0).data(StepRole))
    make(bridge, 0, 3)
    assert len(lines(pane)) == 3
    assert "replaced by later work" in facts(pane.model.index(1).data(StepRole))


def test_buttons_say_what_they_would_do_and_do_it(bridge: Bridge, pane: HistoryPane, qtbot: QtBot) -> None:
    assert not pane.undo.isEnabled() and not pane.redo.isEnabled()
    make(bridge)
    pane.refresh()
    assert pane.undo.isEnabled() and "Undo: New annotation" in pane.undo.text()
    with qtbot.waitSignal(bridge.notice) as said:
        pane.undo.click()
    assert said.args == ["Undone: New annotation", "info"]
    pane.refresh()
    assert not pane.undo.isEnabled() and "Redo: New annotation" in pane.redo.text()
    pane.redo.click()
    assert bridge.workspace.reads.annotations(bridge.document or "")


def test_it_can_be_narrowed_to_the_document(bridge: Bridge, pane: HistoryPane) -> None:
    make(bridge)
    bridge.open_document(bridge.workspace.reads.document_by_name("2.txt"))
    make(bridge, 0, 3, "PLACE")
    assert len(lines(pane)) == 2
    pane.here.click()
    assert lines(pane) == ["New annotation · Place “Reg”"]


def test_enter_goes_to_the_place(bridge: Bridge, pane: HistoryPane, qtbot: QtBot) -> None:
    first = bridge.document
    key = make(bridge)
    bridge.open_document(bridge.workspace.reads.document_by_name("2.txt"))
    pane.refresh()
    sought: list[Focus] = []
    bridge.focus_wanted.connect(sought.append)
    pane.list.setCurrentIndex(pane.model.index(0))
    qtbot.keyClick(pane.list, Qt.Key.Key_Return)
    assert sought == [Focus(first, key)] and bridge.document == first


def test_a_step_without_a_place_says_so(bridge: Bridge, pane: HistoryPane, qtbot: QtBot) -> None:
    bridge.run(commands.RemoveDocuments(documents=(bridge.document or "",)))
    pane.refresh()
    with qtbot.waitSignal(bridge.notice):
        pane.list.activated.emit(pane.model.index(0))


def test_older_steps_are_read_as_one_scrolls(bridge: Bridge, pane: HistoryPane) -> None:
    for number in range(PAGE + 20):
        bridge.workspace.run(commands.SetDone(document=bridge.document, done=number % 2 == 0))
    assert len(lines(pane)) == PAGE
    assert pane.model.canFetchMore(QModelIndex())
    pane.model.fetchMore(QModelIndex())
    assert pane.model.rowCount() == PAGE + 20 and not pane.model.canFetchMore(QModelIndex())
    numbers = [pane.model.step(row).entry.change_set for row in range(PAGE + 20)]  # type: ignore[union-attr]
    assert numbers == sorted(numbers, reverse=True) and len(set(numbers)) == len(numbers)
    make(bridge)
    assert len(lines(pane)) == PAGE + 21, "a new step comes on top, the rest stays"


def test_new_steps_appear_by_themselves(bridge: Bridge, pane: HistoryPane, qtbot: QtBot) -> None:
    make(bridge)
    qtbot.waitUntil(lambda: pane.model.rowCount() == 1)
    pane.hide()
    make(bridge, 0, 3)
    assert not pane._timer.isActive()
    pane.show()
    qtbot.waitUntil(lambda: pane.model.rowCount() == 2)


def test_undone_steps_look_different(bridge: Bridge, pane: HistoryPane) -> None:
    make(bridge)
    pane.refresh()

    def picture() -> bytes:
        pixmap = QPixmap(pane.list.viewport().size())
        pane.list.viewport().render(pixmap)
        return bytes(pixmap.toImage().constBits())

    standing = picture()
    bridge.undo()
    pane.refresh()
    assert picture() != standing


def test_words_follow_the_language(bridge: Bridge, pane: HistoryPane) -> None:
    make(bridge)
    set_language("sv")
    pane.retranslate()
    assert lines(pane) == ["Ny annotering · Organisation ”Region”"]
    assert "Ångra: Ny annotering" in pane.undo.text()
