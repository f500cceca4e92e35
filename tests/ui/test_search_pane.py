"""The search pane: from words to hits, and from a hit to its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app import messages
from app.commands import CreateAnnotation, RemoveDocuments
from app.services.corpus import import_documents
from app.services.corpus_views import DocumentFilter
from app.settings import Settings
from app.workspace import Workspace
from models.documents import SourceDocument
from models.spans import Span
from ui.bridge import Bridge
from ui.delegates.hits import HitDelegate
from ui.item_models.hits import Group
from ui.panes import search as search_module
from ui.panes.search import SearchPane

TEXTS = {
    "a.txt": (
        "Regionen 🙂 satsar på vården. Ra\u030adet i Umeå\u00a0säger nej till "
        "sjuk\u00advård. Vården växer."
    ),
    "b.txt": "Rådet säger <b>ja</b> till\nvården i Boden.",
    "c.txt": "Ingenting alls.",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "p.kurator", "Sök", "Kim") as made:
        sources = [SourceDocument(name, text, title=f"Titel {name}") for name, text in TEXTS.items()]
        list(import_documents(made.writer, made.reads, sources))
        yield made


@pytest.fixture
def bridge(workspace: Workspace, qtbot: Any) -> Iterator[Bridge]:
    made = Bridge(Settings())
    made.set_workspace(workspace)
    yield made
    made.set_workspace(None)


@pytest.fixture
def pane(bridge: Bridge, qtbot: Any) -> SearchPane:
    made = SearchPane(bridge)
    qtbot.addWidget(made)
    made.resize(420, 500)
    made.show()
    return made


def rows(pane: SearchPane) -> list[str]:
    """Return the lines of the list: a document's title, or left|words|right."""
    found = (pane.model.row(row) for row in range(pane.model.rowCount()))
    return [
        row.title if isinstance(row, Group) else f"{row.left[-6:]}|{row.match}|{row.right[:6]}"
        for row in found
    ]


def ask(pane: SearchPane, words: str) -> None:
    pane.field.setText(words)
    pane.run()


def test_typed_words_are_found_after_the_last_letter(pane: SearchPane, qtbot: Any) -> None:
    assert pane.hint.isVisible()
    qtbot.keyClicks(pane.field, "boden")
    assert not pane.model.hits
    qtbot.waitUntil(lambda: rows(pane) == ["Titel b.txt", "den i |Boden|."])
    assert pane.count.text() == "1 hit in 1 document"
    assert pane.list.isVisible()


def test_hits_are_grouped_by_document_with_their_context(pane: SearchPane) -> None:
    ask(pane, "vården")
    assert rows(pane) == [
        "Titel a.txt", "ar på |vården|. Ra\u030ad", "vård. |Vården| växer",
        "Titel b.txt", " till |vården| i Bod",
    ]  # fmt: skip
    assert pane.count.text() == "3 hits in 2 documents"
    assert pane.model.index(0, 0).data() == "Titel a.txt, 2 hits"


def test_enter_and_f3_go_from_hit_to_hit(pane: SearchPane, bridge: Bridge, qtbot: Any) -> None:
    wanted: list[tuple[object, ...]] = []
    pane.hit_wanted.connect(lambda *place: wanted.append(place))
    notices: list[str] = []
    bridge.notice.connect(lambda text, _level: notices.append(text))
    qtbot.keyClicks(pane.field, "till")
    qtbot.keyClick(pane.field, Qt.Key.Key_Return)
    first, second = (bridge.workspace.reads.document_by_name(name) for name in ("a.txt", "b.txt"))
    start = TEXTS["a.txt"].index("till")
    assert wanted == [(first, Span(start, start + 4), None)]
    assert bridge.document == first
    assert pane.step(1)
    assert bridge.document == second
    assert not pane.step(1) and notices == ["No more hits in this direction"]
    assert pane.step(-1)
    assert wanted[-1] == wanted[0]
    assert not pane.step(-1)


