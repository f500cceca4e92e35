"""A team: one corpus, three people on their own laptops, and their files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import commands
from app.cli import main
from app.formats.exchange_export import export_exchange
from app.formats.exchange_import import import_exchange
from app.services.corpus import import_documents
from app.workspace import Workspace
from models.documents import SourceDocument
from models.ids import derived_id
from models.spans import Span

TEXTS = {
    "a.txt": "Region Halland 😀 satsar på e-hälsa, säger Anna Berg, direktör i Ska\u030ane.",
    "b.txt": "Anna Berg leder Region\u00a0Halland. Hälso\u00advården i Ska\u030ane växer 😀.",
    "c.txt": "Ingenting står här som någon behöver märka.",
}

Passages = list[tuple[str, str, str]]

ANNA: Passages = [
    ("a.txt", "Region Halland", "ORGANISATION"),
    ("a.txt", "Anna Berg", "PERSON"),
    ("a.txt", "satsar på e-hälsa", "CLAIM"),
    ("b.txt", "Anna Berg", "PERSON"),
    ("b.txt", "Ska\u030ane", "PLACE"),
]
BO: Passages = [
    ("a.txt", "Region Halland", "ORGANISATION"),
    ("a.txt", "Anna", "PERSON"),
    ("a.txt", "satsar på e-hälsa", "CLAIM"),
    ("b.txt", "Anna Berg", "PERSON"),
    ("b.txt", "Region\u00a0Halland", "ORGANISATION"),
]
CILLA: Passages = [("a.txt", "Halland", "PLACE"), ("b.txt", "Anna Berg", "PERSON"), ("b.txt", "Ska\u030ane", "PLACE")]
TEAM = {"Anna": ANNA, "Bo": BO, "Cilla": CILLA}


def annotate(workspace: Workspace, passages: Passages) -> None:
    """Make the passages by hand as the present annotator, who then is done with every document."""
    for name, words, label in passages:
        document = workspace.reads.document_by_name(name)
        assert document
        at = workspace.reads.text(document).index(words)
        kind = "claim" if label == "CLAIM" else "entity"
        facets = {"kind": "fact"} if kind == "claim" else {}
        spans = (Span(at, at + len(words)),)
        workspace.run(commands.CreateAnnotation(document=document, kind=kind, label=label, spans=spans, facets=facets))
    for name in TEXTS:
        document = workspace.reads.document_by_name(name)
        workspace.run(commands.SetDone(document=document))


def become(workspace: Workspace, name: str) -> None:
    """Work on as another annotator."""
    raw = workspace.file.connection
    raw.execute("INSERT OR IGNORE INTO annotators(id, kind, name) VALUES (?, 'human', ?)", (identity(name), name))
    raw.execute("UPDATE meta SET value = ? WHERE key = 'annotator'", (identity(name),))


def identity(name: str) -> str:
    """Return the id of one of the three in the project."""
    return derived_id("person", name)


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Workspace]:
    """A project with the texts; nobody has worked in it."""
    with Workspace.create(tmp_path / "korpus.kurator", "Korpus", "Samordnaren") as workspace:
        sources = [SourceDocument(name, text) for name, text in TEXTS.items()]
        assert len(list(import_documents(workspace.writer, workspace.reads, sources))) == len(TEXTS)
        export_exchange(workspace.reads, tmp_path / "start.json")
        yield workspace


@pytest.fixture
def project(corpus: Workspace) -> Workspace:
    """One project in which the three have worked."""
    for name, passages in TEAM.items():
        become(corpus, name)
        annotate(corpus, passages)
    return corpus


@pytest.fixture
def files(corpus: Workspace, tmp_path: Path) -> list[Path]:
    """The exchange files that the three send, each from a project of its own."""
    made = []
    for name, passages in TEAM.items():
        with Workspace.create(tmp_path / f"{name}.kurator", name, name) as workspace:
            import_exchange(workspace.writer, workspace.reads, tmp_path / "start.json")
            annotate(workspace, passages)
            made.append(tmp_path / f"{name}.json")
            export_exchange(workspace.reads, made[-1])
    return made


@pytest.fixture
def kurator(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command in this process; status, output, errors."""

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main([str(one) for one in arguments])
        return (status, *capsys.readouterr())

    return run
