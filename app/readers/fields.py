"""Names and values of metadata, in Swedish and English, as tables and front matter write them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from app.readers.source import tidy

TEXT = (
    "text", "content", "body", "innehåll", "brödtext", "fulltext", "full text", "article", "artikel",
    "article text", "artikeltext", "text content", "plain text", "plaintext", "texten", "sidtext",
    "page text",
)  # fmt: skip
_FIELDS = {
    "title": ("title", "titel", "rubrik", "headline", "heading", "page title", "sidtitel"),
    "source": (
        "source", "url", "uri", "källa", "link", "länk", "webbadress", "source url", "page url", "permalink",
        "href",
    ),
    "publisher": (
        "publisher", "utgivare", "publicist", "avsändare", "publicerad av", "site name", "sitename", "site",
        "webbplats",
    ),
    "date": (
        "date", "datum", "published", "publicerad", "publiceringsdatum", "publication date", "publish date",
        "published at", "date published", "pubdate",
    ),
    "language": ("language", "språk", "lang", "language code", "språkkod"),
}  # fmt: skip
_NESTED = ("meta", "metadata")
_SEPARATORS = re.compile(r"[\s_\-.]+")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*")
_LANGUAGE_NAMES = {"svenska": "sv", "swedish": "sv", "engelska": "en", "english": "en"}
_ISO_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T\s].*)?")
_COMPACT_DATE = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_YEAR_MONTH = re.compile(r"((?:19|20)\d\d)(?:-(\d\d))?")
_WRITTEN_DATE = re.compile(
    r"(?:(?:den\s+)?(\d{1,2})\.?\s+)?([a-zåäö]{3,9})\.?\s+((?:19|20)\d\d)", re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mar", "apr", "maj may", "jun", "jul", "aug", "sep", "okt oct", "nov", "dec")
_MONTH = {short: number for number, names in enumerate(_MONTHS, 1) for short in names.split()}
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Fields(NamedTuple):
    """A document's metadata sorted into the fields that a project filters by, and the rest."""

    title: str | None
    source: str | None
    publisher: str | None
    date: str | None
    language: str | None
    rest: dict[str, str]


def plain(name: str) -> str:
    """Return a column name as it is compared: composed, lower case, one blank between words."""
    return _SEPARATORS.sub(" ", unicodedata.normalize("NFC", name).casefold()).strip()


def text_key(names: list[str]) -> str | None:
    """Return which of ``names`` holds the text, None where no name says so."""
    by_plain = {plain(name): name for name in reversed(names)}
    return next((by_plain[known] for known in TEXT if known in by_plain), None)


def sort_fields(values: Mapping[str, object]) -> Fields:
    """Sort ``values`` into fields; what is not recognised, or not a date where one belongs, goes to the rest.

    Empty values are left out. Values that are not strings are written as JSON.
    """
    flat = _flatten(values)
    by_plain = {plain(name): name for name in reversed(list(flat))}
    taken: dict[str, str] = {}
    for field, known_names in _FIELDS.items():
        for name in (by_plain[known] for known in known_names if known in by_plain):
            value = _field_value(field, flat[name])
            if value is not None:
                taken[field] = value
                del flat[name]
                break
    return Fields(
        taken.get("title"),
        taken.get("source"),
        taken.get("publisher"),
        taken.get("date"),
        taken.get("language"),
        flat,
    )


def _flatten(values: Mapping[str, object]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in values.items():
        if plain(name) in _NESTED and isinstance(value, dict):
            inner = {key: part for key, part in value.items() if key not in values}
            flat.update((key, part) for key, raw in inner.items() if (part := _written(raw)) is not None)
        elif (part := _written(value)) is not None:
            flat[name] = part
    return flat


def _written(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return tidy(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _field_value(field: str, value: str) -> str | None:
    if field == "date":
        return tidy_date(value)
    return tidy_language(value) if field == "language" else value


def tidy_language(value: str | None) -> str | None:
    """Return the language as its short code (``sv`` for ``sv-SE`` and ``Svenska``), None if it is neither."""
    value = (value or "").strip()
    named = _LANGUAGE_NAMES.get(value.casefold())
    match = _LANGUAGE.fullmatch(value)
    return named or (match[1].lower() if match else None)


def tidy_date(value: str | None) -> str | None:
    """Return a date as ISO 8601 as far as it is known (``2019-05-02``, ``2019-05``, ``2019``), else None.

    Dates whose order of day and month cannot be told (``02/05/2019``) are not guessed.
    """
    value = (value or "").strip()
    if match := _ISO_DATE.fullmatch(value) or _COMPACT_DATE.fullmatch(value):
        return _iso(int(match[1]), int(match[2]), int(match[3]))
    if match := _YEAR_MONTH.fullmatch(value):
        return _iso(int(match[1]), int(match[2])) if match[2] else match[1]
    if match := _WRITTEN_DATE.fullmatch(value):
        month = _MONTH.get(match[2][:3].lower(), 0)
        return _iso(int(match[3]), month, int(match[1])) if match[1] else _iso(int(match[3]), month)
    return None


def _iso(year: int, month: int, day: int | None = None) -> str | None:
    if not 1 <= month <= 12:
        return None
    if day is None:
        return f"{year:04}-{month:02}"
    return f"{year:04}-{month:02}-{day:02}" if 1 <= day <= _LONGEST[month - 1] else None
