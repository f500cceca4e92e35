"""Controls: suggestions are hidden from each annotator until done, wherever they are read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import commands
from app.services.annotation_views import DocumentViews
from app.services.controls import controls, is_hidden, plan_controls, share_of
from app.services.corpus_views import DocumentFilter, document_ids, listed, progress
from app.services.identical import plan
from app.workspace import Workspace
from models.errors import UserError
from models.store.table_reads import Listing, TableQuery
from tests.app.team.team_project import add_documents, all_ids, become, make_team_project, place


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with make_team_project(tmp_path / "p.kurator") as found:
        yield found


def control(workspace: Workspace, *documents: str, on: bool = True) -> None:
    workspace.run(commands.SetControls(documents=documents, on=on))


def rows(workspace: Workspace, kind: str, document: str | None = None) -> list[tuple[str, str, str | None]]:
    """Return document, state and speaker of every row of a table, suggestions included."""
    query = TableQuery(kind, workspace.reads.me, document, suggestions=True)  # type: ignore[arg-type]
    listing = Listing(workspace.path, query)
    try:
        assert listing.fill()
        return [(one.document, one.state, one.speaker) for one in listing.rows(0, listing.count) if one]
    finally:
        listing.close()


def suggestions_in_sight(workspace: Workspace, document: str) -> dict[str, int]:
    """Return, room by room, how many suggestions of a document the present annotator can see."""
    reads, marks = workspace.reads, workspace.marks
    keys = [row[0] for row in workspace.file.connection.execute(
        "SELECT id FROM suggestions WHERE document_id = ?", (document,))]  # fmt: skip
    one = listed(reads, [document])[document]
    views = DocumentViews(workspace, document)
    made = next((mark for mark in marks.marks(document) if mark.annotation and mark.spans), None)
    view = views.view(made) if made else None
    states = ("suggested", "rejected")
    return {
        "marks": sum(mark.state in states for mark in marks.marks(document)),
        "beginning": sum(mark.state in states for mark in marks.beginning(document, 10_000)),
        "some": sum(mark.state in states for mark in marks.some(document, keys)),
        "of a label": len(marks.open_suggestions(document, "PERSON")),
        "counted": one.suggestions,
        "open": one.open,
        "record": reads.document(document).suggestions,
        "filtered": len({document} & set(document_ids(reads, DocumentFilter(unjudged=True)))),
        "claims": sum(state == "suggested" for _, state, _ in rows(workspace, "claim", document)),
        "claims everywhere": sum(one[:2] == (document, "suggested") for one in rows(workspace, "claim")),
        "relations": sum(state == "suggested" for _, state, _ in rows(workspace, "relation", document)),
        "speakers": sum(speaker is not None for _, state, speaker in rows(workspace, "claim", document)),
        "links": len(view.links) if view else 0,
        "others": sum(other.state in states for other in view.others) if view else 0,
    }  # fmt: skip


def test_everything_is_in_sight_before(workspace: Workspace) -> None:
    document = all_ids(workspace)[0]
    seen = suggestions_in_sight(workspace, document)
    assert {room for room, count in seen.items() if not count} == {"links", "others"}


def test_nothing_is_in_sight_until_done(workspace: Workspace) -> None:
    first, second, *_ = all_ids(workspace)
    claim = (place("Tolv\u00a0platser till"),)
    control(workspace, first)
    workspace.run(commands.CreateAnnotation(document=first, kind="claim", label="CLAIM", spans=claim))
    workspace.run(
        commands.CreateAnnotation(document=first, kind="entity", label="PERSON", spans=(place("till, säger"),))
    )
    assert not any(suggestions_in_sight(workspace, first).values())
    assert suggestions_in_sight(workspace, second)["marks"] == 5
    before = progress(workspace.reads)
    assert before.suggestions == 11 * 5

    workspace.run(commands.SetDone(document=first))
    seen = suggestions_in_sight(workspace, first)
    assert seen["marks"] == seen["beginning"] + 1 == 4  # the claim that stands already is not suggested again
    assert progress(workspace.reads).suggestions == 12 * 5


def test_reopening_does_not_hide_them_again_and_undoing_does_not_either(workspace: Workspace) -> None:
    document = all_ids(workspace)[0]
    control(workspace, document)
    workspace.run(commands.SetDone(document=document))
    workspace.run(commands.SetDone(document=document, done=False))
    assert suggestions_in_sight(workspace, document)["marks"] == 5
    workspace.undo()
    workspace.undo()
    assert workspace.reads.document(document).state == "open"
    assert suggestions_in_sight(workspace, document)["marks"] == 5
    assert not is_hidden(workspace.reads, document)


def test_each_annotator_is_done_alone(workspace: Workspace) -> None:
    document, me = all_ids(workspace)[0], workspace.reads.me
    control(workspace, document)
    workspace.run(commands.SetDone(document=document))
    become(workspace, "bo")
    assert not any(suggestions_in_sight(workspace, document).values())
    become(workspace, me)
    assert suggestions_in_sight(workspace, document)["marks"] == 5


def test_views_are_told_when_suggestions_show_and_hide(workspace: Workspace) -> None:
    document, other = all_ids(workspace)[:2]
    shown = workspace.run(commands.SetControls(documents=(document,)))
    assert shown.touched.everything
    assert "suggestions" in shown.touched.subjects
    assert workspace.run(commands.SetDone(document=document)).touched.everything
    assert not workspace.run(commands.SetDone(document=other)).touched.everything


def test_what_is_done_elsewhere_leaves_a_control_alone(workspace: Workspace) -> None:
    first, second, *rest = all_ids(workspace)
    control(workspace, second)
    person = next(mark for mark in workspace.marks.marks(first) if mark.label == "PERSON")
    places = {match.document for match in plan(workspace.reads, workspace.marks, first, person, "corpus", True)}
    assert places == set(rest)
    workspace.run(commands.ApplyToIdentical(document=first, key=person.key, scope="corpus", create_missing=True))
    region = next(mark for mark in workspace.marks.marks(first) if mark.label == "ORGANISATION")
    rejected = workspace.run(commands.Reject(document=first, key=region.key, scope="corpus"))
    assert rejected.count == 1 + len(rest)
    assert not workspace.reads.annotations(second)
    assert not workspace.reads.decisions(second)


def test_a_hidden_suggestion_is_not_accepted_unseen(workspace: Workspace) -> None:
    """Making by hand what is suggested in secret is work by hand."""
    document = all_ids(workspace)[0]
    keys = [mark.key for mark in workspace.marks.marks(document)]
    control(workspace, document)
    person = (place("Bo Ek"),)
    workspace.run(commands.CreateAnnotation(document=document, kind="entity", label="PERSON", spans=person))
    (made,) = workspace.reads.annotations(document)
    assert made.state == "manual"
    assert made.suggestion is None
    assert not workspace.reads.decisions(document)
    with pytest.raises(UserError, match=r"mark\.unknown"):
        workspace.run(commands.Accept(document=document, key=keys[0]))
    assert workspace.run(commands.AcceptAll(document=document, keys=tuple(keys))).count == 0


# Shares -----------------------------------------------------------------------------------------------------


def test_a_share_grows_without_dropping_and_takes_in_what_comes(workspace: Workspace) -> None:
    add_documents(workspace, range(12, 80))
    reads = workspace.reads
    workspace.run(commands.SetControls(share=0.2))
    few = controls(reads)
    assert len(few) == 16
    workspace.run(commands.SetControls(share=0.5))
    more = controls(reads)
    assert few < more
    assert (len(more), share_of(reads)) == (40, 0.5)
    new = set(add_documents(workspace, range(80, 141)))
    assert more < controls(reads) <= more | new
    assert len(controls(reads)) == round(0.5 * 141)
    assert not plan_controls(reads, 0.5).add + plan_controls(reads, 0.5).drop
    workspace.run(commands.SetControls(share=0.1))
    assert controls(reads) < more | new
    assert len(controls(reads)) == 14
    workspace.undo()
    assert len(controls(reads)) == 70


@given(shares=st.lists(st.floats(0, 1), min_size=1, max_size=4))
@settings(max_examples=15)
def test_a_share_is_exact_and_the_larger_holds_the_smaller(
    shares: list[float], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with make_team_project(tmp_path_factory.mktemp("p") / "p.kurator", 9) as workspace:
        before: set[str] = set()
        for share in shares:
            workspace.run(commands.SetControls(share=share))
            found = controls(workspace.reads)
            assert len(found) == round(share * 9)
            assert found <= before or before <= found
            before = found


def test_what_was_begun_stays_as_it_is(workspace: Workspace) -> None:
    first, second, third, *_ = all_ids(workspace)
    person = next(mark for mark in workspace.marks.marks(first) if mark.label == "PERSON")
    workspace.run(commands.Accept(document=first, key=person.key))
    control(workspace, second)
    workspace.run(commands.SetDone(document=third))
    wanted = plan_controls(workspace.reads, 1.0)
    assert (wanted.missing, wanted.controls, wanted.documents) == (2, 10, 12)
    workspace.run(commands.SetControls(share=1.0))
    assert controls(workspace.reads) == set(all_ids(workspace)) - {first, third}
    workspace.run(commands.SetDone(document=second))
    workspace.run(commands.SetControls(share=0.0))
    assert controls(workspace.reads) == {second}


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_no_such_share(workspace: Workspace, share: float) -> None:
    with pytest.raises(UserError, match=r"team\.no-share"):
        workspace.run(commands.SetControls(share=share))


def test_lists_tell_controls(workspace: Workspace) -> None:
    first, second, *_ = all_ids(workspace)
    control(workspace, first)
    found = listed(workspace.reads, [first, second])
    assert (found[first].control, found[second].control) == (True, False)
    assert workspace.reads.document(first).control


STEP = st.tuples(
    st.sampled_from(("control", "ordinary", "done", "reopen", "create", "accept", "reject", "undo", "redo", "other")),
    st.integers(0, 2),
)


@settings(max_examples=15)
@given(steps=st.lists(STEP, max_size=14))
def test_no_room_ever_shows_what_is_hidden(
    steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever was done before: hidden is what is a control and was never done by this annotator."""
    with make_team_project(tmp_path_factory.mktemp("p") / "p.kurator", 3) as workspace:
        documents, people = all_ids(workspace), [workspace.reads.me, "bo"]
        been_done: set[tuple[str, str]] = set()
        for step, number in steps:
            play(workspace, step, documents[number])
            if step == "done":
                been_done.add((documents[number], workspace.reads.me))
            if step == "other":
                become(workspace, people[number % 2])
            for document in documents:
                hidden = workspace.reads.document(document).control and (document, workspace.reads.me) not in been_done
                assert is_hidden(workspace.reads, document) == hidden
                if hidden:
                    assert not any(suggestions_in_sight(workspace, document).values())


def play(workspace: Workspace, step: str, document: str) -> None:
    waiting = [mark for mark in workspace.marks.marks(document) if mark.state == "suggested" and mark.spans]
    if step in ("control", "ordinary"):
        control(workspace, document, on=step == "control")
    elif step in ("done", "reopen"):
        workspace.run(commands.SetDone(document=document, done=step == "done"))
    elif step == "create":
        spans = (place("hemsjuk\u00advården"),)
        workspace.run(commands.CreateAnnotation(document=document, kind="entity", label="PLACE", spans=spans))
    elif step in ("accept", "reject") and waiting:
        kind = commands.Accept if step == "accept" else commands.Reject
        workspace.run(kind(document=document, key=waiting[0].key))
    elif step in ("undo", "redo"):
        (workspace.undo if step == "undo" else workspace.redo)()
