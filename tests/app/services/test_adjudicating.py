"""Deciding cases: what the adjudicated reading holds, what it leaves alone, and how everything comes back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app import commands as c
from app.formats.exchange_export import export_exchange
from app.formats.exchange_import import import_exchange
from app.services.adjudication_views import DocumentCases, Preview, previewed
from app.workspace import Workspace
from models.adjudication import Case, differs_from, taken_from
from models.annotations import Annotation
from models.errors import UserError
from models.ids import derived_id, new_id
from models.spans import Spans
from models.store import writes
from models.store.adjudication_reads import adjudicator
from tests.app.services.conftest import Desk


class Court:
    """A desk with three readings of its first document, and short ways to decide on them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.people = [desk.me, "bo", "cilla"]

    def cases(self) -> DocumentCases:
        return DocumentCases(self.desk.workspace.reads, self.desk.a)

    def case(self, words: str, kind: str = "entity") -> Case:
        """Return the first case that one of its readings gives these words."""
        found = [one for one in self.cases().cases if one.kind == kind]
        return next(one for one in found if any(words in " ".join(m.exact) for m in one.members))

    def by(self, case: Case, person: str) -> str:
        return next(one.id for one in case.members if one.annotator == person)

    def take(self, case: Case, *people: str, **more: Any) -> str:
        taken = tuple(self.by(case, one) for one in people)
        made = self.desk.run(c.AdjudicateCase(document=self.desk.a, case=case.ids, taken=taken, **more))
        assert made.focus.mark
        return made.focus.mark

    def reading(self) -> list[Annotation]:
        """Return the adjudicated reading."""
        judge = adjudicator(self.desk.workspace.reads)
        return self.desk.workspace.reads.annotations(self.desk.a, judge) if judge else []

    def others(self) -> list[Annotation]:
        judge = adjudicator(self.desk.workspace.reads)
        found = self.desk.workspace.reads.annotations(self.desk.a)
        return sorted(one for one in found if one.annotator != judge)

    def preview(self, command: c.AdjudicateAll) -> Preview:
        return list(previewed(self.desk.workspace, command))[-1]


@pytest.fixture
def court(desk: Desk) -> Court:
    """Three people: all see Anna; Bo takes one word less and another label; only Cilla sees the place."""
    for person, words, label in (
        (desk.me, "Region Halland", "ORGANISATION"),
        ("bo", "Halland", "PLACE"),
        ("cilla", "Region Halland", "ORGANISATION"),
    ):
        if person != desk.me:
            desk.become(person)
        anna = desk.create("Anna Berg", "PERSON")
        region = desk.create(words, label)
        if label == "ORGANISATION":
            desk.run(c.CreateRelation(document=desk.a, label="WORKS_FOR", head=anna, tail=region))
        desk.create("Ska\u030ane", "PLACE") if person == "cilla" else None
        facets = {"kind": "fact" if person == "bo" else "goal", "mode": "author"}
        claim = desk.create("Region\u00a0Halland sparar", "CLAIM", facets=facets)
        desk.run(c.SetNote(document=desk.a, key=claim, text=f"Säger {person[:2] if person != desk.me else 'jag'}."))
    desk.become(desk.me)
    return Court(desk)


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


def test_what_is_shown_follows_each_step(court: Court) -> None:
    desk = court.desk
    desk.run(c.AdjudicateCase(document=desk.a, label="PROGRAMME", spans=desk.place("e-hälsa")))
    shown = court.cases()
    region, anna = court.case("Halland"), court.case("Anna")
    relation = next(one for one in shown.cases if one.kind == "relation")
    steps: list[Any] = [
        lambda: court.take(region, "bo"),
        lambda: court.take(region, "cilla"),
        lambda: court.take(anna, "bo"),
        lambda: court.take(relation, "cilla"),
        lambda: desk.run(c.AdjudicateWrong(document=desk.a, case=region.ids)),
        lambda: desk.run(c.AdjudicateReopen(document=desk.a, case=region.ids)),
        lambda: desk.run(c.AdjudicateCase(document=desk.a, label="PLACE", spans=desk.place("kostar"))),
        *[desk.workspace.undo] * 7,
    ]
    seen = []
    desk_touched: list[Any] = []
    run = desk.workspace.run
    for step in steps:
        before = {one.key: (shown.ruling(one), shown.open_ends(one)) for one in shown.cases}
        desk.workspace.run = lambda command: desk_touched.append(run(command)) or desk_touched[-1]  # type: ignore[method-assign]
        outcome = step()
        touched = (outcome if step == desk.workspace.undo else desk_touched[-1]).touched
        told = shown.follow(touched)
        assert told is not None
        fresh = court.cases()
        now = {one.key: (fresh.ruling(one), fresh.open_ends(one)) for one in fresh.cases}
        assert now == {one.key: (shown.ruling(one), shown.open_ends(one)) for one in shown.cases}
        assert {key for key in now if now[key] != before.get(key)} <= told
        seen.append(told)
    assert all(len(one) <= 2 for one in seen)