def test_the_keyboard_goes_from_the_field_through_the_list(
    pane: SearchPane, bridge: Bridge, qtbot: Any
) -> None:
    ask(pane, "vården")
    qtbot.keyClick(pane.field, Qt.Key.Key_Down)
    assert pane.list.currentIndex().row() == 1
    qtbot.keyClick(pane.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(pane.hit_wanted) as hit:
        qtbot.keyClick(pane.list, Qt.Key.Key_Return)
    start = TEXTS["a.txt"].index("Vården")
    assert hit.args[1] == Span(start, start + 6)
    qtbot.keyClicks(pane.list, "b")
    assert pane.field.text() == "b"


def test_a_click_on_a_document_goes_to_its_first_hit(pane: SearchPane, bridge: Bridge, qtbot: Any) -> None:
    ask(pane, "vården")
    place = pane.list.visualRect(pane.model.index(3, 0)).center()
    with qtbot.waitSignal(pane.hit_wanted) as hit:
        qtbot.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert hit.args[0] == bridge.workspace.reads.document_by_name("b.txt")
    assert pane.list.currentIndex().row() == 4


def annotate(bridge: Bridge, words: str) -> str:
    document = bridge.workspace.reads.document_by_name("a.txt")
    assert document is not None
    start = TEXTS["a.txt"].index(words)
    span = Span(start, start + len(words))
    bridge.run(CreateAnnotation(document=document, kind="entity", label="PLACE", spans=(span,)))
    return next(mark.key for mark in bridge.workspace.marks.marks(document) if mark.spans == (span,))


def test_annotations_are_found_and_named(pane: SearchPane, bridge: Bridge, qtbot: Any) -> None:
    key = annotate(bridge, "Umeå")
    ask(pane, "place")
    (hit,) = pane.model.hits
    assert (hit.key, hit.label, hit.match) == (key, "PLACE", "Umeå")
    with qtbot.waitSignal(pane.hit_wanted) as wanted:
        pane.step(1)
    assert wanted.args[2] == key
    ask(pane, "umeå")
    assert [hit.key for hit in pane.model.hits] == [None, key]
    for scope, expected in (("text", [None]), ("annotations", [key])):
        pane.scope.setCurrentIndex(pane.scope.findData(scope))
        assert [hit.key for hit in pane.model.hits] == expected
    delegate = pane.list.itemDelegate()
    assert isinstance(delegate, HitDelegate)
    assert delegate.palette_of_labels().title("PLACE") == "Place"
    assert "Place" in pane.model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert not pane.list.grab().isNull()


def test_pages_follow_and_keep_the_groups(
    pane: SearchPane, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(pane, "vården")
    whole = rows(pane)
    monkeypatch.setattr(search_module, "PAGE", 1)
    ask(pane, "vården")
    assert pane.more.isVisible()
    assert pane.count.text() == "The first hit, in 1 document"
    while pane.more.isVisible():
        pane.more.click()
    assert rows(pane) == whole
    assert pane.model.groups[0].count == 2
    assert pane.count.text() == "3 hits in 2 documents"
    ask(pane, "vården")
    assert pane.step(1) and pane.step(1) and pane.step(1), "the next hit loads the next page"
    assert len(pane.model.hits) == 3


def test_it_says_why_nothing_is_found(pane: SearchPane) -> None:
    ask(pane, "<i>finns</i> inte")
    assert pane.hint.text() == "No hits for <i>finns</i> inte"
    assert pane.hint.textFormat() == Qt.TextFormat.PlainText
    ask(pane, "-vården")
    assert "only leaves out" in pane.hint.text()
    ask(pane, "")
    assert "F3" in pane.hint.text()
    assert not pane.more.isVisible() and not pane.step(1)


def test_hits_follow_the_project(pane: SearchPane, bridge: Bridge, qtbot: Any) -> None:
    ask(pane, "vården umeå")
    assert len(pane.model.hits) == 3
    annotate(bridge, "Umeå")
    qtbot.waitUntil(lambda: not pane._again.waiting, timeout=4000)
    assert len(pane.model.hits) == 3
    ask(pane, "vården")
    document = bridge.workspace.reads.document_by_name("a.txt")
    assert document is not None
    bridge.run(RemoveDocuments(documents=(document,)))
    qtbot.waitUntil(lambda: rows(pane)[:1] == ["Titel b.txt"], timeout=4000)


def test_a_search_can_keep_to_the_documents_listed(pane: SearchPane) -> None:
    ask(pane, "vården")
    assert not pane.within.isVisible()
    pane.set_within(DocumentFilter(words="b.txt"))
    assert pane.within.isVisible() and len(pane.model.hits) == 3
    pane.within.click()
    assert rows(pane)[0] == "Titel b.txt" and len(pane.model.hits) == 1
    pane.set_within(DocumentFilter())
    assert not pane.within.isVisible() and len(pane.model.hits) == 3


def test_another_project_begins_empty(pane: SearchPane, bridge: Bridge) -> None:
    ask(pane, "vården")
    bridge.set_workspace(None)
    assert pane.field.text() == "" and not pane.model.hits


def test_it_speaks_swedish_and_everything_has_a_name(pane: SearchPane) -> None:
    messages.set_language("sv")
    pane.retranslate()
    ask(pane, "vården")
    assert pane.count.text() == "3 träffar i 2 dokument"
    assert pane.scope.currentText() == "Texter och annoteringar"
    for widget in (pane.field, pane.scope, pane.list):
        assert isinstance(widget, QWidget) and widget.accessibleName()
    tip = pane.model.index(4, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;ja&lt;/b&gt; till vården" in tip
