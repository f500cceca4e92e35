"""What is done to whole documents: status, furniture, notes, metadata, removal."""

from __future__ import annotations

from typing import Any

import pytest

from app import commands as c
from models.spans import Span


def test_done_and_not(desk: Any) -> None:
    desk.does_nothing(c.SetDone(document=desk.a, done=False))
    outcome = desk.run(c.SetDone(document=desk.a))
    assert desk.workspace.reads.document(desk.a).state == "done"
    assert outcome.touched.documents == {desk.a} and outcome.touched.marks == {}
    desk.does_nothing(c.SetDone(document=desk.a))
    desk.become("Bo")
    assert desk.workspace.reads.document(desk.a).state == "open"
    desk.run(c.SetDone(document=desk.a))
    desk.run(c.SetDone(document=desk.a, done=False))
    desk.become(desk.me)
    assert desk.workspace.reads.document(desk.a).state == "done"


def test_furniture_is_set_joined_and_lifted(desk: Any) -> None:
    def furniture() -> tuple[Span, ...]:
        return desk.workspace.reads.document(desk.a).furniture

    for start, end in ((10, 20), (30, 40), (20, 25)):
        desk.run(c.SetFurniture(document=desk.a, start=start, end=end))
    assert furniture() == (Span(10, 25), Span(30, 40))
    desk.does_nothing(c.SetFurniture(document=desk.a, start=12, end=20))
    desk.run(c.SetFurniture(document=desk.a, start=15, end=35, on=False))
    assert furniture() == (Span(10, 15), Span(35, 40))
    desk.does_nothing(c.SetFurniture(document=desk.a, start=15, end=35, on=False))
    desk.refuses("span.outside-text", c.SetFurniture(document=desk.a, start=0, end=5000))
    for _ in range(4):
        desk.workspace.undo()
    assert furniture() == ()


def test_notes_are_written_changed_and_deleted(desk: Any) -> None:
    desk.run(c.SetDocumentNote(document=desk.a, text=" Kolla källan 😀 "))
    (note,) = desk.workspace.reads.notes(desk.a)
    assert (note.text, note.annotator) == ("Kolla källan 😀", desk.me)
    desk.run(c.SetDocumentNote(document=desk.a, note=note.id, text="Klart"))
    desk.does_nothing(c.SetDocumentNote(document=desk.a, note=note.id, text="Klart "))
    assert [one.text for one in desk.workspace.reads.notes(desk.a)] == ["Klart"]
    desk.does_nothing(c.SetDocumentNote(document=desk.a, text="  "))
    desk.refuses("note.unknown", c.SetDocumentNote(document=desk.b, note=note.id, text="Nej"))
    desk.become("Bo")
    desk.refuses("note.unknown", c.SetDocumentNote(document=desk.a, note=note.id, text=""))
    desk.become(desk.me)
    desk.run(c.SetDocumentNote(document=desk.a, note=note.id, text=""))
    assert desk.workspace.reads.notes(desk.a) == [] and desk.tombstones() == {note.id: 3}


def test_fields_are_changed_and_forgotten(desk: Any) -> None:
    desk.run(c.SetDocumentFields(document=desk.a, changes={"title": " Å ", "date": "2024-05-02", "source": ""}))
    document = desk.workspace.reads.document(desk.a)
    assert (document.title, document.date, document.source, document.revision) == ("Å", "2024-05-02", None, 2)
    desk.does_nothing(c.SetDocumentFields(document=desk.a, changes={"title": "Å"}))
    desk.refuses("document.unknown-field", c.SetDocumentFields(document=desk.a, changes={"text": "x"}))
    desk.run(c.SetDocumentFields(document=desk.a, changes={"title": None}))
    assert desk.workspace.reads.document(desk.a).title is None


def test_removed_documents_come_back_whole(desk: Any) -> None:
    desk.run(c.Accept(document=desk.a, key=desk.mark("PERSON").key))
    marks = desk.marks()
    outcome = desk.run(c.RemoveDocuments(documents=(desk.a, desk.a)))
    assert outcome.count == 1 and outcome.touched.everything
    assert [one.id for one in desk.workspace.reads.documents([desk.a, desk.b])] == [desk.b]
    for command in (
        c.SetDone(document=desk.a), c.Accept(document=desk.a, key=marks[0].key),
        c.RemoveDocuments(documents=(desk.b, desk.a)), c.ReplaceText(document=desk.a, text="x"),
    ):  # fmt: skip
        desk.refuses("document.unknown", command)
    desk.workspace.undo()
    assert desk.marks() == marks
    desk.does_nothing(c.RemoveDocuments(documents=()))


@pytest.mark.parametrize("count", [0, 1, 40_000])
def test_any_number_of_documents_is_read_in_order(desk: Any, count: int) -> None:
    wanted = [desk.b, *(f"okänt-{n}" for n in range(count)), desk.a]
    assert [one.id for one in desk.workspace.reads.documents(wanted)] == [desk.b, desk.a]


def test_counts_of_a_document(desk: Any) -> None:
    desk.run(c.Accept(document=desk.a, key=desk.mark("PERSON").key))
    desk.run(c.Reject(document=desk.a, key=desk.mark("PLACE").key))
    document = desk.workspace.reads.document(desk.a)
    assert (document.suggestions, document.decided, document.annotations) == (len(desk.marks()), 2, 1)
    desk.become("Bo")
    other = desk.workspace.reads.document(desk.a)
    assert (other.suggestions, other.decided, other.annotations) == (document.suggestions, 0, 0)
