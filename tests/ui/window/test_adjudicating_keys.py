"""Adjudicating with the keyboard: what each key does to the case in focus, and what is seen of it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.messages import set_language, tr
from models.spans import Span
from tests.ui.window.adjudication_bench import FACT, PEOPLE, Bench, place
from ui.case_words import passage
from ui.dialogs.take_at_once import TakeAtOnceDialog


def test_the_pane_lists_cases_in_text_order_and_takes_the_keyboard(bench: Bench) -> None:
    pane = bench.pane
    assert pane.list.hasFocus()
    rows = [pane.model.data(pane.model.index(row, 0)) for row in range(pane.model.rowCount())]
    assert rows == [
        "Region A\u030adalen: boundaries differ, labels differ",
        "Vi sparar tolv procent: only some have it, facets differ",
        "Signe Ström: all agree",
        "Vi sparar tolv procent → Signe Ström: only some have it",
        "Bo Ek: only some have it",
    ]
    assert pane.count.text() == "0 of 5 cases decided"
    assert [line.name.text() for line in pane.view.lines] == list(PEOPLE)


def test_numbers_take_readings_and_go_on_to_the_next_open_case(bench: Bench) -> None:
    bench.press("3")
    assert bench.words_in_focus == "Vi sparar tolv procent"
    bench.press("2")
    assert bench.words_in_focus == "Signe Ström"
    bench.press("Return")
    assert "→" in bench.words_in_focus
    bench.press("1", "X")
    found = [(one.label, " ".join(one.exact), one.note) for one in bench.reading()]
    assert found == [
        ("PLACE", "A\u030adalen", None),
        ("CLAIM", "Vi sparar tolv\u00a0procent", "bo: Siffran är osäker."),
        ("PERSON", "Signe Ström", None),
        ("ATTRIBUTED_TO", "", None),
    ]
    assert bench.pane.count.text() == "5 of 5 cases decided"
    assert bench.said[-1] == (tr("adjudication.all-decided"), "done")


def test_attributes_of_several_readings_are_mixed(bench: Bench) -> None:
    bench.press("B", "3")
    assert "Being put together" in bench.pane.view.mixture.name.text()
    bench.press("L")
    assert bench.pane.view.mixture.name.text() == tr("adjudication.pending-label")
    bench.press("1", "Return")
    (made,) = bench.reading()
    assert (made.label, made.exact) == ("ORGANISATION", ("A\u030adalen",))
    assert len(made.origin["from"]) == 2  # type: ignore[arg-type]
    assert not bench.pane.view.mixture.isVisible()


def test_facets_come_from_another_reading_or_by_hand(bench: Bench) -> None:
    bench.press("J", "B", "1", "F", "2", "Return")
    assert dict(bench.reading()[0].facets) == FACT
    bench.press("K", "Shift+F")
    wanted = next(n for n, line in enumerate(bench.popup()) if "Assessment" in line)
    bench.press(*["Down"] * wanted, "Return", "Return")
    assert dict(bench.reading()[0].facets) == {"kind": "assessment", "mode": "direct"}


def test_escape_drops_the_mixture_and_then_leaves_for_the_text(bench: Bench) -> None:
    bench.press("B", "3", "Esc")
    assert not bench.pane.view.mixture.isVisible() and bench.pane.list.hasFocus()
    bench.press("Esc")
    assert bench.reader.hasFocus() and bench.reading() == []


def test_another_case_begins_with_nothing_put_together(bench: Bench) -> None:
    bench.press("B", "3", "Down", "Up", "Return")
    assert bench.reading() == [] and bench.said[-1][0] == tr("adjudication.choose-a-reading")


def test_boundaries_move_by_keys_and_a_new_reading_gets_its_label(bench: Bench) -> None:
    bench.press("Alt+Right", "N", "2", "Return")
    (made,) = bench.reading()
    assert (made.label, made.exact[0].split()[-1]) == ("ROLE", "😀")
    assert made.origin["from"] == []


def test_words_selected_beside_the_case_make_a_new_one(bench: Bench) -> None:
    bench.reader.select(place("hemsjuk\u00advården")[0])
    bench.press("N", "6", "Return")
    (made,) = bench.reading()
    assert (made.label, made.exact) == ("SERVICE", ("hemsjuk\u00advården",))
    cases = bench.pane.cases
    assert cases is not None and len(cases.cases) == 6
    assert bench.words_in_focus == "Region A\u030adalen", "one goes on where one was"
    assert bench.pane.go_to(made.id)
    bench.press("U")
    assert bench.reading() == [] and bench.pane.count.text() == "0 of 5 cases decided"


def test_all_wrong_open_again_and_undo(bench: Bench) -> None:
    bench.press("X")
    assert bench.pane.count.text() == "1 of 5 cases decided"
    bench.press("K")
    assert "All are wrong." in bench.pane.view.state.text()
    bench.press("U")
    assert bench.pane.count.text() == "0 of 5 cases decided"
    bench.press("1", "Ctrl+Z")
    assert bench.reading() == [] and bench.words_in_focus == "Region A\u030adalen"
    assert bench.steps() == ["adjudicate-wrong", "adjudicate-reopen"]


def test_a_relation_that_nobody_has_is_drawn_between_cases(bench: Bench) -> None:
    bench.press("R")
    assert bench.said[-1][0] == tr("adjudication.relate-what-is-taken")
    bench.press("1", "K", "R")
    assert "Region A\u030adalen" in bench.window.document.hint.text()
    bench.look_for("Signe Ström", "PERSON")
    bench.press("Return")
    bench.look_for("Signe Ström", "PERSON")
    bench.press("R")
    wanted = next(n for n, line in enumerate(bench.popup()) if "works for" in line)
    bench.press(*["Down"] * wanted, "Return")
    made = bench.reading()[-1]
    known = {one.id: one.exact for one in bench.reading()}
    assert (made.label, known[made.head or ""]) == ("WORKS_FOR", ("Signe Ström",))
    assert bench.pane.count.text() == "3 of 6 cases decided"
    assert bench.window.document.hint.isHidden()
    bench.press("R", "Ctrl+6")
    assert bench.window.document.hint.isHidden(), "another pane, another matter"


def test_a_relation_without_its_end_asks_for_it(bench: Bench) -> None:
    bench.look_for("Signe Ström", "PERSON")
    bench.press("Return")
    assert "→" in bench.words_in_focus
    assert "One end" in bench.pane.view.state.text()
    bench.press("1")
    assert bench.said[-1][1] == "error" and "Vi sparar" in bench.said[-1][0]
    bench.press("E")
    assert bench.words_in_focus == "Vi sparar tolv procent"
    bench.press("1")
    assert "→" in bench.words_in_focus and "Open" in bench.pane.view.state.text()
    bench.press("2")
    assert [one.label for one in bench.reading()] == ["CLAIM", "PERSON", "ATTRIBUTED_TO"]


def test_the_text_shows_the_adjudicated_reading_and_each_voice(bench: Bench) -> None:
    assert bench.shown() == set()
    voices = bench.reader.accents.voices
    assert [(one.number, one.spans) for one in voices] == [
        (1, place("Region A\u030adalen")),
        (2, place("Region A\u030adalen")),
        (3, place("A\u030adalen")),
    ]
    bench.press("1")
    assert bench.shown() == {"Region A\u030adalen"}
    bench.reader.grab()
    bench.press("Ctrl+6")
    assert bench.shown() != {"Region A\u030adalen"}, "beside other panes the text shows what it shows anyway"
    assert bench.reader.accents.voices == ()


def test_what_is_taken_at_once_is_one_step(bench: Bench, qtbot: QtBot) -> None:
    dialog = TakeAtOnceDialog(bench.window.bridge, bench.window.side.within, None, bench.window)
    qtbot.addWidget(dialog)
    dialog.majority.setChecked(True)
    qtbot.waitUntil(dialog.take.isEnabled)
    said = dialog.result_words.text()
    assert said.startswith("2 of 5 cases would be taken.\nOrganisation 1, Person 1\n0 are decided already, 3 would")
    assert tr("adjudication.would-held", count=1) in said
    dialog.everywhere.setChecked(True)
    qtbot.waitUntil(lambda: "of 10 cases" in dialog.result_words.text())
    outcome = bench.window.bridge.run(dialog.command())
    assert outcome is not None and f"{outcome.count} of 10" in dialog.result_words.text()
    bench.press("Ctrl+Z")
    assert bench.reading() == []


def test_without_a_label_nothing_can_be_taken_at_once(bench: Bench, qtbot: QtBot) -> None:
    from PySide6.QtCore import Qt

    dialog = TakeAtOnceDialog(bench.window.bridge, bench.window.side.within, None, bench.window)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(dialog.take.isEnabled)
    for row in range(dialog._labels.count()):
        dialog._labels.item(row).setCheckState(Qt.CheckState.Unchecked)
    assert not dialog.take.isEnabled()
    assert dialog.result_words.text() == tr("adjudication.at-once-no-label")


def test_hidden_names_are_letters_and_stay_out_of_notes(bench: Bench) -> None:
    bench.press("H")
    names = [line.name.text() for line in bench.pane.view.lines]
    assert set(names) <= {f"Annotator {letter}" for letter in "ABCD"} and names == sorted(names)
    case = next(reader for reader in bench.pane.readers if reader.id == "bo")
    bench.look_for("Vi sparar", "CLAIM")
    bench.press(str(case.number))
    assert bench.reading()[0].note == "Siffran är osäker."
    bench.press("H")
    assert [line.name.text() for line in bench.pane.view.lines] == list(PEOPLE)


@pytest.mark.parametrize(
    ("shown", "rows"),
    [("all", 5), ("disagreements", 4), ("agree", 1), ("facets", 1), ("questions", 1), ("decided", 0), ("label", 1)],
)
def test_the_filter_lists_what_it_says(bench: Bench, shown: str, rows: int) -> None:
    bench.pane.filter.shown.show_value(shown)
    bench.pane.filter.changed.emit()
    assert bench.pane.model.rowCount() == rows
    assert bench.pane.empty.isHidden() == (rows > 0)


def test_each_annotator_can_see_what_differs_from_theirs(bench: Bench) -> None:
    bench.press("3")
    bench.pane.filter.shown.show_value(("told", "anna"))
    bench.pane.filter.changed.emit()
    assert bench.pane.model.rowCount() == 1
    bench.pane.filter.shown.show_value(("told", "cilla"))
    bench.pane.filter.changed.emit()
    assert bench.pane.model.rowCount() == 0


def test_fewer_annotators_make_other_cases(bench: Bench) -> None:
    for entry in bench.pane.filter._menu.actions():
        if entry.text() == "cilla":
            entry.trigger()
    QApplication.processEvents()
    assert [line.isVisible() for line in bench.pane.view.lines] == [True, True, False]
    cases = bench.pane.cases
    assert cases is not None and [sorted(case.differences) for case in cases.cases] == [[], ["facets"], [], []]


def test_another_document_has_its_own_cases_and_a_mark_leads_to_its_case(bench: Bench) -> None:
    bench.press("1", "Return")
    bench.window.bridge.open_document(bench.workspace.reads.document_by_name("b.txt"))
    QApplication.processEvents()
    assert bench.pane.count.text() == "0 of 5 cases decided"
    bench.window.bridge.open_document(bench.workspace.reads.document_by_name("a.txt"))
    QApplication.processEvents()
    bench.reader.focus_mark(bench.reading()[0].id)
    assert bench.words_in_focus == "Region A\u030adalen"


def test_everything_is_said_in_the_other_language(bench: Bench) -> None:
    set_language("sv")
    bench.window.retranslate()
    QApplication.processEvents()
    bench.press("B")
    assert bench.pane.count.text() == "0 av 5 fall avgjorda"
    assert bench.pane.view.mixture.name.text() == "Gränser från vilken läsning? Tryck på dess nummer."


def test_what_not_all_cover_stands_out() -> None:
    said = passage("Åsa & Bo 😀 ler", (Span(0, 8),), [(Span(0, 8),), (Span(6, 8),)], "#fff", "#000")
    assert said.count("<u>Åsa &amp; </u>") == 1
    assert 'background-color:#fff">Bo</span> 😀 ler' in said
    long = "x" * 1000
    assert len(passage(long, (Span(0, 1000),), [(Span(0, 1000),)], "#fff", "#000")) < 600