def test_a_reading_that_changes_asks_for_everything_anew(court: Court) -> None:
    desk = court.desk
    court.take(court.case("Anna"), "bo")
    shown = court.cases()
    outcome = desk.run(c.CreateAnnotation(document=desk.a, kind="entity", label="DATE", spans=desk.place("kostar")))
    assert shown.follow(outcome.touched) is None


def test_relations_into_another_document_wait_for_its_cases(court: Court) -> None:
    desk = court.desk
    for person in ("bo", "cilla"):
        desk.become(person)
        far = desk.create("Region Halland växer", "CLAIM", document=desk.b)
        near = court.by(court.case("sparar", "claim"), person)
        desk.run(c.CreateRelation(document=desk.a, label="UPDATES", head=near, tail=far, tail_document=desk.b))
    desk.become(desk.me)
    relation = next(one for one in court.cases().cases if one.members[0].label == "UPDATES")
    assert relation.differences == {"some"} and len(relation.members) == 2
    court.take(court.case("sparar", "claim"), "bo")
    here = c.AdjudicateAll(documents=(desk.a,), least=2)
    assert court.preview(here).held == 1
    desk.run(c.AdjudicateAll(least=2))
    made = next(one for one in court.reading() if one.label == "UPDATES")
    judge = adjudicator(desk.workspace.reads)
    assert made.tail in {one.id for one in desk.workspace.reads.annotations(desk.b, judge)}


def test_it_travels_in_the_exchange_file(court: Court, tmp_path: Path) -> None:
    desk = court.desk
    court.take(court.case("Anna"), "bo")
    desk.run(c.AdjudicateWrong(document=desk.a, case=court.case("Ska\u030ane").ids))
    for who in ("bo", "cilla"):  # ids as files have them
        for table in ("annotators", "annotations", "decisions", "tombstones"):
            column = "id" if table == "annotators" else "annotator_id"
            sql = f"UPDATE {table} SET {column} = ? WHERE {column} = ?"
            desk.workspace.file.connection.execute(sql, (derived_id(who), who))
        sql = "UPDATE conflicts SET body = replace(body, ?, ?)"
        desk.workspace.file.connection.execute(sql, (f'"{who}"', f'"{derived_id(who)}"'))
    told = [court.cases().ruling(case) for case in court.cases().cases]
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    export_exchange(desk.workspace.reads, first)
    with Workspace.create(tmp_path / "other.kurator", "annat", "Disa") as other:
        import_exchange(other.writer, other.reads, first)
        arrived = DocumentCases(other.reads, desk.a)
        assert [arrived.ruling(case) for case in arrived.cases] == told
        export_exchange(other.reads, second)
    assert first.read_bytes() == second.read_bytes()


def test_two_decisions_that_came_together_ask_again(court: Court) -> None:
    desk = court.desk
    case = court.case("Halland")
    first = court.take(case, "bo")
    with desk.workspace.writer.unrecorded(adjudicator(desk.workspace.reads) or "") as work:
        rival = desk.workspace.reads.annotation(first)
        writes.insert_annotation(work, rival._replace(id=new_id(), label="DATE", origin={"from": [case.ids[0]]}))
    ruling = court.cases().ruling(case)
    assert ruling.rivals and ruling.open
    court.take(case, "cilla")
    assert not court.cases().ruling(case).open
    assert [one.label for one in court.reading()] == ["ORGANISATION"]


def test_an_adjudicated_reading_from_elsewhere_is_one_more_reading(court: Court) -> None:
    desk = court.desk
    court.take(court.case("Anna"), "bo")
    with desk.workspace.writer.unrecorded() as work:
        work.raw.execute("INSERT INTO annotators(id, kind, name) VALUES ('zz', 'adjudication', 'Andra')")
        one = desk.workspace.reads.annotation(court.reading()[0].id)
        writes.insert_annotation(work, one._replace(id=new_id(), annotator="zz", label="ORGANISATION"))
    case = court.case("Anna")
    assert "zz" in court.cases().voters and case.differences == {"label"}
    assert court.cases().ruling(case).open
