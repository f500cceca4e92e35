"""Reading an exchange file piece by piece: line by line as the program writes it, else as any JSON.

Both ways tell the same story as :class:`Piece`; only the line by line way needs no memory for the whole.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple

import orjson

from app.formats.exchange import DOCUMENT_LISTS, TOP_LISTS, is_records
from models.errors import UserError

_BOM = b"\xef\xbb\xbf"
_HEADER = b'{"kurator":{'
_ENDINGS = (b",", b"],", b"]},", b"]}", b"]")
"""What may follow a record on its line: another one, the end of its list, of its document, of the file."""

Tells = Literal["value", "list", "record", "document", "child-list", "child", "end"]


class Piece(NamedTuple):
    """One piece of the file: what it is, the name of its list or field, and its content.

    ``value``: a field of the file; ``list``: one of its lists begins; ``record``: a record of that;
    ``document``: the fields of a document; ``child-list`` and ``child``: the same of a document; ``end``: a
    document is complete. ``line`` counts from 1, None where the file is not laid out by lines; ``number``
    counts a list's records from 0.
    """

    tells: Tells
    name: str
    content: Any
    line: int | None
    number: int = 0


class OtherLayout(Exception):
    """The file is not laid out line by line as the program does it; it may still be sound."""


class Unreadable(UserError):
    """The file as a whole is not JSON or not an exchange file."""


def pieces(path: Path, by_lines: bool) -> Iterator[Piece]:
    """Yield the pieces of a file.

    Raises:
        OtherLayout: only ``by_lines``: read it again without.
        Unreadable: ``exchange.cannot-read``, ``exchange.not-utf8``, ``exchange.nul``, ``exchange.cut-off``,
            ``exchange.not-json``, ``exchange.not-exchange``.
    """
    try:
        if by_lines:
            with path.open("rb", buffering=1 << 20) as file:
                yield from _Lines(file).pieces()
        else:
            yield from _from_whole(_load(path.read_bytes()))
    except OSError as error:
        raise Unreadable(
            "exchange.cannot-read", path=str(path), reason=error.strerror or str(error)
        ) from error


class _Lines:
    """A reader of the program's own layout."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._number = 0

    def _next(self) -> bytes:
        line = self._file.readline()
        self._number += 1
        return line.rstrip(b"\r\n")

    def pieces(self) -> Iterator[Piece]:
        line = self._next().removeprefix(_BOM)
        if not line.startswith(_HEADER):
            raise OtherLayout
        yield self._value(b'"kurator":', line[1:])
        stage = -1
        while True:
            line = self._next()
            name, rest = _name(line)
            if name in TOP_LISTS:
                if TOP_LISTS.index(name) <= stage:
                    raise OtherLayout
                stage = TOP_LISTS.index(name)
            if name == "documents":
                yield Piece("list", name, None, self._number)
                yield from self._documents(rest)
                break
            if rest in (b"[", b"[],"):
                yield Piece("list", name, None, self._number)
                if rest == b"[" and (yield from self._records("record", name)) != b"],":
                    raise OtherLayout
            elif name in TOP_LISTS:
                raise OtherLayout
            else:
                yield self._value(line[: len(line) - len(rest)], line)
        if self._file.read().strip():
            raise OtherLayout

    def _value(self, key: bytes, line: bytes) -> Piece:
        name, rest = _name(line)
        if not rest.endswith(b","):
            raise OtherLayout
        return Piece("value", name, _parsed(rest[:-1]), self._number)

    def _records(self, tells: Tells, name: str) -> Generator[Piece, None, bytes]:
        """Yield a list's records; return what closes it."""
        number = 0
        while True:
            line = self._next()
            content, ending = _record(line)
            yield Piece(tells, name, content, self._number, number)
            if ending != b",":
                return ending
            number += 1

    def _documents(self, rest: bytes) -> Iterator[Piece]:
        if rest == b"[]}":
            return
        if rest != b"[":
            raise OtherLayout
        number, ending = 0, b"]},"
        while ending == b"]},":
            line = self._next()
            if not (line.startswith(b"{") and line.endswith(b",")):
                raise OtherLayout
            fields = _parsed(line[:-1] + b"}")
            if fields.keys() & set(DOCUMENT_LISTS):
                raise OtherLayout
            yield Piece("document", "documents", fields, self._number, number)
            ending = yield from self._lists()
            yield Piece("end", "documents", None, self._number, number)
            number += 1
        if ending != b"]}]}":
            raise OtherLayout

    def _lists(self) -> Generator[Piece, None, bytes]:
        """Yield a document's lists; return what closes the last one."""
        stage = -1
        ending = b"],"
        while ending == b"],":
            line = self._next()
            name, rest = _name(line)
            if name in DOCUMENT_LISTS:
                if DOCUMENT_LISTS.index(name) <= stage:
                    raise OtherLayout
                stage = DOCUMENT_LISTS.index(name)
            yield Piece("child-list", name, None, self._number)
            if rest == b"[":
                ending = yield from self._records("child", name)
            elif rest.startswith(b"[]"):
                ending = rest[1:]
            else:
                raise OtherLayout
        return ending


