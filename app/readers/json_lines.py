"""JSON lines: one object a line, one document an object, read line by line in constant memory."""

from __future__ import annotations

import json
from collections.abc import Iterator

from app.readers.encoding import lines, text_encoding
from app.readers.fields import text_key
from app.readers.rows import row_document
from app.readers.source import MEGABYTE, TEXT_LIMIT, Source
from models.documents import Skipped, SourceDocument


def read_json_lines(source: Source) -> Iterator[SourceDocument | Skipped]:
    """Read a ``.jsonl`` file; its documents are named ``file.jsonl#1`` by line. Blank lines are passed over.

    Raises:
        UserError: what reading text may raise.
    """
    encoding = text_encoding(source)
    for number, line in enumerate(lines(source, encoding), 1):
        name = f"{source.name}#{number}"
        if line is None:
            yield Skipped(name, "reading.too-large", {"limit": TEXT_LIMIT // MEGABYTE, "line": number})
        elif not line.isspace():
            yield _record(name, number, line, encoding)


def _record(name: str, number: int, line: str, encoding: str) -> SourceDocument | Skipped:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested or long beyond measure"
        return Skipped(name, "reading.json-broken", {"line": number, "reason": reason})
    if not isinstance(record, dict):
        return Skipped(name, "reading.json-not-object", {"line": number})
    key = text_key(list(record))
    if key is None or record[key] is None:
        return Skipped(name, "reading.json-no-text", {"line": number})
    text = record.pop(key)
    if not isinstance(text, str):
        return Skipped(name, "reading.json-text-not-string", {"line": number})
    return row_document(name, number, text, record, encoding)
