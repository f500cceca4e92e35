"""The document list: what it shows, how it is narrowed, how it follows, and the way from one to the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QToolButton

from app import messages
from app.commands import CreateAnnotation, RemoveDocuments, SetDocumentFields, SetDone
from app.services.corpus import import_documents
from app.settings import Settings
from app.workspace import Workspace
from models.documents import SourceDocument
from models.spans import Span
from ui.bridge import Bridge
from ui.panes.corpus import CorpusPane
from ui.panes.corpus_menu import DocumentMenu

TEXT = "Regionen 🙂 satsar på vården. Ra\u030adet i Umeå\u00a0säger nej till sjuk\u00advård."
SOURCES = [
    SourceDocument(
        "a/1.txt", TEXT + "1", title="Vården i Umeå", publisher="Ö-regionen", date="2024-03-01", language="sv"
    ),
    SourceDocument(
        "a/2.txt", TEXT + "22", title="Beslut & <b>budget</b>", publisher="Region Halland", language="sv"
    ),
    SourceDocument("b/3.txt", TEXT + "333", publisher="Ö-regionen", date="2023-01-01", language="en"),
    SourceDocument("b/4.txt", TEXT + "4444", title="Äldre"),
]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "p.kurator", "Korpus", "Kim") as made:
        list(import_documents(made.writer, made.reads, SOURCES))
        yield made


@pytest.fixture
def bridge(workspace: Workspace, qtbot: Any) -> Iterator[Bridge]:
    made = Bridge(Settings())
    yield made
    made.set_workspace(None)


@pytest.fixture
def pane(bridge: Bridge, workspace: Workspace, qtbot: Any) -> CorpusPane:
    made = CorpusPane(bridge)
    qtbot.addWidget(made)
    made.resize(280, 600)
    made.show()
    bridge.set_workspace(workspace)
    return made


def names(pane: CorpusPane) -> list[str]:
    rows = (pane.model.listed(row) for row in range(pane.model.rowCount()))
    return [row.name for row in rows if row]


def annotate(bridge: Bridge, document: str, label: str = "PLACE") -> None:
    start = TEXT.index("Umeå")
    spans = (Span(start, start + 4),)
    bridge.run(CreateAnnotation(document=document, kind="entity", label=label, spans=spans))


def choose(pane: CorpusPane, qtbot: Any, *texts: str, button: QToolButton | None = None) -> None:
    """Choose from the filter menu as a person would, by what its lines say."""
    menu: Any = (button or pane.bar.filters).menu()
    menu.aboutToShow.emit()
    for text in texts:
        action = next(action for action in menu.actions() if action.text().startswith(text))
        menu = action.menu() or action
    assert not isinstance(menu, QMenu)
    menu.trigger()


def test_documents_are_listed_with_what_is_known_of_them(pane: CorpusPane) -> None:
    assert names(pane) == ["a/1.txt", "a/2.txt", "b/3.txt", "b/4.txt"]
    index = pane.model.index(0, 0)
    assert index.data() == "Vården i Umeå"
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Vården i Umeå, Ö-regionen, 2024-03-01, Not done, 0 annotations"
    assert pane.model.index(2, 0).data() == "3.txt"
    assert "&lt;b&gt;" in pane.model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert pane.bar.count.text() == "4 documents"
    assert pane.footer.documents.text() == "0 of 4 documents done"


def test_typing_narrows_and_the_keyboard_goes_through_the_list(
    pane: CorpusPane, bridge: Bridge, qtbot: Any
) -> None:
    pane.setFocus()
    qtbot.keyClicks(pane.list, "r")
    assert pane.bar.field.text() == "r"
    qtbot.keyClicks(pane.bar.field, "EGionen ")
    pane.bar.field.insert("ö-")
    qtbot.keyClick(pane.bar.field, Qt.Key.Key_Down)
    assert names(pane) == ["a/1.txt", "b/3.txt"]
    assert pane.bar.count.text() == "2 of 4 documents"
    assert pane.list.currentIndex().row() == 0
    qtbot.keyClick(pane.list, Qt.Key.Key_Down)
    assert bridge.document is None
    qtbot.keyClick(pane.list, Qt.Key.Key_Return)
    assert bridge.document == pane.model.ids[1]
    qtbot.keyClick(pane.bar.field, Qt.Key.Key_Escape)
    assert len(names(pane)) == 4
    assert pane.list.currentIndex().row() == 2, "the document shown keeps the cursor"


def test_a_typed_filter_waits_for_the_last_letter(pane: CorpusPane, qtbot: Any) -> None:
    asked: list[object] = []
    pane.filter_changed.connect(asked.append)
    qtbot.keyClicks(pane.bar.field, "halland")
    assert not asked
    qtbot.waitUntil(lambda: names(pane) == ["a/2.txt"])
    assert len(asked) == 1


def test_a_click_opens(pane: CorpusPane, bridge: Bridge, qtbot: Any) -> None:
    place = pane.list.visualRect(pane.model.index(2, 0)).center()
    qtbot.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert bridge.document == pane.model.ids[2]


def test_the_cursor_follows_the_document_shown(pane: CorpusPane, bridge: Bridge) -> None:
    bridge.open_document(pane.model.ids[3])
    assert pane.list.currentIndex().row() == 3


def test_menus_filter_and_sort(pane: CorpusPane, bridge: Bridge, qtbot: Any) -> None:
    ids = list(pane.model.ids)
    bridge.run(SetDone(document=ids[1]))
    annotate(bridge, ids[2])
    choose(pane, qtbot, "Publisher", "Ö-regionen")
    assert names(pane) == ["a/1.txt", "b/3.txt"]
    choose(pane, qtbot, "Language", "en")
    assert names(pane) == ["b/3.txt"]
    assert pane.bar.filters.text().startswith("Filter (2)")
    assert pane.bar.count.text() == "1 of 4 documents · Ö-regionen · en"
    pane.bar.clear.click()
    choose(pane, qtbot, "State", "Done")
    assert names(pane) == ["a/2.txt"]
    choose(pane, qtbot, "State", "Any")
    choose(pane, qtbot, "Label used", "Place")
    assert names(pane) == ["b/3.txt"]
    choose(pane, qtbot, "Show all")
    choose(pane, qtbot, "Length", button=pane.bar.orders)
    choose(pane, qtbot, "Largest first", button=pane.bar.orders)
    assert names(pane) == ["b/4.txt", "b/3.txt", "a/2.txt", "a/1.txt"]
    choose(pane, qtbot, "Has open suggestions")
    assert names(pane) == []


def test_stepping_goes_by_the_order_of_the_list(pane: CorpusPane, bridge: Bridge) -> None:
    ids = list(pane.model.ids)
    assert pane.first_document() == ids[0]
    assert pane.step(1)
    assert bridge.document == ids[0]
    assert not pane.step(-1)
    assert pane.step(1)
    assert bridge.document == ids[1]
    bridge.open_document(ids[3])
    assert not pane.step(1)
    assert bridge.document == ids[3]
    pane.bar.change(publisher="Ö-regionen")
    assert pane.step(-1), "a document that is not listed is left for the last one"
    assert bridge.document == ids[2]


def test_the_next_document_that_is_not_done(pane: CorpusPane, bridge: Bridge) -> None:
    ids = list(pane.model.ids)
    bridge.open_document(ids[1])
    bridge.run(SetDone(document=ids[2]))
    assert pane.next_open_document() == ids[3]
    bridge.open_document(ids[3])
    assert pane.next_open_document() == ids[0], "it goes around"
    bridge.run(SetDone(document=ids[0]))
    bridge.run(SetDone(document=ids[1]))
    assert pane.next_open_document() is None, "the one shown is not the next"


def test_a_change_repaints_its_row_only(
    pane: CorpusPane, bridge: Bridge, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = pane.model.ids
    repainted: list[int] = []
    pane.model.dataChanged.connect(lambda first, last: repainted.extend(range(first.row(), last.row() + 1)))
    reset: list[int] = []
    pane.model.modelReset.connect(lambda: reset.append(1))
    annotate(bridge, ids[2])
    assert not repainted, "nothing is read while the key press is under way"
    qtbot.waitUntil(lambda: repainted == [2])
    row = pane.model.listed(2)
    assert row is not None and row.annotations == 1
    bridge.run(SetDone(document=ids[2]))
    qtbot.waitUntil(lambda: repainted == [2, 2])
    qtbot.waitUntil(lambda: pane.footer.documents.text() == "1 of 4 documents done")
    assert not reset


def test_done_and_open_differ_without_colour(pane: CorpusPane, bridge: Bridge, qtbot: Any) -> None:
    def row_in_grey() -> bytes:
        image = pane.list.viewport().grab(pane.list.visualRect(pane.model.index(0, 0))).toImage()
        glyph = image.copy(0, 0, 32, image.height()).convertToFormat(image.Format.Format_Grayscale8)
        levels = {glyph.pixelColor(x, y).value() < 128 for x in range(32) for y in range(glyph.height())}
        ink = sum(glyph.pixelColor(x, y).value() < 160 for x in range(32) for y in range(glyph.height()))
        return bytes([len(levels), min(255, ink)])

    before, words = row_in_grey(), pane.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    bridge.run(SetDone(document=pane.model.ids[0]))
    qtbot.waitUntil(lambda: "Done" in pane.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert "Not done" in words
    assert row_in_grey()[1] > before[1] * 2, "a filled disc instead of a ring"


def test_other_names_and_orders_reread_the_list(pane: CorpusPane, bridge: Bridge, qtbot: Any) -> None:
    pane.bar.change(order="title")
    assert names(pane)[0] == "b/3.txt"
    bridge.run(SetDocumentFields(document=pane.model.ids[0], changes={"title": "Ö"}))
    qtbot.waitUntil(lambda: names(pane)[0] != "b/3.txt")


def test_a_hidden_pane_reads_nothing_until_it_is_shown(
    pane: CorpusPane, bridge: Bridge, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane.hide()
    seen: list[object] = []
    monkeypatch.setattr(pane.model, "refresh", seen.append)
    bridge.run(SetDone(document=pane.model.ids[0]))
    bridge.run(RemoveDocuments(documents=(pane.model.ids[1],)))
    qtbot.wait(120)
    assert not seen and len(pane.model.ids) == 4
    assert pane.next_open_document() == pane.model.ids[1], "who asks gets the present state"
    pane.show()
    assert names(pane) == ["a/1.txt", "b/3.txt", "b/4.txt"]
    assert pane.footer.documents.text() == "1 of 3 documents done"


def test_what_the_menu_does(
    pane: CorpusPane, bridge: Bridge, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = list(pane.model.ids)
    bridge.open_document(ids[1])
    menu = pane.menu(1)
    assert menu is not None
    menu.copy.trigger()
    assert QGuiApplication.clipboard().text() == "a/2.txt"
    menu.done.trigger()
    assert bridge.workspace.reads.document(ids[1]).state == "done"
    menu.close()
    monkeypatch.setattr(DocumentMenu, "confirmed", lambda self: False)
    menu = pane.menu(1)
    assert menu is not None
    menu.remove.trigger()
    assert len(bridge.workspace.reads.documents(ids)) == 4
    monkeypatch.setattr(DocumentMenu, "confirmed", lambda self: True)
    menu.remove.trigger()
    menu.close()
    assert names(pane) == ["a/1.txt", "b/3.txt", "b/4.txt"]
    assert bridge.document == ids[2], "the neighbour is shown instead"
    outcome = bridge.workspace.undo()
    assert outcome is not None
    bridge.changed.emit(outcome.touched, None)
    qtbot.waitUntil(lambda: len(names(pane)) == 4)


def drop(pane: CorpusPane, *urls: QUrl) -> bool:
    """Drag something over the pane, drop it, and return whether the pane takes it."""
    data = QMimeData()
    data.setUrls(urls)
    place, left, none = QPointF(40, 300), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place.toPoint(), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(pane, enter)
    taken = enter.isAccepted()
    QApplication.sendEvent(pane, QDropEvent(place, Qt.DropAction.CopyAction, data, left, none))
    return taken


def test_files_can_be_dropped(pane: CorpusPane, qtbot: Any, tmp_path: Path) -> None:
    with qtbot.waitSignal(pane.files_dropped) as dropped:
        assert drop(pane, QUrl.fromLocalFile(str(tmp_path)), QUrl.fromLocalFile(str(tmp_path / "å.txt")))
    assert dropped.args == [[tmp_path, tmp_path / "å.txt"]]
    with qtbot.assertNotEmitted(pane.files_dropped):
        drop(pane, QUrl("https://example.org/a"))


def test_an_empty_corpus_offers_to_import(bridge: Bridge, qtbot: Any, tmp_path: Path) -> None:
    pane = CorpusPane(bridge)
    qtbot.addWidget(pane)
    pane.show()
    with Workspace.create(tmp_path / "empty.kurator", "Tom", "Kim") as empty:
        bridge.set_workspace(empty)
        assert pane.empty.isVisible() and not pane.footer.isVisible()
        with qtbot.waitSignal(pane.import_wanted):
            pane.empty.button.click()
        assert pane.first_document() is None and not pane.step(1) and pane.next_open_document() is None
        list(import_documents(empty.writer, empty.reads, SOURCES))
        pane.reload()
        assert pane.list.isVisible()
        pane.bar.field.setText("finns inte")
        qtbot.waitUntil(pane.nothing.isVisible)
        pane.nothing.button.click()
        assert pane.list.isVisible() and len(names(pane)) == 4
        bridge.set_workspace(None)


def test_the_whole_pane_speaks_swedish_and_nothing_is_cut(pane: CorpusPane, qtbot: Any) -> None:
    messages.set_language("sv")
    pane.retranslate()
    pane.bar.change(publisher="Ö-regionen", unjudged=False)
    assert pane.bar.count.text() == "2 av 4 dokument · Ö-regionen"
    assert "Ej klart" in pane.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    font = pane.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    pane.setFont(font)
    pane.resize(pane.minimumSizeHint().width(), 600)
    qtbot.waitUntil(lambda: pane.width() == pane.minimumSizeHint().width())
    for widget in pane.findChildren(QToolButton):
        if widget.isVisible():
            assert widget.width() >= widget.sizeHint().width(), widget.text()
    for label in (pane.bar.count, pane.footer.documents, pane.footer.suggestions):
        qtbot.waitUntil(lambda label=label: label.height() >= label.heightForWidth(label.width()))
    for widget in (pane.bar.field, pane.bar.filters, pane.bar.orders, pane.list):
        assert widget.accessibleName()


def test_rows_grow_with_the_font(pane: CorpusPane) -> None:
    before = pane.list.rowHeight(0)
    font = pane.list.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    pane.list.setFont(font)
    assert pane.list.rowHeight(0) > before
