"""Deciding cases: what the adjudicated reading holds, what it leaves alone, and how everything comes back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from app import commands as c
from models.adjudication import Case, differs_from, taken_from
from models.errors import UserError
from models.spans import Spans
from models.store import writes
from tests.app.services.conftest import Desk
from tests.app.services.court import Court, seated


@pytest.fixture
def court(desk: Desk) -> Court:
    """Three people's readings of the first document (see :func:`seated`)."""
    return seated(desk)


def kinds(cases: Sequence[Case]) -> list[tuple[str, list[str]]]:
    return [(one.kind, sorted(one.differences)) for one in cases]


def test_cases_stand_in_the_order_of_the_text_and_tell_how_readings_differ(court: Court) -> None:
    assert kinds(court.cases().cases) == [
        ("entity", ["boundary", "label"]),
        ("entity", []),
        ("relation", ["some"]),
        ("entity", ["some"]),
        ("claim", ["facets"]),
    ]


def test_taking_makes_the_reading_of_an_annotator_of_its_own(court: Court) -> None:
    before = court.others()
    case = court.case("Halland")
    made = court.take(case, "bo")
    (found,) = court.reading()
    assert (found.id, found.label, found.exact) == (made, "PLACE", ("Halland",))
    assert taken_from(found) == (court.by(case, "bo"),)
    assert set(found.origin["over"]) == set(case.ids) - {court.by(case, "bo")}
    assert found.origin["adjudicator"] == court.desk.me
    assert court.others() == before
    (judge,) = (one for one in court.desk.workspace.reads.annotators() if one.kind == "adjudication")
    assert judge.id == found.annotator


def test_a_mixture_takes_boundary_and_label_from_different_people(court: Court) -> None:
    case = court.case("Halland")
    bo = next(one for one in case.members if one.annotator == "bo")
    court.take(case, court.desk.me, "bo", spans=bo.spans)
    (found,) = court.reading()
    assert (found.label, found.exact, taken_from(found)) == (
        "ORGANISATION",
        ("Halland",),
        (court.by(case, court.desk.me), bo.id),
    )


def test_deciding_again_keeps_the_annotation_and_what_ends_on_it(court: Court) -> None:
    region, anna = court.case("Halland"), court.case("Anna")
    first = court.take(region, "cilla")
    court.take(anna, "bo")
    relation = next(one for one in court.cases().cases if one.kind == "relation")
    court.take(relation, "cilla")
    spans = court.desk.place("Region")
    assert court.take(region, court.desk.me, spans=spans) == first
    assert [one.kind for one in court.reading()].count("relation") == 1
    court.take(region, "bo")
    assert [one.kind for one in court.reading()] == ["entity", "entity"], "a place is no employer"
    assert court.cases().ruling(relation).open


def test_a_relation_joins_what_was_taken_for_its_ends_by_id(court: Court) -> None:
    relation = next(one for one in court.cases().cases if one.kind == "relation")
    before = court.desk.dump()
    with pytest.raises(UserError) as caught:
        court.take(relation, "cilla")
    assert caught.value.code == "adjudication.end-not-taken"
    assert court.desk.dump() == before
    assert len(court.cases().open_ends(relation)) == 2
    anna = court.take(court.case("Anna"), "bo")
    region = court.take(court.case("Halland"), court.desk.me)
    made = court.take(relation, "cilla")
    found = next(one for one in court.reading() if one.id == made)
    assert (found.head, found.tail) == (anna, region)


def test_the_same_label_twice_on_one_place_keeps_both_relations(court: Court) -> None:
    desk, reads = court.desk, court.desk.workspace.reads
    place = desk.place("direktör")
    for person in ("bo", "cilla"):
        desk.become(person)
        mine = [one for one in reads.annotations(desk.a, person) if one.label == "PERSON"]
        for twin in (_twin(desk, place), _twin(desk, place)):
            desk.run(c.CreateRelation(document=desk.a, label="HAS_ROLE", head=mine[0].id, tail=twin))
    desk.become(desk.me)
    desk.run(c.AdjudicateAll(document=desk.a, documents=(desk.a,), least=2))
    roles = [one for one in court.reading() if one.label == "ROLE"]
    relations = [one for one in court.reading() if one.label == "HAS_ROLE"]
    assert len(roles) == 2
    assert {one.tail for one in relations} == {one.id for one in roles}


