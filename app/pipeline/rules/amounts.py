"""Amounts of money and other quantities, found by the shape of their words; times are in ``dates``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from app.pipeline.rules import lexicon
from app.pipeline.rules.dates import find_dates
from app.pipeline.rules.gazetteers import endings, word_group, word_set
from app.pipeline.rules.numbers import ABOUT, DIGITS, NUMBER, SMALL
from app.pipeline.rules.records import Mention

_SCALE = r"(?:tusen|tusental|miljoner|miljon|miljarder|miljard|mkr|mdkr|mnkr|mdr|tkr|Mkr)\b"
_CURRENCY = (
    r"(?:svenska kronor|kronor|kr\b|SEK\b|euro\b|EUR\b|dollar|USD\b|pund\b|öre\b|norska kronor|danska kronor|"
    r"amerikanska dollar|brittiska pund)"
)
_PER = (
    r"(?: (?!i dag)(?:i|om|per) (?:månaden|veckan|dagen|året|dygnet|timmen|år|månad|vecka|dag|dygn|timme|minut|"
    r"invånare|person|patient|kommun|region)\b)"
)
_MONEY = re.compile(
    rf"(?<![\w.,])(?:{ABOUT})?(?:(?:(?:{NUMBER}\s?(?:och|till|–|-)\s?)?(?:{NUMBER}|en halv|en och en halv|en|ett|ett "
    rf"par|några|flera|tiotals|hundratals)\s)"
    rf"(?:{_SCALE}\s)?{_CURRENCY}|{DIGITS}\s?(?:Mkr|mkr|mdkr|mnkr|MSEK|mdr|tkr|kr|:-|€|\$)(?!\w)|"
    rf"€\s?{DIGITS}(?:\s{_SCALE})?|"
    rf"(?:mång|fler)?mil(?:jon|jard)(?:belopp|summor|summa)\b)"
)
_BARE_SCALE = re.compile(
    rf"(?<![\w.,])(?:{ABOUT})?(?:{DIGITS}|en halv|en|ett par|några|{SMALL}) (?:miljoner|miljarder|miljon|miljard)\b"
    rf"|\b(?:{SMALL.upper()}|\d+) (?:MILJONER|MILJARDER)(?: KRONOR)?\b"
)
_COSTS = re.compile(rf"(?<=\bkosta[rt] )(?:{ABOUT})?\d{{1,3}}(?: \d{{3}})+(?= (?:per|om|i|och|för|styck)\b|[.,])")
_MUCH = re.compile(r"\b(?i:peng|sats|kosta|investera|anslå|budget|bidrag|skjut|tillför|underskott|sparar|besparing)")
_PERCENT = re.compile(
    rf"(?<![\w.,])(?:{ABOUT})?(?:{DIGITS}|(?i:{SMALL})|en|ett par)(?:\s?(?:[–-]|till|och)\s?{DIGITS})?"
    rf"\s?(?:procent(?:enhet(?:er)?)?\b|%|promille\b)"
)
_WORDED = (
    r"[Tt]vå|[Tt]re|[Ff]yra|[Ff]em|[Ss]ex|[Ss]ju|[Åå]tta|[Nn]io|[Tt]io|[Ee]lva|[Tt]olv|[Tt]jugo|[Hh]undra|[Bb]ägge två"
)
_COUNT = re.compile(
    rf"(?<![\w.,–-])(?<!SOU )(?:{ABOUT})?(?P<number>(?:{NUMBER}|{_WORDED}|[Ee]n halv|[Ee]n och en halv|"
    rf"[Ee]n(?= (?:miljon|"
    rf"miljard) ))(?:\s?[–-]\s?{DIGITS})?"
    rf"(?: (?:och|av|till|–|eller) (?:totalt |landets |Sveriges |länets )?"
    rf"{NUMBER})?(?: (?:tusen|miljoner|miljarder|miljon|miljard))?) "
    rf"(?:(?:av |utav )(?:landets |Sveriges |de |våra )?)?(?P<adjectives>(?:[a-zåäöé-]{{2,}}(?:a|ade|"
    rf"de|sk[at]|liga|stora)"
    rf" (?:och |eller )?){{0,2}})(?P<noun>(?:[A-ZÅÄÖ]{{1,5}}-)?[a-zåäöé][a-zåäöé-]+)(?:{_PER})?"
)
_COLLECTIVE = re.compile(
    rf"(?<![\w.,–-])(?:{ABOUT})?(?:[Ee]tt )?(?:\d0-tal|tiotal|femtontal|tjugotal|trettiotal|femtiotal|"
    rf"hundratal|tusental|dussin)"
    rf"(?: (?P<adjective>[a-zåäöé-]{{3,}}a))?(?: (?P<noun>[a-zåäöé][a-zåäöé-]{{3,}}))?"
)
_PARTS = re.compile(
    r"(?<![\w.,])(?:(?i:omkring|cirka|ungefär|drygt|knappt|nästan|närmare|mer än|över|minst) )?(?:"
    rf"(?:[Ee]n|{SMALL}|{_WORDED}|\d) (?:tredje|fjärde|femte|sjätte|sjunde|åtton|nion|tion|fem|"
    rf"sju)?(?:del|delar|tredjedel|"
    r"tredjedelar|fjärdedel|fjärdedelar|femtedel|femtedelar|tiondel|tiondelar)\b(?<! del)(?<! delar)"
    r"|[Vv]ar(?:annan|tannat) (?!vecka|månad|dag|år|gång|natt|timme|helg|kväll|onsdag|tisdag|torsdag)[a-zåäö]+"
    r"|[Vv]art? (?:tredje|fjärde|femte|sjätte|sjunde|åttonde|nionde|tionde)"
    r"(?! (?:gång|vecka|månad|dag|år|timme|minut))(?: (?!någon|har|är|inte|kan|får|som|av)[a-zåäö]+)?"
    rf"|(?:[Tt]vå|[Tt]re|[Ff]yra|[Ff]em|[Ss]ex|[Ss]ju|[Åå]tta|[Nn]io|\d(?:,\d)?) av (?:{SMALL}|"
    rf"\d\d?)\b(?! [a-zåäö]+er\b)"
    rf"(?: (?!procent)[a-zåäö]+(?:er|ar|or|are)\b)?)"
)
_AGE = re.compile(
    rf"(?<![\w.,–-])(?:(?i:över|under|minst|högst|drygt|omkring|cirka|från) "
    rf")?(?:{DIGITS})(?:\s?(?:[–-]|och|till)\s?"
    r"\d+)? år(?: och (?:äldre|uppåt|yngre)| eller (?:äldre|yngre)| gammal| gamla)?\b(?! sedan| tillbaka| framåt| av )"
)
_SPENT = re.compile(
    rf"(?<![\w.,–-])(?:{ABOUT})?(?:{NUMBER}|{_WORDED}|en halv|en och en halv|ett par)(?:\s?(?:[–-]|"
    rf"till|och)\s?{NUMBER})? "
    r"(?:minuter|sekunder|timmar|timme|vårddygn)\b(?! sedan| tillbaka| framåt)"
    r"(?: (?:i|om|per) (?:månaden|veckan|dagen|året|dygnet|vecka|dag|dygn|månad|år)\b)?"
)
_BARE_AGE = re.compile(r"[A-ZÅÄÖ][a-zåäöé]+, (\d\d)(?=, (?:från|som|och|är|har|bor|i)\b)")
_HALF_HOUR = re.compile(
    r"\b[Ee]n (?:(?:dryg|knapp|god) timme|halvtimme|kvart|timme|timma|minut|och en halv timme|halv timme)\b(?! i )"
    r"|\b[Tt]vå gånger\b(?! (?:så|mer|fler|om|i|per)\b)"
)
_NOUN = re.compile(r" ([a-zåäöé-]{3,})")
_OF_THEM = re.compile(rf"(?<=\bvarav )(?:{ABOUT})?(?:{NUMBER})(?= [a-zåäö])")
_SOME = re.compile(r"\b[Ee]tt (?:tjugo|trettio|fyrtio|femtio|sextio|sjuttio|åttio|nittio|tio|femton|hundra)tal(?=[.,])")
_UNIT = re.compile(
    rf"(?<![\w.,–-])(?:{ABOUT})?{DIGITS} ?(?:km|kg|mg|GB|TB|Gbit/s|Mbit/s|kWh|MWh|GWh|kvm|m2|grader|°C|"
    rf"meter|kilometer|mil)"
    r"(?!\w)"
)
_HINT = re.compile(
    rf"\d|(?i:\b(?:{SMALL})\b)|kron|iljon|iljard|undra|usen|iotal|[Hh]älften|[Vv]ar|del\b|delar\b|tal\b|ILJ"
)
"""Whether a passage can hold money or a quantity at all: most cannot."""
_TIME_NOUN = re.compile(
    r"(?:år|månader|månad|veckor|vecka|dagar|dygn|dag|timmar|timme|minuter|minut|sekunder|decennier|kvartal)$"
    r"|åren$|års$|åriga?$|talet$"
)
_PLURAL = re.compile(r"(?:er|ar|or|are|nden|eden|erna|arna)$")
_NO_NOUN = word_group(
    "och eller men som att för från till med under över vid inom utan mot mellan efter innan sedan är "
    "var har hade ska kan inte "
    "där här när hur den det de dem han hon man sig sin sitt sina olika andra första sista nya egna "
    "personligen gången "
    "kronor kr euro dollar miljoner miljarder tusen procent år månader veckor dagar timmar minuter av på "
    "hos ihop i om per "
    "vill får blir blev fick mer fler mindre senare tidigare bara redan nu dessutom också gör kommer "
    "behöver finns december november alla deras våra över bidrar stärker kräver arbetar visar deltar skapar svarar "
    "dagar dygn tillfällen sekunder januari februari mars april maj juni juli augusti september oktober ser ger "
    "pågår består fungerar innebär omfattar återstår varar kostar använder saknar anser tycker uppger står går "
    "dag innehåller gäller menar ingår berör möter driver leder sitter ligger håller väntar träder"
)
_NO_ADJECTIVE = word_group("första sista senaste kommande ska de dessa våra alla hela bara redan inte båda")
_CURRENCIES = frozenset(("kronor", "kr", "euro", "dollar", "pund", "SEK", "EUR"))
_COMPARED = frozenset(("dyrare", "billigare", "mer", "högre", "lägre", "mindre", "bättre", "sämre"))
_PEOPLE = (
    *("anställda", "ansvariga", "sjuka", "unga", "vuxna", "drabbade", "boende", "studerande", "intagna", "inskrivna"),
    *(
        "anhöriga",
        "närstående",
        "sakkunniga",
        "verksamma",
        "utbildade",
        "äldre",
        "döda",
        "skadade",
        "smittade",
        "gravida",
    ),
)
_TIMES_AS = re.compile(r" (?:så|mer|fler|per|i|om|större|högre|snabbare|vanligare|bättre|dyrare)\b")
_YEARLIKE = re.compile(r"(?:19|20)\d\d(?!\d)")
_COUNTED = ("er", "are", "barn", "besök", "platser")
_SHOWN = re.compile(r"(?:karta|kartan|översikt|bild|lista|sammanställning|statistik) $")
_NAMES = frozenset(("1177", "112"))
_UNCOUNTED = endings("re ade ades ats t ts ligen ning het tion sam talet ans as")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])\.[0-5]\d")
_ALSO = re.compile(r"(?:, [a-zåäö]+(?:are|or|er))+,? och (?:[a-zåäö]+a )?[a-zåäö]+(?:are|or|er)\b")
"""What else the same number counts: ``tolv läkare, kuratorer och medicinska sekreterare``."""
_CHANGED = re.compile(
    rf"\b(?:sjönk|sjunkit|minskat|minskade|ökat|ökade|steg|stigit|gick|gått|fallit|föll)[^.!?\n]{{0,20}} från "
    rf"({DIGITS}) till ({DIGITS})(?=[.,;]| (?:under|på|i|per|mellan|efter|sedan)\b)"
)
_WHO = re.compile(
    rf"\b(?i:drygt|knappt|nästan|omkring|runt|cirka|över|närmare) {DIGITS}"
    r"(?= (?:ska|har|hade|är|fick|får|kan|vill|deltog|deltar|svarade|kom)\b)"
)
"""Numbers of people that nothing names, but that do something."""
_FEW = frozenset(("0", "1", "1,0"))
_NUMBERED = re.compile(
    r"(?:[Kk]apitel|[Bb]ilaga|[Ss]id(?:an|or)|[Pp]unkt|[Nn]ummer|[Nn]r|[Vv]ersion|[Ss]teg|[Kk]l\.?|§|"
    r"[Tt]yp|[Nn]ivå|[Ff]as) $"
)


@cache
def _zero_plurals() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the nouns whose plural has no ending, and those of them that end compounds."""
    nouns = word_set("zero_plurals")
    return nouns, tuple(noun for noun in nouns if len(noun) > 3)


