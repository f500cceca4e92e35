"""The memory at work on real projects: what is decided comes up elsewhere, and goes again when it is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import commands
from app.services.checks import check_workspace
from app.services.corpus import import_documents
from app.services.memory import Remembering
from app.services.suggestions import store_analysis
from app.workspace import Workspace
from models.documents import SourceDocument
from models.marks import Mark
from models.spans import Span
from models.store import writes
from models.suggestions import Analysis, PipelineInfo, Proposal

INFO = PipelineInfo("fake", "1", "h")
TEXTS = {
    "a.txt": "Region Sjövik 😀 växer. I Sjövik bor många.\nRegion Sjöviks chef Eva Ek talade i Sjo\u0308vik.",
    "b.txt": "Chefen för Region\u00a0Sjövik, Eva Ek, bor i Sjövik. REGION SJÖVIK sparar.",
    "c.txt": "Inget särskilt här. Eva sade det.",
    "d.txt": "Mer om Region Sjö\u00advik och Sjövikshamn.",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "p.kurator", "p", "Anna") as made:
        list(import_documents(made.writer, made.reads, [SourceDocument(name, text) for name, text in TEXTS.items()]))
        yield made


@pytest.fixture
def memory(workspace: Workspace) -> Remembering:
    made = Remembering(workspace)
    made.catch_up()
    return made


def document(workspace: Workspace, name: str) -> str:
    found = workspace.reads.document_by_name(name)
    assert found
    return found


def make(workspace: Workspace, name: str, words: str, label: str, nth: int = 0) -> None:
    text, at = TEXTS[name], -1
    for _ in range(nth + 1):
        at = text.index(words, at + 1)
    command = commands.CreateAnnotation(
        document=document(workspace, name), kind="entity", label=label, spans=(Span(at, at + len(words)),)
    )
    workspace.run(command)


def open_marks(workspace: Workspace, name: str) -> list[Mark]:
    marks = workspace.marks.marks(document(workspace, name))
    return sorted((mark for mark in marks if mark.state == "suggested"), key=lambda mark: mark.spans)


def shown(workspace: Workspace, name: str) -> list[tuple[str, str]]:
    text = workspace.reads.text(document(workspace, name))
    return [(text[mark.extent.start : mark.extent.end], mark.label) for mark in open_marks(workspace, name)]


def suggest(workspace: Workspace, name: str, *found: tuple[str, str, float]) -> None:
    """Let a pipeline suggest these words with label and score."""
    identity = document(workspace, name)
    text = TEXTS[name]
    (row,) = workspace.file.connection.execute("SELECT text_seq FROM documents WHERE id = ?", (identity,)).fetchall()
    proposals = tuple(
        Proposal("entity", label, (Span(text.index(words), text.index(words) + len(words)),), score=score)
        for words, label, score in found
    )
    with workspace.writer.unrecorded() as work:
        run = writes.ensure_run(work, INFO)
        store_analysis(work, workspace.reads, identity, row[0], run, INFO, Analysis(proposals))


def test_what_is_confirmed_comes_up_elsewhere_and_goes_with_undo(workspace: Workspace, memory: Remembering) -> None:
    make(workspace, "a.txt", "Region Sjövik", "ORGANISATION")
    memory.catch_up()
    assert shown(workspace, "a.txt") == [("Region Sjöviks", "ORGANISATION")]
    assert shown(workspace, "b.txt") == [("Region\u00a0Sjövik", "ORGANISATION"), ("REGION SJÖVIK", "ORGANISATION")]
    make(workspace, "a.txt", "Sjövik", "PLACE", 1)
    memory.catch_up()
    assert shown(workspace, "a.txt") == [("Region Sjöviks", "ORGANISATION"), ("Sjo\u0308vik", "PLACE")]
    assert ("Sjövik", "PLACE") in shown(workspace, "b.txt")
    assert check_workspace(workspace) == []
    workspace.undo()
    workspace.undo()
    memory.catch_up()
    assert [shown(workspace, name) for name in TEXTS] == [[]] * 4
    workspace.redo()
    memory.catch_up()
    assert shown(workspace, "b.txt") == [("Region\u00a0Sjövik", "ORGANISATION"), ("REGION SJÖVIK", "ORGANISATION")]
    assert check_workspace(workspace) == []
