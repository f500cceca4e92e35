"""Scores: what counts as right, per label, with intervals, calibration and what was taken for what."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trained_corpus import corpus, document

from app.services.training import Marked, Related, TrainingDocument
from app.training.card import mistakes
from app.training.judged import looked_at
from app.training.scores import Scores, gain, summary
from app.training.scoring import Count, compare
from models.calibration import expected_error
from models.spans import Span
from models.suggestions import Analysis, Proposal

TEXT = "Anna Berg 😀 i Ska\u030ane säger att Inera växer. Bo Lind tiger.\nRegion Halland sparar."


def marked(label: str, words: str, identity: str = "") -> Marked:
    start = TEXT.index(words)
    return Marked(identity or words, label, (Span(start, start + len(words)),))


def said(label: str, words: str, score: float = 0.9) -> Proposal:
    return Proposal("entity", label, marked(label, words).spans, score=score)


def written(*entities: Marked, **more) -> TrainingDocument:
    return TrainingDocument("d", TEXT, "test", entities, complete=more.pop("complete", True), **more)


def perfect(one: TrainingDocument) -> Analysis:
    """Return an analysis that says just what people say."""
    marks = [*one.entities, *one.claims]
    numbers = {mark.id: number for number, mark in enumerate(marks)}
    proposals = [Proposal("entity", mark.label, mark.spans) for mark in one.entities]
    proposals += [Proposal("claim", mark.label, mark.spans, facets=mark.facets) for mark in one.claims]
    for link in one.relations:
        proposals.append(Proposal("relation", link.label, (), numbers[link.head], numbers[link.tail]))
    return Analysis(tuple(proposals), one.furniture)


def test_saying_what_people_say_is_all_right() -> None:
    documents = [replace(one, furniture=(Span(0, 4),)) for one in corpus(6)]
    scores = Scores(tuple(compare(one, perfect(one)) for one in documents))
    assert {(layer, count.f1) for layer, _, count in summary(scores)} == {
        (layer, 1.0) for layer in ("entity", "overlap", "claim", "relation", "furniture")
    }
    assert {name: share.value for name, share in scores.facets().items()} == {"kind": 1, "mode": 1, "speaker": 1}
    assert scores.interval("entity") == (1.0, 1.0)
    assert not mistakes(scores)


def test_exact_and_overlapping_and_what_was_taken_for_what() -> None:
    one = written(marked("PERSON", "Anna Berg"), marked("PLACE", "Ska\u030ane"), marked("ORGANISATION", "Inera"))
    told = [said("PERSON", "Anna"), said("ORGANISATION", "Ska\u030ane"), said("ORGANISATION", "Inera")]
    scores = Scores((compare(one, Analysis((*told, said("PERSON", "Bo Lind"), told[0]))),))
    assert scores.count("entity") == Count(1, 4, 3)
    assert scores.count("entity", "ORGANISATION") == Count(1, 2, 1)
    assert scores.count("overlap") == Count(2, 4, 3)
    assert dict(scores.confusion) == {
        ("PERSON", "PERSON"): 1,
        ("PLACE", "ORGANISATION"): 1,
        ("ORGANISATION", "ORGANISATION"): 1,
        ("", "PERSON"): 1,
    }
    assert mistakes(scores) == ["PLACE → ORGANISATION (1)"]
    only = Scores((compare(one, Analysis(tuple(told)), labels={"PERSON"}),))
    assert only.labels("entity") == ["PERSON"] and only.count("entity").proposed == 1


def test_where_nobody_looked_nothing_is_wrong() -> None:
    one = written(marked("PERSON", "Anna Berg"), rejected=((marked("x", "Inera").extent, "PLACE"),), complete=False)
    assert [TEXT[a:b] for a, b in looked_at(one)] == ["Anna Berg 😀 i Ska\u030ane säger att Inera växer."]
    told = Analysis((said("PERSON", "Anna Berg"), said("PLACE", "Inera"), said("PERSON", "Bo Lind")))
    assert compare(one, told).counts["entity", "PERSON"] == Count(1, 1, 1)
    assert compare(one, told).counts["entity", "PLACE"] == Count(0, 1, 0)
    assert compare(replace(one, complete=True), told).counts["entity", "PERSON"] == Count(1, 2, 1)
    assert looked_at(written(complete=False)) == []


def test_claims_meet_by_half_and_relations_need_both_ends() -> None:
    one = document(1)
    analysis = perfect(one)
    whole = one.claims[0].extent
    half = Span(whole.start, whole.start + (whole.end - whole.start) // 2)
    for spans, right in ((Span(whole.start, whole.end - 3), 3), (Span(half.start, half.end - 3), 2)):
        changed = [replace(p, spans=(spans,)) if p.spans == one.claims[0].spans else p for p in analysis.proposals]
        assert compare(one, Analysis(tuple(changed))).counts["claim", "CLAIM"] == Count(right, 3, 3)
    moved = [
        replace(p, spans=(Span(p.spans[0].start, p.spans[0].end - 1),)) if p.spans == one.entities[1].spans else p
        for p in analysis.proposals
    ]
    counts = compare(one, Analysis(tuple(moved))).counts
    assert counts["relation", "HAS_ROLE"] == Count(0, 1, 1) and counts["relation", "WORKS_FOR"] == Count(1, 1, 1)


def test_the_ends_of_a_symmetric_relation_may_change_places() -> None:
    ends = marked("ORGANISATION", "Inera"), marked("ORGANISATION", "Region Halland")
    one = written(*ends, relations=(Related("SAME_AS", "Inera", "Region Halland"),))
    back = Analysis((said("ORGANISATION", "Inera"), said("ORGANISATION", "Region Halland"),
                     Proposal("relation", "SAME_AS", (), 1, 0)))  # fmt: skip
    assert compare(one, back).counts["relation", "SAME_AS"] == Count(0, 1, 1)
    assert compare(one, back, symmetric={"SAME_AS"}).counts["relation", "SAME_AS"] == Count(1, 1, 1)


def test_calibration_is_the_distance_of_scores_from_shares() -> None:
    assert expected_error([]) == 0
    assert expected_error([(0.9, True)] * 9 + [(0.9, False)]) == pytest.approx(0)
    assert expected_error([(0.9, False)] * 4) == pytest.approx(0.9)
    assert expected_error([(1.0, True), (0.0, False)]) == 0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30))
def test_calibration_errors_are_shares(outcomes: list[tuple[float, bool]]) -> None:
    assert 0 <= expected_error(outcomes) <= 1 + 1e-9


def test_a_gain_is_told_with_how_sure_it_is() -> None:
    documents = corpus(12)
    good = Scores(tuple(compare(one, perfect(one)) for one in documents))
    bad = Scores(tuple(compare(one, Analysis(perfect(one).proposals[:2])) for one in documents))
    gained, interval = gain(bad, good, "entity") or (0.0, None)
    assert interval is not None
    assert 0 < interval.low <= gained <= interval.high
    assert gain(good, good, "entity") == (0.0, (0.0, 0.0))
    assert gain(Scores(()), good, "entity") is None


@given(st.sets(st.integers(0, 4)), st.sets(st.integers(0, 4)))
def test_counts_add_up(kept: set[int], found: set[int]) -> None:
    whole = document(3)
    one = replace(whole, entities=tuple(whole.entities[n] for n in sorted(kept)), claims=(), relations=())
    told = Analysis(tuple(Proposal("entity", whole.entities[n].label, whole.entities[n].spans) for n in sorted(found)))
    counts = compare(one, told)
    scores = Scores((counts,))
    assert scores.count("entity") == Count(len(kept & found), len(found), len(kept)) == scores.count("overlap")
    assert sum(counts.confusion.values()) == len(kept | found)
