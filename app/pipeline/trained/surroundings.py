"""A text read by the rules around entities that somebody else found: sentences, claims, relations between those."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property

from app.pipeline.rules.claims import find_claims
from app.pipeline.rules.cleaning import CleanText
from app.pipeline.rules.furniture import find_furniture, furniture_spans
from app.pipeline.rules.lines import read_sentences, split_lines
from app.pipeline.rules.records import Mention, Page, Sentence
from app.pipeline.rules.relations import find_relations
from app.pipeline.rules.words import read_words
from models.spans import Span

Entity = tuple[int, int, str]
"""Start and end in code points of the original, and label."""


class Surroundings:
    """A text with its entities as the rules see them. Offsets inside are those of the cleaned text."""

    def __init__(self, text: str, entities: Iterable[Entity]) -> None:
        self._clean = CleanText(text)
        self._same = len(self._clean.text) == len(text)
        self.text = self._clean.text
        self.page = page = Page(self.text)
        lines = split_lines(self.text)
        marks = find_furniture(self.text, lines)
        page.furniture = furniture_spans(lines, marks)
        page.sentences = read_sentences(self.text, [line for line, mark in zip(lines, marks, strict=True) if not mark])
        read_words(page, page.sentences)
        mentions = (
            (one, Mention(*self.cleaned(Span(*one[:2])), one[2], 1.0, "given")) for one in sorted(set(entities))
        )
        self.entities: dict[Entity, Mention] = {
            one: mention for one, mention in mentions if mention.start < mention.end
        }
        page.mentions = _apart(self.entities.values())
        find_claims(page)
        find_relations(page)
        self.sentences = self._every_sentence()
        self._starts = [one.start for one in self.sentences]

    @cached_property
    def _origins(self) -> list[int]:
        """Where each letter of the cleaned text begins in the original."""
        return [self._clean.original(place, place + 1).start for place in range(len(self.text))]

    def _place(self, place: int) -> int:
        """Return where a place of the original lies in the cleaned text."""
        return place if self._same else bisect_left(self._origins, place)

    def _every_sentence(self) -> list[Sentence]:
        """Return the sentences, also those that the rules take for furniture: whoever labels may see it otherwise."""
        known = self.page.sentences
        if not self.page.furniture:
            return known
        starts, last = {one.start for one in known}, max((one.block for one in known), default=0)
        more = [
            Sentence(one.start, one.end, last + 1 + one.block, "heading")
            for one in read_sentences(self.text, split_lines(self.text))
            if one.start not in starts and any(one.start < b and a < one.end for a, b in self.page.furniture)
        ]
        return sorted([*known, *more])

    def original(self, start: int, end: int) -> Span:
        """Return where a stretch of the cleaned text lies in the original."""
        return self._clean.original(start, end)

    def cleaned(self, span: Span) -> tuple[int, int]:
        """Return where a span of the original lies in the cleaned text."""
        return self._place(span.start), self._place(span.end)

    def sentence_at(self, place: int) -> int:
        """Return the number of the sentence that a place of the cleaned text lies in or comes after."""
        return max(0, bisect_right(self._starts, place) - 1)


def _apart(mentions: Iterable[Mention]) -> list[Mention]:
    """Return mentions that do not overlap, the longer ones first: the rules know no others."""
    kept: list[Mention] = []
    for one in sorted(mentions, key=lambda mention: (mention.start, -mention.end)):
        if not kept or kept[-1].end <= one.start:
            kept.append(one)
    return kept
