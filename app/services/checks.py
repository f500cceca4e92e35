"""Is the file sound? Everything that a project promises, looked through from end to end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from app.services.projects import open_for_reading
from app.workspace import Workspace
from models.store import checks
from models.store.checks import Finding

__all__ = ["Finding", "check_project", "check_workspace"]


def check_project(
    path: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Finding]:
    """Open a project to read, also beside a window, and return all that is wrong with it.

    Raises:
        UserError, EnvironmentFault: it cannot be opened at all.
    """
    with open_for_reading(path) as workspace:
        return check_workspace(workspace, progress, cancelled)


def check_workspace(
    workspace: Workspace,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Finding]:
    """Return all that is wrong with an open project; changes nothing."""
    reads = workspace.reads

    def parts() -> Iterator[Iterator[Finding]]:
        yield checks.sqlite_findings(reads)
        yield checks.rule_findings(reads)
        yield checks.label_findings(reads)
        if not workspace.read_only:
            yield checks.search_findings(reads)
        yield checks.document_findings(reads, progress, cancelled)

    return [finding for part in parts() for finding in checks.explained(part)]
