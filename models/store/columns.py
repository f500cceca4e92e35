"""What the tables of a project file are made of."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, Text

metadata = MetaData()
"""Every table of a project file; :mod:`models.store.tables` and :mod:`models.store.team_tables` fill it."""


def text(name: str, *, null: bool = True, unique: bool = False) -> Column[str]:
    """Return a column of text."""
    return Column(name, Text, nullable=null, unique=unique or None)


def count(name: str, default: int = 0) -> Column[int]:
    """Return a column of whole numbers that is never empty."""
    return Column(name, Integer, nullable=False, server_default=str(default))
