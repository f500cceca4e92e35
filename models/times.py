"""Points in time as the project file and the exchange file write them."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """Return the present moment in UTC, ISO 8601 with milliseconds: ``2026-03-01T09:30:00.000Z``."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
