"""Documents with annotations as spaCy's, and back. Where things go: :mod:`app.formats.spacy_convention`.

On the worker's side because it needs spaCy; formats load it inside ``write`` and ``read``, which run in a job's or
a command's own process.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import spacy
import srsly  # type: ignore[import-untyped]
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from app.formats.contract import ReadContext, WriteContext
from app.formats.layers import LayerDocument, Loss, Losses, Passage, Refusal
from app.formats.simplify import flattened, quoted
from app.formats.spacy_convention import KEY, TRUE, Found, facts, group_of, layered, unreadable
from models.spans import Spans

ATTRIBUTES = ("ENT_IOB", "ENT_TYPE", "ENT_ID")
"""What is kept of a token beside its text."""


def write_docbin(documents: Iterable[LayerDocument], target: Path, context: WriteContext) -> tuple[Loss, ...]:
    """Write a ``DocBin``."""
    losses = Losses()
    store = DocBin(attrs=ATTRIBUTES, store_user_data=True)
    with _plain_values():
        for document in documents:
            store.add(doc_of(document, context, losses))
        store.to_disk(target)
    return losses.all()


@contextmanager
def _plain_values() -> Iterator[None]:
    """Spare MessagePack the search for other packages' encoders, which it makes anew for each value.

    What is written here are plain values, and the search takes longer than all the rest.
    """
    registries = (srsly.msgpack_encoders, srsly.msgpack_decoders)
    for one in registries:
        one.get_all = dict
    try:
        yield
    finally:
        for one in registries:
            del one.get_all


def read_docbin(path: Path, context: ReadContext) -> Iterator[LayerDocument | Refusal]:
    """Yield the documents of a ``DocBin``, and a refusal for what cannot be read."""
    try:
        docs = DocBin().from_disk(path).get_docs(Vocab())
        for number, doc in enumerate(docs, 1):
            groups = {name: [_found(span) for span in group] for name, group in doc.spans.items()}
            where = (str(path), number, f"{path.stem}#{number}")
            yield from layered(where, context, doc.text, [_found(span) for span in doc.ents], groups, doc.user_data)
            if related := _rel_component(doc):
                yield Refusal(str(path), number, "formats.spacy-rel", {"count": related})
    except Exception as error:  # the libraries raise whatever the bytes lead them to
        yield unreadable(str(path), error)


def _found(span: Span) -> Found:
    return span.start_char, span.end_char, span.label_, span.id_


def _rel_component(doc: Doc) -> int:
    """Return how many relations a custom ``doc._.rel`` holds: spaCy has no shape for them that could be trusted."""
    data: dict[Any, Any] = doc.user_data
    kept = [value for key, value in data.items() if isinstance(key, tuple) and "rel" in key[1:2]]
    return sum(len(one) for one in kept if isinstance(one, dict))


# Documents --------------------------------------------------------------------------------------------------


@cache
def _blank(language: str) -> Language:
    try:
        return spacy.blank(language)
    except ImportError:
        return spacy.blank("xx")


def tokenised(document: LayerDocument) -> Doc:
    """Return the text cut into tokens as its language's blank pipeline does, Swedish where it does not say."""
    language = (document.language or "sv").replace("_", "-").partition("-")[0].lower()
    return _blank(language if language.isalpha() and len(language) in (2, 3) else "sv").tokenizer(document.text)


