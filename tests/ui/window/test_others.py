"""What other annotators marked stays out of the text until it is wanted, or one is sent to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import commands
from app.formats.exchange_export import export_exchange
from app.services.corpus import import_documents
from app.services.merging import merge_into
from app.settings import Settings
from app.workspace import Workspace
from models.documents import SourceDocument
from models.history import Focus
from models.spans import Span, Spans
from ui.bridge import Bridge
from ui.panes.document import DocumentPane

TEXT = "Region A\u030adalen 😀 bygger\u00a0va\u030ardnära sjuk\u00advård med Bo Ek."


def mark(workspace: Workspace, document: str, spans: Spans, label: str) -> None:
    workspace.run(commands.CreateAnnotation(document=document, kind="entity", label=label, spans=spans))


def exported(workspace: Workspace, target: Path) -> Path:
    export_exchange(workspace.reads, target)
    return target


@pytest.fixture
def pane(qtbot: QtBot, tmp_path: Path) -> Iterator[DocumentPane]:
    """Show a document in which somebody else marked the region, and the present annotator the person."""
    with Workspace.create(tmp_path / "a.kurator", "a", "Åsa") as own:
        (item,) = import_documents(own.writer, own.reads, [SourceDocument("a.txt", TEXT)])
        document = item.document or ""
        with Workspace.create(tmp_path / "b.kurator", "b", "Bo") as other:
            merge_into(other, exported(own, tmp_path / "a.json"))
            mark(other, document, (Span(0, 15),), "ORGANISATION")
            sent = exported(other, tmp_path / "b.json")
        merge_into(own, sent)
        mark(own, document, (Span(TEXT.index("Bo"), TEXT.index("Bo") + 5),), "PERSON")
        bridge = Bridge(Settings(language="en"))
        found = DocumentPane(bridge)
        qtbot.addWidget(found)
        bridge.set_workspace(own)
        bridge.open_document(document)
        yield found
        bridge.set_workspace(None)


def shown(pane: DocumentPane) -> set[str]:
    assert pane.reader.flow is not None
    return {one.label for one in pane.reader.flow.content.marks.values()}


def test_others_marks_are_hidden_and_counted(pane: DocumentPane, qtbot: QtBot) -> None:
    assert shown(pane) == {"PERSON"}
    assert pane.others.text().startswith("1 ") and not pane.others.isHidden()
    with qtbot.waitSignal(pane.others_wanted):
        pane.others.click()


def test_they_are_shown_when_wanted_and_hidden_again(pane: DocumentPane) -> None:
    bridge = pane._bridge
    for wanted, labels in ((True, {"PERSON", "ORGANISATION"}), (False, {"PERSON"})):
        bridge.settings = Settings(language="en", show_others=wanted)
        bridge.settings_changed.emit()
        assert shown(pane) == labels
        assert pane.others.isChecked() == wanted


def test_whoever_is_sent_to_one_sees_it(pane: DocumentPane) -> None:
    bridge = pane._bridge
    (other,) = [one for one in bridge.workspace.marks.marks(bridge.document or "") if one.label == "ORGANISATION"]
    bridge.focus_wanted.emit(Focus(bridge.document, other.key))
    assert shown(pane) == {"PERSON", "ORGANISATION"}
    assert pane.reader.focused is not None and pane.reader.focused.label == "ORGANISATION"


def test_without_others_nothing_is_said(pane: DocumentPane, qtbot: QtBot, tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "c.kurator", "c", "Åsa") as alone:
        (item,) = import_documents(alone.writer, alone.reads, [SourceDocument("a.txt", TEXT)])
        mark(alone, item.document or "", (Span(0, 15),), "ORGANISATION")
        pane._bridge.set_workspace(alone)
        pane._bridge.open_document(item.document)
        assert shown(pane) == {"ORGANISATION"}
        assert pane.others.isHidden()
        pane._bridge.set_workspace(None)
