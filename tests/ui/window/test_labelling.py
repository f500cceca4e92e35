"""Labels by key and by list, claims from words and sentences, and boundaries by word and character."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.window.conftest import TEXT, Hands, make_project, span


def test_a_digit_relabels_the_mark_or_makes_one_of_the_selection(hands: Hands) -> None:
    hands.look("region")
    hands.press("4")
    assert hands.mark("region").label == "PLACE" and hands.mark("region").state == "corrected"
    hands.reader.select(span("planen"))
    hands.press("7")
    made = hands.focused
    assert (made.label, made.state, made.spans) == ("DOCUMENT", "manual", (span("planen"),))
    assert not hands.reader.fragments
    assert hands.steps() == ["relabel", "create"]


def test_the_key_of_the_label_it_has_accepts_a_suggestion(hands: Hands) -> None:
    hands.look("bo")
    hands.press("1")
    assert hands.mark("bo").state == "accepted" and hands.steps() == ["accept"]


def test_an_entity_label_leaves_a_claim_alone(hands: Hands) -> None:
    hands.look("claim")
    hands.press("2")
    assert hands.steps() == [] and hands.said[-1][1] == "info"


def test_c_makes_a_claim_of_the_words_or_the_sentence_and_asks_for_its_facets(hands: Hands) -> None:
    hands.reader.select(span("håller med"))
    hands.press("C")
    assert hands.focused.kind == "claim" and hands.words(hands.focused) == "håller med"
    focus = QApplication.focusWidget()
    assert focus is not None and hands.window.side.inspector.isAncestorOf(focus)
    hands.press("Escape")
    assert hands.reader.hasFocus()
    hands.reader.place_caret(span("Signe Ström ler").end)
    hands.reader.focus_mark(None)
    hands.press("C")
    assert hands.words(hands.focused) == "Signe Ström ler."
    assert hands.steps() == ["create", "create"]


def test_f_and_s_go_to_a_claims_facets_and_speaker(hands: Hands) -> None:
    inspector = hands.window.side.inspector
    for keys in ("F", "S"):
        hands.look("claim")
        hands.press("Ctrl+1", keys)
        focus = QApplication.activePopupWidget() or QApplication.focusWidget()
        assert focus is not None and (inspector.isAncestorOf(focus) or focus.window() is not hands.window)
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
    hands.press("Ctrl+1")
    hands.look("bo")
    hands.press("F")
    assert hands.said[-1][1] == "info" and hands.reader.hasFocus()


def test_the_list_of_labels_takes_single_keys(hands: Hands) -> None:
    hands.look("place")
    hands.press("L")
    assert len(hands.popup()) == 12
    hands.press("9")
    assert QApplication.activePopupWidget() is None
    assert hands.mark("place").label == "EVENT"
    hands.press("L", "Escape")
    assert QApplication.activePopupWidget() is None and hands.steps() == ["relabel"]
    hands.press("L", "Down", "Return")
    assert hands.mark("place").label == "ROLE"
    hands.look("claim")
    hands.press("L")
    assert len(hands.popup()) == 1
    hands.press("Escape")
    hands.reader.select(span("planen"))
    hands.press("L")
    assert len(hands.popup()) == 13
    hands.press("X")  # is no label's key: neither chooses nor rejects
    assert QApplication.activePopupWidget() is not None and hands.steps() == ["relabel", "relabel"]
    hands.press("Escape")


@pytest.mark.parametrize("leave", ["another document", "another project", "another language"])
def test_an_open_list_goes_with_what_it_was_about(hands: Hands, leave: str, tmp_path: object) -> None:
    hands.look("place")
    hands.press("L")
    assert hands.popup()
    if leave == "another document":
        hands.window.navigation.next_document()
    elif leave == "another project":
        hands.window.projects.close()
    else:
        hands.window.looks.change(language="sv")
    QApplication.processEvents()
    assert QApplication.activePopupWidget() is None


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("Alt+Right", "Bo Ek håller"),
        ("Alt+Left", "Bo"),
        ("Alt+Shift+Right", "Ek"),
        ("Alt+Shift+Left", "A\u030adalen.\nBo Ek"),
        ("Ctrl+Alt+Right", "Bo Ek "),
        ("Alt+Down", "Bo Ek "),
        ("Ctrl+Alt+Left", "Bo E"),
        ("Alt+Up", "Bo E"),
        ("Ctrl+Alt+Shift+Right", "o Ek"),
        ("Alt+Shift+Down", "o Ek"),
    ],
)
def test_boundaries_move_by_word_and_by_character(hands: Hands, keys: str, words: str) -> None:
    hands.look("bo")
    hands.press(keys)
    assert hands.words(hands.mark("bo")) == words
    assert hands.mark("bo").state == "corrected" and hands.focused.key == hands.mark("bo").key


def test_a_character_is_what_a_person_sees_as_one(hands: Hands) -> None:
    hands.look("place")
    hands.press("Ctrl+Alt+Shift+Right")
    assert hands.words(hands.mark("place")) == "dalen"  # not the ring that belongs to the A
    hands.press("Alt+Shift+Up")
    assert hands.words(hands.mark("place")) == "A\u030adalen"


def test_a_mark_never_becomes_empty(hands: Hands) -> None:
    hands.look("place")
    hands.press(*["Alt+Left"] * 3, *["Alt+Shift+Right"] * 3)
    assert hands.words(hands.mark("place")) == "A\u030adalen"
    hands.press(*["Alt+Up"] * 9)
    assert hands.words(hands.mark("place")) == "A\u030a"


def test_m_gives_the_mark_the_selected_words(hands: Hands) -> None:
    hands.look("bo")
    hands.reader.select(span("Bo Ek håller med"))
    hands.press("M")
    assert hands.words(hands.mark("bo")) == "Bo Ek håller med" and not hands.reader.fragments


def test_the_inspectors_arrows_move_boundaries_too(hands: Hands) -> None:
    hands.look("bo")
    hands.window.side.boundary_wanted.emit("end", 1, "word")
    assert hands.words(hands.mark("bo")) == "Bo Ek håller"


def test_several_kinds_of_claim_are_offered(hands: Hands) -> None:
    from app import commands

    data = hands.workspace.reads.label_set().to_json()
    data["claims"]["labels"].append({"id": "DEMAND", "name": "DEMAND", "title": {"en": "Demand"}, "key": "y"})
    assert hands.window.bridge.run(commands.ChangeLabelSet(label_set=data)) is not None
    hands.reader.select(span("planen"))
    hands.press("C")
    assert len(hands.popup()) == 2
    hands.press("Y")
    assert hands.focused.label == "DEMAND" and TEXT[slice(*hands.focused.extent)] == "planen"


def test_a_project_without_documents_has_nothing_to_label(empty_window: Hands, tmp_path: object) -> None:
    from pathlib import Path

    empty_window.window.bridge.set_workspace(make_project(Path(str(tmp_path)) / "tom.kurator", documents=0))
    empty_window.window.labelling.by_key("PERSON")
    empty_window.window.labelling.claim()
    assert empty_window.steps() == []
