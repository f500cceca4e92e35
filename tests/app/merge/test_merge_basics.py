"""What each rule of merging does, seen in the merged file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.formats.exchange_read import read_exchange
from models.errors import UserError

Record = dict[str, Any]
Copies = tuple[Any, Any, Any]


@pytest.fixture
def copies(merging: Any) -> Copies:
    """A corpus and two people's copies of it."""
    base = merging.base()
    return base, base.copy(1), base.copy(2)


def merged(merging: Any, base: Any, mine: Any, yours: Any) -> Record:
    """Return the merged file, the same from either side, and sound."""
    raw = merging.merge(base, yours, mine)
    assert merging.merge(base, mine, yours) == raw
    found = read_exchange(merging.file("sound", raw))
    assert not [one.sentence() for one in found.problems]
    whole: Record = json.loads(raw)
    return whole


def conflicts(whole: Record) -> list[Record]:
    """Return every conflict of a file."""
    return [one for part in (whole, *whole["documents"]) for one in part.get("conflicts", ())]


def entity(world: Any, number: int = 0, document: int = 0) -> Record:
    """Return an entity of a world."""
    found: Record = world.documents[document]["entities"][number]
    return found


def by_id(whole: Record, record: Record) -> Record | None:
    """Return an annotation of the file as it is now."""
    lists = [document[name] for document in whole["documents"] for name in ("entities", "claims", "relations")]
    return next((one for records in lists for one in records if one["id"] == record["id"]), None)


def edit(world: Any, record: Record, **fields: Any) -> Record:
    """Change a record."""
    record |= fields
    world.touch(record)
    return record


def test_the_corpus_of_the_tests_is_a_sound_file(merging: Any) -> None:
    found = read_exchange(merging.file("base", merging.base()))
    assert not [one.sentence() for one in (*found.problems, *found.notices)]
    assert found.by_lines


