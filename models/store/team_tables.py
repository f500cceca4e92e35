"""The tables of a project file about what is shared with others, and about what the work took. None is recorded."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text

from models.store.columns import count as _count
from models.store.columns import metadata
from models.store.columns import text as _text

effort = Table(
    "effort",
    metadata,
    _text("document_id", null=False),
    _text("annotator_id", null=False),
    _text("label", null=False),
    _text("action", null=False),
    _count("count"),
    _count("keys"),
    _count("ms"),
    PrimaryKeyConstraint("document_id", "annotator_id", "label", "action"),
    sqlite_with_rowid=False,
)
"""How often an annotator did what, with key presses and milliseconds spent. Grows only: undo is effort too."""

bases = Table(
    "bases",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("kind", null=False),
    _text("path", null=False),
    _text("at", null=False),
    sqlite_autoincrement=True,
)
"""States that the project shared with others: exported, or taken in. ``kind``: exported, imported."""

base_parts = Table(
    "base_parts",
    metadata,
    Column("base_seq", Integer, ForeignKey("bases.seq"), nullable=False),
    _text("document_id", null=False),
    _text("hash", null=False),
    PrimaryKeyConstraint("base_seq", "document_id"),
    sqlite_with_rowid=False,
)
"""What a base holds, per document; ``document_id`` is empty for the head of the file."""
Index("base_parts_by_hash", base_parts.c.hash)

base_contents = Table(
    "base_contents",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""Compressed records by the hash of their bytes: what did not change is kept once."""
