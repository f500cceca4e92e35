"""Programmes, services, documents, events and illnesses by the nouns beside them and by their endings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.pipeline.rules import lexicon
from app.pipeline.rules.gazetteers import word_group, word_set
from app.pipeline.rules.kinds import kind_of, loose_kind_of
from app.pipeline.rules.numbers import SMALL
from app.pipeline.rules.phrases import OPENING, TITLE_STOP, TRAILING, phrase_end
from app.pipeline.rules.records import Mention, Page

_QUOTED = re.compile(r"”([^”\n]{2,160})”")
_BEFORE_QUOTE = re.compile(r"[\w-]+")
_NAMED = re.compile(
    r"\b(?:som heter|heter|kallas(?: för)?|kallat|kallad|kallade|under namnet|vid namn|benämnd|benämnt|med namnet|"
    r"fick namnet|får namnet|"
    r"bär namnet|har namnet|döpts till|döpt till|benämns)(?: för)? (?!att|det|den|av|som)"
)
_BESIDE = re.compile(
    r"\b(?:[Ee]n|[Ee]tt|[Dd]en|[Dd]et|[Ee]tt nytt|[Ee]n ny|[Ss]itt|[Ss]in|[Dd]eras)?(?: "
    r"[a-zåäö-]+){0,3}? ?([a-zåäöA-ZÅÄÖ-]{3,})"
    r"(?: (?:i|för|på|av|från) [a-zåäö-]+(?: [a-zåäö-]+)?)?, (?!(?:och|som|där|"
    r"men)\b)([A-ZÅÄÖ][\w+-]*(?: [A-ZÅÄÖ][\w+-]*){0,3}),"
)
_DATED = re.compile(r"(?<=[a-zåäö,] )([A-ZÅÄÖ][a-zåäö]+(?: [a-zåäö-]+){1,4} 20[2-5]\d)\b")
_NO_TITLE_WORD = re.compile(
    r" (?:i|på|under|från|till|och|sedan|för|den|juni|juli|våren|hösten|sommaren|vintern|[a-z]*uari|"
    r"mars|april|maj|augusti|"
    r"september|oktober|november|december|år|av|har|är|var|som|inför|kommun|universitet|sjukhus|läns?|budget|om)\b"
)
_APPOSED = re.compile(r", [A-ZÅÄÖ][\w+ -]*,")
_LISTED_REPORT = re.compile(r"\b[Rr]apport(?:er|en|)\b[^.!?\n]{0,160}: ?”([^”\n]{5,120})”")
_VISION = re.compile(
    r"\b(?:Vision|Agenda|Strategi|Handlingsplan|Färdplan|Målbild|Program|Plan|Nationell strategi|Digital "
    r"agenda)(?: [\wåäö-]+){0,7}? 20\d\d(?:[–-]20\d\d)?(?!\w)"
)
_NATIONAL = re.compile(
    r"\b(?:[Nn]ationella|[Ss]venska|[Nn]ordiska|[Rr]egionala|[Ee]uropeiska) (?:[a-zåäö]+(?: [a-zåäö]+)?-|"
    r"[a-zåäö-]{4,})(?:strategin|planen|programmet|satsningen|agendan|modellen|lyftet)s?\b"
)
_NO_NATIONAL = re.compile(r"(?:handlings|genomförande|verksamhets|åtgärds|affärs|utvecklings|tids|budget|sam)planen$")
_STRATEGY = re.compile(
    r"\b(?:Nationell|Regional|Europeisk|Gemensam|Svensk)\w* (?:strategi|handlingsplan|färdplan|agenda|"
    r"kraftsamling|samling) (?:för|mot|om) [a-zåäö][\w ,-]*?(?=[.,;:)\n]| (?:som|är|har|ska|antogs|togs|20\d\d)\b)"
)
_MAY_HOLD = re.compile("”|20|, [A-ZÅÄÖ]|nam|kalla|heter|döpt|benämn|ation|ordisk|venska|egional|urope|emensam")
"""Whether a passage can hold a title at all: most cannot."""
_SITE = (".se", ".nu", ".com", ".org", ".eu", ".net", ".io", ".app", ".dk", ".no", ".fi", ".info", ".ai")
_OWNERS = word_group("sitt sin sina deras vårt vår hennes hans ett en nytt ny")
_OWNED = (
    "betänkande",
    "rapport",
    "projekt",
    "promemoria",
    "skrivelse",
    "avhandling",
    "skrift",
    "strategi",
    "program",
    "app",
)
_REGISTER = ("registret", "registrets")
_NO_REGISTER = word_group(
    "kvalitetsregistret registret hälsodataregistret journalregistret personregistret "
    "delregistret forskningsregistret myndighetsregistret"
)
_COUNTS = frozenset(SMALL.split("|"))
_REACH = word_group("i på vid från av hos till med under inom sedan efter")
"""A title in a text ends before one of these with a name or a number behind it."""
_LONG_TITLES = ("PROGRAMME", "DOCUMENT")
_ENGLISH = word_group("of and for the in to a on with –")
_KIND_ENDINGS = (
    (lexicon.PROGRAMME_ENDINGS, "PROGRAMME"),
    (lexicon.EVENT_ENDINGS, "EVENT"),
    (lexicon.SERVICE_ENDINGS, "SERVICE"),
)
_NATIONWIDE = word_group("Nationell Nationellt Nationella Svensk Svenskt Gemensam Gemensamt Europeisk Nordisk")


def find_works(page: Page, taken: frozenset[int]) -> Iterator[Mention]:
    """Yield programmes, services, documents, events and illnesses that no list names."""
    words = page.words
    for i, word in enumerate(words):
        if word.lower() != word:
            before = words[i - 1] if i and page.gap(i - 1) == " " and words[i - 1][-1].islower() else ""
            label = kind_of(before) if before else None
            if label is None and before and i > 1 and (words[i - 2] in _OWNERS or words[i - 2].endswith("s")):
                label = loose_kind_of(before) if before.endswith(_OWNED) and i not in taken else None
            if label is not None and label != "ORGANISATION":
                yield from _after_kind(page, i, label, taken)
            if word[0].isupper():
                yield from _endings(page, i, taken)
                if word in _NATIONWIDE and i not in page.first and i not in taken:
                    yield from _nationwide(page, i)
        elif word.endswith(lexicon.CONDITION_ENDINGS) and len(word) > 5 and word not in lexicon.NO_CONDITIONS:
            yield Mention(page.starts[i], page.ends[i], "CONDITION", 0.85, "rules/condition:ending")
        if word.endswith(_REGISTER) and word.lower() not in _NO_REGISTER:
            yield Mention(page.starts[i], page.ends[i], "SERVICE", 0.75, "rules/service:register")
        if (
            "." in word
            and word.lower().endswith(_SITE)
            and page.text[page.starts[i] - 1 : page.starts[i]] not in ("@", "/", ".")
        ):
            yield Mention(page.starts[i], page.ends[i], "SERVICE", 0.85, "rules/service:site")


def find_titles(text: str, start: int, end: int) -> Iterator[Mention]:
    """Yield titles in quotation marks, after ``som heter`` and with a year in one passage."""
    if not _MAY_HOLD.search(text, start, end):
        return
    for found in _QUOTED.finditer(text, start, end):
        yield from _quoted(text, start, found)
    for found in _DATED.finditer(text, start, end):
        if not _NO_TITLE_WORD.search(found.group(1)):
            yield Mention(*found.span(1), "PROGRAMME", 0.72, "rules/programme:dated")
    for found in _BESIDE.finditer(text, start, end) if _APPOSED.search(text, start, end) else ():
        label = loose_kind_of(found.group(1))
        if label in ("SERVICE", "PROGRAMME", "EVENT") and found.group(2)[1:].isalnum():
            yield Mention(*found.span(2), label, 0.72, f"rules/{label.lower()}:beside")
    for found in _LISTED_REPORT.finditer(text, start, end):
        yield Mention(*found.span(1), "DOCUMENT", 0.85, "rules/document:quoted")
    for found in _NAMED.finditer(text, start, end):
        yield from _named(text, found.start(), found.end(), end)
    for pattern, source in ((_VISION, "year"), (_NATIONAL, "national"), (_STRATEGY, "strategy")):
        for found in pattern.finditer(text, start, end):
            if not _NO_NATIONAL.search(found.group()):
                yield Mention(*found.span(), "PROGRAMME", 0.85, f"rules/programme:{source}")


def _quoted(text: str, start: int, found: re.Match[str]) -> Iterator[Mention]:
    """``rapporten ”…”``, ``rapporten från myndigheten, ”…”``; speech ends with a full stop, a scare quote is small."""
    first, last = found.span(1)
    inside = found.group(1)
    if inside[-1] in ".!?,…" or inside.islower() or (inside[0].islower() and " " not in inside):
        return
    before = _BEFORE_QUOTE.findall(text, max(start, found.start() - 70), found.start())
    for distance, word in enumerate(reversed(before)):
        label = kind_of(word) if distance == 0 else loose_kind_of(word)
        label = label or (loose_kind_of(word) if distance < 3 else None)
        if label == "ORGANISATION":
            return
        if label is not None:
            if distance > 6 or (distance > 0 and inside[0].islower()):
                return
            score = 0.93 if distance == 0 else 0.8
            yield Mention(first, last, label, score, f"rules/{label.lower()}:quoted")
            return


def _named(text: str, start: int, first: int, end: int) -> Iterator[Mention]:
    """``ett projekt som fick namnet trygg vård hemma –``: what it is stands before, in this or the last sentence."""
    kinds = [kind for word in _BEFORE_QUOTE.findall(text, max(0, start - 120), start) if (kind := loose_kind_of(word))]
    verbs = word_set("finite_verbs")
    last = first
    for word in re.finditer(r"[^\s,.;:()–”]+", text[first : min(end, first + 90)]):
        gap = text[last : first + word.start()]
        if (
            (last > first and gap != " ")
            or word.group() in verbs
            or word.group() in TITLE_STOP - {"på", "med"}
            or lexicon.is_passive(word.group())
        ):
            break
        if last > first and not text[first:last].islower() and word.group().islower() and word.group() in _REACH:
            break
        last = first + word.end()
    last = first + len(re.sub(r"(?: (?:och|för|av|i|till|om|med|på|som))+$", "", text[first:last]))
    name = text[first:last]
    given = text[start:first].startswith(("fick namnet", "får namnet", "under namnet", "med namnet", "bär namnet"))
    if not name or (name.islower() and not given) or not (kinds or given):
        return
    label = kinds[-1] if kinds else "PROGRAMME"
    yield Mention(first, last, label, 0.75, f"rules/{label.lower()}:named")


def _after_kind(page: Page, i: int, label: str, taken: frozenset[int]) -> Iterator[Mention]:
    """``projektet Bättre hälsa hemma, som …``: the title runs to a comma, a verb or a preposition."""
    end = _document_end(page, i) if label == "DOCUMENT" else _title_end(page, i, label)
    if label in ("PROGRAMME", "EVENT") and i - 1 in page.first:
        end = max(end, _subject_end(page, i))
    elif end == i + 1 and page.words[i] in OPENING:
        end = max(end, phrase_end(page, i))
    if page.words[i - 1].endswith("studien") and end == i + 1:
        label = "PROGRAMME"
    if end == i + 1 and ((i in taken and label != "SERVICE") or label == "DOCUMENT"):
        return
    score = 0.65 if label == "DOCUMENT" else 0.96 if i in taken and label == "SERVICE" else 0.82
    yield Mention(page.starts[i], page.ends[end - 1], label, score, f"rules/{label.lower()}:after-kind")


def _title_end(page: Page, i: int, label: str) -> int:
    words, verbs = page.words, word_set("finite_verbs")
    end = i + 1
    while end < len(words) and end - i < 12 and page.gap(end - 1) in (" ", " – ", ": "):
        word = words[end]
        if page.gap(end - 1) != " " and not (label == "EVENT" and word[0].isupper()):
            break
        english = word in _ENGLISH and label != "PROGRAMME" and end + 1 < len(words) and words[i].isascii()
        if english and (words[end + 1][0].isupper() or words[end + 1] in _ENGLISH or label == "EVENT"):
            end += 1
            continue
        tail = label == "EVENT" and " – " in page.text[page.starts[i] : page.starts[end]] and word.isascii()
        if word in verbs or word in TITLE_STOP or (label not in _LONG_TITLES and word[0].islower() and not tail):
            break
        end += 1
    closed = end >= len(words) or page.gap(end - 1) != " " or (words[end] in verbs and end > i + 1)
    if label in _LONG_TITLES and not closed:
        while end > i + 1 and words[end - 1][0].islower():
            end -= 1
    while end > i + 1 and words[end - 1] in TRAILING:
        end -= 1
    return end


def _subject_end(page: Page, i: int) -> int:
    """Return where a title ends that opens its sentence as the subject: at the verb, ``Projektet … startade``."""
    words, verbs = page.words, word_set("finite_verbs")
    end = i + 1
    while end < len(words) and end - i < 9 and page.gap(end - 1) == " ":
        follows = words[end + 1] if end + 1 < len(words) else ""
        if words[end] in verbs or lexicon.is_passive(words[end]):
            return end
        if words[end] in ("som", "där", "när", "under", "sedan") or (
            words[end] in _REACH and not follows[:1].islower()
        ):
            break
        end += 1
    return i + 1


def _document_end(page: Page, i: int) -> int:
    """Return where a document's title ends: prepositions belong to it unless a name or a number follows them."""
    words, verbs = page.words, word_set("finite_verbs")
    end, dashed = i + 1, False
    while end < len(words) and end - i < 20 and page.gap(end - 1) in (" ", " – ", ", "):
        word, follows = words[end], words[end + 1] if end + 1 < len(words) else ""
        gap = page.gap(end - 1)
        if gap != " " and not _ends_sentence(page, end) and (gap == ", " or not word[0].isupper()):
            break
        if word == "som" and not _ends_sentence(page, end):
            break
        if word == "och" and (follows in verbs or lexicon.is_passive(follows)):
            break
        if (
            (gap == ", " and not dashed)
            or word in verbs
            or lexicon.is_passive(word)
            or word in ("där", "när", "vilket")
            or (word == "men" and end > i + 1)
            or (word == "som" and not _ends_sentence(page, end))
        ):
            break
        dashed = dashed or gap == " – "
        if word in _REACH and (not follows[:1].islower() or follows in _COUNTS or follows == "i"):
            break
        if word in ("en", "ett") and words[end - 1] not in _REACH and words[end - 1] not in TRAILING:
            break
        end += 1
    while end > i + 1 and words[end - 1] in TRAILING:
        end -= 1
    return end


