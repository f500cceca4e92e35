"""Effort: written with the action it went into, shared exactly, kept when the action is undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import commands
from app.workspace import Workspace
from models.effort import Effort, shared
from models.marks import Mark
from tests.app.team.team_project import all_ids, become, make_team_project, place

Rows = dict[tuple[str, str], tuple[int, int, int]]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with make_team_project(tmp_path / "p.kurator", 3) as found:
        yield found


def effort(workspace: Workspace, document: str) -> Rows:
    """Return (label, action) → count, keys, milliseconds, of the present annotator."""
    rows = workspace.file.connection.execute(
        "SELECT label, action, count, keys, ms FROM effort WHERE document_id = ? AND annotator_id = ?",
        (document, workspace.reads.me),
    )
    return {(label, action): (count, keys, ms) for label, action, count, keys, ms in rows}


def mark(workspace: Workspace, document: str, label: str) -> Mark:
    return next(one for one in workspace.marks.marks(document) if one.label == label)


@given(
    st.builds(Effort, st.integers(0, 500), st.integers(0, 10**7)),
    st.dictionaries(
        st.tuples(st.text(max_size=3), st.text(max_size=3), st.text(max_size=3)), st.integers(1, 9), min_size=1
    ),
)
def test_parts_add_up_to_the_whole(effort: Effort, tallies: dict[tuple[str, str, str], int]) -> None:
    parts = list(shared(effort, tallies))
    assert [(tally, count) for tally, count, _ in parts] == list(tallies.items())
    assert Effort(*map(sum, zip(*(part for _, _, part in parts), strict=True))) == effort
    total = sum(tallies.values())
    assert all(abs(part.ms - effort.ms * count / total) < 1 for _, count, part in parts)


def test_each_action_has_its_name(workspace: Workspace) -> None:
    document = all_ids(workspace)[0]

    def act(command: commands.Command, keys: int, ms: int) -> str:
        made = workspace.run(command, Effort(keys, ms)).focus.mark
        return made or ""

    region, person = mark(workspace, document, "ORGANISATION"), mark(workspace, document, "PERSON")
    act(commands.Accept(document=document, key=region.key), 1, 900)
    act(commands.Relabel(document=document, key=region.key, label="PLACE"), 2, 800)
    act(commands.Reject(document=document, key=person.key), 1, 700)
    act(commands.Reopen(document=document, key=person.key), 1, 600)
    place_ = act(commands.CreateAnnotation(
        document=document, kind="entity", label="PLACE", spans=(place("hemsjuk\u00advården"),)), 7, 5000)  # fmt: skip
    act(commands.MoveBoundaries(document=document, key=place_, spans=(place("ut hemsjuk\u00advården"),)), 3, 400)
    act(commands.Delete(document=document, keys=(place_,)), 1, 300)
    act(commands.SetDone(document=document), 1, 200)
    act(commands.SetDocumentNote(document=document, text="Oklart 😀"), 9, 100)
    assert effort(workspace, document) == {
        ("ORGANISATION", "accepted"): (1, 1, 900),
        ("ORGANISATION", "corrected"): (1, 2, 800),
        ("PERSON", "rejected"): (1, 1, 700),
        ("PERSON", "other"): (1, 1, 600),
        ("PLACE", "manual"): (1, 7, 5000),
        ("PLACE", "other"): (2, 4, 700),
        ("", "done"): (1, 1, 200),
        ("", "other"): (1, 9, 100),
    }


def test_a_relation_shares_its_effort_with_its_ends(workspace: Workspace) -> None:
    document = all_ids(workspace)[0]
    speaker = mark(workspace, document, "ATTRIBUTED_TO")
    workspace.run(commands.Accept(document=document, key=speaker.key), Effort(1, 1000))
    found = effort(workspace, document)
    assert {key: counts[0] for key, counts in found.items()} == {
        ("CLAIM", "accepted"): 1, ("PERSON", "accepted"): 1, ("ATTRIBUTED_TO", "accepted"): 1,
    }  # fmt: skip
    assert sum(keys for _, keys, _ in found.values()) == 1
    assert sum(ms for *_, ms in found.values()) == 1000


def test_what_is_done_at_once_counts_each_annotation(workspace: Workspace) -> None:
    documents = all_ids(workspace)
    person = mark(workspace, documents[0], "PERSON")
    command = commands.ApplyToIdentical(document=documents[0], key=person.key, scope="corpus", create_missing=True)
    assert workspace.run(command, Effort(5, 3001)).count == 2
    rows = [effort(workspace, one)["PERSON", "accepted"] for one in documents]
    assert [count for count, *_ in rows] == [1, 1, 1]
    assert sum(keys for _, keys, _ in rows) == 5
    assert sum(ms for *_, ms in rows) == 3001


def test_undoing_takes_no_effort_back(workspace: Workspace) -> None:
    document = all_ids(workspace)[0]
    command = commands.Accept(document=document, key=mark(workspace, document, "PERSON").key)
    workspace.run(command, Effort(1, 500))
    workspace.undo()
    assert effort(workspace, document) == {("PERSON", "accepted"): (1, 1, 500)}
    workspace.redo()
    assert effort(workspace, document) == {("PERSON", "accepted"): (1, 1, 500)}


def test_what_changes_nothing_or_is_refused_leaves_nothing(workspace: Workspace) -> None:
    document = all_ids(workspace)[0]
    assert workspace.run(commands.SetDone(document=document, done=False), Effort(1, 5)).change_set is None
    with pytest.raises(Exception, match=r"mark\.unknown"):
        workspace.run(commands.Accept(document=document, key="ingen"), Effort(1, 5))
    assert not effort(workspace, document)


def test_what_nobody_measured_is_not_counted(workspace: Workspace) -> None:
    document = all_ids(workspace)[0]
    workspace.run(commands.Accept(document=document, key=mark(workspace, document, "PERSON").key))
    workspace.run(commands.SetDone(document=document))
    assert not effort(workspace, document)


@pytest.mark.parametrize("measured", [Effort(2, 300), None])
def test_work_in_a_control_is_told_apart_once_suggestions_were_shown(
    workspace: Workspace, measured: Effort | None
) -> None:
    document = all_ids(workspace)[0]
    workspace.run(commands.SetControls(documents=(document,)))
    alone = commands.CreateAnnotation(document=document, kind="entity", label="PERSON", spans=(place("Bo Ek"),))
    workspace.run(alone, measured)
    workspace.run(commands.SetDone(document=document), measured)
    assert ("PERSON", "revised") not in effort(workspace, document)
    workspace.run(commands.Accept(document=document, key=mark(workspace, document, "ORGANISATION").key), measured)
    found = effort(workspace, document)
    assert found["ORGANISATION", "revised"] == (1, *(measured or (0, 0)))
    assert found["", "done"] == (1, *(measured or (0, 0)))
    assert (("PERSON", "manual") in found) == (measured is not None)
    become(workspace, "bo")
    workspace.run(alone, measured)
    assert ("PERSON", "revised") not in effort(workspace, document)


ACTIONS = st.tuples(
    st.sampled_from(("accept", "reject", "reopen", "create", "delete", "done", "undo", "redo")),
    st.integers(0, 5),
    st.builds(Effort, st.integers(0, 9), st.integers(0, 90_000)),
)


@settings(max_examples=15)
@given(actions=st.lists(ACTIONS, max_size=12))
def test_effort_is_what_was_simulated(
    actions: list[tuple[str, int, Effort]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with make_team_project(tmp_path_factory.mktemp("p") / "p.kurator", 1) as workspace:
        document = all_ids(workspace)[0]
        spent: Counter[str] = Counter()
        for action, number, measured in actions:
            if action in ("undo", "redo"):
                (workspace.undo if action == "undo" else workspace.redo)()
                continue
            command = command_of(workspace, document, action, number)
            if command is not None and workspace.run(command, measured).change_set is not None:
                spent.update(keys=measured.keys, ms=measured.ms)
        rows = effort(workspace, document).values()
        assert (spent["keys"], spent["ms"]) == (sum(row[1] for row in rows), sum(row[2] for row in rows))


def command_of(workspace: Workspace, document: str, action: str, number: int) -> commands.Command | None:
    marks = sorted(workspace.marks.marks(document), key=lambda one: one.key)
    one = marks[number % len(marks)]
    if action == "accept":
        return commands.Accept(document=document, key=one.key) if one.kind != "relation" else None
    if action == "reject":
        return commands.Reject(document=document, key=one.key) if one.suggestion else None
    if action == "reopen":
        judged = one.suggestion and one.state != "suggested"
        return commands.Reopen(document=document, key=one.key) if judged else None
    if action == "create":
        spans = (place(("Bo Ek", "ler", "säger")[number % 3]),)
        return commands.CreateAnnotation(document=document, kind="entity", label="PERSON", spans=spans)
    if action == "delete":
        return commands.Delete(document=document, keys=(one.key,))
    return commands.SetDone(document=document, done=number % 2 == 0)
