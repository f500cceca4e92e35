"""A small corpus with everything an exchange file can hold, made by real commands."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import models.ids
import models.times
from app import commands as c
from app.services.corpus import import_documents
from app.services.suggestions import store_analysis
from app.workspace import Workspace
from models.documents import SourceDocument
from models.spans import Span
from models.store import writes
from models.suggestions import Analysis, PipelineInfo, Proposal

A = (
    "Region Häradsbo 😀 satsar på va\u030ardrum, säger Anna Ek.\n"
    "Region Häradsbo och Mårdby kommun betalar 12\u00a0miljoner."
)
B = (
    "Va\u030ardrummet i Mårdby öppnar i höst 😀. Det är ett lyft\u00adprojekt, säger Anna\u00a0Ek. "
    "Region Häradsbo betalar."
)
C = "Bort med den här 😀 a\u030a\u00a0sidan\u00ad."
PIPELINE = PipelineInfo("regler", "1.2", "0f")


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let time and chance run the same way each time."""
    beats, draws = itertools.count(), itertools.count(1)
    start = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return start + timedelta(milliseconds=7 * next(beats))

    class Dice:
        urandom = staticmethod(lambda count: next(draws).to_bytes(count, "big"))

    class Watch:
        time_ns = staticmethod(lambda: int(start.timestamp() * 1e9) + next(beats) * 1_000_000)

    monkeypatch.setattr(models.times, "datetime", Clock)
    monkeypatch.setattr(models.ids, "os", Dice)
    monkeypatch.setattr(models.ids, "time", Watch)
    yield
    assert os.urandom(1) is not None and time.time_ns()


def span(text: str, words: str, last: bool = False) -> Span:
    """Return where words stand in a text."""
    start = text.rindex(words) if last else text.index(words)
    return Span(start, start + len(words))


def analyse(workspace: Workspace, document: str, text: str, extra: tuple[Proposal, ...] = ()) -> None:
    """Store what a pipeline would propose for one of the texts."""
    found = [
        Proposal("entity", "ORGANISATION", (span(text, "Region Häradsbo"),), score=0.9123456789, source="namn"),
        Proposal("entity", "ORGANISATION", (span(text, "Region Häradsbo", last=True),), score=1.0, source="namn"),
        Proposal("entity", "PERSON", (span(text, "säger Anna")._replace(end=text.index("Ek.") + 2),), score=0.5),
        Proposal("claim", "CLAIM", (Span(0, 30),), facets={"kind": "fact", "mode": "indirect"}, score=0.000001),
        Proposal("relation", "ATTRIBUTED_TO", head=3, tail=2, score=0.25, source="anföring"),
        *extra,
    ]
    with workspace.writer.unrecorded() as work:
        run = writes.ensure_run(work, PIPELINE)
        seq = work.raw.execute("SELECT text_seq FROM documents WHERE id = ?", (document,)).fetchone()[0]
        store_analysis(work, workspace.reads, document, seq, run, PIPELINE, Analysis(tuple(found), (Span(31, 33),)))


def become(workspace: Workspace, annotator: str, name: str) -> None:
    """Let another annotator work."""
    with workspace.writer.unrecorded() as work:
        work.raw.execute("INSERT OR IGNORE INTO annotators(id, kind, name) VALUES (?, 'human', ?)", (annotator, name))
        writes.set_meta(work, "annotator", annotator)


OTHER = "01970000-0000-7000-8000-00000000000b"
THING = "01970000-0000-7000-8000-0000000000aa"


def new_project(path: Path) -> tuple[Workspace, list[str]]:
    """Return a project of three analysed documents, nothing judged, and the documents' ids."""
    workspace = Workspace.create(path, "Vårdrum 😀", "Bo")
    sources = [
        SourceDocument(
            "a.txt",
            A,
            title="Satsning",
            publisher="Region Häradsbo",
            date="2019-05",
            metadata={"publisher": "en annan", "_date": "x", "slag": "nyhet"},
        ),
        SourceDocument("b.txt", B, source="https://b.invalid", language="sv", furniture=(Span(36, 44),)),
        SourceDocument("c.txt", C),
    ]
    items = list(import_documents(workspace.writer, workspace.reads, sources))
    ids = [str(item.document) for item in items]
    analyse(workspace, ids[0], A)
    analyse(workspace, ids[1], B)
    return workspace, ids