def _ends_sentence(page: Page, i: int) -> bool:
    """Whether no verb stands between word ``i`` and the end of its sentence."""
    verbs = word_set("finite_verbs")
    for k in range(i, min(i + 14, len(page.words))):
        if page.words[k] in verbs or "–" in page.gap(k):
            return False
        if any(mark in page.gap(k) for mark in ".!?\n"):
            return True
    return False


def _nationwide(page: Page, i: int) -> Iterator[Mention]:
    """``Nationell katalog för vårdutbud`` within a sentence: what it is, its head says."""
    words = page.words
    end = phrase_end(page, i)
    label = loose_kind_of(words[end - 1]) if end > i + 1 else None
    if label is None or label == "ORGANISATION":
        return
    field = words[end + 1] if words[end : end + 1] == ["för"] and end + 1 < len(words) else ""
    if field[:1].islower() and field not in ("att", "den", "det", "de", "en", "ett"):
        end += 2
    yield Mention(page.starts[i], page.ends[end - 1], label, 0.7, f"rules/{label.lower()}:nationwide")


def _endings(page: Page, i: int, taken: frozenset[int]) -> Iterator[Mention]:
    """``Bostonsamarbetet``: a capitalised compound; first in a sentence only if it begins with a place."""
    word = page.words[i].removesuffix("s")
    for endings, label in _KIND_ENDINGS:
        if not word.endswith(endings) or word.lower() in lexicon.GENERIC or i in taken:
            continue
        if label == "SERVICE" and "-" in word:
            continue
        ending = next(e for e in endings if word.endswith(e))
        prefix = word[: -len(ending)].removesuffix("-")
        named = (
            prefix in lexicon.place_names()
            or prefix.removesuffix("s") in lexicon.place_names()
            or (prefix.isupper() and len(prefix) > 1 and prefix not in word_set("abbreviations"))
        )
        if named or (i not in page.first and len(prefix) > 2):
            yield Mention(page.starts[i], page.ends[i], label, 0.85 if named else 0.7, f"rules/{label.lower()}:ending")
