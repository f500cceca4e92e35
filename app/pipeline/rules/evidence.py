"""Names that a page itself explains: ``X AB`` once makes every X a body, ``X är ett projekt`` makes X a project."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.pipeline.rules import lexicon
from app.pipeline.rules.gazetteers import word_group, word_set
from app.pipeline.rules.kinds import loose_kind_of
from app.pipeline.rules.records import Mention

_NAME = r"[A-ZÅÄÖ][a-zåäöéA-Z0-9]{2,}"
_FIRM = re.compile(rf"\b({_NAME}) (?:AB|Group|Hub|Holding|Technologies|Systems|Solutions|Software)\b")
_DOES = re.compile(
    rf"(?:^|(?<=[.!?,:] )|(?<=\bav )|(?<=\bsom ))({_NAME}) (?:utvecklar|utvecklade|levererar|levererade|lanserar|"
    r"lanserade|grundades|grundas|omsätter|tecknar|har tecknat|tillverkar|har sitt huvudkontor|har huvudkontor)\b",
    re.MULTILINE,
)
_PRODUCT = re.compile(rf"\b({_NAME}) (?:Hub|Cloud|Connect|Care|Pro|Mobile|Platform|Home|Go|One)\b(?! AB)")
_APPOSED = re.compile(r"\b([A-ZÅÄÖ]{2,6}), ([A-ZÅÄÖ][a-zåäö]+(?: [a-zåäö-]+){1,6})(?=[.,)])")
_IS_A = re.compile(
    r"(?:^|(?<=[.!?] )|(?<=^[A-Z]\. ))([A-ZÅÄÖ][\wåäö]*(?: [\wåäö-]+){1,7}?)(?:,| är) (?:ett|en) (?:[a-zåäö]+ ){0,2}?"
    r"([a-zåäö-]+)\b",
    re.MULTILINE,
)
_SET_OFF = re.compile(r"\b([a-zåäö-]{4,}), ([A-ZÅÄÖ][\w-]+(?: [a-zåäö-]+){2,9}),(?= )")
_DAYS = re.compile(
    r"\b(?:[A-ZÅÄÖ][a-zåäö]+ (?:dagarna|konferensen|kongressen|mässan|toppmötet)|Dagarna|Konferensen|Kongressen) om "
    r"[a-zåäö]+(?: (?!hålls|är|i|på|hölls|arrangeras|som|och|den|äger)[a-zåäö]+){0,3}(?: 20\d\d\b)?"
)
_JOURNAL = re.compile(r"\b(?:[A-Z][a-z]+ )+Journal(?: of(?: [A-Z][a-z]+)+)?(?: – [A-Z][a-z]+(?: [A-Z][a-z]+)*)?")
_UNIT = re.compile(
    r"\b(?:Testbädd|Barnahus|Psykiatri|Primärvård|Habilitering|Närsjukvård|Vuxenpsykiatri|[A-ZÅÄÖ][a-zåäö]+distriktet) "
    r"[A-ZÅÄÖ][a-zåäö]{2,}s?\b"
)
_EVENT = re.compile(r"\b(?:Övning|Konferens|Mässan) [A-ZÅÄÖ][a-zåäö]{3,}\b")
_HEADS = (
    ("SERVICE", ("registrering", "registret", "tjänst", "tjänsten", "system", "systemet", "register", "stöd")),
    ("ORGANISATION", ("gruppen", "rådet", "nämnden", "myndigheten", "förbundet", "föreningen", "verket", "nätverket")),
    ("PROGRAMME", ("programmet", "projektet", "satsningen", "initiativet", "samarbetet")),
    ("DOCUMENT", ("lagen", "förordningen", "direktivet")),
)
_OPENERS = word_group("Det Den Detta Denna De En Ett Han Hon Vi Jag Där Här Som I På För Nu Så Om Men Och Alla")


def find_explained(text: str) -> Iterator[Mention]:
    """Yield the names that the page explains by a form of company, a verb of business, an apposition or a kind."""
    yield from _firms(text)
    for found in _APPOSED.finditer(text):
        yield from _apposed(found)
    for found in _IS_A.finditer(text):
        label = loose_kind_of(found[2])
        if label in ("PROGRAMME", "SERVICE", "EVENT") and _is_title(found[1]):
            yield Mention(*found.span(1), label, 0.85, f"rules/{label.lower()}:explained")
    for found in _SET_OFF.finditer(text):
        label = "DOCUMENT" if found[1].endswith("policyprogram") else loose_kind_of(found[1])
        if label in ("DOCUMENT", "PROGRAMME") and _is_title(found[2]):
            yield Mention(*found.span(2), label, 0.8, f"rules/{label.lower()}:set-off")
    for pattern, label, source in (
        (_DAYS, "EVENT", "days"),
        (_EVENT, "EVENT", "head"),
        (_JOURNAL, "ORGANISATION", "journal"),
        (_UNIT, "ORGANISATION", "head"),
    ):
        for found in pattern.finditer(text):
            yield Mention(*found.span(), label, 0.85, f"rules/{label.lower()}:{source}")


def _firms(text: str) -> Iterator[Mention]:
    """Yield every place where a name stands that is somewhere a company's: ``Hemo AB … säger Hemo``."""
    names = {found[1] for pattern in (_FIRM, _DOES, _PRODUCT) for found in pattern.finditer(text)}
    for name in names:
        stem = name.removesuffix("s")
        known = lexicon.is_place(name) or lexicon.is_place(stem) or lexicon.is_given_name(name)
        if known or name in lexicon.common_words() or name.lower() in lexicon.GENERIC or name in _OPENERS:
            continue
        if text.count(name) < 2 or re.search(rf"\b{name.lower()}\b", text):
            continue
        for found in re.finditer(rf"\b{name}(?:s|:s)?\b(?!-)", text):
            yield Mention(*found.span(), "ORGANISATION", 0.8, "rules/organisation:company")
    for found in _PRODUCT.finditer(text):
        if found[1] in names and re.search(rf"\b{found[1]} (?:AB|Group)\b", text):
            yield Mention(*found.span(), "SERVICE", 0.8, "rules/service:product")


def _apposed(found: re.Match[str]) -> Iterator[Mention]:
    """``i LSG, Lokala samverkansgruppen``: the long form's head tells what both are."""
    short, words = found[1], found[2].split(" ")
    if words[0][0] != short[0]:
        return
    for label, heads in _HEADS:
        if any(word.endswith(heads) for word in words):
            yield Mention(*found.span(1), label, 0.85, "rules/abbreviation:behind")
            yield Mention(*found.span(2), label, 0.85, f"rules/{label.lower()}:explained")
            return


def _is_title(name: str) -> bool:
    words = name.split(" ")
    verbs = word_set("finite_verbs")
    return words[0] not in _OPENERS and not any(word in verbs or lexicon.is_passive(word) for word in words)
