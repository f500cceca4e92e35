"""The cues by which a statement's kind is told: words of its main clause, words of its other clauses, what it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from app.pipeline.rules.gazetteers import entries, word_set

Named = tuple[int, int, str]
"""Where a mention lies within the statement, and its label."""

_NUMBER = (
    r"(?:\d[\d  .,]*|två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv|tjugo|trettio|fyrtio|femtio|hundra|tusen|"
    r"ett \w+tal|dussin\w*|tusentals|hundratals|tiotusentals)"
)
_PHRASES = {
    "percent": r"\d ?%|\bprocent(?:enheter)?\b",
    "million": r"\b(?:miljon(?:er)?|miljard(?:er)?|miljardbelopp|tusentals|hundratals)\b",
    "ratio": rf"\b{_NUMBER} av (?:de |dem |landets |totalt )?{_NUMBER}|\b(?:var|vart) (?:tredje|fjärde|femte|sjätte|"
    r"sjunde|åttonde|nionde|tionde)\b|\b(?:hälften|tredjedel\w*|fjärdedel\w*|femtedel\w*|majoriteten|dubbelt)\b",
    "counted": rf"\b{_NUMBER} (?:\w+ )?(?:\w+er|\w+ar|\w+or|barn|fall|besök|svar|ärenden|vårddygn)\b",
    "digits": r"(?<![\d:/-])\d{1,3}(?:[  ]\d{3})*(?![\d:/-])",
    "compared": r"\b(?:fler|färre|mer|mindre|högre|lägre|längre|kortare|dyrare|snabbare) än\b|jämfört med",
    "because": r"\b(?:eftersom|(?<!är )därför att|tack vare|på grund av|till följd av|beroende på|i och med att|"
    r"då det)\b",
    "leads-to": r"\b(?:leder|ledde|lett|bidrar|bidrog|bidragit|resulterar|resulterade|resulterat)(?: \w+){0,2} "
    r"(?:till|i)\b",
    "makes": r"\b(?:gör|gjorde|gjort|medför|medförde|medfört|innebär|innebar|betyder|betydde)"
    r"(?: också| även| i sin tur)? (?:det|att|oss|dem|den)\b|\bmöjliggör",
    "which-causes": r"\b(?:vilket|något som|som) (?:i sin tur |också |även )?(?:leder|ledde|lett|gör|gjorde|gjort|"
    r"bäddar|"
    r"bidrar|bidrog|innebär|innebar|medför|ger|skapar|minskar|ökar|stärker|frigör|underlättar|sparar|påverkar)\b",
    "origin": r"\b(?:beror|berodde|orsak(?:en|as|ar|erna)?|förklaring(?:en|ar)?|bakgrunden|anledningen|skälet|"
    r"följden|konsekvensen|effekten|resultatet|nyckel\w*)\b",
    "so-that": r"\bså att\b",
    "intends": r"\b(?:har för avsikt|(?:arbetar|jobbar|verkar) för att)\b",
    "shall-later": r"\bska(?:ll)? (?:\w+ )?(?:börja|starta|inledas|öppna|hållas|avslutas|vara klar|bli|ersättas|"
    r"användas)\b",
    "aim-to": r"\b(?:syftet|målet|ambitionen|visionen|avsikten|tanken|uppgiften|planen|uppdraget|förhoppningen)"
    r"(?: med [^,.]{3,80})? (?:är|var)\b",
    "is-to-do": r"\b(?:är|blir|handlar om) (?:därför |alltså |nu |också )?att (?!vi |det |man |de )[a-zåäö]+a\b",
    "has-aim": r"\b(?:som|ett|en|vårt|deras) (?:\w+ )?(?:mål|målsättning|ambition|uppgift)\b",
    "commission": r"\buppdrag(?:et)?\b",
    "commissioned": r"\b(?:gett|gav|fått|fick|får|ger|gavs|tilldelats|har)\b[^.]{0,80}\buppdrag\b",
    "report-back": r"\b(?:redovisas|slutredovisas|delredovisas|rapporteras|lämnas) (?:\w+ ){0,4}?(?:senast|till|för|"
    r"den)\b",
    "important-that": r"\b(?:viktigt|angeläget|nödvändigt|avgörande|centralt|hög tid|dags)(?: nu)? (?:att|för)\b",
    "right-to": r"\b(?:rätt till|rätt att|skyldig\w* att)\b",
    "will": r"\b(?:kommer|kom) (?:[\w-]+ ){0,5}?att\b",
    "expected": r"\b(?:väntas|förväntas|beräknas|planeras|bedöms|spås|räknar med|räknas|prognos\w*|hoppas|"
    r"förhoppning\w*)\b",
    "may-become": r"\b(?:kan|skulle|kunde)(?: \w+){0,4} (?:bli|bidra|komma att|leda|behöva|innebära|ge|få|minska|öka|"
    r"tas|"
    r"visas|"
    r"kunna)\b",
    "risk": r"\brisk(?:en)? (?:för )?att\b",
    "later": r"\b(?:framöver|på sikt|i framtiden|framtida|fram till|nästa \w+|inom kort|snart|så småningom|därefter|"
    r"i (?:höst|vår|vinter|sommar)|senare i (?:år|höst|vår)|efter (?:sommaren|nyår|årsskiftet)|"
    r"om (?:\w+ ){1,4}?(?:veckor|"
    r"månader|år|dagar)|de närmaste|kommande|från och med|(?:under|till|från) 20[2-9]\d|våren|hösten)\b",
    "begins": r"\b(?:äger rum|tas upp|träder i kraft|går av stapeln|tas i bruk|står klar\w*)\b",
    "degree": r"\b(?:för (?:snabb|långsam|lite|många|få|stor|dyr|sen|svår|tidig)|så (?:stor|viktig|bra|många)|rätt så|"
    r"ont om|gott om|steg (?:mot|i|framåt))",
    "it-is": r"^(?:det|detta|det här|den|dessa|de här|här) (?:är|var|blir|har varit)\b",
}
_PARTS = {
    "percent": "% procent",
    "million": "miljon miljard tusentals hundratals",
    "compared": "än jämför",
    "because": "eftersom därför tack till följd på grund beroende medför då det i och med",
    "leads-to": "led lett bidr result",
    "makes": "gör gjo medför inneb bety möjliggör",
    "which-causes": "vilket som",
    "origin": "bero orsak förklar bakgrund anledn skäl följd konsekv effekt resultat nyckel",
    "so-that": "så",
    "intends": "avsikt att",
    "shall-later": "ska",
    "aim-to": "syfte mål ambition vision avsikt tank uppgift plan uppdrag förhoppning",
    "is-to-do": "att",
    "has-aim": "mål ambition uppgift",
    "commission": "uppdrag",
    "commissioned": "uppdrag",
    "report-back": "redovisas rapporteras lämnas",
    "important-that": "viktigt angeläget nödvändigt avgörande centralt tid dags",
    "right-to": "rätt skyldig",
    "will": "kom",
    "expected": "vänt beräkn planer bedöms spås räkn prognos hopp",
    "may-become": "kan skulle kunde",
    "risk": "risk",
    "begins": "äger tas träder går står",
}
"""One of these must stand in a text before its phrase is looked for, which costs far more."""
_SUBORDINATE = re.compile(
    r"\b(?:att|som|eftersom|när|där|vilket|vilka|hur|vad|medan|innan|huruvida|såsom|trots|fast|"
    r"om (?=(?:det|de|den|man|vi|jag|han|hon|patienten|någon|något|allt|en|ett)\b))(?=[ ,])"
)
_OPENING = re.compile(
    r"(?:men |och |även |särskilt )?(?:när|om|eftersom|att|för att|genom att|medan|trots att|innan|i takt med att)\b"
)
_FINITE = (
    r"(?:är|var|blir|blev|har|hade|kan|ska|måste|bör|behöver|kommer|krävs|kräver|innebär|gör|leder|väntas|beräknas|får)"
)
_SUBJECT = r"(?:vi|jag|man|det|den|de|han|hon|någon|alla|\w+(?:en|et|na|erna|arna))"
_END = re.compile(rf"[,;:–]| (?={_FINITE}\b)")
_INVERTED = re.compile(rf"[,;:–]| (?={_FINITE} {_SUBJECT}\b)")
_COMMA = re.compile(r"[,;:–]")
_INFINITIVE = re.compile(r"\b(?:med|för|genom|till|om|av|i|på|utan|mot|inför) $")
_WORD = re.compile(r"[a-zåäöéü]+")
_PAST = ("ade", "dde", "nde", "lde", "rde", "gde", "vde", "kte", "pte", "ste", "tte", "ades", "des", "tes")
_LARGE = re.compile(r"\d\d|%|procent|miljon|miljard| av |var \w+de\b|hälften|tredjedel|fjärdedel|\w+tal\b|\d,\d")
_COUNTS = ("QUANTITY", "MONEY", "DATE", "PERSON", "ORGANISATION", "EVENT", "DOCUMENT")
_NEAR = 4
"""So many words may stand between a copula and the adjective that it gives."""


@cache
def _words() -> dict[str, tuple[str, ...]]:
    """Return the cues of each listed word."""
    found: dict[str, tuple[str, ...]] = {}
    for line in entries("claim_cues"):
        name, _, words = line.partition(": ")
        for word in words.split():
            found[word] = (*found.get(word, ()), name)
    return found


@cache
def _phrases() -> tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...]:
    return tuple((name, re.compile(pattern), tuple(_PARTS.get(name, "").split())) for name, pattern in _PHRASES.items())


def clauses(text: str) -> bytearray:
    """Return for each code point of a sentence in small letters 0 in its main clause, 1 in a subordinate one."""
    mask = bytearray(len(text))
    opening = _OPENING.match(text)
    place = 0
    if opening:
        end = (_END if opening.group().endswith("att") else _INVERTED).search(text, opening.end())
        place = end.end() if end else len(text)
        mask[:place] = b"\1" * place
    while found := _SUBORDINATE.search(text, place):
        noun = found.group() == "att" and _INFINITIVE.search(text, 0, found.start())
        end = (_END if noun else _COMMA).search(text, found.end())
        place = end.end() if end else len(text)
        mask[found.start() : place] = b"\1" * (place - found.start())
    return mask


def _tense(word: str) -> str:
    """Return what a finite verb is: a modal by itself, past or present tense, or nothing for another word."""
    names, finite = _words().get(word, ()), word_set("finite_verbs")
    if "modal" in names:
        return word
    if "past" in names or (word.endswith(_PAST) and (word in finite or word.endswith(("ade", "ades", "dde")))):
        return "past"
    if word in finite or (word.endswith(("erar", "eras")) and len(word) > 5):
        return "passive" if word[-1] == "s" else "present"
    return ""


def _by_words(text: str, mask: bytearray) -> tuple[set[str], str]:
    """Return the cues of single words, those of subordinate clauses with ``~``, and the main clause's verb."""
    cues: set[str] = set()
    tense, known = "", _words()
    copula = -_NEAR
    for number, found in enumerate(_WORD.finditer(text)):
        word, sub = found.group(), "~" if mask[found.start()] else ""
        for name in known.get(word, ()):
            cues.add(name + sub)
            if name == "copula":
                copula = number
            elif name == "evaluative" and 0 < number - copula <= _NEAR:
                cues.add("is-judged" + sub)
        if not tense and not sub:
            tense = _tense(word)
    return cues, tense or "none"


