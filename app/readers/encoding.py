"""Bytes to text, exactly: line ends stay as they are, a byte order mark is not text."""

from __future__ import annotations

import codecs
import io
import logging
import re
from collections.abc import Iterator
from typing import NamedTuple

from app.readers.source import MEGABYTE, TEXT_LIMIT, Source, foreign
from models.errors import UserError

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"7z\xbc\xaf",
    b"Rar!", b"\xd0\xcf\x11\xe0", b"BZh", b"\xfd7zXZ", b"\x7fELF", b"{\\rtf",
)  # fmt: skip
_CONTROLS = bytes(sorted(set(range(32)) - {9, 10, 11, 12, 13, 27}))
_CHUNK = MEGABYTE
_SAMPLE = 64 * 1024
_SINGLE_BYTE = ("cp1252", "mac_roman", "cp850", "iso8859_1")
_EXCLUDED = ["cp037", "cp273", "cp424", "cp500", "cp864", "cp875", "cp1006", "cp1026", "cp1140", "utf_7"]
"""EBCDIC and codecs that take almost any bytes: a guess of theirs is noise."""
_WEIGHTS = {
    **dict.fromkeys("åäöÅÄÖ", 3),
    **dict.fromkeys("éÉèàüÜøæØÆ", 2),
    **dict.fromkeys("–—−”“’‘…•»«€§°½\xa0\xad·", 1),
}
_UNUSUAL = -3
_LEAD = re.compile(rb"[\xc3-\xf4][\x80-\xbf]")


class Text(NamedTuple):
    """A decoded text and the codec that it was stored in (Python's name)."""

    text: str
    encoding: str


def decode(data: bytes, declared: str | None = None) -> Text:
    """Return the text of ``data``: by byte order mark, else UTF-8, else ``declared``, else by its letters.

    Raises:
        UserError: ``reading.binary``, ``reading.damaged-utf8`` or ``reading.unknown-encoding``.
    """
    marked = _marked(data)
    if marked is not None:
        return _strict(data, marked)
    if b"\0" in data or data.startswith(_SIGNATURES):
        raise UserError("reading.binary")
    try:
        return Text(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        sample = data[max(0, error.start - _SAMPLE) : error.start + _SAMPLE]
        _check_damage(sample, error.start)
        if declared is not None and _decodes(data, declared):
            return Text(data.decode(declared), declared)
        return _strict(data, _guess(sample, data))


def text_encoding(source: Source) -> str:
    """Return the codec of ``source``; reads the whole file once in constant memory.

    Raises:
        UserError: as :func:`decode`.
    """
    with source.open() as stream:
        head = stream.read(_SAMPLE)
    marked = _marked(head)
    if marked is None and head.startswith(_SIGNATURES):
        raise UserError("reading.binary")
    return marked or _scan(source)


def lines(source: Source, encoding: str) -> Iterator[str | None]:
    """Yield the lines of ``source`` with their ends as stored; None for one above the limit of a text.

    Raises:
        UserError: ``reading.unknown-encoding`` at the first bytes that ``encoding`` does not know.
    """
    with io.TextIOWrapper(source.open(), encoding=encoding, errors="strict", newline="") as stream:
        try:
            while line := stream.readline(TEXT_LIMIT + 1):
                if len(line) <= TEXT_LIMIT:
                    yield line
                    continue
                while line and not line.endswith(("\n", "\r")):
                    line = stream.readline(TEXT_LIMIT)
                yield None
        except UnicodeError as error:
            raise UserError("reading.unknown-encoding") from error


def _marked(data: bytes) -> str | None:
    if data[:1] not in (b"\xef", b"\xff", b"\xfe", b"\0"):
        return None
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def _strict(data: bytes, encoding: str) -> Text:
    try:
        return Text(data.decode(encoding), encoding)
    except (UnicodeError, LookupError) as error:
        raise UserError("reading.unknown-encoding") from error


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        return isinstance(data.decode(encoding), str)
    except (UnicodeError, LookupError, ValueError):
        return False


def _scan(source: Source) -> str:
    """Read the file once: ``utf-8`` if all of it is, else the codec guessed around the first other byte."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    done = 0
    with source.open() as stream:
        before = b""
        while chunk := stream.read(_CHUNK):
            if b"\0" in chunk:
                raise UserError("reading.binary")
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                place = max(0, error.start - len(error.object) + len(chunk))
                sample = (before + chunk[: place + _SAMPLE])[-2 * _SAMPLE :]
                _check_damage(sample, done + place)
                return _guess(sample, sample)
            before, done = chunk[-_SAMPLE:], done + len(chunk)
    if decoder.getstate()[0]:
        _check_damage(before, done - 1)
        return _guess(before, before)
    return "utf-8"


def _check_damage(sample: bytes, position: int) -> None:
    """Refuse what is control characters, or UTF-8 with a few bytes lost: a guess would spoil every letter."""
    if len(sample) - len(sample.translate(None, _CONTROLS)) > len(sample) // 200:
        raise UserError("reading.binary")
    sound = len(_LEAD.findall(sample))
    lost = sample.decode("utf-8", "replace").count("\ufffd")
    if sound >= 2 * lost:
        raise UserError("reading.damaged-utf8", position=position)


def _guess(sample: bytes, whole: bytes) -> str:
    """Return the codec whose letters look most like Swedish, else what charset-normalizer says.

    The library alone calls short Swedish texts Central European or EBCDIC; the letters decide better.
    """
    high = bytes(byte for byte in sample if byte > 127)
    scores = {name: _score(high, name) for name in _SINGLE_BYTE if _decodes(whole, name)}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] > 0:
        return best
    return _library_guess(sample, whole)


def _score(high: bytes, encoding: str) -> int:
    return sum(_WEIGHTS.get(sign, _UNUSUAL) for sign in high.decode(encoding, "replace"))


def _library_guess(sample: bytes, whole: bytes) -> str:
    import charset_normalizer

    logging.getLogger("charset_normalizer").setLevel(logging.CRITICAL)
    with foreign():
        match = charset_normalizer.from_bytes(sample, cp_exclusion=_EXCLUDED).best()
    if match is None or not _decodes(whole, match.encoding):
        raise UserError("reading.unknown-encoding")
    return str(match.encoding)
