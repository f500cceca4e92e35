"""Suggestions: what a pipeline proposes, with score and provenance, and the decisions on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from models.spans import Spans

Kind = Literal["entity", "claim", "relation"]
Verdict = Literal["accepted", "corrected", "rejected"]
Scope = Literal["here", "document", "corpus"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing a pipeline proposes in one text.

    Entities and claims have ``spans``; relations have ``head`` and ``tail``, indices into the same list of
    proposals. ``score`` lies in [0, 1]. ``source`` names what proposed it: a rule, a component.
    """

    kind: Kind
    label: str
    spans: Spans = ()
    head: int | None = None
    tail: int | None = None
    facets: Mapping[str, object] = field(default_factory=dict)
    score: float = 1.0
    source: str = ""


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that a pipeline says of one text; ``furniture`` are spans of the text that is not the article."""

    proposals: tuple[Proposal, ...]
    furniture: Spans = ()


@dataclass(frozen=True, slots=True)
class PipelineInfo:
    """Which pipeline speaks: name, version, and a hash over its files and settings."""

    name: str
    version: str
    hash: str
    labels: tuple[str, ...] = ()


class Run(NamedTuple):
    """One pipeline version that has made suggestions; ``started`` is UTC ISO 8601 with milliseconds."""

    id: str
    pipeline: str
    version: str
    hash: str
    started: str
