"""The laws of merging, over random histories of edits on both sides."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.formats.exchange_read import read_exchange
from models.text import surface

Record = dict[str, Any]
Edit = Callable[[Any, Any, int], None]


def pick(records: list[Any], number: int) -> Any:
    """Return one of the records, None of none."""
    return records[number % len(records)] if records else None


# What a person does to their copy -----------------------------------------------------------------------------


def relabel(merging: Any, world: Any, number: int) -> None:
    if found := pick(world.annotations("entities"), number):
        found[2]["label"] = "PLACE" if found[2]["label"] == "PERSON" else "PERSON"
        world.touch(found[2])


def move(merging: Any, world: Any, number: int) -> None:
    if found := pick(world.annotations("entities", "claims"), number // 7):
        document, _, one = found
        world.place(document, one, [merging.words(document["text"])[number % 5]])
        world.touch(one)


def facet(merging: Any, world: Any, number: int) -> None:
    if found := pick(world.annotations("claims"), number // 7):
        name, value = (("kind", "goal"), ("kind", "cause"), ("topic", "ö"), ("topic", None))[number % 4]
        found[2]["facets"].pop(name, None)
        if value is not None:
            found[2]["facets"][name] = value
        world.touch(found[2])


def remark(merging: Any, world: Any, number: int) -> None:
    if found := pick(world.annotations(), number // 3):
        found[2]["note"] = (None, "Säker?", "Nej.")[number % 3]
        world.touch(found[2])


def unregister(merging: Any, world: Any, number: int) -> None:
    if found := pick(world.annotations("entities"), number):
        found[2]["register"] = pick([one["id"] for one in world.data["register"]] + [None], number // 5)
        world.touch(found[2])


def bury(merging: Any, world: Any, number: int) -> None:
    if found := pick(world.annotations(), number):
        world.bury(*found)


def add(merging: Any, world: Any, number: int) -> None:
    if document := pick(world.documents, number):
        spans = merging.words(document["text"])
        if number % 4 == 3:
            world.mark(document, "claims", spans[number % 5], label="CLAIM", facets={"kind": "fact"})
        else:
            annotator = (merging.ANN, merging.BO)[number // 3 % 2]
            world.mark(document, "entities", spans[number % 5], annotator=annotator)


def relate(merging: Any, world: Any, number: int) -> None:
    heads, tails = world.annotations("claims"), world.annotations("entities")
    if heads and tails:
        document, _, head = pick(heads, number)
        world.relate(document, head["id"], pick(tails, number // 3)[2]["id"], "ABOUT")


def reattach(merging: Any, world: Any, number: int) -> None:
    found, tails = pick(world.annotations("relations"), number), world.annotations("entities")
    if found and tails:
        found[2]["tail"] = pick(tails, number // 3)[2]["id"]
        world.touch(found[2])


def describe(merging: Any, world: Any, number: int) -> None:
    if document := pick(world.documents, number):
        if number % 3:
            document["metadata"][("date", "slag")[number % 2]] = ("2019", "2020", "x")[number // 3 % 3]
        else:
            document["title"] = (None, "Rubrik", "Annan")[number // 3 % 3]
        document["revision"] += 1


def correct(merging: Any, world: Any, number: int) -> None:
    if document := pick(world.documents, number):
        spans = merging.words(document["text"])
        start, end = spans[number // 3 % len(spans)]
        new = ("Ny\u00a0text 😀", "", "a\u030andra ord")[number % 3]
        world.correct(document, document["text"][:start] + new + document["text"][end:])
        if number % 2 and len(merging.words(document["text"])) > 5:
            world.analyse(document, number // 2 % 2)


def reanalyse(merging: Any, world: Any, number: int) -> None:
    if document := pick(world.documents, number):
        world.analyse(document, 1)


def decide(merging: Any, world: Any, number: int) -> None:
    document = pick([one for one in world.documents if one["analysed_by"]], number)
    if document is None:
        return
    judged = {one["suggestion"] for one in document["decisions"]}
    found = pick([one for one in document["suggestions"] if one["id"] not in judged and "past" not in one], number // 3)
    if found is None:
        return
    result = None
    if number % 2 and found["kind"] == "entity":
        origin = {"by": "pipeline", "score": 0.5, "source": "regler", "suggestion": found["id"]}
        result = world.mark(
            document, "entities", found["spans"][0], label=found["label"], origin=origin,
            id=merging.accepted(found["id"]),
        )["id"] if merging.accepted(found["id"]) not in world.ids() else None  # fmt: skip
    decision = {
        "id": world.new(),
        "suggestion": found["id"],
        "verdict": "accepted" if result else "rejected",
        "scope": "here",
        "result": result,
        "annotator": merging.ANN,
        "at": world.now(),
    }
    if found["kind"] != "relation":
        decision["surface"] = surface(" ".join(document["text"][start:end] for start, end in found["spans"])) or None
    document["decisions"].append(decision)


def finish(merging: Any, world: Any, number: int) -> None:
    if document := pick(world.documents, number):
        who = (merging.ANN, merging.BO)[number // 3 % 2]
        known = [one for one in document["status"] if one["annotator"] != who]
        state = ("open", "done")[number // 7 % 2]
        document["status"] = [*known, {"annotator": who, "state": state, "at": world.now()}]


def note(merging: Any, world: Any, number: int) -> None:
    document = pick(world.documents, number)
    if document is None:
        return
    if number % 3 == 0 and document["notes"]:
        one = document["notes"][0]
        one["text"] = ("Rättat.", "Läst.")[number // 3 % 2]
        world.touch(one)
    elif number % 3 == 1 and document["notes"]:
        world.bury(document, "notes", document["notes"][0])
    else:
        now = world.now()
        new = {"id": world.new(), "annotator": merging.BO, "text": "å 😀", "revision": 1}
        document["notes"].append({**new, "created": now, "modified": now})


def remove_document(merging: Any, world: Any, number: int) -> None:
    document = pick(world.documents, number)
    if document is None or len(world.documents) < 2:
        return
    mine = {one["id"] for name in ("entities", "claims", "relations") for one in document[name]}
    for doc, _, one in world.annotations("relations"):
        if doc is not document and mine & {one["head"], one["tail"]}:
            world.bury(doc, "relations", one)
    world.documents.remove(document)
    grave = {"id": document["id"], "kind": "document", "annotator": None, "at": world.now()}
    world.data["deleted"].append({**grave, "revision": document["revision"] + 1})


def add_document(merging: Any, world: Any, number: int) -> None:
    document = world.document(f"Ny sida 😀 nummer {number} om va\u030ard i dag.", f"{'amz'[number % 3]}-ny.txt")
    world.mark(document, "entities", (0, 2))


def labels(merging: Any, world: Any, number: int) -> None:
    entities = world.data["label_set"]["entities"]
    if number % 3 == 0:
        entities[number // 3 % len(entities)]["title"]["sv"] = ("Ett", "Annat")[number // 9 % 2]
    elif number % 3 == 1:
        used = {one["label"] for _, _, one in world.annotations()}
        entities[:] = [one for one in entities if one["id"] in used or one["id"] != "SPARE"]
    else:
        name = ("NYA", "EXTRA")[number // 3 % 2]
        if name not in {one["id"] for one in entities}:
            entities.insert(number // 3 % 3, {**entities[0], "id": name, "name": name, "key": None})
    world.data["label_set"]["version"] += 1


def use_spare(merging: Any, world: Any, number: int) -> None:
    found = pick(world.annotations("entities"), number)
    if found and "SPARE" in {one["id"] for one in world.data["label_set"]["entities"]}:
        found[2]["label"] = "SPARE"
        world.touch(found[2])


def register(merging: Any, world: Any, number: int) -> None:
    things = world.data["register"]
    if number % 4 == 0:
        new = {"id": world.new(), "label": "PLACE", "name": "Mårdby", "aliases": [], "links": {}}
        things.append(new)
    elif things and number % 4 == 1:
        pick(things, number // 4)["aliases"] = (["Ek", "A. Ek"], [], ["Eken"])[number // 8 % 3]
    elif things and number % 4 == 2:
        pick(things, number // 4)["name"] = ("Anna Ek", "Annan")[number // 8 % 2]
    else:
        used = {one["register"] for _, _, one in world.annotations()}
        things[:] = [one for one in things if one["id"] in used]


def newer(merging: Any, world: Any, number: int) -> None:
    """What a newer version of the program would keep."""
    document = pick(world.documents, number)
    if number % 4 == 0 and document:
        document["x_field"] = (1, {"a": [1]}, None)[number // 4 % 3]
    elif number % 4 == 1 and document:
        document.setdefault("x_list", []).append({"id": world.new(), "value": number % 5})
    elif number % 4 == 2 and (found := pick(world.annotations(), number // 4)):
        found[2]["x_mood"] = ("glad", "arg")[number // 8 % 2]
        world.touch(found[2])
    else:
        pick(world.data["x_things"], 0)["value"] = number // 4 % 3


def work(merging: Any, world: Any, number: int) -> None:
    if document := pick(world.documents, number):
        one = {"annotator": merging.ANN, "label": "PERSON", "action": "accepted", "count": 1 + number % 3}
        document["effort"] = [{**one, "keys": number % 7, "ms": number % 1000}]


def furnish(merging: Any, world: Any, number: int) -> None:
    if document := pick(world.documents, number):
        document["furniture"] = [list(merging.words(document["text"])[number // 3 % 4])]
        document["furniture_by"] = ("pipeline", "curator")[number // 5 % 2]
        document["revision"] += 1


EDITS: tuple[Edit, ...] = (
    relabel, move, facet, remark, unregister, bury, bury, add, add, relate, reattach, describe, correct, reanalyse,
    decide, decide, finish, note, remove_document, add_document, labels, use_spare, register, newer, work, furnish,
)  # fmt: skip
HISTORIES = st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 400)), max_size=8)
History = list[tuple[Edit, int]]


def edited(merging: Any, base: Any, space: int, history: History) -> Any:
    """Return a copy of a corpus after a history of edits."""
    world = base.copy(space)
    for edit, number in history:
        edit(merging, world, number)
    return world


def sound(merging: Any, raw: bytes) -> Record:
    """Return the parsed file; it must be one that can be imported, each quote where it says."""
    found = read_exchange(merging.file("sound", raw))
    assert not [one.sentence() for one in (*found.problems, *found.notices)]
    assert found.by_lines
    whole: Record = json.loads(raw)
    counts = whole["kurator"]["counts"]
    assert counts == {name: found.counts.get(name, 0) for name in counts}
    return whole


# The laws -------------------------------------------------------------------------------------------------------


@given(HISTORIES)
def test_what_one_side_did_is_the_merge(merging: Any, history: History) -> None:
    base = merging.base()
    mine = edited(merging, base, 1, history)
    sound(merging, mine.raw())
    assert merging.merge(base, mine, base) == mine.raw()
    assert merging.merge(base, base, mine) == mine.raw()
    assert merging.merge(mine, mine, mine) == mine.raw()
    assert merging.merge(None, mine, mine) == mine.raw()


@given(HISTORIES, HISTORIES)
def test_the_order_of_the_sides_changes_nothing(merging: Any, first: History, second: History) -> None:
    base = merging.base()
    mine, yours = edited(merging, base, 1, first), edited(merging, base, 2, second)
    merged = merging.merge(base, mine, yours)
    sound(merging, merged)
    assert merging.merge(base, yours, mine) == merged


@given(HISTORIES, HISTORIES)
def test_merging_again_changes_nothing(merging: Any, first: History, second: History) -> None:
    base = merging.base()
    mine, yours = edited(merging, base, 1, first), edited(merging, base, 2, second)
    merged = merging.merge(base, mine, yours)
    assert merging.merge(base, merged, yours) == merged
    assert merging.merge(base, mine, merged) == merged
    assert not merging.report.conflicts
    assert merging.merge(merged, merged, merged) == merged


@given(HISTORIES, HISTORIES)
def test_without_a_base_nothing_is_lost(merging: Any, first: History, second: History) -> None:
    base = merging.base()
    mine, yours = edited(merging, base, 1, first), edited(merging, base, 2, second)
    merged = merging.merge(None, mine, yours)
    whole = sound(merging, merged)
    assert merging.merge(None, yours, mine) == merged
    assert merging.merge(None, merged, mine) == merged
    alive = {one["id"] for doc in whole["documents"] for one in doc["entities"]}
    united = {other for doc in whole["documents"] for one in doc["entities"] for other in one.get("also", ())}
    for world, other in ((mine, yours), (yours, mine)):
        graves = {one["id"] for doc in (other.data, *other.documents) for one in doc["deleted"]}
        for document, _, one in world.annotations("entities"):
            if not graves & {document["id"], one["id"]}:
                assert one["id"] in alive | united


@settings(max_examples=max(10, settings.default.max_examples // 5))
@given(HISTORIES, HISTORIES)
def test_a_merged_file_comes_back_from_a_project_the_same(merging: Any, first: History, second: History) -> None:
    base = merging.base()
    merged = merging.merge(base, edited(merging, base, 1, first), edited(merging, base, 2, second))
    assert merging.through_a_project(merged) == merged


BOOKS = {"modified", "revision", "created", "also"}


def parts(record: Record) -> Record:
    """Return what of an annotation is decided one by one: its place as one, each facet, each other field."""
    place = ("spans", "exact", "prefix", "suffix", "orphan")
    found = {name: value for name, value in record.items() if name not in BOOKS | {*place, "facets"}}
    found |= {f"facets.{name}": value for name, value in record.get("facets", {}).items()}
    return found | ({"place": record["spans"]} if "spans" in record else {})


def annotations(documents: list[Record]) -> dict[str, Record]:
    """Return a corpus's annotations by id."""
    lists = [document[name] for document in documents for name in ("entities", "claims", "relations")]
    return {one["id"]: one for records in lists for one in records}


