"""``kurator check``: silent on a sound project, and each promise that is broken is found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import commands
from app.messages import LANGUAGES, set_language, tr
from app.services.checks import check_workspace
from app.services.corpus import import_documents
from app.services.suggestions import store_analysis
from app.workspace import Workspace
from models.documents import SourceDocument
from models.spans import Span
from models.store import writes
from models.suggestions import Analysis, PipelineInfo, Proposal

TEXT = "Åsa 😀 bor i Va\u030axjö\u00a0nära en vård\u00adplats i Kalmar."


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A project with a little of everything."""
    with Workspace.create(tmp_path / "p.kurator", "p", "Anna") as made:
        sources = [SourceDocument("a.txt", TEXT, furniture=(Span(0, 3),)), SourceDocument("b.txt", TEXT + "!")]
        a, b = (item.document or "" for item in import_documents(made.writer, made.reads, sources))
        proposals = (
            Proposal("entity", "PERSON", (Span(4, 5),)),
            Proposal("entity", "PLACE", (Span(12, 18),)),
            Proposal("relation", "LOCATED_IN", head=0, tail=1),
        )
        with made.writer.unrecorded() as work:
            info = PipelineInfo("fake", "1", "h")
            run = writes.ensure_run(work, info)
            (seq,) = work.raw.execute("SELECT text_seq FROM documents WHERE id = ?", (b,)).fetchone()
            store_analysis(work, made.reads, b, seq, run, info, Analysis(proposals))
        person, place = (mark.key for mark in made.marks.marks(b) if mark.kind == "entity")
        made.run(commands.Accept(document=b, key=place))
        made.run(commands.Reject(document=b, key=person))
        label = made.reads.label_set().relations[0]
        head, tail = (pair if pair != "*" else "PERSON" for pair in label.pairs[0])
        for at, kind in ((6, head), (20, tail)):
            span = (Span(at, at + 3),)
            made.run(commands.CreateAnnotation(document=a, kind="entity", label=kind, spans=span))
        keys = [mark.key for mark in made.marks.marks(a)]
        made.run(commands.CreateRelation(document=a, label=label.id, head=keys[0], tail=keys[1]))
        made.run(commands.SetDocumentNote(document=a, text="Titta här 😀"))
        made.run(commands.SetDone(document=a))
        yield made


def test_a_sound_project_is_sound(workspace: Workspace) -> None:
    told: list[tuple[int, int]] = []
    assert check_workspace(workspace, lambda done, total: told.append((done, total))) == []
    assert told == [(1, 2), (2, 2)]
    while workspace.undo():
        assert check_workspace(workspace) == []


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ("DELETE FROM annotations WHERE kind = 'entity' AND id IN (SELECT head FROM annotations)", "relation-end"),
        ("DELETE FROM annotations WHERE id IN (SELECT result FROM decisions)", "decision-result"),
        ("UPDATE decisions SET result = 'x' WHERE verdict = 'rejected'", "decision-result"),
        ("UPDATE decisions SET result = NULL", "decision-result"),
        ("UPDATE notes SET document_id = 'x'", "document-missing"),
        ("UPDATE suggestions SET document_id = 'x'", "document-missing"),
        ("UPDATE statuses SET annotator_id = 'x'", "annotator-missing"),
        ("UPDATE meta SET value = 'x' WHERE key = 'annotator'", "annotator-missing"),
        ("UPDATE documents SET text_seq = 99 WHERE name = 'a.txt'", "text-missing"),
        ("UPDATE texts SET text = text || 'x' WHERE seq = 1", "text-differs"),
        ("UPDATE documents SET length = length - 1", "text-differs"),
        ("UPDATE documents SET furniture = '[[0,9999]]'", "furniture"),
        ("UPDATE documents SET furniture = '[[5,3]]'", "furniture"),
        ("UPDATE documents SET furniture = 'skrot'", "furniture"),
        ("UPDATE annotations SET \"end\" = 9999 WHERE kind = 'entity'", "annotation-outside"),
        ("UPDATE annotations SET spans = '[[1,2],[1,3]]' WHERE kind = 'entity'", "annotation-outside"),
        ("UPDATE annotations SET exact = '[\"x\"]' WHERE kind = 'entity'", "anchor"),
        ("UPDATE annotations SET prefix = 'x' WHERE kind = 'entity'", "anchor"),
        ("UPDATE annotations SET prefix = NULL WHERE start > 4", "anchor"),
        ("UPDATE suggestions SET \"end\" = 9999 WHERE kind = 'entity'", "suggestion-outside"),
        ("UPDATE suggestions SET tail = 'x' WHERE kind = 'relation'", "suggestion-end"),
        ("UPDATE analyses SET suggestions = 7", "count"),
        ("DELETE FROM suggestions WHERE kind = 'relation'", "count"),
        ("UPDATE annotations SET label = 'PLANET' WHERE kind = 'entity'", "label"),
        ("UPDATE suggestions SET label = 'CLAIM'", "label"),
        ("UPDATE changes SET after = '{' WHERE seq = 1", "history"),
        ("UPDATE changes SET before = NULL, after = NULL WHERE seq = 1", "history"),
        ("UPDATE change_sets SET data = '{' WHERE seq = 1", "history"),
        ("UPDATE recorder SET change_set = 1", "recorder"),
        ("DELETE FROM annotation_search", "annotation-search"),
        ("INSERT INTO annotation_search(rowid, body) VALUES (999, 'x')", "annotation-search"),
        ("INSERT INTO text_search(text_search) VALUES ('delete-all')", "text-search"),
        ("DELETE FROM runs", "foreign-key"),
        ("DROP TABLE notes", "unreadable"),
    ],
)
def test_each_broken_promise_is_found(workspace: Workspace, damage: str, code: str) -> None:
    connection = workspace.reads.connection
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(damage)
    connection.execute("UPDATE recorder SET change_set = change_set")
    findings = check_workspace(workspace)
    assert f"check.{code}" in {finding.code for finding in findings}
    for language in LANGUAGES:
        set_language(language)
        assert all(tr(finding.code, **finding.details) for finding in findings)


def test_a_damaged_page_is_found(workspace: Workspace) -> None:
    connection = workspace.reads.connection
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'documents_by_name'").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    path = workspace.path
    workspace.close()
    data = bytearray(path.read_bytes())
    data[(page - 1) * size : page * size] = b"\xaa" * size
    path.write_bytes(data)
    with Workspace.open(path) as again:
        codes = {finding.code for finding in check_workspace(again)}
    assert codes & {"check.integrity", "check.unreadable"}


def test_stopping_ends_early(workspace: Workspace) -> None:
    workspace.reads.connection.execute("UPDATE documents SET furniture = 'skrot'")
    assert check_workspace(workspace, cancelled=lambda: True) == []