def cues_of(statement: str, mode: str, named: Sequence[Named]) -> list[str]:
    """Return the cues of a statement, each once; one in subordinate clauses only ends with ``~``."""
    text = statement.lower()
    if len(text) != len(statement):
        text = statement
    mask = clauses(text)
    cues, tense = _by_words(text, mask)
    for name, pattern, parts in _phrases():
        if parts and not any(part in text for part in parts):
            continue
        places = [found.start() for found in pattern.finditer(text)]
        if places:
            back = 2 if name == "because" else 0
            cues.add(name if any(not mask[max(0, place - back)] or not place for place in places) else f"{name}~")
    cues.update(f"{label}~" if mask[start] else label for start, _, label in named if label in _COUNTS)
    if "important-that" in cues:
        cues -= {"is-judged", "evaluative", "it-is", "judgement"}
    cues.update(_together(cues, tense, mode, named))
    if any(label in ("QUANTITY", "MONEY") and _LARGE.search(text, start, end) for start, end, label in named):
        cues.add("large")
    cues = {name for name in cues if not name.endswith("~") or name[:-1] not in cues}
    return sorted(
        {*cues, "always", f"mode={mode}", f"verb={tense}", _length(text)} - {"copula", "copula~", "modal", "modal~"}
    )


def _together(cues: set[str], tense: str, mode: str, named: Sequence[Named]) -> Iterator[str]:
    """Yield what several cues say together."""
    if tense in ("present", "passive") and cues & {"later", "begins", "later~"}:
        yield "soon"
        if any(label == "DATE" for _, _, label in named):
            yield "soon:DATE"
    yield f"{mode}:{tense if tense in ('past', 'present', 'är', 'kan') else 'other'}"


def _length(text: str) -> str:
    words = text.count(" ")
    return "short" if words < 7 else "long" if words > 25 else "middle"
