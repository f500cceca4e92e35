"""What claims are about, and what they are to each other: only where the wording itself shows it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from app.pipeline.rules.facets import is_negated
from app.pipeline.rules.records import Claim, ClaimLink, Mention, Page
from app.pipeline.rules.statements import is_finite

_TOPICS = ("PROGRAMME", "SERVICE", "DOCUMENT", "EVENT", "CONDITION")
_HEAD = re.compile(r"(?:[A-ZÅÄÖ]?[a-zåäö-]{3,}(?:en|et|na)|[Dd]en|[Dd]et)? ?”?")
_VERB = re.compile(r"”?(?: \([^)]{1,30}\))? ([a-zåäö]+)\b")
_WORD = re.compile(r"[a-zåäöéü]{4,}")
_NUMBER = re.compile(r"\d[\d ,.]*\d|\d")
_REASON = re.compile(
    r"(?:Skälet|Anledningen|Orsaken|Bakgrunden|Förklaringen)(?: till det(?:ta)?)? är\b|"
    r"Det(?:ta)? (?:beror|berodde) på\b"
)
_ALIKE = 0.75
"""So much of their words two claims share that say the same."""
_KIN = 0.6
"""So much of their words two claims share that speak of the same thing."""
_LEAST = 5
_COMMON = 12
"""A word that stands in more claims of a page than this says nothing about two of them."""


def find_claim_links(page: Page) -> Iterator[ClaimLink]:
    """Yield what the claims of a page are about, and which of them repeat, update, contradict or support others."""
    starts = [mention.start for mention in page.mentions]
    for number, claim in enumerate(page.claims):
        first = bisect_left(starts, claim.start)
        topic = _topic(page.text, claim, page.mentions[first : first + 1])
        if topic is not None:
            yield ClaimLink("ABOUT", number, topic, 0.6, "rules/about:subject")
        if number and _is_reason(page, number):
            yield ClaimLink("SUPPORTS", number, number - 1, 0.55, "rules/supports:reason")
    yield from _kin(page)


def _topic(text: str, claim: Claim, first: list[Mention]) -> Mention | None:
    """Return the named work, service, happening or illness that is the subject of a claim's first clause."""
    for mention in first:
        if mention.label not in _TOPICS or mention.end > claim.end:
            return None
        verb = _VERB.match(text, mention.end, claim.end)
        if _HEAD.fullmatch(text[claim.start : mention.start]) and verb and is_finite(verb.group(1)):
            return mention
    return None


def _is_reason(page: Page, number: int) -> bool:
    """Whether a claim gives the reason of the one directly before it, in the same voice."""
    before, claim = page.claims[number - 1], page.claims[number]
    near = 0 <= claim.start - before.end <= 3 and "\n" not in page.text[before.end : claim.start]
    return near and before.speaker == claim.speaker and _REASON.match(page.text, claim.start) is not None


def _kin(page: Page) -> Iterator[ClaimLink]:
    """Yield pairs of claims that share most of their words: the later one is said of the earlier one."""
    texts = [page.text[claim.start : claim.end] for claim in page.claims]
    words = [frozenset(_WORD.findall(text.lower())) for text in texts]
    places: dict[str, list[int]] = defaultdict(list)
    for later, own in enumerate(words):
        shared: dict[int, int] = defaultdict(int)
        for word in own:
            for earlier in places[word] if len(places[word]) <= _COMMON else ():
                shared[earlier] += 1
            places[word].append(later)
        for earlier, count in shared.items():
            if count >= _LEAST:
                yield from _pair(texts, earlier, later, count / len(own | words[earlier]))


def _pair(texts: list[str], earlier: int, later: int, share: float) -> Iterator[ClaimLink]:
    first, second = texts[earlier], texts[later]
    numbers = [set(_NUMBER.findall(text)) for text in (first, second)]
    if share >= _KIN and is_negated(first) != is_negated(second):
        yield ClaimLink("CONTRADICTS", later, earlier, 0.5, "rules/contradicts:negation")
    elif share >= _KIN and numbers[0] and numbers[1] and numbers[0] != numbers[1]:
        yield ClaimLink("UPDATES", later, earlier, 0.5, "rules/updates:number")
    elif share >= _ALIKE and numbers[0] == numbers[1]:
        yield ClaimLink("REPEATS", later, earlier, 0.7, "rules/repeats:wording")
