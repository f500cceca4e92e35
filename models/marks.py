"""Marks: everything that is shown in a document, annotations and suggestions in one reading order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from models.spans import Span, Spans
from models.suggestions import Kind

State = Literal["suggested", "accepted", "corrected", "rejected", "manual"]
STATES: tuple[State, ...] = ("suggested", "accepted", "corrected", "rejected", "manual")

NO_FACETS: Mapping[str, object] = {}


class Mark(NamedTuple):
    """One entity, claim or relation as a document shows it.

    ``key`` identifies the mark on screen and outlives a decision: the suggestion's id for what a pipeline
    proposed and the present annotator judged or has yet to judge, else the annotation's id.
    ``annotation`` is None while no human stands behind it. ``head`` and ``tail`` of a relation are ids of
    annotations or suggestions, in this document or another; ``spans`` of a relation and of an orphan are
    empty. ``score`` in [0, 1] and ``source`` (pipeline and rule) tell where a suggestion came from.
    ``annotator`` is None for what nobody judged.
    """

    key: str
    kind: Kind
    label: str
    spans: Spans
    state: State
    annotation: str | None = None
    suggestion: str | None = None
    head: str | None = None
    tail: str | None = None
    facets: Mapping[str, object] = NO_FACETS
    score: float | None = None
    source: str | None = None
    annotator: str | None = None
    note: str | None = None
    quote: tuple[str, ...] = ()

    @property
    def extent(self) -> Span:
        """From the first to the last code point, gaps included. Not for relations and orphans."""
        return Span(self.spans[0].start, self.spans[-1].end)

    @property
    def judged(self) -> bool:
        """Whether a human has decided on it or made it."""
        return self.state != "suggested"
