"""Judging by single keys: accept, reject, take back, furniture, done, notes, undo and the order of Escape."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app import commands
from tests.ui.window.conftest import TEXT, Hands, span


def test_enter_accepts_and_goes_on(hands: Hands) -> None:
    hands.press("Tab")
    first = hands.focused
    hands.press("Return")
    assert hands.now(first.key).state == "accepted"
    assert hands.focused.key != first.key and hands.focused.state == "suggested"
    hands.reader.focus_mark(first.key)
    hands.press("Return")
    assert hands.steps() == ["accept"]  # what is judged is left as it is
    assert hands.focused.state == "suggested"


def test_the_last_suggestion_says_that_none_is_left(hands: Hands) -> None:
    hands.press("Tab")
    for _ in range(8):
        hands.press("Return")
    assert not [m for m in hands.workspace.marks.marks(hands.document) if m.state == "suggested"]
    assert hands.said[-1][1] == "info" and "No open suggestions" in hands.said[-1][0]


@pytest.mark.parametrize(("keys", "here", "elsewhere"), [("X", 1, 0), ("Shift+X", 2, 0), ("Ctrl+Shift+X", 2, 4)])
def test_x_rejects_as_far_as_wanted(hands: Hands, keys: str, here: int, elsewhere: int) -> None:
    hands.look("signe")
    hands.press(keys)
    others = [one for one in hands.window.corpus.model.ids if one != hands.document]
    rejected = [
        sum(m.state == "rejected" for m in hands.workspace.marks.marks(one) if m.label == "PERSON")
        for one in (hands.document, *others)
    ]
    assert (rejected[0], sum(rejected[1:])) == (here, elsewhere)
    assert hands.focused.state == "suggested" and hands.steps() == ["reject"]
    assert [level for _, level in hands.said] == ([] if keys == "X" else ["done"])


def test_u_takes_a_decision_back(hands: Hands) -> None:
    hands.look("signe")
    hands.press("X")
    hands.look("signe")
    hands.press("U")
    assert hands.mark("signe").state == "suggested"
    hands.press("U")
    assert hands.said[-1][1] == "error"


def test_x_and_delete_on_what_was_made_by_hand(hands: Hands) -> None:
    for keys in ("X", "Del", "Backspace"):
        hands.reader.select(span("planen"))
        hands.press("5")
        made = hands.focused
        assert made.state == "manual"
        hands.press(keys)
        assert not [m for m in hands.workspace.marks.marks(hands.document) if m.key == made.key]


def test_shift_enter_accepts_all_with_the_label(hands: Hands) -> None:
    hands.look("bo")
    hands.press("Shift+Return")
    assert [hands.mark(name).state for name in ("signe", "bo", "signe again")] == ["accepted"] * 3
    assert hands.mark("region").state == "suggested"
    assert hands.steps() == ["accept-all"]


def test_keys_without_a_mark_say_what_to_do(hands: Hands) -> None:
    for keys in ("X", "U", "Del", "N", "F", "S", "A", "Shift+Return", "R", "Alt+Right", "M", "G", "1", "L"):
        hands.said.clear()
        hands.reader.focus_mark(None)
        hands.press(keys)
        assert hands.said and hands.said[-1][1] == "info", keys
        assert QApplication.activePopupWidget() is None, keys
    assert hands.steps() == []


def test_g_marks_furniture_and_lifts_it(hands: Hands) -> None:
    footer = span("Kontakta oss gärna.")
    hands.reader.select(footer)
    hands.press("G")
    assert hands.workspace.reads.document(hands.document).furniture == (footer,)
    assert hands.reader.flow is not None and footer in tuple(hands.reader.flow.furniture)
    hands.reader.select(span("oss"))
    hands.press("G")
    assert all(not block.overlaps(span("oss")) for block in hands.workspace.reads.document(hands.document).furniture)


def test_d_is_done_and_goes_to_the_next_open_document(hands: Hands) -> None:
    first, second, third = hands.window.corpus.model.ids
    hands.window.bridge.run(commands.SetDone(document=second))
    hands.press("D")
    assert hands.workspace.reads.document(first).state == "done"
    assert hands.document == third and hands.reader.hasFocus()
    hands.press("D")
    assert hands.said[-1] == ("All documents are done.", "done")
    hands.press("D")  # opens it again, and stays
    assert hands.document == third and hands.workspace.reads.document(third).state == "open"


def test_n_and_shift_n_give_the_keyboard_to_a_note(hands: Hands) -> None:
    hands.look("bo")
    hands.press("N")
    QApplication.processEvents()
    inspector = hands.window.side.inspector
    focus = QApplication.focusWidget()
    assert focus is not None and inspector.isAncestorOf(focus)
    hands.press("X", "D")  # letters now
    assert hands.steps() == [] and hands.mark("bo").state == "suggested"
    hands.press("Escape")
    assert hands.reader.hasFocus() and hands.mark("bo").note == "xd"
    hands.press("Shift+N")
    focus = QApplication.focusWidget()
    assert focus is not None and inspector.document_page.isAncestorOf(focus)


def test_undo_and_redo_take_the_eye_there_in_another_document_too(hands: Hands) -> None:
    first, second, _ = hands.window.corpus.model.ids
    hands.look("signe")
    hands.press("X")
    hands.press("Ctrl+PgDown")
    assert hands.document == second
    hands.press("Ctrl+Z")
    assert hands.document == first and hands.focused.key == hands.mark("signe", first).key
    assert hands.mark("signe", first).state == "suggested"
    hands.window.bridge.open_document(second)
    hands.press("Ctrl+Shift+Z")
    assert hands.document == first and hands.mark("signe", first).state == "rejected"
    hands.press("Ctrl+Z", "Ctrl+Z")
    assert hands.said[-1][1] == "info" and hands.steps() == []
    hands.press("Ctrl+Y")
    assert hands.steps() == ["reject"]


def test_escape_leaves_relating_then_the_selection_then_the_mark(hands: Hands) -> None:
    hands.look("signe")
    hands.press("R")
    hands.reader.select(span("planen"))
    hands.press("Escape")
    assert not hands.window.relating.active and hands.reader.fragments and hands.reader.focused
    hands.press("Escape")
    assert not hands.reader.fragments and hands.reader.focused
    hands.press("Escape")
    assert hands.reader.focused is None


def test_copying_takes_the_selection_or_the_mark_exactly(hands: Hands) -> None:
    hands.look("claim")
    hands.press("Ctrl+C")
    assert QGuiApplication.clipboard().text() == "Vi sparar tolv\u00a0procent"
    hands.reader.select(span("hemsjuk\u00advården"))
    hands.press("Ctrl+C")
    assert QGuiApplication.clipboard().text() == "hemsjuk\u00advården"


def test_walking_by_key_brings_the_caret_along(hands: Hands) -> None:
    hands.look("region")
    hands.press("J", "J")
    assert hands.reader.accents.caret == hands.focused.extent.start
    start = hands.focused.extent.start
    hands.press("Shift+Right")
    assert hands.reader.fragments[0].start == start and TEXT[start] == TEXT[hands.reader.fragments[0].start]
    hands.press("K")
    assert not hands.reader.fragments and hands.reader.accents.caret == hands.focused.extent.start


def test_o_goes_round_the_marks_at_one_place(hands: Hands) -> None:
    hands.reader.focus_mark(hands.mark("place").key)
    hands.press("O")
    assert hands.focused.key == hands.mark("region").key
    hands.press("O")
    assert hands.focused.key == hands.mark("place").key
    hands.look("claim")
    hands.press("O")
    assert hands.focused.kind == "claim"  # nothing else lies there
    hands.reader.focus_mark(None)
    hands.press("O")
    assert hands.said[-1][1] == "info"
