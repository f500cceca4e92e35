"""The formats a project can be written as and read from. A new one is a module and a line in ``FORMATS``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.formats import exchange
from app.formats.exchange_export import ExportReport, export_exchange
from app.formats.exchange_import import ExchangeImport, import_exchange
from models.errors import UserError


@dataclass(frozen=True, slots=True)
class Format:
    """One file format.

    ``title`` and ``description`` are catalogue keys. ``exporter`` takes what :func:`export_exchange` takes,
    ``importer`` what :func:`import_exchange` takes, None where the format is not read; ``recognises`` tells
    from a file's beginning whether it is of this format.
    """

    id: str
    title: str
    description: str
    suffix: str
    exporter: Callable[..., ExportReport]
    importer: Callable[..., ExchangeImport] | None = None
    recognises: Callable[[Path], bool] = lambda path: False


FORMATS: tuple[Format, ...] = (
    Format(
        id=exchange.ID,
        title="exchange.title",
        description="exchange.description",
        suffix=".json",
        exporter=export_exchange,
        importer=import_exchange,
        recognises=exchange.is_exchange,
    ),
)


def format_named(identity: str) -> Format:
    """Return the format with this id.

    Raises:
        UserError: ``exchange.no-such-format``.
    """
    for one in FORMATS:
        if one.id == identity:
            return one
    raise UserError("exchange.no-such-format", format=identity, known=", ".join(one.id for one in FORMATS))


def format_of(path: Path) -> Format | None:
    """Return the format that can read this file, told from its content; None where none can."""
    return next((one for one in FORMATS if one.importer and one.recognises(path)), None)
