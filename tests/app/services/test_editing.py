"""Making entities, claims and relations by hand, and changing what marks say."""

from __future__ import annotations

from typing import Any

import pytest

from app import commands as c
from models.ids import accepted_id
from models.spans import Span


def test_what_is_made_by_hand(desk: Any) -> None:
    key = desk.create("e-hälsa", "PROGRAMME")
    made = desk.annotations()[key]
    assert (made.state, made.origin, made.exact) == ("manual", {"by": "human"}, ("e-hälsa",))
    assert (made.suggestion, made.revision, made.annotator) == (None, 1, desk.me)
    assert desk.decisions() == {}
    assert key[14] == "7"


def test_making_what_is_suggested_accepts_it(desk: Any) -> None:
    mark = desk.mark("PERSON")
    assert desk.create("Anna Berg", "PERSON") == mark.key
    assert desk.now(mark).state == "accepted"
    desk.run(c.Reject(document=desk.a, key=mark.key))
    assert desk.create("Anna Berg", "PERSON") == mark.key
    assert desk.now(mark).state == "accepted"
    desk.does_nothing(c.CreateAnnotation(document=desk.a, kind="entity", label="PERSON", spans=desk.place("Anna Berg")))
    other = desk.create("Anna Berg", "EVENT")
    assert desk.annotations()[other].state == "manual"


def test_parts_and_overlaps_are_allowed(desk: Any) -> None:
    spans = (Span(0, 6), Span(30, 35))
    for label in ("PLACE", "EVENT"):
        desk.run(c.CreateAnnotation(document=desk.a, kind="entity", label=label, spans=spans))
    made = list(desk.annotations().values())
    assert [one.spans for one in made] == [spans, spans]
    assert made[0].exact == tuple(desk.text(desk.a)[s:e] for s, e in spans)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("span.outside-text", {"spans": (Span(0, 10_000),)}),
        ("span.outside-text", {"spans": (Span(-1, 2),)}),
        ("span.empty", {"spans": (Span(5, 5),)}), ("span.empty", {"spans": ()}),
        ("span.crossing", {"spans": (Span(5, 9), Span(8, 12))}), ("label.unknown", {"label": "FÄRG"}),
        ("label.wrong-kind", {"label": "CLAIM"}), ("label.wrong-kind", {"label": "WORKS_FOR"}),
        ("facet.unknown", {"facets": {"x": 1}}),
    ],
)  # fmt: skip
def test_what_cannot_be_made_changes_nothing(desk: Any, code: str, changes: dict[str, Any]) -> None:
    whole = {"kind": "entity", "label": "EVENT", "spans": (Span(1, 4),)} | changes
    desk.refuses(code, c.CreateAnnotation(document=desk.a, **whole))


def test_a_claim_with_its_speaker_is_one_step(desk: Any) -> None:
    person = desk.mark("PERSON")
    key = desk.create("satsar på e-hälsa", "CLAIM", facets={"kind": "goal"}, speaker=person.key)
    relation = next(one for one in desk.annotations().values() if one.label == "ATTRIBUTED_TO")
    assert (relation.head, relation.tail) == (key, accepted_id(person.key, desk.me))
    desk.workspace.undo()
    assert desk.annotations() == {}


def test_relabelling(desk: Any) -> None:
    mark = desk.mark("ORGANISATION")
    desk.run(c.Relabel(document=desk.a, key=mark.key, label="PLACE"))
    assert (desk.now(mark).state, desk.now(mark).label) == ("corrected", "PLACE")
    desk.does_nothing(c.Relabel(document=desk.a, key=mark.key, label="PLACE"))
    desk.refuses("label.wrong-kind", c.Relabel(document=desk.a, key=mark.key, label="CLAIM"))
    desk.refuses("label.unknown", c.Relabel(document=desk.a, key=mark.key, label="X"))
    manual = desk.create("direktör", "ROLE")
    desk.run(c.Relabel(document=desk.a, key=manual, label="EVENT"))
    changed = desk.annotations()[manual]
    assert (changed.label, changed.state, changed.revision) == ("EVENT", "manual", 2)
    assert changed.modified >= changed.created


