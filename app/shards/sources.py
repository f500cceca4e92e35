"""Reading a shard: what is known of it beforehand, and its documents one by one as the exchange file has them."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from app.formats.exchange import DOCUMENT_LISTS, SPARE_LISTS, outer_metadata
from app.formats.exchange_check import unsound
from app.formats.exchange_lines import OtherLayout
from app.formats.exchange_parts import own_layout, parts
from app.formats.exchange_read import read_exchange
from app.messages import tr
from app.readers.json_lines import read_json_lines
from app.readers.source import Source, open_file
from models.documents import Skipped, SourceDocument
from models.errors import UserError
from models.ids import derived_id, fingerprint

JSON_LINES = (".jsonl", ".ndjson")
SUFFIXES = (".json", *JSON_LINES)
"""What a shard's name ends with."""

_HEX = frozenset("0123456789abcdef")
_PASSED_OVER = "reading.empty"
"""A line without text says nothing; everything else that cannot be read is a broken shard."""

Record = dict[str, Any]


class Broken(Exception):
    """A shard that cannot be read as a whole; ``reason`` says where and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Entry(NamedTuple):
    """One document of a shard: the line that it begins at (0 where there are none), and its record."""

    line: int
    record: Record


@dataclass(slots=True)
class Contents:
    """What one pass over a sound shard found out; a few bytes per document, in the order of the file.

    ``digest`` is over the file's bytes. ``prints``, ``ids`` and ``bodies`` hold 64 bits each of a document's
    fingerprint, of its id and of all that is in it. ``head`` is what an exchange file holds around its documents.
    ``latest`` is the last point in time that its documents tell of.
    """

    digest: str
    head: Mapping[str, Any] | None = None
    by_lines: bool = True
    documents: int = 0
    repeated: int = 0
    latest: str = ""
    prints: array[int] = field(default_factory=lambda: array("Q"))
    ids: array[int] = field(default_factory=lambda: array("Q"))
    bodies: array[int] = field(default_factory=lambda: array("Q"))
    lines: array[int] = field(default_factory=lambda: array("Q"))

    def add(self, line: int, fields: Mapping[str, Any], body: bytes) -> None:
        """Take note of a document."""
        self.documents += 1
        self.prints.append(int(str(fields["fingerprint"])[7:23], 16))
        self.ids.append(_short(str(fields["id"]).encode()))
        self.bodies.append(_short(body))
        self.lines.append(line)
        self.latest = max(self.latest, str(fields.get("imported") or ""))


def _short(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")


def look_into(path: Path) -> Contents:
    """Read a whole shard and return what is in it.

    Raises:
        Broken: it is damaged, or of no kind that can be read.
    """
    try:
        digest = file_digest(path)
        contents = _look_into_lines(path, digest) if _has_json_lines(path) else _look_into_exchange(path, digest)
        if file_digest(path) != digest:
            raise Broken(tr("reading.changed"))
    except OSError as error:
        raise Broken(tr("reading.unreadable", reason=error.strerror or str(error))) from error
    except UserError as error:
        raise Broken(tr(error.code, **error.details)) from error
    return contents


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _has_json_lines(path: Path) -> bool:
    return path.suffix.lower() in JSON_LINES


def entries(path: Path, contents: Contents) -> Iterator[Entry]:
    """Yield the documents of a shard that :func:`look_into` found sound.

    Raises:
        Broken: the file has changed since.
    """
    try:
        yield from _line_entries(path) if contents.head is None else _exchange_entries(path, contents.by_lines)
    except (OSError, UserError, OtherLayout, ValueError, LookupError, TypeError) as error:
        raise Broken(tr("reading.changed")) from error


# Exchange files ---------------------------------------------------------------------------------------------


def _look_into_exchange(path: Path, digest: str) -> Contents:
    file = read_exchange(path)
    if file.problems:
        said = file.problems[0].sentence()
        more = len(file.problems) - 1
        raise Broken(said if not more else tr("shards.and-more-problems", said=said, count=more))
    contents = Contents(digest, by_lines=file.by_lines)
    with own_layout(path, file.by_lines) as laid_out:
        line = 1
        for part in parts(laid_out):
            if part.document:
                contents.add(line if file.by_lines else 0, part.fields(), part.content)
            else:
                contents.head = _head(part.lines)
            line += len(part.lines)
    return contents


def _head(lines: list[bytes]) -> Mapping[str, Any]:
    raw = b"\n".join(lines)
    found: Record = orjson.loads(raw + b"]}" if raw.endswith(b"[") else raw)
    del found["documents"]
    return found


def _exchange_entries(path: Path, by_lines: bool) -> Iterator[Entry]:
    with own_layout(path, by_lines) as laid_out:
        for part in parts(laid_out):
            if part.document:
                yield Entry(0, _no_lists() | orjson.loads(part.content))


# JSON lines -------------------------------------------------------------------------------------------------


def _look_into_lines(path: Path, digest: str) -> Contents:
    contents = Contents(digest)
    known: dict[str, tuple[bytes, int]] = {}
    for line, record in _line_records(path):
        body = orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
        short = hashlib.blake2b(body, digest_size=8).digest()
        if (before := known.setdefault(record["id"], (short, line))) != (short, line):
            if before[0] != short:
                raise Broken(tr("shards.id-twice", id=record["id"], line=line, other=before[1]))
            contents.repeated += 1
        else:
            contents.add(line, record, body)
    return contents


def _line_entries(path: Path) -> Iterator[Entry]:
    known: set[str] = set()
    for line, record in _line_records(path):
        if record["id"] not in known:
            known.add(record["id"])
            yield Entry(line, record)


def _line_records(path: Path) -> Iterator[tuple[int, Record]]:
    source = Source(path.name, path.stat().st_size, lambda: open_file(str(path)))
    for found in read_json_lines(source):
        line = int(found.name.rpartition("#")[2])
        if isinstance(found, Skipped):
            if found.code != _PASSED_OVER:
                said = tr(found.code, **found.details)
                told = found.code.startswith("reading.json-")
                raise Broken(said if told else tr("shards.at-line", line=line, said=said))
            continue
        record = as_record(found)
        if code := unsound(record):
            raise Broken(tr("shards.at-line", line=line, said=tr(code)))
        yield line, record


def as_record(found: SourceDocument) -> Record:
    """Return a line's document as a record of the exchange file, its lists empty.

    A document without ``id`` gets one that follows from all that the line says, so that the same line is the same
    document in whatever shard it stands; documents with the same text are told apart by what else is known of them.
    An ``id`` that is no UUID leads to one, and stays in the metadata.
    """
    own = {name: value for name, value in found.metadata.items() if name != "encoding"}
    given, name = own.get("id"), own.pop("name", None)
    fields = {"publisher": found.publisher, "date": found.date}
    if given is not None and _is_uuid(given):
        identity = own.pop("id")
    elif given is not None:
        identity = derived_id("document", given)
    else:
        known = (name, found.title, found.source, found.language, *fields.values(), sorted(own.items()))
        identity = derived_id("document", fingerprint(found.text), *known)
    return {
        "analysed_by": None,
        "fingerprint": fingerprint(found.text),
        "furniture": [],
        "furniture_by": "none",
        "id": identity,
        "language": found.language,
        "length": len(found.text),
        "metadata": outer_metadata(own, fields),
        "name": name or given or identity,
        "revision": 1,
        "source": found.source,
        "text": found.text,
        "title": found.title,
    } | _no_lists()


def _no_lists() -> Record:
    return {name: [] for name in DOCUMENT_LISTS if name not in SPARE_LISTS}


def _is_uuid(value: str) -> bool:
    parts_ = value.split("-")
    return [len(one) for one in parts_] == [8, 4, 4, 4, 12] and all(_HEX.issuperset(one) for one in parts_)
