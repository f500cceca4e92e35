"""Accepting, correcting and rejecting suggestions, and taking it back."""

from __future__ import annotations

from typing import Any

import pytest

from app import commands as c
from models.ids import accepted_id
from models.spans import CONTEXT, Span
from models.suggestions import Proposal


def test_accepting_makes_the_derived_annotation_with_anchor_and_origin(desk: Any) -> None:
    mark = desk.mark("PERSON")
    outcome = desk.run(c.Accept(document=desk.a, key=mark.key))
    text, (start, end) = desk.text(desk.a), mark.spans[0]
    made = desk.annotations()[accepted_id(mark.key, desk.me)]
    assert (made.kind, made.label, made.spans, made.state) == ("entity", "PERSON", mark.spans, "accepted")
    assert made.exact == ("Anna Berg",)
    assert (made.prefix, made.suffix) == (text[start - CONTEXT : start], text[end : end + CONTEXT])
    assert made.origin == {"by": "pipeline", "source": "fejk 1 · ord", "score": 0.9, "suggestion": mark.key}
    assert (made.annotator, made.revision, made.created) == (desk.me, 1, made.modified)
    assert desk.decisions() == {mark.key: ("accepted", "here")}
    assert outcome.touched.marks == {desk.a: {mark.key, made.id}} and not outcome.touched.everything
    assert outcome.focus == (desk.a, mark.key)
    shown = desk.now(mark)
    assert (shown.state, shown.annotation, shown.score, shown.annotator) == (
        "accepted",
        made.id,
        0.9,
        desk.me,
    )


def test_accepting_twice_does_nothing(desk: Any) -> None:
    mark = desk.mark("PERSON")
    desk.run(c.Accept(document=desk.a, key=mark.key))
    desk.does_nothing(c.Accept(document=desk.a, key=mark.key))


@pytest.mark.parametrize(
    "changes",
    [{"label": "EVENT"}, {"spans": (Span(0, 6),)}, {"spans": (Span(0, 6), Span(7, 14)), "label": "PLACE"}],
)
def test_accepting_with_changes_is_a_correction(desk: Any, changes: dict[str, Any]) -> None:
    mark = desk.mark("ORGANISATION")
    desk.run(c.Accept(document=desk.a, key=mark.key, **changes))
    shown = desk.now(mark)
    assert (shown.state, shown.label) == ("corrected", changes.get("label", "ORGANISATION"))
    assert shown.spans == changes.get("spans", mark.spans)
    assert shown.annotation != accepted_id(mark.key, desk.me)
    assert desk.decisions() == {mark.key: ("corrected", "here")}
    (decision,) = desk.workspace.reads.decisions(desk.a)
    assert decision.suggestion["label"] == "ORGANISATION"
    assert decision.suggestion["spans"] == [[0, 14]]


def test_facets_given_with_acceptance_are_checked_and_correct(desk: Any) -> None:
    claim = desk.mark("CLAIM")
    desk.refuses("facet.bad-value", c.Accept(document=desk.a, key=claim.key, facets={"kind": "nonsens"}))
    desk.refuses("facet.unknown", c.Accept(document=desk.a, key=claim.key, facets={"färg": "blå"}))
    desk.run(c.Accept(document=desk.a, key=claim.key, facets={"kind": None, "negated": True}))
    assert desk.now(claim).facets == {"negated": True}
    assert desk.now(claim).state == "corrected"


def test_accepting_a_relation_accepts_its_ends(desk: Any) -> None:
    relation = desk.mark("WORKS_FOR")
    outcome = desk.run(c.Accept(document=desk.a, key=relation.key))
    made = desk.annotations()[accepted_id(relation.key, desk.me)]
    ends = accepted_id(relation.head, desk.me), accepted_id(relation.tail, desk.me)
    assert (made.head, made.tail) == ends
    assert set(desk.decisions()) == {relation.key, relation.head, relation.tail}
    desk.workspace.undo()
    assert desk.annotations() == {}
    assert outcome.touched.marks[desk.a] >= {relation.key, relation.head, relation.tail}