def _name(line: bytes) -> tuple[str, bytes]:
    """Return the field's name that a line begins with, and the rest behind the colon."""
    quoted, colon, rest = line.partition(b'":')
    if not colon or not quoted.startswith(b'"') or b"\\" in quoted:
        raise OtherLayout
    name = _parsed(quoted + b'"')
    return str(name), rest


def _parsed(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        raise OtherLayout from None


def _record(line: bytes) -> tuple[dict[str, Any], bytes]:
    """Return a line's record and what follows it. A record never continues after a shorter sound one."""
    for ending in (b",", b"],", b"]},", b"]}]}", b"]}"):
        if line.endswith(ending):
            try:
                found = orjson.loads(line[: -len(ending)])
            except orjson.JSONDecodeError:
                continue
            if isinstance(found, dict):
                return found, ending
            break
    raise OtherLayout


def _load(data: bytes) -> Mapping[str, Any]:
    """Return the whole file, or say why it is not one."""
    data = data.removeprefix(_BOM)
    if (nul := data.find(b"\0")) >= 0:
        raise Unreadable("exchange.nul", line=data.count(b"\n", 0, nul) + 1)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable("exchange.not-utf8", line=data.count(b"\n", 0, error.start) + 1) from None
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        if not data.lstrip().startswith(b"{"):
            raise Unreadable("exchange.not-exchange") from None
        if error.pos >= len(data.decode("utf-8").rstrip()) - 1:
            raise Unreadable("exchange.cut-off", line=error.lineno) from None
        raise Unreadable(
            "exchange.not-json", line=error.lineno, column=error.colno, reason=error.msg
        ) from None
    if not isinstance(found, dict) or not isinstance(found.get("kurator"), dict):
        raise Unreadable("exchange.not-exchange")
    return found


def _from_whole(found: Mapping[str, Any]) -> Iterator[Piece]:
    yield Piece("value", "kurator", found["kurator"], None)
    order = sorted(found, key=lambda name: (name == "documents", name != "label_set"))
    for name in order:
        content = found[name]
        if name == "kurator":
            continue
        if name == "documents" and isinstance(content, list):
            yield Piece("list", name, None, None)
            for number, document in enumerate(content):
                yield from _document(document, number)
        elif (name in TOP_LISTS and isinstance(content, list)) or is_records(content):
            yield Piece("list", name, None, None)
            for number, record in enumerate(content):
                yield Piece("record", name, record, None, number)
        else:
            yield Piece("value", name, content, None)


def _document(document: Any, number: int) -> Iterator[Piece]:
    if not isinstance(document, dict):
        yield Piece("document", "documents", document, None, number)
        yield Piece("end", "documents", None, None, number)
        return
    known = (*DOCUMENT_LISTS, "furniture")
    lists = [name for name in DOCUMENT_LISTS if isinstance(document.get(name), list)]
    lists += [name for name, value in document.items() if name not in known and is_records(value)]
    fields = {name: value for name, value in document.items() if name not in lists}
    yield Piece("document", "documents", fields, None, number)
    for name in lists:
        yield Piece("child-list", name, None, None)
        for place, record in enumerate(document[name]):
            yield Piece("child", name, record, None, place)
    yield Piece("end", "documents", None, None, number)