def test_relabelling_drops_relations_that_no_longer_fit(desk: Any) -> None:
    works = desk.mark("WORKS_FOR")
    desk.run(c.Accept(document=desk.a, key=works.key))
    desk.run(c.Accept(document=desk.a, key=desk.mark("ATTRIBUTED_TO").key))
    desk.run(c.Relabel(document=desk.a, key=works.head, label="ORGANISATION"))
    assert {one.label for one in desk.annotations().values() if one.kind == "relation"} == {"ATTRIBUTED_TO"}
    assert desk.now(works).state == "suggested" and works.key not in desk.decisions()
    desk.workspace.undo()
    assert desk.now(works).state == "accepted"


def test_relabelling_a_relation_checks_its_ends(desk: Any) -> None:
    works = desk.mark("WORKS_FOR")
    desk.run(c.Accept(document=desk.a, key=works.key))
    desk.refuses("relation.not-allowed", c.Relabel(document=desk.a, key=works.key, label="HAS_ROLE"))
    desk.run(c.Relabel(document=desk.a, key=works.key, label="RESPONSIBLE_FOR"))
    assert desk.now(works).state == "corrected"


def test_moving_boundaries(desk: Any) -> None:
    mark = desk.mark("PERSON")
    start, end = mark.spans[0]
    desk.run(c.MoveBoundaries(document=desk.a, key=mark.key, spans=(Span(start, start + 4),)))
    made = next(iter(desk.annotations().values()))
    assert (made.exact, made.state, made.suffix[:5]) == (("Anna",), "corrected", " Berg")
    desk.does_nothing(c.MoveBoundaries(document=desk.a, key=mark.key, spans=(Span(start, start + 4),)))
    desk.run(c.MoveBoundaries(document=desk.a, key=mark.key, spans=(Span(start, end),)))
    assert desk.annotations()[made.id].exact == ("Anna Berg",)
    desk.refuses("span.outside-text", c.MoveBoundaries(document=desk.a, key=mark.key, spans=(Span(0, 999),)))
    desk.refuses(
        "relation.no-place",
        c.MoveBoundaries(document=desk.a, key=desk.mark("WORKS_FOR").key, spans=(Span(0, 1),)),
    )


def test_moving_what_was_accepted_corrects_the_decision_too(desk: Any) -> None:
    mark = desk.mark("PERSON")
    desk.run(c.Accept(document=desk.a, key=mark.key))
    desk.run(c.MoveBoundaries(document=desk.a, key=mark.key, spans=(Span(0, 3),)))
    assert desk.decisions() == {mark.key: ("corrected", "here")}
    assert desk.annotations()[accepted_id(mark.key, desk.me)].state == "corrected"


def test_facets_are_merged_checked_and_taken_away(desk: Any) -> None:
    claim = desk.mark("CLAIM")
    desk.run(c.SetFacets(document=desk.a, key=claim.key, facets={"mode": "direct", "topic": "vård"}))
    assert desk.now(claim).facets == {"kind": "fact", "mode": "direct", "topic": "vård"}
    desk.run(c.SetFacets(document=desk.a, key=claim.key, facets={"mode": None, "topic": "", "negated": False}))
    assert desk.now(claim).facets == {"kind": "fact", "negated": False}
    desk.does_nothing(c.SetFacets(document=desk.a, key=claim.key, facets={"kind": "fact"}))
    for value in ("mål", True, 3, ["fact"], {"a": 1}):
        desk.refuses("facet.bad-value", c.SetFacets(document=desk.a, key=claim.key, facets={"kind": value}))
    desk.refuses("facet.bad-value", c.SetFacets(document=desk.a, key=claim.key, facets={"negated": "ja"}))
    desk.refuses("claim.not-a-claim", c.SetFacets(document=desk.a, key=desk.mark("PERSON").key, facets={}))


