"""Random readings under random decisions: what must hold whatever was decided."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import commands as c
from app.services.adjudication_views import DocumentCases, previewed
from app.workspace import Workspace
from models.errors import UserError
from models.spans import Span
from models.store.adjudication_reads import adjudicator
from tests.app.services.readings import Said, give, project

TEXT = "Anna 😀 på Ska\u030anes\u00a0hälso\u00advård leder Region Halland. "
PEOPLE = ("bo", "cilla", "dan")
TABLES = ("annotations", "conflicts", "tombstones", "annotators", "decisions", "statuses", "notes")
PLACES = st.builds(lambda start, more: (Span(start, start + more),), st.integers(0, 30), st.integers(1, 6))
FACETS = st.sampled_from(({}, {"kind": "fact"}, {"kind": "goal", "mode": "author"}))
PASSAGES = st.one_of(
    st.tuples(st.sampled_from(("PERSON", "ORGANISATION")), PLACES).map(lambda found: Said(*found)),
    st.tuples(st.just("CLAIM"), PLACES, FACETS).map(lambda found: Said(*found)),
)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the text and the people, nothing annotated."""
    path = tmp_path_factory.mktemp("blank") / "p.kurator"
    project(path, {"a": TEXT}, PEOPLE).close()
    return path


@st.composite
def sessions(draw: st.DrawFn) -> tuple[Any, ...]:
    shared = draw(st.lists(PASSAGES, min_size=2, max_size=5))
    readings = []
    for _ in PEOPLE[: draw(st.integers(2, 3))]:
        mine = [one for one in shared if draw(st.integers(0, 3))] + draw(st.lists(PASSAGES, max_size=2))
        pairs = [
            (label, a, b)
            for a, b in itertools.permutations(range(len(mine)), 2)
            for label in ("WORKS_FOR", "ATTRIBUTED_TO", "SAME_AS")
            if _fits(label, mine[a].label, mine[b].label)
        ]
        readings.append((mine, draw(st.lists(st.sampled_from(pairs), max_size=3)) if pairs else []))
    steps = draw(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 99), st.integers(0, 99)), max_size=8))
    return readings, steps


def _fits(label: str, head: str, tail: str) -> bool:
    return {
        "WORKS_FOR": (head, tail) == ("PERSON", "ORGANISATION"),
        "ATTRIBUTED_TO": head == "CLAIM" and tail != "CLAIM",
        "SAME_AS": head == tail and head != "CLAIM",
    }[label]


STEPS = ("take", "take", "mix", "wrong", "reopen", "all", "majority", "one", "add", "read")


def command(workspace: Workspace, document: str, step: str, which: int, whose: int) -> c.Command:
    cases = DocumentCases(workspace.reads, document)
    if step in ("all", "majority", "one"):
        least: Any = {"one": 1}.get(step, step)
        return c.AdjudicateAll(document=document, documents=(document,), least=least)
    if step == "add" or not cases.cases:
        return c.AdjudicateCase(document=document, label="PERSON", spans=(Span(which % 20, which % 20 + 3),))
    case = cases.cases[which % len(cases.cases)]
    standing = cases.standing(case) if whose % 2 or not case.ids else None
    if step == "reopen" or not case.ids:
        return c.AdjudicateReopen(document=document, case=case.ids, standing=standing)
    if step == "wrong":
        return c.AdjudicateWrong(document=document, case=case.ids, standing=standing)
    taken, other = case.members[whose % len(case.members)], case.members[-1]
    mixed = {"label": other.label, "facets": other.facets} if step == "mix" else {}
    return c.AdjudicateCase(document=document, case=case.ids, taken=(taken.id,), standing=standing, **mixed)


def content(workspace: Workspace) -> list[Any]:
    raw = workspace.file.connection
    return [raw.execute(f"SELECT * FROM {table} ORDER BY seq").fetchall() for table in TABLES]


def sound(workspace: Workspace, document: str) -> None:
    """Check what must always hold of the adjudicated reading."""
    found = {one.id: one for one in workspace.reads.annotations(document)}
    judge = adjudicator(workspace.reads)
    labels = workspace.reads.label_set()
    for one in found.values():
        if one.annotator == judge and one.kind == "relation":
            head, tail = found[one.head or ""], found[one.tail or ""]
            assert head.annotator == tail.annotator == judge
            assert labels.allows(one.label, head.label, tail.label)
            assert one.head != one.tail
    cases = DocumentCases(workspace.reads, document)
    answered = [one for case in cases.cases if (one := cases.ruling(case).result)]
    assert {one.id for one in found.values() if one.annotator == judge} == {one.id for one in answered}


@given(sessions())
@settings(max_examples=30, deadline=None)
def test_any_session_keeps_others_work_whole_ends_alive_and_comes_back(blank: Path, session: Any) -> None:
    readings, steps = session
    path = shutil.copy(blank, blank.with_name("copy.kurator"))
    with Workspace.open(Path(path)) as workspace:
        document = workspace.reads.document_by_name("a") or ""
        for who, (passages, links) in zip(PEOPLE, readings, strict=False):
            give(workspace, document, who, passages, links)
        states, before = [content(workspace)], others(workspace, document)
        for number, (step, which, whose) in enumerate(steps):
            if step == "read":
                if number == len(steps) - 1:  # what comes in from elsewhere is no undo step
                    give(workspace, document, PEOPLE[which % 3], readings[0][0][:1])
                    sound(workspace, document)
                continue
            wanted = command(workspace, document, step, which, whose)
            foretold = list(previewed(workspace, wanted))[-1] if isinstance(wanted, c.AdjudicateAll) else None
            try:
                outcome = workspace.run(wanted)
            except UserError as error:
                assert error.code in REFUSALS, error
                assert content(workspace) == states[-1]
                continue
            assert foretold is None or foretold.taken == outcome.count
            if outcome.change_set is not None:
                states.append(content(workspace))
            sound(workspace, document)
            assert others(workspace, document) == before
        if steps and steps[-1][0] == "read":
            return
        for state in reversed(states[:-1]):
            workspace.undo()
            assert content(workspace) == state
        for state in states[1:]:
            workspace.redo()
            assert content(workspace) == state


REFUSALS = {
    "adjudication.end-not-taken",
    "relation.not-allowed",
    "relation.to-itself",
    "label.wrong-kind",
}


def others(workspace: Workspace, document: str) -> list[Any]:
    judge = adjudicator(workspace.reads)
    return sorted(one for one in workspace.reads.annotations(document) if one.annotator != judge)
