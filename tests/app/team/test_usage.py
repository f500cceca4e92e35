"""The usage report: what it counts, what it compares, and that it says so where it cannot tell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import commands
from app.services.usage import Usage, usage
from app.workspace import Workspace
from models.effort import Effort
from models.proportions import Share
from models.store.usage_reads import Passage
from models.usage import FEW, Alone, Cost, LabelUsage, compared, side_by_side
from tests.app.team.team_project import all_ids, become, make_team_project, place

ALONE_EFFORT, SHOWN_EFFORT = Effort(8, 6000), Effort(1, 1500)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with make_team_project(tmp_path / "p.kurator", 8) as found:
        yield found


def work_alone(workspace: Workspace, document: str) -> None:
    """Annotate without suggestions: one person as suggested, a region a little shorter, a place nobody suggested."""
    for label, words in (("PERSON", "Bo Ek"), ("ORGANISATION", "Region"), ("PLACE", "A\u030adalen")):
        made = commands.CreateAnnotation(document=document, kind="entity", label=label, spans=(place(words),))
        workspace.run(made, ALONE_EFFORT)
    workspace.run(commands.SetDone(document=document), Effort(1, 2000))


def work_with(workspace: Workspace, document: str) -> None:
    """Accept a person, correct the region, reject the other person, add a place by hand."""
    waiting = (one for one in workspace.marks.marks(document) if one.state == "suggested")
    marks = sorted(waiting, key=lambda one: (one.spans, one.key))
    region = next(one for one in marks if one.label == "ORGANISATION")
    signe, bo = (one for one in marks if one.label == "PERSON")
    workspace.run(commands.MoveBoundaries(document=document, key=region.key, spans=(place("Region"),)), SHOWN_EFFORT)
    workspace.run(commands.Accept(document=document, key=bo.key), SHOWN_EFFORT)
    workspace.run(commands.Reject(document=document, key=signe.key), SHOWN_EFFORT)
    made = commands.CreateAnnotation(
        document=document, kind="entity", label="PLACE", spans=(place("hemsjuk\u00advården"),)
    )
    workspace.run(made, Effort(5, 5500))
    workspace.run(commands.SetDone(document=document), Effort(1, 1000))


def by_label(report: Usage) -> dict[str, LabelUsage]:
    return {one.label: one for one in report.labels}


def worked_through(workspace: Workspace) -> None:
    """Work in six documents, two of them controls, and leave a third control and a document alone."""
    documents = all_ids(workspace)
    workspace.run(commands.SetControls(documents=tuple(documents[:3])))
    for document in documents[:2]:
        work_alone(workspace, document)
    for document in documents[3:7]:
        work_with(workspace, document)


def test_what_became_of_suggestions(workspace: Workspace) -> None:
    worked_through(workspace)
    report = usage(workspace.reads)
    found = by_label(report)
    order = [one.id for one in workspace.reads.label_set()]
    assert list(found) == sorted(("PERSON", "ORGANISATION", "PLACE", "CLAIM"), key=order.index)
    counts = {label: (one.accepted, one.corrected, one.rejected, one.manual) for label, one in found.items()}
    assert counts == {
        "PERSON": (4, 0, 4, 0),
        "ORGANISATION": (0, 4, 0, 0),
        "PLACE": (0, 0, 0, 4),
        "CLAIM": (0, 0, 0, 0),
    }
    assert found["PERSON"].precision == Share(4, 8)
    assert found["PLACE"].added == Share(4, 4)
    assert (report.controls, report.alone, report.revised) == (3, 2, 0)
    assert (report.whole.accepted, report.whole.judged, report.whole.manual) == (4, 12, 4)
    assert (report.shown.documents, report.hidden.documents) == (4, 2)
    assert (report.shown.annotations, report.hidden.annotations) == (12, 6)


def test_what_annotators_find_alone(workspace: Workspace) -> None:
    worked_through(workspace)
    found = by_label(usage(workspace.reads))
    assert found["PERSON"].alone == Alone(annotations=2, met=2, suggested=4, exact=2, found=2)
    assert found["ORGANISATION"].alone == Alone(annotations=2, met=2, suggested=2, exact=0, found=2)
    assert found["PLACE"].alone == Alone(annotations=2, met=0, suggested=0, exact=0, found=0)
    assert found["CLAIM"].alone == Alone(annotations=0, met=0, suggested=2, exact=0, found=0)
    assert found["PERSON"].precision_alone == Share(2, 4)
    assert found["PLACE"].added_alone == Share(2, 2)


def test_what_it_takes_with_and_without(workspace: Workspace) -> None:
    worked_through(workspace)
    report = usage(workspace.reads)
    found = by_label(report)
    assert found["PERSON"].hidden == Cost(2, 16, 12_000)
    assert found["PERSON"].hidden.seconds_each == 6.0
    assert found["PERSON"].shown == Cost(4, 8, 12_000)
    assert found["PERSON"].shown.keys_each == 2.0
    assert found["PLACE"].shown.seconds_each == 5.5
    assert report.whole.hidden == Cost(6, 6 * 8 + 2, 6 * 6000 + 2 * 2000)
    assert report.whole.shown == Cost(12, 4 * (3 + 5 + 1), 4 * (3 * 1500 + 5500 + 1000))
    assert found["CLAIM"].shown.seconds_each is None


def test_a_control_no_longer_counts_when_something_changed_after_it_was_shown(workspace: Workspace) -> None:
    worked_through(workspace)
    first = all_ids(workspace)[0]
    workspace.run(commands.SetDone(document=first, done=False))
    report = usage(workspace.reads)
    assert (report.alone, report.revised) == (1, 1)
    waiting = next(one for one in workspace.marks.marks(first) if one.state == "suggested" and one.spans)
    workspace.run(commands.Accept(document=first, key=waiting.key))
    report = usage(workspace.reads)
    assert (report.alone, report.revised) == (1, 1)
    assert report.whole.alone.annotations == 3
    assert report.whole.accepted == 4


def test_judging_before_it_became_a_control_spoils_it(workspace: Workspace) -> None:
    document = all_ids(workspace)[0]
    work_with(workspace, document)
    workspace.run(commands.SetControls(documents=(document,)))
    report = usage(workspace.reads)
    assert (report.controls, report.alone, report.revised) == (1, 0, 1)
    assert report.whole.judged == 0


def test_one_annotator_or_all(workspace: Workspace) -> None:
    me, documents = workspace.reads.me, all_ids(workspace)
    work_with(workspace, documents[3])
    become(workspace, "bo")
    work_with(workspace, documents[3])
    work_with(workspace, documents[4])
    workspace.file.connection.execute("INSERT INTO annotators(id, kind, name) VALUES ('x', 'adjudication', 'Facit')")
    workspace.file.connection.execute("UPDATE decisions SET annotator_id = 'x' WHERE document_id = ?", (documents[4],))
    assert usage(workspace.reads).whole.judged == 6
    assert usage(workspace.reads, me).whole.judged == usage(workspace.reads, "bo").whole.judged == 3
    assert usage(workspace.reads, "x").whole.judged == 0
    assert usage(workspace.reads, me).annotator == me


def test_removed_documents_do_not_count(workspace: Workspace) -> None:
    worked_through(workspace)
    workspace.run(commands.RemoveDocuments(documents=tuple(all_ids(workspace))))
    report = usage(workspace.reads)
    assert (report.whole.judged, report.whole.shown.ms, report.whole.hidden.ms, report.alone) == (0, 0, 0, 0)


def test_nothing_was_done_yet(workspace: Workspace) -> None:
    report = usage(workspace.reads)
    assert report.labels == ()
    assert report.whole.precision.value is None
    assert report.whole.shown.seconds_each is None
    assert report.whole.acceptance == "few"


# Comparing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "finding"),
    [
        (Share(95, 100), Share(60, 100), "higher"),
        (Share(60, 100), Share(95, 100), "lower"),
        (Share(80, 100), Share(76, 100), "alike"),
        (Share(FEW - 1, FEW - 1), Share(0, 1000), "few"),
        (Share(0, 0), Share(5, 100), "few"),
    ],
)
def test_a_comparison_says_what_the_cases_tell(one: Share, other: Share, finding: str) -> None:
    assert compared(one, other) == finding


def test_letting_wrong_labels_pass_and_overlooking_show() -> None:
    cost = Cost()
    alone = Alone(annotations=100, met=40, suggested=80, exact=30, found=40)
    misled = LabelUsage("PERSON", 78, 1, 1, 2, alone, cost, cost)
    assert (misled.acceptance, misled.attention) == ("higher", "lower")
    careful = LabelUsage("PERSON", 40, 20, 20, 110, alone, cost, cost)
    assert (careful.acceptance, careful.attention) == ("alike", "alike")


PASSAGES = st.lists(
    st.builds(
        lambda label, start, more: Passage(label, start, start + more, None),
        st.sampled_from("AB"), st.integers(0, 20), st.integers(1, 5),
    ),
    max_size=12,
)  # fmt: skip


@given(PASSAGES, PASSAGES)
def test_side_by_side_is_what_comparing_each_with_each_gives(made: list[Passage], suggested: list[Passage]) -> None:
    def meets(one: Passage, others: list[Passage]) -> bool:
        return any(one.label == its.label and one.start < its.end and its.start < one.end for its in others)  # type: ignore[operator]

    whole = Alone()
    for counts in side_by_side(made, suggested).values():
        whole = whole.plus(counts)
    assert whole == Alone(
        len(made),
        sum(meets(one, suggested) for one in made),
        len(suggested),
        sum(one in made for one in suggested),
        sum(meets(one, made) for one in suggested),
    )
