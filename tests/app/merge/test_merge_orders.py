"""Three people's work, each on what is theirs, merged in every order: the same file each time."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.formats.exchange_read import read_exchange

KINDS = ("mark", "claim", "relate", "relabel", "move", "delete", "note", "state", "effort")
WORK = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 60)), max_size=8)


def work(merging: Any, world: Any, who: str, history: list[tuple[str, int]]) -> bytes:
    """Let somebody annotate a copy, and return it as a file."""
    world.data["annotators"].append({"id": who, "kind": "human", "name": f"Nr {world.space}"})
    for kind, number in history:
        document = world.documents[number % 3]
        own = [(name, one) for doc, name, one in world.annotations() if doc is document and one["annotator"] == who]
        passages = [one for one in own if one[0] != "relations"]
        spans = merging.words(document["text"])
        if kind == "mark":
            world.mark(document, "entities", spans[number % 6], annotator=who)
        elif kind == "claim":
            world.mark(document, "claims", spans[number % 6], label="CLAIM", annotator=who, facets={"kind": "fact"})
        elif kind == "relate" and passages:
            claim = document["claims"][0]["id"]
            if claim != passages[0][1]["id"]:
                world.relate(document, claim, passages[0][1]["id"], "ABOUT")["annotator"] = who
        elif kind in ("relabel", "move") and passages:
            name, one = passages[number % len(passages)]
            if kind == "move":
                world.place(document, one, [spans[number % 5]])
            elif name == "entities":
                one["label"] = "PLACE"
            world.touch(one)
        elif kind == "delete" and own:
            world.bury(document, *own[number % len(own)])
        else:
            _remark(world, document, who, kind, number)
    told = json.dumps(world.documents)
    world.data["annotators"] = [one for one in world.data["annotators"] if one["id"] in told]
    raw: bytes = world.raw()
    return raw


def _remark(world: Any, document: dict[str, Any], who: str, kind: str, number: int) -> None:
    if kind == "note":
        now = world.now()
        note = {"id": world.new(), "annotator": who, "text": f"å {number}", "created": now, "modified": now}
        document["notes"].append({**note, "revision": 1})
    elif kind == "state":
        rest = [one for one in document["status"] if one["annotator"] != who]
        document["status"] = [*rest, {"annotator": who, "state": ("open", "done")[number % 2], "at": world.now()}]
    elif kind == "effort":
        one = {"annotator": who, "label": "PERSON", "action": "manual", "count": number, "keys": number, "ms": 1}
        document["effort"] = [one]


@settings(max_examples=max(10, settings.default.max_examples // 5))
@pytest.mark.parametrize("with_base", [True, False], ids=["with what all began with", "without"])
@given(first=WORK, second=WORK, third=WORK)
def test_every_order_gives_the_same_file(
    merging: Any, with_base: bool, first: list[Any], second: list[Any], third: list[Any]
) -> None:
    base = merging.base()
    files = [
        work(merging, base.copy(space), merging.uuid(space, 0xC0), history)
        for space, history in enumerate((first, second, third), 1)
    ]
    start = base.raw() if with_base else None
    found = set()
    for one, two, three in itertools.permutations(files):
        found.add(merging.merge(start, merging.merge(start, one, two), three))
    (merged,) = found
    assert not read_exchange(merging.file("sound", merged)).problems
    assert "conflicts" not in json.loads(merged)["kurator"]["counts"]
