"""All measures on random readings, against loops that know nothing of sums per document."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import fleiss_kappa

from models.agreement.measure import Wishes, measure_agreement
from models.agreement.records import AgreementReport, ComparedDocument, Layer, Link, Measure, Passage, Reading
from models.alignment import align, places
from models.annotations import Annotator
from models.labels import LabelSet, RelationLabel, label_set
from models.spans import Span

LABELS = label_set(json.loads((Path(__file__).parents[3] / "resources/label_sets/default.json").read_text("utf-8")))
TEXT = "Region 😀 Ska\u030ane\u00a0växer, hälso\u00advården – också! Anna säger: vi ska växa."
PEOPLE = tuple(Annotator(one, "human", one.upper()) for one in ("a", "b", "c"))
ENTITIES = ("PERSON", "ORGANISATION")
FURNITURE = (Span(50, 57),)


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    start, length = draw(st.integers(0, len(TEXT) - 6)), draw(st.integers(1, 12))
    found = [Span(start, min(start + length, len(TEXT) - 4))]
    if draw(st.integers(0, 4)) == 0 and found[0].end + 3 < len(TEXT):
        found.append(Span(found[0].end + 2, len(TEXT) - draw(st.integers(0, 1))))
    return tuple(one for one in found if one.start < one.end) or (Span(0, 3),)


@st.composite
def reading(draw: st.DrawFn, name: str, pool: Sequence[tuple[str, tuple[Span, ...]]]) -> Reading:
    passages = []
    for number, (label, place) in enumerate([*pool, *draw(st.lists(st.tuples(LABEL, spans()), max_size=2))]):
        if draw(st.integers(0, 4)) == 0:
            continue
        kind = "claim" if label == "CLAIM" else "entity"
        facets = {
            "kind": draw(st.sampled_from(["fact", "goal", None])),
            "topic": draw(st.sampled_from(["Vård", "vård "])),
        }
        passages.append(Passage(f"{name}{number}", kind, label, place, facets if kind == "claim" else {}))
    claims = [one.id for one in passages if one.kind == "claim"]
    others = [one.id for one in passages if one.kind == "entity"]
    links = []
    for number in range(draw(st.integers(0, 3))):
        if not others:
            break
        label, heads = draw(
            st.sampled_from([("ATTRIBUTED_TO", claims), ("WORKS_FOR", others), ("COLLABORATES_WITH", others)])
        )
        if heads:
            head, tail = draw(st.sampled_from(heads)), draw(st.sampled_from(others))
            if head != tail:
                links.append(Link(f"{name}r{number}", label, head, tail))
    return Reading(tuple(passages), tuple(links))


LABEL = st.sampled_from([*ENTITIES, "CLAIM"])


@st.composite
def corpora(draw: st.DrawFn) -> list[ComparedDocument]:
    documents = []
    for number in range(draw(st.integers(1, 4))):
        pool = draw(st.lists(st.tuples(LABEL, spans()), max_size=4))
        who = draw(st.sampled_from([("a", "b", "c"), ("a", "b", "c"), ("a", "b"), ("b", "c")]))
        readings = {one: draw(reading(f"{number}{one}", pool)) for one in who}
        documents.append(
            ComparedDocument(f"d{number}", f"{number}.txt", len(TEXT), TEXT, readings, FURNITURE, number % 2 == 1)
        )
    return documents


# The independent computation ----------------------------------------------------------------------------


def tokens() -> list[tuple[int, int]]:
    """Return the article's tokens, letter by letter."""
    found: list[list[int]] = []
    inside = False
    for at, letter in enumerate(TEXT):
        word = bool(re.match(r"[\w\u00ad]", letter)) or unicodedata.category(letter)[0] == "M"
        if word and inside:
            found[-1][1] = at + 1
        elif not letter.isspace():
            found.append([at, at + 1])
        inside = word
    return [(start, end) for start, end in found if not any(one.start <= start < one.end for one in FURNITURE)]


TOKENS = tokens()
Rows = list[list[object]]


def said_of_tokens(documents: Sequence[ComparedDocument], people: Sequence[str], kind: str, label: str | None) -> Rows:
    """Return for each token what each of these people says of it, None where they did not read it."""
    rows: Rows = []
    for document in documents:
        for start, end in TOKENS:
            row: list[object] = []
            for one in people:
                if one not in document.readings:
                    row.append(None)
                    continue
                touching = frozenset(
                    passage.label
                    for passage in document.readings[one].passages
                    if passage.kind == kind and any(a < end and start < b for a, b in passage.spans)
                )
                row.append(touching if label is None else label in touching)
            rows.append(row)
    return rows


def said_of_facet(documents: Sequence[ComparedDocument], people: Sequence[str], facet: str) -> Rows:
    rows: Rows = []
    for document in documents:
        who = [one for one in people if one in document.readings]
        for group in align(
            [document.readings[one].passages for one in who], [document.readings[one].links for one in who]
        ):
            if group.present[0].kind == "claim" and len(group.present) > 1:
                said = dict(zip(who, group.members, strict=True))
                rows.append([claim and (claim.facets.get(facet) or "unset") for claim in map(said.get, people)])
    return rows


