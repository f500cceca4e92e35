"""The preview of applying a mark to identical passages."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app import commands
from models.marks import Mark
from ui.bridge import Bridge
from ui.dialogs import identical
from ui.dialogs.identical import IdenticalDialog


@pytest.fixture
def dialog(bridge: Bridge, region: Mark, qtbot: QtBot) -> IdenticalDialog:
    assert bridge.document is not None
    made = IdenticalDialog(bridge, bridge.document, region)
    qtbot.addWidget(made)
    made.show()
    settle(made, qtbot)
    return made


def settle(dialog: IdenticalDialog, qtbot: QtBot) -> None:
    """Wait until the search is through."""
    qtbot.waitUntil(lambda: not dialog._timer.isActive(), timeout=10_000)


def test_what_is_shown_is_what_is_done(
    dialog: IdenticalDialog, bridge: Bridge, region: Mark, qtbot: QtBot
) -> None:
    dialog.create_missing.click()
    settle(dialog, qtbot)
    shown = [(place.document, place.action) for place in dialog.model.rows]
    assert {action for _, action in shown} == {"accept", "create"}
    wanted = dialog.request()
    outcome = bridge.run(
        commands.ApplyToIdentical(
            document=bridge.document,
            key=region.key,
            scope=wanted.scope,
            create_missing=wanted.create_missing,
        )
    )
    assert outcome is not None and outcome.count == len(shown)


def test_words_stand_in_their_context(dialog: IdenticalDialog) -> None:
    places = dialog.model.rows
    assert places
    assert all(place.words.replace("\u030a", "").casefold().startswith("region") for place in places)
    assert any(place.after.startswith(" 😀 satsar") for place in places)


def test_a_narrower_scope_finds_fewer(dialog: IdenticalDialog, qtbot: QtBot) -> None:
    whole = len(dialog.model.rows)
    dialog.here.click()
    settle(dialog, qtbot)
    assert dialog.request().scope == "document"
    assert len(dialog.model.rows) < whole
    assert str(len(dialog.model.rows)) in dialog.count.text() or not dialog.model.rows
    assert dialog.apply.isEnabled() == bool(dialog.model.rows)


def test_enter_applies(dialog: IdenticalDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog.table, Qt.Key.Key_Return)


def test_many_places_are_counted_and_not_all_listed(
    bridge: Bridge, region: Mark, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identical, "SHOWN", 2)
    assert bridge.document is not None
    made = IdenticalDialog(bridge, bridge.document, region)
    qtbot.addWidget(made)
    settle(made, qtbot)
    assert len(made.model.rows) == 2
    assert made._found > 2
    assert str(made._found) in made.count.text() and str(made._found) in made.apply.text()


def test_a_rejected_mark_creates_nothing(bridge: Bridge, qtbot: QtBot) -> None:
    document = bridge.workspace.reads.document_by_name("1.txt")
    assert document is not None
    mark = next(one for one in bridge.workspace.marks.marks(document) if one.label == "PERSON")
    bridge.run(commands.Reject(document=document, key=mark.key))
    rejected = bridge.workspace.marks.some(document, [mark.key])[0]
    made = IdenticalDialog(bridge, document, rejected)
    qtbot.addWidget(made)
    settle(made, qtbot)
    assert not made.create_missing.isVisibleTo(made)
    assert {place.action for place in made.model.rows} == {"reject"}
    assert not made.request().create_missing


def test_a_mark_without_one_passage_is_told(bridge: Bridge, qtbot: QtBot) -> None:
    assert bridge.document is not None
    marks = bridge.workspace.marks.marks(bridge.document)
    relation = next((mark for mark in marks if mark.kind == "relation"), None)
    mark = relation or marks[0]._replace(spans=())
    made = IdenticalDialog(bridge, bridge.document, mark._replace(spans=()))
    qtbot.addWidget(made)
    settle(made, qtbot)
    assert made.trouble.text() and not made.apply.isEnabled()


def test_where_nothing_is_found_enter_leaves(bridge: Bridge, qtbot: QtBot) -> None:
    document = bridge.document
    assert document is not None
    claim = next(one for one in bridge.workspace.marks.marks(document) if one.kind == "claim")
    made = IdenticalDialog(bridge, document, claim)
    qtbot.addWidget(made)
    made.show()
    made.here.click()
    settle(made, qtbot)
    assert not made.model.rows
    with qtbot.waitSignal(made.rejected):
        qtbot.keyClick(made.table, Qt.Key.Key_Return)


def test_closing_in_the_middle_stops_the_search(bridge: Bridge, region: Mark, qtbot: QtBot) -> None:
    assert bridge.document is not None
    made = IdenticalDialog(bridge, bridge.document, region)
    qtbot.addWidget(made)
    made.show()
    made.reject()
    assert not made._timer.isActive()
