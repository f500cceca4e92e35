"""Paragraphs, words and selections on texts in which a character is not what it seems."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import QTextBoundaryFinder

from models.spans import Span
from ui.offsets import OffsetMap
from ui.panes.reader.heights import Heights
from ui.panes.reader.paragraphs import LONGEST, Paragraphs
from ui.panes.reader.selection import Selection, merged
from ui.panes.reader.words import Words

FAMILY, FLAG, RING = "👩‍👩‍👧‍👦", "🇸🇪", "a\u030a"
PARTS = ["a", "Å", " ", "\n", "\r", "\r\n", "-", ".", "\u00a0", "\u00ad", "ש", "é", "\t", RING, FAMILY, FLAG]
texts = st.lists(st.sampled_from(PARTS), max_size=60).map("".join)


def boundaries(text: str) -> set[int]:
    offsets, finder = OffsetMap(text), QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, text)
    found = {0}
    while (unit := finder.toNextBoundary()) >= 0:
        found.add(offsets.to_points(unit))
    flags = range(len(text) - 1)
    return found - {at + 1 for at in flags if text[at : at + 2] == FLAG}


@given(texts)
@example("")
@example("\r\n\r\n")
@example("a\rb\n\rc")
def test_paragraphs_and_line_ends_make_up_the_text(text: str) -> None:
    paragraphs = Paragraphs(text)
    edges = [*paragraphs.starts[1:], len(text)]
    pieces = [
        paragraphs.source(index) + text[paragraphs.ends[index] : edge] for index, edge in enumerate(edges)
    ]
    assert "".join(pieces) == text
    assert not any("\n" in paragraphs.source(index) for index in range(len(paragraphs)))
    for position in range(len(text) + 1):
        index = paragraphs.at(position)
        assert paragraphs.starts[index] <= position
        assert index + 1 == len(paragraphs) or position < paragraphs.starts[index + 1]


@given(texts)
def test_what_is_shown_is_as_long_as_what_is_stored(text: str) -> None:
    paragraphs = Paragraphs(text + "\x00\ufeff\x85\u2028\ufffc\x1b")
    for index in range(len(paragraphs)):
        shown = paragraphs.shown(index)
        assert len(shown) == len(paragraphs.source(index))
        assert OffsetMap(shown).units == paragraphs.units(index).units
        assert not {unicodedata.category(character) for character in shown if character != "\t"} & {
            "Cc",
            "Zl",
            "Zp",
        }
        assert "\ufeff" not in shown


@pytest.mark.parametrize("word", ["vård ", "åäö", FAMILY, RING])
def test_long_lines_are_cut_between_graphemes(word: str) -> None:
    text = word * (60_000 // len(word))
    paragraphs = Paragraphs(text)
    assert len(paragraphs) > 5
    assert "".join(map(paragraphs.source, range(len(paragraphs)))) == text
    assert max(end - start for start, end in zip(paragraphs.starts, paragraphs.ends, strict=True)) <= LONGEST
    assert set(paragraphs.starts) <= boundaries(text)


def test_a_long_run_inside_words_is_cut_off_from_them() -> None:
    text = "ord " * 500 + "x" * 9000 + " ord" * 500
    paragraphs = Paragraphs(text)
    longest = max(len(run) for index in range(len(paragraphs)) for run in paragraphs.source(index).split(" "))
    assert longest <= 4096
    assert "".join(map(paragraphs.source, range(len(paragraphs)))) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SKL:s e-hälsa på 1177.se.", ["SKL:s", "e-hälsa", "på", "1177.se"]),
        ("IT- och digitaliseringschef", ["IT-", "och", "digitaliseringschef"]),
        (f"{RING}lder sam\u00adverkan 15\u00a0000", [f"{RING}lder", "sam\u00adverkan", "15", "000"]),
        (f"hej{FAMILY}{FLAG}, nej", ["hej", FAMILY, FLAG, "nej"]),
        ("– Ja, 1,5 procent!", ["Ja", "1,5", "procent"]),
        ("שלום עולם", ["שלום", "עולם"]),
        ("1\ufe0f\u20e3 först", ["1\ufe0f\u20e3", "först"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    found = Words(text)
    assert [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)] == words


@given(texts, st.data())
def test_a_selection_never_splits_a_grapheme(text: str, data: st.DataObject) -> None:
    paragraphs = Paragraphs(text)
    selection = Selection(paragraphs)
    places = st.integers(0, len(text))
    selection.set(data.draw(places), data.draw(places))
    for _ in range(data.draw(st.integers(0, 8))):
        unit = data.draw(st.sampled_from(["word", "character", "paragraph", "document"]))
        selection.move(data.draw(st.sampled_from([-2, -1, 1, 2])), unit, extend=data.draw(st.booleans()))
        for position in (selection.anchor, selection.caret):
            assert position is not None
            assert 0 <= position <= len(text)
            index = paragraphs.at(position)
            inside = position - paragraphs.starts[index]
            assert inside in boundaries(paragraphs.source(index)) or position >= paragraphs.ends[index]


@pytest.mark.parametrize(
    ("start", "moves", "selected"),
    [
        (0, [1], "Region"),
        (0, [1, 1], "Region Öst"),
        (0, [1, 1, 1], "Region Öst\nsäger"),
        (3, [1], "Region"),
        (6, [1], "Öst"),
        (10, [-1], "Öst"),
        (0, [1, 1, 1, -1], "Region Öst"),
        (0, [1, 1, -1], "Region"),
        (16, [-1, -1, -1], "Region Öst\nsäger"),
        (16, [-1, -1, -1, 1], "Öst\nsäger"),
    ],
)
def test_extending_by_words_takes_whole_words(start: int, moves: list[int], selected: str) -> None:
    text = "Region Öst\nsäger ja"
    selection = Selection(Paragraphs(text))
    selection.set(start, start)
    for step in moves:
        selection.move(step, "word", extend=True)
    assert selection.span is not None
    assert text[slice(*selection.span)] == selected


def test_fragments_are_rising_and_disjoint() -> None:
    assert merged([Span(9, 12), Span(0, 3), Span(2, 5), Span(5, 6)]) == (Span(0, 6), Span(9, 12))


@pytest.mark.parametrize(
    ("position", "sentence"), [(0, "Först detta."), (8, "Först detta."), (16, "Sedan kl. 10 nästa!")]
)
def test_sentence(position: int, sentence: str) -> None:
    text = "Först detta.  Sedan kl. 10 nästa! "
    span = Selection(Paragraphs(text)).sentence(position)
    assert text[slice(*span)] == sentence


@given(st.lists(st.integers(0, 90), min_size=1, max_size=40), st.data())
def test_heights_answer_like_a_plain_sum(heights: list[int], data: st.DataObject) -> None:
    tree = Heights(heights)
    for _ in range(5):
        index, height = data.draw(st.integers(0, len(heights) - 1)), data.draw(st.integers(1, 90))
        assert tree.set(index, height) == height - heights[index]
        heights[index] = height
        assert tree.total == sum(heights)
        assert [tree.top(at) for at in range(len(heights))] == [
            sum(heights[:at]) for at in range(len(heights))
        ]
        y = data.draw(st.integers(-5, sum(heights) + 5))
        at = tree.at(y)
        assert (at == 0 or tree.top(at) <= y) and (at == len(heights) - 1 or y < tree.top(at) + heights[at])
