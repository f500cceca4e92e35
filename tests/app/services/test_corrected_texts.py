"""A corrected text: annotations move with it, orphans are kept and can be given a place again."""

from __future__ import annotations

from typing import Any

from app import commands as c
from app.services.corpus import import_documents
from models.documents import SourceDocument
from models.spans import Span
from models.suggestions import Proposal


def test_annotations_move_with_the_text(desk: Any) -> None:
    keys = tuple(mark.key for mark in desk.marks())
    desk.run(c.AcceptAll(document=desk.a, keys=keys))
    before = {mark.key: mark for mark in desk.marks()}
    outcome = desk.run(c.ReplaceText(document=desk.a, text="Ny rubrik 😀\n" + desk.text(desk.a)))
    assert outcome.touched.everything and outcome.count == 0
    for mark in desk.marks():
        assert mark.spans == tuple(Span(s + 12, e + 12) for s, e in before[mark.key].spans)
        assert mark.quote == before[mark.key].quote and mark.state == "accepted"
    desk.workspace.undo()
    assert {mark.key: mark for mark in desk.marks()} == before
    desk.workspace.redo()
    assert desk.text(desk.a).startswith("Ny rubrik")


def test_what_is_gone_is_an_orphan_and_can_be_placed(desk: Any) -> None:
    person = desk.mark("PERSON")
    desk.run(c.Accept(document=desk.a, key=person.key))
    outcome = desk.run(c.ReplaceText(document=desk.a, text=desk.text(desk.a).replace("Anna Berg", "någon")))
    assert outcome.count == 1
    orphan = desk.now(person)
    assert orphan.spans == () and orphan.quote == ("Anna Berg",)
    (place,) = desk.place("någon")
    desk.refuses("span.outside-text", c.Reanchor(document=desk.a, annotation=orphan.annotation, spans=(Span(0, 9999),)))
    desk.refuses("annotation.unknown", c.Reanchor(document=desk.a, annotation="borta", spans=(place,)))
    desk.refuses("mark.not-yours", c.Reanchor(document=desk.b, annotation=orphan.annotation, spans=(Span(0, 1),)))
    desk.run(c.Reanchor(document=desk.a, annotation=orphan.annotation, spans=(place,)))
    assert desk.now(person).spans == (place,) and desk.now(person).quote == ("någon",)
    desk.workspace.undo()
    desk.workspace.undo()
    assert desk.now(person).spans == person.spans


def test_an_orphan_comes_home_when_its_words_do(desk: Any) -> None:
    person, text = desk.mark("PERSON"), desk.text(desk.a)
    desk.run(c.Accept(document=desk.a, key=person.key))
    desk.run(c.ReplaceText(document=desk.a, text=text.replace("Anna Berg", "någon")))
    desk.run(c.ReplaceText(document=desk.a, text="Åter. " + text))
    assert desk.now(person).spans == tuple(Span(s + 6, e + 6) for s, e in person.spans)


def test_an_orphan_hides_no_suggestion_where_it_once_stood(desk: Any) -> None:
    person, text = desk.mark("PERSON"), desk.text(desk.a)
    desk.run(c.Accept(document=desk.a, key=person.key))
    start = person.spans[0].start
    desk.run(c.ReplaceText(document=desk.a, text=text.replace("Anna Berg", "Cleo Dahl")))
    desk.suggest("1", Proposal("entity", "PERSON", (Span(start, start + 9),)))
    assert [one.state for one in desk.marks() if one.label == "PERSON" and one.spans] == ["suggested"]


def test_rejections_move_with_the_text(desk: Any) -> None:
    desk.run(c.Reject(document=desk.a, key=desk.mark("PERSON").key))
    desk.run(c.Reject(document=desk.a, key=desk.mark("ORGANISATION").key))
    desk.run(c.ReplaceText(document=desk.a, text="Nyss: " + desk.text(desk.a)))
    desk.suggest()
    labels = [one.label for one in desk.marks() if one.kind == "entity" and one.state == "suggested"]
    assert labels == ["PLACE", "ORGANISATION"]


def test_furniture_moves_with_the_text(desk: Any) -> None:
    (place,) = desk.place("3 miljoner")
    desk.run(c.SetFurniture(document=desk.a, start=place.start, end=place.end))
    desk.run(c.ReplaceText(document=desk.a, text="Å " + desk.text(desk.a)))
    (block,) = desk.workspace.reads.document(desk.a).furniture
    assert desk.text(desk.a)[block.start : block.end] == "3 miljoner"


def test_the_same_text_changes_nothing(desk: Any) -> None:
    desk.does_nothing(c.ReplaceText(document=desk.a, text=desk.text(desk.a)))


def test_importing_a_corrected_file_is_a_step(desk: Any) -> None:
    desk.create("direktör", "ROLE")
    text = desk.text(desk.a)
    workspace = desk.workspace
    same = list(import_documents(workspace.writer, workspace.reads, [SourceDocument("a.txt", text)]))
    assert [item.fate for item in same] == ["unchanged"]
    new = SourceDocument("a.txt", text.replace("direktör", "chef"))
    (item,) = import_documents(workspace.writer, workspace.reads, [new])
    assert (item.fate, item.document, item.orphans) == ("updated", desk.a, 1)
    assert workspace.reads.history()[0].command == "replace-text"
    assert workspace.undo() and desk.text(desk.a) == text