def _twin(desk: Desk, place: Spans) -> str:
    """Make an annotation where one with the same label may stand already, as imports can."""
    made = desk.create("säger", "ROLE")
    one = desk.workspace.reads.annotation(made)
    with desk.workspace.writer.unrecorded(desk.workspace.reads.me) as work:
        writes.update_annotation(work, one._replace(spans=place, exact=("direktör",)))
    return made


def test_all_wrong_is_remembered_and_can_be_taken_back(court: Court) -> None:
    case = court.case("Ska\u030ane")
    court.desk.run(c.AdjudicateWrong(document=court.desk.a, case=case.ids))
    ruling = court.cases().ruling(case)
    assert (ruling.wrong, ruling.open, ruling.result) == (True, False, None)
    assert court.reading() == []
    court.desk.run(c.AdjudicateReopen(document=court.desk.a, case=case.ids))
    assert court.cases().ruling(case).open
    made = court.take(case, "cilla")
    court.desk.run(c.AdjudicateWrong(document=court.desk.a, case=case.ids))
    assert court.reading() == [] and court.cases().ruling(case).wrong
    assert made in court.desk.tombstones()
    court.take(case, "cilla")
    assert not court.cases().ruling(case).wrong and len(court.reading()) == 1


def test_turning_an_end_down_takes_its_relations_along(court: Court) -> None:
    desk = court.desk
    desk.run(c.AdjudicateAll(document=desk.a, documents=(desk.a,), least="majority"))
    assert "relation" in {one.kind for one in court.reading()}
    case = court.case("Anna")
    desk.run(c.AdjudicateWrong(document=desk.a, case=case.ids))
    assert "relation" not in {one.kind for one in court.reading()}
    relation = next(one for one in court.cases().cases if one.kind == "relation")
    assert court.cases().ruling(relation).open
    assert next(one for one in relation.members if one.head in case.ids).head in court.cases().open_ends(relation)


@pytest.mark.parametrize(
    ("least", "taken", "held"),
    [("all", {"PERSON": 1}, 0), ("majority", {"PERSON": 1, "ORGANISATION": 1, "WORKS_FOR": 1, "CLAIM": 1}, 0),
     (3, {"PERSON": 1}, 0), (1, {"PERSON": 1, "ORGANISATION": 1, "PLACE": 1, "WORKS_FOR": 1, "CLAIM": 1}, 0)],
)  # fmt: skip
def test_taking_at_once_does_what_was_foretold(court: Court, least: Any, taken: dict[str, int], held: int) -> None:
    command = c.AdjudicateAll(documents=(court.desk.a,), least=least)
    foretold = court.preview(command)
    assert (dict(foretold.labels), foretold.held) == (taken, held)
    outcome = court.desk.run(command)
    assert outcome.count == foretold.taken == len(court.reading())
    assert sum(court.cases().ruling(one).open for one in court.cases().cases) == foretold.left
    court.desk.does_nothing(command)


def test_one_label_alone_holds_relations_back(court: Court) -> None:
    command = c.AdjudicateAll(documents=(court.desk.a,), least="majority", labels=("PERSON", "WORKS_FOR"))
    assert (court.preview(command).held, court.preview(command).taken) == (1, 1)
    court.desk.run(command)
    assert [one.label for one in court.reading()] == ["PERSON"]


def test_facets_that_need_not_agree_wait_to_be_settled(court: Court) -> None:
    command = c.AdjudicateAll(documents=(court.desk.a,), least="all", labels=("CLAIM",), facets=("mode",))
    assert court.preview(command).unsettled == 1
    court.desk.run(command)
    (claim,) = court.reading()
    assert dict(claim.facets) == {"mode": "author"}
    case = court.case("sparar", "claim")
    assert (court.cases().ruling(case).unsettled, court.cases().ruling(case).open) == (("kind",), True)
    court.take(case, "bo")
    assert dict(court.reading()[0].facets) == {"mode": "author", "kind": "fact"}
    assert not court.cases().ruling(case).open


