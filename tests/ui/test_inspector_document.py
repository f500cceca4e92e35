"""The inspector's page on the document: what is known about it, notes, and orphans."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app import commands
from app.services.corpus import import_documents
from app.settings import Settings
from app.workspace import Workspace
from models.documents import SourceDocument
from models.spans import Span
from ui.bridge import Bridge
from ui.panes.inspector import InspectorPane

TEXT = "Region A\u030adalen 😀 sparar tolv\u00a0procent på hem\u00adsjukvård. Bo Ek håller med."


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    workspace = Workspace.create(tmp_path / "p.kurator", "p", "Maja")
    source = SourceDocument("a.txt", TEXT, metadata={"diarienummer": "7"})
    (done,) = import_documents(workspace.writer, workspace.reads, [source])
    bridge = Bridge(Settings())
    bridge.set_workspace(workspace)
    bridge.open_document(done.document)
    yield bridge
    bridge.set_workspace(None)
    workspace.close()


@pytest.fixture
def shown(bridge: Bridge, qtbot: QtBot) -> InspectorPane:
    pane = InspectorPane(bridge)
    qtbot.addWidget(pane)
    pane.resize(340, 760)
    pane.show()
    pane.refresh()
    return pane


def write(field: QLineEdit | QPlainTextEdit, words: str) -> None:
    """Write as if typed; the test's keyboard knows no å, ä and ö."""
    field.setFocus()
    if isinstance(field, QLineEdit):
        field.insert(words)
    else:
        field.insertPlainText(words)


def test_the_document_is_shown_and_can_be_described(bridge: Bridge, shown: InspectorPane, qtbot: QtBot) -> None:
    page = shown.document_page
    assert page.isVisible() and "diarienummer: 7" in page.metadata.text()
    assert f"{len(TEXT)} characters" in page.facts.text() and "0 open suggestions" in page.facts.text()
    write(page.fields["publisher"], "Region Ådalen")
    qtbot.keyClick(page.fields["publisher"], Qt.Key.Key_Return)
    assert bridge.workspace.reads.document(bridge.document).publisher == "Region Ådalen"


def test_notes_are_written_changed_and_deleted(bridge: Bridge, shown: InspectorPane, qtbot: QtBot) -> None:
    page, reads = shown.document_page, bridge.workspace.reads
    shown.focus_note()
    assert shown.focusWidget() is page.new_note
    write(page.new_note, "Läs igen")
    qtbot.keyClick(page.new_note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    shown.refresh()
    assert page.new_note.toPlainText() == "" and page.notes[0].edit.toPlainText() == "Läs igen"
    write(page.notes[0].edit, "! ")
    page.notes[0].edit.flush()
    assert [note.text for note in reads.notes(bridge.document)] == ["! Läs igen"]
    shown.refresh()
    page.notes[0].cross.click()
    shown.refresh()
    assert reads.notes(bridge.document) == [] and page.notes[0].isHidden()


def test_an_orphan_is_listed_and_placed_at_the_selection(bridge: Bridge, shown: InspectorPane) -> None:
    place = Span(TEXT.index("Bo Ek"), TEXT.index("Bo Ek") + 5)
    bridge.run(
        commands.CreateAnnotation(document=bridge.document, kind="entity", label="PERSON", spans=(place,))
    )
    bridge.run(
        commands.ReplaceText(document=bridge.document, text="Helt annan text, med Bosse Ekman i.")
    )
    shown.refresh()
    page = shown.document_page
    assert [line.words for line in page.orphans._lines] == ["Bo Ek"] and not page.place.isEnabled()
    bridge.set_selection((Span(21, 33),))
    assert page.place.isEnabled()
    page.place.click()
    shown.refresh()
    (placed,) = bridge.workspace.reads.annotations(bridge.document)
    assert (placed.exact, placed.orphan) == (("Bosse Ekman ",), False) and page.orphans.isHidden()