def test_notes_on_annotations(desk: Any) -> None:
    mark = desk.mark("PERSON")
    desk.does_nothing(c.SetNote(document=desk.a, key=mark.key, text="  "))
    desk.run(c.SetNote(document=desk.a, key=mark.key, text=" kolla 😀 "))
    assert (desk.now(mark).note, desk.now(mark).state) == ("kolla 😀", "accepted")
    desk.does_nothing(c.SetNote(document=desk.a, key=mark.key, text="kolla 😀"))
    desk.run(c.SetNote(document=desk.a, key=mark.key, text=""))
    assert (desk.now(mark).note, desk.now(mark).state) == (None, "accepted")


# Relations --------------------------------------------------------------------------------------------------


def test_relating_two_suggestions_accepts_both(desk: Any) -> None:
    person, organisation = desk.mark("PERSON"), desk.mark("ORGANISATION", 1)
    made = desk.run(c.CreateRelation(document=desk.a, label="WORKS_FOR", head=person.key, tail=organisation.key))
    relation = desk.annotations()[made.focus.mark]
    assert (relation.head, relation.tail) == tuple(accepted_id(one.key, desk.me) for one in (person, organisation))
    assert relation.spans == () and relation.state == "manual"
    desk.does_nothing(c.CreateRelation(document=desk.a, label="WORKS_FOR", head=person.key, tail=organisation.key))


def test_relating_what_is_suggested_accepts_the_suggestion(desk: Any) -> None:
    works = desk.mark("WORKS_FOR")
    desk.run(c.CreateRelation(document=desk.a, label="WORKS_FOR", head=works.head, tail=works.tail))
    assert desk.now(works).state == "accepted"
    assert [one.label for one in desk.annotations().values() if one.kind == "relation"] == ["WORKS_FOR"]


def test_symmetric_relations_stand_once(desk: Any) -> None:
    first, second = desk.mark("ORGANISATION"), desk.mark("ORGANISATION", 1)
    for head, tail in ((first, second), (second, first)):
        desk.run(c.CreateRelation(document=desk.a, label="COLLABORATES_WITH", head=head.key, tail=tail.key))
        desk.run(c.CreateRelation(document=desk.a, label="PART_OF", head=head.key, tail=tail.key))
    labels = sorted(one.label for one in desk.annotations().values() if one.kind == "relation")
    assert labels == ["COLLABORATES_WITH", "PART_OF", "PART_OF"]


def test_any_entity_may_be_what_a_claim_is_about(desk: Any) -> None:
    claim = desk.mark("CLAIM").key
    for entity in (desk.mark("PLACE").key, desk.create("3 miljoner", "MONEY")):
        desk.run(c.CreateRelation(document=desk.a, label="ABOUT", head=claim, tail=entity))
    desk.refuses("relation.not-allowed", c.CreateRelation(document=desk.a, label="ABOUT", head=entity, tail=claim))
    other = desk.create("sparar", "CLAIM")
    desk.refuses("relation.not-allowed", c.CreateRelation(document=desk.a, label="ABOUT", head=claim, tail=other))
    desk.run(c.CreateRelation(document=desk.a, label="SUPPORTS", head=claim, tail=other))


@pytest.mark.parametrize("label", ["WORKS_FOR", "INGEN", "PERSON"])
def test_what_the_label_set_does_not_allow(desk: Any, label: str) -> None:
    organisation, place = desk.mark("ORGANISATION").key, desk.mark("PLACE").key
    desk.refuses("relation.not-allowed", c.CreateRelation(document=desk.a, label=label, head=organisation, tail=place))


def test_nothing_is_related_to_itself(desk: Any) -> None:
    key = desk.mark("ORGANISATION").key
    desk.refuses("relation.to-itself", c.CreateRelation(document=desk.a, label="PART_OF", head=key, tail=key))
    desk.run(c.Accept(document=desk.a, key=key))
    same = desk.now(desk.mark("ORGANISATION")).annotation
    desk.refuses("relation.to-itself", c.CreateRelation(document=desk.a, label="PART_OF", head=key, tail=same))


