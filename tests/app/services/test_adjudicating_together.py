"""Adjudication beside others: what is shown follows each step, and decisions that come from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app import commands as c
from app.formats.exchange_export import export_exchange
from app.formats.exchange_import import import_exchange
from app.services.adjudication_views import DocumentCases
from app.workspace import Workspace
from models.history import Touched
from models.ids import derived_id, new_id
from models.spans import Span
from models.store import writes
from models.store.adjudication_reads import adjudicator
from tests.app.services.conftest import Desk
from tests.app.services.court import Court, seated
from tests.app.services.readings import Said, give, project


@pytest.fixture
def court(desk: Desk) -> Court:
    """Three people's readings of the first document (see :func:`seated`)."""
    return seated(desk)


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


def test_many_changes_at_once_are_followed_without_reading_the_text_anew(court: Court) -> None:
    desk = court.desk
    shown, cases = court.cases(), court.cases().cases
    outcome = desk.run(c.AdjudicateAll(document=desk.a, documents=(desk.a,), least="majority"))
    assert outcome.touched.everything, "an annotator came"
    assert shown.follow(outcome.touched) == {case.key for case in cases}
    fresh = court.cases()
    assert [shown.ruling(case) for case in cases] == [fresh.ruling(case) for case in cases]
    undone = desk.workspace.undo()
    assert undone is not None and shown.follow(undone.touched) is not None
    assert all(shown.ruling(case).open for case in cases)
    with desk.workspace.writer.unrecorded("bo") as work:
        writes.update_annotation(work, desk.workspace.reads.annotation(court.by(court.case("Anna"), "bo")))
    assert shown.follow(Touched(everything=True)) is None


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


def test_readings_that_part_company_keep_what_was_decided(court: Court) -> None:
    """Two readings were one case; since one more came, they are two: each is decided on its own from then on."""
    desk = court.desk
    desk.become("bo")
    right = desk.create("sparar. Hälso", "PLACE")
    desk.become(desk.me)
    left = desk.create("Halland sparar. H", "PLACE")
    case = next(one for one in court.cases().cases if right in one.ids)
    assert set(case.ids) == {left, right}
    desk.run(c.AdjudicateCase(document=desk.a, case=case.ids, taken=(left,)))
    twin = desk.create("sparar. Hälso", "PLACE")
    parted = next(one for one in court.cases().cases if right in one.ids)
    assert set(parted.ids) == {right, twin}
    assert court.cases().ruling(parted).open, "the new reading was never seen"
    desk.run(c.AdjudicateCase(document=desk.a, case=parted.ids, taken=(right,)))
    of_left, of_right = (court.cases().stands_for(one) for one in (left, right))
    assert of_left != of_right
    assert court.desk.annotations()[of_left].origin["over"] == []
    desk.run(c.AdjudicateWrong(document=desk.a, case=parted.ids))
    assert court.cases().stands_for(left) == of_left and court.cases().stands_for(right) is None


def test_an_end_becomes_what_was_made_of_it_rather_than_what_mentions_it(court: Court) -> None:
    desk = court.desk
    region, anna = court.case("Halland"), court.case("Anna")
    made = court.take(anna, "cilla")
    court.take(region, "cilla")
    one = desk.workspace.reads.annotation(made)
    over = {"by": "human", "from": [], "over": list(anna.ids)}
    with desk.workspace.writer.unrecorded(adjudicator(desk.workspace.reads) or "") as work:
        writes.insert_annotation(work, one._replace(id="0" + one.id[1:-1] + "0", origin=over))
    relation = next(one for one in court.cases().cases if one.kind == "relation")
    taken = next(one for one in relation.members if one.annotator == "cilla")
    related = court.take(relation, taken.annotator)
    assert desk.workspace.reads.annotation(related).head == made


def test_an_answer_written_far_away_is_found_without_being_told(tmp_path: Path) -> None:
    text = "Anna 😀 " + "hälso\u00advård\u00a0i Ska\u030ane. " * 200
    with project(tmp_path / "long.kurator", {"a": text}, ("bo",)) as workspace:
        document = workspace.reads.document_by_name("a") or ""
        (reading,) = give(workspace, document, "bo", [Said("PERSON", (Span(0, 4),))])
        end = len(text) - 2
        for spans in ((Span(end - 6, end),), (Span(end - 3, end),)):
            workspace.run(c.AdjudicateCase(document=document, case=(reading,), label="PERSON", spans=spans))
        judge = adjudicator(workspace.reads)
        (made,) = workspace.reads.annotations(document, judge)
        assert made.spans == (Span(end - 3, end),)