def said_of_relations(
    documents: Sequence[ComparedDocument],
    people: Sequence[str],
    label: str | None,
    given: bool,
    labels: LabelSet = LABELS,
) -> Rows:
    """Return what each says of every pair of passages that could be related, one by one."""
    rows: Rows = []
    for document in documents:
        who = [one for one in people if one in document.readings]
        if len(who) < 2:
            continue
        groups = align([document.readings[one].passages for one in who], [document.readings[one].links for one in who])
        if given:
            groups = [g for g in groups if len(g.present) == len(who) and len({one.label for one in g.present}) == 1]
        place = places(groups)
        names = [one.id for one in labels.relations] if label is None else [label]
        drawn: dict[tuple[str, str], dict[str, set[str]]] = {}
        for one in who:
            for link in document.readings[one].links:
                if link.head not in place or link.tail not in place or link.label not in names:
                    continue
                ends = (place[link.head], place[link.tail])
                if symmetric(link.label):
                    ends = (min(ends), max(ends))
                drawn.setdefault(ends, {}).setdefault(one, set()).add(link.label)
        pairs = set(drawn)
        for head in groups:
            for tail in groups:
                ends = (place[head.present[0].id], place[tail.present[0].id])
                may = any(
                    labels.allows(name, a.label, b.label) for name in names for a in head.present for b in tail.present
                )
                if head is not tail and may and (label is None or not symmetric(label) or ends[0] < ends[1]):
                    pairs.add(ends)
        for ends in sorted(pairs):
            rows.append([frozenset(drawn.get(ends, {}).get(one, ())) if one in who else None for one in people])
    return rows


def symmetric(label: str) -> bool:
    found = LABELS.get(label)
    return isinstance(found, RelationLabel) and found.symmetric


def naive_cohen(rows: Rows) -> float:
    both = [row for row in rows if None not in row]
    if not both:
        return math.nan
    observed = sum(one == other for one, other in both) / len(both)
    first, second = Counter(row[0] for row in both), Counter(row[1] for row in both)
    chance = sum(first[value] * second[value] for value in first) / len(both) ** 2
    return math.nan if chance > 1 - 1e-12 else (observed - chance) / (1 - chance)


def naive_fleiss(rows: Rows) -> float:
    every = [row for row in rows if None not in row]
    values = sorted({value for row in every for value in row}, key=repr)
    if len(values) < 2:
        return math.nan
    return float(fleiss_kappa(np.array([[row.count(value) for value in values] for row in every])))


def naive_alpha(rows: Rows) -> float:
    pairable = [row for row in rows if sum(value is not None for value in row) > 1]
    values = sorted({value for row in pairable for value in row if value is not None}, key=repr)
    if len(values) < 2:
        return math.nan
    data = [[np.nan if value is None else values.index(value) for value in row] for row in pairable]
    return float(krippendorff.alpha(np.array(data).T, level_of_measurement="nominal"))


def naive_f1(
    documents: Sequence[ComparedDocument], pair: tuple[str, str], marks: Callable[..., Iterator[object]]
) -> float:
    common = total = 0
    for document in documents:
        if all(one in document.readings for one in pair):
            one, other = (Counter(marks(document, who)) for who in pair)
            common += (one & other).total()
            total += one.total() + other.total()
    return 2 * common / total if total else math.nan


# Comparing ----------------------------------------------------------------------------------------------


def same(
    report: AgreementReport,
    layer: Layer,
    measure: Measure,
    subject: str | None,
    pair: tuple[str, str] | None,
    wanted: float,
) -> None:
    found = report.find(layer, measure, subject, pair)
    if found is None:
        assert math.isnan(wanted), (layer, measure, subject, pair)  # nobody used the label
    elif math.isnan(wanted):
        assert found.value is None and found.reason, (layer, measure, subject, pair)
    else:
        assert found.value == pytest.approx(wanted, abs=1e-9), (layer, measure, subject, pair)
        assert found.reason is None


def nominal(
    report: AgreementReport, layer: Layer, subject: str | None, rows_of: Callable[[Sequence[str]], Rows]
) -> None:
    kappas = []
    for pair in combinations("abc", 2):
        rows = rows_of(pair)
        kappas.append(naive_cohen(rows))
        same(report, layer, "cohen", subject, pair, kappas[-1])
        same(report, layer, "alpha", subject, pair, naive_alpha(rows))
    known = [one for one in kappas if not math.isnan(one)]
    same(report, layer, "cohen", subject, None, sum(known) / len(known) if known else math.nan)
    rows = rows_of("abc")
    same(report, layer, "fleiss", subject, None, naive_fleiss(rows))
    same(report, layer, "alpha", subject, None, naive_alpha(rows))


