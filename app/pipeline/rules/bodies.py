"""Organisations and places by the shape of their names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from app.pipeline.rules import lexicon
from app.pipeline.rules.gazetteers import word_group, word_set
from app.pipeline.rules.kinds import is_several, kind_of
from app.pipeline.rules.phrases import OPENING, phrase_end
from app.pipeline.rules.records import Mention, Page

_COMPANY = frozenset(("AB", "ABs", "AB:s", "Ltd", "Inc", "Inc.", "GmbH", "HB", "Oy", "ASA", "Group", "Holding"))
_ENGLISH_TAIL = word_group(
    "Hospital University Institute Institutes Center Centre School Clinic Foundation Council Agency "
    "Group City Park Bio Health Care Medical Lab Labs "
    "Systems Technologies Solutions Network Alliance Association Society Ventures Capital Medtech "
    "Healthcare Sciences Science Partners Sweden Nordic "
    "Europe International Software Consulting Analytics Research"
)
_VENUE_TAIL = word_group("Office Arena Hall House Center Centre Hotel Konserthus Kongresshall Mässan Congress")
_CHAINS = word_group(
    "Närhälsan Capio Aleris Meliva Praktikertjänst Attendo Humana Ambea Vardaga Achima Nytida Folktandvården "
    "Länsförsäkringar Almi Familjeläkarna Kvarterskliniken Läkarhuset Medicover"
)
"""Chains whose branches bear the place's name behind theirs."""
_VENUE_HEADS = word_group("Hotell Hotel Campus Clarion Quality Scandic Elite Radisson")
_ENGLISH_KINDS = {
    **dict.fromkeys(("Strategy", "Programme", "Program", "Initiative", "Roadmap", "Framework", "Project"), "PROGRAMME"),
    **dict.fromkeys(("Conference", "Summit", "Congress", "Symposium", "Days", "Week", "Expo"), "EVENT"),
}
_JOINERS = word_group("of and for the & in")
_SEATED = word_group(
    "Länsstyrelsen Högskolan Universitetet Landstinget Handelshögskolan Kammarrätten Förvaltningsrätten "
    "Hovrätten Universitetssjukhuset "
    "Centralsjukhuset Centrallasarettet Länssjukhuset Lasarettet"
)
_FIELD_HEADS = word_group(
    "Nätverket Föreningen Forum institutionen Kommissionen Partnerskapet Akademin Laboratoriet Utskottet "
    "Institutionen Centrum Institutet Myndigheten Nämnden Delegationen Kommittén Stiftelsen Rådet "
    "Riksförbundet Sektionen Enheten "
    "Avdelningen Kansliet Samverkansnämnden Kompetenscentrum Forskningsrådet Inspektionen"
)
_LISTED_FIELDS = word_group("Institutionen institutionen Sektionen Enheten Avdelningen")
"""Their fields may be a list: ``Institutionen för hälsa, medicin och vård``."""
_FIELD_STOP = word_group(
    "som där när med vid på under inom mellan hos från kring samt via genom sedan efter mot utan att men "
    "eller i till av om nu också även tillsammans inte"
)
_SURE_ENDINGS = (
    "verket",
    "inspektionen",
    "förbundet",
    "institutet",
    "kommittén",
    "delegationen",
    "departementet",
    "stiftelsen",
)
"""At the start of a sentence, where any noun is capitalised, these endings still mean a name."""
_HELD = re.compile(
    r"\b(?:hölls|hålls|höll|arrangeras|arrangerades|anordnas|anordnades|äger rum|ägde rum|träffades|"
    r"samlades|möttes|genomfördes|invigdes|invigning)\b[^.!?\n]{0,40}$"
)
_AREA = re.compile(r"(.+?)s?(?:området|trakten|regionen|bygden|slätten|kusten)s?$")
_SENTENCE_WORDS = word_group(
    "I På Vid För Från Till Med Av Om Efter Under Inom Hos Mot Mellan Enligt Den Det De En Ett Vi Jag "
    "Han Hon När Där Här Nu Men Och Även Också Hur Vad Som Att"
)


