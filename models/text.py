"""How passages are compared: the surface of a mention, whatever its case, spacing or composed letters."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_JOINED = r"[\w\u0300-\u036f]"
"""What belongs to a word: letters, digits, and the marks of decomposed letters."""


def surface(passage: str) -> str:
    """Return the passage as it is compared: composed (NFC), case-folded, one blank between words.

    Soft hyphens and zero-width characters do not count, no-break spaces are spaces.
    """
    plain = unicodedata.normalize("NFC", passage.translate(_INVISIBLE)).casefold()
    return unicodedata.normalize("NFC", " ".join(plain.split()))


def written(words: str) -> str:
    """Return what somebody wrote as it is kept: no blanks around it, and no NUL, which no file may hold."""
    return words.replace("\0", "").strip()


def occurrences(text: str, passage: str) -> list[tuple[int, int]]:
    """Return where ``passage`` stands in ``text`` as whole words, in any case and with any spacing.

    Half-open pairs in code points.
    """
    words = passage.split()
    if not words:
        return []
    pattern = r"\s+".join(re.escape(word) for word in words)
    found = re.finditer(rf"(?<!{_JOINED}){pattern}(?!{_JOINED})", text, re.IGNORECASE)
    return [(match.start(), match.end()) for match in found]
