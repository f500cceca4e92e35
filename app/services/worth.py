"""What documents are worth to decide: worked out in short turns, so that it delays no key press."""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter

from app.services.probabilities import Probabilities, probabilities
from app.workspace import Workspace
from models.store import threshold_writes, worth_reads
from models.worth import weight, worth

BATCH = 5
"""Documents whose values are written in one transaction."""
MORE, SOME = 1.5, 20
"""All documents are valued anew when there are half as many decisions again, and so many more."""


class Valuing:
    """The values of a project's documents: of those named by :meth:`touch`, of new ones, of all where much changed."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._touched: set[str] = set()
        self._behind: str | None = None
        """How far a pass through all documents has come; None: there is none."""
        self._decisions = probabilities(workspace.reads).decisions

    @property
    def counting(self) -> bool:
        """Whether all documents are being looked at."""
        return self._behind is not None

    def touch(self, documents: Iterable[str]) -> None:
        """Value these documents anew."""
        self._touched.update(documents)

    def again(self) -> None:
        """Value all documents anew, and count what is shown in them."""
        self._behind = ""

    def work(self, seconds: float) -> bool:
        """Go on for about so long; return whether anything is left.

        Raises:
            UserError, EnvironmentFault: the project cannot be written; what is left waits.
        """
        until = perf_counter() + seconds
        known = probabilities(self._workspace.reads)
        if known.decisions > MORE * self._decisions + SOME:
            self._decisions = known.decisions
            self.again()
        while True:
            documents, recounted = self._next()
            if not documents:
                return False
            self._value(documents, known, recounted)
            if perf_counter() > until:
                return True

    def _next(self) -> tuple[list[str], bool]:
        """Return the documents to value next, and whether what is shown in them is to be counted."""
        reads = self._workspace.reads
        if self._touched:
            return [self._touched.pop() for _ in range(min(BATCH, len(self._touched)))], False
        if self._behind is not None:
            found = worth_reads.analysed_after(reads, self._behind, BATCH)
            self._behind = found[-1] if found else None
            if found:
                return found, True
        return worth_reads.unvalued(reads, BATCH), False

    def _value(self, documents: list[str], known: Probabilities, recounted: bool) -> None:
        reads = self._workspace.reads
        doubts: dict[str, list[tuple[float, float, int]]] = {one: [] for one in documents}
        for one in worth_reads.alike(reads, documents):
            probability = known.probability(one.label, one.source, one.score)
            doubts[one.document].append((probability, weight(known.judged.get(one.label, 0)), one.number))
        lengths = worth_reads.lengths(reads, documents)
        with self._workspace.writer.repeatable() as work:
            if recounted:
                threshold_writes.recount(work, documents)
            worth_reads.put_values(work, [(one, worth(doubts[one], lengths.get(one, 0))) for one in documents])


def most_valuable(workspace: Workspace, beside: str | None = None) -> str | None:
    """Return the document with the most to learn from that the annotator is not done with, other than ``beside``."""
    found = worth_reads.most_valuable(workspace.reads, 1, beside)
    return found[0] if found else None
