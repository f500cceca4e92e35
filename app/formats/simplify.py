"""Taking out of a document what a format cannot hold, and saying so: the one place where that is decided."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeVar

from app.formats.contract import Format, Holds
from app.formats.layers import LayerDocument, Link, Losses, Passage
from models.spans import Span

Some = TypeVar("Some", Passage, Link)
Step = Callable[[LayerDocument], LayerDocument]

QUOTE = 60
"""Code points of a passage that an example shows."""


def quoted(document: LayerDocument, passage: Passage) -> str:
    """Return a passage as a list of losses shows it: document, label, words."""
    words = " … ".join(document.text[start:end] for start, end in passage.spans)
    words = " ".join(words.split())
    words = words if len(words) <= QUOTE else f"{words[: QUOTE - 1]}…"
    return f"{document.name}: {passage.label} ”{words}”"


def simplifier(chosen: Format, rank: Mapping[str, int], losses: Losses) -> Step:
    """Return what leads a document to one that the format holds whole.

    - Suggestions turned down or judged by nobody go, where the format cannot tell them from what is true.
    - A passage of several spans becomes the one that covers them.
    - Of passages that overlap one stays: the annotator named first goes first (``rank``), entities before claims,
      then the longer, then the earlier.
    - Relations, facets, notes, annotators and states go where there is no place for them.

    Everything that goes is counted in ``losses``.
    """
    holds = chosen.holds
    steps: list[Step] = []
    if holds.decisions == "lost":
        steps.append(lambda document: _without_states(document, losses))
    if holds.relations == "lost":
        steps.append(lambda document: _without_links(document, losses))
    if holds.discontinuous == "lost":
        steps.append(lambda document: _covered(document, losses))
    if holds.overlaps == "lost":
        steps.append(lambda document: _flat(document, rank, losses))
    if "lost" in (holds.facets, holds.notes, holds.annotator):
        steps.append(lambda document: _plain(document, holds, losses))
    if holds.offsets == "lost":
        steps.append(lambda document: _worded(document, losses))
    if len(chosen.beside) < len(BESIDE):
        steps.append(lambda document: _told(document, chosen.beside, losses))

    def simplified(document: LayerDocument) -> LayerDocument:
        for step in steps:
            document = step(document)
        return document

    return simplified


def _with(
    document: LayerDocument, passages: Iterable[Passage] | None = None, links: Iterable[Link] | None = None
) -> LayerDocument:
    return LayerDocument(
        document.name, document.text, document.id, document.title, document.source, document.language,
        document.metadata, document.furniture, document.split,
        document.passages if passages is None else tuple(passages),
        document.links if links is None else tuple(links),
        document.notes,
    )  # fmt: skip


def _without(document: LayerDocument, gone: set[str], losses: Losses, passages: Iterable[Passage]) -> LayerDocument:
    """Return the document with these passages and without the links that end on those that are gone."""
    links: list[Link] = []
    for link in document.links:
        if link.head in gone or link.tail in gone:
            losses.add("formats.lost-link-end", f"{document.name}: {link.label}")
        else:
            links.append(link)
    return _with(document, passages, links)


def _without_states(document: LayerDocument, losses: Losses) -> LayerDocument:
    gone: set[str] = set()
    kept: list[Passage] = []
    for one in document.passages:
        if one.state in ("rejected", "suggested"):
            code = "formats.lost-rejected" if one.state == "rejected" else "formats.lost-suggested"
            losses.add(code, partial(quoted, document, one))
            gone.add(one.id)
        else:
            if one.state != "manual":
                losses.add("formats.lost-state", partial(quoted, document, one))
            kept.append(one)
    links = [link for link in document.links if link.state not in ("rejected", "suggested")]
    for link in document.links:
        if link.state == "rejected":
            losses.add("formats.lost-rejected", f"{document.name}: {link.label}")
        elif link.state == "suggested":
            losses.add("formats.lost-suggested", f"{document.name}: {link.label}")
    return _without(_with(document, links=links), gone, losses, kept)


def _without_links(document: LayerDocument, losses: Losses) -> LayerDocument:
    if not document.links:
        return document
    for link in document.links:
        losses.add("formats.lost-relation", f"{document.name}: {link.label}")
    return _with(document, links=())


def _covered(document: LayerDocument, losses: Losses) -> LayerDocument:
    if all(len(one.spans) == 1 for one in document.passages):
        return document
    passages = []
    for one in document.passages:
        if len(one.spans) > 1:
            losses.add("formats.lost-discontinuous", partial(quoted, document, one))
            one = one._replace(spans=(Span(one.spans[0].start, one.spans[-1].end),))
        passages.append(one)
    return _with(document, sorted(passages, key=lambda one: (*one.spans[0], one.id)))


def _flat(document: LayerDocument, rank: Mapping[str, int], losses: Losses) -> LayerDocument:
    kept, dropped = flattened(document.passages, rank)
    if not dropped:
        return document
    for one in dropped:
        losses.add("formats.lost-overlap", partial(quoted, document, one))
    return _without(document, {one.id for one in dropped}, losses, kept)


def flattened(passages: Iterable[Passage], rank: Mapping[str, int]) -> tuple[list[Passage], list[Passage]]:
    """Return the passages of a layer without overlaps, in their order, and those that had to give way."""
    passages = list(passages)
    if _apart(passages):
        return passages, []
    taken: list[Span] = []
    keep: set[int] = set()
    last = len(rank)

    def worth(number: int) -> tuple[object, ...]:
        one = passages[number]
        length = one.spans[-1].end - one.spans[0].start
        judged = one.state in ("rejected", "suggested")
        return judged, rank.get(one.annotator, last), one.kind != "entity", -length, one.spans[0].start, number

    for number in sorted(range(len(passages)), key=worth):
        if _fits(taken, passages[number].spans):
            keep.add(number)
            for span in passages[number].spans:
                insort(taken, span)
    kept = [one for number, one in enumerate(passages) if number in keep]
    return kept, [one for number, one in enumerate(passages) if number not in keep]


def _apart(passages: list[Passage]) -> bool:
    """Whether passages in order of their places do not overlap at all."""
    end = 0
    for one in passages:
        for span in one.spans:
            if span.start < end:
                return False
            end = span.end
    return True


def _fits(taken: list[Span], spans: Iterable[Span]) -> bool:
    for span in spans:
        place = bisect_right(taken, span)
        if place and taken[place - 1].end > span.start:
            return False
        if place < len(taken) and taken[place].start < span.end:
            return False
    return True


def _plain(document: LayerDocument, holds: Holds, losses: Losses) -> LayerDocument:
    def shown(one: Passage | Link) -> str:
        return quoted(document, one) if isinstance(one, Passage) else f"{document.name}: {one.label}"

    def plain(one: Some) -> Some:
        if holds.facets == "lost" and one.facets:
            losses.add("formats.lost-facet", lambda: f"{shown(one)} ({', '.join(one.facets)})", len(one.facets))
            one = one._replace(facets={})
        if holds.notes == "lost" and one.note:
            losses.add("formats.lost-note", lambda: shown(one))
            one = one._replace(note=None)
        if holds.annotator == "lost" and one.annotator:
            losses.add("formats.lost-annotator", lambda: shown(one))
            one = one._replace(annotator="")
        return one

    simple = _with(document, map(plain, document.passages), map(plain, document.links))
    if holds.notes == "lost" and document.notes:
        losses.add("formats.lost-document-note", document.name, len(document.notes))
        return LayerDocument(
            simple.name, simple.text, simple.id, simple.title, simple.source, simple.language, simple.metadata,
            simple.furniture, simple.split, simple.passages, simple.links,
        )  # fmt: skip
    return simple


def _worded(document: LayerDocument, losses: Losses) -> LayerDocument:
    """Count a document of which only the words are kept; its writer does without the text."""
    losses.add("formats.lost-offsets", document.name)
    return document


BESIDE = ("metadata", "furniture", "register", "score")
"""What a document holds beside the features of the matrix."""


def _told(document: LayerDocument, kept: frozenset[str], losses: Losses) -> LayerDocument:
    """Count what there is no place for; the document stays as it is, and its writer looks away."""
    if "metadata" not in kept:
        facts = [document.title, document.source, document.language]
        if count := len(document.metadata) + sum(fact is not None for fact in facts):
            losses.add("formats.lost-metadata", document.name, count)
    if "furniture" not in kept and document.furniture:
        losses.add("formats.lost-furniture", document.name, len(document.furniture))
    if "register" not in kept:
        for one in document.passages:
            if one.register:
                losses.add("formats.lost-register", partial(quoted, document, one))
    if "score" not in kept:
        scored = sum(one.score is not None for one in document.passages)
        if scored:
            losses.add("formats.lost-score", document.name, scored)
    return document
