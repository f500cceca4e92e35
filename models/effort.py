"""What annotating takes: key presses and time, shared among what an action did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

Action = Literal["accepted", "corrected", "rejected", "manual", "other", "done", "revised"]
"""What effort went into. ``done``: finishing a document. ``revised``: anything done in a control after its
suggestions were shown: it was made neither with them nor without."""

Tally = tuple[str, str, str]
"""Document, label (empty where the action has none) and action."""


class Effort(NamedTuple):
    """Key presses and clicks, and active milliseconds, since the action before."""

    keys: int = 0
    ms: int = 0


def shared(effort: Effort, tallies: Mapping[Tally, int]) -> Iterator[tuple[Tally, int, Effort]]:
    """Yield each tally with its count and its part of the effort; the parts add up to the whole exactly."""
    total = sum(tallies.values())
    before = 0
    for tally, count in tallies.items():
        upto = before + count
        part = Effort(*(whole * upto // total - whole * before // total for whole in effort))
        before = upto
        yield tally, count, part
