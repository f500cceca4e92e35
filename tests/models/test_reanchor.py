"""Passages are found again in a changed text, or not at all: never somewhere that reads differently."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.reanchor import TextDifference, reanchor
from models.spans import Anchor, Span, Spans, anchor

WORDS = (
    "Region",
    "Halland",
    "😀",
    "å\u030a",
    "hälso\u00advård",
    "och",
    "i",
    "–",
    "11\u00a0procent",
    "\n",
    "\n\n",
    "e-hälsa,",
)
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=60).map(" ".join)


def found(old: str, spans: Spans, new: str, known: bool = True) -> tuple[Spans | None, Anchor]:
    kept = anchor(old, spans)
    return reanchor(spans, kept, new, TextDifference(old, new) if known else None), kept


@st.composite
def passages(draw: st.DrawFn, text: str, most: int = 1) -> Spans:
    ends = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=2 * most)))
    ends = ends[: len(ends) // 2 * 2]
    return tuple(Span(*pair) for pair in zip(ends[::2], ends[1::2], strict=True))


@given(texts, texts, st.data(), st.booleans())
def test_what_is_found_reads_as_before(old: str, new: str, data: st.DataObject, known: bool) -> None:
    spans = data.draw(passages(old, most=3))
    place, kept = found(old, spans, new, known)
    if place is not None:
        assert tuple(new[start:end] for start, end in place) == kept.exact
        assert all(left.end <= right.start for left, right in pairwise(place))


@given(texts, st.data())
def test_edits_elsewhere_never_lose_a_passage(old: str, data: st.DataObject) -> None:
    spans = data.draw(passages(old, most=3))
    first, last = spans[0].start, spans[-1].end
    before, after = data.draw(texts), data.draw(texts)
    cut = data.draw(st.integers(0, first)), data.draw(st.integers(last, len(old)))
    new = old[: cut[0]] + before + old[cut[0] : cut[1]] + after
    place, kept = found(old, spans, new)
    assert place is not None
    assert tuple(new[start:end] for start, end in place) == kept.exact


@given(texts, st.data())
def test_an_inserted_paragraph_moves_a_passage_by_its_length(old: str, data: st.DataObject) -> None:
    spans = data.draw(passages(old, most=2))
    at = data.draw(st.integers(0, spans[0].start))
    added = "Ny\u00a0ingress Ω.\n"
    place, _ = found(old, spans, old[:at] + added + old[at:])
    assert place == tuple(Span(start + len(added), end + len(added)) for start, end in spans)


@given(texts, texts)
def test_the_difference_tells_what_stands_unchanged(old: str, new: str) -> None:
    difference = TextDifference(old, new)
    last = 0
    for place in range(len(old)):
        moved = difference.move(Span(place, place + 1))
        if moved is not None:
            assert new[moved.start] == old[place] and moved.start >= last
            last = moved.start
    if old == new:
        assert difference.move(Span(0, len(old))) == Span(0, len(old))


def test_a_passage_that_is_gone_is_an_orphan() -> None:
    old = "Region Halland satsar. Region Skåne sparar."
    assert found(old, (Span(0, 14),), "Region Skåne sparar.")[0] is None
    assert found(old, (Span(0, 6), Span(30, 35)), "Region Halland satsar.")[0] is None


def test_context_decides_between_equal_passages() -> None:
    kept = Anchor(("Anna",), "Först kom ", ". Si")
    new = "I går: Sedan kom Anna. Först kom Anna. Sist."
    assert reanchor((Span(17, 21),), kept, new) == (Span(33, 37),)
    assert reanchor((Span(17, 21),), kept._replace(prefix="Aldrig kom "), new) == (Span(17, 21),)


def test_the_nearest_of_equal_passages_counts_from_where_the_text_moved_to() -> None:
    old = "Anna gick. " + "Ord. " * 30 + "Så kom Anna hem."
    new = (
        "Anna gick. "
        + "Inskott här. " * 60
        + "Ord. " * 30
        + "Sen kom Anna åter. "
        + "Mer. " * 9
        + "Anna sov."
    )
    (place,) = found(old, (Span(old.rindex("Anna"), old.rindex("Anna") + 4),), new)[0] or ()
    assert place.start == new.index("kom Anna") + 4


def test_parts_move_together_or_by_their_order() -> None:
    old = "Vi satsar, säger Eva Ek, på vården."
    spans = (Span(0, 9), Span(25, 34))
    assert found(old, spans, "– " + old)[0] == (Span(2, 11), Span(27, 36))
    new = "– Vi satsar, säger Eva Ek vid ett möte i Åre, på vården."
    place, kept = found(old, spans, new, known=False)
    assert place and tuple(new[s:e] for s, e in place) == kept.exact


def test_a_long_text_that_repeats_itself_takes_no_time_to_speak_of() -> None:
    """A megabyte of lines, half of them empty: comparing each with each would take minutes."""
    chance = random.Random(5)
    old = [" ".join(chance.choices(WORDS[:8], k=10)) + "\n\n" for _ in range(21_000)]
    new = list(old)
    for _ in range(1000):
        new[chance.randrange(len(new))] = " ".join(chance.choices(WORDS, k=10)) + "\n"
        del new[chance.randrange(len(new))]
        new.insert(chance.randrange(len(new)), "\n")
    text = "".join(old)
    assert len(text) > 1_000_000
    difference = TextDifference(text, "".join(new))
    places = range(0, len(text) - 20, 5000)
    assert sum(difference.move(Span(place, place + 20)) is not None for place in places) > len(places) * 0.7
