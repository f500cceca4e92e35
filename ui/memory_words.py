"""What the memory knows of a mark, in words."""

from __future__ import annotations

from app.messages import tr
from app.services.memory_views import evidence
from app.workspace import Workspace
from models.marks import Mark
from ui.panes.inspector_parts import local_time


def evidence_words(workspace: Workspace, mark: Mark, quote: str) -> str:
    """Return how often the mark's words were confirmed with its label, and refused; empty where that is nothing."""
    found = evidence(workspace.memory, mark, quote) if mark.state == "suggested" and mark.spans else None
    if found is None or not found.yes or found.last is None:
        return ""
    words = tr("memory.evidence", count=found.yes, last=local_time(found.last))
    return f"{words}, {tr('memory.evidence-against', count=found.no)}" if found.no else words
