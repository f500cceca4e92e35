"""A larger project for teams: many short documents with suggestions, and hands that work in it."""

from __future__ import annotations

from pathlib import Path

from app.services.corpus import import_documents
from app.services.suggestions import store_analysis
from app.workspace import Workspace
from models.documents import SourceDocument
from models.spans import Span
from models.store import writes
from models.suggestions import Analysis, PipelineInfo, Proposal

TEXT = "Region A\u030adalen 😀 bygger ut hemsjuk\u00advården. Tolv\u00a0platser till, säger Signe Ström. Bo Ek ler."
WORDS = (("ORGANISATION", "Region A\u030adalen"), ("PERSON", "Signe Ström"), ("PERSON", "Bo Ek"))


def place(words: str) -> Span:
    at = TEXT.index(words)
    return Span(at, at + len(words))


def make_team_project(path: Path, documents: int = 12, annotator: str = "Maja") -> Workspace:
    """Return a project of so many documents, each a little longer than the one before, all with suggestions."""
    workspace = Workspace.create(path, "Vårdplatser", annotator)
    add_documents(workspace, range(documents))
    return workspace


def add_documents(workspace: Workspace, numbers: range) -> list[str]:
    """Add documents with these numbers and return their ids."""
    sources = [SourceDocument(f"{n:03}.txt", TEXT + " Ja." * n, title=f"Beslut {n}") for n in numbers]
    ids = [item.document or "" for item in import_documents(workspace.writer, workspace.reads, sources)]
    info = PipelineInfo("prov", "1", "h")
    found = [Proposal("entity", label, (place(words),), score=0.8, source="prov") for label, words in WORDS]
    found.append(Proposal("claim", "CLAIM", (place("Tolv\u00a0platser till"),), facets={"kind": "fact"}))
    found.append(Proposal("relation", "ATTRIBUTED_TO", (), 3, 1))
    with workspace.writer.unrecorded() as work:
        run = writes.ensure_run(work, info)
        for document in ids:
            seq = work.raw.execute("SELECT text_seq FROM documents WHERE id = ?", (document,)).fetchone()[0]
            store_analysis(work, workspace.reads, document, seq, run, info, Analysis(tuple(found)))
    return ids


def all_ids(workspace: Workspace) -> list[str]:
    """Return the ids of all documents, in order."""
    return [row[0] for row in workspace.file.connection.execute("SELECT id FROM documents ORDER BY id")]


def become(workspace: Workspace, annotator: str) -> None:
    """Work on as another annotator."""
    raw = workspace.file.connection
    raw.execute("INSERT OR IGNORE INTO annotators(id, kind, name) VALUES (?, 'human', ?)", (annotator, annotator))
    raw.execute("UPDATE meta SET value = ? WHERE key = 'annotator'", (annotator,))
