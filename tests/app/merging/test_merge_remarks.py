"""The list of what a merge changes: boundaries that can be read, each conflict once with both values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from app import commands as c
from app.merge.boundaries import bounded
from app.messages import set_language
from app.services import bases
from app.services.conflict_views import conflict_lines, conflict_view
from app.services.merging import merge_into, plan_merge
from models.spans import Span, anchor

TEXT = "I dag sparar Region A\u030adalen 😀, med hemsjuk\u00advård, tolv\u00a0procent. Så sade Signe Ström till alla."


def place(start: int, end: int) -> dict[str, Any]:
    found = anchor(TEXT, (Span(start, end),))
    return {"spans": [[start, end]], "exact": list(found.exact), "prefix": found.prefix, "suffix": found.suffix}


def told(words: str, other: str) -> list[str]:
    places = [(TEXT.index(one), TEXT.index(one) + len(one)) for one in (words, other)]
    return bounded([place(*one) for one in places])


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("A\u030adalen", "Region A\u030adalen",
         ["… sparar Region ⟦A\u030adalen⟧ 😀, med …", "… sparar ⟦Region A\u030adalen⟧ 😀, med …"]),
        ("Region A\u030adalen", "Region A\u030adalen ", ["⟦Region A\u030adalen⟧", "⟦Region A\u030adalen␣⟧"]),
        ("tolv\u00a0procent", "tolv\u00a0procent.", ["⟦tolv procent⟧.", "⟦tolv procent.⟧"]),
        ("tolv", "tolv\u00a0", ["⟦tolv⟧", "⟦tolv⍽⟧"]),
        ("hemsjuk", "hemsjuk\u00ad", ["⟦hemsjuk⟧", "⟦hemsjuk¬⟧"]),
    ],
)  # fmt: skip
def test_boundaries_are_marked_in_what_stands_around(before: str, after: str, said: list[str]) -> None:
    found = told(before, after)
    assert found[0] != found[1]
    for one, wanted in zip(found, said, strict=True):
        assert wanted.strip("…").strip() in one, found


def test_the_whole_difference_is_shown_however_far_a_boundary_moved() -> None:
    long = "Region A\u030adalen 😀, med hemsjuk\u00advård"
    short, whole = told("A\u030adalen", long)
    assert short.startswith("…") and "⟦A\u030adalen⟧ 😀, med hemsjuk\u00advård, tolv" in short
    assert f"⟦{long}⟧" in whole
    first, _ = told("I dag", "I dag sparar")
    assert first.startswith("⟦I dag⟧ sparar") and first.endswith("…")


class Pair:
    """Two copies of a project."""

    def __init__(self, laptops: Callable[..., Any]) -> None:
        self.here, self.there = laptops(), laptops()
        start = self.here.file()
        for one in (self.here, self.there):
            bases.remember(one.workspace, start, "exported")
        self.document = self.here.ids[0]
        found = [one for one in self.here.workspace.reads.annotations(self.document) if one.kind == "entity"]
        self.entity = min(found, key=lambda one: one.spans)

    def relabel(self, label: str) -> c.Command:
        return c.Relabel(document=self.document, key=self.entity.id, label=label)

    def move(self, by: int) -> c.Command:
        start, end = self.entity.spans[0]
        return c.MoveBoundaries(document=self.document, key=self.entity.id, spans=(Span(start, end + by),))


@pytest.fixture
def pair(laptops: Callable[..., Any]) -> Pair:
    set_language("en")
    return Pair(laptops)


def test_a_moved_boundary_can_be_read_in_the_plan(pair: Pair) -> None:
    assert pair.there.run(pair.move(-1))
    remarks = plan_merge(pair.here.workspace, pair.there.file()).remarks
    (remark,) = [one for one in remarks if one.list == "entities"]
    assert remark.what.startswith("boundaries: ") and remark.what.count("⟦") == 2
    whole, cut = (one.partition("⟦")[2].partition("⟧") for one in remark.what.split(" → "))
    assert whole[0] == " ".join(pair.entity.exact[0].split()) and cut[0] == whole[0][:-1]
    assert cut[2].startswith(whole[0][-1])


@pytest.mark.parametrize("what", ["label", "place"])
def test_a_conflict_is_listed_once_with_what_each_side_says(pair: Pair, what: str) -> None:
    here, there = (pair.relabel("PLACE"), pair.relabel("EVENT")) if what == "label" else (pair.move(-1), pair.move(-2))
    assert pair.here.run(here) and pair.there.run(there)
    plan = plan_merge(pair.here.workspace, pair.there.file())
    (remark,) = [one for one in plan.remarks if one.list == "entities"]
    assert remark.change == "conflict" and remark.quote
    if what == "label":
        assert remark.what == "conflict: label: here Place, in the file Event"
    else:
        words = pair.entity.exact[0]
        assert f"⟦{words[:-1]}⟧" in remark.what.partition(", in the file ")[0]
        assert f"⟦{words[:-2]}⟧" in remark.what.partition(", in the file ")[2]


def test_a_conflict_knows_which_reading_was_here_and_which_file_brought_the_other(pair: Pair) -> None:
    assert pair.here.run(pair.relabel("PLACE")) and pair.there.run(pair.relabel("EVENT"))
    mailed = pair.there.file()
    merge_into(pair.here.workspace, mailed)
    (line,) = conflict_lines(pair.here.workspace)
    view = conflict_view(pair.here.workspace, line.id)
    assert view is not None
    assert {one.label: one.side for one in view.readings} == {"PLACE": "was here", "EVENT": f"from {mailed.name}"}
    pair.here.workspace.undo()
    pair.here.workspace.redo()
    again = conflict_view(pair.here.workspace, line.id)
    assert again is not None and again.readings == view.readings
    merge_into(pair.there.workspace, pair.here.file())  # there the file brought it: nothing is known of the sides
    other = conflict_view(pair.there.workspace, line.id)
    assert other is not None and not any(one.side for one in other.readings)


def test_a_decision_in_conflict_is_told_in_words(pair: Pair) -> None:
    workspace = pair.here.workspace
    marks = workspace.marks.marks(pair.document)
    judged = next(one for one in marks if one.state == "accepted" and one.kind == "entity")
    assert pair.here.run(c.Relabel(document=pair.document, key=judged.key, label="EVENT"))
    assert pair.there.run(c.Delete(document=pair.document, keys=(judged.key,)))
    plan = plan_merge(workspace, pair.there.file())
    told = [one.what for one in plan.remarks if one.list == "decisions"]
    assert "conflict: decision: here corrected, in the file rejected" in told
    assert not [one for one in told if "verdict:" in one or re.search(r"[0-9a-f]{8}-", one)]
