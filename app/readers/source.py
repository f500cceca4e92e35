"""What a reader is given, and the checks that every document passes before it leaves this package."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from models.documents import SourceDocument
from models.errors import KuratorError, UserError
from models.spans import Span

MEGABYTE = 1024 * 1024
TEXT_LIMIT = 64 * MEGABYTE
"""Bytes of one plain text, and code points of the text of any one document."""
FILE_LIMIT = 256 * MEGABYTE
"""Bytes of one PDF or office file, pictures included."""

_OPEN_FLAGS = (
    os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
)
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read: on disk, or inside an archive.

    ``name`` is the document name that it will have, ``size`` its bytes when it was found, ``open`` opens it
    anew each time it is called.
    """

    name: str
    size: int
    open: Callable[[], BinaryIO]


def open_file(path: str) -> BinaryIO:
    """Open a regular file for reading; a pipe or device is refused before it is opened.

    Raises:
        UserError: ``reading.not-a-file``.
        OSError: the file is gone or may not be read.
    """
    if not stat.S_ISREG(Path(path).stat().st_mode):
        raise UserError("reading.not-a-file")
    return os.fdopen(os.open(path, _OPEN_FLAGS), "rb")


def read_bytes(source: Source, limit: int = TEXT_LIMIT) -> bytes:
    """Return all bytes of ``source``.

    Raises:
        UserError: ``reading.too-large`` above ``limit`` bytes; ``reading.changed`` if the size is no longer
            the one that was found.
    """
    if source.size > limit:
        raise too_large(limit)
    with source.open() as stream:
        data = stream.read(source.size + 1)
    if len(data) != source.size:
        raise UserError("reading.changed")
    return data


def too_large(limit: int) -> UserError:
    """Return the error for something above ``limit`` bytes or code points."""
    return UserError("reading.too-large", limit=limit // MEGABYTE)


@contextmanager
def foreign() -> Iterator[None]:
    """Turn whatever a third-party library raises on a file into ``reading.broken``.

    Only the library's call belongs inside, so that mistakes of our own stay visible.
    """
    try:
        yield
    except (KuratorError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:  # the disk's fault, not the file's
            raise
        raise broken(error) from error


def broken(error: Exception) -> UserError:
    """Return ``reading.broken`` with the first line of what the library said."""
    said = _BLANKS.sub(" ", str(error)).strip() or type(error).__name__
    return UserError("reading.broken", reason=printable(said[:200]))


def printable(text: str) -> str:
    """Return ``text`` with what cannot be written as UTF-8 replaced, for names and messages."""
    return text.encode("utf-8", "surrogateescape" if _is_escaped(text) else "replace").decode(
        "utf-8", "replace"
    )


def _is_escaped(text: str) -> bool:
    return all(0xDC80 <= ord(sign) <= 0xDCFF for sign in text if "\ud800" <= sign <= "\udfff")


def tidy(value: str | None) -> str | None:
    """Return a metadata value on one line without blanks around it, None where nothing is left."""
    if not value:
        return None
    return _BLANKS.sub(" ", value.replace("\0", " ")).strip() or None


def document(
    name: str,
    text: str,
    *,
    title: str | None = None,
    source: str | None = None,
    publisher: str | None = None,
    date: str | None = None,
    language: str | None = None,
    metadata: Mapping[str, str] | None = None,
    furniture: tuple[Span, ...] = (),
) -> SourceDocument:
    """Return the document if its text is one that a project can hold.

    Raises:
        UserError: ``reading.empty``, ``reading.binary`` (a NUL), ``reading.too-large`` or
            ``reading.not-unicode`` (a lone surrogate, in the text or the metadata).
    """
    if not text or text.isspace():
        raise UserError("reading.empty")
    if len(text) > TEXT_LIMIT:
        raise too_large(TEXT_LIMIT)
    if "\0" in text:
        raise UserError("reading.binary")
    found = SourceDocument(
        name=name,
        text=text,
        title=tidy(title),
        source=tidy(source),
        publisher=tidy(publisher),
        date=tidy(date),
        language=tidy(language),
        metadata=dict(metadata or {}),
        furniture=furniture,
    )
    _check_unicode(found)
    return found


def _check_unicode(found: SourceDocument) -> None:
    fields = (found.text, found.title, found.source, found.publisher, found.date, found.language)
    try:
        for value in fields:
            if value is not None and not value.isascii():
                value.encode("utf-8")
        for key, value in found.metadata.items():
            key.encode("utf-8")
            value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UserError("reading.not-unicode") from error
