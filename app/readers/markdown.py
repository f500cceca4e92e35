"""Markdown: the text as stored, with its front matter as metadata and furniture."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.readers.encoding import decode
from app.readers.fields import sort_fields
from app.readers.plain import first_line
from app.readers.source import Source, document, read_bytes
from models.documents import SourceDocument
from models.spans import Span

_FRONT_LIMIT = 64 * 1024
_OPENING = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_ENTRY = re.compile(r"([^\W\d][\w .-]{0,60}?)[ \t]*:(?:[ \t]+(.*))?", re.DOTALL)
_ITEM = re.compile(r"\s*-\s+(.*)")
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*[ \t]*\r?$", re.MULTILINE)


def read_markdown(source: Source) -> Iterator[SourceDocument]:
    """Read a ``.md`` file. The title is that of the front matter, else the first heading or line."""
    text, encoding = decode(read_bytes(source))
    front = _front_matter(text)
    fields = sort_fields(_entries(text[front.start : front.end]) if front else {})
    heading = _HEADING.search(text, front.end if front else 0, _FRONT_LIMIT)
    rest = text[front.end : front.end + _FRONT_LIMIT] if front else text
    yield document(
        source.name,
        text,
        title=fields.title or (heading[1] if heading else first_line(rest)),
        source=fields.source,
        publisher=fields.publisher,
        date=fields.date,
        language=fields.language,
        metadata={"encoding": encoding, **fields.rest},
        furniture=(front,) if front else (),
    )


def _front_matter(text: str) -> Span | None:
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end(), opening.end() + _FRONT_LIMIT) if opening else None
    if closing is None or not _entries(text[: closing.end()]):
        return None
    return Span(0, closing.end() - text[: closing.end()].endswith("\r"))


def _entries(block: str) -> dict[str, object]:
    """Return ``key: value`` lines; items below a key are joined by commas, deeper structure is left out."""
    found: dict[str, str] = {}
    key = None
    for line in block.splitlines()[1:-1]:
        if key is not None and (item := _ITEM.fullmatch(line)):
            found[key] = ", ".join(filter(None, (found[key], _unquoted(item[1]))))
        elif entry := _ENTRY.fullmatch(line):
            key = entry[1]
            found[key] = _unquoted(entry[2] or "")
    return dict(found)


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
