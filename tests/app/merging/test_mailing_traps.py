"""Mail that once took something back: small cases that random mailing found, or that were thought of beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from app import commands as c
from app.formats.exchange_export import export_exchange
from app.services import bases
from app.services.merging import merge_into


def shared(*laptops: Any) -> None:
    """Let all begin with the same file."""
    start = laptops[0].file()
    for one in laptops:
        bases.remember(one.workspace, start, "exported")


def mail(laptop: Any, **more: Any) -> Path:
    """Write a file and remember it, as the program does."""
    path = Path(str(laptop.file()).replace(".json", "-brev.json"))
    export_exchange(laptop.workspace.reads, path, **more)
    bases.remember(laptop.workspace, path, "exported")
    return path


def an_entity(laptop: Any) -> Any:
    found = laptop.workspace.reads.annotations(laptop.ids[0])
    return min((one for one in found if one.kind == "entity"), key=lambda one: one.spans)


def relabel(laptop: Any, *labels: str) -> None:
    entity = an_entity(laptop)
    for label in labels:
        assert laptop.run(c.Relabel(document=entity.document, key=entity.id, label=label))


def open_conflicts(laptop: Any) -> int:
    return int(laptop.sql("SELECT count(*) FROM conflicts WHERE json_extract(body, '$.resolution') IS NULL")[0][0])


def test_who_changed_more_often_has_not_seen_what_others_changed(laptops: Callable[..., Any]) -> None:
    here, there = laptops(), laptops()
    shared(here, there)
    relabel(here, "PLACE")
    mail(here)
    relabel(there, "EVENT", "PERSON")  # the record counts more revisions than the one mailed, and never saw it
    merge_into(here.workspace, mail(there))
    assert an_entity(here).label == "PLACE" and open_conflicts(here) == 0


def test_who_changed_the_labels_more_often_has_not_seen_what_others_changed(laptops: Callable[..., Any]) -> None:
    here, there = laptops(), laptops("Andra")
    shared(here, there)

    def titled(laptop: Any, place: int, title: str) -> None:
        data = laptop.workspace.reads.label_set().to_json()
        data["entities"][place]["title"]["sv"] = title
        assert laptop.run(c.ChangeLabelSet(label_set=data))

    titled(here, 0, "Människa")
    mail(here)
    titled(there, 1, "Ställe")
    titled(there, 1, "Plats på jorden")
    merge_into(here.workspace, mail(there))
    labels = here.workspace.reads.label_set()
    assert [one.title["sv"] for one in labels.entities[:2]] == ["Människa", "Plats på jorden"]


def test_who_changed_a_document_more_often_has_not_seen_what_others_changed(laptops: Callable[..., Any]) -> None:
    here, there = laptops(), laptops("Andra")
    shared(here, there)
    document = here.ids[0]
    assert here.run(c.SetDocumentFields(document=document, changes={"title": "Rubrik å"}))
    mail(here)
    for date in ("2024", "2025"):
        assert there.run(c.SetDocumentFields(document=document, changes={"date": date}))
    merge_into(here.workspace, mail(there))
    found = here.workspace.reads.document(document)
    assert (found.title, found.date) == ("Rubrik å", "2025")


def test_a_state_that_was_mailed_is_not_taken_back_by_who_never_saw_it(laptops: Callable[..., Any]) -> None:
    here, there = laptops(), laptops()
    document = here.ids[0]
    for one in (here, there):
        assert one.run(c.SetDone(document=document))
    shared(here, there)
    assert here.run(c.SetDone(document=document, done=False))
    mail(here)
    merge_into(here.workspace, mail(there))
    assert here.workspace.reads.document(document) and '"state":"open"' in here.bytes().decode()


def test_an_answer_to_what_was_mailed_is_taken(laptops: Callable[..., Any]) -> None:
    here, there = laptops(), laptops()
    shared(here, there)
    relabel(here, "PLACE")
    assert here.run(c.SetDocumentNote(document=here.ids[0], text="Se på platsen."))
    merge_into(there.workspace, mail(here))
    relabel(there, "EVENT")
    merge_into(here.workspace, mail(there))
    assert an_entity(here).label == "EVENT" and open_conflicts(here) == 0


def test_a_file_without_texts_does_not_take_them_away_for_good(laptops: Callable[..., Any]) -> None:
    here, there = laptops(), laptops()
    shared(here, there)
    document = here.ids[0]
    assert here.run(c.ReplaceText(document=document, text="Nytt 😀. " + here.workspace.reads.text(document)))
    merge_into(there.workspace, mail(here, texts=False))
    merge_into(there.workspace, mail(here))
    assert there.workspace.reads.text(document) == here.workspace.reads.text(document)


def test_what_was_mailed_and_then_undone_comes_back_to_all(laptops: Callable[..., Any]) -> None:
    here, there = laptops(), laptops("Andra")
    shared(here, there)
    document = there.ids[0]
    assert there.run(c.SetDocumentFields(document=document, changes={"date": "2024"}))
    assert there.run(c.SetDocumentNote(document=document, text="Från Andra."))
    merge_into(here.workspace, mail(there))
    there.workspace.undo()
    there.workspace.undo()
    merge_into(here.workspace, mail(there))
    merge_into(there.workspace, mail(here))
    assert there.bytes() == here.bytes()
    assert [one.text for one in there.workspace.reads.notes(document)] == ["Från Andra."]


def test_a_file_without_suggestions_takes_none_away_and_all_come_to_rest(laptops: Callable[..., Any]) -> None:
    here, there = laptops(), laptops("Andra")
    shared(here, there)
    document = here.ids[0]
    count = here.sql("SELECT count(*) FROM suggestions")
    assert there.run(c.SetDocumentFields(document=document, changes={"date": "2024"}))
    merge_into(here.workspace, mail(there, suggestions=False))
    assert here.sql("SELECT count(*) FROM suggestions") == count
    assert here.sql("SELECT count(*) FROM analyses") == [(2,)]
    merge_into(there.workspace, mail(here))
    assert there.bytes() == here.bytes()


def test_a_document_taken_out_names_nobody_who_turned_out_to_be_another(laptops: Callable[..., Any]) -> None:
    here, there = laptops(), laptops("Andra")
    shared(here, there)
    me = there.workspace.reads.me
    assert there.run(c.SamePerson(keep=me, drop=here.workspace.reads.me))
    assert there.run(c.RemoveDocuments(documents=(there.ids[0],)))
    was = here.dump()
    merge_into(here.workspace, mail(there))
    here.sound()
    assert here.bytes() == there.bytes()
    here.workspace.undo()
    assert here.dump() == was
    here.sound()


def test_a_document_that_somebody_worked_in_is_not_taken_out_unseen(laptops: Callable[..., Any]) -> None:
    here, there = laptops(), laptops("Andra")
    document = here.ids[0]
    assert there.run(c.SetDocumentNote(document=document, text="Från Andra."))
    assert here.run(c.RemoveDocuments(documents=(document,)))
    plan = merge_into(here.workspace, mail(there))  # neither knows what both began with
    assert plan.base is None and open_conflicts(here) == 1
    assert [one.text for one in here.workspace.reads.notes(document)] == ["Från Andra."]
    here.sound()
