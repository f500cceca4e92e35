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
    text = (
        "Så skriver Karin Östlund i boken ”Vård i fjällen”. Boken gavs ut "
        "2022 i samverkan med Inera och Vinnova."
    )
    published = {relation for relation in read(text).relations if relation[0] == "PUBLISHED"}
    assert published == {
        ("PUBLISHED", who, "Vård i fjällen") for who in ("Karin Östlund", "Inera", "Vinnova")
    }


def test_no_relation_without_words_for_it(read) -> None:
    found = read("Karin Östlund mötte Inera. Vinnova och Region Skåne var där.")
    assert not [relation for relation in found.relations if relation[0] != "ATTRIBUTED_TO"]
