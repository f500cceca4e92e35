"""PDF: the text of its pages as the file gives it, a blank line between pages."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

from app.readers.source import (
    FILE_LIMIT,
    TEXT_LIMIT,
    Source,
    broken,
    document,
    foreign,
    read_bytes,
    tidy,
    too_large,
)
from models.documents import SourceDocument
from models.errors import UserError

_ONE_AT_A_TIME = threading.Lock()
"""PDFium may not be entered by two threads."""
_LINE_HYPHEN = re.compile("[\x02\ufffe]\n?")
_DATE = re.compile(r"(?:D:)?(\d{4})(?:(\d\d)(\d\d)?)?")
_KEPT = {"Author": "author", "Subject": "subject", "Keywords": "keywords"}


def read_pdf(source: Source) -> Iterator[SourceDocument]:
    """Read a ``.pdf`` file.

    Raises:
        UserError: ``reading.encrypted``, ``reading.broken``, or ``reading.no-text`` for scanned pages.
    """
    data = read_bytes(source, FILE_LIMIT)
    with _ONE_AT_A_TIME:
        pages, facts = _extract(data)
    text = "\n\n".join(pages)
    if not text:
        raise UserError("reading.no-text")
    metadata = {key: value for name, key in _KEPT.items() if (value := tidy(facts.get(name)))}
    date = _date(facts.get("CreationDate", "")) or _date(facts.get("ModDate", ""))
    yield document(source.name, text, title=facts.get("Title"), date=date, metadata=metadata)


def _extract(data: bytes) -> tuple[list[str], dict[str, str]]:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise UserError("reading.encrypted") from error
        raise broken(error) from error
    try:
        with foreign():
            return list(_pages(pdf)), dict(pdf.get_metadata_dict())
    finally:
        pdf.close()


def _pages(pdf: Any) -> Iterator[str]:
    total = 0
    for number in range(len(pdf)):
        page = pdf[number]
        words = page.get_textpage()
        text = str(words.get_text_bounded()).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        words.close()
        page.close()
        total += len(text)
        if total > TEXT_LIMIT:
            raise too_large(TEXT_LIMIT)
        if text := _LINE_HYPHEN.sub("-\n", text).strip("\n"):
            yield text


def _date(written: str) -> str | None:
    match = _DATE.match(written.strip())
    if match is None or not "1900" <= match[1] <= "2100":
        return None
    return "-".join(part for part in match.groups() if part)