def test_notes_travel_along(court: Court) -> None:
    case = court.case("sparar", "claim")
    court.take(case, "bo")
    names = ["bo: Säger bo.", "Åsa: Säger jag.", "cilla: Säger ci."]
    assert sorted((court.reading()[0].note or "").split("\n")) == sorted(names)
    court.take(case, "bo", name_notes=False)
    assert sorted((court.reading()[0].note or "").split("\n")) == ["Säger bo.", "Säger ci.", "Säger jag."]


def test_the_adjudicator_can_add_what_nobody_has(court: Court) -> None:
    desk = court.desk
    spans = desk.place("e-hälsa")
    added = desk.run(c.AdjudicateCase(document=desk.a, label="PROGRAMME", spans=spans)).focus.mark
    case = next(one for one in court.cases().cases if one.key == added)
    assert case.differences == {"new"} and not court.cases().ruling(case).open
    assert differs_from(None, case, court.cases().ruling(case)) == {"missing"}
    desk.run(c.AdjudicateReopen(document=desk.a, case=(), standing=court.cases().standing(case)))
    assert court.reading() == []


def test_each_annotator_is_told_where_the_reading_differs(court: Court) -> None:
    desk = court.desk
    court.take(court.case("Halland"), "bo")
    court.take(court.case("Anna"), "bo")
    desk.run(c.AdjudicateWrong(document=desk.a, case=court.case("Ska\u030ane").ids))
    court.take(court.case("sparar", "claim"), "bo")
    cases = court.cases()
    told = {
        person: [sorted(differs_from(case.readings[number], case, cases.ruling(case))) for case in cases.cases]
        for number, person in enumerate(cases.voters)
    }
    assert told["bo"] == [[], [], [], [], []]
    assert told["cilla"] == [["boundary", "label"], [], [], ["extra"], ["facets"]]
    assert told[desk.me] == [["boundary", "label"], [], [], [], ["facets"]]


def test_a_reading_that_comes_later_opens_the_case_again(court: Court) -> None:
    desk = court.desk
    case = court.case("Ska\u030ane")
    desk.run(c.AdjudicateWrong(document=desk.a, case=case.ids))
    desk.become("bo")
    desk.create("Ska\u030ane", "PLACE")
    desk.become(desk.me)
    assert court.cases().ruling(court.case("Ska\u030ane")).open


def test_readings_of_elsewhere_or_of_the_adjudicator_are_refused(court: Court) -> None:
    desk = court.desk
    made = court.take(court.case("Anna"), "bo")
    for case in ((made,), (court.case("Halland").ids[0],)):
        document = desk.a if case == (made,) else desk.b
        desk.refuses("adjudication.no-case", c.AdjudicateCase(document=document, case=case, taken=case))
    desk.refuses("adjudication.no-case", c.AdjudicateWrong(document=desk.a, case=()))


@pytest.mark.parametrize("known", [True, False])
def test_everything_can_be_undone(court: Court, known: bool) -> None:
    desk = court.desk
    court.take(court.case("Anna"), "bo")
    states = [_content(desk)]
    region = court.case("Halland")
    for number in range(6):
        standing = court.cases().standing(region) if known else None
        decide = c.AdjudicateCase(document=desk.a, case=region.ids, taken=(region.ids[number % 3],), standing=standing)
        wrong = c.AdjudicateWrong(document=desk.a, case=region.ids, standing=standing)
        every = c.AdjudicateAll(document=desk.a, least="majority")
        desk.run((decide, wrong, decide, every, decide, c.AdjudicateReopen(document=desk.a, case=region.ids))[number])
        states.append(_content(desk))
    for state in reversed(states[:-1]):
        desk.workspace.undo()
        assert _content(desk) == state
    for state in states[1:]:
        desk.workspace.redo()
        assert _content(desk) == state


def _content(desk: Desk) -> list[Any]:
    raw = desk.workspace.file.connection
    tables = ("annotations", "conflicts", "tombstones", "annotators", "decisions")
    return [raw.execute(f"SELECT * FROM {table} ORDER BY seq").fetchall() for table in tables]
