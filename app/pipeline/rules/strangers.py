"""Names that nothing knows, by the words around them; they fill what everything else leaves empty."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from app.pipeline.rules import lexicon
from app.pipeline.rules.gazetteers import word_group, word_set
from app.pipeline.rules.records import Mention, Page

_PLAIN = re.compile(r"[A-ZÅÄÖ][a-zåäöé]{3,}s?")
_CAMEL = re.compile(r"[A-ZÅÄÖ][a-zåäö]{2,}[A-ZÅÄÖ]\w+|[a-zåäö]{1,2}[A-ZÅÄÖ]\w{2,}")
_HELD_BY = word_group("av från hos till företaget bolaget med och samt")
_USING = word_group(
    "testat testar testade provat provar prövar prövat använder använt infört införa inför införde upphandlat "
    "upphandlar "
    "utvecklat lanserat lanserar lanserade använda testa prova köpt via"
)
"""Behind one of these verbs stands what is used."""
_PUBLISHED = re.compile(r"\bpublicera[tds]\w*(?: [a-zåäö]+){0,2} i $")
"""Studies are published in journals."""
_IN_TITLE = re.compile(r"[A-ZÅÄÖ]\w+|of|and|the|for|&")
_TOLD = re.compile(r"\b(?:säger|sade|sa|uppger|berättar|berättade|skriver|kommenterar)(?: [a-zåäö]+){0,2} till $")
"""Newspapers are told things."""
_DEFINITE = ("en", "et", "na", "ens", "ets", "nas")
_SETTLED = re.compile(
    r"\b(?:bor|bodde|bosatt|ligger|låg|äldreboenden?|vårdcentral(?:en|er)?|mottagning(?:en|ar)?|växte upp|född|"
    r"hemma|huset|skola|skolan|byn|orten|samhället|kommunen|filial|öppnar|öppnade|finns)\b[^.!?]{0,30}$"
)


def find_strangers(page: Page, covered: Collection[int]) -> Iterator[Mention]:
    """Yield places after ``i`` and products written with a capital inside; ``covered`` are words of chosen mentions."""
    words = page.words
    for i, word in enumerate(words):
        if not word[0].isupper() and not _CAMEL.fullmatch(word):
            continue
        if i in covered or not i or page.gap(i - 1) != " " or word in word_set("abbreviations"):
            continue
        if words[i - 1] == "i" and _PUBLISHED.search(page.text, max(0, page.starts[i] - 40), page.starts[i]):
            end = i + 1
            while end < min(i + 5, len(words)) and page.gap(end - 1) == " " and _IN_TITLE.fullmatch(words[end]):
                end += 1
            if not words[i].islower() and word not in lexicon.place_names():
                yield Mention(page.starts[i], page.ends[end - 1], "ORGANISATION", 0.7, "rules/organisation:journal")
                continue
        if words[i - 1] == "till" and i not in page.first and word not in lexicon.place_names():
            start = page.starts[i]
            if _TOLD.search(page.text, max(0, start - 40), start):
                end = i + 2 if i + 1 < len(words) and page.gap(i) == " " and words[i + 1][0].isupper() else i + 1
                yield Mention(start, page.ends[end - 1], "ORGANISATION", 0.7, "rules/organisation:told")
                continue
        alone = i + 1 >= len(words) or page.gap(i) != " " or words[i + 1][0].islower()
        if _CAMEL.fullmatch(word) and "-" not in word:
            yield _camel(page, i)
        elif i not in page.first and words[i - 1] in _USING and alone and _PLAIN.fullmatch(word):
            if not lexicon.is_given_name(word) and word not in word_set("medicines"):
                yield Mention(page.starts[i], page.ends[i], "SERVICE", 0.55, "rules/service:used")
        elif i not in page.first and words[i - 1] == "i" and alone and _PLAIN.fullmatch(word):
            known = word.endswith(_DEFINITE) or lexicon.is_given_name(word) or word in word_set("medicines")
            start = page.starts[i]
            if not known and _SETTLED.search(page.text, max(0, start - 60), start - 2):
                yield Mention(start, page.ends[i], "PLACE", 0.6, "rules/place:settled")


def _camel(page: Page, i: int) -> Mention:
    word = page.words[i].removesuffix("s")
    for label, tails in (("EVENT", lexicon.EVENT_ENDINGS), ("PROGRAMME", lexicon.PROGRAMME_ENDINGS)):
        if word.endswith(tails):
            return Mention(page.starts[i], page.ends[i], label, 0.7, f"rules/{label.lower()}:camel")
    label = "ORGANISATION" if page.words[i - 1] in _HELD_BY or page.words[i].endswith("s") else "SERVICE"
    return Mention(page.starts[i], page.ends[i], label, 0.55, f"rules/{label.lower()}:camel")
