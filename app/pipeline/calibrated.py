"""The built-in pipeline's scores as probabilities: the maps that ship, and how they are applied."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from functools import cache

from app.paths import resource
from models.calibration import Calibration
from models.suggestions import Analysis

_FILE = "calibration.json"
_PLACES = 2


@cache
def calibration() -> Calibration:
    """Return the maps that ship, none where there are none."""
    path = resource("pipelines", "sv_kurator_rules", _FILE)
    if not path.exists():
        return Calibration({})
    return Calibration.from_json(json.loads(path.read_text("utf-8")))


def write(found: Calibration) -> None:
    """Write the maps, one a line, in place of those that ship."""
    rows = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in found.to_json())
    resource("pipelines", "sv_kurator_rules", _FILE).write_text(f"[\n{rows}\n]\n", "utf-8")


def fingerprint() -> str:
    """Return what the maps say, as text: part of the pipeline's hash."""
    return json.dumps(calibration().to_json())


def with_probabilities(analysis: Analysis, learned: Collection[str] = ()) -> Analysis:
    """Return an analysis whose scores say how often such a proposal is right.

    ``learned``: labels of entities whose scores are probabilities already.
    """
    known = calibration()
    if not known.maps:
        return analysis
    proposals = tuple(
        one
        if one.kind == "entity" and one.label in learned
        else replace(one, score=round(known.answer(one.source, one.label, one.score).probability, _PLACES))
        for one in analysis.proposals
    )
    return replace(analysis, proposals=proposals)
