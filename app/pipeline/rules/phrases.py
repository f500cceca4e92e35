"""Names that begin with a capital letter and go on in small ones: ``Min hälsoplan``, ``Digital utveckling``."""

from __future__ import annotations

from app.pipeline.rules import lexicon
from app.pipeline.rules.gazetteers import word_group, word_set
from app.pipeline.rules.records import Page

OPENING = word_group(
    "Min Mitt Mina Din Ditt Dina Vår Vårt Våra Svensk Svenskt Svenska Nationell Nationellt Nationella Digital Digitalt "
    "Digitala Säker Säkert Säkra Trygg Tryggt Trygga Öppen Öppet Öppna Nya Egen Eget Hela Bättre Rätt Nära God "
    "Aktiv Smart Fri"
)
"""With one of these a name begins that goes on in small letters."""
TITLE_STOP = word_group(
    "som där när med vid på under inom mellan hos från kring samt via genom sedan efter mot utan innan "
    "att men eller vilket vilken"
)
"""Before one of these a title in a text ends."""
TRAILING = word_group("och för av i till om en ett den det de")
"""With one of these no title ends."""


def phrase_end(page: Page, i: int) -> int:
    """Return the word after a name that begins at word ``i`` and goes on in up to three small words."""
    words, verbs = page.words, word_set("finite_verbs")
    end = i + 1
    while end < len(words) and end - i < 4 and page.gap(end - 1) == " " and words[end][0].islower():
        if words[end] in verbs or words[end] in TITLE_STOP or words[end] in TRAILING or lexicon.is_passive(words[end]):
            break
        end += 1
    return end