def test_a_relation_does_not_stand_on_a_rejected_end(desk: Any) -> None:
    relation = desk.mark("WORKS_FOR")
    desk.run(c.Reject(document=desk.a, key=relation.head))
    desk.refuses("relation.end-rejected", c.Accept(document=desk.a, key=relation.key))


def test_a_relation_does_not_stand_on_ends_of_other_labels(desk: Any) -> None:
    relation = desk.mark("WORKS_FOR")
    desk.run(c.Relabel(document=desk.a, key=relation.tail, label="MONEY"))
    desk.refuses("relation.not-allowed", c.Accept(document=desk.a, key=relation.key))


def test_accepting_all_takes_relations_last_and_leaves_what_cannot_stand(desk: Any) -> None:
    works = desk.mark("WORKS_FOR")
    desk.run(c.Relabel(document=desk.a, key=works.tail, label="MONEY"))
    rejected = desk.mark("PLACE")
    desk.run(c.Reject(document=desk.a, key=rejected.key))
    keys = tuple(mark.key for mark in desk.marks())
    outcome = desk.run(c.AcceptAll(document=desk.a, keys=keys[::-1]))
    states = {mark.key: mark.state for mark in desk.marks()}
    assert states.pop(works.key) == "suggested"
    assert states.pop(rejected.key) == "rejected"
    assert states.pop(works.tail) == "corrected"
    assert set(states.values()) == {"accepted"} and outcome.count == len(states)
    assert len(desk.workspace.reads.history()) == 3
    desk.does_nothing(c.AcceptAll(document=desk.a, keys=keys))


def test_more_marks_than_a_statement_has_places(desk: Any) -> None:
    keys = tuple(mark.key for mark in desk.marks()) + tuple(f"okänd-{n}" for n in range(300_000))
    assert desk.run(c.AcceptAll(document=desk.a, keys=keys)).count == len(desk.marks())


def test_rejecting_here_rejects_one(desk: Any) -> None:
    mark = desk.mark("ORGANISATION")
    desk.run(c.Reject(document=desk.a, key=mark.key))
    assert [one.state for one in desk.marks() if one.label == "ORGANISATION"] == ["rejected", "suggested"]
    assert desk.decisions() == {mark.key: ("rejected", "here")}
    desk.does_nothing(c.Reject(document=desk.a, key=mark.key))


@pytest.mark.parametrize("scope", ["document", "corpus"])
def test_a_wider_rejection_takes_its_fellows_and_those_to_come(desk: Any, scope: Any) -> None:
    mark = desk.mark("ORGANISATION")
    outcome = desk.run(c.Reject(document=desk.a, key=mark.key, scope=scope))
    elsewhere = scope == "corpus"
    assert outcome.count == (4 if elsewhere else 2) and outcome.touched.everything
    assert {m.state for m in desk.marks() if m.label == "ORGANISATION"} == {"rejected"}
    there = {m.state for m in desk.marks(desk.b) if m.label == "ORGANISATION"}
    assert there == ({"rejected"} if elsewhere else {"suggested"})
    words = desk.place("Region\u00a0Halland")
    desk.suggest("2", Proposal("entity", "ORGANISATION", words))
    assert [m for m in desk.marks() if m.label == "ORGANISATION" and m.state == "suggested"] == []
    desk.workspace.undo()
    assert len([m for m in desk.marks() if m.label == "ORGANISATION" and m.state == "suggested"]) == 3


def test_a_rejection_stays_when_the_pipeline_is_renewed(desk: Any) -> None:
    for label in ("PERSON", "CLAIM", "ATTRIBUTED_TO"):
        desk.run(c.Reject(document=desk.a, key=desk.mark(label).key))
    desk.suggest("2")
    assert {mark.label for mark in desk.marks()} == {"ORGANISATION", "PLACE"}


