"""Alignment of several annotators' passages and relations: the best, whoever comes first."""

from __future__ import annotations

from itertools import permutations
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from models.alignment import Group, align, align_links, best_pairing, overlap, places
from models.spans import Span, Spans


class Place(NamedTuple):
    id: str
    kind: str
    label: str
    spans: Spans


class Tie(NamedTuple):
    id: str
    label: str
    head: str
    tail: str


def entity(name: str, start: int, end: int, label: str = "PERSON", kind: str = "entity") -> Place:
    return Place(name, kind, label, (Span(start, end),))


def ids(groups: list[Group[Place]]) -> list[tuple[str | None, ...]]:
    return [tuple(one.id if one else None for one in group.members) for group in groups]


def test_equal_overlapping_and_alone() -> None:
    anna = [entity("a1", 0, 5), entity("a2", 10, 20, "PLACE"), entity("a3", 40, 50)]
    bo = [entity("b1", 0, 5), entity("b2", 12, 20, "ROLE"), entity("b3", 60, 70)]
    assert ids(align([anna, bo])) == [("a1", "b1"), ("a2", "b2"), ("a3", None), (None, "b3")]


def test_the_same_label_counts_as_half_a_passage() -> None:
    anna = [entity("a", 0, 14, "ORGANISATION")]
    bo = [entity("b1", 0, 14, "PLACE"), entity("b2", 0, 13, "ORGANISATION")]
    assert ids(align([anna, bo])) == [("a", "b2"), (None, "b1")]


def test_nested_passages_find_their_likes() -> None:
    anna = [entity("a1", 0, 30), entity("a2", 10, 20), entity("a3", 12, 16)]
    bo = [entity("b1", 0, 29), entity("b2", 11, 20), entity("b3", 12, 15)]
    assert ids(align([anna, bo])) == [("a1", "b1"), ("a2", "b2"), ("a3", "b3")]


def test_fragments_count_by_what_they_cover() -> None:
    whole = Place("a", "entity", "PLACE", (Span(0, 4), Span(20, 24)))
    gap = Place("b", "entity", "PLACE", (Span(6, 18),))
    same = Place("c", "entity", "PLACE", (Span(0, 4), Span(20, 23)))
    assert ids(align([[whole], [gap]])) == [("a", None), (None, "b")]
    assert ids(align([[whole], [same, gap]])) == [("a", "c"), (None, "b")]


def test_entities_and_claims_stay_apart() -> None:
    assert len(align([[entity("a", 0, 5)], [entity("b", 0, 5, kind="claim")]])) == 2


def test_the_same_label_twice_at_one_place_is_told_apart_by_its_relations() -> None:
    anna = [entity("a1", 0, 5), entity("a2", 0, 5), entity("a3", 10, 15), entity("a4", 20, 25)]
    bo = [entity("b1", 0, 5), entity("b2", 0, 5), entity("b3", 10, 15), entity("b4", 20, 25)]
    ties = [
        [Tie("r1", "WORKS_FOR", "a1", "a3"), Tie("r2", "WORKS_FOR", "a2", "a4")],
        [Tie("s1", "WORKS_FOR", "b2", "b3"), Tie("s2", "WORKS_FOR", "b1", "b4")],
    ]
    groups = align([anna, bo], ties)
    assert set(ids(groups)) == {("a1", "b2"), ("a2", "b1"), ("a3", "b3"), ("a4", "b4")}
    aligned = align_links(ties, places(groups))
    assert {tuple(one.id if one else None for one in g.members) for g in aligned} == {("r1", "s1"), ("r2", "s2")}


def test_a_third_one_joins_the_two_that_agree() -> None:
    three = [[entity("a", 0, 10)], [entity("b", 0, 10)], [entity("c", 2, 10, "PLACE")]]
    assert ids(align(three)) == [("a", "b", "c")]


def test_relations_with_other_labels_and_directions_share_their_ends() -> None:
    place = {"a1": "1", "b1": "1", "a2": "2", "b2": "2"}
    anna = [Tie("r1", "PART_OF", "a1", "a2"), Tie("r2", "SAME_AS", "a1", "a2")]
    bo = [Tie("s1", "SAME_AS", "b2", "b1"), Tie("s2", "LOCATED_IN", "b1", "b2"), Tie("s3", "FUNDS", "b1", "x")]
    found = {tuple(one.id if one else None for one in g.members) for g in align_links([anna, bo], place, {"SAME_AS"})}
    assert found == {("r2", "s1"), ("r1", "s2"), (None, "s3")}


@st.composite
def readings(draw: st.DrawFn, annotators: int, most: int = 5) -> list[list[Place]]:
    found = []
    for annotator in range(annotators):
        mine = []
        for number in range(draw(st.integers(0, most))):
            start, length = draw(st.integers(0, 16)), draw(st.integers(1, 6))
            spans = [Span(start, start + length)]
            if draw(st.integers(0, 4)) == 0:
                after = start + length + draw(st.integers(1, 3))
                spans.append(Span(after, after + draw(st.integers(1, 4))))
            mine.append(Place(f"{number}{'abc'[annotator]}", "entity", draw(st.sampled_from("XY")), tuple(spans)))
        found.append(mine)
    return found


def worth(one: Place, other: Place) -> float:
    a = {at for start, end in one.spans for at in range(start, end)}
    b = {at for start, end in other.spans for at in range(start, end)}
    if (one.spans, one.label) == (other.spans, other.label):
        return 11.0
    return (len(a & b) / len(a | b) + (one.label == other.label) / 2) if a & b else 0.0


@given(readings(2))
def test_between_two_no_pairing_is_better(two: list[list[Place]]) -> None:
    short, long = sorted(two, key=len)
    best = max(
        sum(worth(a, b) for a, b in zip(short, chosen, strict=True)) for chosen in permutations(long, len(short))
    )
    got = sum(worth(*group.present) for group in align(two) if len(group.present) == 2)
    assert abs(got - best) < 1e-4


@given(readings(3), st.permutations([0, 1, 2]))
def test_everybody_once_and_the_order_does_not_matter(three: list[list[Place]], order: list[int]) -> None:
    groups = align(three)
    for number, reading in enumerate(three):
        members = [group.members[number] for group in groups]
        assert sorted(one.id for one in members if one) == sorted(one.id for one in reading)
    for group in groups:
        assert len(group.present) == 1 or any(
            overlap(a.spans, b.spans) for a in group.present for b in group.present if a is not b
        )
    turned = align([three[number] for number in order])
    assert ids(turned) == [tuple(group[number] for number in order) for group in ids(groups)]


@given(
    st.integers(1, 3).flatmap(
        lambda width: st.lists(st.lists(st.integers(-2, 9), min_size=width, max_size=width), min_size=1, max_size=3)
    )
)
def test_the_best_pairing_is_the_best(weights: list[list[int]]) -> None:
    rows, columns = len(weights), len(weights[0])
    chosen = best_pairing(weights)
    assert len(set(chosen.values())) == len(chosen)
    padded = [[max(0, one) for one in row] + [0] * rows for row in weights]
    best = max(
        sum(padded[row][column] for row, column in enumerate(order))
        for order in permutations(range(columns + rows), rows)
    )
    assert sum(weights[row][column] for row, column in chosen.items()) == best
