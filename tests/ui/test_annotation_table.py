"""The tables of claims and relations: what they list, in which order, and how they keep up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app import commands
from app.messages import set_language
from app.services.corpus import import_documents
from app.services.suggestions import store_analysis
from app.settings import Settings
from app.workspace import Workspace
from models.documents import SourceDocument
from models.history import Focus, Touched
from models.spans import Span
from models.store import writes
from models.suggestions import Analysis, PipelineInfo, Proposal
from ui.bridge import Bridge
from ui.panes.annotation_table import AnnotationTablePane

ONE = "Region A\u030adalen 😀 sparar tolv\u00a0procent, säger Bo Ek. Hem\u00adsjukvården växer."
TWO = "Enligt Bo Ek är zonterapi dyrt. Åsa Lund håller inte med."


def proposals(text: str, claims: tuple[str, ...], speaker: str) -> Analysis:
    def span(words: str) -> tuple[Span]:
        return (Span(text.index(words), text.index(words) + len(words)),)

    made = [Proposal("claim", "CLAIM", span(words), facets={"kind": "figure"}) for words in claims]
    made.append(Proposal("entity", "PERSON", span(speaker)))
    made.append(Proposal("relation", "ATTRIBUTED_TO", (), 0, len(claims)))
    return Analysis(tuple(made))


FOUND = {
    "1.txt": (ONE, ("Region A\u030adalen 😀 sparar tolv\u00a0procent", "Hem\u00adsjukvården växer"), "Bo Ek"),
    "2.txt": (TWO, ("zonterapi",), "Bo Ek"),
}


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    workspace = Workspace.create(tmp_path / "p.kurator", "p", "Maja")
    sources = [SourceDocument(name, text) for name, (text, _, _) in FOUND.items()]
    info = PipelineInfo("rules", "2", "h")
    for item in list(import_documents(workspace.writer, workspace.reads, sources)):
        assert item.document is not None
        name = workspace.reads.document(item.document).name
        with workspace.writer.unrecorded() as work:
            run = writes.ensure_run(work, info)
            query = "SELECT text_seq FROM documents WHERE id = ?"
            seq = work.raw.execute(query, (item.document,)).fetchone()[0]
            store_analysis(work, workspace.reads, item.document, seq, run, info, proposals(*FOUND[name]))
    bridge = Bridge(Settings())
    bridge.set_workspace(workspace)
    bridge.open_document(workspace.reads.document_by_name("1.txt"))
    yield bridge
    bridge.set_workspace(None)
    workspace.close()


def shown(qtbot: QtBot, bridge: Bridge, kind: str) -> AnnotationTablePane:
    pane = AnnotationTablePane(bridge, kind)  # type: ignore[arg-type]
    qtbot.addWidget(pane)
    pane.resize(600, 400)
    pane.show()
    settle(qtbot, pane)
    return pane


def settle(qtbot: QtBot, pane: AnnotationTablePane) -> None:
    """Wait until the rows are there."""
    qtbot.waitUntil(lambda: not pane._stale and pane._job is None and not pane._later.isActive())


def accept_all(bridge: Bridge) -> None:
    """Accept every claim and relation of the corpus."""
    workspace = bridge.workspace
    for name in FOUND:
        document = workspace.reads.document_by_name(name)
        assert document is not None
        keys = tuple(m.key for m in workspace.marks.marks(document) if m.kind != "entity")
        workspace.run(commands.AcceptAll(document=document, keys=keys))


def cells(pane: AnnotationTablePane, sort: str) -> list[str]:
    """Return what a column says, from the first row to the last."""
    column = [one.sort for one in pane.model.columns].index(sort)
    return [str(pane.model.index(row, column).data()) for row in range(pane.model.rowCount())]


def test_claims_of_the_document_are_listed_with_speaker_and_facets(bridge: Bridge, qtbot: QtBot) -> None:
    accept_all(bridge)
    pane = shown(qtbot, bridge, "claim")
    assert cells(pane, "quote") == ["Region A\u030adalen 😀 sparar tolv procent", "Hem\u00adsjukvården växer"]
    assert cells(pane, "speaker") == ["Bo Ek", ""] and cells(pane, "facet:kind") == ["Figure", "Figure"]
    assert pane.count.text() == "2 claims"
    pane.everywhere.click()
    settle(qtbot, pane)
    assert len(cells(pane, "quote")) == 3 and cells(pane, "document") == ["1.txt", "1.txt", "2.txt"]


def test_open_suggestions_are_listed_when_asked_for(bridge: Bridge, qtbot: QtBot) -> None:
    pane = shown(qtbot, bridge, "claim")
    assert pane.model.rowCount() == 0
    pane.open.click()
    settle(qtbot, pane)
    assert [state[2:] for state in cells(pane, "state")] == ["suggested", "suggested"]
    assert cells(pane, "speaker") == ["Bo Ek", ""]


def test_a_judged_suggestion_stays_in_its_row_with_its_new_state(bridge: Bridge, qtbot: QtBot) -> None:
    pane = shown(qtbot, bridge, "claim")
    pane.open.click()
    settle(qtbot, pane)
    row = pane.model.row(0)
    assert row is not None
    bridge.run(commands.Accept(document=row.document, key=row.key))
    assert cells(pane, "state")[0].endswith("accepted"), "at once, before the rows are sorted anew"
    settle(qtbot, pane)
    assert cells(pane, "state")[0].endswith("accepted") and pane.model.rowCount() == 2
    bridge.run(commands.Reject(document=row.document, key=row.key))
    settle(qtbot, pane)
    assert pane.model.rowCount() == 1


def test_columns_sort_both_ways_and_back_to_the_order_of_the_text(bridge: Bridge, qtbot: QtBot) -> None:
    accept_all(bridge)
    pane = shown(qtbot, bridge, "claim")
    pane.everywhere.click()
    settle(qtbot, pane)
    text_order = cells(pane, "quote")
    for number, column in enumerate(pane.model.columns):
        for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
            pane.table.sortByColumn(number, order)
            settle(qtbot, pane)
            assert len(cells(pane, column.sort)) == 3
            said = [cell for cell in cells(pane, column.sort) if cell]
            wanted = sorted(said, key=str.lower, reverse=order == Qt.SortOrder.DescendingOrder)
            assert said == wanted, column.sort
            assert cells(pane, column.sort)[: len(said)] == said, "empty cells come last"
    pane.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    settle(qtbot, pane)
    assert cells(pane, "quote") == text_order


def test_the_filter_knows_quotes_speakers_and_titles(bridge: Bridge, qtbot: QtBot) -> None:
    accept_all(bridge)
    pane = shown(qtbot, bridge, "claim")
    pane.everywhere.click()
    for typed, count in (("ÅDALEN", 1), ("bo ek", 2), ("figure", 3), ("växer bo", 0), ("100%", 0), ('"', 3)):
        pane.filter.setText(typed)
        settle(qtbot, pane)
        assert pane.model.rowCount() == count, typed


def test_relations_show_both_ends_and_can_be_filtered_by_name(bridge: Bridge, qtbot: QtBot) -> None:
    accept_all(bridge)
    pane = shown(qtbot, bridge, "relation")
    assert cells(pane, "head") == ["Region A\u030adalen 😀 sparar tolv procent  (Claim)"]
    assert cells(pane, "tail") == ["Bo Ek  (Person)"] and cells(pane, "label") == ["attributed to"]
    set_language("sv")
    pane.retranslate()
    pane.filter.setText("sägs")
    settle(qtbot, pane)
    assert cells(pane, "label") == ["sägs av"]
    pane.filter.setText("ligger")
    settle(qtbot, pane)
    assert pane.model.rowCount() == 0


def test_enter_goes_to_the_place_and_copy_takes_the_rows(bridge: Bridge, qtbot: QtBot) -> None:
    accept_all(bridge)
    pane = shown(qtbot, bridge, "claim")
    pane.everywhere.click()
    settle(qtbot, pane)
    sought: list[Focus] = []
    bridge.focus_wanted.connect(sought.append)
    pane.table.selectRow(2)
    qtbot.keyClick(pane.table, Qt.Key.Key_Return)
    row = pane.model.row(2)
    assert row is not None and sought == [Focus(row.document, row.key)] and bridge.document == row.document
    pane.table.selectAll()
    qtbot.keyClick(pane.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 4 and lines[0].startswith("Claim\t") and "zonterapi" in lines[3]
    assert {line.count("\t") for line in lines} == {len(pane.model.columns) - 1}


def test_the_current_row_stays_when_rows_come_and_go(bridge: Bridge, qtbot: QtBot) -> None:
    accept_all(bridge)
    pane = shown(qtbot, bridge, "claim")
    pane.table.selectRow(1)
    row = pane.model.row(1)
    first = pane.model.row(0)
    assert row is not None and first is not None
    bridge.run(commands.Delete(document=first.document, keys=(first.key,)))
    settle(qtbot, pane)
    assert pane.model.rowCount() == 1 and pane.table.currentIndex().row() == 0


def test_a_hidden_table_does_nothing_until_it_is_shown(bridge: Bridge, qtbot: QtBot) -> None:
    pane = shown(qtbot, bridge, "claim")
    pane.hide()
    accept_all(bridge)
    bridge.open_document(bridge.workspace.reads.document_by_name("2.txt"))
    assert not pane._later.isActive() and pane._job is None
    pane.show()
    settle(qtbot, pane)
    assert cells(pane, "quote") == ["zonterapi"]


def test_closing_the_project_lets_go_of_the_file(bridge: Bridge, qtbot: QtBot, tmp_path: Path) -> None:
    accept_all(bridge)
    workspace = bridge.workspace
    pane = shown(qtbot, bridge, "claim")
    pane.filter.setText("bo")
    pane.refresh()
    bridge.set_workspace(None)
    assert pane.model.rowCount() == 0 and pane._job is None
    workspace.close()
    assert not (tmp_path / "p.kurator-wal").exists()
    bridge.set_workspace(Workspace.open(tmp_path / "p.kurator"))
    reopened = bridge.workspace
    bridge.open_document(reopened.reads.document_by_name("1.txt"))
    settle(qtbot, pane)
    assert pane.model.rowCount() == 1
    bridge.set_workspace(None)
    reopened.close()


def test_words_follow_the_language(bridge: Bridge, qtbot: QtBot) -> None:
    accept_all(bridge)
    pane = shown(qtbot, bridge, "claim")
    set_language("sv")
    pane.retranslate()
    settle(qtbot, pane)
    assert [column.title for column in pane.model.columns][:3] == ["Påstående", "Slag", "Form"]
    assert cells(pane, "facet:kind") == ["Siffra", "Siffra"] and pane.count.text() == "2 påståenden"


def test_a_table_of_one_document_does_not_care_for_others(bridge: Bridge, qtbot: QtBot) -> None:
    pane = shown(qtbot, bridge, "claim")
    other = bridge.workspace.reads.document_by_name("2.txt")
    assert other is not None
    key = next(m.key for m in bridge.workspace.marks.marks(other) if m.kind == "claim")
    bridge.run(commands.Accept(document=other, key=key))
    assert not pane._later.isActive() and not pane._stale
    pane.everywhere.click()
    settle(qtbot, pane)
    assert pane.model.rowCount() == 1
    bridge.undo()
    assert pane._later.isActive()
    settle(qtbot, pane)
    assert pane.model.rowCount() == 0


def test_changes_that_never_pause_are_shown_nevertheless(bridge: Bridge, qtbot: QtBot) -> None:
    pane = shown(qtbot, bridge, "claim")
    arrived = Touched(documents=frozenset({bridge.document or ""}), subjects=frozenset({"suggestions"}))
    bridge.changed.emit(arrived, None)
    qtbot.wait(60)
    left = pane._later.remainingTime()
    bridge.changed.emit(arrived, None)
    assert 0 <= pane._later.remainingTime() <= left
    settle(qtbot, pane)
