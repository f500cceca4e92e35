"""The document pane keeps step with the project without moving the eye."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import commands
from app.services.corpus import import_documents
from app.workspace import Workspace
from models.documents import SourceDocument
from models.history import Focus, Touched
from models.spans import Span
from models.suggestions import Proposal
from tests.ui.window.conftest import Hands, proposals, suggest

LINE = "Region A\u030adalen 😀 bygger ut sjuk\u00advården för tolv\u00a0procent mer, säger Signe Ström.\n"


@pytest.fixture
def long_document(hands: Hands) -> Hands:
    """The window on a document of many lines, scrolled to its middle."""
    (item,) = import_documents(hands.workspace.writer, hands.workspace.reads, [SourceDocument("lång.txt", LINE * 300)])
    hands.window.bridge.changed.emit(Touched(documents=frozenset({item.document or ""})), None)
    hands.window.bridge.open_document(item.document)
    QApplication.processEvents()
    bar = hands.reader.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    QApplication.processEvents()
    return hands


def every_name() -> list[Proposal]:
    at = [len(LINE) * n + LINE.index("Signe") for n in range(300)]
    return [Proposal("entity", "PERSON", (Span(one, one + 12),), score=0.5, source="prov") for one in at]


def test_suggestions_that_come_for_the_shown_document_do_not_move_it(long_document: Hands, qtbot: QtBot) -> None:
    hands = long_document
    reader = hands.reader
    qtbot.wait(300)  # heights above are measured
    row = reader.anchor_row()
    suggest(hands.workspace, hands.document, every_name())
    touched = Touched(
        documents=frozenset({hands.document}), subjects=frozenset({"documents", "suggestions"}), everything=True
    )
    hands.window.bridge.changed.emit(touched, hands.window.jobs)
    QApplication.processEvents()
    assert reader.flow is not None and len(reader.flow.content.marks) == 300
    assert reader.anchor_row() == row
    focused = reader.focus_next(1)
    assert focused is not None
    suggest(hands.workspace, hands.document, every_name()[::2], "2")
    qtbot.wait(300)
    top = reader.flow.caret(focused.extent.start).top() - reader.y0
    hands.window.bridge.changed.emit(touched, hands.window.jobs)
    QApplication.processEvents()
    assert len(reader.flow.content.marks) == 150
    assert (reader.focused is not None) is (focused.key in reader.flow.content.marks)
    moved = abs(reader.flow.caret(focused.extent.start).top() - reader.y0 - top)
    assert moved <= 2 * reader.metrics.text_height  # no more than the tag that went from above it


def test_a_change_reaches_only_the_marks_it_touched(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    key = hands.mark("bo").key
    asked: list[tuple[str, frozenset[str]]] = []
    some = hands.workspace.marks.some
    monkeypatch.setattr(
        hands.workspace.marks, "some", lambda *what: (asked.append((what[0], frozenset(what[1]))), some(*what))[1]
    )
    hands.window.side.hide()
    outcome = hands.workspace.run(commands.Accept(document=hands.document, key=key))
    asked.clear()
    hands.window.bridge.changed.emit(outcome.touched, None)
    assert asked and all(key in keys and len(keys) < 5 for _, keys in asked)
    shown = hands.reader.mark(key)
    assert shown is not None and shown.state == "accepted"


def test_progress_title_and_done_are_told(hands: Hands) -> None:
    pane = hands.window.document
    assert pane._title.text() == "Beslut 0" and not pane.done.isChecked()
    before = pane._count.text()
    hands.look("bo")
    hands.press("Return")
    assert pane._count.text() != before and "1" in pane._count.text()
    pane.done.click()
    assert hands.workspace.reads.document(hands.document).state == "done" and pane.done.isChecked()
    hands.press("Ctrl+Z")
    assert not pane.done.isChecked()
    hands.window.bridge.run(
        commands.SetDocumentFields(document=hands.document, changes={"title": "Ny <b>titel</b> 😀"})
    )
    assert pane._title.text() == "Ny <b>titel</b> 😀"


def test_a_document_taken_out_is_shown_no_more(hands: Hands) -> None:
    gone = hands.document
    hands.window.bridge.run(commands.RemoveDocuments(documents=(gone,)))
    assert hands.window.bridge.document != gone and hands.reader.document_id != gone
    hands.window.curation.undo()
    assert hands.document == gone


def test_a_corrected_text_is_shown_with_its_marks_in_place(hands: Hands) -> None:
    hands.look("bo")
    hands.press("Return")
    text = "Ny inledning 😀.\n" + hands.workspace.reads.text(hands.document)
    hands.window.bridge.run(commands.ReplaceText(document=hands.document, text=text))
    assert hands.reader.flow is not None and hands.reader.flow.paragraphs.text == text
    (kept,) = [m for m in hands.reader.flow.content.marks.values() if m.annotation]
    assert text[slice(*kept.extent)] == "Bo Ek"


def test_a_new_label_set_colours_what_is_shown(hands: Hands) -> None:
    data = hands.workspace.reads.label_set().to_json()
    data["entities"][0].update(color="#123456", title={"en": "Human", "sv": "Människa"})
    hands.window.bridge.run(commands.ChangeLabelSet(label_set=data))
    assert hands.reader.labels.style("PERSON").color == "#123456"
    assert hands.reader.labels.title("PERSON") == "Human"
    hands.window.looks.change(language="sv")
    assert hands.reader.labels.title("PERSON") == "Människa"
    hands.press("Ctrl+Z")
    assert hands.reader.labels.title("PERSON") == "Person"


def test_a_hit_a_row_and_a_step_open_their_document(hands: Hands) -> None:
    _, second, third = hands.window.corpus.model.ids
    hands.window.side.hit_wanted.emit(second, Span(5, 9), None)
    assert hands.document == second and tuple(hands.reader.accents.hits) == (Span(5, 9),)
    key = hands.mark("bo", third).key
    hands.window.bridge.open_document(third, key)
    assert hands.document == third and hands.focused.key == key
    hands.window.bridge.focus_wanted.emit(Focus(second, hands.mark("bo", second).key))
    assert hands.document == second and hands.focused.key == hands.mark("bo", second).key


def test_a_filter_of_the_list_can_narrow_the_search(hands: Hands, qtbot: QtBot) -> None:
    window = hands.window
    window.corpus.bar.field.setText("Beslut 1")
    qtbot.waitUntil(lambda: len(window.corpus.model.ids) == 1)
    window.navigation.search()
    assert not window.side.search.within.isHidden()
    window.corpus.bar.reset()
    qtbot.waitUntil(lambda: window.side.search.within.isHidden())


def test_an_empty_corpus_is_an_invitation(empty_window: Hands, tmp_path: Path) -> None:
    empty_window.window.bridge.set_workspace(Workspace.create(tmp_path / "tom.kurator", "tom", "Maja"))
    assert empty_window.window.bridge.document is None and empty_window.reader.flow is None
    assert empty_window.window.corpus.isAncestorOf(QApplication.focusWidget())
    for keys in ("Ctrl+Z", "Ctrl+PgDown", "Ctrl+Shift+PgDown", "F3", "Ctrl+1"):
        empty_window.press(keys)
    assert len(proposals()) == 8
