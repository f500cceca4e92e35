"""What the surroundings of a chosen name add to it: ``Vitalis 2031``, ``PRO Uppsala län``, ``kronisk hjärtsvikt``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from app.pipeline.rules.gazetteers import word_group
from app.pipeline.rules.records import Mention, Page

_YEAR = re.compile(r" (?:19|20)\d\d\b(?!-)")
_PLACE_AND_YEAR = re.compile(r" i [A-ZÅÄÖ][a-zåäö]+ 20\d\d\b")
_UNIT_ON_LINE = re.compile(r", [a-zåäö][a-zåäö -]{3,50}(?=\n|$)")
_VERSION = re.compile(r"\+| \d+\.\d+\b")
_LINE_OF = re.compile(r" (?:inkorg|journal|direkt|chatt|telefon)\b")
_KIND_OF_ILLNESS = re.compile(
    r"\b(?:[Kk]ronisk[at]?|[Aa]kut[at]?|[Rr]eumatisk|[Bb]akteriell|[Vv]iral|[Mm]align|[Mm]edfödd|[Jj]uvenil|[Ss]pridd|"
    r"[Ll]ångvarig) $"
)
_LOCAL = word_group(
    "PRO SPF FoU FOU HSO DHR FUB RSMH NSPH Attention Läkarförbundet Vårdförbundet Kommunal Vision Demensförbundet "
    "Diabetesförbundet Folktandvården Röda Kommunförbundet ABF Coompanion Almi Praktikertjänst Capio "
    "Attendo Aleris RCC "
    "RF-SISU Biobank Innovation Science Invest Business P4 Radio Hyresgästföreningen Brottsofferjouren"
)
_LAW_TALK = re.compile(r"\b(?:enligt|[Ff]örordning\w*|artikel \d+|rättsakt\w*|trädde i kraft|träder i kraft)\b")


def join(page: Page, chosen: Sequence[Mention]) -> Iterator[Mention]:
    """Yield each chosen mention in its final extent and with its final label."""
    law = _is_law(page, chosen)
    skip = -1
    for number, mention in enumerate(chosen):
        if mention.start < skip:
            continue
        following = chosen[number + 1] if number + 1 < len(chosen) else None
        joined = _extended(page, mention, following)
        if law and page.text[mention.start : mention.end] in _ALSO_LAWS:
            joined = joined._replace(label="DOCUMENT")
        skip = joined.end
        yield joined


_ALSO_LAWS = frozenset(
    ("EHDS", "europeiska hälsodataområdet", "det europeiska hälsodataområdet", "European Health Data Space")
)


def _is_law(page: Page, chosen: Iterable[Mention]) -> bool:
    """Whether a page speaks of the health data space as of a regulation."""
    for mention in chosen:
        if page.text[mention.start : mention.end] in _ALSO_LAWS and _LAW_TALK.search(
            page.text, max(0, mention.start - 40), mention.start
        ):
            return True
    return False


def _extended(page: Page, mention: Mention, following: Mention | None) -> Mention:
    text = page.text
    if mention.label == "EVENT" and (year := _YEAR.match(text, mention.end)):
        return mention._replace(end=year.end())
    if mention.label == "EVENT" and (place := _PLACE_AND_YEAR.match(text, mention.end)):
        return mention._replace(end=place.end())
    if mention.label == "ROLE" and mention.start and text[mention.start - 1] == "\n":
        rest = _UNIT_ON_LINE.match(text, mention.end)
        return mention._replace(end=rest.end()) if rest else mention
    if mention.label == "ORGANISATION" and text.endswith(("Plats: ", "Lokal: "), 0, mention.start):
        return mention._replace(label="PLACE")
    beside = following is not None and following.label == "PLACE" and text[mention.end : following.start] == " "
    if mention.label == "SERVICE" and following is not None and beside:
        return mention._replace(end=following.end)
    if mention.label == "SERVICE":
        more = _VERSION.match(text, mention.end)
        if text[mention.start : mention.end] == "1177":
            more = more or _LINE_OF.match(text, mention.end)
        return mention._replace(end=more.end()) if more else mention
    if mention.label == "CONDITION" and (
        kind := _KIND_OF_ILLNESS.search(text, max(0, mention.start - 14), mention.start)
    ):
        return mention._replace(start=kind.start())
    local = text[mention.start : mention.end].split(" ")[0] in _LOCAL
    if mention.label == "ORGANISATION" and following is not None and beside and local:
        return mention._replace(end=following.end)
    return mention
