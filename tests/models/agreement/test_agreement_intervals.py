"""Intervals by resampling documents, undefined figures, and tokens."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from models.agreement.bootstrap import estimates
from models.agreement.formulas import f1
from models.agreement.measure import Wishes, measure_agreement
from models.agreement.records import AgreementReport, ComparedDocument, Passage, Reading
from models.agreement.series import Series, series
from models.agreement.tokens import covered_tokens, token_bounds
from models.annotations import Annotator
from models.labels import label_set
from models.spans import Span

LABELS = label_set(json.loads((Path(__file__).parents[3] / "resources/label_sets/default.json").read_text("utf-8")))
PEOPLE = (Annotator("a", "human", "Anna"), Annotator("b", "human", "Bo"))
TEXT = "Region 😀 Ska\u030ane\u00a0växer, hälso\u00advården också."


def scores(found: list[tuple[int, int]]) -> Series:
    """Return F1 from (common, total) of each document."""
    table = np.array(found, float)
    return series("entity", "f1-exact", None, (0, 1), f1, table[:, 1], table[:, :1], table[:, 1] > 0)


def test_the_interval_is_that_of_drawing_documents_one_by_one() -> None:
    random = np.random.default_rng(7)
    found = [(int(common), int(common) + 20) for common in random.integers(0, 20, 30)]
    (got,) = estimates([scores(found)], np.ones(30, bool), 4000, 0.95, seed=1)
    values = []
    for _ in range(4000):
        drawn = [found[at] for at in random.integers(0, 30, 30)]
        values.append(2 * sum(common for common, _ in drawn) / sum(total for _, total in drawn))
    low, high = np.quantile(values, (0.025, 0.975))
    assert got.value == pytest.approx(2 * sum(c for c, _ in found) / sum(t for _, t in found))
    assert (got.low, got.high) == (pytest.approx(low, abs=0.02), pytest.approx(high, abs=0.02))
    assert got.documents == 30


def test_the_same_seed_gives_the_same_interval_in_blocks_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    found = scores([(one, 2 * one + 3) for one in range(12)])
    part = np.array([True] * 8 + [False] * 4)
    whole = estimates([found], part, 100, 0.9, seed=3)
    monkeypatch.setattr("models.agreement.bootstrap._AT_ONCE", 8 * 7)
    assert estimates([found], part, 100, 0.9, seed=3) == whole
    assert estimates([found], part, 100, 0.9, seed=4) != whole


def reading(name: str, *places: tuple[str, int, int]) -> Reading:
    passages = (
        Passage(f"{name}{n}", "claim", label, (Span(start, end),), {"kind": "fact"})
        if label == "CLAIM"
        else Passage(f"{name}{n}", "entity", label, (Span(start, end),))
        for n, (label, start, end) in enumerate(places)
    )
    return Reading(tuple(passages))


def measured(*documents: tuple[Reading, Reading], text: str | None = TEXT, samples: int = 50) -> AgreementReport:
    found = [
        ComparedDocument(f"d{n}", f"{n}.txt", len(TEXT), text, {"a": one, "b": other})
        for n, (one, other) in enumerate(documents)
    ]
    return measure_agreement(found, PEOPLE, LABELS, Wishes(samples))


def test_one_document_has_no_interval() -> None:
    same = reading("a", ("PLACE", 9, 14)), reading("b", ("PLACE", 9, 14))
    alone, two = measured(same).find("entity", "cohen"), measured(same, same).find("entity", "cohen")
    assert alone is not None and (alone.value, alone.low, alone.high) == (1.0, None, None)
    assert two is not None and (two.value, two.low, two.high) == (1.0, 1.0, 1.0)


def test_what_is_undefined_says_why() -> None:
    whole = ("CLAIM", 0, len(TEXT))
    report = measured((reading("a", whole), reading("b", whole)))
    reasons = {
        (one.layer, one.measure): one.reason
        for one in report.figures
        if one.subject is None and one.pair is None and one.value is None
    }
    assert reasons["entity", "f1-exact"] == reasons["entity", "u-alpha"] == "nothing-marked"
    assert reasons["entity", "cohen"] == reasons["claim", "alpha"] == "no-variation"
    assert reasons["relation-ends", "fleiss"] == "no-units"
    assert all((one.value is None) == (one.reason is not None) for one in report.figures)
    kind = report.find("facet", "cohen", "kind")
    assert kind is not None and kind.reason == "no-variation"
    assert report.labels["facet"] == ("kind",), "what nobody set is not measured"


def test_without_texts_only_words_cannot_be_counted() -> None:
    both = reading("a", ("PLACE", 9, 14)), reading("b", ("PLACE", 9, 14))
    report = measured(both, text=None)
    spans, words, units = (report.find("entity", one) for one in ("f1-exact", "cohen", "u-alpha"))
    assert spans is not None and spans.value == 1.0
    assert words is not None and (words.value, words.reason) == (None, "no-text")
    assert units is not None and units.value == 1.0


def test_nobody_read_everything_so_there_is_no_fleiss() -> None:
    people = (*PEOPLE, Annotator("c", "human", "Cilla"))
    one, other = reading("a", ("PLACE", 9, 14)), reading("b", ("PLACE", 9, 14))
    documents = [
        ComparedDocument("d1", "1", len(TEXT), TEXT, {"a": one, "b": other}),
        ComparedDocument("d2", "2", len(TEXT), TEXT, {"b": reading("d"), "c": reading("e")}),
        ComparedDocument("d3", "3", len(TEXT), TEXT, {"c": reading("f")}),
    ]
    report = measure_agreement(documents, people, LABELS, Wishes(0))
    fleiss, alpha = report.find("entity", "fleiss"), report.find("entity", "alpha")
    assert fleiss is not None and (fleiss.value, fleiss.reason, fleiss.documents) == (None, "not-by-all", 0)
    assert alpha is not None and (alpha.value, alpha.documents) == (1.0, 2)
    assert [one.id for one in report.documents] == ["d1", "d2"]


def test_tokens_are_words_and_signs() -> None:
    words = [TEXT[start:end] for start, end in zip(*token_bounds(TEXT), strict=True)]
    assert words == ["Region", "😀", "Ska\u030ane", "växer", ",", "hälso\u00advården", "också", "."]
    assert [len(one) for one in token_bounds("")] == [0, 0]
    assert [len(one) for one in token_bounds("\u00a0 \n\x01")] == [0, 0]


def test_spans_cover_the_tokens_that_they_touch() -> None:
    starts, ends = np.array([0, 3, 7, 8, 12]), np.array([6, 9, 8, 9, 99])
    count, first, last = covered_tokens(TEXT, (), starts, ends)
    assert count == 8
    assert list(zip(first.tolist(), last.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 2), (2, 2), (2, 8)]
    count, first, last = covered_tokens(TEXT, (Span(7, 9), Span(9, 15)), starts, ends)
    assert count == 6
    assert list(zip(first.tolist(), last.tolist(), strict=True)) == [(0, 1), (0, 1), (1, 1), (1, 1), (1, 6)]
