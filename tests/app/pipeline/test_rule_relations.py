"""Relations by the words between two mentions."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("Det säger regiondirektör Karin Östlund.", ("HAS_ROLE", "Karin Östlund", "regiondirektör")),
        ("Karin Östlund, strateg på Region Skåne, talade.", ("HAS_ROLE", "Karin Östlund", "strateg")),
        ("Karin Östlund, strateg på Region Skåne, talade.", ("WORKS_FOR", "Karin Östlund", "Region Skåne")),
        ("Läkaren Karin Östlund från Region Skåne talade.", ("WORKS_FOR", "Karin Östlund", "Region Skåne")),
        ("Region Skånes strateg Karin Östlund talade.", ("WORKS_FOR", "Karin Östlund", "Region Skånes")),
        ("I styrelsen sitter chefen för Vinnova, Karin Östlund.", ("HAS_ROLE", "Karin Östlund", "chefen")),
        (
            "Inspektionen för vård och omsorg (IVO) granskar.",
            ("SAME_AS", "Inspektionen för vård och omsorg", "IVO"),
        ),
        (
            "Där finns Karolinska Institutet i Stockholm.",
            ("LOCATED_IN", "Karolinska Institutet", "Stockholm"),
        ),
        ("De möttes i Uppsala, Sverige.", ("PART_OF", "Uppsala", "Sverige")),
        ("Region Skåne inledde ett samarbete med Vinnova.", ("COLLABORATES_WITH", "Region Skåne", "Vinnova")),
        ("Region Skåne och Vinnova har tecknat ett avtal.", ("COLLABORATES_WITH", "Region Skåne", "Vinnova")),
        ("Regeringen avsätter 40 miljoner kronor till detta.", ("FUNDS", "Regeringen", "40 miljoner kronor")),
        (
            "Socialstyrelsen publicerade rapporten ”Vård i tiden”.",
            ("PUBLISHED", "Socialstyrelsen", "Vård i tiden"),
        ),
        (
            "Arbetet finansieras av Inera och Vinnova med 8 miljoner kronor.",
            ("FUNDS", "Vinnova", "8 miljoner kronor"),
        ),
        ("Karin Östlund\nläkare, Närhälsan Borås", ("HAS_ROLE", "Karin Östlund", "läkare")),
        ("Inera ansvarar för 1177.se i dag.", ("RESPONSIBLE_FOR", "Inera", "1177.se")),
        (
            "Projektet Trygg hemgång drivs av Region Skåne.",
            ("RESPONSIBLE_FOR", "Region Skåne", "Trygg hemgång"),
        ),
        (
            "I projektet Trygg hemgång deltar Vinnova och Inera.",
            ("PARTICIPATES_IN", "Inera", "Trygg hemgång"),
        ),
    ],
)
def test_a_relation_is_found(read, text: str, relation: tuple[str, str, str]) -> None:
    assert relation in read(text).relations


def test_a_book_that_was_issued_together_with_others(read) -> None:
    text = "Så skriver Karin Östlund i boken ”Vård i fjällen”. Boken gavs ut 2022 i samverkan med Inera och Vinnova."
    published = {relation for relation in read(text).relations if relation[0] == "PUBLISHED"}
    assert published == {("PUBLISHED", who, "Vård i fjällen") for who in ("Karin Östlund", "Inera", "Vinnova")}


PEOPLE = [
    (
        "Karin Östlund är i dag strateg och projektledare på Socialstyrelsen.",
        {
            ("HAS_ROLE", "Karin Östlund", "strateg"),
            ("HAS_ROLE", "Karin Östlund", "projektledare"),
            ("WORKS_FOR", "Karin Östlund", "Socialstyrelsen"),
        },
    ),
    (
        "Karin Östlund ledde mötet. Hon är också professor vid Lunds universitet.",
        {("HAS_ROLE", "Karin Östlund", "professor"), ("WORKS_FOR", "Karin Östlund", "Lunds universitet")},
    ),
    (
        "Regeringen utser Karin Östlund till generaldirektör.",
        {("HAS_ROLE", "Karin Östlund", "generaldirektör")},
    ),
    (
        "Med var regionråden Karin Östlund och Erik Holm.",
        {("HAS_ROLE", "Karin Östlund", "regionråden"), ("HAS_ROLE", "Erik Holm", "regionråden")},
    ),
    (
        "Med var läkaren Karin Östlund, projektledare Erik Holm samt strateg Maria Lind.",
        {
            ("HAS_ROLE", "Karin Östlund", "läkaren"),
            ("HAS_ROLE", "Erik Holm", "projektledare"),
            ("HAS_ROLE", "Maria Lind", "strateg"),
        },
    ),
    (
        "Från Region Skåne deltog regiondirektör Karin Östlund och läkaren Erik Holm.",
        {
            ("HAS_ROLE", "Karin Östlund", "regiondirektör"),
            ("HAS_ROLE", "Erik Holm", "läkaren"),
            ("WORKS_FOR", "Karin Östlund", "Region Skåne"),
            ("WORKS_FOR", "Erik Holm", "Region Skåne"),
        },
    ),
    (
        "Med var nämndens chef Karin Östlund, Vinnovas strateg Erik Holm.",
        {
            ("HAS_ROLE", "Karin Östlund", "chef"),
            ("HAS_ROLE", "Erik Holm", "strateg"),
            ("WORKS_FOR", "Erik Holm", "Vinnovas"),
        },
    ),
    (
        "Vid besöket på Socialstyrelsen mötte ministern generaldirektören Karin Östlund.",
        {
            ("HAS_ROLE", "Karin Östlund", "generaldirektören"),
            ("WORKS_FOR", "Karin Östlund", "Socialstyrelsen"),
        },
    ),
    ("Karin Östlund\nProjektledare\nVinnova", {("HAS_ROLE", "Karin Östlund", "Projektledare")}),
    ("Projektledare: Karin Östlund", {("HAS_ROLE", "Karin Östlund", "Projektledare")}),
]


@pytest.mark.parametrize(("text", "relations"), PEOPLE)
def test_titles_and_employers_beside_names(read, text: str, relations: set[tuple[str, str, str]]) -> None:
    found = {relation for relation in read(text).relations if relation[0] in ("HAS_ROLE", "WORKS_FOR")}
    assert found == relations


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("Institutionen för medicin vid Umeå universitet söker folk.", ("PART_OF", "Umeå universitet")),
        (
            "Institutionen för medicin vid Norrlands universitetssjukhus och Vinnova deltar.",
            ("PART_OF", "Norrlands universitetssjukhus"),
        ),
        ("Vinnova gav 20 miljoner kronor till Lunds universitet.", ("FUNDS", "Lunds universitet")),
        ("I fjol fick gruppen 3 miljoner kronor av Vinnova.", ("FUNDS", "3 miljoner kronor")),
        ("Av pengarna är 2 miljoner kronor statsbidrag från Socialstyrelsen.", ("FUNDS", "2 miljoner kronor")),
        ("Undersökningen kommer från Sveriges Kommuner och Regioner, SKR.", ("SAME_AS", "SKR")),
        ("Frågan ligger hos Myndigheten för digital förvaltning (Digg).", ("SAME_AS", "Digg")),
        ("Inera grundades 1999 i Stockholm.", ("LOCATED_IN", "Stockholm")),
        ("De besökte Estlands huvudstad Tallinn.", ("PART_OF", "Estlands")),
        ("Socialstyrelsen har i rapporten ”Vård i tiden” räknat på saken.", ("PUBLISHED", "Vård i tiden")),
        ("Vinnova har nu beviljat Inera 3 miljoner kronor.", ("FUNDS", "Inera")),
        ("Närhälsan hör till Västra Götalandsregionen.", ("PART_OF", "Västra Götalandsregionen")),
        ("Vitalis mässa i Göteborg väntar.\n\nPlats: Göteborg", ("LOCATED_IN", "Göteborg")),
        (
            "Det visar en studie från Vinnova.\n\nSvaren finns i rapporten ”Vård i tiden”.",
            ("PUBLISHED", "Vård i tiden"),
        ),
        (
            "Konferensen ”Vård i tiden” hölls i maj. På konferensen talade Karin Östlund.",
            ("PARTICIPATES_IN", "Vård i tiden"),
        ),
        (
            "Projektet ”Trygg hemgång” startade 2021. Arbetet i projektet leds av Inera.",
            ("RESPONSIBLE_FOR", "Trygg hemgång"),
        ),
    ],
)
def test_bodies_and_works(read, text: str, relation: tuple[str, str]) -> None:
    assert relation in {(label, tail) for label, _, tail in read(text).relations}


def test_who_cooperates_stands_between(read) -> None:
    found = read("Centret är ett samarbete mellan Region Skåne och Lunds universitet.")
    joint = {relation for relation in found.relations if relation[0] == "COLLABORATES_WITH"}
    assert joint == {("COLLABORATES_WITH", "Region Skåne", "Lunds universitet")}


def test_who_gets_a_task_works_with_others_and_not_who_gives_it(read) -> None:
    found = read("Regeringen har gett Socialstyrelsen i uppdrag att tillsammans med Vinnova skriva en plan.")
    joint = {relation for relation in found.relations if relation[0] == "COLLABORATES_WITH"}
    assert joint == {("COLLABORATES_WITH", "Socialstyrelsen", "Vinnova")}


def test_partners_of_a_project_named_before_take_part_in_it(read) -> None:
    text = "Projektet ”Trygg hemgång” startade 2021. Inera driver projektet ihop med Vinnova och Region Skåne."
    relations = read(text).relations
    assert ("RESPONSIBLE_FOR", "Inera", "Trygg hemgång") in relations
    assert ("PARTICIPATES_IN", "Vinnova", "Trygg hemgång") in relations
    assert ("PARTICIPATES_IN", "Region Skåne", "Trygg hemgång") in relations


@pytest.mark.parametrize(
    "text",
    [
        "Vi lär av Danmark, Norge och Finland.",
        "Uppdraget till Socialstyrelsen är en del av regeringens arbete.",
        "Socialstyrelsen får 5 miljoner kronor till arbetet.",
        "Regeringen vill se fler satsningar med gemensamma regler för Vinnova.",
    ],
)
def test_what_looks_like_a_relation_and_is_none(read, text: str) -> None:
    labels = {label for label, _, _ in read(text).relations}
    assert not labels & {"PART_OF", "LOCATED_IN", "FUNDS", "COLLABORATES_WITH"}


@pytest.mark.parametrize(
    "text",
    [
        "Förslaget finns i betänkandet Hälsodata för alla (SOU 2023:76).",
        "Svaret skickades till Regeringskansliet (Socialdepartementet).",
    ],
)
def test_brackets_that_hold_no_abbreviation(read, text: str) -> None:
    assert not [relation for relation in read(text).relations if relation[0] == "SAME_AS"]


def test_no_relation_without_words_for_it(read) -> None:
    found = read("Karin Östlund mötte Inera. Vinnova och Region Skåne var där.")
    assert not [relation for relation in found.relations if relation[0] != "ATTRIBUTED_TO"]