def holds(was: Record, mine: Record, yours: Record, now: Record, disputed: Callable[[str], bool]) -> bool:
    """Whether each part of a merged annotation is what one side changed, or in dispute."""
    versions = [parts(one) for one in (was, mine, yours, now)]
    for name in set().union(*versions):
        before, ours, theirs, found = (one.get(name) for one in versions)
        if ours == theirs or theirs == before:
            expected = [ours]
        elif ours == before:
            expected = [theirs]
        else:
            assert disputed(name), name
            expected = [ours, theirs]
        assert found in expected, name
    return True


@given(HISTORIES, HISTORIES)
def test_each_part_is_what_one_side_made_of_it(merging: Any, first: History, second: History) -> None:
    base = merging.base()
    mine, yours = edited(merging, base, 1, first), edited(merging, base, 2, second)
    whole = json.loads(merging.merge(base, mine, yours))
    texts = [{one["id"]: one["fingerprint"] for one in world.documents} for world in (base, mine, yours)]
    kept = {one for one in texts[0] if texts[0][one] == texts[1].get(one) == texts[2].get(one)}
    versions = [annotations([one for one in world.documents if one["id"] in kept]) for world in (base, mine, yours)]
    merged = annotations(whole["documents"])
    told = [one for document in whole["documents"] for one in document.get("conflicts", ())]
    disputes = {(one["record"], one["field"]): one for one in told}
    for identity, was in versions[0].items():
        ours, theirs = (side.get(identity) for side in versions[1:])
        if ours and theirs:
            assert holds(was, ours, theirs, merged[identity], lambda name, one=identity: (one, name) in disputes)
        elif ours or theirs:
            live = ours or theirs or {}
            changed = parts(live) != parts(was)
            conflict = disputes.get((identity, None))
            assert (identity in merged) == (conflict is not None)
            assert not changed or conflict is not None
            assert changed or conflict is None or conflict["relations"]
        else:
            assert identity not in merged
