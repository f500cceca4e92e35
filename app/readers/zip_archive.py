"""Archives: their entries are read like files, one at a time, after the whole directory was looked over."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import IO, Any, BinaryIO

from app.readers.source import MEGABYTE, Source, foreign, printable
from models.documents import Skipped
from models.errors import UserError

ENTRY_LIMIT = 200_000
TOTAL_LIMIT = 4 * 1024 * MEGABYTE
"""Bytes of all entries of one archive when unpacked."""
RATIO_LIMIT = 200
"""How many times its packed size an entry may have; text seldom exceeds 20."""
RATIO_FREE = MEGABYTE
"""Bytes up to which an entry may have any ratio."""

_DIRECTORY_LIMIT = 64 * MEGABYTE
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x06"
_LONGEST_END = 65_557
_DRIVE = re.compile(r"[A-Za-z]:")


class _Entry(io.RawIOBase):
    """One entry as a stream whose faults are told as ``reading.broken``."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with foreign():
            data = self._inner.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()


def entries(source: Source, hidden: bool = False) -> Iterator[Source | Skipped]:
    """Yield the files in an archive, named ``archive.zip/path``; read each before the next.

    Raises:
        UserError: ``reading.broken``, ``reading.too-many-entries`` or ``reading.bomb`` for the whole archive.
    """
    with source.open() as stream:
        if directory_too_long(stream, source.size):
            raise UserError("reading.too-many-entries", limit=ENTRY_LIMIT)
        with foreign():
            archive = zipfile.ZipFile(stream)
        with archive:
            _check_whole(archive, source.size)
            for info in archive.infolist():
                if info.filename.endswith("/") or (not hidden and _is_hidden(info.filename)):
                    continue
                try:
                    yield _entry(source.name, archive, info)
                except UserError as error:
                    yield Skipped(_name(source.name, info), error.code, error.details)


def directory_too_long(stream: BinaryIO, size: int) -> bool:
    """Whether the archive's directory would fill the memory; leaves the stream at its start."""
    stream.seek(max(0, size - _LONGEST_END))
    tail = stream.read(_LONGEST_END)
    stream.seek(0)
    longest = 0
    end = tail.rfind(_END)
    if end >= 0 and len(tail) >= end + 22:
        longest = struct.unpack_from("<I", tail, end + 12)[0]
    end_64 = tail.rfind(_END_64)
    if longest == 0xFFFFFFFF or (end_64 >= 0 and len(tail) >= end_64 + 56):
        longest = struct.unpack_from("<Q", tail, end_64 + 40)[0] if 0 <= end_64 <= len(tail) - 56 else size
    return min(longest, size) > _DIRECTORY_LIMIT


def _check_whole(archive: zipfile.ZipFile, size: int) -> None:
    found = archive.infolist()
    if len(found) > ENTRY_LIMIT:
        raise UserError("reading.too-many-entries", limit=ENTRY_LIMIT)
    if (
        sum(info.file_size for info in found) > TOTAL_LIMIT
        or sum(info.compress_size for info in found) > size
    ):
        raise UserError("reading.bomb")


def _is_hidden(name: str) -> bool:
    return any(is_hidden_name(part) for part in name.split("/"))


def is_hidden_name(name: str) -> bool:
    """Whether a file or folder of this name is the system's or an editor's own business."""
    if name in (".", ".."):
        return False
    return name.startswith((".", "~$")) or name in ("__MACOSX", "Thumbs.db", "desktop.ini")


def _name(archive: str, info: zipfile.ZipInfo) -> str:
    return f"{archive}/{printable(info.orig_filename.split(chr(0))[0])}"


def _entry(archive_name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Source:
    _check_name(info.orig_filename)
    if info.filename.lower().endswith(".zip"):
        raise UserError("reading.nested-zip")
    if info.flag_bits & 1:
        raise UserError("reading.encrypted")
    if info.file_size > RATIO_FREE and info.file_size > RATIO_LIMIT * max(1, info.compress_size):
        raise UserError("reading.bomb")
    return Source(_name(archive_name, info), info.file_size, partial(_open, archive, info))


def _check_name(name: str) -> None:
    unsafe = "\\" in name or "\0" in name or name.startswith("/") or _DRIVE.match(name) is not None
    if unsafe or ".." in PurePosixPath(name).parts or not name.isprintable():
        raise UserError("reading.unsafe-name")


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    with foreign():
        inner = archive.open(info)
    return io.BufferedReader(_Entry(inner))
