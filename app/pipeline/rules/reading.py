"""From a text to proposals: the order in which the rules run."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from app.pipeline.rules.claim_links import find_claim_links
from app.pipeline.rules.claims import find_claims
from app.pipeline.rules.cleaning import CleanText
from app.pipeline.rules.entities import find_mentions
from app.pipeline.rules.facets import certainty_of, is_negated
from app.pipeline.rules.furniture import find_furniture, furniture_spans
from app.pipeline.rules.lines import read_sentences, split_lines
from app.pipeline.rules.records import Claim, Mention, Page
from app.pipeline.rules.relations import find_relations
from app.pipeline.rules.words import read_words
from models.suggestions import Analysis, Proposal

Judge = Callable[[Sequence[Mention]], list[Mention]]
"""Decides which mentions stand and adds others, before claims and relations are read from them."""


def read_page(text: str, extra: Iterable[Mention] = (), judge: Judge | None = None) -> Page:
    """Return all that the rules find in a cleaned text; ``extra`` are candidates from elsewhere."""
    page = Page(text)
    lines = split_lines(text)
    marks = find_furniture(text, lines)
    page.furniture = furniture_spans(lines, marks)
    page.sentences = read_sentences(text, [line for line, mark in zip(lines, marks, strict=True) if not mark])
    read_words(page, page.sentences)
    page.mentions = find_mentions(page, extra)
    if judge is not None:
        page.mentions = _within_sentences(page, judge(page.mentions))
    find_claims(page)
    find_relations(page)
    return page


def _within_sentences(page: Page, mentions: Iterable[Mention]) -> list[Mention]:
    """Return the mentions that lie within one sentence of the article each, in order."""
    starts = [sentence.start for sentence in page.sentences]
    kept = []
    for mention in sorted(mentions):
        number = bisect_right(starts, mention.start) - 1
        if number >= 0 and mention.end <= page.sentences[number].end:
            kept.append(mention)
    return kept


def sentence_starts(text: str) -> list[int]:
    """Return where sentences begin in ``text``, in its own code points, furniture lines included."""
    clean = CleanText(text)
    lines = split_lines(clean.text)
    opening = {line.content: line.start for line in lines}
    starts = (opening.get(sentence.start, sentence.start) for sentence in read_sentences(clean.text, lines))
    return [clean.original(start, start + 1).start for start in starts]


def read_text(text: str, extra: Iterable[Mention] = (), judge: Judge | None = None) -> Analysis:
    """Return the rules' proposals on ``text``, in its own code points; so is what ``extra`` and ``judge`` say."""
    clean = CleanText(text)

    def judged(mentions: Sequence[Mention]) -> list[Mention]:
        assert judge is not None
        places = (clean.original(mention.start, mention.end) for mention in mentions)
        told = [mention._replace(start=at.start, end=at.end) for mention, at in zip(mentions, places, strict=True)]
        return _cleaned(clean, text, judge(told))

    page = read_page(clean.text, _cleaned(clean, text, extra), judged if judge else None)
    furniture = tuple(clean.original(span.start, span.end) for span in page.furniture)
    return Analysis(tuple(_proposals(page, clean)), furniture)


def _proposals(page: Page, clean: CleanText) -> list[Proposal]:
    """Return a page's mentions, claims and relations in the original's code points, relations last."""
    proposals: list[Proposal] = []
    numbers: dict[Mention, int] = {}
    for mention in page.mentions:
        numbers[mention] = len(proposals)
        spans = (clean.original(mention.start, mention.end),)
        proposals.append(Proposal("entity", mention.label, spans, score=mention.score, source=mention.source))
    first = len(proposals)
    proposals += (_claim(clean, claim) for claim in page.claims)
    for number, claim in enumerate(page.claims, first):
        speaker = None if claim.speaker is None else numbers.get(claim.speaker)
        if speaker is not None:
            said = ("ATTRIBUTED_TO", number, speaker, claim.speaker_score, "rules/attributed-to")
            proposals.append(_relation(*said))
    for one in find_claim_links(page):
        tail = first + one.tail if isinstance(one.tail, int) else numbers[one.tail]
        proposals.append(_relation(one.label, first + one.head, tail, one.score, one.source))
    proposals += (
        _relation(link.label, numbers[link.head], numbers[link.tail], link.score, link.source)
        for link in page.links
        if link.head in numbers and link.tail in numbers and link.head != link.tail
    )
    return proposals


def _claim(clean: CleanText, claim: Claim) -> Proposal:
    text = clean.text[claim.start : claim.end]
    facets: dict[str, object] = {"kind": claim.kind, "mode": claim.mode}
    if claim.cue:
        facets["cue"] = claim.cue
    if certainty := certainty_of(text):
        facets["certainty"] = certainty
    if is_negated(text):
        facets["negated"] = True
    spans = (clean.original(claim.start, claim.end),)
    return Proposal("claim", "CLAIM", spans, facets=facets, score=claim.score, source=claim.source)


def _relation(label: str, head: int, tail: int, score: float, source: str) -> Proposal:
    return Proposal("relation", label, head=head, tail=tail, score=score, source=source)


def _cleaned(clean: CleanText, text: str, extra: Iterable[Mention]) -> list[Mention]:
    """Return candidates given in the original's code points in the cleaned text's."""
    extra = list(extra)
    if not extra or len(clean.text) == len(text):
        return extra
    placed = ((mention, clean.cleaned(mention.start, mention.end)) for mention in extra)
    return [mention._replace(start=span.start, end=span.end) for mention, span in placed if span is not None]