def test_relations_of_a_renewed_pipeline_end_on_what_stands(desk: Any) -> None:
    person, works = desk.mark("PERSON"), desk.mark("WORKS_FOR")
    desk.run(c.Accept(document=desk.a, key=person.key))
    desk.run(c.Reject(document=desk.a, key=works.key))
    desk.suggest("2")
    relations = [mark for mark in desk.marks() if mark.kind == "relation"]
    assert [(one.label, one.tail) for one in relations if one.label == "ATTRIBUTED_TO"] == [
        ("ATTRIBUTED_TO", person.key)
    ]
    desk.run(c.Accept(document=desk.a, key=desk.mark("ATTRIBUTED_TO").key))
    assert len([one for one in desk.annotations().values() if one.label == "PERSON"]) == 1


def test_rejecting_what_was_corrected_rejects_what_was_suggested(desk: Any) -> None:
    mark = desk.mark("ORGANISATION")
    desk.run(c.Accept(document=desk.a, key=mark.key, label="EVENT", spans=(Span(0, 6),)))
    desk.run(c.Reject(document=desk.a, key=mark.key, scope="corpus"))
    assert desk.now(mark)._replace(state="suggested", annotator=None) == mark
    assert desk.annotations() == {}
    (decision,) = [one for one in desk.workspace.reads.decisions(desk.a) if one.suggestion_id == mark.key]
    assert (decision.suggestion["label"], decision.suggestion["spans"]) == ("ORGANISATION", [[0, 14]])
    assert (decision.verdict, decision.scope, decision.result) == ("rejected", "corpus", None)
    assert {one.state for one in desk.marks(desk.b) if one.label == "ORGANISATION"} == {"rejected"}


def test_a_rejected_suggestion_can_be_accepted_after_all(desk: Any) -> None:
    mark = desk.mark("PERSON")
    desk.run(c.Reject(document=desk.a, key=mark.key))
    desk.run(c.Accept(document=desk.a, key=mark.key))
    assert desk.now(mark).state == "accepted"
    assert desk.decisions() == {mark.key: ("accepted", "here")}


def test_what_needs_one_passage_says_so(desk: Any) -> None:
    relation = desk.mark("WORKS_FOR")
    desk.refuses("identical.needs-one-span", c.Reject(document=desk.a, key=relation.key, scope="corpus"))
    manual = desk.create("direktör", "ROLE")
    desk.refuses("mark.not-a-suggestion", c.Reject(document=desk.a, key=manual))


def test_reopening_makes_everything_as_before(desk: Any) -> None:
    before = desk.marks()
    mark = desk.mark("PERSON")
    for act in (c.Accept(document=desk.a, key=mark.key), c.Reject(document=desk.a, key=mark.key)):
        desk.run(act)
        assert desk.marks() != before
        desk.run(c.Reopen(document=desk.a, key=mark.key))
        assert desk.marks() == before and desk.decisions() == {}
    desk.refuses("mark.nothing-to-reopen", c.Reopen(document=desk.a, key=mark.key))


def test_revisions_go_on_where_an_id_comes_back(desk: Any) -> None:
    mark = desk.mark("PERSON")
    identity = accepted_id(mark.key, desk.me)
    for revision in (1, 3):
        desk.run(c.Accept(document=desk.a, key=mark.key))
        assert desk.annotations()[identity].revision == revision
        assert desk.tombstones() == {}
        desk.run(c.Reopen(document=desk.a, key=mark.key))
        assert desk.tombstones() == {identity: revision + 1}


def test_deleting_a_suggestion_or_what_came_of_it_rejects_it(desk: Any) -> None:
    person, place = desk.mark("PERSON"), desk.mark("PLACE")
    desk.run(c.Accept(document=desk.a, key=person.key))
    desk.run(c.Delete(document=desk.a, keys=(person.key, place.key)))
    assert (desk.now(person).state, desk.now(place).state) == ("rejected", "rejected")
    assert set(desk.tombstones()) == {accepted_id(person.key, desk.me)}


