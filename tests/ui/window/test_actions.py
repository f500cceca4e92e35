"""Every action can be carried out, is called something, and has its keys to itself."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence

from app.messages import set_language, tr
from tests.ui.window.conftest import Hands
from ui.actions import ACTIONS, Action, action


@pytest.mark.parametrize("entry", ACTIONS, ids=lambda entry: entry.id)
def test_an_action_has_a_method_and_a_title_in_both_languages(empty_window: Hands, entry: Action) -> None:
    place, name = entry.do.split(".")
    owner = empty_window.window if place == "window" else getattr(empty_window.window, place)
    assert callable(getattr(owner, name))
    titles = set()
    for language in ("en", "sv"):
        set_language(language)
        titles.add(tr(entry.title_key))
    assert entry.title_key not in titles
    assert all(not QKeySequence(keys).isEmpty() for keys in entry.keys)


def test_no_two_actions_share_a_key() -> None:
    """A side pane's keys may mean something else in the text: only one of them has the keyboard."""
    for pane in {entry.pane for entry in ACTIONS}:
        heard = [entry for entry in ACTIONS if entry.pane == pane or not (entry.reader or entry.pane)]
        counts = Counter(QKeySequence(keys).toString().lower() for entry in heard for keys in entry.keys)
        assert not [keys for keys, count in counts.items() if count > 1]


def test_no_two_actions_share_an_id_and_an_unknown_one_is_an_error() -> None:
    assert len({entry.id for entry in ACTIONS}) == len(ACTIONS)
    with pytest.raises(KeyError):
        action("nothing.of-the-sort")


def test_each_label_of_the_default_set_has_its_key(hands: Hands) -> None:
    labels = hands.workspace.reads.label_set()
    taken = {keys.lower(): entry for entry in ACTIONS if entry.reader for keys in entry.keys}
    swallowed = [one.id for one in (*labels.entities, *labels.claims) if one.key and one.key in taken]
    assert swallowed == ["CLAIM"] and taken["c"].id == "curate.claim"  # which makes a claim, as the label's would
    keyed = {line[2].lower() for line in hands.window.actions_by_id.cheat_sheet() if line[0] == tr("window.label-keys")}
    assert keyed == {one.key for one in labels.entities}


def test_the_cheat_sheet_names_every_key_and_the_palette_every_action(hands: Hands) -> None:
    sheet = hands.window.actions_by_id.cheat_sheet()
    assert {tr(entry.title_key) for entry in ACTIONS if entry.keys} <= {title for _, title, _ in sheet}
    assert all(keys for *_, keys in sheet)
    assert [line[0] for line in hands.window.actions_by_id.palette()] == [entry.id for entry in ACTIONS]


def test_only_what_makes_sense_is_enabled(empty_window: Hands, hands: Hands) -> None:
    actions = hands.window.actions_by_id
    assert actions.qt("curate.accept").isEnabled() and actions.qt("project.import").isEnabled()
    hands.window.bridge.open_document(None)
    assert not actions.qt("curate.accept").isEnabled() and actions.qt("project.import").isEnabled()
    hands.window.projects.close()
    assert not actions.qt("project.import").isEnabled() and actions.qt("project.open").isEnabled()
    for entry in ACTIONS:
        if entry.needs != "nothing":
            actions.run(entry.id)  # does nothing, rather than fail


def test_a_new_label_set_brings_its_keys(hands: Hands) -> None:
    from app import commands

    data = hands.workspace.reads.label_set().to_json()
    data["entities"][0]["key"] = "z"
    hands.window.bridge.run(commands.ChangeLabelSet(label_set=data))
    hands.look("place")
    hands.press("1")
    assert hands.mark("place").label == "PLACE"
    hands.press("Z")
    assert hands.mark("place").label == "PERSON"
