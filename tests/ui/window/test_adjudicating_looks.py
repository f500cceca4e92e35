"""What is seen while adjudicating: hidden names, the header, readings close together, what comes next."""

from __future__ import annotations

import json

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.services.annotation_views import DocumentViews, document_notes
from app.services.conflict_views import conflict_view
from models.store.note_writes import insert_note
from tests.ui.window.adjudication_bench import Bench
from ui.dialogs.take_at_once import TakeAtOnceDialog


def test_hidden_names_are_hidden_in_the_inspector_and_the_conflicts_too(bench: Bench) -> None:
    workspace = bench.workspace
    document = bench.document
    bo = workspace.reads.annotations(document, "bo")[0]
    with workspace.writer.unrecorded("bo") as work:
        insert_note(work, "n1", document, "Titta här.")
        conflict = {"kind": "field", "list": "entities", "record": bo.id, "field": "note", "base": None,
                    "readings": [{"by": "anna", "at": None, "value": "ja"}, {"by": "bo", "at": None, "value": "nej"}],
                    "resolution": None}  # fmt: skip
        work.raw.execute("INSERT INTO conflicts(id, document_id, body) VALUES (?, ?, ?)",
                         ("c1", document, json.dumps(conflict)))  # fmt: skip

    def named() -> list[str | None]:
        mark = next(one for one in workspace.marks.marks(document) if one.annotation == bo.id)
        view = conflict_view(workspace, "c1")
        assert view is not None
        (_, writer, _), = document_notes(workspace, document)
        return [DocumentViews(workspace, document).view(mark).annotator, writer, *(one.who for one in view.readings)]

    assert named() == ["bo", "bo", "anna", "bo"]
    bench.press("H")
    assert bench.said[-1][0].startswith("Names are hidden")
    letters = {one.id: one.name for one in bench.pane.readers}
    assert named() == [letters["bo"], letters["bo"], letters["anna"], letters["bo"]]
    bench.press("H")
    assert named() == ["bo", "bo", "anna", "bo"] and bench.said[-1][0] == "Names are shown again."


def test_the_header_counts_the_cases_while_they_are_walked_through(bench: Bench) -> None:
    header = bench.window.document._count
    assert header.text() == "0 of 5 cases decided"
    bench.press("3")
    assert header.text() == "1 of 5 cases decided"
    bench.window.side.show_pane("history")
    assert header.text() == "0 / 0 judged"
    bench.press("Ctrl+7")
    assert header.text() == "1 of 5 cases decided"


def test_cut_contexts_end_in_dots_and_claims_are_said_once(bench: Bench) -> None:
    bench.look_for("Vi sparar", "CLAIM")
    anna, bo, cilla = bench.pane.view.lines
    assert anna.words.text().startswith("…") and anna.words.text().endswith("…")
    assert bo.words.text() == "<i>the same words as 1</i>" and "Fact" in bo.facets.text()
    assert "nothing" in cilla.words.text()
    bench.look_for("A\u030adalen", "ORGANISATION")
    assert not bench.pane.view.lines[0].words.text().startswith("…")  # it begins where the text begins


def test_all_readings_of_a_claim_are_seen_without_scrolling(bench: Bench, qtbot: QtBot) -> None:
    bench.look_for("Vi sparar", "CLAIM")
    view, area = bench.pane.view, bench.pane.area
    qtbot.waitUntil(lambda: view.lines[0].isVisible() and view.lines[0].height() > 0)
    last = view.lines[2].mapTo(area.viewport(), view.lines[2].rect().bottomLeft())
    assert last.y() <= area.viewport().height()


def test_after_taking_at_once_the_next_open_case_has_the_focus(bench: Bench) -> None:
    bench.look_for("Signe", "PERSON")
    timer = QTimer()

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, TakeAtOnceDialog):
            dialog.majority.setChecked(True)
            if dialog.take.isEnabled():
                timer.stop()
                dialog.accept()

    timer.timeout.connect(answer)
    timer.start(30)
    bench.press("T")
    assert not timer.isActive() and bench.said[-1][0] == "2 cases taken."
    assert "→" in bench.words_in_focus and bench.pane.list.hasFocus()
    assert bench.pane.count.text() == "2 of 5 cases decided"


def test_the_list_begins_at_the_first_open_case(bench: Bench) -> None:
    bench.press("3", "2")
    bench.window.bridge.open_document(bench.workspace.reads.document_by_name("b.txt"))
    bench.window.bridge.open_document(bench.workspace.reads.document_by_name("a.txt"))
    bench.pane.refresh()
    assert bench.words_in_focus == "Signe Ström"
