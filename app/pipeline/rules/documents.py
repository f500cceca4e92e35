"""Laws, inquiries, budgets and public print, by the shape of their names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.pipeline.rules import lexicon
from app.pipeline.rules.gazetteers import word_group, word_set
from app.pipeline.rules.records import Mention, Page

_PRINT = re.compile(
    r"\b(?:SOU|Ds|[Pp]rop(?:\.|ositionen|osition)|[Bb]et(?:\.|änkandet|änkande)|[Dd]ir\.|[Ss]kr\.|"
    r"[Ii]nterpellation(?:en)?|"
    r"[Mm]otion(?:en)?|HSLF-FS|SOSFS|SFS|MDFFS|[Ll]agrådsremiss) \d{4}(?:[/-]\d{2,4})?:\w+"
    r"(?: [A-ZÅÄÖ][a-zåäö][^.,:()\n]{2,90}(?= av [A-ZÅÄÖ]))?"
    r"|\b(?:EU-)?förordning(?:en)? \((?:EU|EG)\) (?:nr )?\d+/\d+|\bdirektiv(?:et)? \d{4}/\d+(?:/\w+)?"
    r"|\b(?:[Ll]ag(?:en)?|[Ff]örordning(?:en)?) \(\d{4}:\d+\)(?: om [a-zåäö, -]+?(?<!-)(?= (?:som|är|har|ska|och|"
    r"innebär|gäller|trädde|träder|reglerar|behöver|kan|måste|ger)\b|[.,;:)\n]))?"
    r"|\b\w+lag(?:en)?s? \(\d{4}:\d+\)"
)
_CITED = re.compile(
    r"^[A-ZÅÄÖ][\w-]+, [A-ZÅÄÖ]\..{0,60}\((?:19|20)\d\d\)\. ([^\n]{8,200}?)\. [A-ZÅÄÖ][^\n]{2,80}\.?$", re.MULTILINE
)
_LISTED = re.compile(r"^(?:[•*-] )?”([^”\n]{12,200})”, [A-ZÅÄÖ]", re.MULTILINE)
_NUMBER = re.compile(r" \(\d{4}:\d+\)")
_BUDGET = re.compile(
    r"\b(?:[Bb]udgetpropositionen|[Vv]årändringsbudgeten|[Hh]öständringsbudgeten|[Vv]årbudgeten|[Vv]årpropositionen|"
    r"[Ss]tatsbudgeten|[Bb]udgetproposition|[Vv]årändringsbudget) för (?:år )?20\d\d\b"
)
_LAW = ("lagen", "lagens", "förordningen", "förordningens", "direktivet", "direktivets", "balken", "rättsakten")
_NO_LAW_ENDINGS = (
    *("förslagen", "anslagen", "avslagen", "bolagen", "underlagen", "förlagen", "inslagen", "genomslagen", "utslagen"),
    *(
        "omslagen",
        "beslagen",
        "uppslagen",
        "anlagen",
        "nederlagen",
        "överslagen",
        "påslagen",
        "tillslagen",
        "nedslagen",
    ),
    *(
        "sammanslagen",
        "bolagens",
        "förslagens",
        "anslagens",
        "underlagens",
        "utredningsdirektivet",
        "ilagen",
        "upplagen",
    ),
)
_NO_LAW = word_group(
    "lagen förordningen direktivet direktivets förordningens rättsakten grundlagen ramlagen "
    "speciallagen eu-direktivet eu-förordningen kommittédirektivet "
    "tilläggsdirektivet ramdirektivet "
    "minimidirektivet regeringsförordningen författningslagen"
)
_ABOUT = word_group(
    "lagen förordningen direktivet utredningen Utredningen kommissionen Kommissionen konventionen "
    "Konventionen fördraget "
    "delegationen Delegationen kommittén Kommittén föreskrifterna deklarationen"
)
_BODY_LIKE = word_group("kommissionen Kommissionen delegationen Delegationen kommittén Kommittén")
_STOP = word_group(
    "som där när och, samt vilket vilken men eller innan hade har är var inte också bland enligt genom efter sedan"
)
_SUPINE = re.compile(r"[a-zåäö]{3,}(?:[ae]rat|erats|ställt|lagt|lämnat|lämnade|bedömt|gjort|fått|sagt)$")
_ENGLISH_TAIL = word_group("Charter Act Directive Regulation Declaration Convention Treaty Report Agreement")


def find_documents(page: Page, taken: frozenset[int]) -> Iterator[Mention]:
    """Yield laws, inquiries and budgets that no list names."""
    words = page.words
    for i, word in enumerate(words):
        if word.endswith(_LAW):
            yield from _law(page, i)
        if word in _ABOUT and i + 2 < len(words) and words[i + 1] == "om" and page.gap(i) == " ":
            yield from _about(page, i)
        elif word in _ENGLISH_TAIL and i and words[i - 1][0].isupper() and page.gap(i - 1) == " ":
            yield from _english(page, i)


def find_references(text: str) -> Iterator[Mention]:
    """Yield titles in lists of publications, which are whole lines."""
    for pattern in (_CITED, _LISTED):
        for found in pattern.finditer(text):
            yield Mention(*found.span(1), "DOCUMENT", 0.96, "rules/document:reference")


def find_print(text: str, start: int, end: int) -> Iterator[Mention]:
    """Yield public print by its number, and budgets by their year, in one passage."""
    for found in _PRINT.finditer(text, start, end):
        yield Mention(*found.span(), "DOCUMENT", 0.92, "rules/document:print")
    for found in _BUDGET.finditer(text, start, end):
        yield Mention(*found.span(), "DOCUMENT", 0.9, "rules/document:budget")


def _law(page: Page, i: int) -> Iterator[Mention]:
    """``hälso- och sjukvårdslagen (2017:30)``, ``AI-förordningen``, ``föräldrabalken``."""
    words = page.words
    low = words[i].lower()
    if low.endswith(_NO_LAW_ENDINGS) or low in _NO_LAW or len(low) < 9:
        return
    start, end = i, page.ends[i]
    while start > 1 and words[start - 1] in ("och", "samt") and words[start - 2].endswith("-"):
        start -= 2
        while start and words[start - 1].endswith("-") and page.gap(start - 1).strip() == ",":
            start -= 1
    if start and words[start - 1] in ("allmänna", "EU:s") and page.gap(start - 1) == " ":
        start -= words[start - 1] == "allmänna"
    if number := _NUMBER.match(page.text, end):
        end = number.end()
    yield Mention(page.starts[start], end, "DOCUMENT", 0.88, "rules/document:law-ending")


def _about(page: Page, i: int) -> Iterator[Mention]:
    """``Utredningen om välfärdsteknik i äldreomsorgen``: the name runs to a verb, a clause or a comma."""
    words, verbs = page.words, word_set("finite_verbs")
    end = i + 2
    while end < len(words) and end - i < 16 and page.gap(end - 1) == " ":
        word = words[end]
        if word in _STOP or word in verbs or _SUPINE.match(word) or lexicon.is_passive(word):
            break
        follows = words[end + 1] if end + 1 < len(words) else ""
        if word in ("från", "av", "till", "på", "vid", "hos", "med") and follows[:1].isupper():
            break
        if word == "och" and (follows in verbs or follows[:1].isupper() or follows in _STOP):
            break
        end += 1
    while end > i + 2 and words[end - 1] in ("och", "i", "för", "om", "av", "med", "till", "inom", "på", "den", "det"):
        end -= 1
    vague = words[i + 2] in ("en", "ett") and words[i][0].islower()
    if end - i - 2 < 1 or vague or words[i + 2] in ("att", "den", "detta", "det", "de", "hur", "vad", "denna"):
        return
    label = "ORGANISATION" if words[i] in _BODY_LIKE else "DOCUMENT"
    score = 0.8 if words[i][0].isupper() and i not in page.first else 0.7
    yield Mention(page.starts[i], page.ends[end - 1], label, score, f"rules/{label.lower()}:about")


def _english(page: Page, i: int) -> Iterator[Mention]:
    start = i
    words = page.words
    while start and page.gap(start - 1) == " " and (words[start - 1][0].isupper() or words[start - 1] in ("of", "and")):
        if start - 1 in page.first and len(words[start - 1]) < 3:
            break
        start -= 1
    if words[start][0].isupper() and start < i:
        yield Mention(page.starts[start], page.ends[i], "DOCUMENT", 0.8, "rules/document:english")
