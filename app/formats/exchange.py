"""The exchange file's outline: names and order of its lists, its version, and how to know one.

The shape is laid down in ``resources/schemas/exchange-1.0.schema.json``; what it leaves open is decided in
``resources/decisions/exchange-details.md``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

ID = "exchange"
VERSION = "1.0"
MAJOR = 1

TOP_LISTS = ("annotators", "runs", "register", "deleted", "conflicts", "documents")
DOCUMENT_LISTS = (
    "entities",
    "claims",
    "relations",
    "suggestions",
    "decisions",
    "status",
    "deleted",
    "notes",
    "conflicts",
    "effort",
)
SPARE_LISTS = frozenset({"conflicts", "effort"})
"""Lists that are written only where they hold something."""

RESERVED_METADATA = ("publisher", "date")
"""Fields of a document that the file keeps in ``metadata``."""

_BEGINNING = re.compile(rb'\s*\{.*"kurator"\s*:\s*\{.*"format"\s*:\s*"exchange"', re.DOTALL)
"""Files of other formats may have a "kurator" too, where this program keeps what they have no place for."""


def is_exchange(path: Path) -> bool:
    """Whether a file looks like an exchange file, from its first 64 kB. False where it cannot be read."""
    try:
        with path.open("rb") as file:
            beginning = file.read(1 << 16)
    except OSError:
        return False
    return _BEGINNING.match(beginning.removeprefix(b"\xef\xbb\xbf")) is not None


def line_of(record: Mapping[str, Any], extra: str | None = None) -> bytes:
    """Return a record as one line of canonical JSON, with what a newer version kept in it."""
    line = orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
    if extra:
        line = orjson.dumps({**json.loads(extra), **orjson.loads(line)}, option=orjson.OPT_SORT_KEYS)
    return line


def number(value: float | None) -> float | None:
    """Return a score as the file writes it: at most six places, whole numbers without fraction."""
    if value is None:
        return None
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def is_records(value: object) -> bool:
    """Whether a value that this version does not know is a list of records, to be written line by line."""
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def outer_metadata(own: Mapping[str, str], fields: Mapping[str, str | None]) -> dict[str, str]:
    """Return a document's metadata as the file has it: own keys named like a field get an underscore."""
    shown = {f"_{key}" if key.lstrip("_") in RESERVED_METADATA else key: value for key, value in own.items()}
    return shown | {key: value for key, value in fields.items() if value is not None}


def inner_metadata(shown: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str | None]]:
    """Return a document's own metadata and the fields that the file keeps among them."""
    fields = {name: shown.get(name) for name in RESERVED_METADATA}
    own = {
        key[1:] if key.lstrip("_") in RESERVED_METADATA else key: value
        for key, value in shown.items()
        if key not in RESERVED_METADATA
    }
    return own, fields


def shown_source(pipeline: str | None, rule: str | None) -> str | None:
    """Return where a suggestion comes from as marks and decisions name it."""
    if pipeline is None:
        return rule
    return f"{pipeline} · {rule}" if rule else pipeline
