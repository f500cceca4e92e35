"""Merging label sets, and the register beside them."""

from __future__ import annotations

import json
from typing import Any

import pytest

Record = dict[str, Any]
Copies = tuple[Any, Any, Any]


@pytest.fixture
def copies(merging: Any) -> Copies:
    """A corpus and two people's copies of it."""
    base = merging.base()
    return base, base.copy(1), base.copy(2)


def merged(merging: Any, copies: Copies) -> Record:
    """Return the merge, the same from either side."""
    raw = merging.merge(*copies)
    assert merging.merge(copies[0], copies[2], copies[1]) == raw
    whole: Record = json.loads(raw)
    return whole


def entities(world: Any) -> list[Record]:
    """Return the entity labels of a world."""
    found: list[Record] = world.data["label_set"]["entities"]
    return found


def step(world: Any) -> None:
    """Note that a label set was changed."""
    world.data["label_set"]["version"] += 1


def test_changes_come_together_one_version_further(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    entities(mine)[0] |= {"name": "MÄNNISKA", "title": {"sv": "Människa"}}
    entities(mine).insert(1, {**entities(mine)[0], "id": "A_NEW", "name": "A", "key": None})
    entities(yours)[0]["title"]["en"] = "Human"
    entities(yours)[0]["color"] = "#abcdef"
    step(mine)
    step(yours)
    labels = merged(merging, copies)["label_set"]
    assert [one["id"] for one in labels["entities"]] == ["PERSON", "A_NEW", "PLACE", "SPARE"]
    first = labels["entities"][0]
    assert (first["name"], first["color"]) == ("MÄNNISKA", "#abcdef")
    assert first["title"] == {"sv": "Människa", "en": "Human"}
    assert labels["version"] == 3


def test_different_names_are_a_conflict(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    for world, name in ((mine, "ETT"), (yours, "TVÅ")):
        entities(world)[0]["name"] = name
        step(world)
    (found,) = merged(merging, copies)["conflicts"]
    assert (found["kind"], found["list"], found["record"], found["field"]) == ("label", "label_set", "PERSON", "name")
    assert [one["value"] for one in found["readings"]] == ["ETT", "TVÅ"]


def test_a_removed_label_is_gone(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    del entities(mine)[2]
    step(mine)
    yours.documents[0]["title"] = "Rubrik"
    whole = merged(merging, copies)
    assert [one["id"] for one in whole["label_set"]["entities"]] == ["PERSON", "PLACE"]
    assert "conflicts" not in whole


def test_a_removed_label_that_is_in_use_stays_with_a_conflict(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    del entities(mine)[2]
    step(mine)
    yours.documents[0]["entities"][0]["label"] = "SPARE"
    yours.touch(yours.documents[0]["entities"][0])
    whole = merged(merging, copies)
    assert "SPARE" in [one["id"] for one in whole["label_set"]["entities"]]
    (found,) = whole["conflicts"]
    assert (found["kind"], found["record"], found["field"]) == ("label", "SPARE", None)


def test_a_removed_label_that_was_changed_is_a_conflict(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    del entities(mine)[2]
    entities(yours)[2]["color"] = "#abcdef"
    step(mine)
    step(yours)
    whole = merged(merging, copies)
    assert "SPARE" in [one["id"] for one in whole["label_set"]["entities"]]
    assert [one["record"] for one in whole["conflicts"]] == ["SPARE"]


def test_a_removed_facet_and_a_removed_choice_that_are_in_use_stay(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    for world in copies[:2]:
        for document in world.documents:
            document["claims"][0]["facets"] = {"kind": "fact"}
    for document in yours.documents:
        document["claims"][0]["facets"] = {"kind": "fact"}
    facets = mine.data["label_set"]["claims"]["facets"]
    facets[0]["values"] = [one for one in facets[0]["values"] if one["id"] != "cause"]
    del facets[1]
    step(mine)
    claim = yours.documents[0]["claims"][0]
    claim["facets"] = {"kind": "cause", "topic": "ö"}
    yours.touch(claim)
    whole = merged(merging, copies)
    kept = whole["label_set"]["claims"]["facets"]
    assert [one["id"] for one in kept] == ["kind", "topic"]
    assert [one["id"] for one in kept[0]["values"]] == ["fact", "goal", "cause"]
    assert sorted(one["record"] for one in whole["conflicts"]) == ["kind=cause", "topic"]


def test_whom_a_relation_may_join_is_a_set(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    relations = [world.data["label_set"]["relations"][1] for world in copies]
    relations[1]["pairs"] = [["PERSON", "PLACE"], ["PLACE", "PLACE"]]
    relations[2]["pairs"] = [*relations[2]["pairs"], ["PLACE", "PERSON"]]
    step(mine)
    step(yours)
    pairs = merged(merging, copies)["label_set"]["relations"][1]["pairs"]
    assert sorted(pairs) == [["PERSON", "PLACE"], ["PLACE", "PERSON"], ["PLACE", "PLACE"]]


def test_one_key_for_two_new_labels_stays_with_the_first(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    for world, name in ((mine, "B_NEW"), (yours, "A_NEW")):
        entities(world).append({**entities(world)[0], "id": name, "name": name, "key": "z"})
        step(world)
    found = {one["id"]: one["key"] for one in merged(merging, copies)["label_set"]["entities"]}
    assert (found["A_NEW"], found["B_NEW"]) == ("z", None)


def test_two_orders_of_labels(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    entities(mine).reverse()
    step(mine)
    entities(yours)[0]["color"] = "#abcdef"
    step(yours)
    found = merged(merging, copies)["label_set"]["entities"]
    assert [one["id"] for one in found] == ["SPARE", "PLACE", "PERSON"]


def test_the_register_is_merged_by_id_and_what_is_used_stays(merging: Any, copies: Copies) -> None:
    things = [world.data["register"][0] for world in copies]
    things[1] |= {"aliases": ["Ek", "A. Ek"], "links": {"q": "1", "viaf": "2"}}
    things[2] |= {"aliases": ["Anna E."], "name": "Anna Maria Ek"}
    (found,) = merged(merging, copies)["register"]
    assert sorted(found["aliases"]) == ["A. Ek", "Anna E."]
    assert (found["name"], found["links"]) == ("Anna Maria Ek", {"q": "1", "viaf": "2"})


def test_a_removed_register_entry_that_is_in_use_stays(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    for document in mine.documents:
        document["entities"][0]["register"] = None
        mine.touch(document["entities"][0])
    mine.data["register"].clear()
    yours.documents[0]["entities"][1]["register"] = yours.data["register"][0]["id"]
    yours.touch(yours.documents[0]["entities"][1])
    whole = merged(merging, copies)
    assert len(whole["register"]) == 1
    assert [(one["kind"], one["list"]) for one in whole["conflicts"]] == [("end", "register")]


def two_things(world: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the register a second thing, and let every other mention of the first be one of it."""
    first = world.data["register"][0]
    second = {
        **first,
        "id": "0197aaaa-0000-7000-8000-0000000000aa",
        "name": "A. Ek",
        "aliases": [],
        "links": {"w": "Q"},
    }
    world.data["register"].append(second)
    for _, _, one in list(world.annotations())[::2]:
        if one["register"] == first["id"]:
            one["register"] = second["id"]
    return first, second


def unite(world: Any) -> None:
    """Say that the second thing is the first, as a curator does."""
    first, second = world.data["register"]
    first |= {"aliases": [*first["aliases"], second["name"]], "links": {**second["links"], **first["links"]}}
    first["also"] = [second["id"]]
    del world.data["register"][1]
    for _, _, one in world.annotations():
        if one["register"] == second["id"]:
            one["register"] = first["id"]
            world.touch(one)


def test_a_thing_merged_on_one_side_and_linked_on_the_other_is_one(merging: Any, copies: Copies) -> None:
    for world in copies:
        first, second = two_things(world)
    _, mine, yours = copies
    unite(mine)
    linked = next(one for _, _, one in yours.annotations() if one["register"] != second["id"])
    linked["register"] = second["id"]
    yours.touch(linked)
    yours.data["register"][1] |= {"aliases": ["Annika"]}
    yours.data["register"][0] |= {"name": "Anna Maria Ek"}
    for sides in (copies, (None, mine, yours), (None, yours, mine)):
        whole = merged(merging, sides)
        (found,) = whole["register"]
        assert found["also"] == [second["id"]]
        assert {"A. Ek", "Annika"} <= {*found["aliases"]}
        assert found["links"] == {"q": "1", "w": "Q"}
        assert {one["register"] for name in ("entities",) for one in whole["documents"][0][name]} <= {first["id"], None}
        assert not any(second["id"] in str(document) for document in whole["documents"])
    assert merged(merging, copies)["register"][0]["name"] == "Anna Maria Ek"
    assert not merged(merging, copies).get("conflicts")


def test_things_of_one_name_from_two_laptops_stay_two_and_somebody_is_told(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    for number, world in enumerate((mine, yours)):
        name = ("Region Halland", "REGION\u00a0HALLAND")[number]
        world.data["register"].append(
            {
                "id": f"0197bbbb-0000-7000-8000-0000000000b{number}",
                "label": "PLACE",
                "name": name,
                "aliases": [],
                "links": {},
            }
        )
    assert len(merged(merging, copies)["register"]) == 3
    assert [(one.code, dict(one.details)) for one in merging.report.notices] == [("merge.same-things", {"count": 1})]
    assert "Region" not in str(merged(merging, (copies[0], mine, mine)).get("conflicts"))
    assert not merging.report.notices


def test_what_a_mention_does_not_mean_is_merged_as_a_set(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    for world, things in ((base, ["a", "b"]), (mine, ["b", "c"]), (yours, ["a", "b", "d"])):
        entity = world.documents[0]["entities"][0]
        entity["not_register"] = [merging.uuid(9, ord(one)) for one in things]
        if world is not base:
            world.touch(entity)
    found = merged(merging, copies)["documents"][0]["entities"][0]["not_register"]
    assert sorted(found) == sorted(merging.uuid(9, ord(one)) for one in "bcd")
