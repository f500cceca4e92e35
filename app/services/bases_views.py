"""The states that a project shared, for choosing one as what both sides of a merge started from."""

from __future__ import annotations

from app.workspace import Workspace
from models.store import base_writes
from models.store.base_writes import Base


def kept_bases(workspace: Workspace) -> list[Base]:
    """Return the kept bases, latest first."""
    return base_writes.bases(workspace.reads)
