"""What kind of statement a sentence makes, by its cues; whether it is negated, and how certain it is put."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from app.pipeline.rules.cues import Named, cues_of
from app.pipeline.rules.gazetteers import entries

KINDS = ("fact", "figure", "cause", "goal", "forecast", "assessment")
"""The kinds in the order of the weights in ``gazetteers/claim_kinds.txt``."""
_NEGATED = re.compile(r"\b(?:inte|aldrig|ingen|inget|inga|ej|varken|knappast|utan att)\b", re.IGNORECASE)
_POSSIBLE = re.compile(
    r"\b(?:kanske|möjligen|möjligtvis|eventuellt|kan komma att|skulle kunna|kan bli|oklart om)\b", re.IGNORECASE
)
_PROBABLE = re.compile(
    r"\b(?:troligen|troligtvis|sannolikt|antagligen|förmodligen|lär|väntas|beräknas|räknar med|tros|verkar|tycks)\b",
    re.IGNORECASE,
)
_CERTAIN = re.compile(
    r"\b(?:utan tvekan|utan tvivel|definitivt|självklart|givetvis|helt klart|garanterat|bevisligen|tveklöst|"
    r"det står klart)\b",
    re.IGNORECASE,
)


@cache
def _weights() -> dict[str, tuple[float, ...]]:
    rows = (line.split() for line in entries("claim_kinds"))
    return {name: tuple(float(weight) for weight in weights) for name, *weights in rows}


def kind_of(text: str, mode: str, named: Sequence[Named]) -> str:
    """Return the kind of the statement ``text``: the one its cues weigh most for; ``named`` lies in the text."""
    sums = [0.0] * len(KINDS)
    for cue in cues_of(text, mode, named):
        for i, weight in enumerate(_weights().get(cue, ())):
            sums[i] += weight
    return KINDS[max(range(len(KINDS)), key=sums.__getitem__)]


def is_negated(text: str) -> bool:
    """Whether the statement holds a negation."""
    return _NEGATED.search(text) is not None


def certainty_of(text: str) -> str | None:
    """Return ``possible``, ``probable`` or ``certain`` where words say how sure the statement is, else nothing."""
    told = (("possible", _POSSIBLE), ("probable", _PROBABLE), ("certain", _CERTAIN))
    return next((certainty for certainty, words in told if words.search(text)), None)
