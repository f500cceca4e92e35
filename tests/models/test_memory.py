"""What is remembered is found again: in other cases, inflections and spellings, and nowhere it does not belong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.memory import LEAST, Closed, Context, Memory
from models.spans import Span
from models.wording import form_of, said_as, words

NAMES = (
    "Region Sjövik",
    "Sjövik",
    "Eva Ek",
    "Ek",
    "SKL:s",
    "e-hälsa",
    "vårdköer",
    "Sva\u030arta Hav",
    "Öst\u00adhav 😀 AB",
)
OPEN = Closed()
LABELS = ("PERSON", "PLACE", "ORGANISATION")


def found(memory: Memory, text: str, closed: Closed = OPEN) -> list[tuple[str, str]]:
    """Return the passages that the memory proposes, with their labels."""
    return [(text[one.span.start : one.span.end], one.label) for one in memory.read(text, closed)]


def remembering(**quotes: str) -> Memory:
    """Return a memory of these words (underscores are blanks), each confirmed once with its label."""
    memory = Memory()
    for quote, label in quotes.items():
        memory.remember(quote.replace("_", " "), {label: 1})
    return memory


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ("Region Sjövik", "Region Sjövik"),
        ("Region Sjövik", "Region\u00a0Sjöviks"),
        ("Region Sjövik", "REGION SJÖVIK"),
        ("Region Sjövik", "Region\nSjo\u0308vik"),
        ("Region Sjöviks", "Region Sjövik"),
        ("Region Sjövik", "Region Sjö\u00advik"),
        ("SKL", "SKL:s"),
        ("SKL:s", "SKLs"),
        ("SKL:s", "SKL"),
        ("regeringen", "Regeringen"),
        ("e-hälsa", "e‑hälsa"),
        ("hjärtsvikt", "hjärtsvikten"),
        ("hjärtsvikt", "Hjärtsviktens"),
        ("VISION SJÖVIK", "Vision Sjövik"),
    ],
)
def test_a_form_is_found_in_other_spellings(known: str, said: str) -> None:
    memory = Memory()
    memory.remember(known, {"ORGANISATION": 1})
    assert found(memory, f"{said} är här.") == [(said, "ORGANISATION")]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ("Lars", "Lar"),
        ("Hans", "han"),
        ("Sjövik", "sjövik"),
        ("Sjövik", "Sjövikshamn"),
        ("Sjövik", "Sjövik-projektet"),
        ("Sjövik", "Norra-Sjövik"),
        ("SKL", "skl"),
        ("Björn", "i björn"),
        ("Eva Ek", "Eva\n\nEk"),
        ("Eva Ek", "Eva, Ek"),
        ("kris", "krisen"),
    ],
)
def test_other_words_are_other_words(known: str, said: str) -> None:
    memory = Memory()
    memory.remember(known, {"PERSON": 1})
    assert found(memory, f"Om {said} sades inget.") == []


def test_the_longest_counts_and_nothing_inside_it() -> None:
    memory = remembering(Region_Sjövik="ORGANISATION", Sjövik="PLACE")
    text = "Region Sjövik ligger i Sjövik."
    assert found(memory, text) == [("Region Sjövik", "ORGANISATION"), ("Sjövik", "PLACE")]
    assert found(memory, text, Closed([Span(0, 6)])) == [("Sjövik", "PLACE"), ("Sjövik", "PLACE")]


def test_what_is_closed_refused_or_barred_stays_away() -> None:
    memory = remembering(Sjövik="PLACE")
    text = "Sjövik och Sjövik"
    assert found(memory, text, Closed([Span(0, 3)])) == [("Sjövik", "PLACE")]
    assert [one.span for one in memory.read(text, Closed(refused={("PLACE", 0, 6)}))] == [Span(11, 17)]
    assert found(memory, text, Closed(barred={("PLACE", "sjövik")})) == []
    memory.silent.add(form_of("Sjövik"))
    assert found(memory, text) == []


def test_refusals_and_other_labels_speak_against_a_label() -> None:
    memory = remembering(Sjövik="PLACE")
    (before,) = memory.read("Sjövik")
    memory.remember("Sjövik", {"PLACE": 4})
    (after,) = memory.read("Sjövik")
    assert after.score > before.score >= LEAST
    memory.refuse("sjövik", {"PLACE": 6})
    assert memory.read("Sjövik") == []
    memory.refuse("sjövik", {})
    memory.remember("Sjövik", {"PLACE": 4, "ORGANISATION": 1})
    assert found(memory, "Sjövik") == [("Sjövik", "PLACE")]


def test_the_words_beside_an_ambiguous_form_decide() -> None:
    contexts = [Context("PLACE", True, "i", "och")] * 4 + [Context("ORGANISATION", True, "säger", ",")] * 4
    memory = Memory(lambda form: contexts)
    memory.remember("Sjövik", {"PLACE": 4, "ORGANISATION": 4})
    assert found(memory, "Vi bor i Sjövik och trivs.") == [("Sjövik", "PLACE")]
    assert found(memory, "Det säger Sjövik, som vet.") == [("Sjövik", "ORGANISATION")]


def test_a_definite_form_that_was_refused_itself_is_not_proposed_for_its_noun() -> None:
    memory = remembering(projektledare="ROLE")
    assert found(memory, "Hon är projektledaren.") == [("projektledaren", "ROLE")]
    memory.refuse("projektledaren", {"ROLE": 1})
    assert found(memory, "Hon är projektledaren.") == []
    assert found(memory, "Hon är projektledare.") == [("projektledare", "ROLE")]


quotes = st.sampled_from(NAMES)
judgements = st.lists(
    st.tuples(st.booleans(), quotes, st.dictionaries(st.sampled_from(LABELS), st.integers(1, 4), max_size=3)),
    max_size=25,
)
pieces = st.lists(
    st.sampled_from((*NAMES, *(name.upper() for name in NAMES), "i", "och", ".", "\n", "\n\n", "-", "😀", "\u00a0")),
    max_size=40,
)


@given(judgements)
def test_the_memory_is_a_function_of_what_was_said_last(said: list[tuple[bool, str, dict[str, int]]]) -> None:
    grown, last = Memory(), {}
    for good, quote, counts in said:
        (grown.remember if good else grown.refuse)(quote, counts)
        last[good, quote] = counts
    made = Memory()
    for (good, quote), counts in last.items():
        if counts:
            (made.remember if good else made.refuse)(quote, counts)
    assert grown.forms.keys() == made.forms.keys()
    text = " ".join((*NAMES, "vårdköerna", "SKL")) + "\n" + ". ".join(NAMES)
    assert [one[:3] for one in grown.read(text)] == [one[:3] for one in made.read(text)]
    for good, quote in last:
        (grown.remember if good else grown.refuse)(quote, {})
    assert not grown.forms and not grown._alone and not grown._begun and not grown._first and not grown._nouns


@given(judgements, pieces, st.lists(st.integers(0, 200), max_size=6))
def test_proposals_are_whole_words_in_order_and_outside_what_is_closed(
    said: list[tuple[bool, str, dict[str, int]]], parts: list[str], ends: list[int]
) -> None:
    memory = Memory()
    for good, quote, counts in said:
        (memory.remember if good else memory.refuse)(quote, counts)
    text = " ".join(parts)
    closed = [Span(start, start + 3) for start in ends if start + 3 <= len(text)]
    read = words(text)
    after = 0
    for one in memory.read(text, Closed(closed)):
        assert after <= one.span.start < one.span.end <= len(text)
        assert one.span.start in read.starts and one.span.end in read.ends
        assert not any(one.span.overlaps(span) for span in closed)
        assert LEAST <= one.score <= 1
        after = one.span.end


@given(pieces)
def test_words_are_what_is_no_space_and_expressions_are_sound(parts: list[str]) -> None:
    text = " ".join(parts)
    read = words(text)
    covered = {place for start, end in zip(read.starts, read.ends, strict=True) for place in range(start, end)}
    assert all(text[place].isspace() or place in covered for place in range(len(text)))
    assert '""' not in said_as(form_of(text))
