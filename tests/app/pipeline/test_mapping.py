"""Label mappings and what they do to an analysis."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.pipeline.mapping import apply, guess_mapping, shipped_mappings
from models.spans import Span
from models.suggestions import Analysis, Proposal

LABELS = {
    "PERSON",
    "ROLE",
    "ORGANISATION",
    "PLACE",
    "PROGRAMME",
    "SERVICE",
    "DOCUMENT",
    "CONDITION",
    "EVENT",
} | {
    "DATE",
    "MONEY",
    "QUANTITY",
}


def test_shipped_mappings_lead_to_the_default_labels() -> None:
    assert set(shipped_mappings()) == {"suc", "ontonotes", "conll", "uner"}
    for mapping in shipped_mappings().values():
        assert {target for target in mapping.values() if target is not None} <= LABELS


def test_suc_labels_are_recognised() -> None:
    guessed = guess_mapping(["PRS", "ORG", "LOC", "TME", "MSR", "EVN", "OBJ", "WRK"])
    assert guessed["PRS"] == "PERSON"
    assert guessed["TME"] == "DATE"
    assert guessed["MSR"] == "QUANTITY"


def test_ontonotes_and_conll_labels_are_recognised() -> None:
    assert guess_mapping(["GPE", "PERSON", "MONEY", "CARDINAL"])["GPE"] == "PLACE"
    assert guess_mapping(["PER", "LOC", "ORG", "MISC"]) == {
        "PER": "PERSON",
        "LOC": "PLACE",
        "ORG": "ORGANISATION",
        "MISC": None,
    }


def test_own_labels_stay_and_unknown_ones_are_left_out() -> None:
    assert guess_mapping(["PROGRAMME", "ROLE", "XYZ"]) == {
        "PROGRAMME": "PROGRAMME",
        "ROLE": "ROLE",
        "XYZ": None,
    }


def entity(label: str, start: int) -> Proposal:
    return Proposal("entity", label, (Span(start, start + 1),))


def test_dropping_a_proposal_drops_its_relations_and_keeps_the_other_ends_right() -> None:
    analysis = Analysis(
        (
            entity("MISC", 0),
            entity("PER", 1),
            entity("ORG", 2),
            Proposal("relation", "WORKS_FOR", head=1, tail=2),
            Proposal("relation", "PART_OF", head=0, tail=2),
        ),
        (Span(5, 9),),
    )
    mapped = apply(analysis, {"PER": "PERSON", "ORG": "ORGANISATION", "MISC": None})
    assert [p.label for p in mapped.proposals] == ["PERSON", "ORGANISATION", "WORKS_FOR"]
    assert (mapped.proposals[2].head, mapped.proposals[2].tail) == (0, 1)
    assert mapped.furniture == analysis.furniture


@given(st.lists(st.sampled_from("ABC"), max_size=8), st.data())
def test_ends_always_point_at_what_they_pointed_at(labels: list[str], data: st.DataObject) -> None:
    entities = [entity(label, place) for place, label in enumerate(labels)]
    pick = st.integers(0, max(0, len(entities) - 1))
    pairs = data.draw(st.lists(st.tuples(pick, pick), max_size=6)) if entities else []
    relations = [Proposal("relation", "R", head=head, tail=tail) for head, tail in pairs]
    mapped = apply(Analysis((*relations[:0], *entities, *relations)), {"A": None, "B": "PERSON"})
    names = {"B": "PERSON", "C": "C"}
    wanted = [(h, t) for h, t in pairs if labels[h] != "A" and labels[t] != "A"]
    got = [
        (mapped.proposals[p.head].spans[0].start, mapped.proposals[p.tail].spans[0].start)
        for p in mapped.proposals
        if p.head is not None and p.tail is not None
    ]
    assert got == wanted
    assert [p.label for p in mapped.proposals if p.kind == "entity"] == [names[x] for x in labels if x != "A"]
