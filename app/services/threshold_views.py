"""What thresholds buy, label by label, for the window: read in a thread of its own."""

from __future__ import annotations

from threading import Thread
from typing import NamedTuple

from app.pipeline.calibrated import calibration
from app.services.probabilities import BUILT_IN
from app.services.usage import in_order
from app.workspace import Workspace
from models.calibration import ANY
from models.errors import KuratorError
from models.store import threshold_reads
from models.store.reads import Reads
from models.store.reads_apart import ReadsApart
from models.thresholds import Judged, Record, better_known, together


class Row(NamedTuple):
    """A label (empty: all together) with its open suggestions by score, and what is known of its scores."""

    label: str
    waiting: dict[float, int]
    record: Record

    def shown(self, least: float) -> tuple[int, int]:
        """Return how many open suggestions a threshold shows, and how many there are."""
        return sum(count for score, count in self.waiting.items() if score >= least), sum(self.waiting.values())


def survey(reads: Reads) -> list[Row]:
    """Return a row for all labels, then one for each that is or was suggested, in the label set's order."""
    waiting = threshold_reads.open_scores(reads)
    own = _own(reads)
    shipped = _shipped() if any(run.pipeline == BUILT_IN for run in reads.runs().values()) else {}
    none = Record("none", ())
    labels = in_order({*waiting, *own}, reads.label_set())
    known = {one: better_known(own.get(one, none), shipped.get(one, none)) for one in labels}
    whole: dict[float, int] = {}
    for counts in waiting.values():
        for score, count in counts.items():
            whole[score] = whole.get(score, 0) + count
    every = better_known(together(own.values()), together(shipped.values()))
    return [Row("", whole, every), *(Row(one, waiting.get(one, {}), known[one]) for one in labels)]


def _own(reads: Reads) -> dict[str, Record]:
    """Return what the project's own decisions say."""
    counted: dict[str, dict[float, tuple[int, int]]] = {}
    for case in threshold_reads.cases(reads):
        scores = counted.setdefault(case.label, {})
        right, whole = scores.get(case.score, (0, 0))
        scores[case.score] = right + case.right, whole + 1
    missed = threshold_reads.corrected(reads)
    return {
        label: Record("project", tuple(Judged(score, *counts) for score, counts in scores.items()), missed[label])
        for label, scores in counted.items()
    }


def _shipped() -> dict[str, Record]:
    """Return what the built-in pipeline's held-out pages say; its scores are these probabilities."""
    found: dict[str, list[Judged]] = {}
    for (source, label), knots in calibration().maps.items():
        if source != ANY and "/" not in source and label != ANY:
            judged = (Judged(round(k.probability, 2), k.probability * k.cases, k.cases) for k in knots)
            found.setdefault(label, []).extend(judged)
    return {label: Record("shipped", tuple(judged)) for label, judged in found.items()}


class Surveying:
    """A survey being made.

    Raises:
        EnvironmentFault: the file cannot be read.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._apart = ReadsApart(workspace.path)
        self._rows: list[Row] | None = None
        self._error: KuratorError | None = None
        self._thread = Thread(target=self._run, name="kurator-thresholds", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._rows = self._apart.ask(survey)
        except KuratorError as error:
            self._error = error

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the rows, at most so long; return whether they are there."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def take(self) -> list[Row]:
        """Return the rows, waiting for them, and let go of the file.

        Raises:
            EnvironmentFault: the file cannot be read.
        """
        self._thread.join()
        self._apart.close()
        if self._error is not None:
            raise self._error
        return self._rows or []

    def cancel(self) -> None:
        """Stop, and let go of the file."""
        self._apart.cancel()
        self._thread.join()
        self._apart.close()
