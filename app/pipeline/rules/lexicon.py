"""The word lists as the name rules use them, built once."""

from __future__ import annotations

from functools import cache

from app.pipeline.rules.gazetteers import Phrases, endings, entries, with_genitives, word_group, word_set

ORGANISATION_ENDINGS = endings(
    "myndigheten verket styrelsen inspektionen förbundet rådet nämnden kommittén institutet "
    "alliansen föreningen stiftelsen universitetet högskolan departementet kansliet sjukhuset "
    "koncernen akademin kammaren delegationen utskottet fullmäktige partiet förvaltningen centralen "
    "kooperativet kommissionen sällskapet fonden apoteket kliniken banken mottagningen"
)
"""A capitalised word with such an ending names a body, if something stands before the ending."""

LOWER_ORGANISATION_ENDINGS = endings(
    "departementet alliansen utskottet fullmäktige sjukvårdsnämnden sjukvårdsstyrelsen"
)
BOARD_ENDINGS = endings(
    "nämnden nämndens regionstyrelsen regionstyrelsens kommunstyrelsen kommunstyrelsens sjukvårdsstyrelsen "
    "sjukvårdsstyrelsens regionfullmäktige regionfullmäktiges kommunfullmäktige kommunfullmäktiges"
)
"""Boards of elected people are named in small letters."""
PROGRAMME_ENDINGS = endings(
    "samarbetet projektet programmet satsningen strategin lyftet uppdraget initiativet visionen "
    "miljarden planen reformen modellen kampanjen överenskommelsen"
)
EVENT_ENDINGS = endings(
    "simningen rundan loppet galan cupen spelen racet konferensen mässan dagarna veckan dagen "
    "kongressen stämman toppmötet festivalen forumet"
)
SERVICE_ENDINGS = endings(
    "portalen appen kollen guiden plattformen systemet tjänsten listan boten journalen webben "
    "verktyget katalogen hubben "
    "registret databasen"
)
"""A capitalised compound within a sentence that ends so names a product or a site."""
STREET_ENDINGS = endings(
    "salen parken hallen torget kyrkan stadion gatan vägen torget gränd allén esplanaden kajen stigen backen brogatan"
)
CONDITION_ENDINGS = endings(
    "cancer cancern diabetes demens syndrom syndromet psykos infarkt artrit hepatit bronkit ödem skador skadan sjukdom "
    "sjukdomar sjukdomen sjukdomarna infektion infektioner infektionen fraktur frakturer störning "
    "störningar tumör tumörer "
    "svikt inflammation blödning blödningar allergi smitta trombos emboli neuropati retinopati fobi "
    "demensen itit plegi "
    "sarkom karcinom lymfom melanom leukemi anemi epilepsi artros förlamning psykosen depressionen cancrar"
)
NO_CONDITIONS = word_group(
    "folksjukdomar folksjukdom folksjukdomen folksjukdomarna grundsjukdom grundsjukdomar vårdskador "
    "vårdskadan skador skadan "
    "personskador arbetsskador arbetsskadan skadorna sjukdom sjukdomar sjukdomen sjukdomarna "
    "infektion infektioner infektionen "
    "störning störningar driftstörning driftstörningar driftsstörning driftsstörningar trafikstörningar vattenskador "
    "brandskador leveransstörningar leveransstörning egendomsskador materialskador miljöskador "
    "följdsjukdomar underrättelse "
    "arbetssjukdomar arbetssjukdom barnsjukdomar barnsjukdom bisjukdomar samsjukdom vårdinfektioner "
    "besvik läkemedelsskador "
    "patientskador patientskadan samhällsstörning samhällsstörningar ordningsstörningar itstörningar "
    "it-störningar översvikt "
    "strömstörningar elstörningar kriminalitet blodsmitta samhällssmitta djursjukdomar växtsjukdomar omsvikt"
)
GENERIC = word_group(
    "myndigheten universitetet högskolan regionen kommunen institutet styrelsen nämnden förbundet rådet "
    "föreningen stiftelsen sjukhuset kliniken departementet kansliet projektet programmet satsningen "
    "strategin samarbetet uppdraget initiativet visionen planen reformen modellen överenskommelsen "
    "simningen rundan loppet galan cupen spelen racet konferensen mässan dagarna veckan dagen "
    "kongressen akademin koncernen banken fonden utskottet "
    "partiet förvaltningen centralen mottagningen apoteket delegationen universitetssjukhuset "
    "landstinget folkhögskolan pilotprojektet samverkansprojektet forskningsprojektet "
    "utvecklingsprojektet forskningsprogrammet huvudstyrelsen partistyrelsen regeringskansliet "
    "vårdcentralen länssjukhuset måndagen tisdagen onsdagen torsdagen fredagen lördagen söndagen "
    "vardagen arbetsdagen förskrivningen tillsynsmyndigheten domstolen hovrätten "
    "förvaltningsmyndigheten regionledningen enligt"
)


