"""Cases, rulings and rules over random readings."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from models.adjudication import (
    Case,
    Plan,
    Rule,
    Rulings,
    differs_from,
    document_cases,
    joined_notes,
    plan,
    shuffled,
    taking,
)
from models.annotations import Annotation
from models.spans import Span

PEOPLE = ("anna", "bo", "cilla")
LABELS = ("PERSON", "ORGANISATION")


def annotation(identity: str, annotator: str, **more: Any) -> Annotation:
    blank = Annotation(
        identity, "entity", "d", "PERSON", (Span(0, 1),), (), "", "", None, None, {}, annotator, "manual", None,
        {"by": "human"}, None, None, "", "", 1, False,
    )  # fmt: skip
    return blank._replace(**more)


@st.composite
def readings(draw: st.DrawFn) -> list[list[Annotation]]:
    """Return what two or three people say: entities, claims, twins and relations, many alike."""
    count = draw(st.integers(2, 3))
    shared = draw(st.lists(passages(), min_size=1, max_size=6))
    found = []
    for who in PEOPLE[:count]:
        own = [one for one in shared if draw(st.integers(0, 3))] + draw(st.lists(passages(), max_size=2))
        mine = [annotation(f"{who}{n}", who, **one) for n, one in enumerate(own)]
        ends = st.integers(0, max(0, len(mine) - 1))
        for number in range(draw(st.integers(0, 3)) if len(mine) > 1 else 0):
            head, tail = mine[draw(ends)].id, mine[draw(ends)].id
            label = draw(st.sampled_from(("PART_OF", "SAME_AS")))
            link = {"kind": "relation", "label": label, "spans": (), "head": head, "tail": tail}
            mine.append(annotation(f"{who}r{number}", who, **link))
        found.append(mine)
    return found


@st.composite
def passages(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(st.integers(0, 12))
    kind = draw(st.sampled_from(("entity", "claim")))
    facets = draw(st.sampled_from(({}, {"kind": "fact"}, {"kind": "goal", "mode": "author"})))
    return {
        "kind": kind,
        "label": "CLAIM" if kind == "claim" else draw(st.sampled_from(LABELS)),
        "spans": (Span(start, start + draw(st.integers(1, 4))),),
        "facets": facets if kind == "claim" else {},
    }


def cases_of(found: list[list[Annotation]]) -> tuple[Case, ...]:
    return document_cases(found, {"SAME_AS"})


def planned(found: list[list[Annotation]], rule: Rule) -> Plan:
    return plan(cases_of(found), Rulings((), ()), rule, lambda *_: True)


def said(one: Annotation) -> tuple[Any, ...]:
    return (one.kind, one.label, one.spans, tuple(sorted(one.facets.items())))


@given(readings())
def test_every_reading_is_in_one_case_with_at_most_one_of_each_annotator(found: list[list[Annotation]]) -> None:
    cases = cases_of(found)
    assert sorted(i for case in cases for i in case.ids) == sorted(one.id for mine in found for one in mine)
    for case in cases:
        assert len(case.readings) == len(found)
        for mine, one in zip(found, case.readings, strict=True):
            assert one is None or one in mine
        assert len({one.kind for one in case.members}) == 1


@given(readings())
def test_what_is_unanimous_is_what_all_have(found: list[list[Annotation]]) -> None:
    """Without twins the intersection is exact; relations follow their ends."""
    passages = [[one for one in mine if one.kind != "relation"] for mine in found]
    taken = Counter(said(one.taken[0]) for one in planned(passages, Rule()).takings)
    common = Counter(said(one) for one in passages[0])
    for mine in passages[1:]:
        common &= Counter(said(one) for one in mine)
    twins = any(n > 1 for mine in passages for n in Counter((one.kind, one.label, one.spans) for one in mine).values())
    assert not taken - common
    if not twins:
        assert taken == common


@given(readings(), st.randoms(use_true_random=False), st.sampled_from(("all", "majority", 1, 2)))
def test_the_order_of_annotators_changes_nothing(found: list[list[Annotation]], chance: Any, least: Any) -> None:
    other = list(found)
    chance.shuffle(other)
    here, there = planned(found, Rule(least)), planned(other, Rule(least))
    assert [(case.key, set(case.ids), case.differences, case.ends, case.turned) for case in cases_of(found)] == [
        (case.key, set(case.ids), case.differences, case.ends, case.turned) for case in cases_of(other)
    ]
    assert [(one.case.key, {m.id for m in one.taken}) for one in here.takings] == [
        (one.case.key, {m.id for m in one.taken}) for one in there.takings
    ]
    assert {case.key for case in here.held} == {case.key for case in there.held}


@given(readings(), st.sampled_from(("all", "majority", 1, 2)))
def test_no_relation_is_taken_without_its_ends(found: list[list[Annotation]], least: Any) -> None:
    whole = planned(found, Rule(least))
    taken = {i for one in whole.takings for i in one.case.ids}
    for one in whole.takings:
        if one.case.kind == "relation":
            assert {one.taken[0].head, one.taken[0].tail} <= taken
    for case in whole.held:
        assert not all({one.head, one.tail} <= taken for one in case.members)


@given(readings())
def test_a_relation_stands_after_its_ends(found: list[list[Annotation]]) -> None:
    order = {case.key: number for number, case in enumerate(cases_of(found))}
    for case in cases_of(found):
        assert all(order[end] < order[case.key] for end in case.ends or ())


@given(readings(), st.data())
def test_rulings_kept_up_to_date_equal_those_read_anew(found: list[list[Annotation]], data: st.DataObject) -> None:
    cases = cases_of(found)
    assume(cases)
    live, kept = Rulings((), ()), {}
    for number in range(5):
        identity = f"result{data.draw(st.integers(0, 2))}"
        ids = data.draw(st.sampled_from(cases)).ids
        result = annotation(identity, "judge", origin={"from": ids[:1], "over": ids[1:]}) if number % 4 else None
        live.put(identity, result)
        kept.pop(identity, None) if result is None else kept.update({identity: result})
        fresh = Rulings(kept.values(), ())
        assert [live.of(case) for case in cases] == [fresh.of(case) for case in cases]
        assert [live.standing_for(i) for case in cases for i in case.ids] == [
            fresh.standing_for(i) for case in cases for i in case.ids
        ]


def test_as_many_for_another_reading_take_nothing() -> None:
    pairs = [[annotation(f"{who}0", who, label=LABELS[number % 2])] for number, who in enumerate((*PEOPLE, "dan"))]
    (case,) = cases_of(pairs)
    assert taking(case, Rule(2)) is None
    assert taking(case, Rule(1)) is None
    assert taking(case, Rule(2, labels=("PERSON",))) is not None


def test_one_reader_alone_is_no_majority() -> None:
    (case,) = cases_of([[annotation("a", "anna")]])
    assert [taking(case, Rule(least)) is None for least in ("all", "majority", 1)] == [True, True, False]


def test_a_relation_drawn_the_other_way_is_a_case_of_its_own_kind() -> None:
    def drawn(who: str, head: int, tail: int, label: str) -> list[Annotation]:
        ends = [annotation(f"{who}{n}", who, spans=(Span(n, n + 1),)) for n in range(2)]
        link = {"kind": "relation", "label": label, "spans": (), "head": ends[head].id, "tail": ends[tail].id}
        return [*ends, annotation(f"{who}r", who, **link)]

    turned = cases_of([drawn("anna", 0, 1, "PART_OF"), drawn("bo", 1, 0, "PART_OF")])[-1]
    assert turned.differences == {"ends"} and len(turned.turned) == 1
    alike = cases_of([drawn("anna", 0, 1, "SAME_AS"), drawn("bo", 1, 0, "SAME_AS")])[-1]
    assert alike.differences == frozenset()
    result = turned.members[0]._replace(id="r", origin={"from": [turned.ids[0]], "over": [turned.ids[1]]})
    ruling = Rulings([result], ()).of(turned)
    assert [sorted(differs_from(one, turned, ruling)) for one in turned.readings] == [[], ["ends"]]


def test_a_relation_whose_ends_became_one_is_refused() -> None:
    first, second = (annotation(f"a{n}", "anna", spans=(Span(5 * n, 5 * n + 3),)) for n in range(2))
    more = {"kind": "relation", "label": "SAME_AS", "spans": (), "head": "a0", "tail": "a1"}
    cases = cases_of([[first, second, annotation("ar", "anna", **more)]])
    one = annotation("result", "judge", origin={"from": ["a0"], "over": ["a1"]})
    planned = plan(cases, Rulings([one], ()), Rule(1), lambda *_: True)
    assert [case.key for case in planned.refused] == ["ar"] and planned.takings == []


def test_equal_notes_are_said_once() -> None:
    members = [annotation(who, who, note="Osäkert 😀") for who in PEOPLE]
    assert joined_notes(members, None) == "Osäkert 😀"
    assert joined_notes(members[:2], {"anna": "Anna Åberg"}) == "Anna Åberg: Osäkert 😀\n?: Osäkert 😀"
    assert joined_notes([annotation("a", "anna")], None) is None


@given(st.lists(st.uuids().map(str), unique=True, min_size=1, max_size=6), st.uuids().map(str))
def test_hidden_names_keep_their_order(annotators: list[str], project: str) -> None:
    order = shuffled(annotators, project)
    assert sorted(order) == sorted(annotators)
    assert shuffled(reversed(annotators), project) == order
    assert shuffled(annotators[1:], project) == tuple(one for one in order if one != annotators[0])