def test_deleting_takes_relations_along_even_if_named_themselves(desk: Any) -> None:
    works = desk.mark("WORKS_FOR")
    attributed = desk.mark("ATTRIBUTED_TO")
    desk.run(c.Accept(document=desk.a, key=works.key))
    desk.run(c.Accept(document=desk.a, key=attributed.key))
    manual = desk.run(
        c.CreateRelation(document=desk.a, label="ABOUT", head=attributed.head, tail=works.head)
    ).focus.mark
    desk.run(c.Delete(document=desk.a, keys=(works.head, works.key, manual)))
    assert desk.now(works).state == "rejected"
    assert desk.now(attributed).state == "suggested"
    assert {one.label for one in desk.annotations().values()} == {"CLAIM", "ORGANISATION"}
    assert manual in desk.tombstones()


def test_what_is_gone_is_named(desk: Any) -> None:
    for command in (
        c.Accept(document=desk.a, key="borta"), c.Reject(document=desk.a, key="borta"),
        c.Reopen(document=desk.a, key="borta"), c.Delete(document=desk.a, keys=("borta",)),
        c.Relabel(document=desk.a, key="borta", label="PERSON"),
        c.SetNote(document=desk.a, key="borta", text="x"),
    ):  # fmt: skip
        desk.refuses("mark.unknown", command)
    desk.refuses("document.unknown", c.Accept(document="inget", key="borta"))


def test_other_annotators_marks_are_never_changed(desk: Any) -> None:
    relation, claim = desk.mark("WORKS_FOR"), desk.mark("CLAIM")
    for mark in (relation, claim):
        desk.run(c.Accept(document=desk.a, key=mark.key))
    theirs = desk.annotations()
    desk.become("Bo")
    by_label = {one.label: one.id for one in theirs.values()}
    person, claim_id = by_label["PERSON"], by_label["CLAIM"]
    for command in (
        c.Accept(document=desk.a, key=person), c.Reject(document=desk.a, key=person),
        c.Delete(document=desk.a, keys=(person,)), c.Relabel(document=desk.a, key=person, label="EVENT"),
        c.MoveBoundaries(document=desk.a, key=person, spans=(Span(0, 3),)),
        c.SetNote(document=desk.a, key=person, text="nej"),
        c.SetSpeaker(document=desk.a, key=claim_id, speaker=None),
        c.SetFacets(document=desk.a, key=claim_id, facets={"kind": "goal"}),
        c.Reanchor(document=desk.a, annotation=person, spans=(Span(0, 3),)),
        c.CreateRelation(document=desk.a, label="WORKS_FOR", head=person, tail=by_label["ORGANISATION"]),
    ):  # fmt: skip
        desk.refuses("mark.not-yours", command)
    # The suggestion is open to the second annotator, whose judgement is another.
    mine = desk.mark("PERSON")
    assert {one.annotator for one in desk.marks() if one.label == "PERSON"} == {None, desk.me}
    desk.run(c.Accept(document=desk.a, key=mine.suggestion or relation.head))
    assert accepted_id(relation.head, "Bo") in desk.annotations()
    assert {one: desk.annotations()[one] for one in theirs} == theirs


def test_a_mark_that_anothers_relation_ends_on_is_not_deleted(desk: Any) -> None:
    person, organisation = desk.create("direktör", "PERSON"), desk.create("e-hälsa", "ORGANISATION")
    desk.run(c.CreateRelation(document=desk.a, label="WORKS_FOR", head=person, tail=organisation))
    raw = desk.workspace.file.connection
    raw.execute("UPDATE annotations SET annotator_id = 'Bo' WHERE kind = 'relation'")
    desk.refuses("annotation.held", c.Delete(document=desk.a, keys=(person,)))
    raw.execute("UPDATE annotations SET annotator_id = ? WHERE kind = 'relation'", (desk.me,))
    desk.run(c.Delete(document=desk.a, keys=(person,)))
