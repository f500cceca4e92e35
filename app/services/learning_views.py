"""What a window shows of learning: how it stands, what is on offer, what is in use, and what came of it before."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from app.services import learning
from app.services.analysis import BEFORE, chosen_pipeline
from app.workspace import Workspace
from models.errors import UserError


@dataclass(frozen=True, slots=True)
class LabelView:
    """A label on the held-out documents: how often it is there, and F1 before and after (None: nothing to measure)."""

    label: str
    there: int
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class LearnedView:
    """A learned pipeline. ``outcome`` and ``sure`` as in ``app.training.verdict``; ``whole`` is all labels together."""

    number: int
    at: str
    base: str
    outcome: str
    sure: bool
    cases: int
    sentences: int
    whole: LabelView
    labels: tuple[LabelView, ...]


@dataclass(frozen=True, slots=True)
class LearningView:
    """How learning stands in a project.

    ``missing``: judgements until it learns again by itself. ``in_use``: the learned pipeline that suggests, None where
    another one does (``pipeline`` names it). ``history``: the learned pipelines that are kept, the latest first.
    """

    mode: learning.Mode
    judged: int
    missing: int
    outcome: str
    pipeline: str
    in_use: int | None
    offer: LearnedView | None
    last: LearnedView | None
    history: tuple[LearnedView, ...]
    before: str | None
    """What going back would use; None where there is nothing before."""


def learning_view(workspace: Workspace) -> LearningView:
    """Return how learning stands."""
    now, wanted = learning.state(workspace), learning.due(workspace)
    known: dict[int, LearnedView] = {}
    for number in reversed(learning.numbers(workspace)):
        with suppress(UserError, KeyError, TypeError):  # of another version, or damaged: not shown
            known[number] = _learned(number, learning.scores(workspace, number))
    return LearningView(
        learning.mode(workspace),
        wanted.judged,
        wanted.missing,
        now.outcome,
        chosen_pipeline(workspace),
        learning.number_in_use(workspace),
        known.get(now.offer or 0),
        known.get(now.last or 0),
        tuple(known.values()),
        workspace.option(BEFORE),
    )


def _learned(number: int, told: dict[str, Any]) -> LearnedView:
    found = told["verdict"]
    return LearnedView(
        number,
        told["at"],
        told["base"],
        found["outcome"],
        found["sure"],
        found["cases"],
        told["sentences"],
        _label(found["all"]),
        tuple(_label(one) for one in found["labels"]),
    )


def _label(told: dict[str, Any]) -> LabelView:
    return LabelView(told["label"], told["before"]["there"], told["before"]["f1"], told["after"]["f1"])
