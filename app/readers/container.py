"""The zip files that office documents are: looked over before a library unpacks them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from app.readers.source import FILE_LIMIT, TEXT_LIMIT, foreign
from app.readers.zip_archive import RATIO_FREE, RATIO_LIMIT, directory_too_long
from models.errors import UserError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_ENTRIES = 10_000
_DECLARATIONS = tuple(
    word.encode(codec) for word in ("<!DOCTYPE", "<!ENTITY") for codec in ("utf-8", "utf-16-le", "utf-16-be")
)


def check_container(data: bytes) -> None:
    """Check that an office file can be unpacked and parsed safely.

    Raises:
        UserError: ``reading.encrypted``, ``reading.old-format``, ``reading.broken``, ``reading.bomb`` or
            ``reading.unsafe-xml`` (a document type declaration, which no office program writes).
    """
    if data.startswith(_OLE):
        raise UserError("reading.encrypted" if _ENCRYPTED_STREAM in data else "reading.old-format")
    stream = io.BytesIO(data)
    if directory_too_long(stream, len(data)):
        raise UserError("reading.bomb")
    with foreign(), zipfile.ZipFile(stream) as archive:
        _check_sizes(archive.infolist())
        names = [info.filename for info in archive.infolist() if info.filename.endswith((".xml", ".rels"))]
        parts = {name: archive.read(name) for name in names}
    for part in parts.values():
        if any(word in part for word in _DECLARATIONS):
            raise UserError("reading.unsafe-xml")
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise UserError("reading.encrypted")


def _check_sizes(entries: Iterable[zipfile.ZipInfo]) -> None:
    total = xml = count = 0
    for info in entries:
        count += 1
        total += info.file_size
        xml += info.file_size if info.filename.endswith((".xml", ".rels")) else 0
        if info.flag_bits & 1:
            raise UserError("reading.encrypted")
        if info.file_size > RATIO_FREE * 16 and info.file_size > RATIO_LIMIT * max(1, info.compress_size):
            raise UserError("reading.bomb")
    if total > 2 * FILE_LIMIT or xml > TEXT_LIMIT or count > _ENTRIES:
        raise UserError("reading.bomb")