@settings(max_examples=25)
@given(corpora())
def test_spans_and_tokens(documents: list[ComparedDocument]) -> None:
    report = measure_agreement(documents, PEOPLE, LABELS, Wishes(0))
    layers: tuple[tuple[Layer, tuple[str | None, ...]], ...] = (
        ("entity", (None, *ENTITIES)),
        ("claim", (None, "CLAIM")),
    )
    for layer, subjects in layers:
        for subject in subjects:
            for pair in combinations("abc", 2):
                exact = partial(marks, layer=layer, subject=subject, aligned_for=None)
                touching = partial(marks, layer=layer, subject=subject, aligned_for=pair)
                same(report, layer, "f1-exact", subject, pair, naive_f1(documents, pair, exact))
                same(report, layer, "f1-overlap", subject, pair, naive_f1(documents, pair, touching))
            nominal(report, layer, subject, partial(said_of_tokens, documents, kind=layer, label=subject))


def marks(
    document: ComparedDocument, who: str, layer: Layer, subject: str | None, aligned_for: tuple[str, str] | None
) -> Iterator[object]:
    """Yield what somebody marked: by place and label, or by what it is aligned with under the same label."""
    place = equal_labels(document, aligned_for, False) if aligned_for else {}
    for one in document.readings[who].passages:
        if one.kind == layer and subject in (None, one.label):
            yield place.get(one.id, one.id) if aligned_for else (one.label, one.spans)


def equal_labels(document: ComparedDocument, pair: tuple[str, str], exact: bool) -> dict[str, str]:
    """Return what stands for passages that are aligned with the same label, and the same place if ``exact``."""
    both = [document.readings[one] for one in pair]
    return places(
        group
        for group in align([one.passages for one in both], [one.links for one in both])
        if len(group.present) == 2
        and len({one.label for one in group.present}) == 1
        and (not exact or len({one.spans for one in group.present}) == 1)
    )


@settings(max_examples=25)
@given(corpora())
def test_facets_and_relations(documents: list[ComparedDocument]) -> None:
    report = measure_agreement(documents, PEOPLE, LABELS, Wishes(0))
    nominal(report, "facet", "kind", partial(said_of_facet, documents, facet="kind"))
    for pair in combinations("abc", 2):
        rows = said_of_facet(documents, pair, "kind")
        wanted = sum(one == other for one, other in rows) / len(rows) if rows else math.nan
        same(report, "facet", "share", "kind", pair, wanted)
        same(report, "facet", "share", "topic", pair, 1.0 if rows else math.nan)
    used = {link.label for one in documents for found in one.readings.values() for link in found.links}
    for subject in (None, *sorted(used)):
        nominal(report, "relation-ends", subject, partial(said_of_relations, documents, label=subject, given=True))
        nominal(report, "relation", subject, partial(said_of_relations, documents, label=subject, given=False))


@settings(max_examples=25)
@given(corpora())
def test_relations_by_f1(documents: list[ComparedDocument]) -> None:
    report = measure_agreement(documents, PEOPLE, LABELS, Wishes(0))
    for pair in combinations("abc", 2):
        for layer, measure in (("relation-ends", "f1"), ("relation", "f1-exact"), ("relation", "f1-overlap")):
            drawn = partial(links, pair=pair, given=layer == "relation-ends", exact=measure == "f1-exact")
            same(report, layer, measure, None, pair, naive_f1(documents, pair, drawn))  # type: ignore[arg-type]


def links(document: ComparedDocument, who: str, pair: tuple[str, str], given: bool, exact: bool) -> Iterator[object]:
    """Yield what somebody drew, by label and by what stands for its ends."""
    place = equal_labels(document, pair, exact)
    for link in document.readings[who].links:
        ends = [place.get(link.head, link.head), place.get(link.tail, link.tail)]
        if not given or (link.head in place and link.tail in place):
            yield link.label, tuple(sorted(ends) if symmetric(link.label) else ends)


@settings(max_examples=10)
@given(corpora())
def test_each_document_is_measured_as_if_it_were_alone(documents: list[ComparedDocument]) -> None:
    report = measure_agreement(documents, PEOPLE, LABELS, Wishes(0))
    for document in documents:
        alone = measure_agreement([document], PEOPLE, LABELS, Wishes(0))
        known = {
            (one.layer, one.subject, one.measure): one
            for one in alone.figures
            if one.pair is None and one.part == "all"
        }
        for one in report.by_document:
            if one.document == document.id and (one.layer, one.subject, one.measure) in known:
                other = known[one.layer, one.subject, one.measure]
                assert one.value == pytest.approx(other.value, abs=1e-9), one
                assert one.units == other.units


@settings(max_examples=10)
@given(corpora())
def test_controls_are_measured_as_if_they_were_alone(documents: list[ComparedDocument]) -> None:
    report = measure_agreement(documents, PEOPLE, LABELS, Wishes(0))
    for part, chosen in (("control", True), ("suggested", False)):
        mine = [one for one in documents if one.control == chosen]
        told = [one for one in report.figures if one.part == part]
        assert bool(told) == any(one.control for one in documents)
        alone = measure_agreement(mine, PEOPLE, LABELS, Wishes(0))
        for one in told:
            other = alone.find(one.layer, one.measure, one.subject, one.pair)
            if other is not None:
                assert (one.value, one.units) == (pytest.approx(other.value, abs=1e-9), other.units)
