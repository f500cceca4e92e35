"""Merging exchange files: three in, one out, and a report."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from errno import ENOSPC
from pathlib import Path
from tempfile import gettempdir

from app.formats.atomic import replacing
from app.merge.checking import Known
from app.merge.report import MergeReport
from app.merge.sides import Cancelled, SideFile
from app.merge.work import Merge, Sides
from models.errors import EnvironmentFault

Progress = Callable[[int, int], None]


def merge_files(
    base: Path | None,
    ours: Path,
    theirs: Path,
    out: Path,
    *,
    partial: bool = False,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> MergeReport:
    """Merge two exchange files that grew from a common one, and write the result.

    Args:
        base: what both started from; None where that is not known.
        ours: one side; the report tells what changed relative to it.
        theirs: the other side. Which is which changes nothing in the file.
        out: may be one of the sides.
        partial: whether a file may hold a part of the corpus: a document that it lacks was deleted only if it says so.
        progress: told documents done and in all.

    Raises:
        FileRefused, UserError: a file has problems; ``merge.label-kinds``. ``out`` is as it was.
        EnvironmentFault: ``exchange.disk-full``, ``exchange.cannot-write``.
    """
    with ExitStack() as stack:
        try:
            sides = _opened(stack, base, ours, theirs, cancelled)
            merge = stack.enter_context(Merge(sides, out, progress, cancelled, partial))
            merge.carry_out()
            with replacing(out) as file:
                merge.report.open = merge.outcome.write(file)
                stack.close()  # a file that is still open cannot be replaced everywhere
        except Cancelled:
            return MergeReport(out, cancelled=True)
        except OSError as error:
            raise _spool_fault(error) from error
    return merge.report


def _opened(stack: ExitStack, base: Path | None, ours: Path, theirs: Path, cancelled: Callable[[], bool]) -> Sides:
    known = Known()

    def opened(path: Path) -> SideFile:
        return stack.enter_context(SideFile(path, known, cancelled=cancelled))

    return Sides(None if base is None else opened(base), opened(ours), opened(theirs))


def _spool_fault(error: OSError) -> EnvironmentFault:
    """Return what is wrong where merged documents wait; the merged file itself tells in its own words."""
    code = "exchange.disk-full" if error.errno == ENOSPC else "exchange.cannot-write"
    return EnvironmentFault(code, path=gettempdir(), reason=error.strerror or str(error))
