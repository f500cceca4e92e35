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
_NAVIGATION = re.compile(
    r"(?:direkt|gå|hoppa|skip|go|jump)\b.{0,20}\b(?:till|to)\b.*"
    r"|.*\b(?:cookies?|kakor)\b.*"
    r"|(?:meny|menu|sök|search|start|startsida|hem|home|stäng|close|lyssna|listen|dela|share|skriv ut|print"
    r"|logga in|log in|kontakt|kontakta oss|contact|contact us|språk|language|in english|english|svenska"
    r"|lättläst|teckenspråk|öppna|visa|huvudmeny|till startsidan|du är här|you are here|innehåll)\b[ :.…»>]*"
    r"|.+(?: / | > | » | › ).+"
    r"|(?:publicerad|publicerat|senast ändrad|senast uppdaterad|uppdaterad|published|updated)\b.*"
    r"|https?://\S+|\W*[\d\W]*",
    re.IGNORECASE,
)


def read_plain(source: Source) -> Iterator[SourceDocument]:
    """Read a ``.txt`` file; its title is its first line that reads like one."""
    text, encoding = decode(read_bytes(source))
    yield document(source.name, text, title=first_line(text), metadata={"encoding": encoding})


def first_line(text: str) -> str | None:
    """Return the first line that is not navigation if it is short enough for a title, else None."""
    for line in text[:_LOOK].splitlines()[:_LINES_TRIED]:
        line = line.strip()
        if not line:
            continue
        if len(line) > TITLE_LENGTH:
            if "cookie" in line[:_LOOK].lower():
                continue
            return None
        if not _NAVIGATION.fullmatch(line):
            return line
    return None
