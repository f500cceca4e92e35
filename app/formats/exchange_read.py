"""An exchange file, read and checked. Nothing is changed by reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.formats.exchange_check import Check, Problem, Stop
from app.formats.exchange_lines import OtherLayout, Piece, Unreadable, pieces


@dataclass(frozen=True, slots=True)
class ExchangeFile:
    """What reading found: the header, counts by list, what is wrong, and what can be mended while importing.

    A file with ``problems`` is not imported. ``notices`` are annotations that were placed anew by their quote
    or are orphans now.
    """

    path: Path
    header: dict[str, Any]
    counts: dict[str, int]
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    by_lines: bool

    def pieces(self) -> Iterator[Piece]:
        """Yield the file's pieces once more, in constant memory where it is laid out by lines."""
        return pieces(self.path, self.by_lines)


def read_exchange(path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> ExchangeFile:
    """Read and check a whole exchange file; every problem is in the answer, none is raised.

    A cancelled reading ends with the problem ``exchange.cancelled``.
    """
    try:
        return _read(path, True, cancelled)
    except OtherLayout:
        return _read(path, False, cancelled)


def _read(path: Path, by_lines: bool, cancelled: Callable[[], bool]) -> ExchangeFile:
    check = Check()
    try:
        for number, piece in enumerate(pieces(path, by_lines)):
            check.take(piece)
            if number % 1000 == 0 and cancelled():
                check.problems.append(Problem("exchange.cancelled", {}, "", None))
                raise Stop
        check.finish()
    except Stop:
        pass
    except Unreadable as error:
        details = dict(error.details)
        line = details.get("line")
        known = line if isinstance(line, int) else None
        check.problems = [Problem(error.code, details, "", known)]
    return ExchangeFile(
        path, check.header, check.counts, tuple(check.problems), tuple(check.notices), by_lines
    )