def test_relations_across_documents(desk: Any) -> None:
    here, there = desk.mark("CLAIM").key, desk.create("växer", "CLAIM", desk.b)
    made = desk.run(c.CreateRelation(document=desk.a, label="CONTRADICTS", head=here, tail=there, tail_document=desk.b))
    relation = desk.annotations()[made.focus.mark]
    assert (relation.document, relation.tail) == (desk.a, there)
    outcome = desk.run(c.Delete(document=desk.b, keys=(there,)))
    assert relation.id not in desk.annotations()
    assert relation.id in outcome.touched.marks[desk.a]
    desk.workspace.undo()
    assert relation.id in desk.annotations()


def test_naming_the_speaker(desk: Any) -> None:
    claim, person = desk.mark("CLAIM"), desk.mark("PERSON")
    suggested, organisation = desk.mark("ATTRIBUTED_TO"), desk.mark("ORGANISATION", 1)
    desk.run(c.SetSpeaker(document=desk.a, key=claim.key, speaker=organisation.key))
    assert desk.now(suggested).state == "rejected"
    (relation,) = [one for one in desk.annotations().values() if one.kind == "relation"]
    assert relation.tail == accepted_id(organisation.key, desk.me)
    desk.run(c.SetSpeaker(document=desk.a, key=claim.key, speaker=person.key))
    (relation,) = [one for one in desk.annotations().values() if one.kind == "relation"]
    assert relation.tail == accepted_id(person.key, desk.me)
    desk.run(c.SetSpeaker(document=desk.a, key=claim.key, speaker=None))
    assert [one for one in desk.annotations().values() if one.kind == "relation"] == []
    desk.refuses("claim.not-a-claim", c.SetSpeaker(document=desk.a, key=person.key, speaker=None))
    place = desk.mark("PLACE").key
    desk.refuses("relation.not-allowed", c.SetSpeaker(document=desk.a, key=claim.key, speaker=place))


def test_naming_the_suggested_speaker_accepts_the_suggestion(desk: Any) -> None:
    suggested = desk.mark("ATTRIBUTED_TO")
    desk.run(c.SetSpeaker(document=desk.a, key=suggested.head, speaker=suggested.tail))
    assert desk.now(suggested).state == "accepted"
    desk.does_nothing(c.SetSpeaker(document=desk.a, key=suggested.head, speaker=suggested.tail))
    desk.run(c.SetSpeaker(document=desk.a, key=suggested.head, speaker=None))
    assert desk.now(suggested).state == "rejected"


def test_what_is_made_by_hand_answers_the_suggestion_for_it(desk: Any) -> None:
    """A suggested relation shows no more once the same relation stands between the same marks."""
    works = desk.mark("WORKS_FOR")
    desk.run(c.Relabel(document=desk.a, key=works.key, label="RESPONSIBLE_FOR"))
    desk.run(c.CreateRelation(document=desk.a, label="WORKS_FOR", head=works.head, tail=works.tail))
    desk.suggest("2")
    assert [one.state for one in desk.marks() if one.label == "WORKS_FOR"] == ["manual"]
    before = {one.key: one for one in desk.marks()}
    outcome = desk.workspace.undo()
    after = {one.key: one for one in desk.marks()}
    assert [one.state for one in desk.marks() if one.label == "WORKS_FOR"] == ["suggested"]
    differing = {key for key in before | after if before.get(key) != after.get(key)}
    assert differing <= outcome.touched.marks[desk.a]


def test_relations_have_no_place(desk: Any) -> None:
    works, spans = desk.mark("WORKS_FOR"), (Span(0, 3),)
    desk.refuses("relation.no-place", c.Accept(document=desk.a, key=works.key, spans=spans))
    desk.run(c.Accept(document=desk.a, key=works.key))
    made = desk.now(works).annotation
    desk.refuses("relation.no-place", c.Reanchor(document=desk.a, annotation=made, spans=spans))
