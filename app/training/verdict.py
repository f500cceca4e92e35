"""Whether a pipeline that has learned is better than the one in use, label by label, on held-out documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from app.training.scoring import Count

Outcome = Literal["better", "same", "worse", "few"]
"""better: it may be offered. same: no label gained. worse: a label lost too much, or all of them together did. few:
there was too little to measure on."""

LEAST_CASES = 5
"""A label with fewer cases in the held-out documents is not judged by itself: one mistake is 20 points of it."""
ENOUGH_CASES = 30
"""With fewer entities held out nothing is taken without asking: by chance alone F1 moves by more than five points."""
FALL = 0.02
"""How far F1 of a label may fall, and of all labels not at all. One single case more or less is no fall."""


class LabelScore(NamedTuple):
    """One label before and after: how often it is there, and what was found right."""

    label: str
    before: Count
    after: Count

    @property
    def change(self) -> float:
        """By how much F1 rose."""
        return (self.after.f1 or 0.0) - (self.before.f1 or 0.0)

    @property
    def measured(self) -> bool:
        """Whether there are cases enough to say something."""
        return max(self.before.there, self.after.there) >= LEAST_CASES

    @property
    def fell(self) -> bool:
        """Whether it is worse by more than chance of a single case."""
        return self.change < -FALL and _mistakes(self.after) - _mistakes(self.before) > 1

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {"label": self.label, "before": self.before.to_json(), "after": self.after.to_json()}


class Verdict(NamedTuple):
    """What came of comparing: the outcome, whether there were cases enough to take it unasked, and each label."""

    outcome: Outcome
    sure: bool
    whole: LabelScore
    labels: tuple[LabelScore, ...]

    @property
    def cases(self) -> int:
        """How many entities were held out."""
        return self.whole.before.there

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON data, as ``scores.json`` keeps it."""
        return {
            "outcome": self.outcome,
            "sure": self.sure,
            "cases": self.cases,
            "all": self.whole.to_json(),
            "labels": [one.to_json() for one in self.labels],
        }


def verdict(before: Mapping[str, Count], after: Mapping[str, Count]) -> Verdict:
    """Compare two pipelines' counts per label on the same documents."""
    names = sorted({*before, *after})
    labels = tuple(LabelScore(name, before.get(name, Count()), after.get(name, Count())) for name in names)
    whole = LabelScore("", _sum(one.before for one in labels), _sum(one.after for one in labels))
    measured = [one for one in labels if one.measured]
    if whole.before.there < LEAST_CASES:
        outcome: Outcome = "few"
    elif whole.change < 0 or any(one.fell for one in measured):
        outcome = "worse"
    else:
        outcome = "better" if whole.change > 0 else "same"
    return Verdict(outcome, outcome == "better" and whole.before.there >= ENOUGH_CASES, whole, labels)


def _mistakes(count: Count) -> int:
    return count.proposed + count.there - 2 * count.right


def _sum(counts: Any) -> Count:
    whole = Count()
    for one in counts:
        whole = whole.plus(one)
    return whole
