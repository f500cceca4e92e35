"""Merging exchange files: three in, one out, and a report."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from app.formats.atomic import replacing
from app.merge.checking import Known
from app.merge.report import MergeReport
from app.merge.sides import Cancelled, SideFile
from app.merge.work import Merge, Sides

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
        base: what both started from; None where that is not known (or not there any more).
        ours: one side; the report tells what changed relative to it.
        theirs: the other side. Which is which changes nothing in the file.
        out: may be one of the sides; replaced in one move when all is written.
        partial: whether a file may hold a part of the corpus: a document that it lacks was deleted only if it says so.
        progress: told (documents done, documents in all).
        cancelled: asked now and then.

    Raises:
        FileRefused: a file has problems; ``out`` is as it was.
        UserError: ``merge.label-kinds``.
        EnvironmentFault: ``exchange.disk-full``, ``exchange.cannot-write``.
    """
    with ExitStack() as stack:
        try:
            known: Known = {}
            opened = [
                None if one is None else stack.enter_context(SideFile(one, known, cancelled=cancelled))
                for one in (base, ours, theirs)
            ]
            assert opened[1] is not None and opened[2] is not None
            merge = stack.enter_context(
                Merge(Sides(opened[0], opened[1], opened[2]), out, progress, cancelled, partial)
            )
            merge.carry_out()
            with replacing(out) as file:
                merge.write(file)
                stack.close()  # a file that is still open cannot be replaced everywhere
        except Cancelled:
            return MergeReport(out, cancelled=True)
    return merge.report
