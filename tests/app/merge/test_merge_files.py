"""Merging as files are: of other versions and layouts, in part, broken off."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.merge.files import merge_files
from app.merge.sides import Cancelled, FileRefused, SideFile

Copies = tuple[Any, Any, Any]


@pytest.fixture
def copies(merging: Any) -> Copies:
    """A corpus and two people's copies of it, each with a note of its own."""
    base = merging.base()
    mine, yours = base.copy(1), base.copy(2)
    for number, world in enumerate((mine, yours)):
        one = world.documents[0]["entities"][number]
        one["note"] = "åö"[number]
        world.touch(one)
    return base, mine, yours


def test_a_newer_major_version_is_refused(merging: Any, copies: Copies) -> None:
    newer = copies[2].raw().replace(b'"version":"1.0"', b'"version":"2.0"', 1)
    with pytest.raises(FileRefused) as refused:
        merging.merge(copies[0], copies[1], newer)
    assert refused.value.problems[0].code == "exchange.newer"


def test_another_layout_is_merged_and_laid_out(merging: Any, copies: Copies) -> None:
    base, mine, yours = copies
    expected = merging.merge(base, mine, yours)
    pretty = json.dumps(json.loads(mine.raw()), indent=2, ensure_ascii=False).replace("\n", "\r\n").encode()
    assert merging.merge(base, pretty, yours) == expected
    assert merging.merge(pretty, pretty, pretty) == mine.raw()


def test_an_empty_corpus(merging: Any) -> None:
    base = merging.base()
    empty = merging.World({**base.data, "documents": [], "annotators": []}, 1)
    assert merging.merge(empty, empty, empty) == empty.raw()
    assert json.loads(merging.merge(None, empty, base))["documents"]


def test_a_merge_can_be_stopped(merging: Any, copies: Copies) -> None:
    paths = [merging.file(name, one) for name, one in zip("bot", copies, strict=True)]
    out = paths[0].with_name("never.json")
    assert merge_files(paths[0], paths[1], paths[2], out, cancelled=lambda: True).cancelled
    assert not out.exists()
    with pytest.raises(Cancelled):
        SideFile(paths[0], cancelled=lambda: True).finish()


def test_a_part_of_the_corpus_is_taken_as_it_is_where_the_other_side_did_nothing(merging: Any) -> None:
    base = merging.base()
    part = base.copy(1)
    (gone,) = [part.documents.pop(1)]
    target = gone["entities"][0]
    for document in part.documents:
        for relation in document["relations"]:
            if relation["tail"] == target["id"]:
                told = {"document": gone["id"], "kind": "entity", "label": target["label"], "exact": target["exact"]}
                relation["outside"] = {"tail": told}
    part.documents[0]["title"] = "Rubrik"
    assert merging.merge(base, part, base) == part.raw()
    assert merging.merge(base, base, part) == part.raw()
    assert merging.report.changes["documents"] == {"added": 0, "changed": 1, "deleted": 1}
    back = json.loads(merging.merge(None, base, part))
    assert not [one for document in back["documents"] for one in document["relations"] if "outside" in one]