class Tokens:
    """A document's tokens and where they begin and end, in code points."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        places = doc.to_array(["IDX", "LENGTH"])
        starts = places[:, 0] if len(doc) else places
        self.starts: list[int] = starts.tolist() if len(doc) else []
        self.ends: list[int] = (places[:, 0] + places[:, 1]).tolist() if len(doc) else []
        self._first = {start: number for number, start in enumerate(self.starts)}
        self._last = {end: number + 1 for number, end in enumerate(self.ends)}

    def at(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the half-open token indices of a span, None where a boundary lies inside a token."""
        first, last = self._first.get(start), self._last.get(end)
        return None if first is None or last is None else (first, last)

    def around(self, start: int, end: int) -> tuple[int, int]:
        """Return the token indices of the fewest tokens that hold a span."""
        first = max(0, bisect_right(self.starts, start) - 1)
        if self.ends[first] <= start:  # it begins at the blank behind a token
            first = min(first + 1, len(self.starts) - 1)
        return first, max(first + 1, bisect_left(self.ends, end) + 1 if end <= self.ends[-1] else len(self.ends))


def cut(tokens: Tokens, spans: Iterable[tuple[int, int]]) -> Tokens:
    """Return tokens with a boundary wherever a span begins or ends.

    A single blank belongs to the token before it; one that a span begins or ends with becomes a token.
    """
    starts, ends, text = tokens.starts, tokens.ends, tokens.doc.text
    known = frozenset(starts), frozenset(ends)
    wanted: dict[int, set[int]] = {}
    for start, end in spans:
        for place, there in zip((start, end), known, strict=True):
            if place not in there:
                token = bisect_left(starts, place) - 1  # no token begins there, unless a blank ends there
                wanted.setdefault(token, set()).add(place)
    words, spaces = [token.text for token in tokens.doc], [bool(token.whitespace_) for token in tokens.doc]
    for number in sorted(wanted, reverse=True):
        start, end = starts[number], ends[number]
        alone = any(place >= end for place in wanted[number])
        pieces = [text[a:b] for a, b in pairwise((start, *sorted(one for one in wanted[number] if one < end), end))]
        words[number : number + 1] = [*pieces, " "] if alone else pieces
        tail = [False, False] if alone else [spaces[number]]
        spaces[number : number + 1] = [False] * (len(pieces) - 1) + tail
    return Tokens(Doc(tokens.doc.vocab, words=words, spaces=spaces))


def doc_of(document: LayerDocument, context: WriteContext, losses: Losses) -> Doc:
    """Return a document as spaCy's ``Doc``."""
    tokens = Tokens(tokenised(document))
    every = [span for one in document.passages for span in one.spans]
    missing = [span for span in every if tokens.at(*span) is None]
    snapped: dict[str, Spans] = {}
    if missing and context.choices.get("boundaries") != "snap":
        tokens = cut(tokens, missing)
        missing = []
    doc = tokens.doc
    groups: dict[str, list[Span]] = {TRUE: []}
    flat = {id(one): one for one in flattened(filter(_may_be_ent, document.passages), context.rank)[0]}
    ents: list[Span] = []
    taken = 0
    for one in document.passages:
        if missing and any(tokens.at(*span) is None for span in one.spans):
            snapped[one.id] = one.spans
            losses.add("formats.snapped", quoted(document, one))
        for start, end in one.spans:
            first, last = tokens.at(start, end) or tokens.around(start, end)
            span = Span(doc, first, last, label=one.label, span_id=one.id)
            groups.setdefault(group_of(one), []).append(span)
            if id(one) in flat and first >= taken:
                ents.append(span)
                taken = last
    for name, spans in groups.items():
        doc.spans[name] = spans
    doc.ents = ents
    doc.user_data[KEY] = facts(document, context, snapped)
    return doc


def _may_be_ent(passage: Passage) -> bool:
    return passage.kind == "entity" and len(passage.spans) == 1 and group_of(passage) == TRUE


def json_of(document: LayerDocument, context: WriteContext, losses: Losses) -> dict[str, Any]:
    """Return a document as ``Doc.to_json`` writes it, with span ids and what spaCy has no place for."""
    doc = doc_of(document, context, losses)
    told = doc.to_json()
    for name, group in doc.spans.items():
        for record, span in zip(told["spans"][name], group, strict=True):
            record["id"] = span.id_
    told[KEY] = doc.user_data[KEY]
    return dict(told)
