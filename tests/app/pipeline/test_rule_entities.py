"""Entities: one text of each shape that the guideline names, none of them from a corpus."""

from __future__ import annotations

import pytest

NASTY = (
    "Va\u030arden 😀 växer i Region\u00a0Ska\u030ane, sä\u00adger Karin Öst\u00adlund, chef på Region Skåne."
)


@pytest.mark.parametrize(
    ("text", "label", "surface"),
    [
        ("Det säger Karin Östlund till tidningen.", "PERSON", "Karin Östlund"),
        ("Beslutet fattades av Karl-Erik von Sydow i går.", "PERSON", "Karl-Erik von Sydow"),
        ("I går talade hälsominister Zsófia Takács om saken.", "PERSON", "Zsófia Takács"),
        ("I går talade hälsominister Zsófia Takács om saken.", "ROLE", "hälsominister"),
        ("Karin Östlund, biträdande enhetschef, är nöjd.", "ROLE", "biträdande enhetschef"),
        ("Där finns IT- och utvecklingschef Karin Östlund.", "ROLE", "IT- och utvecklingschef"),
        (
            "Karin Östlund, chef för digital utveckling på Region Skåne, är nöjd.",
            "ROLE",
            "chef för digital utveckling",
        ),
        ("Samarbetet leds av Region Jönköpings län.", "ORGANISATION", "Region Jönköpings län"),
        ("Det är SKR:s tredje förslag.", "ORGANISATION", "SKR:s"),
        ("Kursen ges vid Högskolan i Borås.", "ORGANISATION", "Högskolan i Borås"),
        ("Patienten kom till Sollefteå sjukhus.", "ORGANISATION", "Sollefteå sjukhus"),
        ("Systemet levereras av Nordljus Medicin AB.", "ORGANISATION", "Nordljus Medicin AB"),
        ("Avtalet slöts med företaget Vårdklick.", "ORGANISATION", "Vårdklick"),
        (
            "Studien gjordes vid Institutionen för folkhälsa och vård i våras.",
            "ORGANISATION",
            "Institutionen för folkhälsa och vård",
        ),
        ("Mötet hölls i Östersund.", "PLACE", "Östersund"),
        ("Mottagningen ligger på Nya Storgatan i Malmö.", "PLACE", "Nya Storgatan"),
        ("Flest besök görs i Göteborgsområdet.", "PLACE", "Göteborgsområdet"),
        ("Mötet hölls på Nordic Light Arena i Luleå.", "PLACE", "Nordic Light Arena"),
        (
            "Projektet Trygg hemgång för äldre, som startade i fjol, växer.",
            "PROGRAMME",
            "Trygg hemgång för äldre",
        ),
        ("Arbetet följer Strategi för digital hälsa 2030.", "PROGRAMME", "Strategi för digital hälsa 2030"),
        ("Under hösten gav Östersundssamarbetet resultat.", "PROGRAMME", "Östersundssamarbetet"),
        ("Boka tid på bokavaccin.se i dag.", "SERVICE", "bokavaccin.se"),
        ("Patienten använder appen Hjärtkoll varje dag.", "SERVICE", "Hjärtkoll"),
        ("Det står i rapporten ”Digital vård på glesbygden”.", "DOCUMENT", "Digital vård på glesbygden"),
        ("Utredningen SOU 2021:78 är klar.", "DOCUMENT", "SOU 2021:78"),
        ("Detta regleras i patientdatalagen.", "DOCUMENT", "patientdatalagen"),
        (
            "Lag (2019:12) om vård- och omsorgsdata gäller.",
            "DOCUMENT",
            "Lag (2019:12) om vård- och omsorgsdata",
        ),
        ("Patientkommissionens ordförande Karin Östlund.", "ORGANISATION", "Patientkommissionens"),
        ("Kliniken prövar AI-stödet Tandem i vår.", "SERVICE", "Tandem"),
        ("Mötet hålls på onsdagen.", "DATE", "onsdagen"),
        ("Många lever med hjärtsvikt.", "CONDITION", "hjärtsvikt"),
        ("Allt fler får magsäckscancer.", "CONDITION", "magsäckscancer"),
        ("De visades på mässan Nordvård i mars 2023.", "EVENT", "Nordvård"),
        ("Det började den 3 maj 2021.", "DATE", "3 maj 2021"),
        ("Det pågår under 2019–2022.", "DATE", "2019–2022"),
        ("Det infördes för drygt tio år sedan.", "DATE", "för drygt tio år sedan"),
        ("Det har ökat de senaste åren.", "DATE", "de senaste åren"),
        ("Det har ökat de senaste tre åren.", "DATE", "senaste tre åren"),
        ("Arbetet är klart nästa år.", "DATE", "nästa år"),
        ("Det kostar omkring 2,5 miljarder kronor.", "MONEY", "omkring 2,5 miljarder kronor"),
        ("Satsningen på 40 miljoner är stor.", "MONEY", "40 miljoner"),
        ("Regionen lägger ett miljonbelopp på saken.", "MONEY", "miljonbelopp"),
        ("Över 12 procent svarade.", "QUANTITY", "Över 12 procent"),
        ("Där finns 1 200 vårdplatser.", "QUANTITY", "1 200 vårdplatser"),
        ("Appen har cirka 3 miljoner besök i månaden.", "QUANTITY", "cirka 3 miljoner besök i månaden"),
        ("I dag deltar fyra statliga myndigheter.", "QUANTITY", "fyra statliga myndigheter"),
    ],
)
def test_a_shape_is_found(read, text: str, label: str, surface: str) -> None:
    assert (label, surface) in read(text).entities


