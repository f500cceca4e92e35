"""What is not offered does not show: what something better stands in front of, what is under its threshold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.checks import check_workspace
from app.services.corpus import import_documents
from app.services.suggestions import store_analysis
from app.workspace import Workspace
from models.documents import SourceDocument
from models.spans import Span
from models.store import memory_writes, writes
from models.store.inspector_reads import SuggestionIndex
from models.store.table_reads import Listing, TableQuery
from models.suggestions import Analysis, PipelineInfo, Proposal

TEXT = "Eva Ek 😀 leder va\u030ard\u00a0nära i Region Å\u00addal."
INFO = PipelineInfo("prov", "1", "h")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "p.kurator", "p", "Anna") as made:
        (item,) = import_documents(made.writer, made.reads, [SourceDocument("a.txt", TEXT)])
        assert item.document
        proposals = (
            Proposal("entity", "PERSON", (Span(0, 6),), score=0.9),
            Proposal("entity", "ORGANISATION", (Span(28, 41),), score=0.6),
            Proposal("relation", "WORKS_FOR", (), 0, 1, score=0.9),
        )
        with made.writer.unrecorded() as work:
            run = writes.ensure_run(work, INFO)
            store_analysis(work, made.reads, item.document, 1, run, INFO, Analysis(proposals))
        yield made


def document(workspace: Workspace) -> str:
    found = workspace.reads.document_by_name("a.txt")
    assert found
    return found


def shown(workspace: Workspace) -> set[str]:
    """Return the labels of what shows, as text, table and inspector agree."""
    marks = workspace.marks.marks(document(workspace))
    some = workspace.marks.some(document(workspace), [key for (key,) in _ids(workspace)])
    assert {one.key for one in marks} == {one.key for one in some}
    listing = Listing(workspace.path, TableQuery("relation", workspace.reads.me, suggestions=True))
    listing.fill()
    assert listing.count == sum(one.kind == "relation" for one in marks)
    listing.close()
    index = SuggestionIndex(workspace.reads, document(workspace))
    assert {*index.overlapping(Span(0, len(TEXT)))} == {one.key for one in marks if one.spans}
    return {one.label for one in marks}


def _ids(workspace: Workspace) -> list[tuple[str]]:
    return workspace.file.connection.execute("SELECT id FROM suggestions").fetchall()


def recount(workspace: Workspace) -> None:
    with workspace.writer.unrecorded() as work:
        memory_writes.recount(work, document(workspace), 1, 1)
    assert check_workspace(workspace) == []


def test_everything_shows_until_something_is_in_its_way(workspace: Workspace) -> None:
    assert shown(workspace) == {"PERSON", "ORGANISATION", "WORKS_FOR"}
    assert workspace.reads.document(document(workspace)).suggestions == 3


def test_what_is_under_its_threshold_and_what_ends_on_it_does_not_show(workspace: Workspace) -> None:
    with workspace.writer.unrecorded() as work:
        work.raw.execute("INSERT INTO thresholds VALUES ('ORGANISATION', 0.7)")
    recount(workspace)
    assert shown(workspace) == {"PERSON"}
    assert workspace.reads.document(document(workspace)).suggestions == 2
    with workspace.writer.unrecorded() as work:
        work.raw.execute("UPDATE thresholds SET least = 0.6")
    recount(workspace)
    assert shown(workspace) == {"PERSON", "ORGANISATION", "WORKS_FOR"}


def test_what_is_covered_and_what_ends_on_it_does_not_show(workspace: Workspace) -> None:
    with workspace.writer.unrecorded() as work:
        work.raw.execute("UPDATE suggestions SET covered = 1 WHERE label = 'PERSON'")
    recount(workspace)
    assert shown(workspace) == {"ORGANISATION"}
