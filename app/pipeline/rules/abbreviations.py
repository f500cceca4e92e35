"""Abbreviations that a page explains: ``Long name (LN)``, ``LN (Long name)``, ``lång benämning (LB)``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.pipeline.rules.gazetteers import endings
from app.pipeline.rules.records import Mention, Page

_NAMED = ("ORGANISATION", "PROGRAMME", "SERVICE", "EVENT", "DOCUMENT")
_BRACKETS = re.compile(
    r" [\[(](?:förkortat |förkortas |kallat |kallad )?([A-ZÅÄÖa-zåäö][\w&/-]{1,11}(?: [A-ZÅÄÖ]\w{2,9})?)[\])]"
)
_SHORT = re.compile(r" \(([A-ZÅÄÖ][A-ZÅÄÖ0-9-]{1,7})\)")
_PARTY = re.compile(r" \((S|M|SD|C|V|KD|L|MP|FP|s|m|c|v|kd|mp|fp)\)")
_PARTIES = frozenset(("S", "M", "SD", "C", "V", "KD", "L", "MP", "FP"))
_BEHIND = re.compile(r", ([A-ZÅÄÖ]{2,8})(?=[.,])")
_LONG = re.compile(r"[\w-]+(?: [\w-]+){0,6}$")
_HEADS = (
    (
        "ORGANISATION",
        endings("team teamet centrum center enhet enheten rådet institutet byrån gruppen nämnden nätverket"),
    ),
    (
        "SERVICE",
        endings(
            "register registret lista listan katalog katalogen index system systemet plattform "
            "plattformen tjänst tjänsten"
        ),
    ),
    ("PROGRAMME", endings("projekt projektet program programmet strategi strategin samarbetet initiativet")),
    ("DOCUMENT", endings("lag lagen förordning förordningen direktiv direktivet konventionen")),
)


def find_abbreviations(page: Page, found: Sequence[Mention]) -> Iterator[Mention]:
    """Yield the short forms beside the long ones, and long ones in small letters that a short one explains."""
    for mention in found:
        if mention.label in _NAMED and (short := _BRACKETS.match(page.text, mention.end)):
            inner = short.group(1)
            initials = {word[:1].lower() for word in re.split(r"[ -]", page.text[mention.start : mention.end])}
            known = inner[0].lower() in initials or inner.lower() in page.text[mention.start : mention.end].lower()
            if known and sum(letter.isupper() for letter in inner) >= 2:
                yield Mention(*short.span(1), mention.label, 0.92, "rules/abbreviation:in-brackets")
        elif (
            mention.label == "ROLE" and (post := _SHORT.match(page.text, mention.end)) and post.group(1) not in _PARTIES
        ):
            yield Mention(*post.span(1), "ROLE", 0.85, "rules/abbreviation:in-brackets")
        elif mention.label in _NAMED and (short := _BEHIND.match(page.text, mention.end)):
            initials = {word[:1].upper() for word in re.split(r"[ -]", page.text[mention.start : mention.end])}
            if len(initials) > 1 and short.group(1)[0] in initials:
                yield Mention(*short.span(1), mention.label, 0.8, "rules/abbreviation:behind")
        elif mention.label in ("PERSON", "ROLE") and (party := _PARTY.match(page.text, mention.end)):
            yield Mention(*party.span(1), "ORGANISATION", 0.93, "rules/organisation:party")
    ends = {mention.end for mention in found}
    for sentence in page.sentences:
        for short in _SHORT.finditer(page.text, sentence.start, sentence.end):
            if short.start() not in ends:
                yield from _explained(page.text, sentence.start, short)


def _explained(text: str, start: int, short: re.Match[str]) -> Iterator[Mention]:
    """``specialiserade omvårdnadsteam (SOT)``: the words whose letters make the abbreviation.

    Schwartz and Hearst (2003), A simple algorithm for identifying abbreviation definitions.
    """
    before = _LONG.search(text, max(start, short.start() - 110), short.start())
    if before is None:
        return
    first = _match(text, before.start(), short.start(), short.group(1).replace("-", ""))
    head = text[first : short.start()].split(" ")[-1] if first is not None else ""
    label = next((label for label, tails in _HEADS if head.endswith(tails)), None)
    if first is not None and label is not None:
        yield Mention(first, short.start(), label, 0.7, f"rules/{label.lower()}:explained")
        yield Mention(*short.span(1), label, 0.75, "rules/abbreviation:in-brackets")


def _match(text: str, start: int, end: int, short: str) -> int | None:
    """Return where the long form begins: the letters of ``short``, backwards, the first one at the start of a word."""
    place = end
    for number in range(len(short) - 1, -1, -1):
        letter = short[number].lower()
        place -= 1
        while place >= start and not (
            text[place].lower() == letter and (number or place == start or not text[place - 1].isalnum())
        ):
            place -= 1
        if place < start:
            return None
    return place
