"""What a project gives to learn from: one reading a document, the right labels, parts that never move."""

from __future__ import annotations

import pytest

from app import commands
from app.services.corpus import import_documents
from app.services.training import LabelChoice, TrainingDocument, part_of, training_documents
from models.documents import SourceDocument
from models.errors import UserError
from models.spans import Span
from models.store.split_rows import set_splits


def texts(document: TrainingDocument, marks) -> list[tuple[str, str]]:
    return [(one.label, document.text[one.extent.start : one.extent.end]) for one in marks]


EVERYTHING = LabelChoice()


def of(desk, choice: LabelChoice = EVERYTHING) -> dict[str, TrainingDocument]:
    return {one.name: one for one in training_documents(desk.workspace.reads, choice)}


def judge(desk) -> None:
    """Accept the first organisation and the person, reject the place, relate, and be done with nothing."""
    run = desk.workspace.run
    first, person = desk.mark("ORGANISATION"), desk.mark("PERSON")
    run(commands.Accept(document=desk.a, key=first.key))
    run(commands.Accept(document=desk.a, key=person.key))
    run(commands.Reject(document=desk.a, key=desk.mark("PLACE").key))


def test_judgements_are_what_there_is_to_learn(desk) -> None:
    judge(desk)
    found = of(desk)
    assert set(found) == {"a.txt"}  # nobody looked at the other one
    document = found["a.txt"]
    assert texts(document, document.entities) == [("ORGANISATION", "Region Halland"), ("PERSON", "Anna Berg")]
    assert [(document.text[a:b], label) for (a, b), label in document.rejected] == [("Ska\u030ane", "PLACE")]
    assert not document.complete and document.judgements == 3
    assert document.annotator == desk.me and document.at


def test_done_makes_complete_also_where_nothing_is_marked(desk) -> None:
    judge(desk)
    desk.workspace.run(commands.SetDone(document=desk.b))
    found = of(desk)
    assert found["b.txt"].complete and not found["b.txt"].judgements
    assert set(of(desk, LabelChoice(done=True))) == {"b.txt"}


def test_labels_days_and_annotators_narrow(desk) -> None:
    judge(desk)
    persons = of(desk, LabelChoice(labels=frozenset({"PERSON"})))["a.txt"]
    assert [one.label for one in persons.entities] == ["PERSON"] and not persons.rejected
    assert of(desk, LabelChoice(annotators=("nobody",))) == {}
    day = persons.at[:10]
    assert set(of(desk, LabelChoice(since=day, until=day))) == {"a.txt"}
    assert of(desk, LabelChoice(until="2001-01-01")) == {} == of(desk, LabelChoice(since="2999-01-01"))
    assert of(desk, LabelChoice(adjudicated=True)) == {}
    assert of(desk, LabelChoice(documents=frozenset({desk.b}))) == {}
    assert not of(desk, LabelChoice(kinds=frozenset({"claim"})))["a.txt"].entities
    with pytest.raises(UserError, match=r"training\.bad-day"):
        of(desk, LabelChoice(since="i våras"))


def test_of_several_readings_one_counts_whole(desk) -> None:
    judge(desk)
    first = desk.me
    desk.become("Bo")
    desk.create("Anna Berg", "ROLE")
    assert of(desk)["a.txt"].annotator == first  # who judged more
    desk.workspace.run(commands.SetDone(document=desk.a))
    document = of(desk)["a.txt"]
    assert document.annotator == "Bo" and document.complete
    assert texts(document, document.entities) == [("ROLE", "Anna Berg")] and not document.rejected
    assert of(desk, LabelChoice(annotators=(first,)))["a.txt"].annotator == first
    connection = desk.workspace.file.connection
    connection.execute("INSERT INTO annotators(id, kind, name) VALUES ('court', 'adjudication', '')")
    connection.execute(
        "UPDATE annotations SET annotator_id = 'court' WHERE annotator_id = ? AND label = 'PERSON'", [first]
    )
    assert of(desk)["a.txt"].annotator == "court" == of(desk, LabelChoice(adjudicated=True))["a.txt"].annotator
    assert texts(document, of(desk)["a.txt"].entities) == [("PERSON", "Anna Berg")]


def test_parts_hang_on_the_id_alone_and_twins_stay_together(desk) -> None:
    judge(desk)
    before = of(desk)["a.txt"].split
    assert before == part_of(desk.a)
    twin = SourceDocument("zwilling.txt", desk.text(desk.a))
    (item,) = import_documents(desk.workspace.writer, desk.workspace.reads, [twin])
    desk.workspace.run(commands.SetDone(document=item.document))
    assert of(desk)["zwilling.txt"].split == before == of(desk)["a.txt"].split
    with desk.workspace.writer.unrecorded() as work:
        set_splits(work, {item.document: "test"})
    assert {one.split for one in of(desk).values()} == {"test"}
    shares = [part_of(f"id-{number}") for number in range(4000)]
    assert shares.count("train") == pytest.approx(3200, abs=120) and shares.count("dev") == pytest.approx(400, abs=80)


def test_relations_and_facets_come_along(desk) -> None:
    run = desk.workspace.run
    run(commands.Accept(document=desk.a, key=desk.mark("WORKS_FOR").key))
    run(commands.Accept(document=desk.a, key=desk.mark("CLAIM").key))
    document = of(desk)["a.txt"]
    (claim,) = document.claims
    assert claim.facets["kind"] == "fact" and claim.extent == Span(0, 34)
    known = {one.id: one.label for one in (*document.entities, *document.claims)}
    assert [(one.label, known[one.head], known[one.tail]) for one in document.relations] == [
        ("WORKS_FOR", "PERSON", "ORGANISATION")
    ]
