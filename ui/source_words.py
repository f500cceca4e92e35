"""Where a suggestion comes from, and what its score means, in words."""

from __future__ import annotations

from app.messages import tr
from app.services.probabilities import BUILT_IN, probabilities
from app.workspace import Workspace
from models.marks import Mark

_MEMORY, _RULES, _SPANS = "memory/", "rules/", "spans/"
_SURE, _DOUBTFUL = 0.95, 0.05
"""Beyond these a share is told of a hundred cases, not of ten."""


def source_words(source: str) -> str:
    """Return what proposed something; ``source`` is a pipeline with its version, and a rule or component of it."""
    pipeline, _, part = source.partition(" · ")
    if part.startswith(_MEMORY):
        return tr(f"memory.source-{part.removeprefix(_MEMORY)}")
    if part == "names":
        return tr("source.names")
    if part == "learned":
        return tr("source.learned")
    if part.startswith(_RULES):
        return tr("source.rule", rule=rule_words(part))
    component = tr("source.component-ents") if part == "ents" else part
    if part.startswith(_SPANS):
        component = tr("source.component-spans", name=part.removeprefix(_SPANS))
    return " · ".join(filter(None, (pipeline, component)))


def rule_words(rule: str) -> str:
    """Return what a rule goes by, ``rules/SUBJECT:WHY``; its own name where the catalogue has none."""
    named = rule.removeprefix(_RULES)
    try:
        return tr(f"source.rule-{named.rpartition(':')[2]}")
    except KeyError:  # of a later version of the program, in a project that it wrote
        return named


def score_words(workspace: Workspace, mark: Mark) -> str:
    """Return how often what scores so is right, and from how many cases that is known; empty without a score."""
    if mark.score is None or mark.source is None:
        return ""
    pipeline, _, part = mark.source.partition(" · ")
    built_in = pipeline.partition(" ")[0] == BUILT_IN
    known = probabilities(workspace.reads).known(mark.label, part or pipeline, mark.score, built_in)
    if known.basis == "unknown":
        return tr("source.score-unknown")
    whole = 10 if _DOUBTFUL <= known.probability < _SURE else 100
    share = round(known.probability * whole)
    return tr(f"source.score-{known.basis}", share=share, whole=whole, count=known.cases)
