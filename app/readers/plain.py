"""Plain text, stored exactly as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.readers.encoding import decode
from app.readers.source import Source, document, read_bytes
from models.documents import SourceDocument

TITLE_LENGTH = 120
"""Code points: a longer first line is a paragraph, not a title."""

_LOOK = 4096
_LINES_TRIED = 20
_MANY = 3
_HEADLINE_LENGTH = 25
_HEADLINE_WORDS = 4
_PROSE_LENGTH = 60
_NAVIGATION = re.compile(
    r"(?:direkt|gå|hoppa|skip|go|jump)\b.{0,20}\b(?:till|to)\b.*"
    r"|(?:meny|menu|sök|search|start|startsida|hem|home|stäng|close|lyssna|listen|dela|share|skriv ut|print"
    r"|nyhet|nyheter|press|logga in|log in|kontakt|kontakta oss|contact|contact us|språk|language|in english"
    r"|english|svenska|lättläst|teckenspråk|öppna|visa|huvudmeny|till startsidan|du är här|you are here"
    r"|innehåll)\b[ :.…»>]*"
    r"|(?:publicerad|publicerat|senast ändrad|senast uppdaterad|uppdaterad|published|updated)\b.*"
    r"|pressmeddelande\b.*|https?://\S+|[\d\W]*",
    re.IGNORECASE,
)
_COOKIES = ("cookie", "kakor")
_TRAIL = (" / ", " > ", " » ", " › ", " | ")


def read_plain(source: Source) -> Iterator[SourceDocument]:
    """Read a ``.txt`` file; its title is its first line that reads like one."""
    text, encoding = decode(read_bytes(source))
    yield document(source.name, text, title=first_line(text), metadata={"encoding": encoding})


def first_line(text: str) -> str | None:
    """Return the line that reads like the title, None where the text begins with a long paragraph.

    That is the first line that is not navigation. Where a page's own navigation stands before the first
    paragraph, short lines are passed over for the first one of some words.
    """
    candidates: list[str] = []
    furnished = False
    for line in map(str.strip, text[:_LOOK].splitlines()[:_LINES_TRIED]):
        if not line:
            continue
        if _is_navigation(line):
            furnished = True
            continue
        if len(line) > TITLE_LENGTH:
            break
        candidates.append(line)
        if len(line) > _PROSE_LENGTH and line.endswith("."):
            break
        furnished = furnished or len(candidates) >= _MANY
        if (furnished or len(candidates) == 1) and _is_headline(line):
            return line
    if furnished:
        return next(filter(_is_headline, candidates), candidates[0] if candidates else None)
    return candidates[0] if candidates else None


def _is_navigation(line: str) -> bool:
    lowered = line.lower()
    if any(word in lowered for word in _COOKIES):
        return True
    if len(line) > TITLE_LENGTH:
        return False
    return any(sign in line for sign in _TRAIL) or _NAVIGATION.fullmatch(line) is not None


def _is_headline(line: str) -> bool:
    return len(line) >= _HEADLINE_LENGTH and len(line.split()) >= _HEADLINE_WORDS and not line.endswith(".")
