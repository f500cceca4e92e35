"""Choices and orders of a merge, on plain values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.merge.conflicts import Ledger, Question, Reading, conflict_id
from models.merge.doubles import aliases_of, renamed
from models.merge.effort import merged_effort
from models.merge.values import ABSENT, earlier, either, later, merged_order, merged_set, same

VALUES = st.sampled_from([None, ABSENT, True, 1, 0, False, "a", "b", [1], {"a": 1}])
ORDERS = st.lists(st.sampled_from("abcdefgh"), unique=True)
QUESTION = Question("entities", "x", "label")


@given(VALUES, VALUES, VALUES, st.booleans())
def test_a_choice_is_the_same_from_either_side(base: Any, ours: Any, theirs: Any, with_base: bool) -> None:
    one = either(base, ours, theirs, with_base=with_base)
    other = either(base, theirs, ours, with_base=with_base)
    assert one[1] == other[1]
    assert same(one[0], other[0])


@given(VALUES, VALUES)
def test_what_one_side_changed_is_taken(base: Any, changed: Any) -> None:
    found, certain = either(base, changed, base, with_base=True)
    assert certain
    assert same(found, changed)


def test_true_is_not_one() -> None:
    assert not same(True, 1)
    assert either(1, True, 1, with_base=True) == (True, True)


@given(ORDERS, ORDERS, ORDERS)
def test_an_order_is_the_same_from_either_side_and_keeps_everything(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    keep = {*ours, *theirs}
    found = merged_order(base, ours, theirs, keep)
    assert found == merged_order(base, theirs, ours, keep)
    assert sorted(found) == sorted(keep)
    assert merged_order(base, ours, base, ours) == ours or {*ours} != {*base}


@given(ORDERS, ORDERS, ORDERS)
def test_a_merged_order_stays(base: list[str], ours: list[str], theirs: list[str]) -> None:
    keep = {*ours, *theirs}
    found = merged_order(base, ours, theirs, keep)
    assert merged_order(base, found, found, keep) == found


@given(*[st.lists(st.sampled_from("abcd"), unique=True)] * 3)
def test_a_set_takes_what_was_added_and_drops_what_was_taken_out(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    was, we, they = {*base}, {*ours}, {*theirs}
    found = merged_set(base, ours, theirs)
    assert {*found} == (we & they) | (we - was) | (they - was)
    assert len(found) == len({*found})


def test_times_are_compared_as_times() -> None:
    early, late = "2026-03-01T10:00:00.000+02:00", "2026-03-01T09:00:00Z"
    assert later(early, None, late) == late
    assert earlier(early, ABSENT, late) == early
    assert later(None) is None
    assert later("2026-99-99T00:00:00Z", late) == late


def test_ids_that_stand_for_others_are_followed_to_the_last() -> None:
    told = [
        {"id": "b", "also": ["c"]},
        {"id": "a", "also": ["b"]},
        {"id": "x", "also": ["y"]},
        {"id": "y", "also": ["x"]},
    ]
    assert aliases_of(told) == {"b": "a", "c": "a", "y": "x"}
    assert aliases_of(reversed(told)) == aliases_of(told)
    assert aliases_of([{"id": "b", "also": ["c"]}, {"id": "a", "also": ["c"]}]) == {"b": "a", "c": "a"}


def test_renaming_leaves_texts_and_also_alone() -> None:
    record = {"id": "b", "head": "c", "also": ["c"], "text": "c", "deep": [{"end": "c"}]}
    assert renamed(record, {"c": "a"}) == {"id": "b", "head": "a", "also": ["c"], "text": "c", "deep": [{"end": "a"}]}


def test_effort_is_the_greater_of_each_number() -> None:
    one = {"annotator": "a", "label": "x", "action": "accepted", "count": 3, "keys": 5, "ms": 900}
    other = {**one, "count": 4, "keys": 2}
    third = {**one, "action": "rejected"}
    assert merged_effort([one], [other, third]) == [{**one, "count": 4}, third]
    assert merged_effort([other, third], [one]) == merged_effort([one], [other, third])


def opened(*values: Any) -> dict[str, Any]:
    """Return an open conflict between values."""
    ledger = Ledger([], [], [])
    ledger.add("field", QUESTION, "base", (Reading(values[0], "p", None), Reading(values[1], "q", None)))
    (found,) = ledger.all()
    return found


def test_a_conflict_is_the_same_from_either_side() -> None:
    ledger = Ledger([], [], [])
    ledger.add("field", QUESTION, "base", (Reading("b", "q"), Reading("a", "p")))
    assert ledger.all() == [opened("a", "b")]
    assert opened("a", "b")["id"] == conflict_id(QUESTION, ["b", "a"])


def test_open_conflicts_about_one_question_are_joined() -> None:
    ledger = Ledger([], [opened("a", "b")], [opened("b", "c")])
    (found,) = ledger.all()
    assert [one["value"] for one in found["readings"]] == ["a", "b", "c"]
    assert found["id"] == conflict_id(QUESTION, ["a", "b", "c"])


@pytest.mark.parametrize("when", ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"])
def test_the_later_resolution_stands(when: str) -> None:
    first = {**opened("a", "b"), "resolution": {"choice": 0, "by": "p", "at": "2026-06-01T00:00:00Z"}}
    second = {**opened("a", "b"), "resolution": {"choice": 1, "by": "q", "at": when}}
    for ledger in (Ledger([], [first], [second]), Ledger([], [second], [first])):
        assert [one["resolution"]["choice"] for one in ledger.all()] == [0 if when < "2026-06" else 1]
    assert Ledger([], [first], [opened("a", "b")]).chosen(QUESTION, "a", "b") == "ours"
    assert Ledger([], [first], []).chosen(QUESTION, "a", "c") is None


def test_a_settled_question_is_not_opened_by_what_was_in_view() -> None:
    settled = {**opened("a", "b"), "resolution": {"choice": 0, "by": "p", "at": "2026-06-01T00:00:00Z"}}
    assert Ledger([], [settled], [opened("a", "b")]).all() == [settled]
    both = Ledger([], [settled], [opened("b", "c")]).all()
    assert [one["resolution"] is None for one in sorted(both, key=lambda one: len(str(one["resolution"])))] == [
        True,
        False,
    ]


def test_a_conflict_that_one_side_took_away_is_gone() -> None:
    known = opened("a", "b")
    assert Ledger([known], [known], []).all() == []
    assert Ledger([], [known], []).all() == [known]
