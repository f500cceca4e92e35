"""What trained components say of a document, put in place of what the rules say."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Doc

from app.pipeline.trained.components import CLAIMS, RELATIONS
from models.spans import Span
from models.suggestions import Analysis, Proposal

LEARNED = "learned"
"""The source of what a component trained on curators' labels proposes."""

_Place = tuple[int, int, str]


def completed(doc: Doc, analysis: Analysis) -> Analysis:
    """Return an analysis with the claims and relations of trained components, where the pipeline has any.

    Trained claims stand in place of all others; relations on a claim that both found are kept. Trained relations
    stand in place of all others.
    """
    group, joined = doc.spans.get(CLAIMS), doc._.get(RELATIONS)
    if group is None and joined is None:
        return analysis
    passages = [one for one in analysis.proposals if one.kind == "entity" or (one.kind == "claim" and group is None)]
    if group is not None:
        attrs = group.attrs
        passages += (
            Proposal("claim", span.label_, (Span(*place),), facets=facets, score=round(score, 2), source=LEARNED)
            for span, place, facets, score in zip(group, attrs["places"], attrs["facets"], attrs["scores"], strict=True)
        )
    numbers = {place_of(one): number for number, one in enumerate(passages)}
    if joined is None:
        relations = _kept(analysis, numbers)
    else:
        found = ((label, numbers.get((*head,)), numbers.get((*tail,)), score) for label, head, tail, score in joined)
        relations = [
            Proposal("relation", label, (), head, tail, {}, round(score, 2), LEARNED)
            for label, head, tail, score in found
            if head is not None and tail is not None
        ]
    return Analysis((*passages, *relations), analysis.furniture)


def place_of(one: Proposal) -> _Place:
    """Return from where to where a passage reaches, and its label."""
    return one.spans[0].start, one.spans[-1].end, one.label


def _kept(analysis: Analysis, numbers: dict[_Place, int]) -> list[Proposal]:
    """Return the relations of an analysis whose ends are still there, pointing to where they stand now."""
    kept = []
    for one in analysis.proposals:
        if one.kind == "relation" and one.head is not None and one.tail is not None:
            head, tail = (numbers.get(place_of(analysis.proposals[end])) for end in (one.head, one.tail))
            if head is not None and tail is not None:
                kept.append(replace(one, head=head, tail=tail))
    return kept
