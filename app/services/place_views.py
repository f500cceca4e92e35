"""Where a mark lies, for jumping to it from another document."""

from __future__ import annotations

from app.workspace import Workspace
from models.store.inspector_reads import document_of as _document_of


def document_of(workspace: Workspace, mark: str) -> str | None:
    """Return the document of an annotation, or of a suggestion that was judged; None where there is none."""
    return _document_of(workspace.reads, mark)
