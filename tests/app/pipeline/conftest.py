"""Reading a text by the rules and asking plainly what was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from app.pipeline.rules.reading import read_text
from models.suggestions import Analysis, Proposal


@dataclass(frozen=True)
class Found:
    """What the rules found in ``text``, by surface."""

    text: str
    analysis: Analysis

    def surface(self, proposal: Proposal) -> str:
        """Return the text under a proposal's first span."""
        start, end = proposal.spans[0]
        return self.text[start:end]

    def of(self, kind: str) -> list[Proposal]:
        """Return the proposals of one kind."""
        return [proposal for proposal in self.analysis.proposals if proposal.kind == kind]

    @property
    def entities(self) -> set[tuple[str, str]]:
        """Return ``(label, surface)`` of every entity."""
        return {(p.label, self.surface(p)) for p in self.of("entity")}

    @property
    def claims(self) -> dict[str, Proposal]:
        """Return the claims by surface."""
        return {self.surface(p): p for p in self.of("claim")}

    @property
    def relations(self) -> set[tuple[str, str, str]]:
        """Return ``(label, head, tail)`` of every relation, ends by surface."""
        ends = self.analysis.proposals
        return {
            (p.label, self.surface(ends[p.head or 0]), self.surface(ends[p.tail or 0]))
            for p in self.of("relation")
        }

    @property
    def furniture(self) -> list[str]:
        """Return the furniture's texts."""
        return [self.text[start:end] for start, end in self.analysis.furniture]


@pytest.fixture
def read() -> Callable[[str], Found]:
    """Return a function that reads a text by the rules."""
    return lambda text: Found(text, read_text(text))
