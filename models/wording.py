"""Words as the memory compares them: whatever their case, inflection, spacing and hyphens, and where that is safe.

A word's key is composed (NFC), case-folded, free of soft hyphens and zero-width characters, with one kind of hyphen
and apostrophe. Its stem is the key without a genitive ending.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_ALIKE = str.maketrans("‐‑’ʼ", "--''")
_LETTER = r"[\w\u0300-\u036f\u00ad\u200b\u2060\ufeff]"
_TOKEN = re.compile(rf"{_LETTER}+(?:[-‐‑:.’'&]{_LETTER}+)*|[^\w\s]")
_PIECE = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_ENDINGS = (":s", "'s")
_SIBILANT = "sxz"
_DEFINITE = ("n", "en", "et", "t", "ns", "ens", "ets", "ts")
_LEAST_NOUN = 5
"""The letters that a common noun must have for its definite forms to be told from other words."""


class Words(NamedTuple):
    """The words and punctuation marks of a text in order: their keys, and where they are (code points, half-open)."""

    keys: list[str]
    starts: list[int]
    ends: list[int]


def words(text: str, start: int = 0, end: int | None = None) -> Words:
    """Return the words of a text, or of a part of it; what hyphens, full stops or colons join is one word."""
    matches = list(_TOKEN.finditer(text, start, len(text) if end is None else end))
    return Words(
        [_key(match[0]) for match in matches], [match.start() for match in matches], [match.end() for match in matches]
    )


@lru_cache(maxsize=65_536)
def _key(word: str) -> str:
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", plain(word).casefold())


def plain(passage: str) -> str:
    """Return a passage in its own case, composed, with one blank between words and no invisible characters."""
    return " ".join(unicodedata.normalize("NFC", passage.translate(_INVISIBLE).translate(_ALIKE)).split())


@lru_cache(maxsize=65_536)
def stem(key: str) -> str:
    """Return a word's key without its genitive ending; a word that merely ends in s may lose it too."""
    for ending in _ENDINGS:
        if key.endswith(ending) and len(key) > len(ending) + 1:
            return key[: -len(ending)]
    if len(key) > 3 and key[-1] == "s" and key[-2] not in _SIBILANT and key[-2].isalpha():
        return key[:-1]
    return key


def form_of(passage: str) -> tuple[str, ...]:
    """Return what a passage is remembered under: the keys of its words, the last one's stem."""
    keys = words(passage).keys
    return (*keys[:-1], stem(keys[-1])) if keys else ()


@lru_cache(maxsize=65_536)
def nouns(key: str) -> tuple[str, ...]:
    """Return the common nouns that a word's key may be the definite form of; what is left has five letters at least."""
    return tuple(
        base
        for ending in _DEFINITE
        if key.endswith(ending) and len(base := key[: -len(ending)]) >= _LEAST_NOUN and base.isalpha()
    )


def said_as(form: tuple[str, ...]) -> str:
    """Return the full-text expression for texts that may say a form: its words in a row, the last one inflected."""
    pieces = [piece for word in form for piece in _PIECE.findall(word)]
    if not pieces:
        return ""
    endings = ["", "s", *(_DEFINITE if len(form[-1]) >= _LEAST_NOUN and form[-1].isalpha() else ())]
    said = []
    for ending in endings if form[-1].endswith(pieces[-1]) else [""]:
        phrase = " ".join([*pieces[:-1], pieces[-1] + ending])
        said += [unicodedata.normalize(spelling, phrase) for spelling in ("NFC", "NFD")]
    return " OR ".join(f'"{phrase}"' for phrase in dict.fromkeys(said))


def opens_line(text: str, start: int) -> bool:
    """Whether a passage that begins at ``start`` opens a line or a sentence, where any word has a capital letter."""
    before = text[max(0, start - 8) : start].rstrip(" \t\u00a0\"”“»'’(–−-•*")
    return not before or before[-1] in ".!?:\n\r"


def fits(found: str, known: str, opens: bool) -> bool:
    """Whether ``found`` is a spelling of ``known`` that means the same; both plain (:func:`plain`).

    Genitives go both ways where the word that is left can be told: it has four letters, or is an acronym. Case may
    differ where ``found`` opens a line, or where one of the two is in capitals throughout and long enough.
    """
    if found == known:
        return True
    bare, other = _bare(found), _bare(known)
    pairs = [(found, known)]
    if bare != found:
        pairs.append((bare, known))
    if other != known and _steady(other):
        pairs.append((found, other))
        if bare != found:
            pairs.append((bare, other))
    return any(_same_case(one, two, opens) for one, two in pairs)


def _bare(passage: str) -> str:
    """Return the passage without a genitive ending."""
    for ending in _ENDINGS:
        if passage.endswith(ending) and len(passage) > len(ending) + 1:
            return passage[: -len(ending)]
    if passage.endswith("s") and len(passage) > 3 and passage[-2] not in _SIBILANT and passage[-2].isalpha():
        return passage[:-1]
    return passage


def _steady(bare: str) -> bool:
    """Whether a word without its s can be told from another word: Lars is no genitive."""
    last = bare.rsplit(" ", 1)[-1]
    return len(last) >= 4 or last.isupper() or " " in bare


def _same_case(found: str, known: str, opens: bool) -> bool:
    if found == known:
        return True
    if found.casefold() != known.casefold():
        return False
    if opens and found == known[0].upper() + known[1:]:
        return True
    long = len(found) >= 6 or " " in found
    if found.isupper():
        return len(found) >= 4
    return known.isupper() and long and found[0].isupper()
