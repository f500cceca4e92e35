"""Furniture in plain text, and nothing suggested inside it."""

from __future__ import annotations

import itertools

PAGE = """Hoppa till huvudinnehåll
Meny
Start
Nyheter
Om oss

Vi använder kakor (cookies) för att sidan ska fungera. Läs mer om kakor.

Nya vägar till vården i fjällen

Publicerad: 12 mars 2024

Region Jämtland Härjedalen prövar digitala besök i tre kommuner under våren.
Det ska ge kortare resor för patienterna.

– Det är långt mellan husen här uppe och vägarna är dåliga, säger Karin Östlund, distriktsläkare i Härjedalen.

Kontakt
Karin Östlund
distriktsläkare
063-14 75 00
karin.ostlund@exempel.se

Dela
Facebook
LinkedIn

Kommentarer
Du måste vara inloggad för att kommentera.
Kommentarer som innehåller hot tas bort av Region Jämtland Härjedalen.
"""


def test_the_article_is_kept_and_the_rest_is_furniture(read) -> None:
    found = read(PAGE)
    marked = "\n".join(found.furniture)
    for line in (
        "Meny",
        "Vi använder kakor",
        "Publicerad: 12 mars 2024",
        "karin.ostlund@exempel.se",
        "Facebook",
        "inloggad",
    ):
        assert line in marked
    for line in ("Nya vägar till vården", "prövar digitala besök", "långt mellan husen"):
        assert line not in marked


def test_nothing_is_suggested_inside_furniture(read) -> None:
    found = read(PAGE)
    for proposal in found.analysis.proposals:
        for span in proposal.spans:
            assert not any(span.overlaps(part) for part in found.analysis.furniture)
    assert ("PERSON", "Karin Östlund") in found.entities


def test_an_article_without_furniture_has_none(read) -> None:
    text = (
        "Regionen inför en ny app.\n\nDen kostar fyra miljoner kronor.\n\n– Det är bra, säger Karin Östlund."
        "\n\n• En punkt\n• Två\n• Tre\n• Fyra"
    )
    assert not read(text).furniture


def test_furniture_is_sorted_and_disjoint(read) -> None:
    spans = read(PAGE).analysis.furniture
    assert all(first.end < second.start for first, second in itertools.pairwise(spans))
