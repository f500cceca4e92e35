"""Prodigy's JSON lines, both ways: tasks with tokens, spans and relations, one line for each document and annotator.

Offsets are code points, ``token_end`` is inclusive, a relation names the last token of a span. ``answer``: accept;
reject says that this very span is wrong (a suggestion turned down is a task of its own); no answer: nobody judged it.
Tokens are cut where a passage begins or ends. Hashes are left out: Prodigy makes them. What Prodigy has no place for
stands in ``kurator`` beside each span and relation, which it keeps.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from app.formats.beside import KEY, STANDING, told, told_of
from app.formats.contract import Format, Holds, WriteContext
from app.formats.layers import LayerDocument, Link, Loss, Losses, Passage
from app.formats.prodigy_reading import ID, read, recognises
from models.spans import Span

_WORD = re.compile(r"(?:\w[\u00ad\u0300-\u036f\u200d]*)+|\s+|[^\w\s]")


def write(documents: Iterable[LayerDocument], target: Path, context: WriteContext) -> tuple[Loss, ...]:
    """Write the tasks; a document without marks is an accepted task without spans."""
    losses = Losses()
    with target.open("wb") as file:
        for document in documents:
            for task in _tasks(document, context.annotators, losses):
                file.write(orjson.dumps(task) + b"\n")
    return losses.all()


def _tasks(document: LayerDocument, annotators: Mapping[str, str], losses: Losses) -> Iterator[dict[str, Any]]:
    accepted: dict[str, list[Passage]] = defaultdict(list)
    suggested: list[Passage] = []
    rejected: list[Passage] = []
    for one in document.passages:
        if one.state in STANDING:
            accepted[one.annotator].append(one)
        else:
            (suggested if one.state == "suggested" else rejected).append(one)
    if not accepted:
        accepted[""] = []
    written: set[str] = set()
    for number, annotator in enumerate(sorted(accepted)):
        taken = _among(accepted[annotator], [link for link in document.links if link.state in STANDING])
        written |= {link.id for link in taken}
        task = _task(document, accepted[annotator], taken, annotators, annotator, "accept")
        if number == 0 and document.notes:
            notes = [[annotators.get(one.annotator, one.annotator), one.text] for one in document.notes]
            task[KEY]["notes"] = notes
        yield task
    if suggested:
        taken = _among(suggested, [link for link in document.links if link.state == "suggested"])
        written |= {link.id for link in taken}
        yield _task(document, suggested, taken, annotators, "", None)
    for one in rejected:
        yield _task(document, [one], [], annotators, one.annotator, "reject")
    for link in document.links:
        if link.id not in written:
            losses.add(_lost(link), f"{document.name}: {link.label}")


def _among(passages: Iterable[Passage], links: Iterable[Link]) -> list[Link]:
    inside = {one.id for one in passages}
    return [link for link in links if link.head in inside and link.tail in inside]


def _lost(link: Link) -> str:
    if link.state in STANDING:
        return "peers.lost-between-annotators"
    return "formats.lost-rejected" if link.state == "rejected" else "formats.lost-suggested"


def _task(
    document: LayerDocument,
    passages: Sequence[Passage],
    links: Sequence[Link],
    annotators: Mapping[str, str],
    annotator: str,
    answer: str | None,
) -> dict[str, Any]:
    tokens = tokenised(document.text, [span for one in passages for span in one.spans])
    ends = _Tokens(tokens)
    spans = {one.id: _span(document.text, one, ends, annotators) for one in passages}
    task: dict[str, Any] = {
        "text": document.text,
        "meta": {"name": document.name},
        "tokens": tokens,
        "spans": list(spans.values()),
        KEY: told_of(document),
    }
    if links:
        task["relations"] = [_relation(link, spans, annotators) for link in links]
    if answer is not None:
        task["answer"] = answer
    if annotator:
        task["_annotator_id"] = annotators.get(annotator, annotator)
    return task


def _span(text: str, one: Passage, ends: _Tokens, annotators: Mapping[str, str]) -> dict[str, Any]:
    start, end = one.spans[0].start, one.spans[-1].end
    beside = told(one, annotators)
    if len(one.spans) > 1:
        beside["spans"] = [list(span) for span in one.spans]
    first, last = ends.over(start, end)
    return {
        "text": text[start:end],
        "start": start,
        "end": end,
        "token_start": first,
        "token_end": last,
        "type": "span",
        "label": one.label,
        KEY: beside,
    }


def _relation(link: Link, spans: Mapping[str, dict[str, Any]], annotators: Mapping[str, str]) -> dict[str, Any]:
    head, child = spans[link.head], spans[link.tail]
    place = ("start", "end", "token_start", "token_end", "label")
    beside = told(link, annotators) | {"head": head[KEY]["id"], "child": child[KEY]["id"]}
    return {
        "head": head["token_end"],
        "child": child["token_end"],
        "head_span": {name: head[name] for name in place},
        "child_span": {name: child[name] for name in place},
        "label": link.label,
        KEY: beside,
    }


def tokenised(text: str, spans: Iterable[Span]) -> list[dict[str, Any]]:
    """Return tokens that make the text again (``text``, and a blank where ``ws``), cut where spans begin and end."""
    cuts = sorted({place for span in spans for place in span})
    tokens: list[dict[str, Any]] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if match[0][0] == " " and tokens and not tokens[-1]["ws"] and tokens[-1]["end"] == start:
            tokens[-1]["ws"] = True
            start += 1
        inner = cuts[bisect_right(cuts, start) : bisect_left(cuts, end)]
        for one, after in zip([start, *inner], [*inner, end], strict=True):
            if one < after:
                token = {"text": text[one:after], "start": one, "end": after, "id": len(tokens), "ws": False}
                tokens.append(token)
    return tokens


class _Tokens:
    """Finds the tokens that a stretch of text covers."""

    def __init__(self, tokens: Sequence[Mapping[str, Any]]) -> None:
        self._starts = [token["start"] for token in tokens]
        self._ends = [token["end"] for token in tokens]

    def over(self, start: int, end: int) -> tuple[int, int]:
        """Return the first and the last token, both inclusive."""
        first = bisect_right(self._ends, start)
        return first, max(first, bisect_left(self._starts, end) - 1)


FORMAT = Format(
    id=ID,
    title="peers.prodigy",
    description="peers.prodigy-about",
    suffix=".jsonl",
    holds=Holds(
        entities="kept",
        overlaps="kept",
        discontinuous="convention",
        relations="kept",
        facets="convention",
        notes="convention",
        annotator="kept",
        decisions="kept",
        offsets="kept",
    ),
    beside=frozenset({"metadata", "furniture", "register", "score"}),
    write=write,
    read=read,
    recognises=recognises,
)
