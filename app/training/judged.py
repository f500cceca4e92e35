"""Where in a document somebody has looked: all of it, or only the sentences that hold a judgement."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.services.training import TrainingDocument
from models.spans import Span

_END = re.compile(r"\n+|(?<=[.!?…])[\"”’)]?\s+(?=[\"”’(–−-]?\s?[A-ZÅÄÖ0-9])")


def looked_at(document: TrainingDocument) -> list[Span]:
    """Return the stretches of a document where what is not marked is not there, in rising order, disjoint.

    A complete document is one stretch. Of another one the sentences count that hold an annotation or a rejection: a
    curator judges what stands in a sentence together, and has perhaps never seen the next one.
    """
    whole = Span(0, len(document.text))
    if document.complete:
        return [whole] if document.text else []
    marks = sorted(_extents(document))
    found: list[Span] = []
    for start, end in _stretches(document.text):
        if any(mark.start < end and start < mark.end for mark in marks):
            if found and found[-1].end >= start:
                found[-1] = Span(found[-1].start, end)
            else:
                found.append(Span(start, end))
    return found


def _extents(document: TrainingDocument) -> Iterator[Span]:
    for one in (*document.entities, *document.claims):
        yield one.extent
    for span, _ in document.rejected:
        yield span


def _stretches(text: str) -> Iterator[Span]:
    start = 0
    for found in _END.finditer(text):
        yield Span(start, found.start())
        start = found.end()
    yield Span(start, len(text))


def within(stretches: list[Span], span: Span) -> bool:
    """Whether a span lies, at least in part, where somebody has looked."""
    return any(one.overlaps(span) for one in stretches)