def find_bodies(page: Page, taken: frozenset[int]) -> Iterator[Mention]:
    """Yield organisations and places that no list names; ``taken`` are words of listed names."""
    words = page.words
    inside = Counter(word for i, word in enumerate(words) if word[0].isupper() and i not in page.first)
    for i, word in enumerate(words):
        if not word[0].isupper():
            if word.endswith(lexicon.LOWER_ORGANISATION_ENDINGS) and word not in lexicon.GENERIC:
                yield _mention(page, i, i + 1, "ORGANISATION", 0.8, "rules/organisation:ending")
            elif word == "institutionen":
                yield from _field(page, i, taken)
            continue
        run = _run(page, i)
        yield from _region(page, i, run)
        yield from _seat(page, i)
        yield from _field(page, i, taken)
        yield from _compound(page, i, taken, inside)
        if i not in page.first or word not in _SENTENCE_WORDS:
            yield from _run_names(page, i, run, taken)
        yield from _triggered(page, i, run, taken)
        yield from _places(page, i, run, taken)


def _mention(page: Page, start: int, end: int, label: str, score: float, source: str) -> Mention:
    return Mention(page.starts[start], page.ends[end - 1], label, score, source)


def _run(page: Page, i: int) -> int:
    """Return the end of the run of capitalised words that begins at ``i``, English joiners included."""
    words = page.words
    end = i + 1
    while end < len(words) and end - i < 7:
        gap = page.gap(end - 1)
        if gap not in (" ", " & ") or gap == "\n":
            break
        if words[end][0].isupper() or (words[end][0].isdigit() and end > i + 1):
            end += 1
        elif (
            words[end] in _JOINERS
            and words[end] not in ("in", "for")
            and end + 1 < len(words)
            and words[end + 1][0].isupper()
        ):
            end += 2
        else:
            break
    return end


def _region(page: Page, i: int, run: int) -> Iterator[Mention]:
    words = page.words
    if words[i] in ("Region", "Regions") and run > i + 1:
        end = i + 2
        if end < len(words) and words[end] in ("län", "läns") and page.gap(end - 1) == " ":
            end += 1
        yield _mention(page, i, end, "ORGANISATION", 0.93, "rules/organisation:region")


def _seat(page: Page, i: int) -> Iterator[Mention]:
    """``Högskolan i Borås``, ``Länsstyrelsen i Skåne län``."""
    words = page.words
    if words[i] in _SEATED and i + 1 < len(words) and page.gap(i) == " ":
        end = i + 2 if words[i + 1] == "i" else i + 1
        if end < len(words) and words[end][0].isupper() and page.gap(end - 1) == " ":
            end += 1
            if (
                end < len(words)
                and page.gap(end - 1) == " "
                and words[end][0].isupper()
                and words[end - 1].endswith("a")
            ):
                end += 1
            if end < len(words) and words[end] in ("län", "läns") and page.gap(end - 1) == " ":
                end += 1
            yield _mention(page, i, end, "ORGANISATION", 0.92, "rules/organisation:seat")
    elif words[i] == "Länsstyrelsen":
        yield _mention(page, i, i + 1, "ORGANISATION", 0.6, "rules/organisation:seat")


def _field(page: Page, i: int, taken: frozenset[int]) -> Iterator[Mention]:
    """``Institutionen för kliniska vetenskaper``: the name runs to a verb or a preposition."""
    words = page.words
    if words[i] not in _FIELD_HEADS or i in taken or i + 2 >= len(words) or words[i + 1] != "för" or page.gap(i) != " ":
        return
    end = i + 2
    while end < len(words) and end - i < 9 and page.gap(end - 1) == " ":
        if words[end] in _FIELD_STOP or words[end] in word_set("finite_verbs") or lexicon.is_passive(words[end]):
            break
        end += 1
    if page.gap(end - 1) == ", " and words[end + 1 : end + 2] == ["och"] and words[i] in _LISTED_FIELDS:
        end += 3
    while end > i + 2 and words[end - 1] in ("och", "samt"):
        end -= 1
    if end > i + 2:
        yield _mention(page, i, end, "ORGANISATION", 0.75, "rules/organisation:field")


def _compound(page: Page, i: int, taken: frozenset[int], inside: Counter[str]) -> Iterator[Mention]:
    word = page.words[i].removesuffix("s")
    if not word.endswith(lexicon.ORGANISATION_ENDINGS) or word.lower() in lexicon.GENERIC or i in taken:
        return
    owns = page.words[i] != word and i + 1 < len(page.words) and lexicon.is_role(page.words[i + 1])
    clause = page.gap(i) == ", " and page.words[i + 1 : i + 2] == ["som"]
    if i in page.first and not (inside[page.words[i]] or owns or clause or word.endswith(_SURE_ENDINGS)):
        return
    yield _mention(page, i, i + 1, "ORGANISATION", 0.75, "rules/organisation:ending")


