"""What the memory comes to in one document: what it proposes there, and what it stands in front of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from models.memory import Memory, Recalled
from models.spans import Span
from models.store.memory_reads import Page, Standing, is_barred
from models.suggestions import Kind
from models.wording import form_of

PIECE = 12_000
"""Code points that are read at once: some milliseconds."""
DISTRUSTED = 0.2
"""The share of confirmations from which down a pipeline's suggestion is not offered: three refusals, none kept."""

Memories = Mapping[Kind, Memory]


class Reading(NamedTuple):
    """What a document should show: what the memory says there, and ids of suggestions that it stands in front of."""

    recalled: dict[Kind, list[Recalled]]
    covered: frozenset[str]


def read_page(page: Page, memories: Memories, run: int | None) -> Iterator[Reading | None]:
    """Read a document a piece at a time: yield None after each, at last what it comes to.

    ``run`` is the number of the memory's own run, whose suggestions count for nothing here.
    """
    recalled: dict[Kind, list[Recalled]] = {}
    for kind, memory in memories.items():
        recalled[kind] = []
        for part in _pieces(page.text) if len(memory) else ():
            recalled[kind] += memory.read(page.text, page.closed[kind], part)
            yield None
    covered: set[str] = set()
    for kind, memory in memories.items():
        others = [one for one in page.suggestions if one.kind == kind and one.run != run and one.text == page.text_seq]
        waiting = [one for one in others if not one.decided and not _settled(page, one)]
        distrusted = {one.id for one in waiting if _distrusted(page.text, memory, one)}
        trusted = [one for one in waiting if one.id not in distrusted]
        kept, hidden = _beside(recalled[kind], trusted, memory, page.text)
        recalled[kind] = kept
        covered |= distrusted | hidden
        yield None
    # What ends on a hidden suggestion does not show, and would wait for a decision for ever.
    covered |= {
        one.id
        for one in page.relations
        if one.run != run and not one.decided and not covered.isdisjoint((one.head, one.tail))
    }
    yield Reading(recalled, frozenset(covered))


def _pieces(text: str) -> Iterator[Span]:
    """Yield parts of a text that end where a line does."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + PIECE)
        end = len(text) if end < 0 else end + 1
        yield Span(start, end)
        start = end


def _settled(page: Page, one: Standing) -> bool:
    """Whether a suggestion is not open: refused at its place, or under a wider rejection."""
    closed = page.closed[one.kind]
    return (one.label, one.start, one.end) in closed.refused or is_barred(
        closed, one.label, page.text[one.start : one.end]
    )


def _distrusted(text: str, memory: Memory, one: Standing) -> bool:
    form = memory.forms.get(form_of(text[one.start : one.end]))
    tally = form.tallies().get(one.label) if form is not None else None
    return tally is not None and tally.share <= DISTRUSTED


def _beside(
    recalled: list[Recalled], open_: list[Standing], memory: Memory, text: str
) -> tuple[list[Recalled], set[str]]:
    """Return what the memory proposes beside a pipeline's suggestions, and which of those it stands in front of.

    What the pipeline says already, or says of a longer passage, is left to it.
    """
    kept: list[Recalled] = []
    hidden: set[str] = set()
    open_ = sorted(open_, key=lambda one: one.start)
    first = 0
    for said in recalled:
        while first < len(open_) and open_[first].end <= said.span.start and open_[first].start < said.span.start:
            first += 1
        near = []
        for one in open_[first:]:
            if one.start >= said.span.end:
                break
            if one.end > said.span.start:
                near.append(one)
        if any(_prevails(one, said, memory, text) for one in near):
            continue
        kept.append(said)
        hidden.update(one.id for one in near)
    return kept, hidden


def _prevails(one: Standing, said: Recalled, memory: Memory, text: str) -> bool:
    """Whether a pipeline's suggestion stays, and the memory says nothing."""
    place = Span(one.start, one.end)
    if place == said.span:
        if one.label == said.label:
            return True
        tally = memory.forms[said.form].tallies().get(one.label)
        return tally is not None and tally.yes > 0 and one.score > said.score
    return place.contains(said.span)
