"""Bodies whose name is built like a noun phrase: ``Umeå universitet``, ``Glesbygdsmedicinskt centrum``."""

from __future__ import annotations

from collections.abc import Iterator

from app.pipeline.rules import lexicon
from app.pipeline.rules.gazetteers import endings, word_group, word_set
from app.pipeline.rules.records import Mention, Page

_HEADS = endings(
    "äldreboende omsorgsboende demensboende äldrecentrum sjukhem "
    "universitet universitets högskola högskolas sjukhus lasarett lasaretts sjukstuga sjukstugas vårdcentral "
    "vårdcentrals hälsocentral hälsocentrals centrum centrums center centers institut instituts departement "
    "departements ministerium ministeriums kommun kommuns landsting landstings kommunförbund regionförbund "
    "förening förenings sällskap sällskaps akademi akademis myndighet myndighets tingsrätt förvaltningsrätt "
    "stiftelse kansli sjukvårdsområde sjukvårdsområdes folkhögskola riksförbund riksförbunds räddningstjänst "
    "socialtjänst socialtjänsts centralförbund kompetenscentrum universitetssjukvård universitetssjukvårds "
    "regering regerings parlament parlaments ambassad ambassads mottagning mottagnings ungdomsmottagning "
    "närsjukvård hemsjukvård barnmorskemottagning primärvård primärvårds apotek apoteks museum förvaltning "
    "förvaltnings delegation kommitté läkarförening läkareförening sjuksköterskeförening studentkår hospice "
    "socialdepartement kulturråd hälsoråd patientråd forskningsråd studieförbund försvarsmakt försvarsmakts "
    "folkhälsomyndighet folkhälsoinstitut läkemedelsverk räddningsverk arbetarparti"
)
"""Words that make a body's name of the proper name in the genitive before them; compounds end in them too."""
_WHOLE_HEADS = word_group("stad stads nämnd nämnds byrå kyrka tandvård")
_OWN_HEADS = word_group(
    "sjukhus universitet lasarett landsting apotek museum mottagning primärvård tandvård förening förvaltning "
    "nämnd centrum center stad byrå kyrka delegation kommitté stiftelse regering regerings parlament parlaments "
    "kommun kommuns"
)
"""Short words that say of a whole country or people what it has, not what something is called."""
_PLURAL_OWNERS = word_group("Sveriges Europas Nordens EU:s EUs Finlands Norges Danmarks Världens USA:s")
_ADJECTIVE_HEADS = endings(
    "teamet teamets inrättningen vårdenheten resurscentrum sekretariatet programkontoret kansliet "
    "äldreboende omsorgsboende demensboende äldrecentrum sjukhem "
    "centrum centrums center centret institutet institutets rådet rådets kliniken klinikens akademin akademins "
    "sällskapet sällskapets föreningen föreningens förbundet förbundets universitetet universitetets högskolan "
    "högskolans sjukhuset sjukhusets nämnden nämndens myndigheten myndighetens museet museets domstolen "
    "domstolens kommittén kommitténs fakulteten fakultetens skolan skolans enheten enhetens avdelningen "
    "avdelningens mottagningen mottagningens kommissionen kommissionens byrån byråns banken bankens fonden "
    "fondens unionen unionens förening förenings sällskap institut akademi råd nätverket nätverkets partiet "
    "partiets sjukstugan hälsocentralen vårdcentralen gruppen gruppens delegationen departementet "
    "departementets biblioteket ministeriet församlingen domkyrkan styrelsen styrelsens samfundet högkvarteret "
    "alliansen"
)
_ADJECTIVE = (
    "ska",
    "skt",
    "sk",
    "liga",
    "ligt",
    "lig",
    "ella",
    "ellt",
    "ell",
    "ala",
    "alt",
    "ära",
    "iva",
    "ivt",
    "erade",
)
_NO_ADJECTIVE = word_group(
    "Den Det De En Ett Alla Andra Hela Många Några Flera Nya Samma Sina Våra Dessa Båda Första Olika Stora Fler "
    "Enligt Samtliga Viktigt Möjligt Särskilt Särskilda Tidigare Dagligen Slutligen Snart Förslag Fakta "
    "Aktuella Aktuellt Politiska Digitala Regionala Lokala Nationell Regional Lokal Digital Total Antal"
)
_SURELY_NAMED = word_group(
    "Nationella Nationellt Regionalt Regionala Svenska Svensk Svenskt Nordiska Nordiskt Nordisk Europeiska Europeiskt "
    "Kungliga Sociala Medicinska Internationella Statens Rikets Karolinska Akademiska"
)
_UNIT_HEADS = endings(
    "labbet labbets inrättningen inrättningens teamet staben stabens sekretariatet "
    "äldreboende omsorgsboende demensboende äldrecentrum sjukhem "
    "centrum centrums center centers centret institutet institutets kliniken klinikens mottagningen akuten "
    "mottagningens vårdcentralen vårdcentralens hälsocentralen sjukhuset sjukhusets lasarettet "
    "universitetssjukhuset sjukstugan universitetet universitetets högskolan högskolans akademin skolan "
    "gymnasiet enheten avdelningen biblioteket kontoret kontorets byrån laboratoriet museet bolaget bolagets "
    "huset hubben noden arenan campus patologi kirurgi radiologi psykiatri psykiatrin medicin "
    "laboratoriemedicin"
)
"""A capitalised word within a sentence that ends so names a unit: ``Medicincentrum``."""
_NO_UNIT = word_group(
    "medicin universitetet högskolan sjukhuset enheten avdelningen kontoret skolan huset bolaget center centrum "
    "psykiatrin psykiatri kirurgi universitets bibliotek kirurgen e-hälsa husets folkhögskola"
)
_AREAS = word_group("Norr Syd Väst Öst Mitt Mellansverige Sydöst Sydost Nord Sverige Norra Södra Västra Östra")
_NO_FIELD = word_group("att den det de en ett sin sitt sina")
_NAMED_SEATS = word_group("länssjukhuset universitetssjukhuset regionsjukhuset barnsjukhuset lasarettet")


