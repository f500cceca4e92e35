"""Writing down what a pipeline proposed for a document."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from app.services.documents import merge_spans
from models.ids import suggestion_id
from models.spans import Span, Spans
from models.store import writes
from models.store.reads import Reads
from models.store.unit_of_work import UnitOfWork
from models.suggestions import Analysis, PipelineInfo, Proposal


def identified(
    info: PipelineInfo, print_: str, proposals: tuple[Proposal, ...]
) -> Iterator[tuple[str, Proposal, str | None, str | None]]:
    """Yield each proposal with its id and the ids of its ends: the same on every run of the same pipeline."""
    pipeline = (info.name, info.version, info.hash)
    ids: list[str] = []
    for one in proposals:
        if one.kind == "relation":
            ids.append("")
            continue
        ids.append(suggestion_id(pipeline, print_, one.kind, one.label, [list(span) for span in one.spans]))
        yield ids[-1], one, None, None
    for one in proposals:
        if one.kind == "relation" and one.head is not None and one.tail is not None:
            head, tail = ids[one.head], ids[one.tail]
            yield suggestion_id(pipeline, print_, one.kind, one.label, [head, tail]), one, head, tail


def store_analysis(
    work: UnitOfWork,
    reads: Reads,
    document: str,
    text_seq: int,
    run: int,
    info: PipelineInfo,
    analysis: Analysis,
) -> int:
    """Keep what ``info`` proposed for a document's text, in place of earlier suggestions; return how many.

    An answer to a text that has been replaced meanwhile is dropped (0). Furniture is taken over unless a
    source or a curator has set it; nothing inside furniture is kept.
    """
    row = reads.connection.execute(
        "SELECT fingerprint, text_seq, furniture_by, length, furniture FROM documents "
        "WHERE id = ? AND removed IS NULL",
        (document,),
    ).fetchone()
    if row is None or row[1] != text_seq:
        return 0
    print_, _, furniture_by, length, furniture = row
    blocks = tuple(Span(*block) for block in json.loads(furniture))
    if furniture_by in ("none", "pipeline"):
        found = [Span(*block) for block in analysis.furniture if 0 <= block[0] < block[1] <= length]
        blocks = merge_spans(found)
        new = writes.furniture_json(blocks)
        if new != furniture:
            by = "pipeline" if blocks else "none"
            work.raw.execute(
                "UPDATE documents SET furniture = ?, furniture_by = ? WHERE id = ?", (new, by, document)
            )
    inside = _within(analysis.proposals, length, blocks)
    name = _distinct(reads, document, text_seq, print_)
    return writes.replace_suggestions(work, document, text_seq, run, identified(info, name, inside))


def _distinct(reads: Reads, document: str, text_seq: int, print_: str) -> str:
    """Return the fingerprint, numbered where another document had the same text before: ids stay unique."""
    (twins,) = reads.connection.execute(
        "SELECT count(DISTINCT document_id) FROM texts WHERE fingerprint = ? AND seq < ? AND document_id != ?",
        (print_, text_seq, document),
    ).fetchone()
    return f"{print_}#{twins}" if twins else print_


def _within(proposals: tuple[Proposal, ...], length: int, furniture: Spans) -> tuple[Proposal, ...]:
    """Keep what lies in the article: inside the text, outside furniture; relations whose ends both do.

    Ends are renumbered to the places of what is kept.
    """
    ends = [block.end for block in furniture]

    def within(number: int | None) -> bool:
        return number is not None and all(_in_article(span) for span in proposals[number].spans)

    def _in_article(span: Span) -> bool:
        if not 0 <= span.start < span.end <= length:
            return False
        at = bisect_right(ends, span.start)
        return at == len(furniture) or not furniture[at].overlaps(span)

    kept = [
        number
        for number, one in enumerate(proposals)
        if within(number) and (one.kind != "relation" or (within(one.head) and within(one.tail)))
    ]
    if len(kept) == len(proposals):
        return proposals
    place: dict[int | None, int | None] = {old: new for new, old in enumerate(kept)}
    return tuple(
        replace(proposals[old], head=place.get(proposals[old].head), tail=place.get(proposals[old].tail))
        for old in kept
    )
