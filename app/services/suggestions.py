"""Writing down what a pipeline proposed for a document."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.services.documents import merge_spans
from models.ids import suggestion_id
from models.spans import Span, Spans
from models.store import writes
from models.store.reads import Reads
from models.store.unit_of_work import UnitOfWork, Writer
from models.suggestions import Analysis, PipelineInfo, Proposal

OPEN_FURNITURE = ("none", "pipeline")
"""Who may have set a document's furniture so that a pipeline may set it anew."""
PIECE = 400
"""Suggestions stored in one transaction where there are many: some milliseconds."""


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
    ready = _prepared(reads, document, text_seq, run, info, analysis)
    if ready is None:
        return 0
    writes.delete_suggestions(work, document, writes.suggested_by_others(work, document))
    writes.put_suggestions(work, ready.rows)
    _conclude(work, document, text_seq, run, ready)
    return len(ready.rows)


def store_in_pieces(
    writer: Writer,
    reads: Reads,
    document: str,
    text_seq: int,
    run: int,
    info: PipelineInfo,
    analysis: Analysis,
) -> int | None:
    """Do what :func:`store_analysis` does in transactions of a few milliseconds, however much was proposed.

    A suggestion that is proposed again never goes missing in between. Until the last piece is stored, the
    document counts as not analysed, so that one cut off is analysed anew. None for a replaced text.
    """
    ready = _prepared(reads, document, text_seq, run, info, analysis)
    if ready is None:
        return None
    with writer.unrecorded() as work:
        gone = list({*writes.suggested_by_others(work, document)}.difference(row[1] for row in ready.rows))
        writes.forget_analysis(work, document)
    for start in range(0, len(ready.rows), PIECE):
        with writer.unrecorded() as work:
            writes.put_suggestions(work, ready.rows[start : start + PIECE])
    for start in range(0, len(gone), PIECE):
        with writer.unrecorded() as work:
            writes.delete_suggestions(work, document, gone[start : start + PIECE])
    with writer.unrecorded() as work:
        if _prepared(reads, document, text_seq, run, info, Analysis(())) is None:
            return None
        _conclude(work, document, text_seq, run, ready)
    return len(ready.rows)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What is to be stored; ``furniture`` is None where it stays as it is."""

    rows: list[writes.SuggestionRow]
    furniture: str | None


def _prepared(
    reads: Reads, document: str, text_seq: int, run: int, info: PipelineInfo, analysis: Analysis
) -> _Prepared | None:
    """Return what an analysis comes to, None where the document has another text by now, or is gone."""
    row = reads.connection.execute(
        "SELECT fingerprint, text_seq, furniture_by, length, furniture FROM documents WHERE id = ? AND removed IS NULL",
        (document,),
    ).fetchone()
    if row is None or row[1] != text_seq:
        return None
    print_, _, furniture_by, length, furniture = row
    blocks = tuple(Span(*block) for block in json.loads(furniture))
    inside, blocks = in_article(analysis, length, blocks, furniture_by)
    new = writes.furniture_json(blocks) if furniture_by in OPEN_FURNITURE else furniture
    name = distinct(reads, document, text_seq, print_)
    found_rows = writes.suggestion_rows(document, text_seq, run, identified(info, name, inside))
    unique = {row[1]: row for row in reversed(found_rows)}  # the first of equal proposals counts
    return _Prepared(sorted(unique.values(), key=lambda row: row[1]), new if new != furniture else None)


def in_article(
    analysis: Analysis, length: int, furniture: Spans, furniture_by: str
) -> tuple[tuple[Proposal, ...], Spans]:
    """Return what an analysis proposes inside a text of ``length`` code points and outside its furniture, and that.

    The furniture is the pipeline's, unless a source or a curator has set it (``furniture_by``).
    """
    if furniture_by in OPEN_FURNITURE:
        found = [Span(*block) for block in analysis.furniture if 0 <= block[0] < block[1] <= length]
        furniture = merge_spans(found)
    return _within(analysis.proposals, length, furniture), furniture


def _conclude(work: UnitOfWork, document: str, text_seq: int, run: int, ready: _Prepared) -> None:
    if ready.furniture is not None:
        # A curator's own marking, made meanwhile, stands.
        work.raw.execute(
            "UPDATE documents SET furniture = ?, furniture_by = ? "
            "WHERE id = ? AND furniture_by IN ('none', 'pipeline')",
            (ready.furniture, "none" if ready.furniture == "[]" else "pipeline", document),
        )
    writes.note_analysis(work, document, text_seq, run)


def distinct(reads: Reads, document: str, text_seq: int, print_: str) -> str:
    """Return the fingerprint, numbered where another document had the same text before: ids stay unique."""
    (twins,) = reads.connection.execute(
        "SELECT count(DISTINCT document_id) FROM texts WHERE fingerprint = ? AND seq < ? AND document_id != ?",
        (print_, text_seq, document),
    ).fetchone()
    return told_apart(print_, twins)


def told_apart(print_: str, twins: int) -> str:
    """Return what stands for a text in its suggestions' ids; ``twins`` other documents had the same text before."""
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