def test_different_fields_come_together(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    edit(mine, entity(mine), label="PLACE")
    edit(yours, entity(yours), note="Säker?")
    found = by_id(merged(merging, *copies), entity(base))
    assert found is not None
    assert (found["label"], found["note"], found["revision"]) == ("PLACE", "Säker?", 3)


def test_different_values_are_a_conflict_with_both(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    edit(mine, entity(mine), label="PLACE")
    edit(yours, entity(yours), label="SPARE")
    whole = merged(merging, *copies)
    (found,) = conflicts(whole)
    assert (found["kind"], found["list"], found["record"], found["field"], found["base"]) == (
        "field", "entities", entity(base)["id"], "label", "PERSON",
    )  # fmt: skip
    assert [(one["value"], one["by"], one["at"]) for one in found["readings"]] == [
        ("PLACE", merging.ANN, merging.at(101)),
        ("SPARE", merging.ANN, merging.at(201)),
    ]
    shown = by_id(whole, entity(base))
    assert shown is not None
    assert shown["label"] == "SPARE"  # touched last
    assert merging.report.conflicts[0].document == base.documents[0]["id"]


def test_a_place_is_one_thing(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    words = merging.words(mine.documents[0]["text"])
    for world, span in ((mine, words[1]), (yours, words[2])):
        world.place(world.documents[0], entity(world), [span])
        world.touch(entity(world))
    (found,) = conflicts(merged(merging, *copies))
    assert found["field"] == "place"
    assert {"spans", "exact", "prefix", "suffix"} == found["readings"][0]["value"].keys()


def test_facets_are_merged_one_by_one(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    for world, facets in ((mine, {"kind": "goal", "topic": "å"}), (yours, {"kind": "cause", "topic": "ö"})):
        edit(world, world.documents[0]["claims"][0], facets=facets)
    whole = merged(merging, *copies)
    assert [one["field"] for one in conflicts(whole)] == ["facets.kind"]
    claim = by_id(whole, base.documents[0]["claims"][0])
    assert claim is not None
    assert claim["facets"]["topic"] == "ö"


def test_a_conflict_about_what_is_gone_is_gone(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    edit(mine, entity(mine, 2), label="PERSON")
    edit(yours, entity(yours, 2), label="SPARE")
    disputed = merging.merge(base, mine, yours)
    assert len(conflicts(json.loads(disputed))) == 1
    later, other = (merging.World(json.loads(disputed), number) for number in (3, 4))
    for world in (later, other):
        del world.data["kurator"]
    later.bury(later.documents[0], "entities", entity(later, 2))
    edit(other, entity(other, 0), note="b")
    assert not conflicts(json.loads(merging.merge(disputed, later, other)))


def settle(whole: Record, merging: Any, choice: int, when: str = "2026-03-02T00:00:00.000Z") -> bytes:
    """Settle the file's one conflict about a label, as a person would, and return the file."""
    (document,) = [one for one in whole["documents"] if one.get("conflicts")]
    (conflict,) = document["conflicts"]
    conflict["resolution"] = {"choice": choice, "by": merging.BO, "at": when}
    record = next(one for one in document["entities"] if one["id"] == conflict["record"])
    record["label"] = conflict["readings"][choice]["value"]
    world = merging.World({name: value for name, value in whole.items() if name != "kurator"})
    raw: bytes = world.raw()
    return raw


def test_what_was_chosen_is_not_asked_again(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    edit(mine, entity(mine), label="PLACE")
    edit(yours, entity(yours), label="SPARE")
    for choice in (0, 1):
        settled = settle(merged(merging, *copies), merging, choice)
        for side in (mine, yours):
            whole = json.loads(merging.merge(base, side, settled))
            found = by_id(whole, entity(base))
            assert found is not None
            assert found["label"] == ("PLACE", "SPARE")[choice]
            (conflict,) = conflicts(whole)
            assert conflict["resolution"]["choice"] == choice
            assert not merging.report.conflicts


def test_the_later_of_two_choices_stands(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    edit(mine, entity(mine), label="PLACE")
    edit(yours, entity(yours), label="SPARE")
    first = settle(merged(merging, *copies), merging, 0)
    second = settle(merged(merging, *copies), merging, 1, "2026-03-03T00:00:00.000Z")
    whole = json.loads(merging.merge(base, first, second))
    assert merging.merge(base, second, first) == merging.merge(base, first, second)
    found = by_id(whole, entity(base))
    assert found is not None
    assert found["label"] == "SPARE"
    assert [one["resolution"]["choice"] for one in conflicts(whole)] == [1]


def test_three_readings_are_one_conflict(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    third = base.copy(3)
    for world, note in ((mine, "ett"), (yours, "två"), (third, "tre")):
        edit(world, entity(world), note=note)
    raw = merging.merge(base, merging.merge(base, mine, yours), third)
    assert merging.merge(base, merging.merge(base, third, yours), mine) == raw
    (found,) = conflicts(json.loads(raw))
    assert [one["value"] for one in found["readings"]] == ["ett", "tre", "två"]


def test_deleted_and_unchanged_is_deleted(merging: Any, copies: Copies) -> None:
    base, mine, _ = copies
    mine.bury(mine.documents[0], "claims", mine.documents[0]["claims"][0])
    whole = merged(merging, *copies)
    assert by_id(whole, base.documents[0]["claims"][0]) is None
    assert not [
        one for one in whole["documents"][0]["relations"] if one["head"] == base.documents[0]["claims"][0]["id"]
    ]
    assert not conflicts(whole)


def test_deleted_and_changed_stays_with_a_conflict(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    mine.bury(mine.documents[0], "entities", entity(mine, 2))
    edit(yours, entity(yours, 2), note="Nej!")
    whole = merged(merging, *copies)
    assert by_id(whole, entity(base, 2)) is not None
    (found,) = conflicts(whole)
    assert (found["kind"], found["field"]) == ("deleted", None)
    assert [one["value"] and one["value"]["note"] for one in found["readings"]] == [None, "Nej!"]
    assert [one["at"] for one in found["readings"]] == [merging.at(101), merging.at(201)]
    assert not whole["documents"][0]["deleted"]


@pytest.mark.parametrize("document", [0, 1], ids=["same document", "another document"])
def test_an_end_that_something_new_needs_is_not_deleted(merging: Any, copies: Copies, document: int) -> None:
    base, mine, yours = copies
    target = entity(base, 2, document)
    mine.bury(mine.documents[document], "entities", entity(mine, 2, document))
    new = yours.relate(yours.documents[0], yours.documents[0]["claims"][0]["id"], target["id"], "ABOUT")
    whole = merged(merging, *copies)
    assert by_id(whole, target) is not None
    assert by_id(whole, new) is not None
    (found,) = conflicts(whole)
    assert (found["kind"], found["record"], found["relations"]) == ("end", target["id"], [new["id"]])


def test_a_document_that_something_new_needs_is_not_deleted(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    target = entity(base, 0, 2)
    gone = mine.documents.pop(2)
    grave = {"id": gone["id"], "kind": "document", "annotator": None, "at": mine.now(), "revision": 2}
    mine.data["deleted"].append(grave)
    yours.relate(yours.documents[0], yours.documents[0]["claims"][0]["id"], target["id"], "ABOUT")
    whole = merged(merging, *copies)
    assert by_id(whole, target) is not None
    assert [(one["list"], one["record"]) for one in conflicts(whole)] == [("documents", gone["id"])]
    assert not whole["deleted"]


def test_a_deleted_document_that_was_changed_stays(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    gone = mine.documents.pop(2)
    grave = {"id": gone["id"], "kind": "document", "annotator": None, "at": mine.now(), "revision": 2}
    mine.data["deleted"].append(grave)
    edit(yours, entity(yours, 0, 2), note="Kvar!")
    whole = merged(merging, *copies)
    assert len(whole["documents"]) == 3
    assert [one["kind"] for one in whole["conflicts"]] == ["deleted"]


def test_what_a_work_package_lacks_was_not_deleted(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    yours.documents.pop(2)
    assert len(merged(merging, *copies)["documents"]) == 2
    assert [one.code for one in merging.report.notices] == ["merge.documents-missing"]
    package = {"id": merging.uuid(9, 1), "name": "Paket", "annotator": merging.ANN}
    raw = yours.raw().replace(b'"project":', b'"package":' + json.dumps(package).encode() + b',"project":', 1)
    edit(mine, entity(mine), note="x")
    assert len(json.loads(merging.merge(base, mine, raw))["documents"]) == 3
    assert not merging.report.notices


def test_one_annotators_equal_annotations_become_one(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    new = []
    for world in (mine, yours):
        document = world.documents[0]
        one = world.mark(document, "entities", merging.words(document["text"])[2])
        world.relate(document, document["claims"][0]["id"], one["id"], "ABOUT")
        far = world.documents[1]
        world.relate(far, far["claims"][0]["id"], one["id"], "ABOUT")
        new.append(one)
    whole = merged(merging, *copies)
    assert merging.report.unified == 3
    survivor = by_id(whole, new[0])
    assert survivor is not None
    assert survivor["also"] == [new[1]["id"]]
    assert by_id(whole, new[1]) is None
    for number in (0, 1):
        relations = [one for one in whole["documents"][number]["relations"] if one["tail"] == new[0]["id"]]
        assert len(relations) == 1
        assert new[1]["id"] not in [one["tail"] for one in whole["documents"][number]["relations"]]
    edit(yours, new[1], note="Efteråt")  # who still has the other id
    again = json.loads(merging.merge(base, json.dumps(whole).encode(), yours))
    found = by_id(again, new[0])
    assert found is not None
    assert (found["note"], found["also"]) == ("Efteråt", [new[1]["id"]])
    assert by_id(again, new[1]) is None


def test_two_annotators_equal_annotations_stay_two(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    for world, annotator in ((mine, merging.ANN), (yours, merging.BO)):
        document = world.documents[0]
        world.mark(document, "entities", merging.words(document["text"])[2], annotator=annotator)
    assert len(merged(merging, *copies)["documents"][0]["entities"]) == 5
    assert not merging.report.unified


def test_annotators_who_were_said_to_be_one(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    twin = merging.uuid(2, 0xBBB)
    for world in (mine, yours):
        document = world.documents[0]
        world.mark(document, "entities", merging.words(document["text"])[2], annotator=twin)
        world.data["annotators"].append({"id": twin, "kind": "human", "name": "Ann igen"})
    for one in mine.data["annotators"]:
        if one["id"] == merging.ANN:
            one["also"] = [twin]
    mine.data["annotators"].pop()
    mine.documents[0]["entities"][-1]["annotator"] = merging.ANN
    whole = merged(merging, *copies)
    assert twin not in {one["annotator"] for one in whole["documents"][0]["entities"]}
    assert [one["id"] for one in whole["annotators"]] == [merging.ANN, merging.BO]
    assert whole["annotators"][0]["also"] == [twin]
    assert len(whole["documents"][0]["entities"]) == 4


def test_a_file_of_a_newer_minor_version_keeps_what_is_new(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    mine.documents[0]["x_field"] = {"a": 1}
    edit(mine, entity(mine), x_mood="glad")
    yours.documents[0]["x_list"].append({"id": merging.uuid(2, 77), "value": "b"})
    yours.data["x_things"].append({"id": merging.uuid(2, 78), "value": 2})
    whole = merged(merging, *copies)
    document = whole["documents"][0]
    assert document["x_field"] == {"a": 1}
    assert [one["value"] for one in document["x_list"]] == ["a", "b"]
    assert [one["value"] for one in whole["x_things"]] == [1, 2]
    newer = yours.raw().replace(b'"version":"1.0"', b'"version":"1.3"', 1)
    assert json.loads(merging.merge(copies[0], mine, newer))["kurator"]["version"] == "1.3"


def test_labels_of_two_kinds_are_refused(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    new = {**mine.data["label_set"]["entities"][0], "id": "X", "name": "X", "key": None}
    mine.data["label_set"]["entities"].append(new)
    yours.data["label_set"]["relations"].append({**new, "pairs": [], "symmetric": False})
    with pytest.raises(UserError, match="label-kinds"):
        merging.merge(base, mine, yours)


def test_who_did_something_stays_in_the_list_of_annotators(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    for document in mine.documents:
        document["entities"] = [one for one in document["entities"] if one["annotator"] != merging.BO]
        document["status"].clear()
    mine.data["annotators"] = [one for one in mine.data["annotators"] if one["id"] != merging.BO]
    yours.mark(yours.documents[0], "entities", merging.words(yours.documents[0]["text"])[5], annotator=merging.BO)
    whole = merged(merging, *copies)
    assert [one["id"] for one in whole["annotators"]] == [merging.ANN, merging.BO]
    assert not conflicts(whole)


def test_decisions_notes_and_effort_come_together(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    for number, world in enumerate((mine, yours)):
        document = world.documents[0]
        now, suggestion = world.now(), document["suggestions"][number]
        note = {"id": world.new(), "annotator": merging.BO, "text": f"Nr {number}", "created": now, "modified": now}
        document["notes"].append({**note, "revision": 1})
        decision = {"id": world.new(), "suggestion": suggestion["id"], "verdict": "rejected", "scope": "here"}
        document["decisions"].append({**decision, "result": None, "annotator": merging.ANN, "at": now, "surface": "x"})
        effort = {"annotator": merging.ANN, "label": "PERSON", "action": "rejected", "count": 1 + number, "keys": 4}
        document["effort"] = [{**effort, "ms": 900 - number}]
    document = merged(merging, *copies)["documents"][0]
    assert [one["text"] for one in document["notes"]] == ["Läs om.", "Nr 0", "Nr 1"]
    assert len(document["decisions"]) == 2
    (effort,) = document["effort"]
    assert (effort["count"], effort["keys"], effort["ms"]) == (2, 4, 900)
    assert "conflicts" not in document


def test_a_state_that_two_copies_tell_differently_is_a_conflict_of_the_document(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    for world, state in ((mine, "open"), (yours, "done")):
        world.documents[0]["status"].append({"annotator": merging.ANN, "state": state, "at": world.now()})
    whole = merged(merging, *copies)
    (found,) = conflicts(whole)
    assert (found["list"], found["record"], found["field"]) == (
        "status", base.documents[0]["id"], f"{merging.ANN}/state",
    )  # fmt: skip
    assert [one["value"] for one in found["readings"]] == ["done", "open"]