def fill(workspace: Workspace, ids: list[str]) -> None:
    """Do something of everything."""
    a, b, gone = ids
    run = workspace.run

    def key(document: str, label: str, number: int = 0) -> str:
        marks = [mark for mark in workspace.marks.marks(document) if mark.label == label]
        return sorted(marks, key=lambda mark: (mark.spans, mark.key))[number].key

    run(c.Accept(document=a, key=key(a, "ATTRIBUTED_TO")))
    run(c.Relabel(document=a, key=key(a, "ORGANISATION"), label="PLACE"))
    run(c.MoveBoundaries(document=a, key=key(a, "PLACE"), spans=(span(A, "Häradsbo"),)))
    run(c.Reject(document=a, key=key(a, "ORGANISATION"), scope="document"))
    parts = (span(A, "Region"), span(A, "Mårdby kommun"))
    run(c.CreateAnnotation(document=a, kind="entity", label="ORGANISATION", spans=parts))
    run(c.CreateAnnotation(document=a, kind="entity", label="PLACE", spans=(span(A, "Mårdby"),)))
    claim = c.CreateAnnotation(
        document=a, kind="claim", label="CLAIM", spans=(Span(10, 40),), facets={"topic": "😀 a\u030a"}
    )
    run(claim)
    run(c.SetFacets(document=a, key=key(a, "CLAIM"), facets={"stance": "for", "negated": True}))
    run(c.SetNote(document=a, key=key(a, "PERSON"), text="Samma\u00a0Anna?"))
    run(c.Accept(document=b, key=key(b, "CLAIM")))
    run(c.CreateRelation(document=a, label="REPEATS", head=key(a, "CLAIM"), tail=key(b, "CLAIM"), tail_document=b))
    run(c.Reject(document=b, key=key(b, "PERSON"), scope="corpus"))
    extra = c.CreateAnnotation(document=b, kind="entity", label="PROGRAMME", spans=(span(B, "lyft\u00adprojekt"),))
    run(extra)
    run(c.CreateAnnotation(document=b, kind="entity", label="DATE", spans=(span(B, "i höst"),)))
    run(c.Delete(document=b, keys=(key(b, "DATE"),)))
    run(c.SetDocumentNote(document=b, text="Läs om."))
    run(c.SetDocumentNote(document=b, text="Bort."))
    note = workspace.reads.notes(b)[-1]
    run(c.SetDocumentNote(document=b, text="", note=note.id))
    run(c.SetFurniture(document=a, start=60, end=65))
    run(c.SetDone(document=a))
    run(c.CreateAnnotation(document=gone, kind="entity", label="PLACE", spans=(Span(0, 4),)))
    run(c.RemoveDocuments(document=gone, documents=(gone,)))
    me = workspace.reads.me
    become(workspace, OTHER, "Bo")
    open_ones = [mark.key for mark in workspace.marks.marks(b) if mark.state == "suggested"]
    run(c.Accept(document=b, key=sorted(open_ones)[0]))
    run(c.SetDone(document=b))
    become(workspace, me, "Bo")
    run(c.ReplaceText(document=b, text=B.replace("lyft\u00adprojekt", "nytt grepp 😀 a\u030a")))
    with workspace.writer.unrecorded() as work:
        work.raw.execute(
            "INSERT INTO register(id, label, name, aliases, links) VALUES (?, ?, 'Häradsbo', ?, ?)",
            (THING, "ORGANISATION", '["RH","Häradsbo"]', '{"wikidata":"Q0"}'),
        )


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Callable[[], Workspace]]:
    """Return a maker of empty projects, closed when the test ends."""
    made: list[Workspace] = []

    def make() -> Workspace:
        made.append(Workspace.create(tmp_path / f"empty-{len(made)}.kurator", "Tomt", "Eva"))
        return made[-1]

    yield make
    for workspace in made:
        workspace.close()


@pytest.fixture
def tiny(tmp_path: Path, ticking: None) -> Iterator[Workspace]:
    """Return the small corpus with something of everything."""
    workspace, ids = new_project(tmp_path / "tiny.kurator")
    fill(workspace, ids)
    yield workspace
    workspace.close()


def dump(workspace: Workspace) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of a project."""
    connection = workspace.file.connection
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in sorted(names)}


@pytest.fixture
def tools() -> object:
    """Return this module, whose helpers the tests share."""
    import sys

    return sys.modules[__name__]


@pytest.fixture(scope="session")
def made() -> object:
    """Return the module of documents made for the tests of formats."""
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("made_documents", Path(__file__).with_name("made.py"))
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
