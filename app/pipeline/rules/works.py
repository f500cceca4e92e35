"""Programmes, services, documents, events and illnesses by their surroundings and endings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.pipeline.rules import lexicon
from app.pipeline.rules.gazetteers import word_group, word_set
from app.pipeline.rules.records import Mention, Page

_KINDS = {
    "DOCUMENT": (
        "boken handboken rapporten delrapporten slutrapporten årsrapporten forskningsrapporten "
        "betänkandet slutbetänkandet delbetänkandet utredningen propositionen lagen "
        "förordningen guiden skriften artikeln avhandlingen broschyren studien promemorian vägledningen "
        "skrivelsen debattartikeln "
        "rapport bok antologin kartläggningen handlingsplanen riktlinjerna riktlinjen uppsatsen "
        "dokumentet publikationen"
    ),
    "PROGRAMME": (
        "projektet projekten programmet satsningen strategin initiativet samarbetet visionen "
        "pilotprojektet forskningsprojektet utvecklingsprojektet innovationsprojektet eu-projektet "
        "samverkansprojektet innovationsprogrammet forskningsprogrammet utvecklingsprogrammet färdplanen "
        "kampanjen nätverket överenskommelsen projekt"
    ),
    "SERVICE": (
        "appen tjänsten plattformen systemet journalsystemet webbplatsen sajten verktyget e-tjänsten "
        "portalen vårdinformationssystemet webbtjänsten "
        "hemsidan it-systemet mobilappen chattboten webbportalen vårdappen databasen registret "
        "kvalitetsregistret produkten vårdtjänsten plattform"
    ),
    "EVENT": (
        "konferensen mässan kongressen evenemanget eventet seminariet hackathonet hackatonet toppmötet "
        "vårdmässan branschmässan e-hälsomässan"
    ),
}
_KIND_OF = {word: label for label, words in _KINDS.items() for word in words.split()}
_SOURCE = {label: f"rules/{label.lower()}:after-kind" for label in _KINDS}
_ENDING_KINDS = (
    *(
        (ending, "SERVICE")
        for ending in ("appen", "systemet", "tjänsten", "plattformen", "stödet", "portalen")
    ),
    *((ending, "SERVICE") for ending in ("verktyget", "sajten", "databasen")),
    *((ending, "PROGRAMME") for ending in ("projektet", "programmet", "satsningen", "initiativet")),
    *((ending, "DOCUMENT") for ending in ("rapporten", "utredningen", "boken", "avhandlingen")),
    *((ending, "EVENT") for ending in ("konferensen", "mässan", "seminariet")),
)
_KIND_ENDINGS = tuple(ending for ending, _ in _ENDING_KINDS)
_QUOTED = re.compile(
    r"\b([\w-]+)(?:,)? (?:som heter |med namnet |med titeln |kallad |kallat )?”([^”\n]{2,160})”"
)
_LISTED_REPORT = re.compile(r"\b[Rr]apport(?:er|en|)\b[^.!?\n]{0,160}: ?”([^”\n]{5,120})”")
_PRINT = re.compile(
    r"\b(?:SOU|Ds|prop\.|Prop\.|bet\.|dir\.|Dir\.|skr\.) \d{4}(?:[/-]\d{2,4})?:\w+"
    r"|\b(?:[Ll]ag(?:en)?|[Ff]örordning(?:en)?) \(\d{4}:\d+\)(?: om [a-zåäö, -]+?(?<!-)(?= (?:som|är|har|ska|och|"
    r"innebär|gäller|trädde|träder)\b|[.,;:)\n]))?"
    r"|\b\w+lag(?:en)? \(\d{4}:\d+\)"
)
_VISION = re.compile(
    r"\b(?:Vision|Agenda|Strategi|Handlingsplan|Färdplan|Målbild|Program|Plan|Nationell strategi|Digital "
    r"agenda)(?: [\wåäö-]+){0,7}? 20\d\d(?:[–-]20\d\d)?(?!\w)"
)
_SITE = (".se", ".nu", ".com", ".org", ".eu", ".net", ".io", ".app", ".dk", ".no", ".fi", ".info")
_TITLE_STOP = word_group(
    "som där när med vid på under inom mellan hos från kring samt via genom sedan efter mot utan innan "
    "att men eller vilket vilken"
)
_LONG_TITLES = ("PROGRAMME", "DOCUMENT")
_INDEFINITE = frozenset(("rapport", "bok", "projekt", "plattform"))
_TRAILING = word_group("och för av i till om en ett den det de")


def _kind_of(word: str) -> str | None:
    """Return what a word says of the name after it: ``journalsystemet``, ``AI-stödet``, ``rapporten``."""
    low = word.lower()
    label = _KIND_OF.get(low)
    if label is None and low.endswith(_KIND_ENDINGS):
        label = next(kind for ending, kind in _ENDING_KINDS if low.endswith(ending))
    return label


def find_works(page: Page, taken: frozenset[int]) -> Iterator[Mention]:
    """Yield programmes, services, documents, events and illnesses that no list names."""
    verbs = word_set("finite_verbs")
    words = page.words
    for i, word in enumerate(words):
        if word[0].isupper():
            before = words[i - 1] if i and page.gap(i - 1) == " " else ""
            label = None if before in _INDEFINITE else _kind_of(before)
            if label is not None:
                yield from _after_kind(page, i, label, verbs, taken)
            yield from _endings(page, i, taken)
        elif word.endswith(lexicon.CONDITION_ENDINGS) and len(word) > 5:
            yield Mention(page.starts[i], page.ends[i], "CONDITION", 0.85, "rules/condition:ending")
        if (
            "." in word
            and word.lower().endswith(_SITE)
            and page.text[page.starts[i] - 1 : page.starts[i]] not in ("@", "/", ".")
        ):
            yield Mention(page.starts[i], page.ends[i], "SERVICE", 0.85, "rules/service:site")


def find_titles(text: str, start: int, end: int) -> Iterator[Mention]:
    """Yield titles in quotation marks and public print in one passage."""
    for found in _QUOTED.finditer(text, start, end):
        label = _kind_of(found.group(1))
        if label is not None and not text[found.start(2)].islower():
            yield Mention(*found.span(2), label, 0.93, f"rules/{label.lower()}:quoted")
    for found in _LISTED_REPORT.finditer(text, start, end):
        yield Mention(*found.span(1), "DOCUMENT", 0.85, "rules/document:quoted")
    for found in _PRINT.finditer(text, start, end):
        yield Mention(*found.span(), "DOCUMENT", 0.92, "rules/document:print")
    for found in _VISION.finditer(text, start, end):
        yield Mention(*found.span(), "PROGRAMME", 0.85, "rules/programme:year")


def _after_kind(
    page: Page, i: int, label: str, verbs: frozenset[str], taken: frozenset[int]
) -> Iterator[Mention]:
    """``projektet Bättre hälsa hemma, som …``: the title runs to a comma, a verb or a preposition."""
    words = page.words
    end = i + 1
    while end < len(words) and end - i < 8 and page.gap(end - 1) == " ":
        word = words[end]
        if word in verbs or word in _TITLE_STOP or (label not in _LONG_TITLES and word[0].islower()):
            break
        end += 1
    closed = end >= len(words) or page.gap(end - 1) != " "
    if not closed and label in _LONG_TITLES and words[end] in verbs and end > i + 1:
        closed = True
    if label in _LONG_TITLES and not closed:
        while end > i + 1 and words[end - 1][0].islower():
            end -= 1
    while end > i + 1 and words[end - 1] in _TRAILING:
        end -= 1
    if end == i + 1 and (i in taken or label == "DOCUMENT"):
        return
    yield Mention(
        page.starts[i], page.ends[end - 1], label, 0.65 if label == "DOCUMENT" else 0.82, _SOURCE[label]
    )


def _endings(page: Page, i: int, taken: frozenset[int]) -> Iterator[Mention]:
    """``Bostonsamarbetet``: a capitalised compound; first in a sentence only if it begins with a place."""
    word = page.words[i].removesuffix("s")
    for endings, label in ((lexicon.PROGRAMME_ENDINGS, "PROGRAMME"), (lexicon.EVENT_ENDINGS, "EVENT")):
        if not word.endswith(endings) or word.lower() in lexicon.GENERIC or i in taken:
            continue
        ending = next(e for e in endings if word.endswith(e))
        prefix = word[: -len(ending)].removesuffix("-")
        named = (
            prefix in lexicon.place_names()
            or prefix.removesuffix("s") in lexicon.place_names()
            or (prefix.isupper() and len(prefix) > 1)
        )
        if named or (i not in page.first and len(prefix) > 2):
            yield Mention(
                page.starts[i], page.ends[i], label, 0.85 if named else 0.7, f"rules/{label.lower()}:ending"
            )
