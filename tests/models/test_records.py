"""Spans, ids, and how passages are compared."""

from __future__ import annotations

import unicodedata
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UserError
from models.ids import accepted_id, derived_id, fingerprint, new_id, suggestion_id
from models.marks import Mark
from models.spans import CONTEXT, Span, anchor, check_spans
from models.text import occurrences, surface

TEXT = "Va\u030art 😀 hälso\u00adcenter\u00a0i Åre, vårt\n  Hälsocenter. VÅRT hus; vårtecken."


# Spans


@pytest.mark.parametrize(
    ("code", "spans"),
    [
        ("span.empty", []), ("span.empty", [(3, 3)]), ("span.empty", [(4, 3)]),
        ("span.outside-text", [(0, 11)]),
        ("span.outside-text", [(-1, 3)]), ("span.crossing", [(0, 4), (3, 6)]),
        ("span.crossing", [(5, 6), (0, 2)]),
        ("span.not-a-span", [(1, 2, 3)]), ("span.not-a-span", [(True, 2)]), ("span.not-a-span", [("a", 2)]),
        ("span.not-a-span", [(1.0, 2)]), ("span.not-a-span", [3]), ("span.not-a-span", [None]),
        ("span.not-a-span", ["ab"]),
    ],
)  # fmt: skip
def test_spans_that_are_refused(code: str, spans: Any) -> None:
    with pytest.raises(UserError) as caught:
        check_spans(spans, 10)
    assert caught.value.code == code


def test_spans_that_are_let_through() -> None:
    assert check_spans([[0, 2], (2, 5), Span(7, 10)], 10) == (Span(0, 2), Span(2, 5), Span(7, 10))


@given(st.tuples(st.integers(0, 20), st.integers(0, 20)), st.tuples(st.integers(0, 20), st.integers(0, 20)))
def test_overlap_and_containment_are_those_of_sets(left: tuple[int, int], right: tuple[int, int]) -> None:
    one, two = Span(*sorted(left)), Span(*sorted(right))
    here, there = set(range(*one)), set(range(*two))
    if here and there:
        assert one.overlaps(two) is bool(here & there) is two.overlaps(one)
        assert one.contains(two) is (there <= here)


def test_an_anchor_counts_code_points() -> None:
    start = TEXT.index("Åre")
    kept = anchor(TEXT, (Span(start, start + 3), Span(start + 5, start + 9)))
    assert kept.exact == ("Åre", "vårt")
    assert kept.prefix == TEXT[:start] and len(kept.prefix) < CONTEXT
    assert kept.suffix == TEXT[start + 9 : start + 9 + CONTEXT]


def test_the_extent_of_a_mark_spans_its_gaps() -> None:
    mark = Mark("k", "entity", "PLACE", (Span(3, 5), Span(9, 12)), "suggested")
    assert mark.extent == Span(3, 12) and not mark.judged
    assert mark._replace(state="rejected").judged


# Ids


def test_derived_ids_never_change() -> None:
    """Decisions in project files hold these: a change here would detach them."""
    pipeline = ("sv_kurator_rules", "1.0", "abc")
    made = suggestion_id(pipeline, fingerprint("å😀"), "entity", "PERSON", [[0, 2]])
    assert fingerprint("å😀") == "sha256:2cd7a4a651f35ea12833ee93e718b7cf9a75629bcf25d2c7e26a13a28dd47693"
    assert derived_id("suggestion", "å") == "91790de5-501b-5a16-a38a-69aaff7464a5"
    assert made == "d32cb343-2626-52b5-93dc-f8d186caf673"
    assert accepted_id(made, "annoterare") == "471e308d-eca1-588c-abef-bd859927a418"


@given(st.lists(st.text() | st.integers(), min_size=1, max_size=4))
def test_derived_ids_are_name_based_uuids(parts: list[Any]) -> None:
    made = uuid.UUID(derived_id(*parts))
    assert (made.version, made.variant) == (5, uuid.RFC_4122)
    assert derived_id(*parts) == str(made) != derived_id(*parts, "mer")


def test_every_part_tells_suggestions_apart() -> None:
    whole: list[Any] = [("n", "1", "h"), "sha256:x", "entity", "PERSON", [[0, 2]]]
    others: list[Any] = [("n", "2", "h"), "sha256:y", "claim", "PLACE", [[0, 3]]]
    ids = {suggestion_id(*whole)}
    for number, other in enumerate(others):
        ids.add(suggestion_id(*whole[:number], other, *whole[number + 1 :]))
    assert len(ids) == 6
    assert suggestion_id(*whole[:4], [(0, 2)]) == suggestion_id(*whole)


def test_new_ids_are_unique_and_rise_with_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [new_id() for _ in range(2000)]
    assert len(set(made)) == 2000
    assert all(uuid.UUID(one).version == 7 and uuid.UUID(one).variant == uuid.RFC_4122 for one in made)
    moments = []
    for moment in (1, 999, 10**6, 1_700_000_000_000, 2**48 - 1):
        monkeypatch.setattr("time.time_ns", lambda moment=moment: moment * 1_000_000)
        moments.append(new_id())
        assert uuid.UUID(moments[-1]).int >> 80 == moment
    assert sorted(moments) == moments


# Surfaces


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Skåne", "ska\u030ane"), ("hälso\u00advård", "HÄLSOVÅRD"),
        ("Region\u00a0 Halland\n", "region halland"),
        ("\ufeffe\u200b-hälsa\u2060", "E-HÄLSA"), ("Straße", "STRASSE"),
    ],
)  # fmt: skip
def test_what_counts_as_the_same(left: str, right: str) -> None:
    assert surface(left) == surface(right)


@pytest.mark.parametrize(("left", "right"), [("Skåne", "Skane"), ("e-hälsa", "ehälsa"), ("a b", "ab")])
def test_what_does_not(left: str, right: str) -> None:
    assert surface(left) != surface(right)


@given(st.text())
def test_a_surface_is_its_own_surface(passage: str) -> None:
    once = surface(passage)
    assert surface(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert surface(unicodedata.normalize("NFD", passage)) == surface(unicodedata.normalize("NFC", passage))


def test_occurrences_are_whole_words_in_any_case_and_spacing() -> None:
    found = [TEXT[start:end] for start, end in occurrences(TEXT, "vårt  hälsocenter")]
    assert found == ["vårt\n  Hälsocenter"]
    assert [TEXT[start:end] for start, end in occurrences(TEXT, "vårt")] == ["vårt", "VÅRT"]
    assert occurrences(TEXT, "Va") == [] and occurrences(TEXT, "tecken") == []
    assert occurrences(TEXT, " ") == [] and occurrences(TEXT, "") == []
    assert [TEXT[start:end] for start, end in occurrences(TEXT, "😀")] == ["😀"]


@given(st.text(alphabet="aå \u00a0.(*\u030a", max_size=30), st.data())
def test_occurrences_read_alike(text: str, data: st.DataObject) -> None:
    ends = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    passage = text[slice(*ends)]
    for start, end in occurrences(text, passage):
        assert surface(text[start:end]) == surface(passage)