def _is_plural(noun: str) -> bool:
    nouns, endings = _zero_plurals()
    return bool(_PLURAL.search(noun)) or noun in nouns or noun.endswith(endings)


def _may_be_counted(noun: str) -> bool:
    """Whether a word right behind a number can be what is counted: nearly every one can that is no verb or particle."""
    return len(noun) > 4 and not noun.endswith(_UNCOUNTED)


def find_amounts(text: str, start: int, end: int) -> Iterator[Mention]:
    """Yield the times, sums of money and quantities of one passage; they may overlap."""
    yield from find_dates(text, start, end)
    if not _HINT.search(text, start, end):
        return
    money = [found.span() for found in _MONEY.finditer(text, start, end)]
    for first, last in money:
        yield Mention(first, last, "MONEY", 0.97, "rules/money:currency")
    for found in _COSTS.finditer(text, start, end):
        yield Mention(*found.span(), "MONEY", 0.75, "rules/money:costs")
    yield from _bare_sums(text, start, end, bool(money))
    for pattern, score, source in (
        (_PERCENT, 0.9, "percent"),
        (_PARTS, 0.8, "part"),
        (_UNIT, 0.9, "unit"),
        (_SPENT, 0.7, "time"),
        (_AGE, 0.75, "age"),
    ):
        for found in pattern.finditer(text, start, end):
            counted = _NOUN.match(text, found.end()) if source == "part" else None
            last = (
                counted.end() if counted and " av " in found.group() and _is_plural(counted.group(1)) else found.end()
            )
            yield Mention(found.start(), last, "QUANTITY", score, f"rules/quantity:{source}")
    for found in _COUNT.finditer(text, start, end):
        yield from _count(text, found)
    yield from _about(text, start, end)
    for found in _CHANGED.finditer(text, start, end):
        for group in (1, 2):
            if not _YEARLIKE.match(found[group]):
                yield Mention(*found.span(group), "QUANTITY", 0.7, "rules/quantity:change")
    for pattern in (_OF_THEM, _SOME, _WHO):
        for found in pattern.finditer(text, start, end):
            yield Mention(*found.span(), "QUANTITY", 0.7, "rules/quantity:bare")
    for found in _BARE_AGE.finditer(text, start, end):
        yield Mention(*found.span(1), "QUANTITY", 0.75, "rules/quantity:age")
    for found in _HALF_HOUR.finditer(text, start, end):
        yield Mention(*found.span(), "QUANTITY", 0.75, "rules/quantity:time")


