"""The label set editor in the hands of a curator."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.workspace import default_label_set
from ui.bridge import Bridge
from ui.dialogs import files
from ui.dialogs.facet_form import FacetForm
from ui.dialogs.label_form import LabelForm
from ui.dialogs.label_group import GroupPage
from ui.dialogs.label_set import LabelSetDialog


@pytest.fixture
def dialog(bridge: Bridge, qtbot: QtBot, agree: list[str]) -> LabelSetDialog:
    made = LabelSetDialog(bridge)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def page(dialog: LabelSetDialog, group: str, wanted: str) -> GroupPage:
    """Show a group with one record picked."""
    found = dialog.pages[group]  # type: ignore[index]
    dialog.tabs.setCurrentWidget(found)
    ids = [one["id"] for one in dialog.draft.records(group)]  # type: ignore[arg-type]
    found.labels.list.setCurrentRow(ids.index(wanted))
    return found


def fields(dialog: LabelSetDialog, group: str, wanted: str) -> LabelForm:
    form = page(dialog, group, wanted).form
    assert isinstance(form, LabelForm)
    return form


def test_nothing_can_be_applied_before_a_change(dialog: LabelSetDialog) -> None:
    assert not dialog.go_on.isEnabled()


def test_a_renamed_label_is_applied_as_one_step(dialog: LabelSetDialog, bridge: Bridge, qtbot: QtBot) -> None:
    form = fields(dialog, "entities", "ORGANISATION")
    before = len(bridge.workspace.reads.history())
    form.name.selectAll()
    qtbot.keyClicks(form.name, "AKTÖR")
    dialog.go_on.click()
    said = " ".join(_words(dialog))
    assert "2 annotations are called AKTÖR" in said
    with qtbot.waitSignal(bridge.changed), qtbot.waitSignal(dialog.accepted):
        dialog.go_on.click()
    labels = bridge.workspace.reads.label_set()
    assert labels.get("ORGANISATION").name == "AKTÖR"  # type: ignore[union-attr]
    assert labels.version == 2
    assert len(bridge.workspace.reads.history()) == before + 1
    bridge.workspace.undo()
    assert bridge.workspace.reads.label_set().get("ORGANISATION").name == "ORGANISATION"  # type: ignore[union-attr]


def _words(dialog: LabelSetDialog) -> list[str]:
    from PySide6.QtWidgets import QLabel

    return [label.text() for label in dialog.effect.findChildren(QLabel)]


def test_a_new_label_gets_an_id_a_free_colour_and_can_be_used(dialog: LabelSetDialog, qtbot: QtBot) -> None:
    group = page(dialog, "entities", "PERSON")
    group.labels.add.click()
    form = group.form
    assert isinstance(form, LabelForm)
    qtbot.keyClicks(form.name, "Vårdplats")
    qtbot.keyClicks(form.titles.fields["sv"], "Vårdplats")
    assert group.labels.current == "VARDPLATS"
    assert not dialog.trouble.isVisible()
    dialog.go_on.click()
    dialog.go_on.click()
    found = dialog._bridge.workspace.reads.label_set().get("VARDPLATS")
    assert found is not None and found.title == {"sv": "Vårdplats"}


@pytest.mark.parametrize("choice", ["PLACE", None])
def test_annotations_of_a_removed_label_go_where_told(
    dialog: LabelSetDialog, bridge: Bridge, choice: str | None
) -> None:
    page(dialog, "entities", "ORGANISATION").labels.remove.click()
    dialog.go_on.click()
    assert list(dialog.effect.choices) == ["ORGANISATION"]
    assert not dialog.go_on.isEnabled()
    box = dialog.effect.choices["ORGANISATION"]
    box.setCurrentIndex(box.findData(choice) if choice else box.count() - 1)
    assert dialog.go_on.isEnabled()
    dialog.go_on.click()
    assert bridge.document is not None
    labels = [one.label for one in bridge.workspace.reads.annotations(bridge.document)]
    assert labels.count("ORGANISATION") == 0
    assert labels.count("PLACE") == (2 if choice else 0)
    bridge.workspace.undo()
    labels = [one.label for one in bridge.workspace.reads.annotations(bridge.document)]
    assert labels.count("ORGANISATION") == 2


def test_a_key_conflict_shows_at_once_and_stops(dialog: LabelSetDialog, qtbot: QtBot) -> None:
    form = fields(dialog, "entities", "ROLE")
    form.key.clear()
    qtbot.keyClicks(form.key, "1")
    assert "Person" in dialog.trouble.text()
    assert not dialog.go_on.isEnabled()
    form.key.clear()
    qtbot.keyClicks(form.key, "z")
    assert not dialog.trouble.isVisible()
    assert dialog.go_on.isEnabled()


def test_a_close_colour_is_a_warning_only(dialog: LabelSetDialog, qtbot: QtBot) -> None:
    form = fields(dialog, "entities", "ROLE")
    form.colour.number.setText("#012aff")
    qtbot.keyClick(form.colour.number, Qt.Key.Key_Tab)
    form.colour.number.editingFinished.emit()
    assert "alike" in dialog.trouble.text()
    assert dialog.go_on.isEnabled()


def test_a_relation_is_given_pairs(dialog: LabelSetDialog) -> None:
    form = fields(dialog, "relations", "FUNDS")
    pairs = form.pairs
    before = pairs.list.count()
    pairs.head.setCurrentIndex(pairs.head.findData("PLACE"))
    pairs.tail.setCurrentIndex(pairs.tail.findData("*"))
    pairs.add.click()
    assert pairs.list.count() == before + 1
    assert not pairs.add.isEnabled()
    assert ["PLACE", "*"] in dialog.draft.record("relations", "FUNDS")["pairs"]
    pairs.list.item(0).setSelected(True)
    pairs.remove.click()
    assert len(dialog.draft.record("relations", "FUNDS")["pairs"]) == before
    form.symmetric.click()
    assert "↔" in pairs.list.item(0).text()


def test_values_of_a_facet_are_added_named_and_removed(dialog: LabelSetDialog) -> None:
    form = page(dialog, "facets", "kind").form
    assert isinstance(form, FacetForm)
    before = form.values.rowCount()
    form.add.click()
    form.values.item(before, 1).setText("Promise")
    form.values.item(before, 0).setText("Löfte")
    form.values.item(before, 2).setText("L")
    made = dialog.draft.record("facets", "kind")["values"][-1]
    assert made == {"id": "promise", "title": {"sv": "Löfte", "en": "Promise"}, "description": {}, "key": "l"}
    form.values.item(0, 1).setText("Truth")
    assert dialog.draft.record("facets", "kind")["values"][0]["id"] == "fact"
    form.values.setCurrentCell(0, 0)
    form.remove.click()
    dialog.go_on.click()
    assert any("1 claim carries this" in words for words in _words(dialog))


def test_labels_are_reordered_by_keys(dialog: LabelSetDialog, qtbot: QtBot) -> None:
    group = page(dialog, "entities", "ROLE")
    group.labels.list.setFocus()
    qtbot.keyClick(group.labels.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [one["id"] for one in dialog.draft.records("entities")][:2] == ["ROLE", "PERSON"]
    assert group.labels.current == "ROLE"


def test_a_set_goes_out_and_comes_in(
    dialog: LabelSetDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "etiketter.json"
    monkeypatch.setattr(files, "save_file", lambda *_: path)
    monkeypatch.setattr(files, "open_file", lambda *_: path)
    dialog.save.click()
    data = json.loads(path.read_text("utf-8"))
    assert data == default_label_set()
    data["entities"] = data["entities"][:2]
    for relation in data["relations"]:
        relation["pairs"] = [
            pair for pair in relation["pairs"] if set(pair) <= {"PERSON", "ROLE", "CLAIM", "*"}
        ]
    path.write_text(json.dumps(data))
    dialog.load.click()
    assert re.search(r"\(2\)", dialog.tabs.tabText(0))
    assert dialog.draft.changed
    path.write_text("no")
    dialog.load.click()
    assert dialog.trouble.isVisible()
    assert len(dialog.draft.records("entities")) == 2


def test_leaving_with_changes_asks_first(dialog: LabelSetDialog, agree: list[str], qtbot: QtBot) -> None:
    form = fields(dialog, "entities", "ROLE")
    qtbot.keyClicks(form.name, "R")
    dialog.reject()
    assert len(agree) == 1
    assert not dialog.isVisible()


def test_a_refusal_is_said_in_the_dialog(dialog: LabelSetDialog, bridge: Bridge) -> None:
    bridge.notice.emit("It cannot be done.", "error")
    assert "It cannot be done." in dialog.trouble.text()


def test_going_back_keeps_the_draft(dialog: LabelSetDialog) -> None:
    page(dialog, "entities", "ORGANISATION").labels.remove.click()
    dialog.go_on.click()
    dialog.back.click()
    assert "ORGANISATION" not in [one["id"] for one in dialog.draft.records("entities")]
    assert dialog.go_on.isEnabled()