def find_institutions(page: Page) -> Iterator[Mention]:
    """Yield the bodies of a page that are named by what they are."""
    words = page.words
    for i, word in enumerate(words):
        if word[0].isupper():
            yield from _owned(page, i)
            yield from _described(page, i)
            yield from _unit(page, i)
            yield from _hyphened(page, i)
        if word.lower() in _NAMED_SEATS and i + 1 < len(words) and page.gap(i) == " ":
            yield from _seated(page, i)
        if word[0].islower() or i in page.first:
            yield from _committee(page, i)


def _mention(page: Page, start: int, end: int, score: float, source: str) -> Mention:
    return Mention(page.starts[start], page.ends[end - 1], "ORGANISATION", score, f"rules/organisation:{source}")


def _lower(page: Page, i: int) -> str:
    return page.words[i].lower() if i < len(page.words) and page.gap(i - 1) == " " else ""


def _is_place(word: str) -> bool:
    places = lexicon.place_names()
    return word in places or word.removesuffix("s") in places


def _owned(page: Page, i: int) -> Iterator[Mention]:
    """``Estlands socialdepartement``, ``Storumans sjukstuga hälsocentral``, ``Umeå Universitet``."""
    words = page.words
    head = _lower(page, i + 1)
    end = i + 2
    if words[i + 1 : i + 2] == ["läns"] and page.gap(i) == " ":
        head, end = _lower(page, i + 2), i + 3
    if (
        not (head in _WHOLE_HEADS or head.endswith(_HEADS))
        or words[i] in _NO_ADJECTIVE
        or lexicon.is_given_name(words[i])
    ):
        return
    short = head in _OWN_HEADS
    place = _is_place(words[i])
    if words[i] in _PLURAL_OWNERS and short and "regering" not in head and "parlament" not in head:
        return
    if not place and (i in page.first or (short and not words[i].endswith("s"))):
        return
    while (
        (not words[end - 1].endswith("s") or words[end - 1].endswith("hus"))
        and _lower(page, end).endswith(_HEADS)
        and _lower(page, end) not in _OWN_HEADS
    ):
        end += 1
    start = i
    two = i and words[i - 1][0].isupper() and page.gap(i - 1) == " " and words[i - 1] not in word_set("common_words")
    if two and (_is_place(f"{words[i - 1]} {words[i].removesuffix('s')}") or words[i - 1] in _AREAS):
        start = i - 1
    yield _mention(page, start, end, 0.9 if place else 0.75, "owned")