def _about(text: str, start: int, end: int) -> Iterator[Mention]:
    """``ett tiotal kommuner``."""
    for found in _COLLECTIVE.finditer(text, start, end):
        noun = found["noun"]
        if noun and noun not in _NO_NOUN and (_is_plural(noun) or noun.endswith(_PEOPLE)):
            yield Mention(*found.span(), "QUANTITY", 0.8, "rules/quantity:collective")


def _bare_sums(text: str, start: int, end: int, near_money: bool) -> Iterator[Mention]:
    """Yield sums without their currency: ``77 miljoner är mycket pengar``."""
    for found in _BARE_SCALE.finditer(text, start, end):
        after = re.match(r"[ ]?(\w*)", text[found.end() : min(end, found.end() + 24)])
        follows = after.group(1) if after else ""
        score = 0.75 if near_money or _MUCH.search(text, start, end) else 0.65
        if not follows or (
            follows not in _CURRENCIES
            and (follows in _COMPARED or not _is_plural(follows))
            and (follows == "årligen" or not follows.endswith(("en", "a")))
        ):
            yield Mention(*found.span(), "MONEY", score, "rules/money:bare")


def _count(text: str, found: re.Match[str]) -> Iterator[Mention]:
    noun, number = found["noun"], found["number"]
    bearers = found["adjectives"].strip()
    if bearers.endswith(_PEOPLE) and (noun in _NO_NOUN or not _is_plural(noun)):
        yield Mention(found.start(), found.start("adjectives") + len(bearers), "QUANTITY", 0.8, "rules/quantity:count")
        return
    if noun in _NO_NOUN or _TIME_NOUN.match(noun) or any(word in _NO_ADJECTIVE for word in found["adjectives"].split()):
        return
    if " till " in number and text.endswith("från ", 0, found.start()) and not _YEARLIKE.match(number):
        low, high = number.split(" till ", 1)
        last = found.start("number") + len(number) - len(high)
        yield Mention(found.start("number"), found.start("number") + len(low), "QUANTITY", 0.7, "rules/quantity:change")
        yield Mention(last, found.end(), "QUANTITY", 0.7, "rules/quantity:change")
        return
    if noun == "gånger" and _TIMES_AS.match(text, found.end()):
        return
    if _YEARLIKE.match(number) and (not noun.endswith(_COUNTED) or noun.endswith("mer")):
        return
    if number in _FEW or _CLOCK.fullmatch(number) or _NUMBERED.search(text, max(0, found.start() - 10), found.start()):
        return
    scaled = number.endswith(("miljon", "miljoner", "miljard", "miljarder", "tusen"))
    if number in _NAMES or (scaled and not _is_plural(noun)):
        return
    if noun in _COMPARED or noun in word_set("finite_verbs") or lexicon.is_passive(noun):
        return
    if _is_plural(noun) or _may_be_counted(noun):
        score = 0.85 if number[0].isdigit() else 0.75
        shown = _SHOWN.search(text, max(0, found.start() - 14), found.start()) and text.startswith(
            "över ", found.start()
        )
        first = found.start() + (5 if shown else 0)
        also = _ALSO.match(text, found.end()) if noun.endswith(("are", "or", "er")) else None
        yield Mention(first, also.end() if also else found.end(), "QUANTITY", score, "rules/quantity:count")