@pytest.mark.parametrize(
    "text",
    [
        "Myndigheten och projektet pekas ut av regionen.",
        "Vara eller inte vara är frågan i dag.",
        "Läkare och sjuksköterskor arbetar hårt.",
        "Den 112 sidor långa texten är slut.",
        "Hon kallar satsningen ”otillräcklig” och svag.",
        "Skriv till info@exempel.se om du undrar.",
    ],
)
def test_common_words_name_nothing(read, text: str) -> None:
    assert {label for label, _ in read(text).entities} <= {"QUANTITY"}


def test_nothing_smaller_is_marked_inside_a_mention(read) -> None:
    found = read("Region Halland ligger i Halland.")
    assert found.entities == {("ORGANISATION", "Region Halland"), ("PLACE", "Halland")}
    assert sum(p.label == "PLACE" for p in found.of("entity")) == 1


def test_a_surname_alone_is_the_person_named_before(read) -> None:
    found = read("Karin Östlund leder arbetet.\n\nEnligt Östlund är det bra.")
    assert ("PERSON", "Östlund") in found.entities


def test_a_title_found_by_its_kind_is_found_again_alone(read) -> None:
    text = "Projektet Trygg hemgång, som startade i fjol, växer.\n\nNu är Trygg hemgång klart."
    found = [p for p in read(text).of("entity") if p.label == "PROGRAMME"]
    assert len(found) == 2


def test_an_abbreviation_in_brackets_is_the_same_kind(read) -> None:
    found = read("Centrum för hemnära vård (CHV) startade i fjol. Sedan dess har CHV vuxit.")
    assert [found.surface(p) for p in found.of("entity") if found.surface(p) == "CHV"] == ["CHV", "CHV"]


def test_offsets_are_code_points_of_the_text_as_stored(read) -> None:
    found = read(NASTY)
    assert ("ORGANISATION", "Region\u00a0Ska\u030ane") in found.entities
    assert ("PERSON", "Karin Öst\u00adlund") in found.entities
    assert any(surface.startswith("Va\u030arden 😀") for surface in found.claims)


def test_scores_and_sources_are_told(read) -> None:
    for proposal in read(NASTY).analysis.proposals:
        assert 0 < proposal.score <= 1
        assert proposal.source.startswith("rules/")
