"""The memory at work on real projects: what is decided comes up elsewhere, and goes again when it is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from remembered_texts import INFO, TEXTS, document, make, open_marks, shown, suggest

from app import commands
from app.services.checks import check_workspace
from app.services.corpus import import_documents
from app.services.memory import Remembering, set_scope
from app.services.memory_views import evidence, last_time, remembered
from app.services.suggestions import store_analysis
from app.workspace import Workspace
from models.documents import SourceDocument
from models.spans import Span
from models.store import memory_writes, writes
from models.suggestions import Analysis, Proposal, Scope
from models.wording import words


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


def test_a_rejection_stops_what_is_proposed_and_undo_brings_it_back(workspace: Workspace, memory: Remembering) -> None:
    make(workspace, "a.txt", "Sjövik", "PLACE", 1)
    memory.catch_up()
    first = open_marks(workspace, "b.txt")[0]
    workspace.run(commands.Reject(document=document(workspace, "b.txt"), key=first.key))
    workspace.run(commands.Reject(document=document(workspace, "b.txt"), key=open_marks(workspace, "b.txt")[0].key))
    memory.catch_up()
    assert shown(workspace, "a.txt") == []
    workspace.undo()
    workspace.undo()
    memory.catch_up()
    assert first in open_marks(workspace, "b.txt") and len(shown(workspace, "a.txt")) == 3
    assert check_workspace(workspace) == []


def test_a_rejection_in_the_document_stays_there(workspace: Workspace, memory: Remembering) -> None:
    make(workspace, "a.txt", "Region Sjövik", "ORGANISATION")
    make(workspace, "a.txt", "Eva Ek", "PERSON")
    memory.catch_up()
    model = open_marks(workspace, "b.txt")[0]
    workspace.run(commands.Reject(document=document(workspace, "b.txt"), key=model.key, scope="document"))
    memory.catch_up()
    assert shown(workspace, "b.txt") == [("Eva Ek", "PERSON")]
    assert shown(workspace, "a.txt") == [("Region Sjöviks", "ORGANISATION")]


def test_accepting_what_the_memory_proposed_is_accepting(workspace: Workspace, memory: Remembering) -> None:
    make(workspace, "a.txt", "Eva Ek", "PERSON")
    memory.catch_up()
    (mark,) = open_marks(workspace, "b.txt")
    assert (mark.source, mark.score) == ("memory 1 · memory/form", pytest.approx(2 / 3, abs=1e-4))
    workspace.run(commands.Accept(document=document(workspace, "b.txt"), key=mark.key))
    memory.catch_up()
    assert shown(workspace, "b.txt") == []
    assert workspace.reads.document(document(workspace, "b.txt")).suggestions == 1
    assert check_workspace(workspace) == []
    workspace.undo()
    memory.catch_up()
    assert open_marks(workspace, "b.txt") == [mark]


def test_the_memory_stands_in_front_of_what_it_knows_better(workspace: Workspace, memory: Remembering) -> None:
    suggest(workspace, "b.txt", ("Region\u00a0Sjövik", "PLACE", 0.9), ("Eva", "PERSON", 0.9))
    suggest(workspace, "c.txt", ("Eva sade", "PERSON", 0.4))
    make(workspace, "a.txt", "Region Sjövik", "ORGANISATION")
    make(workspace, "a.txt", "Eva", "PERSON")
    memory.catch_up()
    assert shown(workspace, "b.txt") == [
        ("Region\u00a0Sjövik", "ORGANISATION"),
        ("Eva", "PERSON"),  # the pipeline's own: it said so already
        ("REGION SJÖVIK", "ORGANISATION"),
    ]
    assert shown(workspace, "c.txt") == [("Eva sade", "PERSON")]  # longer than what is remembered
    assert workspace.reads.document(document(workspace, "b.txt")).suggestions == 3
    assert check_workspace(workspace) == []
    workspace.undo()
    workspace.undo()
    memory.catch_up()
    assert shown(workspace, "b.txt") == [("Region\u00a0Sjövik", "PLACE"), ("Eva", "PERSON")]


def test_a_relation_on_what_the_memory_stands_in_front_of_waits_with_it(
    workspace: Workspace, memory: Remembering
) -> None:
    identity = document(workspace, "b.txt")
    proposals = (
        Proposal("entity", "PLACE", (Span(11, 24),)),
        Proposal("entity", "PERSON", (Span(26, 32),)),
        Proposal("relation", "WORKS_FOR", (), 1, 0),
    )
    with workspace.writer.unrecorded() as work:
        run = writes.ensure_run(work, INFO)
        store_analysis(work, workspace.reads, identity, 2, run, INFO, Analysis(proposals))
    assert len(related(workspace, "b.txt")) == 1
    make(workspace, "a.txt", "Region Sjövik", "ORGANISATION")
    memory.catch_up()
    assert related(workspace, "b.txt") == []
    assert workspace.reads.document(identity).suggestions == len(shown(workspace, "b.txt")) == 3
    workspace.undo()
    memory.catch_up()
    assert len(related(workspace, "b.txt")) == 1 and check_workspace(workspace) == []


def test_an_analysis_leaves_what_the_memory_said(workspace: Workspace, memory: Remembering) -> None:
    make(workspace, "a.txt", "Eva Ek", "PERSON")
    memory.catch_up()
    suggest(workspace, "b.txt", ("Eva", "PERSON", 0.9))
    assert [one for one in shown(workspace, "b.txt") if one[0] == "Eva Ek"]
    memory.catch_up()
    assert shown(workspace, "b.txt") == [("Eva Ek", "PERSON")]
    assert check_workspace(workspace) == []


def test_documents_that_come_and_texts_that_change_are_looked_at(workspace: Workspace, memory: Remembering) -> None:
    make(workspace, "a.txt", "Eva Ek", "PERSON")
    memory.catch_up()
    list(import_documents(workspace.writer, workspace.reads, [SourceDocument("e.txt", "Eva Ek är ny.")]))
    workspace.run(commands.ReplaceText(document=document(workspace, "c.txt"), text="Här sade Eva Ek det."))
    memory.catch_up()
    assert shown(workspace, "e.txt") == shown(workspace, "c.txt") == [("Eva Ek", "PERSON")]
    workspace.undo()
    memory.catch_up()
    assert shown(workspace, "c.txt") == []


def test_a_sentence_that_is_said_again_is_a_claim_again(workspace: Workspace, memory: Remembering) -> None:
    said = "Alla ska få vård i tid"
    texts = [SourceDocument(f"{n}.txt", f"😀 {said}, sade {name}.") for n, name in enumerate(("hon", "han"))]
    list(import_documents(workspace.writer, workspace.reads, texts))
    command = commands.CreateAnnotation(
        document=document(workspace, "0.txt"), kind="claim", label="CLAIM", spans=(Span(2, 2 + len(said)),),
        facets={"kind": "goal", "mode": "indirect"},
    )  # fmt: skip
    workspace.run(command)
    memory.catch_up()
    (mark,) = open_marks(workspace, "1.txt")
    assert (mark.kind, mark.extent, dict(mark.facets)) == ("claim", Span(2, 2 + len(said)), command.facets)
    assert mark.source == "memory 1 · memory/sentence"


def test_the_memory_counts_where_the_project_says(workspace: Workspace, memory: Remembering) -> None:
    make(workspace, "a.txt", "Sjövik", "PLACE", 1)
    memory.catch_up()
    elsewhere = shown(workspace, "b.txt")
    assert elsewhere
    set_scope(workspace, "document")
    memory.catch_up()
    assert shown(workspace, "b.txt") == [] and len(shown(workspace, "a.txt")) == 3
    make(workspace, "b.txt", "Eva Ek", "PERSON")
    memory.catch_up()
    assert ("Eva Ek", "PERSON") not in shown(workspace, "a.txt")
    set_scope(workspace, "nothing")
    memory.catch_up()
    assert shown(workspace, "a.txt") == []
    set_scope(workspace, "corpus")
    memory.catch_up()
    assert shown(workspace, "b.txt") == elsewhere
    assert ("Eva Ek", "PERSON") in shown(workspace, "a.txt")


def test_what_is_forgotten_is_not_proposed_until_it_is_to_be_remembered(
    workspace: Workspace, memory: Remembering
) -> None:
    make(workspace, "a.txt", "Eva Ek", "PERSON")
    memory.catch_up()
    memory.forget("entity", ("eva", "ek"))
    memory.catch_up()
    assert shown(workspace, "b.txt") == []
    other = Remembering(workspace)
    other.catch_up()
    (row,) = remembered(other)
    assert (row.words, row.label, row.yes, row.forgotten) == ("Eva Ek", "PERSON", 1, True)
    other.forget("entity", ("eva", "ek"), False)
    other.catch_up()
    assert shown(workspace, "b.txt") == [("Eva Ek", "PERSON")]
    (mark,) = open_marks(workspace, "b.txt")
    said = evidence(other, mark, "Eva Ek")
    assert said and (said.yes, said.no) == (1, 0) and said.last
    assert remembered(other, "inte") == [] and last_time(other, row) == said.last


def test_decisions_are_told_with_how_far_they_spread(workspace: Workspace, memory: Remembering) -> None:
    make(workspace, "a.txt", "Region Sjövik", "ORGANISATION")
    memory.catch_up([document(workspace, "a.txt")])
    touched, spread = memory.told()
    assert set(touched.marks) == {document(workspace, name) for name in ("a.txt", "b.txt")}
    assert [(one.here, one.elsewhere) for one in spread] == [(1, 2)]
    assert memory.told()[1] == []


def test_another_annotators_decisions_count_only_where_everybodys_do(workspace: Workspace, memory: Remembering) -> None:
    make(workspace, "a.txt", "Eva Ek", "PERSON")
    with workspace.writer.unrecorded() as work:
        work.raw.execute("INSERT INTO annotators(id, kind, name) VALUES ('bo', 'human', 'Bo')")
        writes.set_meta(work, "annotator", "bo")
    memory.catch_up()
    assert shown(workspace, "b.txt") == []
    set_scope(workspace, "corpus", everybody=True)
    memory.catch_up()
    assert shown(workspace, "b.txt") == [("Eva Ek", "PERSON")]


def test_what_is_left_to_do_survives_being_stopped(workspace: Workspace) -> None:
    first = Remembering(workspace)
    first.catch_up()
    make(workspace, "a.txt", "Eva Ek", "PERSON")
    while first.work(0.0) and not workspace.file.connection.execute("SELECT 1 FROM recall WHERE passed > 0").fetchall():
        pass
    second = Remembering(workspace)
    second.catch_up()
    assert shown(workspace, "b.txt") == [("Eva Ek", "PERSON")]
    assert workspace.file.connection.execute("SELECT count(*) FROM recall").fetchone() == (0,)


def stored(workspace: Workspace) -> list[tuple[object, ...]]:
    rows = workspace.file.connection.execute(
        'SELECT document_id, id, label, start, "end", score, source, covered FROM suggestions ORDER BY 1, 2'
    )
    return rows.fetchall()


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(("make", "accept", "reject", "wide", "delete", "undo", "redo", "text")),
                          st.integers(0, 10_000)), max_size=14))  # fmt: skip
def test_the_memory_is_what_stands_however_one_came_there(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    """Learning step by step comes to the same as learning everything at the end."""
    with Workspace.create(tmp_path_factory.mktemp("memory") / "p.kurator", "p", "Anna") as workspace:
        sources = [SourceDocument(name, text) for name, text in TEXTS.items()]
        list(import_documents(workspace.writer, workspace.reads, sources))
        suggest(workspace, "b.txt", ("Region\u00a0Sjövik", "PLACE", 0.9), ("Eva", "PERSON", 0.9))
        memory = Remembering(workspace)
        for what, number in steps:
            act(workspace, what, number)
            memory.catch_up()
        memory.catch_up([document(workspace, name) for name in TEXTS])
        grown = stored(workspace)
        with workspace.writer.unrecorded() as work:
            memory_writes.look_at_everything(work)
        Remembering(workspace).catch_up()
        assert stored(workspace) == grown
        assert check_workspace(workspace) == []


def act(workspace: Workspace, what: str, number: int) -> None:
    """Do something to the document that ``number`` names, where it can be done."""
    identity = document(workspace, list(TEXTS)[number % len(TEXTS)])
    marks = workspace.marks.marks(identity)
    if what in ("undo", "redo"):
        (workspace.undo if what == "undo" else workspace.redo)()
    elif what == "text":
        workspace.run(commands.ReplaceText(document=identity, text=workspace.reads.text(identity) + " Eva Ek."))
    elif what == "make":
        text, read = workspace.reads.text(identity), words(workspace.reads.text(identity))
        at = number % (len(read.starts) - 1)
        span = Span(read.starts[at], read.ends[at + number % 2])
        label = ("PERSON", "PLACE", "ORGANISATION")[number % 3]
        if text[span.start : span.end].strip():
            command = commands.CreateAnnotation(document=identity, kind="entity", label=label, spans=(span,))
            workspace.run(command)
    elif marks:
        mark = marks[number % len(marks)]
        if what == "delete" and mark.annotation:
            workspace.run(commands.Delete(document=identity, keys=(mark.key,)))
        elif mark.state == "suggested" and what == "accept":
            workspace.run(commands.Accept(document=identity, key=mark.key))
        elif mark.state == "suggested" and what in ("reject", "wide"):
            scope: Scope = "corpus" if what == "wide" else "here"
            workspace.run(commands.Reject(document=identity, key=mark.key, scope=scope))


def related(workspace: Workspace, name: str) -> list[tuple[str, str, str]]:
    """Return the open suggested relations of a document: label, words of head and tail."""
    marks = workspace.marks.marks(document(workspace, name))
    text = workspace.reads.text(document(workspace, name))
    words_of = {mark.key: text[mark.extent.start : mark.extent.end] for mark in marks if mark.spans}
    return [
        (mark.label, words_of[mark.head or ""], words_of[mark.tail or ""])
        for mark in marks
        if mark.kind == "relation" and mark.state == "suggested"
    ]


def test_a_pair_that_was_related_is_related_again_in_one_sentence(workspace: Workspace, memory: Remembering) -> None:
    make(workspace, "a.txt", "Region Sjöviks", "ORGANISATION")
    make(workspace, "a.txt", "Eva Ek", "PERSON")
    first = document(workspace, "a.txt")
    keys = {one.label: one.key for one in workspace.marks.marks(first)}
    workspace.run(
        commands.CreateRelation(document=first, label="WORKS_FOR", head=keys["PERSON"], tail=keys["ORGANISATION"])
    )
    memory.catch_up()
    assert related(workspace, "b.txt") == [("WORKS_FOR", "Eva Ek", "Region\u00a0Sjövik")]
    assert check_workspace(workspace) == []
    (mark,) = (one for one in open_marks(workspace, "b.txt") if one.kind == "relation")
    assert mark.source == "memory 1 · memory/pair"
    list(import_documents(workspace.writer, workspace.reads, [SourceDocument("e.txt", "Eva Ek, Region Sjövik.")]))
    memory.catch_up()
    assert len(related(workspace, "e.txt")) == 1
    for name in ("b.txt", "e.txt"):
        (found,) = (one for one in open_marks(workspace, name) if one.kind == "relation")
        workspace.run(commands.Reject(document=document(workspace, name), key=found.key))
    list(import_documents(workspace.writer, workspace.reads, [SourceDocument("f.txt", "Eva Ek, Region Sjövik!")]))
    memory.catch_up()
    assert related(workspace, "f.txt") == []
    assert check_workspace(workspace) == []
    workspace.undo()
    workspace.undo()
    memory.catch_up()
    assert len(related(workspace, "f.txt")) == len(related(workspace, "b.txt")) == 1
    workspace.undo()
    memory.catch_up()
    assert related(workspace, "b.txt") == related(workspace, "f.txt") == []


def test_what_was_decided_just_before_the_program_ended_is_found_afterwards(workspace: Workspace) -> None:
    Remembering(workspace).catch_up()
    make(workspace, "a.txt", "Eva Ek", "PERSON")
    Remembering(workspace).catch_up()
    assert shown(workspace, "b.txt") == [("Eva Ek", "PERSON")]
