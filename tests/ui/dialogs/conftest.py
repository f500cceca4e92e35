"""A project with suggestions and decisions, open behind a bridge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import commands
from app.services.corpus import import_documents
from app.services.suggestions import store_analysis
from app.settings import Settings
from app.workspace import Workspace
from models.documents import SourceDocument
from models.marks import Mark
from models.spans import Span
from models.store import writes
from models.store.corpus_reads import unanalysed
from models.suggestions import Analysis, PipelineInfo, Proposal
from ui.bridge import Bridge
from ui.dialogs import asking

TEXT = (
    "Region Ådalen 😀 satsar, säger Elin Norrbäck. Enligt Region A\u030adalen är målet nått.\n"
    "Region\u00a0Ådalen igen, och sam\u00adverkan fortsätter. Region Ådalen sist."
)
DOCUMENTS = 4


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A project of a few documents with the same words, suggestions for each, in the first all accepted."""
    made = Workspace.create(tmp_path / "vårdrum.kurator", "Vårdrum", "Elin")
    sources = [SourceDocument(f"{n}.txt", TEXT + " " * n, title=f"Beslut {n}") for n in range(DOCUMENTS)]
    items = list(import_documents(made.writer, made.reads, sources))
    info = PipelineInfo("prov", "1", "h")
    for item in items:
        assert item.document is not None
        _suggest(made, info, item.document)
    first = items[0].document
    for mark in made.marks.marks(first):
        if mark.kind != "relation":
            made.run(commands.Accept(document=first, key=mark.key))
    with made:
        yield made


def _suggest(workspace: Workspace, info: PipelineInfo, document: str) -> None:
    regions = [Span(*found.span()) for found in re.finditer(r"Region.Ådalen", TEXT)][:2]
    person = TEXT.index("Elin")
    proposals = [Proposal("entity", "ORGANISATION", (span,), score=0.9, source="prov") for span in regions]
    proposals.append(Proposal("entity", "PERSON", (Span(person, person + 13),)))
    proposals.append(Proposal("claim", "CLAIM", (Span(0, 24),), facets={"kind": "fact", "mode": "author"}))
    proposals.append(Proposal("relation", "ATTRIBUTED_TO", (), 3, 2))
    with workspace.writer.unrecorded() as work:
        run = writes.ensure_run(work, info)
        text = next(one for one in unanalysed(workspace.reads, run) if one.document == document)
        analysis = Analysis(tuple(proposals))
        store_analysis(work, workspace.reads, document, text.text_seq, run, info, analysis)


@pytest.fixture
def bridge(workspace: Workspace, qtbot: QtBot) -> Bridge:
    """A bridge to the project, its first document shown."""
    made = Bridge(Settings(annotator="Elin Norrbäck"))
    made.set_workspace(workspace)
    made.document = workspace.reads.document_by_name("0.txt")
    return made


@pytest.fixture
def region(bridge: Bridge) -> Mark:
    """An accepted mark whose words stand in every document."""
    assert bridge.document is not None
    marks = bridge.workspace.marks.marks(bridge.document)
    return next(mark for mark in marks if mark.label == "ORGANISATION")


@pytest.fixture
def notices(bridge: Bridge) -> list[tuple[str, str]]:
    """What the bridge says, as it says it."""
    heard: list[tuple[str, str]] = []
    bridge.notice.connect(lambda words, level: heard.append((words, level)))
    return heard


@pytest.fixture
def agree(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Answer every question with yes; holds the questions."""
    asked: list[str] = []

    def confirm(_parent: object, _title: str, text: str, _yes: str, *, careful: bool = False) -> bool:
        asked.append(text)
        return True

    monkeypatch.setattr(asking, "confirm", confirm)
    for module in ("backups", "label_set"):
        monkeypatch.setattr(f"ui.dialogs.{module}.confirm", confirm)
    return asked
