"""The register in the window: entries of marks by single keys, and the pane that keeps them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from pytestqt.qtbot import QtBot

from app import commands
from app import register_commands as about
from app.messages import set_language
from app.services import register_views as views
from app.services.register_views import Thing
from ui.controllers import keeping
from ui.dialogs import files
from ui.dialogs.register_find import FindThing
from ui.dialogs.register_mentions import MentionsDialog
from ui.panes.register import RegisterPane

Answer = Callable[[Any], None]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[type[QDialog], Answer], list[QDialog]]:
    """Let a kind of dialog be answered where it would wait: ``fill`` it, then yes."""

    def prepare(kind: type[QDialog], fill: Answer) -> list[QDialog]:
        met: list[QDialog] = []

        def exec_(dialog: Any) -> int:
            met.append(dialog)
            dialog.show()
            fill(dialog)
            dialog.accept()
            return int(dialog.result())

        monkeypatch.setattr(kind, "exec", exec_)
        return met

    return prepare


def make(hands: Any, name: str, label: str = "ORGANISATION", **more: Any) -> str:
    """Make an entry and return its id."""
    before = {row.thing.id for row in views.listing(hands.workspace)}
    hands.window.bridge.run(about.NewThing(name=name, label=label, **more))
    (made,) = {row.thing.id for row in views.listing(hands.workspace)} - before
    return made


def linked(hands: Any, name: str) -> Thing | None:
    return views.which_thing(hands.workspace, hands.document, hands.mark(name)).thing


def settle(qtbot: QtBot, pane: RegisterPane) -> None:
    qtbot.waitUntil(lambda: pane.settled, timeout=5000)


def pane(hands: Any, qtbot: QtBot) -> RegisterPane:
    """Give the register the keyboard."""
    hands.press("Ctrl+9")
    found: RegisterPane = hands.window.keeping.pane
    settle(qtbot, found)
    return found


def accept(hands: Any, *names: str) -> None:
    for name in names:
        hands.window.bridge.run(commands.Accept(document=hands.document, key=hands.mark(name).key))


def shown_buttons(fields: Any) -> list[str]:
    return [wanted for wanted, button in fields.buttons.items() if not button.isHidden()]


# The mark in focus ----------------------------------------------------------------------------------------


def test_a_suggested_entry_is_confirmed_with_one_key(hands: Any) -> None:
    made = make(hands, "Region A\u030adalen")
    hands.look("region")
    hands.window.side.inspector.refresh()
    fields = hands.window.side.inspector.mark_page.thing
    assert fields.name.text() == "Region A\u030adalen?"
    assert "97 %" in fields.reason.text()
    assert shown_buttons(fields) == ["thing.confirm", "thing.choose", "thing.none", "thing.new"]
    hands.press("Y")
    found = linked(hands, "region")
    assert found is not None and found.id == made
    assert hands.steps()[-1] == "confirm-link"
    hands.press("Ctrl+Z")
    assert linked(hands, "region") is None


def test_none_of_these_takes_the_suggestion_away_and_choosing_brings_one(hands: Any, answer: Any) -> None:
    make(hands, "Region A\u030adalen")
    other = make(hands, "Dalregionen", aliases=("DR 😀",))
    hands.look("region")
    hands.press("Alt+Y")
    fields = hands.window.side.inspector.mark_page.thing
    hands.window.side.inspector.refresh()
    assert "Not: Region" in fields.reason.text()
    assert "thing.confirm" not in shown_buttons(fields)

    def fill(dialog: Any) -> None:
        dialog.field.setText("dr 😀")
        assert dialog.list.count() == 2  # the entry, and a new one of that name

    met = answer(FindThing, fill)
    hands.press("Shift+Y")
    found = linked(hands, "region")
    assert met and found is not None and found.id == other
    hands.window.side.inspector.refresh()
    assert shown_buttons(fields) == ["thing.choose", "thing.show", "thing.unlink"]
    hands.press("Shift+E")
    assert linked(hands, "region") is None


def test_an_entry_is_made_of_a_mention_or_of_what_was_typed(hands: Any, answer: Any) -> None:
    hands.look("signe")
    hands.press("E")
    found = linked(hands, "signe")
    assert found is not None and (found.name, found.label) == ("Signe Ström", "PERSON")
    hands.look("bo")
    answer(FindThing, lambda dialog: dialog.field.setText("Bo E. Ek"))
    hands.press("Shift+Y")
    found = linked(hands, "bo")
    assert found is not None and found.name == "Bo E. Ek"


def test_a_claim_is_no_entry_and_somebody_is_told(hands: Any) -> None:
    hands.look("claim")
    for key in ("Y", "E", "P", "Alt+Y"):
        hands.press(key)
        assert "entity" in hands.said[-1][0]
    hands.window.side.inspector.refresh()
    assert hands.window.side.inspector.mark_page.thing.isHidden()


def test_a_mark_leads_to_its_entry_in_the_register(hands: Any, qtbot: QtBot) -> None:
    made = make(hands, "Region A\u030adalen")
    make(hands, "Aneby")
    hands.look("region")
    hands.press("P")
    found = hands.window.keeping.pane
    settle(qtbot, found)
    assert hands.window.side.current == "register"
    assert found.line is not None and found.line.key == made


# The pane ---------------------------------------------------------------------------------------------------


def test_the_pane_lists_entries_and_what_is_suggested(hands: Any, qtbot: QtBot) -> None:
    accept(hands, "region", "region again", "signe")
    made = make(hands, "Region Ådalen", aliases=("RÅ",))
    make(hands, "Byn", "PLACE")
    shown = pane(hands, qtbot)
    assert [line.title for line in shown.model.lines] == ["Byn", "Region Ådalen"]
    assert [line.waiting for line in shown.model.lines] == [0, 2]
    shown.field.setText("rå")
    settle(qtbot, shown)
    assert [line.key for line in shown.model.lines] == [made]
    assert shown.card.waiting.count == 2 and shown.card.mentions.count == 0
    shown.field.clear()
    shown.show_mode("new")
    assert [line.title for line in shown.model.lines] == ["Signe Ström"]
    shown.show_mode("waiting")
    assert [line.key for line in shown.model.lines] == [made]
    shown.label.show_value("PLACE")
    shown.show_mode("entries")
    assert [line.title for line in shown.model.lines] == ["Byn"]


def test_all_suggested_links_are_confirmed_after_a_look(hands: Any, qtbot: QtBot, answer: Any) -> None:
    accept(hands, "region", "region again")
    made = make(hands, "Region Ådalen")
    shown = pane(hands, qtbot)

    def untick(dialog: Any) -> None:
        assert [row.mention.words for row in dialog.model.rows] == ["Region A\u030adalen"] * 2
        index = dialog.model.index(0, 0)
        dialog.model.setData(index, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
        assert len(dialog.chosen) == 1
        dialog.all.click()
        assert len(dialog.chosen) == 2
        dialog.none.click()
        assert not dialog._accept.isEnabled()
        dialog.model.setData(index, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)

    answer(MentionsDialog, untick)
    shown.list.setFocus()
    hands.press("C")
    settle(qtbot, shown)
    assert len(views.mentions(hands.workspace, made)) == 1
    assert shown.model.lines[0].waiting == 1
    hands.press("Ctrl+Z")
    assert not views.mentions(hands.workspace, made)


def test_a_suggested_link_is_refused_and_a_mention_taken_out_in_the_card(hands: Any, qtbot: QtBot) -> None:
    accept(hands, "region", "region again")
    make(hands, "Region Ådalen")
    shown = pane(hands, qtbot)
    shown.card.waiting.remove_wanted.emit(shown.card.waiting._lines[0].remove)
    settle(qtbot, shown)
    assert shown.model.lines[0].waiting == 1
    shown.card.waiting.go_wanted.emit(shown.card.waiting._lines[0].go)
    assert hands.reader.focused is not None
    hands.window.registering.confirm()
    settle(qtbot, shown)
    assert shown.card.mentions.count == 1
    shown.card.mentions.remove_wanted.emit(shown.card.mentions._lines[0].remove)
    settle(qtbot, shown)
    assert shown.card.mentions.count == 0


def test_fields_change_the_entry(hands: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make(hands, "Region Ådalen")
    shown = pane(hands, qtbot)
    shown.list.setFocus()
    hands.press("R")
    assert QApplication.focusWidget() is shown.card.name
    shown.card.name.clear()
    shown.card.name.insert("Ådalsregionen")
    QTest.keyClick(shown.card.name, Qt.Key.Key_Return)
    shown.card.aliases.setFocus()
    shown.card.aliases.setPlainText("Region Ådalen\n\nRÅ 😀 ")
    shown.card.aliases.document().setModified(True)
    shown.card.aliases.flush()
    shown.card.links["wikidata"].insert("Q12")
    shown.card.links["wikidata"].flush()
    settle(qtbot, shown)
    thing = views.thing(hands.workspace, made)
    assert thing is not None
    assert thing[2:5] == ("Ådalsregionen", ("Region Ådalen", "RÅ 😀"), {"wikidata": "Q12"})
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    shown.card.opens["wikidata"].click()
    assert opened == ["https://www.wikidata.org/wiki/Q12"]
    shown.card.links["web"].insert("javascript:alert(1)")
    shown.card.links["web"].flush()
    settle(qtbot, shown)
    shown.card.opens["web"].click()
    assert len(opened) == 1 and "address" in hands.said[-1][0]


def test_entries_are_merged_split_and_deleted_by_keys(
    hands: Any, qtbot: QtBot, answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept(hands, "region", "region again")
    keys = [hands.mark(name).annotation for name in ("region", "region again")]
    first = make(hands, "Region Ådalen", mentions=(keys[0],))
    second = make(hands, "Zonen", mentions=(keys[1],))
    asked: list[str] = []
    monkeypatch.setattr(keeping, "confirm", lambda _parent, _title, text, _yes, **_: asked.append(text) or True)
    shown = pane(hands, qtbot)
    shown.show_thing(second)
    answer(FindThing, lambda dialog: dialog.field.setText("region"))
    shown.list.setFocus()
    hands.press("M")
    settle(qtbot, shown)
    assert "1 mention" in asked[-1]
    assert [(line.key, line.title) for line in shown.model.lines] == [(first, "Region Ådalen")]

    def some(dialog: Any) -> None:
        assert not dialog.chosen
        dialog.model.setData(dialog.model.index(0, 0), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
        dialog.name.setText("Delen")

    answer(MentionsDialog, some)
    shown.list.setFocus()
    hands.press("S")
    settle(qtbot, shown)
    assert sorted(line.title for line in shown.model.lines) == ["Delen", "Region Ådalen"]
    shown.list.go_to(0)
    hands.press("Del")
    settle(qtbot, shown)
    assert [line.title for line in shown.model.lines] == ["Region Ådalen"]
    assert hands.steps()[-3:] == ["merge-things", "split-mentions", "delete-things"]


def test_entries_of_one_name_are_made_one(hands: Any, qtbot: QtBot) -> None:
    make(hands, "Region Ådalen")
    make(hands, "region ådalen")
    shown = pane(hands, qtbot)
    shown.show_mode("twins")
    assert [line.title for line in shown.model.lines] == ["Region Ådalen"]
    shown.list.setFocus()
    hands.press("M")
    settle(qtbot, shown)
    assert not shown.model.lines
    assert len(views.listing(hands.workspace)) == 1


def test_a_group_becomes_an_entry(hands: Any, qtbot: QtBot, answer: Any) -> None:
    accept(hands, "signe", "signe again")
    shown = pane(hands, qtbot)
    shown.show_mode("new")
    answer(MentionsDialog, lambda dialog: dialog.name.setText("Signe M. Ström"))
    shown.list.setFocus()
    hands.press("N")
    settle(qtbot, shown)
    (row,) = views.listing(hands.workspace)
    assert row.thing[2:4] == ("Signe M. Ström", ("Signe Ström",))
    assert row.mentions == 2


def test_registers_are_imported_and_exported(hands: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(hands, "Region Ådalen")
    for suffix, act in ((".json", "register.export"), (".csv", "register.export-table")):
        path = tmp_path / f"ut{suffix}"
        monkeypatch.setattr(files, "save_file", lambda *_, path=path: path)
        hands.window.actions_by_id.run(act)
        assert "Region Ådalen" in path.read_text("utf-8-sig")
    monkeypatch.setattr(files, "open_file", lambda *_: tmp_path / "ut.json")
    hands.window.actions_by_id.run("register.import")
    assert "0 entries" in hands.said[-1][0]
    (tmp_path / "ut.json").write_text("{}")
    hands.window.actions_by_id.run("register.import")
    assert hands.said[-1][1] == "error"
    hands.window.actions_by_id.run("register.import-starter")
    assert int(re.findall(r"\d+", hands.said[-1][0])[0]) > 100
    hands.window.actions_by_id.run("register.sure")
    assert hands.workspace.option(views.CONFIRM_OPTION) == "1"


def test_nothing_is_changed_in_a_project_that_is_read_only(hands: Any, qtbot: QtBot, monkeypatch: Any) -> None:
    make(hands, "Region Ådalen")
    monkeypatch.setattr(type(hands.workspace), "read_only", property(lambda _: True))
    shown = pane(hands, qtbot)
    shown.show_focused()
    assert shown.card.name.isReadOnly()
    assert not [
        one for one in shown.card.findChildren(QPushButton) if one.isVisible() and one in shown.card.buttons.values()
    ]
    shown.list.setFocus()
    for key in ("Del", "M", "S", "N"):
        hands.press(key)
    assert len(views.listing(hands.workspace)) == 1


@pytest.mark.parametrize("language", ["en", "sv"])
def test_nothing_is_clipped_or_nameless(hands: Any, qtbot: QtBot, language: str) -> None:
    accept(hands, "region")
    make(hands, "Region Ådalen", aliases=("RÅ",))
    set_language(language)
    hands.window.retranslate()
    shown = pane(hands, qtbot)
    for button in shown.card.findChildren(QPushButton):
        if button.isVisible():
            assert button.width() >= button.minimumSizeHint().width()
            assert button.text() and button.toolTip()
    for field in (shown.field, shown.mode, shown.label, shown.order, shown.list, shown.card.name, shown.card.aliases):
        assert field.accessibleName()
    assert shown.keys.text().count("·") == 6
