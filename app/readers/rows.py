"""What tables and line files share: a row of values becomes a document, or a Skipped with its line."""

from __future__ import annotations

from collections.abc import Mapping

from app.readers.fields import sort_fields
from app.readers.source import document
from models.documents import Skipped, SourceDocument
from models.errors import UserError


def row_document(
    name: str, line: int, text: str, values: Mapping[str, object], encoding: str
) -> SourceDocument | Skipped:
    """Return the document of the row that begins at ``line`` (from 1); ``values`` are its other columns."""
    fields = sort_fields(values)
    try:
        return document(
            name,
            text,
            title=fields.title,
            source=fields.source,
            publisher=fields.publisher,
            date=fields.date,
            language=fields.language,
            metadata={"encoding": encoding, **fields.rest},
        )
    except UserError as error:
        return Skipped(name, error.code, {**error.details, "line": line})
