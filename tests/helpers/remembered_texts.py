"""Four small texts, and what a curator and a pipeline do to them: for tests of the memory."""

from __future__ import annotations

from app import commands
from app.services.suggestions import store_analysis
from app.workspace import Workspace
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
    return [
        (text[mark.extent.start : mark.extent.end], mark.label) for mark in open_marks(workspace, name) if mark.spans
    ]


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
