"""Tables with a header: one document a row, read row by row in constant memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice

from app.readers.encoding import lines, text_encoding
from app.readers.fields import text_key
from app.readers.rows import row_document
from app.readers.source import TEXT_LIMIT, Source, too_large
from models.documents import Skipped, SourceDocument
from models.errors import UserError

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 200
_SAMPLE_LENGTH = 1_000_000


def read_csv(source: Source) -> Iterator[SourceDocument | Skipped]:
    """Read a ``.csv`` file; its documents are named ``file.csv#1`` from the first row below the header.

    The text is the column that is called so in Swedish or English, else the one with the longest values.
    A row with too many or too few columns is skipped with its line number.

    Raises:
        UserError: ``reading.csv-header``, or what reading text may raise.
    """
    csv.field_size_limit(max(csv.field_size_limit(), TEXT_LIMIT))
    encoding = text_encoding(source)
    sample = _sample(source, encoding)
    delimiter = _delimiter(sample)
    rows = csv.reader(_bounded(lines(source, encoding)), delimiter=delimiter, strict=True)
    try:
        names = _header(next(rows, []))
    except csv.Error as error:
        raise UserError("reading.csv-header") from error
    column = _text_column(names, _parse(sample, delimiter)[1:])
    number = 0
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            number += 1
            yield Skipped(
                f"{source.name}#{number}", "reading.csv-broken", {"line": line, "reason": str(error)}
            )
            continue
        if row is None:
            return
        if not row:
            continue
        number += 1
        yield _row(f"{source.name}#{number}", line, row, names, column, encoding)


def _row(
    name: str, line: int, row: list[str], names: list[str], column: int, encoding: str
) -> SourceDocument | Skipped:
    if len(row) != len(names):
        return Skipped(name, "reading.csv-columns", {"line": line, "expected": len(names), "found": len(row)})
    values = {
        key: value for number, (key, value) in enumerate(zip(names, row, strict=True)) if number != column
    }
    return row_document(name, line, row[column], values, encoding)


def _bounded(found: Iterator[str | None]) -> Iterator[str]:
    for line in found:
        if line is None:
            raise too_large(TEXT_LIMIT)
        yield line


def _sample(source: Source, encoding: str) -> list[str]:
    """Return the first lines, up to about a million code points."""
    taken: list[str] = []
    length = 0
    for line in islice(_bounded(lines(source, encoding)), _SAMPLE_LINES):
        if taken and length + len(line) > _SAMPLE_LENGTH:
            break
        taken.append(line)
        length += len(line)
    return taken


def _parse(sample: list[str], delimiter: str) -> list[list[str]]:
    """Return the sample's rows but for the last of many, which may be cut."""
    try:
        rows = [row for row in csv.reader(sample, delimiter=delimiter) if row]
    except csv.Error:
        return []
    return rows[:-1] if len(rows) > 2 else rows


def _delimiter(sample: list[str]) -> str:
    """Return the delimiter that names a text column, keeps rows even, and parts most."""

    def fitness(delimiter: str) -> tuple[bool, float, int]:
        rows = _parse(sample, delimiter)
        if not rows:
            return False, 0.0, 0
        width = len(rows[0])
        even = sum(len(row) == width for row in rows) / len(rows)
        return text_key(rows[0]) is not None, round(even, 1), width

    return max(_DELIMITERS, key=fitness)


def _header(row: list[str]) -> list[str]:
    """Return the column names, made unique; a nameless column is called by its number."""
    if not any(name.strip() for name in row):
        raise UserError("reading.csv-header")
    names: list[str] = []
    for number, raw in enumerate(row, 1):
        name = raw.strip() or f"column {number}"
        names.append(name if name not in names else f"{name} {number}")
    return names


def _text_column(names: list[str], rows: list[list[str]]) -> int:
    known = text_key(names)
    if known is not None:
        return names.index(known)
    even = [row for row in rows if len(row) == len(names)]
    return max(range(len(names)), key=lambda column: sum(len(row[column]) for row in even))
