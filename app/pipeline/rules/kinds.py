"""What a common noun says of the name beside it: ``journalsystemet``, ``rapporten``, ``en app som heter``."""

from __future__ import annotations

from functools import cache

_KINDS = {
    "DOCUMENT": (
        "boken handboken rapporten delrapporten slutrapporten årsrapporten forskningsrapporten "
        "betänkandet slutbetänkandet delbetänkandet utredningen propositionen lagen "
        "förordningen guiden skriften artikeln avhandlingen broschyren studien promemorian vägledningen "
        "skrivelsen debattartikeln lagrådsremissen departementspromemorian antologin kartläggningen handlingsplanen "
        "riktlinjerna riktlinjen uppsatsen dokumentet publikationen remissen debattboken romanen tidskriften "
        "deklarationen resolutionen foldern checklistan policyn"
    ),
    "PROGRAMME": (
        "projektet projekten programmet satsningen strategin initiativet samarbetet visionen "
        "pilotprojektet forskningsprojektet utvecklingsprojektet innovationsprojektet eu-projektet "
        "samverkansprojektet innovationsprogrammet forskningsprogrammet utvecklingsprogrammet färdplanen "
        "kampanjen nätverket överenskommelsen agendan målbilden utlysningen handslaget"
    ),
    "SERVICE": (
        "appen tjänsten plattformen systemet journalsystemet webbplatsen sajten verktyget e-tjänsten "
        "portalen vårdinformationssystemet webbtjänsten podden poddcasten nyhetsbrevet webbutbildningen "
        "hemsidan it-systemet mobilappen chattboten webbportalen vårdappen databasen registret "
        "kvalitetsregistret produkten vårdtjänsten leverantörsportalen"
    ),
    "EVENT": (
        "konferensen mässan kongressen evenemanget eventet seminariet hackathonet hackatonet toppmötet "
        "vårdmässan branschmässan e-hälsomässan workshopen webbinariet mötesplatsen festivalen"
    ),
    "ORGANISATION": (
        "företaget bolaget företagen bolagen leverantören leverantörerna organisationen stiftelsen "
        "föreningen vårdgivaren "
        "vårdbolaget it-bolaget techbolaget nätläkarbolaget nätläkaren konsultbolaget konsultföretaget "
        "intresseorganisationen patientorganisationen fackförbundet myndigheten startupbolaget läkemedelsbolaget "
        "läkemedelsföretaget medicinteknikbolaget teknikbolaget tidningen branschorganisationen koncernen "
        "forskningsinstitutet analysföretaget tankesmedjan universitetssjukhuset sjukhuset vårdcentralen "
        "hälsocentralen mottagningen kliniken systemleverantören it-leverantören branschtidningen nyhetsbyrån "
        "vårdkedjan apotekskedjan nyhetssajten kommunförbundet anstalten barnsjukhuset regionsjukhuset"
    ),
}
_KIND_OF = {word: label for label, words in _KINDS.items() for word in words.split()}
_ENDINGS = (
    *((e, "SERVICE") for e in ("appen", "systemet", "tjänsten", "plattformen", "stödet", "portalen", "roboten")),
    *((e, "SERVICE") for e in ("verktyget", "sajten", "databasen", "registret", "podden", "listan", "lösningen")),
    *((e, "PROGRAMME") for e in ("projektet", "programmet", "satsningen", "initiativet", "strategin", "kampanjen")),
    *((e, "DOCUMENT") for e in ("rapporten", "utredningen", "boken", "avhandlingen", "betänkandet", "remissen")),
    *((e, "EVENT") for e in ("konferensen", "mässan", "seminariet", "kongressen", "toppmötet", "festivalen")),
    *((e, "ORGANISATION") for e in ("bolaget", "företaget", "mottagningen", "sjukhuset", "centret", "kliniken")),
    *(
        (e, "ORGANISATION")
        for e in (
            "institutionen",
            "organisationen",
            "föreningen",
            "leverantören",
            "jätten",
            "förbundet",
            "boendet",
            "hemmet",
            "centrumet",
            "klustret",
        )
    ),
)
_OPEN_ENDINGS = (
    *(
        (e, "SERVICE")
        for e in ("app", "system", "tjänst", "plattform", "portal", "sajt", "verktyg", "webbplats", "databas")
    ),
    *((e, "SERVICE") for e in ("register", "robot", "lösning", "webbutbildning", "produkt")),
    *((e, "PROGRAMME") for e in ("projekt", "program", "satsning", "initiativ", "strategi", "kampanj", "samarbete")),
    *((e, "PROGRAMME") for e in ("nätverk", "agenda", "vision", "färdplan", "koncept", "modell")),
    *(
        (e, "DOCUMENT")
        for e in ("rapport", "bok", "avhandling", "betänkande", "skrivelse", "artikel", "handlingsplan", "vägledning")
    ),
    *((e, "DOCUMENT") for e in ("rapporter", "studie", "skrift", "promemoria", "resolution", "deklaration", "guide")),
    *((e, "EVENT") for e in ("konferens", "mässa", "seminarium", "webbinarium", "kongress", "hackaton", "toppmöte")),
    *((e, "EVENT") for e in ("konferenser", "workshop", "festival", "mötet", "temadag")),
    *((e, "ORGANISATION") for e in ("bolag", "företag", "förening", "organisation", "leverantör", "stiftelse")),
)
"""Kinds that tell the label of a name in quotation marks or after ``som heter``, not of one right behind them."""
_ALL_ENDINGS = tuple(ending for ending, _ in _ENDINGS)
_ALL_OPEN = tuple(ending for ending, _ in _OPEN_ENDINGS)
_NOTHING = frozenset(("rättssystemet", "sjukvårdssystemet", "hälsosystemet", "stödet", "ekosystemet", "immunförsvaret"))


@cache
def kind_of(word: str) -> str | None:
    """Return the label that a definite noun gives to the name after it: ``journalsystemet``, ``AI-stödet``."""
    low = word.lower()
    label = _KIND_OF.get(low)
    if label is None and low.endswith(_ALL_ENDINGS) and low not in _NOTHING:
        label = next(kind for ending, kind in _ENDINGS if low.endswith(ending))
    return label


@cache
def loose_kind_of(word: str) -> str | None:
    """Return the label that a noun in any form gives to a name set off from it: ``en app som heter``."""
    label = kind_of(word)
    low = word.lower()
    if label is None and low.endswith(_ALL_OPEN):
        label = next(kind for ending, kind in _OPEN_ENDINGS if low.endswith(ending))
    return label
