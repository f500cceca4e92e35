"""How probable it is that a suggestion is right: from the project's own decisions, else from what ships."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from app.pipeline.calibrated import calibration
from models.calibration import ANY, Calibration, kind_of
from models.recalibration import recalibrated
from models.store import threshold_reads
from models.store.reads import Reads

BUILT_IN = "sv_kurator_rules"
"""How the pipeline that ships is named in runs."""
TELLING = 5
"""From so many decisions at a score on, they are what is told of it."""
_NEAR = 0.02


class Known(NamedTuple):
    """A probability, and from how many decisions of the project or cases on held-out pages that is known."""

    probability: float
    basis: Literal["decided", "shipped", "unknown"]
    cases: int


class Probabilities:
    """What a project's decisions said when they were counted: ``decisions`` of them, ``judged`` by label."""

    def __init__(
        self, maps: Calibration, decisions: int, shipped: Calibration, judged: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        self._maps = maps
        self._shipped = shipped
        self.decisions = decisions
        self.judged = judged

    def probability(self, label: str, source: str, score: float) -> float:
        """Return how probable it is that a suggestion with this score is right."""
        return self._maps.answer(source, label, score).probability

    def known(self, label: str, source: str, score: float, built_in: bool = False) -> Known:
        """Return the same with where it is from; ``built_in``: the pipeline that ships said it."""
        answer = self._maps.answer(source, label, score)
        if answer.cases >= TELLING:
            return Known(answer.probability, "decided", answer.cases)
        cases = self._held_out(label, source, score) if built_in else 0
        return Known(answer.probability, "shipped" if cases else "unknown", cases)

    def _held_out(self, label: str, source: str, score: float) -> int:
        """Return how many cases on held-out pages stand behind a score of the built-in pipeline."""
        kind = kind_of(source)
        for key in ((source, label), (kind, label), (kind, ANY), (ANY, label)):
            near = [one for one in self._shipped.maps.get(key, ()) if abs(one.probability - score) <= _NEAR]
            if near:
                return round(min(near, key=lambda one: abs(one.probability - score)).cases)
        return 0


def probabilities(reads: Reads) -> Probabilities:
    """Return what the project's decisions say, counted anew when there are five more, or a twentieth more."""
    known: tuple[int, Probabilities] | None = reads.__dict__.get("_probabilities")
    changes = reads.connection.total_changes
    if known is not None and known[0] == changes:
        return known[1]
    made = threshold_reads.decisions_made(reads)
    if known is None or abs(made - known[1].decisions) >= max(5, known[1].decisions // 20):
        cases = threshold_reads.cases(reads)
        judged = Counter(case.label for case in cases)
        known = changes, Probabilities(recalibrated(cases), made, calibration(), judged)
    reads.__dict__["_probabilities"] = (changes, known[1])
    return known[1]
