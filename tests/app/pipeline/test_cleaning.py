"""The cleaned view of a text leads back to the original."""

from __future__ import annotations

import itertools
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from app.pipeline.rules.cleaning import CleanText
from app.pipeline.rules.reading import read_text, sentence_starts

ODD = ("å", "a\u030a", "o\u0308", "e\u0301\u0323", "\u00ad", "\u200b", "\ufeff", "😀", "👩\u200d⚕️", "\u00a0")
PLAIN = ("a", " ", "\n", "\x00", "“", "”", "\u030a", "\r\n", "\u2028", "– ", ". ", "att ", ", säger ")
NAMES = ("Karin Östlund", "Region Ska\u030ane", "12 miljoner kronor", "1177.se")
PIECES = st.sampled_from(ODD + PLAIN + NAMES)
TEXTS = st.lists(PIECES, max_size=30).map("".join)


@given(TEXTS)
def test_every_cleaned_letter_leads_to_its_original(text: str) -> None:
    clean = CleanText(text)
    last = 0
    for place, letter in enumerate(clean.text):
        start, end = clean.original(place, place + 1)
        assert last <= start < end <= len(text)
        last = end
        original = unicodedata.normalize("NFC", text[start:end])
        if letter.isalpha():
            assert original == letter


def test_soft_hyphens_at_the_edges_stay_outside() -> None:
    text = "\u00adKa\u00adrin\u00ad Öst"
    clean = CleanText(text)
    assert clean.text == "Karin Öst"
    assert clean.original(0, 5) == (1, 7)


@given(TEXTS)
def test_any_text_is_read_and_every_span_lies_inside(text: str) -> None:
    analysis = read_text(text)
    for proposal in analysis.proposals:
        assert all(0 <= start < end <= len(text) for start, end in proposal.spans)
        for end in (proposal.head, proposal.tail):
            assert end is None or 0 <= end < len(analysis.proposals)
    entities = sorted(p.spans[0] for p in analysis.proposals if p.kind == "entity")
    assert all(first.end <= second.start for first, second in itertools.pairwise(entities))
    assert all(0 <= start < len(text) for start in sentence_starts(text))
