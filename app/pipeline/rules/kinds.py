"""What a common noun says of the name beside it: ``journalsystemet``, ``rapporten``, ``en app som heter``."""

from __future__ import annotations

from functools import cache

from app.pipeline.rules.gazetteers import endings

_KINDS = {
    "DOCUMENT": (
        "boken handboken rapporten delrapporten slutrapporten årsrapporten forskningsrapporten betänkandet "
        "slutbetänkandet delbetänkandet utredningen propositionen lagen förordningen guiden skriften artikeln "
        "avhandlingen broschyren studien promemorian vägledningen skrivelsen debattartikeln lagrådsremissen "
        "departementspromemorian antologin kartläggningen handlingsplanen riktlinjerna riktlinjen uppsatsen "
        "dokumentet publikationen remissen debattboken romanen deklarationen resolutionen foldern checklistan "
        "policyn"
    ),
    "PROGRAMME": (
        "projektet projekten programmet satsningen strategin initiativet samarbetet visionen pilotprojektet "
        "forskningsprojektet utvecklingsprojektet innovationsprojektet eu-projektet samverkansprojektet "
        "innovationsprogrammet forskningsprogrammet utvecklingsprogrammet färdplanen kampanjen nätverket "
        "överenskommelsen agendan målbilden utlysningen handslaget"
    ),
    "SERVICE": (
        "appen tjänsten plattformen systemet journalsystemet webbplatsen sajten verktyget e-tjänsten portalen "
        "vårdinformationssystemet webbtjänsten podden poddcasten nyhetsbrevet webbutbildningen hemsidan it- "
        "systemet mobilappen chattboten webbportalen vårdappen databasen registret kvalitetsregistret produkten "
        "vårdtjänsten leverantörsportalen"
    ),
    "EVENT": (
        "konferensen mässan kongressen evenemanget eventet seminariet hackathonet hackatonet toppmötet vårdmässan "
        "branschmässan e-hälsomässan workshopen webbinariet mötesplatsen festivalen"
    ),
    "ORGANISATION": (
        "företaget bolaget företagen bolagen leverantören leverantörerna organisationen stiftelsen föreningen "
        "vårdgivaren vårdbolaget it-bolaget techbolaget nätläkarbolaget nätläkaren konsultbolaget "
        "konsultföretaget intresseorganisationen patientorganisationen fackförbundet myndigheten startupbolaget "
        "läkemedelsbolaget läkemedelsföretaget medicinteknikbolaget teknikbolaget tidningen branschorganisationen "
        "koncernen forskningsinstitutet analysföretaget tankesmedjan universitetssjukhuset sjukhuset "
        "vårdcentralen hälsocentralen mottagningen kliniken systemleverantören it-leverantören branschtidningen "
        "nyhetsbyrån tidskriften facktidskriften dagstidningen vårdkedjan apotekskedjan nyhetssajten "
        "kommunförbundet anstalten barnsjukhuset regionsjukhuset"
    ),
}
_KIND_OF = {word: label for label, words in _KINDS.items() for word in words.split()}
_ENDINGS = {
    "SERVICE": (
        "appen systemet tjänsten plattformen stödet portalen roboten verktyget sajten databasen registret podden "
        "listan lösningen programvaran ai-modellen språkmodellen algoritmen robotmodellen datorn modulen "
        "kontraktet"
    ),
    "PROGRAMME": "projektet programmet satsningen initiativet strategin kampanjen",
    "DOCUMENT": "rapporten utredningen boken avhandlingen betänkandet remissen",
    "EVENT": "konferensen mässan seminariet kongressen toppmötet festivalen",
    "ORGANISATION": (
        "bolaget företaget mottagningen sjukhuset centret kliniken institutionen organisationen föreningen "
        "leverantören jätten forskningsmiljön förbundet divisionen division enheten avdelningen sektionen "
        "verksamhetsområdet "
        "boendet hemmet centrumet klustret kedjan byrån hubben"
    ),
}
_OPEN_ENDINGS = {
    "SERVICE": (
        "app system tjänst plattform portal sajt verktyg webbplats databas register katalog robot chattbot "
        "lösning webbutbildning produkt dator programvara mjukvara modul"
    ),
    "PROGRAMME": (
        "projekt program satsning initiativ strategi kampanj samarbete nätverk arbetet agenda vision färdplan "
        "koncept modell"
    ),
    "DOCUMENT": (
        "rapport rapporter bok avhandling betänkande skrivelse artikel handlingsplan vägledning studie skrift "
        "promemoria resolution deklaration guide"
    ),
    "EVENT": (
        "konferens konferenser mässa seminarium webbinarium kongress hackaton toppmöte workshop festival temadag"
    ),
    "ORGANISATION": (
        "bolag företag förening organisation leverantör stiftelse kommitté arbetsgrupp myndighet institut byrå klinik"
    ),
}
"""Kinds that tell the label of a name in quotation marks or after ``som heter``, not of one right behind them."""
_SEVERAL = endings(
    "vårdgivarna bolagen företagen leverantörerna organisationerna myndigheterna sjukhusen föreningarna förbunden "
    "vårdcentralerna nätläkarna jättarna"
)
"""Kinds in the plural: each of the names that follow is one."""
_NOTHING = frozenset(("rättssystemet", "sjukvårdssystemet", "hälsosystemet", "stödet", "ekosystemet", "immunförsvaret"))


@cache
def _table(loose: bool) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Return all endings, and each with its label."""
    pairs = tuple(
        (ending, label) for label, tails in (_OPEN_ENDINGS if loose else _ENDINGS).items() for ending in tails.split()
    )
    return tuple(ending for ending, _ in pairs), pairs


def _by_ending(word: str, loose: bool) -> str | None:
    tails, pairs = _table(loose)
    return next(label for ending, label in pairs if word.endswith(ending)) if word.endswith(tails) else None


@cache
def kind_of(word: str) -> str | None:
    """Return the label that a definite noun gives to the name after it: ``journalsystemet``, ``AI-stödet``."""
    low = word.lower()
    label = _KIND_OF.get(low)
    return _by_ending(low, False) if label is None and low not in _NOTHING else label


@cache
def loose_kind_of(word: str) -> str | None:
    """Return the label that a noun in any form gives to a name set off from it: ``en app som heter``."""
    return kind_of(word) or _by_ending(word.lower(), True)


def is_several(word: str) -> bool:
    """Whether a noun says that several bodies are named after it: ``vårdgivarna Kry och Doktor.se``."""
    return word.lower().endswith(_SEVERAL)
