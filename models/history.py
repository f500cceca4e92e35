"""What was done: change sets, what they touched, and where the eye should go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Focus(NamedTuple):
    """Where undo, redo and an action take the eye: a document and, if any, a mark's key in it."""

    document: str | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change reached, computed from the rows that changed.

    ``marks`` maps document id → keys of marks to read again; ``documents`` are those whose row, status, notes
    or counts changed; ``subjects`` are table names; ``everything`` asks views to read all again (bulk work).
    """

    marks: dict[str, frozenset[str]] = field(default_factory=dict)
    documents: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a command: its change set (None when nothing changed), what it touched, where to look."""

    change_set: int | None
    touched: Touched
    focus: Focus
    command: str
    count: int = 0


class HistoryEntry(NamedTuple):
    """One line of the audit trail. ``state``: done, undone, superseded or closed; ``at`` is UTC."""

    change_set: int
    command: str
    data: dict[str, Any]
    document: str | None
    focus: Focus
    annotator: str | None
    at: str
    state: str
    changes: int