@cache
def phrases() -> Phrases:
    """Return the matcher over all listed names."""
    found = Phrases()
    organisations = [part.strip() for entry in entries("organisations") for part in entry.split("|")]
    organisations += [name[0].upper() + name[1:] for name in organisations if name[0].islower()]
    found.add(with_genitives(organisations), "ORGANISATION", "rules/organisation:list")
    found.add(with_genitives(entries("authorities")), "ORGANISATION", "rules/organisation:authority")
    for base in entries("municipalities"):
        names = [f"{base} kommun", f"{base} kommuns"]
        if base[-1] != "s":
            names += [f"{base}s kommun", f"{base}s kommuns"]
        found.add(names, "ORGANISATION", "rules/organisation:municipality")
    for source in ("provinces", "places", "towns", "countries", "capitals"):
        found.add(with_genitives(entries(source)), "PLACE", f"rules/place:{source}")
    counties = [*entries("provinces"), "Stockholms", "Kalmar", "Uppsala", "Jönköpings", "Örebro"]
    for name in counties:
        genitive = name if name[-1] == "s" or name in ("Kalmar", "Uppsala", "Örebro") else f"{name}s"
        found.add([f"{genitive} län", f"{genitive} läns"], "PLACE", "rules/place:county")
    for source, label in (("services", "SERVICE"), ("programmes", "PROGRAMME"), ("events", "EVENT")):
        found.add(with_genitives(entries(source)), label, f"rules/{label.lower()}:list")
    found.add(with_genitives(entries("laws")), "DOCUMENT", "rules/document:law")
    conditions = list(entries("conditions"))
    found.add(
        conditions + [name[0].upper() + name[1:] for name in conditions if name[0].islower()],
        "CONDITION",
        "rules/condition:list",
    )
    found.seal()
    return found


def is_passive(word: str) -> bool:
    """Whether a word ends as only verbs in the passive do: ``intensifieras``, ``beslutades``, ``utsetts``."""
    return len(word) > 6 and word.endswith(("eras", "ades", "ats", "etts", "tts"))


_NO_ROLES = word_group("medarbetare samarbetspartner samarbetspartners")
_MANY = ("forskarna", "ledarna", "läkarna", "ministrarna", "cheferna", "direktörerna", "råden", "professorerna")
"""Titles in the definite plural stand before several names: ``regionråden Anna Berg och Bo Ek``."""


@cache
def roles() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the whole role words and the endings of compound ones."""
    tails = tuple(entry[1:] for entry in entries("roles") if len(entry) > 4)
    return frozenset(entry[1:] for entry in entries("roles")), tails


def is_role(word: str) -> bool:
    """Whether a word is a title or position."""
    whole, tails = roles()
    low = word.lower()
    if low in _NO_ROLES:
        return False
    if low.endswith(_MANY):
        low = low.removesuffix("arna") + "are" if low.endswith("arna") else low.removesuffix("erna").removesuffix("en")
    return low in whole or word in whole or low.endswith(tails)


@cache
def given_names() -> frozenset[str]:
    """Return the given names, with their genitives."""
    lists = ("given_names_women", "given_names_men", "given_names_both")
    return frozenset(name for source in lists for name in with_genitives(entries(source)))


def is_given_name(word: str) -> bool:
    """Whether a word is a given name, also a double one with a hyphen."""
    known = given_names()
    return word in known or ("-" in word and word.split("-")[0] in known)


def gender(name: str) -> str:
    """Return ``hon`` or ``han`` for a full name whose given name tells, else nothing."""
    first = name.split(" ")[0].split("-")[0]
    women, men = word_set("given_names_women"), word_set("given_names_men")
    return "hon" if first in women else "han" if first in men else ""


@cache
def surnames() -> frozenset[str]:
    """Return common surnames with their genitives."""
    return frozenset(with_genitives(entries("surnames")))


@cache
def place_names() -> frozenset[str]:
    """Return single-word place names."""
    return frozenset(
        name for source in ("provinces", "places", "towns", "countries") for name in entries(source) if " " not in name
    )


def is_place(name: str) -> bool:
    """Whether a name, nominative or genitive, is a listed place of one or more words."""
    base = name.removesuffix("s")
    places = place_names()
    return name in places or base in places or any(base in entries(source) for source in ("provinces", "places"))


@cache
def common_words() -> frozenset[str]:
    """Return listed names that are common words too: at the start of a sentence they are no evidence."""
    return word_set("ambiguous_names") | word_set("common_words")