def _described(page: Page, i: int) -> Iterator[Mention]:
    """``Glesbygdsmedicinskt centrum``, ``Regionalt cancercentrum Norr``, ``Utrikespolitiska institutet``."""
    words = page.words
    word = words[i]
    if not word.endswith(_ADJECTIVE) or word in _NO_ADJECTIVE or (i in page.first and word not in _SURELY_NAMED):
        return
    end = i + 1
    while end < i + 3 and _lower(page, end).endswith(_ADJECTIVE) and not _lower(page, end).endswith(_ADJECTIVE_HEADS):
        end += 1
    if not _lower(page, end).endswith(_ADJECTIVE_HEADS):
        return
    if i in page.first and _lower(page, end) in ("centrum", "gruppen", "enheten", "nätverket", "skolan", "råd"):
        return
    end = _tail(page, end + 1)
    yield _mention(page, i, end, 0.8, "described")


def _tail(page: Page, end: int) -> int:
    """Return where a name ends that may go on with an area or a field: ``… Norr``, ``… för kvinnofrid``."""
    words = page.words
    if end < len(words) and page.gap(end - 1) == " ":
        if words[end] in _AREAS or (words[end][0].isupper() and not lexicon.is_given_name(words[end])):
            return end + 1
        follows = words[end + 1] if end + 1 < len(words) and page.gap(end) == " " else ""
        field = follows[:1].islower() and follows not in word_set("finite_verbs") and follows not in _NO_FIELD
        if words[end] in ("för", "mot") and field:
            end += 2
            if _lower(page, end) == "och" and words[end + 1 : end + 2] and words[end - 1].endswith("-"):
                end += 2
    return end


def _unit(page: Page, i: int) -> Iterator[Mention]:
    """``Medicincentrum``, ``Barn- och ungdomscentrum``, ``Kompetenscenter Välfärdsteknik``."""
    words = page.words
    start, end = i, i + 1
    if words[i].endswith("-") and words[i + 1 : i + 2] in (["och"], ["samt"]) and i + 2 < len(words):
        end = i + 3
    low = words[end - 1].lower()
    if not low.endswith(_UNIT_HEADS) or low in _NO_UNIT:
        return
    follows = end < len(words) and page.gap(end - 1) == " " and words[end][0].isupper()
    skill = low.startswith("kompetenscent") and _lower(page, end) != ""
    if (i in page.first and not follows and not skill) or (follows and not low.endswith(_HEADS + _ADJECTIVE_HEADS)):
        return
    if i and words[i - 1][0].isupper() and page.gap(i - 1) == " " and i - 1 not in page.first:
        return
    if (follows and not lexicon.is_given_name(words[end])) or (
        low.startswith("kompetenscent") and _lower(page, end).endswith(("teknik", "hälsa", "ering", "omsorg", "vård"))
    ):
        end += 1
    yield _mention(page, start, end, 0.86 if follows else 0.75, "unit")


def _hyphened(page: Page, i: int) -> Iterator[Mention]:
    """``Life science-kontoret``: a phrase before the hyphen, a kind of body after it."""
    low = _lower(page, i + 1)
    if "-" in low and low.rpartition("-")[2].endswith(_UNIT_HEADS) and page.words[i + 1][0].islower():
        yield _mention(page, i, i + 2, 0.8, "hyphen")


def _seated(page: Page, i: int) -> Iterator[Mention]:
    """``länssjukhuset Ryhov``, ``universitetssjukhuset i Linköping``."""
    words = page.words
    end = i + 2 if words[i + 1] == "i" else i + 1
    several = end + 1 < len(words) and page.gap(end) == " " and words[end + 1][0].isupper()
    if end < len(words) and words[end][0].isupper() and page.gap(end - 1) == " " and not several:
        yield _mention(page, i, end + 1, 0.85, "seat")


def _committee(page: Page, i: int) -> Iterator[Mention]:
    """``folkhälso- och sjukvårdsnämnden``: a board of elected people, with what the compound leaves out before it."""
    words = page.words
    low = words[i].lower()
    if not low.endswith(lexicon.BOARD_ENDINGS) or low in lexicon.GENERIC or low.removesuffix("s") in lexicon.GENERIC:
        return
    start = i
    while start > 1 and words[start - 1] in ("och", "samt") and words[start - 2].endswith("-"):
        start -= 2
        while start and words[start - 1].endswith("-") and page.gap(start - 1).strip() == ",":
            start -= 1
    yield _mention(page, start, i + 1, 0.85, "board")
