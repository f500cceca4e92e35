"""Merging where a text was corrected: nothing ever counts in the wrong text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.formats.exchange_read import read_exchange

Record = dict[str, Any]
Copies = tuple[Any, Any, Any]


@pytest.fixture
def copies(merging: Any) -> Copies:
    """A corpus and two people's copies of it; the first one's first text has new words in front."""
    base = merging.base()
    mine, yours = base.copy(1), base.copy(2)
    mine.correct(mine.documents[0], "Nytt 😀 a\u030a: " + mine.documents[0]["text"])
    return base, mine, yours


def merged(merging: Any, base: Any, mine: Any, yours: Any) -> Record:
    """Return the first document of the merge, the same from either side, each quote where it says."""
    raw = merging.merge(base, yours, mine)
    assert merging.merge(base, mine, yours) == raw
    found = read_exchange(merging.file("sound", raw))
    assert not [one.sentence() for one in (*found.problems, *found.notices)]
    document: Record = json.loads(raw)["documents"][0]
    return document


def words(document: Record, record: Record) -> list[str]:
    """Return what stands where a record says."""
    return [document["text"][start:end] for start, end in record["spans"]]


def test_what_was_marked_in_the_old_text_moves_with_it(merging: Any, copies: Copies) -> None:
    _, mine, yours = copies
    old = yours.documents[0]
    new = yours.mark(old, "entities", merging.words(old["text"])[5])
    note = old["claims"][0]
    note["note"] = "Säker?"
    yours.touch(note)
    document = merged(merging, *copies)
    assert document["text"] == mine.documents[0]["text"]
    found = next(one for one in document["entities"] if one["id"] == new["id"])
    assert words(document, found) == words(old, new) == new["exact"]
    assert found["spans"] != new["spans"]
    assert document["claims"][0]["note"] == "Säker?"
    assert words(document, document["claims"][0]) == words(old, old["claims"][0])
    assert "conflicts" not in document


def test_what_is_not_found_again_is_an_orphan(merging: Any) -> None:
    base = merging.base()
    mine, yours = base.copy(1), base.copy(2)
    spans = merging.words(base.documents[0]["text"])
    start, end = spans[5]
    text = mine.documents[0]["text"]
    mine.correct(mine.documents[0], text[:start] + "något helt annat" + text[end:])
    new = yours.mark(yours.documents[0], "entities", (start, end))
    document = merged(merging, base, mine, yours)
    found = next(one for one in document["entities"] if one["id"] == new["id"])
    assert found["orphan"] is True
    assert (found["spans"], found["exact"]) == (new["spans"], new["exact"])


def test_two_corrections_are_a_conflict_that_keeps_both(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    yours.correct(yours.documents[0], yours.documents[0]["text"] + " Slut 😀.")
    document = merged(merging, *copies)
    texts = {one.documents[0]["text"] for one in (mine, yours)}
    assert document["text"] in texts
    (conflict,) = document["conflicts"]
    assert (conflict["kind"], conflict["list"], conflict["field"]) == ("text", "documents", "text")
    assert {one["value"]["text"] for one in conflict["readings"]} == texts
    assert conflict["base"]["text"] == base.documents[0]["text"]
    quotes = [words(document, one) for one in document["entities"]]
    assert quotes == [one["exact"] for one in base.documents[0]["entities"]]


def test_a_settled_text_is_not_asked_again(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    yours.correct(yours.documents[0], yours.documents[0]["text"] + " Slut 😀.")
    whole = json.loads(merging.merge(base, mine, yours))
    chosen = whole["documents"][0]["fingerprint"]
    conflict = whole["documents"][0]["conflicts"][0]
    conflict["resolution"] = {"choice": 0, "by": merging.ANN, "at": merging.at(500)}
    settled = merging.World({name: value for name, value in whole.items() if name != "kurator"}).raw()
    for side in (mine, yours):
        found = json.loads(merging.merge(base, settled, side))["documents"][0]
        assert found["fingerprint"] == chosen
        assert [one["resolution"] is not None for one in found["conflicts"]] == [True]


def decide(merging: Any, world: Any) -> Record:
    """Reject the first suggestion of a world."""
    document = world.documents[0]
    suggestion = document["suggestions"][0]
    quote = " ".join(words(document, suggestion))
    decision = {
        "id": world.new(), "suggestion": suggestion["id"], "verdict": "rejected", "scope": "here", "result": None,
        "annotator": merging.ANN, "at": world.now(), "surface": quote.casefold(),
    }  # fmt: skip
    document["decisions"].append(decision)
    return decision


def test_a_judged_suggestion_of_the_old_text_is_past_and_its_place_moves(merging: Any, copies: Copies) -> None:
    _, _, yours = copies
    decision = decide(merging, yours)
    suggestion = yours.documents[0]["suggestions"][0]
    document = merged(merging, *copies)
    (found,) = document["suggestions"]
    assert (found["id"], found["past"], found["spans"]) == (suggestion["id"], True, suggestion["spans"])
    (told,) = document["decisions"]
    assert told["id"] == decision["id"]
    assert words(document, told) == words(yours.documents[0], suggestion)
    assert document["analysed_by"] is None


def test_what_another_pipeline_no_longer_proposes_stays_where_it_was_judged(merging: Any) -> None:
    base = merging.base()
    mine, yours = base.copy(1), base.copy(2)
    mine.analyse(mine.documents[0], 1)
    decide(merging, yours)
    document = merged(merging, base, mine, yours)
    assert document["analysed_by"] == mine.documents[0]["analysed_by"]
    past = [one for one in document["suggestions"] if one.get("past")]
    assert [one["id"] for one in past] == [yours.documents[0]["suggestions"][0]["id"]]
    assert document["decisions"][0]["spans"] == yours.documents[0]["suggestions"][0]["spans"]


def test_without_the_text_what_stood_in_another_one_is_an_orphan(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    mine.documents[0]["text"] = None
    new = yours.mark(yours.documents[0], "entities", merging.words(yours.documents[0]["text"])[5])
    document = merged(merging, base, mine, yours)
    assert document["text"] is None
    assert next(one for one in document["entities"] if one["id"] == new["id"])["orphan"] is True


def test_a_text_that_one_side_may_share_is_kept(merging: Any) -> None:
    base = merging.base()
    mine, yours = base.copy(1), base.copy(2)
    mine.documents[0]["text"] = None
    for world in (mine, yours):
        world.documents[0]["entities"][world.space]["note"] = "x"
        world.touch(world.documents[0]["entities"][world.space])
    document = merged(merging, base, mine, yours)
    assert document["text"] == yours.documents[0]["text"]
    assert [one["note"] for one in document["entities"]].count("x") == 2
