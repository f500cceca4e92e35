"""The most uncertain suggestions first, across documents."""

from __future__ import annotations

from typing import NamedTuple

from app.services.probabilities import Probabilities, probabilities
from app.workspace import Workspace
from models.calibration import entropy
from models.store import worth_reads
from models.worth import DOUBTFUL

DEEP = 200
"""Doubts are looked for in the document shown and in so many others, those with the most to learn from."""


class Doubt(NamedTuple):
    """A suggestion, how probable it is right, and how many doubtful ones are left behind it."""

    document: str
    key: str
    probability: float
    left: int


class Doubts:
    """A way through the doubtful suggestions, those nearest to one half first; each comes once a round."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: Probabilities | None = None
        self._queue: list[tuple[float, str, str]] = []
        self._met: set[str] = set()

    def next(self, document: str | None = None) -> Doubt | None:
        """Return the next one, None where nothing is doubtful; ``document`` is the one shown."""
        known = probabilities(self._workspace.reads)
        if known is not self._known:
            self._known = known
            self._fill(known, document)
        found = self._first()
        if found is None:  # what came since, then another round
            self._fill(known, document)
            found = self._first()
        if found is None and self._met:
            self._met.clear()
            self._fill(known, document)
            found = self._first()
        return found

    def _first(self) -> Doubt | None:
        """Take the first that still waits off the queue."""
        gone = worth_reads.decided(self._workspace.reads, [key for _, _, key in self._queue])
        self._queue = [one for one in self._queue if one[2] not in gone]
        while self._queue:
            probability, place, key = self._queue.pop(0)
            self._met.add(key)
            shown = self._workspace.marks.some(place, [key])
            if any(one.key == key and one.state == "suggested" for one in shown):
                return Doubt(place, key, probability, len(self._queue))
        return None

    def _fill(self, known: Probabilities, document: str | None) -> None:
        reads = self._workspace.reads
        documents = worth_reads.most_valuable(reads, DEEP, document)
        if document is not None:
            documents.insert(0, document)
        found = []
        for one in worth_reads.waiting(reads, documents):
            probability = known.probability(one.label, one.source, one.score)
            if one.key not in self._met and entropy(probability) >= DOUBTFUL:
                found.append((probability, one.document, one.key))
        found.sort(key=lambda one: round(abs(one[0] - 0.5), 2))
        self._queue = found
