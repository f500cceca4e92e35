"""The command line: the same services as the window, without Qt."""

from __future__ import annotations

from app.cli.program import main, run

__all__ = ["main", "run"]
