"""Work packages: shared out, written, annotated by others, and how far everybody is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import commands
from app.formats.exchange_import import import_exchange
from app.services.corpus_views import DocumentFilter, document_ids
from app.services.packages import Plan, plan_packages, team_progress, write_packages
from app.workspace import Workspace
from models.errors import UserError
from tests.app.team.team_project import add_documents, all_ids, become, make_team_project

PEOPLE = ("Åsa Öberg", "Bo 😀 Ek", "Cilla/Ström")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with make_team_project(tmp_path / "p.kurator", 20) as found:
        yield found


def share_out(workspace: Workspace, *names: str, **wanted: Any) -> Plan:
    plan = plan_packages(workspace.reads, names or PEOPLE, **wanted)
    workspace.run(plan.command())
    return plan


def assigned(workspace: Workspace) -> dict[str, tuple[str, ...]]:
    return {one.id: one.assigned for one in workspace.reads.documents(all_ids(workspace))}


def sorted_out(given: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {document: tuple(sorted(people)) for document, people in given.items()}


def test_a_plan_is_carried_out_and_undone(workspace: Workspace) -> None:
    plan = plan_packages(workspace.reads, PEOPLE, 0.2, 2)
    assert not any(assigned(workspace).values())
    assert plan.overlap == 4
    assert list(plan.names.values()) == list(PEOPLE)
    assert plan.people == plan.names
    assert sum(one.documents for one in plan.shares) == 24
    outcome = workspace.run(plan.command())
    assert outcome.count == 20
    assert assigned(workspace) == sorted_out(plan.assignments)
    assert set(PEOPLE) < {one.name for one in workspace.reads.annotators()}
    workspace.undo()
    assert not any(assigned(workspace).values())
    assert not set(PEOPLE) & {one.name for one in workspace.reads.annotators()}
    workspace.redo()
    assert assigned(workspace) == sorted_out(plan.assignments)


def test_the_same_names_give_the_same_plan(workspace: Workspace) -> None:
    first, second = (plan_packages(workspace.reads, PEOPLE, 0.2, seed="x") for _ in range(2))

    def by_name(plan: Plan) -> dict[str, list[str]]:
        return {document: [plan.names[one] for one in people] for document, people in plan.assignments.items()}

    assert by_name(first) == by_name(second)


def test_documents_to_come_are_shared_out_later(workspace: Workspace) -> None:
    first = share_out(workspace, overlap=0.1)
    kept = assigned(workspace)
    new = add_documents(workspace, range(20, 30))
    second = share_out(workspace, *PEOPLE, "Dan", overlap=0.5, each=2)
    assert set(second.assignments) == set(new)
    assert second.overlap == 5
    assert {document: people for document, people in assigned(workspace).items() if document not in new} == kept
    assert set(second.people.values()) == {"Dan"}
    assert set(first.names) < set(second.names)


def test_people_are_known_by_their_names(workspace: Workspace) -> None:
    plan = share_out(workspace, " maja ", "Bo")
    assert workspace.reads.me in plan.names
    assert list(plan.people.values()) == ["Bo"]
    again = plan_packages(workspace.reads, ["BO"], again=True)
    assert not again.people
    assert set(again.assignments) == set(all_ids(workspace))


def test_only_some_documents(workspace: Workspace) -> None:
    some = all_ids(workspace)[:7]
    assert set(share_out(workspace, documents=some).assignments) == set(some)
    rest = share_out(workspace)
    assert set(rest.assignments) == set(all_ids(workspace)[7:])
    with pytest.raises(UserError, match=r"team\.nothing-to-share"):
        plan_packages(workspace.reads, PEOPLE)


@pytest.mark.parametrize(
    ("names", "code"),
    [((), "team.no-annotators"), ((" ",), "team.no-annotators"), (("Bo", "bo "), "team.same-annotator")],
)  # fmt: skip
def test_names_that_will_not_do(workspace: Workspace, names: tuple[str, ...], code: str) -> None:
    with pytest.raises(UserError) as caught:
        plan_packages(workspace.reads, names)
    assert caught.value.code == code


def test_two_of_a_name_are_not_confused(workspace: Workspace) -> None:
    for identity in ("1", "2"):
        workspace.file.connection.execute(
            "INSERT INTO annotators(id, kind, name) VALUES (?, 'human', 'Bo')", (identity,)
        )
    with pytest.raises(UserError, match=r"team\.two-of-a-name"):
        plan_packages(workspace.reads, ["Bo"])


def test_nobody_unknown_gets_anything(workspace: Workspace) -> None:
    document = all_ids(workspace)[0]
    with pytest.raises(UserError, match=r"team\.unknown-annotator"):
        workspace.run(commands.SetAssignments(assignments={document: ("ingen",)}))
    with pytest.raises(UserError, match=r"document\.unknown"):
        workspace.run(commands.SetAssignments(assignments={"inget": (workspace.reads.me,)}))


def test_my_documents_and_nobodys(workspace: Workspace) -> None:
    some = all_ids(workspace)[:9]
    plan = share_out(workspace, "Maja", "Bo", documents=some)
    mine = {document for document, people in plan.assignments.items() if workspace.reads.me in people}
    assert set(document_ids(workspace.reads, DocumentFilter(mine=True))) == mine
    assert 0 < len(mine) < 9
    assert set(document_ids(workspace.reads, DocumentFilter(unassigned=True))) == set(all_ids(workspace)[9:])


# Files ------------------------------------------------------------------------------------------------------


def annotate(workspace: Workspace, documents: list[str], done: int) -> None:
    """Accept the first suggestion of each document, and finish some of them."""
    for number, document in enumerate(documents):
        waiting = next(mark for mark in workspace.marks.marks(document) if mark.state == "suggested" and mark.spans)
        workspace.run(commands.Accept(document=document, key=waiting.key))
        if number < done:
            workspace.run(commands.SetDone(document=document))


def content_of(workspace: Workspace) -> list[str]:
    """Return all that is stored but for the common origins of merges."""
    apart = ('"bases"', '"base_parts"', '"base_contents"', '"sqlite_sequence"')
    return [
        line
        for line in workspace.file.connection.iterdump()
        if not line.startswith(tuple(f"INSERT INTO {name}" for name in apart))
    ]


def test_a_file_for_each_with_their_own_work_only(workspace: Workspace, tmp_path: Path) -> None:
    plan = share_out(workspace, "Maja", "Bo 😀 Ek", "Cilla/Ström", overlap=0.2)
    annotate(workspace, all_ids(workspace), 20)
    workspace.run(commands.SetControls(documents=tuple(all_ids(workspace)[:2])))
    before = content_of(workspace)
    written = write_packages(workspace, tmp_path)
    assert content_of(workspace) == before
    assert [one.path.name for one in written] == [
        "Vårdplatser - Bo 😀 Ek.json", "Vårdplatser - Cilla_Ström.json", "Vårdplatser - Maja.json",
    ]  # fmt: skip
    for one in written:
        content = json.loads(one.path.read_text("utf-8"))
        mine = {document for document, people in plan.assignments.items() if one.annotator in people}
        assert {document["id"] for document in content["documents"]} == mine
        assert one.documents == len(mine)
        assert content["kurator"]["package"]["annotator"] == one.annotator
        assert content["kurator"]["package"]["name"] == "Vårdplatser"
        own = one.annotator == workspace.reads.me
        for document in content["documents"]:
            assert document["text"]
            assert document["suggestions"]
            assert bool(document["entities"] + document["claims"]) == own
            assert bool(document["decisions"]) == bool(document["status"]) == own
        assert content["kurator"]["counts"]["decisions"] == (len(mine) if own else 0)
        assert sum(document.get("control", False) for document in content["documents"]) <= 2


def test_only_some_files(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"team\.no-packages"):
        write_packages(workspace, tmp_path)
    plan = share_out(workspace)
    bo = next(one for one, name in plan.names.items() if name.startswith("Bo"))
    assert [one.annotator for one in write_packages(workspace, tmp_path, [bo])] == [bo]
    told: list[tuple[int, int]] = []
    write_packages(workspace, tmp_path, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (20, 20)
    assert sorted(told) == told


def test_a_cancelled_writing_leaves_whole_files(workspace: Workspace, tmp_path: Path) -> None:
    share_out(workspace)
    seen: list[int] = []
    written = write_packages(
        workspace, tmp_path, progress=lambda done, _: seen.append(done), cancelled=lambda: len(seen) > 8
    )
    assert [one.path for one in written] == sorted(tmp_path.glob("*.json"))
    assert len(written) < 3


def test_a_package_is_read_into_an_empty_project(workspace: Workspace, tmp_path: Path) -> None:
    plan = share_out(workspace, "Bo", "Cilla")
    first = write_packages(workspace, tmp_path)[0]
    with Workspace.create(tmp_path / "bo.kurator", "tom", "Bo") as mine:
        assert import_exchange(mine.writer, mine.reads, first.path).documents == first.documents
        names = {one.id: one.name for one in mine.reads.annotators()}
        assert names[first.annotator] == "Bo"
        become(mine, first.annotator)
        found = document_ids(mine.reads, DocumentFilter(mine=True))
        assert set(found) == {document for document, people in plan.assignments.items() if first.annotator in people}


# Progress ---------------------------------------------------------------------------------------------------


def test_how_far_everybody_is(workspace: Workspace) -> None:
    plan = share_out(workspace, "Bo", "Cilla", overlap=0.5)
    bo, cilla = plan.names
    shared = [document for document, people in plan.assignments.items() if len(people) > 1]
    become(workspace, bo)
    annotate(workspace, shared, 6)
    become(workspace, cilla)
    annotate(workspace, shared[:5], 5)
    workspace.file.connection.execute(
        "INSERT INTO conflicts(id, document_id, body) VALUES ('1', ?1, '{\"resolution\":null}'), "
        "('2', ?1, '{\"resolution\":{\"choice\":\"ours\"}}'), ('3', NULL, '{\"resolution\":null}')",
        (shared[0],),
    )
    found = team_progress(workspace.reads)
    assert (found.documents, found.unassigned, found.overlap, found.overlap_done) == (20, 0, 10, 5)
    first, second = found.people
    assert (first.name, first.assigned, first.done, first.made, first.conflicts) == ("Bo", 15, 6, 10, 1)
    assert (first.shared, first.shared_done) == (10, 6)
    assert (second.name, second.done, second.made, second.shared_done) == ("Cilla", 5, 5, 5)
    assert first.last
    assert first.last.endswith("Z")


def test_whoever_did_nothing_yet(workspace: Workspace) -> None:
    assert team_progress(workspace.reads) == ((), 20, 20, 0, 0)
    share_out(workspace, "Bo")
    (bo,) = team_progress(workspace.reads).people
    assert (bo.assigned, bo.done, bo.made, bo.shared, bo.last) == (20, 0, 0, 0, None)
