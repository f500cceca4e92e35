"""Dates, amounts of money and other quantities, found by the shape of their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from app.pipeline.rules.gazetteers import word_group, word_set
from app.pipeline.rules.records import Mention

_MONTH = (
    "(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
    "|jan|feb|apr|jun|jul|aug|sept|sep|okt|nov|dec)"
)
_YEAR = r"(?:19\d\d|20\d\d)"
_WEEKDAY = "(?:[Mm]åndag|[Tt]isdag|[Oo]nsdag|[Tt]orsdag|[Ff]redag|[Ll]ördag|[Ss]öndag)"
_SEASON = "(?:[Vv]år|[Ss]ommar|[Hh]öst|[Vv]inter)"
_SMALL = (
    "två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv|tretton|fjorton|femton|sexton|sjutton|arton|nitton|"
    "tjugo|trettio|fyrtio|femtio|sextio|sjuttio|åttio|nittio"
)
_DIGITS = r"\d+(?:[  ]\d{3})*(?:[.,]\d+)?"
_NUMBER = rf"(?:{_DIGITS}|(?:{_SMALL}|hundra|tusen|ett hundra|ett par hundra|flera hundra|ett tusen)\b)"
_SCALE = r"(?:tusen|tusental|miljoner|miljon|miljarder|miljard|mkr|mdkr|mnkr|mdr|tkr)\b"
_ABOUT = (
    r"(?i:omkring|cirka|ca\.?|ungefär|runt|drygt|knappt|nästan|närmare|nära|uppemot|över|under|minst|"
    r"högst|mer än|fler än|mindre än|"
    r"färre än|upp till|uppåt|närmast|kring|totalt|sammanlagt|hela|inemot|mellan) "
)
_CURRENCY = (
    r"(?:svenska kronor|kronor|kr\b|SEK\b|euro\b|EUR\b|dollar|USD\b|pund\b|öre\b|norska kronor|danska kronor)"
)
_UNIT_TIME = (
    r"(?:år|månader|månad|veckor|vecka|dagar|dygn|dag|timmar|timme|minuter|minut|sekunder|decennier|kvartal)"
)
_PER = (
    r"(?: (?:i|om|per) (?:månaden|veckan|dagen|året|dygnet|timmen|år|månad|vecka|dag|dygn|timme|minut|"
    r"invånare|person|patient|kommun|region)\b)"
)
_ABOUT_X, _NUMBER_X = _ABOUT.replace(" ", r"\ "), _NUMBER.replace(" ", r"\ ")
_DATES = re.compile(
    rf"""\b(?:
    (?P<day>(?:{_WEEKDAY}(?:en)?\s(?:den\s)?)?\d{{1,2}}(?:[–-]\d{{1,2}})?\s{_MONTH}\b\.?(?:\s{_YEAR}\b)?)
  | (?P<iso>{_YEAR}-\d\d-\d\d\b)
  | (?P<month>(?:(?:början|mitten|slutet)\sav\s)?(?:[Jj]anuari|[Ff]ebruari|[Mm]ars|[Aa]pril|[Mm]aj|
      [Jj]uni|[Jj]uli|[Aa]ugusti|[Ss]eptember|[Oo]ktober|[Nn]ovember|
      [Dd]ecember)(?:\s(?:månad\s)?{_YEAR}\b))
  | (?P<span>{_YEAR}\s?[–-]\s?{_YEAR}\b)
  | (?P<decade>(?:(?:början|mitten|slutet)\sav\s)?(?:{_YEAR}|\d0)-talet\b)
  | (?P<season>{_SEASON}(?:en|n|ens|ns)\s(?:och\s(?:våren|sommaren|hösten|vintern)\s)?{_YEAR}\b|
      (?:[Ii]\s(?:våras|somras|höstas|vintras|höst|vår|sommar|vinter)\b))
  | (?P<quarter>(?:första|andra|tredje|fjärde)\s(?:kvartalet|halvåret)(?:\s{_YEAR}\b)?)
  | (?P<turn>(?:[Vv]id\s)?årsskiftet(?:\s{_YEAR}\s?[–/-]\s?\d{{2,4}}\b)?)
  | (?P<end>(?:(?:[Vv]id|[Ii]|[Ff]öre|[Tt]ill)\s)?(?:årets|månadens|veckans|decenniets)\s(?:slut|
      början)\b|(?:slutet|början|mitten)\sav\s(?:året|månaden|nästa\sår|{_YEAR})\b)
  | (?P<ago>(?:[Ff]ör\s)?(?:{_ABOUT_X})?(?:{_NUMBER_X}|ett|en|ett\spar|några|flera)\s{_UNIT_TIME}\ssedan\b)
  | (?P<ahead>[Oo]m\s(?:{_ABOUT_X})?(?:{_NUMBER_X}|ett|en|ett\spar|några)\s(?:år|månader|månad|veckor|
      vecka|dagar)\b)
  | (?P<last>(?:[Dd]et|[Dd]en)?\s?(?:senaste|kommande|närmaste|gångna|förra|
      nästkommande)\s(?:{_NUMBER_X}\s)?(?:åren|året|månaderna|månaden|veckorna|veckan|dagarna|dagen|
      decennierna|decenniet|årtiondet|kvartalet)\b
      |[Dd]e\s(?:senaste|kommande|närmaste|gångna)\s(?:åren|månaderna|veckorna|dagarna|decennierna)\b)
  | (?P<next>(?:[Nn]ästa|[Ff]örra|[Vv]arje|[Vv]artannat|[Ss]amma)\s(?:år|året|månad|månaden|vecka|
      veckan|kvartal|sommar|höst|vår|vinter|mandatperiod|halvår)\b)
  | (?P<near>[Ii]\sår\b|[Ii]\sfjol\b|[Ii]\sgår\b|[Ii]går\b|[Ii]\smorgon\b|[Ii]\sförrgår\b|
      [Ii]\sdagarna\b|[Hh]äromdagen\b|(?:[Tt]idigare|[Ss]enare)\s(?:i\sveckan|i\sår|i\smånaden|under\såret|
      under\sveckan|i\sdag)\b)
  | (?P<weekday>[Ii]\s(?:mån|tis|ons|tors|fre|lör|sön)dags\b
      |(?<=[Pp]å\s)(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en)?\b|(?<=[Uu]nder\s)(?:mån|tis|ons|tors|fre|
          lör|sön)dagen\b)
  | (?P<year>{_YEAR}\b(?:\sårs\b)?)
  )""",
    re.VERBOSE,
)
_MONEY = re.compile(
    rf"(?<![\w.,])(?:{_ABOUT})?(?:(?:(?:{_DIGITS}\s?(?:och|till|–|-)\s?)?(?:{_NUMBER}|en halv|en|ett|ett "
    rf"par|några|flera|tiotals|hundratals)\s)"
    rf"(?:{_SCALE}\s)?{_CURRENCY}|{_DIGITS}\s?(?:mkr|mdkr|mnkr|mdr|tkr|kr|:-|€|\$)(?!\w)|(?:mång|"
    rf"fler)?mil(?:jon|jard)(?:belopp|summor|summa)\b)"
)
_BARE_SCALE = re.compile(
    rf"(?<![\w.,])(?:{_ABOUT})?(?:{_DIGITS}|en halv|en|ett par|några) (?:miljoner|miljarder|miljon|miljard)\b"
)
_PERCENT = re.compile(
    rf"(?<![\w.,])(?:{_ABOUT})?(?:{_DIGITS}|{_SMALL})(?:[–-]{_DIGITS})?\s?(?:procent(?:enheter)?\b|%|"
    rf"promille\b)"
)
_COUNT = re.compile(
    rf"(?<![\w.,–-])(?:{_ABOUT})?(?P<number>(?:{_NUMBER}|[Tt]vå|[Tt]re|[Ff]yra|[Ff]em|[Ss]ex|[Ss]ju|"
    rf"[Åå]tta|[Nn]io|[Tt]io|[Ee]lva|[Tt]olv)"
    rf"(?: (?:och|av|till|–) {_NUMBER})?(?: (?:tusen|miljoner|miljarder|miljon))?) "
    rf"(?:(?P<adjective>[a-zåäöé-]{{3,}}a) )?(?P<noun>[a-zåäöé][a-zåäöé-]+)(?:{_PER})?"
)
_HUNDREDS = re.compile(
    rf"\b(?:[Hh]undratals|[Tt]usentals|[Tt]iotals|[Tt]iotusentals|[Hh]undratusentals) "
    rf"(?P<noun>[a-zåäöé]{{4,}}){_PER}?"
)
_HINT = re.compile(rf"\d|(?i:\b(?:{_SMALL})\b)|kron|iljon|iljard|undra|usen|iotal")
"""Whether a passage can hold money or a quantity at all: most cannot."""
_TIME_NOUN = re.compile(rf"{_UNIT_TIME}$|åren$|års$|åriga?$|talet$")
_PLURAL = re.compile(r"(?:er|ar|or|are|nden|eden)$")
_NO_NOUN = word_group(
    "och eller men som att för från till med under över vid inom utan mot mellan efter innan sedan är "
    "var har hade ska kan inte "
    "där här när hur den det de dem han hon man sig sin sitt sina olika andra första sista nya egna "
    "gånger personligen gången "
    "kronor kr euro dollar miljoner miljarder tusen procent år månader veckor dagar timmar minuter av på "
    "hos ihop i om per "
    "vill får blir blev fick mer fler mindre senare tidigare bara redan nu dessutom också gör kommer "
    "behöver finns "
    "dagar dygn tillfällen sekunder januari februari mars april maj juni juli augusti september oktober "
    "november december"
)


@cache
def _zero_plurals() -> frozenset[str]:
    return word_set("zero_plurals")


def find_amounts(text: str, start: int, end: int) -> Iterator[Mention]:
    """Yield the dates, sums of money and quantities of one passage; they may overlap."""
    for found in _DATES.finditer(text, start, end):
        yield from _date(text, found)
    if not _HINT.search(text, start, end):
        return
    money = [found.span() for found in _MONEY.finditer(text, start, end)]
    for first, last in money:
        yield Mention(first, last, "MONEY", 0.97, "rules/money:currency")
    yield from _bare_sums(text, start, end, bool(money))
    for found in _PERCENT.finditer(text, start, end):
        yield Mention(*found.span(), "QUANTITY", 0.9, "rules/quantity:percent")
    for found in _COUNT.finditer(text, start, end):
        yield from _count(found)
    for found in _HUNDREDS.finditer(text, start, end):
        if _PLURAL.search(found["noun"]) and found["noun"] not in _NO_NOUN:
            yield Mention(*found.span(), "QUANTITY", 0.75, "rules/quantity:hundreds")


def _date(text: str, found: re.Match[str]) -> Iterator[Mention]:
    kind = found.lastgroup or "date"
    first, last = found.span()
    while text[first].isspace():
        first += 1
    if kind == "year":
        before, after = text[max(0, first - 1) : first], text[last : last + 2]
        if (
            before in (":", "/", "-", ".", ",")
            or after[:1] in ("/", "-", ":")
            or (after[:1] == "," and after[1:].isdigit())
        ):
            return
        if re.match(
            r" (?:kronor|kr\b|miljoner|patienter|personer|invånare|svenskar|procent)", text[last : last + 12]
        ):
            return
    if text[last - 1] == "." and kind == "day":
        last -= 1
    yield Mention(
        first,
        last,
        "DATE",
        0.85 if kind in ("next", "near", "weekday", "last") else 0.92,
        f"rules/date:{kind}",
    )


def _bare_sums(text: str, start: int, end: int, near_money: bool) -> Iterator[Mention]:
    """Yield sums without their currency: ``77 miljoner är mycket pengar``."""
    for found in _BARE_SCALE.finditer(text, start, end):
        after = re.match(r"[ ]?(\w*)", text[found.end() : min(end, found.end() + 24)])
        follows = after.group(1) if after else ""
        talk = near_money or re.search(
            r"\b(?i:peng|sats|kosta|investera|anslå|budget|bidrag|skjut|tillför)", text[start:end]
        )
        if talk and (not follows or follows in _NO_NOUN - {"kronor", "kr", "euro", "dollar"}):
            yield Mention(*found.span(), "MONEY", 0.75, "rules/money:bare")


def _count(found: re.Match[str]) -> Iterator[Mention]:
    noun, number = found["noun"], found["number"]
    if noun in _NO_NOUN or _TIME_NOUN.match(noun):
        return
    if re.fullmatch(_YEAR, number) or number in ("0", "1"):
        return
    if noun in _zero_plurals() or _PLURAL.search(noun):
        score = 0.85 if number[0].isdigit() else 0.75
        yield Mention(found.start(), found.end(), "QUANTITY", score, "rules/quantity:count")