def _run_names(page: Page, i: int, run: int, taken: frozenset[int]) -> Iterator[Mention]:
    """Names of several capitalised words: companies, foreign institutions, an acronym with a place."""
    words = page.words
    opening = i in page.first and kind_of(words[i]) is not None
    if words[i] in _CHAINS and run > i + 1:
        yield _mention(page, i, i + 2, "ORGANISATION", 0.85, "rules/organisation:branch")
    if words[i] in ("Stiftelsen", "Helse") and run > i + 1:
        yield _mention(page, i, run, "ORGANISATION", 0.9, "rules/organisation:foundation")
    if "Science Park" in page.text[page.starts[i] : page.ends[run - 1]]:
        yield _mention(page, i, run, "ORGANISATION", 0.85, "rules/organisation:park")
    if words[i] in ("P4", "P5") and run > i + 1:
        yield _mention(page, i, i + 2, "ORGANISATION", 0.9, "rules/organisation:radio")
    if run > i + 1 and words[i].lower() not in lexicon.GENERIC and not opening:
        last = words[run - 1]
        tail = last if last in _ENGLISH_TAIL else last.removesuffix("s")
        if last in _COMPANY:
            yield _mention(page, i, run, "ORGANISATION", 0.92, "rules/organisation:company")
        elif tail in _VENUE_TAIL and _HELD.search(page.text, max(0, page.starts[i] - 90), page.starts[i]):
            yield _mention(page, i, run, "PLACE", 0.7, "rules/place:venue")
        elif last in _ENGLISH_KINDS and words[i].isascii() and not words[i].endswith(":s"):
            label = _ENGLISH_KINDS[last]
            yield _mention(page, i, run, label, 0.8, f"rules/{label.lower()}:english")
        elif words[i] in _VENUE_HEADS:
            yield _mention(page, i, run, "PLACE", 0.8, "rules/place:venue")
        elif tail in _ENGLISH_TAIL:
            yield _mention(page, i, run, "ORGANISATION", 0.8, "rules/organisation:english")
    acronym = words[i] in ("FoU", "RF-SISU") or (words[i].isupper() and 2 <= len(words[i]) <= 5)
    named = run > i + 1 and all(k in taken for k in range(i + 1, run)) and not words[i + 1].isupper()
    if acronym and named and lexicon.is_place(" ".join(words[i + 1 : run])):
        yield _mention(page, i, run, "ORGANISATION", 0.75, "rules/organisation:acronym-place")


def _triggered(page: Page, i: int, run: int, taken: frozenset[int]) -> Iterator[Mention]:
    words = page.words
    if i and page.gap(i - 1) == " " and words[i - 1][-1].islower():
        several = is_several(words[i - 1])
        if words[i] in OPENING and run == i + 1 and kind_of(words[i - 1]) == "ORGANISATION":
            run = phrase_end(page, i)
        if several or kind_of(words[i - 1]) == "ORGANISATION":
            yield _mention(page, i, run, "ORGANISATION", 0.8, "rules/organisation:after-kind")
        while several:
            begin = run + 1 if words[run : run + 1] in (["och"], ["samt"]) else run
            if begin >= len(words) or not words[begin][0].isupper() or page.gap(begin - 1) not in (" ", ", "):
                break
            run = _run(page, begin)
            yield _mention(page, begin, run, "ORGANISATION", 0.75, "rules/organisation:after-kind")


def _places(page: Page, i: int, run: int, taken: frozenset[int]) -> Iterator[Mention]:
    words = page.words
    word = words[i].removesuffix("s")
    if word.endswith(lexicon.STREET_ENDINGS) and (
        i not in page.first or (page.gap(i)[:1] == " " and words[min(i + 1, len(words) - 1)].isdigit())
    ):
        start = i - 1 if i and words[i - 1][0].isupper() and page.gap(i - 1) == " " and i - 1 not in page.first else i
        yield _mention(page, start, i + 1, "PLACE", 0.85, "rules/place:street")
        return
    area = _AREA.match(words[i])
    if area and (area.group(1) in lexicon.place_names() or area.group(1) + "s" in lexicon.place_names()):
        yield _mention(page, i, i + 1, "PLACE", 0.85, "rules/place:area")
    unknown = run > i + 1 and i and words[i - 1] == "på" and not set(range(i, run)) <= taken
    if unknown and _HELD.search(page.text, max(0, page.starts[i] - 60), page.starts[i - 1]):
        yield _mention(page, i, run, "PLACE", 0.7, "rules/place:venue")
