"""The bytes of an exchange file for records as parsed JSON: exactly what an export would write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import orjson

from app.formats.exchange import DOCUMENT_LISTS, SPARE_LISTS, TOP_LISTS, is_records, line_of
from models.merge.outlines import Outline
from models.merge.values import Record


def document_bytes(document: Record) -> bytes:
    """Return a document, its records line by line, without what follows it in the file."""
    lists = {name: document.get(name, []) for name in DOCUMENT_LISTS}
    more = {
        name: value
        for name, value in document.items()
        if name not in lists and name not in ("furniture", "assigned") and is_records(value)
    }
    fields = {name: value for name, value in document.items() if name not in lists and name not in more}
    parts = [line_of(fields)[:-1]]
    for name, records in (*lists.items(), *sorted(more.items())):
        if records or name not in SPARE_LISTS:
            parts.append(_list(name, records))
    return b",\n".join(parts) + b"}"


def outline_bytes(outline: Outline, counts: Mapping[str, int]) -> bytes:
    """Return a file's beginning, up to its documents."""
    return b",\n".join(_outer(outline, counts)) + b',\n"documents":['


def _outer(outline: Outline, counts: Mapping[str, int]) -> Iterator[bytes]:
    yield b'{"kurator":' + line_of({**outline.header, "counts": dict(counts)})
    yield b'"label_set":' + line_of(outline.labels)
    for name in TOP_LISTS:
        if name != "documents" and (outline.lists.get(name) or name not in SPARE_LISTS):
            yield _list(name, outline.lists.get(name, []))
    for name, value in sorted(outline.more.items()):
        if is_records(value):
            yield _list(name, value)
        else:
            yield orjson.dumps(name) + b":" + orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _list(name: str, records: Iterable[Record]) -> bytes:
    lines = b",\n".join(map(line_of, records))
    return orjson.dumps(name) + b":[" + (b"\n" + lines if lines else b"") + b"]"


def count_records(document: Record) -> dict[str, int]:
    """Return how many records of each list a document holds."""
    return {name: len(document[name]) for name in DOCUMENT_LISTS if document.get(name)}
