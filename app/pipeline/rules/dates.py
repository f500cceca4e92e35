"""Points and spans of time, found by the shape of their words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.pipeline.rules.numbers import ABOUT, NUMBER
from app.pipeline.rules.records import Mention

_LONG_MONTH = "(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december)"
_MONTH = rf"(?:{_LONG_MONTH}|jan|feb|apr|jun|jul|aug|sept|sep|okt|nov|dec)"
_YEAR = r"(?:19\d\d|20\d\d)"
_WEEKDAY = "(?:[Mm]åndag|[Tt]isdag|[Oo]nsdag|[Tt]orsdag|[Ff]redag|[Ll]ördag|[Ss]öndag)"
_SEASON = "(?:[Vv]år|[Ss]ommar|[Hh]öst|[Vv]inter)"
_THE_SEASON = "(?:[Vv]åren|[Ss]ommaren|[Hh]östen|[Vv]intern)s?"
_UNIT = r"(?:år|månader|månad|veckor|vecka|dagar|dygn|dag|timmar|timme|minuter|minut|decennier|kvartal)"
_PERIODS = "(?:åren|månaderna|veckorna|dagarna|dygnen|decennierna|kvartalen|mandatperioderna|årtiondena|somrarna)"
_PERIOD = (
    "(?:året|månaden|veckan|dygnet|decenniet|årtiondet|kvartalet|halvåret|mandatperioden|hösten|våren|sommaren|"
    r"vintern|årsskiftet|helgen|seklet|\w+årsperioden)"
)
_EDGE = r"(?:[Bb]örjan|[Mm]itten|[Ss]lutet|[Uu]tgången)\sav\s"
_ABOUT_X, _NUMBER_X = ABOUT.replace(" ", r"\ "), NUMBER.replace(" ", r"\ ")
_HALF_NUMBER = rf"(?:{_NUMBER_X}|ett|en|ett\spar|några|flera|åtskilliga|ett\santal)"
_DATES = re.compile(
    rf"""\b(?:
    (?P<days>\d{{1,2}}\s{_MONTH}(?:\s{_YEAR})?\s?[–-]\s?\d{{1,2}}\s{_MONTH}(?:\s{_YEAR})?\b)
  | (?P<day>(?:(?:{_WEEKDAY}(?:en)?|[A-ZÅÄÖ][a-zåäö]+dagen|(?:jul|nyårs|midsommar)afton)\s(?:den\s)?)?\d{{1,2}}
      (?::e|:a)?
      (?:\s?[–-]\s?\d{{1,2}}|\s(?:och|eller|till)\s(?:den\s)?
      \d{{1,2}})?\s(?:den\s)?{_MONTH}\b\.?(?:\s{_YEAR}\b|\s(?:i\sår|i\sfjol|förra\såret|nästa\sår|samma\sår)\b)?)
  | (?P<iso>{_YEAR}-\d\d-\d\d\b)
  | (?P<slash>(?!24/7)(?:[12]?\d|3[01])/(?:1[0-2]|[1-9])\b(?:[\s-]{_YEAR}\b)?(?!\s?(?:av|procent)\b|/))
  | (?P<months>{_LONG_MONTH}\s{_YEAR}\s?[–-]\s?{_LONG_MONTH}\s{_YEAR}\b)
  | (?P<month>(?:{_EDGE})?(?:{_LONG_MONTH}|[JFASOND](?:anuari|ebruari|pril|ugusti|eptember|ktober|ovember|ecember)|
      M(?:ars|aj)|J(?:uni|uli))(?:\s(?:månad\s)?(?:{_YEAR}|i\sår|i\sfjol|nästa\sår|förra\såret)\b)
      |(?:{_EDGE})?{_LONG_MONTH}(?:\s?[–-]\s?{_LONG_MONTH}(?:\s{_YEAR})?|\soch\s{_LONG_MONTH}(?:\s{_YEAR})?)?\b)
  | (?P<years>{_YEAR}\s?[–-]\s?(?:{_YEAR}|\d\d)\b|{_YEAR}\still\s{_YEAR}\b|{_YEAR}/{_YEAR}\b|{_YEAR}/\d\d\b(?!:))
  | (?P<decade>(?:{_EDGE})?(?:{_YEAR}|\d0)-talets?\b(?:\s(?:början|mitt|slut)\b)?)
  | (?P<season>[Nn]atten\still\s(?:mån|tis|ons|tors|fre|lör|sön)dagen\b|[Ee]fter\snyår(?:et)?\b|[Ff]öre\sjul\b
      |(?:[Ff]öre|[Ee]fter|[Ii]nför)\s(?:sommaren|hösten|våren|vintern|semestern|semestrarna|julen|påsken)\b(?!\s\d)
      |(?:{_EDGE}|[Ff]örra\s|[Ss]enare\sunder\s|[Tt]idigare\sunder\s)?(?:{_THE_SEASON}|[Ss]enhösten|[Ss]envåren|
      [Ss]ensommaren|[Ff]örsommaren)(?:\s?(?:och|[–-])\s?{_THE_SEASON})?(?:\s(?:{_YEAR}|i\sår)\b)?
      |{_SEASON}(?:en|n|ens|ns)?\s{_YEAR}\b|[Ii]\s(?:våras|somras|höstas|vintras|höst|sommar|vinter)\b
      |[Ii]\svår\b(?=[.,;:!?)]|\s(?:och|kommer|ska|blir|är|för|på|med|av|till|när|då|som|inleds|startar|börjar)\b)
      |(?:[Tt]ill\s)(?:hösten|våren|sommaren|vintern)\b(?!\s\d)|(?<=[Ii]nnan\s|[Ee]fter\s)midsommar\b
      |[Ii]\s(?:jul|påsk|midsomras|julas)\b|(?:jul|påsk|midsommar|årsskiftes)helgen\b|månadsskiftet(?:\s{_MONTH}[/–-]{_MONTH})?)
  | (?P<quarter>(?:[Ff]örsta|[Aa]ndra|[Tt]redje|[Ff]järde|[Ss]ista)\s(?:kvartalet|halvåret|tertialet|tertialen)
      (?:\s(?:av\s)?{_YEAR}\b)?|[Vv]ecka\s\d{{1,2}}(?:\s?[–-]\s?\d{{1,2}})?\b|(?:[Kk]vartal|Q)\s?[1-4](?:\s{_YEAR})?\b)
  | (?P<turn>(?:[Vv]id\s|[Ff]öre\s|[Ee]fter\s|[Ii]nför\s)?(?:halv)?årsskiftet(?:\s{_YEAR}\s?[–/-]\s?\d{{2,4}}\b)?)
  | (?P<end>(?:(?:[Vv]id|[Ii]|[Ff]öre|[Tt]ill)\s)?(?:årets|månadens|veckans|decenniets)\s(?:slut|
      början)\b|{_EDGE}(?:året|månaden|veckan|seklet|decenniet|nästa\sår|förra\såret|{_YEAR})\b)
  | (?P<within>[Ii]nom\s(?:{_ABOUT_X})?{_HALF_NUMBER}\s(?:år|månader|månad|veckor|vecka)\b)
  | (?P<ago>(?:[Ff]ör\s)?(?:{_ABOUT_X})?{_HALF_NUMBER}\s{_UNIT}\ssedan\b|{_NUMBER_X}\s{_UNIT}\ssenare\b
      |(?:[Ff]ör\s)?(?:länge|inte\slänge|en\stid)\ssedan\b(?=[.,])
      |[Ss]edan\s(?:{_ABOUT_X})?{_HALF_NUMBER}\s{_UNIT}(?:\stillbaka)?\b)
  | (?P<ahead>(?<=[Oo]m\s)(?:{_ABOUT_X})?{_HALF_NUMBER}\s(?:år|månader|månad|veckor|vecka|dagar)\b)
  | (?P<last>[Dd]e\s(?:allra\s)?(?:senaste|kommande|närmaste|gångna)\s{_PERIODS}\b
      |(?:[Ss]enaste|[Kk]ommande|[Nn]ärmaste|[Gg]ångna|[Ff]örra|[Nn]ästkommande|[Ff]öregående|[Ss]ista|[Ii]nnevarande|
      [Ff]örsta)\s(?:{_NUMBER_X}\s|par\s|tio|halva\s)?(?:{_PERIODS}|{_PERIOD})\b)
  | (?P<this>[Dd]enna\s(?:vecka|månad|höst|vår|sommar|vinter|mandatperiod)\b)
  | (?P<next>(?:[Nn]ästa|[Ff]örra|[Vv]arje|[Vv]artannat|[Ss]amma|[Ff]öregående|[Kk]ommande|[Ff]öljande|[Dd]etta)\s(?:år|
      året|månad|månaden|kvartal|sommar|höst|vår|vinter|mandatperiod|halvår)\b|(?:[Nn]ästa|[Ff]örra|[Vv]arje|[Vv]arannan)\s(?:vecka|veckan|månad|natt|morgon|kväll|helg)\b
      |[Åå]ret\s(?:innan|före|därpå|efter)\b|[Ff]örsta\s(?:mån|tis|ons|tors|fre|lör|sön)dagen\s(?:varje|i)\s(?:månad|{_LONG_MONTH})\b)
  | (?P<near>[Ii]\sår\b|[Ii]\sfjol\b|[Ii]\sgår\b|[Ii]går\b|[Ii]\sfjor\b|[Ff]jolåret\b|
      [Ii]\sförrgår\b|[Ii]\sövermorgon\b|[Ii]morgon\b|
      [Ii]\smorgon\b|[Ii]\sdagarna\b|[Hh]äromdagen\b|[Hh]äromåret\b|
      (?:[Tt]idigare|[Ss]enare)\s(?:i\sveckan|i\sår|i\smånaden|under\såret|under\sveckan|under\smånaden|samma\sår)\b)
  | (?P<weekday>[Ii]\s(?:mån|tis|ons|tors|fre|lör|sön)dags\b|(?<=[Pp]å\s)(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en)?\b
      |(?<=[Uu]nder\s)(?:mån|tis|ons|tors|fre|lör|sön)dagen\b)
  | (?P<lasting>(?:{_ABOUT_X})?(?:{_NUMBER_X}(?:\s?(?:–|-|till|eller|och)\s?{_NUMBER_X})?|[Ee]tt\spar|[Nn]ågra)\s(?:år|
      månader|veckor|dygn|nätter|arbetsdagar|dagar|decennier)\b(?!\s(?:och\säldre|eller\säldre|gammal|gamla|och\suppåt|och\syngre))
      |(?<=\b[Uu]nder\s)(?:hela|resten\sav)\såret\b|(?<!\w)(?:[Ee]tt|ett\shalvt|ett\sdrygt|ett\sknappt)\s(?:år|halvår|dygn|decennium|
      kvartal)\b(?!\ssenare)|en\s(?:månad|vecka)\b(?!\ssenare))
  | (?P<year>(?:\bÅr\s)?{_YEAR}\b(?:\sårs\b)?)
  )""",
    re.VERBOSE,
)
_DATE_HINT = re.compile(
    rf"\d|{_LONG_MONTH}|år\b|året|åren|års|månad|vecka|veckor|dag|dygn|talet|kvartal|jul\b|påsk|våra|"
    rf"somra|hösta|vintra|"
    r"(?i:vår|höst|sommar|vinter)|går\b|fjo|tid\b|länge|decenni|mandatperiod|sekl|helgen|morgon|årtionde"
)
"""Whether a passage can hold a time at all."""
_AGE = re.compile(
    r"(?:barn|[Uu]nga|ungdomar|personer|patienter|äldre|vuxna|kvinnor|män|alla|invånare|ålder|ålders|befolkningen|"
    r"[Ff]lickor|pojkar|elever|de som är|den som är|som är|fyllt|fyller|åldern|medborgare|människor)\b[^.!?]{0,18}$"
    r"|[A-ZÅÄÖ][a-zåäöé]+, $"
)
_SPAN_OVER = re.compile(r"(?:[Uu]nder |[Öö]ver |[Mm]inst )?")
_OLD = re.compile(r"(?:över|Över|minst|Minst) (?:1[2-9]|[2-9]\d|1\d\d) år")
_NO_YEAR_AFTER = re.compile(
    r" (?:kronor|kr\b|miljoner|patienter|personer|invånare|svenskar|procent|barn\b|vårdplatser|anställda|deltagare|"
    r"medarbetare|besök\b|studenter|elever|vårdcentraler|användare)"
)
_SURE = frozenset(("day", "days", "months", "iso", "years", "month", "year", "quarter", "ago", "decade", "turn", "end"))


def find_dates(text: str, start: int, end: int) -> Iterator[Mention]:
    """Yield the points and spans of time of one passage; articles and most prepositions stay outside."""
    if not _DATE_HINT.search(text, start, end):
        return
    for found in _DATES.finditer(text, start, end):
        kind = found.lastgroup or "date"
        first, last = found.span()
        if kind == "lasting" and not _is_age(text, start, kind, found):
            first += len(_SPAN_OVER.match(text, first).group())  # type: ignore[union-attr]
        if (kind == "year" and not _is_year(text, first, last)) or _is_age(text, start, kind, found):
            continue
        if text[last - 1] == "." and kind in ("day", "days"):
            last -= 1
        yield Mention(first, last, "DATE", 0.92 if kind in _SURE else 0.85, f"rules/date:{kind}")


def _is_age(text: str, start: int, kind: str, found: re.Match[str]) -> bool:
    if kind != "lasting" or not found.group().endswith("år"):
        return False
    return bool(_OLD.match(found.group())) or bool(_AGE.search(text, max(start, found.start() - 45), found.start()))


def _is_year(text: str, first: int, last: int) -> bool:
    """Whether a number between 1900 and 2099 is a year: no part of a longer number, no count."""
    before, after = text[max(0, first - 1) : first], text[last : last + 2]
    if after == ": " and before in ("", "\n"):
        return True
    if before in (":", "/", "-", ".", ",") or after[:1] in ("/", "-", ":"):
        return False
    return not (after[:1] == "," and after[1:].isdigit()) and not _NO_YEAR_AFTER.match(text, last)
