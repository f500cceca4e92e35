"""Thresholds: from which score on the suggestions of a label are shown."""

from __future__ import annotations

from collections.abc import Mapping

from app.workspace import Workspace
from models.store import threshold_reads, threshold_writes


def thresholds(workspace: Workspace) -> dict[str, float]:
    """Return label → the least score with which its suggestions are shown; labels without one are left out."""
    return threshold_reads.thresholds(workspace.reads)


def set_thresholds(workspace: Workspace, wanted: Mapping[str, float], document: str | None = None) -> None:
    """Show suggestions of labels from a score on (0: all) and count anew what is shown in ``document``.

    What waits in other documents is counted by and by (:mod:`app.services.worth`).

    Raises:
        UserError, EnvironmentFault: see :meth:`ProjectFile.begin`.
    """
    with workspace.writer.unrecorded() as work:
        threshold_writes.set_thresholds(work, wanted)
        threshold_writes.recount(work, [document] if document is not None else [])


def peeking(workspace: Workspace) -> bool:
    """Whether what thresholds hide is shown for now."""
    return threshold_reads.peeking(workspace.reads)


def peek(workspace: Workspace, on: bool) -> None:
    """Show what thresholds hide for now, in this window only, or hide it again."""
    threshold_reads.peek(workspace.reads, on)
