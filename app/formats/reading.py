"""A project as a stream of :class:`LayerDocument`, some documents at a time, narrowed to what is asked for."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import orjson

from app.formats.contract import ExportOptions
from app.formats.exchange import shown_source
from app.formats.layers import DocumentNote, LayerDocument, Link, Losses, Passage
from models.spans import Span
from models.store.layer_reads import LayerReads, Row
from models.store.reads import Reads, parse_spans
from models.text import surface

CHUNK = 100
"""Documents read at a time."""

_HUMAN = '{"by":"human"}'
_BY_HAND: Mapping[str, Any] = {"by": "human"}
_NOTHING: Mapping[str, Any] = {}


class LayerSource:
    """What of a project an export writes; ``losses`` gathers what it has to leave out by itself."""

    def __init__(self, reads: Reads, options: ExportOptions, losses: Losses, *, far_links: bool = False) -> None:
        self._reads = reads
        self._rows = LayerReads(reads)
        self._options = options
        self._losses = losses
        self._far_links = far_links
        self._inside: frozenset[str] = frozenset()
        adjudicators = {one.id for one in reads.annotators() if one.kind == "adjudication"}
        wanted = options.annotators
        if options.adjudicated:
            wanted = tuple(one for one in wanted or sorted(adjudicators) if one in adjudicators)
        self._wanted = None if wanted is None else frozenset(wanted)
        order = [*(wanted or ()), *sorted(adjudicators), *(one.id for one in reads.annotators())]
        self.rank: Mapping[str, int] = {one: place for place, one in reversed(list(enumerate(order)))}
        """Annotator's id → how early their reading counts where only one can be held; the lowest goes first."""

    @cached_property
    def annotators(self) -> Mapping[str, str]:
        """Annotator's id → a name that no other has; the id itself where there is none."""
        everybody = self._reads.annotators()
        often = Counter(one.name for one in everybody)
        return {one.id: one.name if one.name and often[one.name] == 1 else one.id for one in everybody}

    def documents(self, ids: Sequence[str]) -> Iterator[LayerDocument]:
        """Yield these documents in the order given; those without a text are left out and counted."""
        self._inside = frozenset(ids)
        for first in range(0, len(ids), CHUNK):
            yield from self._chunk(ids[first : first + CHUNK])

    # Some documents at a time -----------------------------------------------------------------------------

    def _chunk(self, ids: Sequence[str]) -> Iterator[LayerDocument]:
        gathered = {one: _Gathered() for one in ids}
        self._gather_annotations(ids, gathered)
        if self._options.rejected:
            self._gather_rejected(ids, gathered)
        rows = {row[0]: row for row in self._rows.documents(ids)}
        if self._options.rejected or self._options.suggestions:
            self._gather_open(ids, gathered, {one: row[10] or "" for one, row in rows.items()})
        for document, annotator, text in self._rows.notes(ids):
            if self._wanted is None or annotator in self._wanted:
                gathered[document].notes.append(DocumentNote(annotator, text))
        far = self._far_ends(gathered)
        for one in ids:
            if rows[one][10] is None:
                self._losses.add("formats.lost-no-text", rows[one][1])
            else:
                yield self._document(rows[one], gathered[one], far)

    def _asked_for(self, kind: str, label: str, annotator: str | None) -> bool:
        options = self._options
        return (
            (options.kinds is None or kind in options.kinds)
            and (options.labels is None or label in options.labels)
            and (self._wanted is None or annotator is None or annotator in self._wanted)
        )

    def _gather_annotations(self, ids: Sequence[str], gathered: Mapping[str, _Gathered]) -> None:
        narrowed = self._wanted is not None or self._options.kinds is not None or self._options.labels is not None
        for row in self._rows.annotations(ids):
            (document, identity, kind, label, start, end, spans, facets, annotator, note, state, origin, register,
             head, tail, orphan, suggestion) = row  # fmt: skip
            if narrowed and not self._asked_for(kind, label, annotator):
                continue
            found = gathered[document]
            told: Mapping[str, Any] = _BY_HAND if origin == _HUMAN else orjson.loads(origin)
            known = orjson.loads(facets) if facets else _NOTHING
            if suggestion is not None:
                found.from_suggestion.setdefault(suggestion, identity)
            if kind == "relation":
                score = told.get("score")
                found.links.append(Link(identity, label, head, tail, known, annotator, note, state, score, told))
            elif orphan:
                self._losses.add("formats.lost-orphan", f"{label} ({identity})")
            else:
                place = (Span(start, end),) if spans is None else parse_spans(start, end, spans)
                score = told.get("score")
                found.passages.append(
                    Passage(identity, kind, label, place, known, annotator, note, state, score, register, told)
                )

    def _gather_rejected(self, ids: Sequence[str], gathered: Mapping[str, _Gathered]) -> None:
        for document, identity, suggestion, copied, start, end, spans, annotator in self._rows.rejected(ids):
            copy = json.loads(copied)
            found = gathered[document]
            if not self._asked_for(copy["kind"], copy["label"], annotator):
                continue
            origin = {"by": "pipeline", "source": copy.get("source"), "suggestion": suggestion}
            facets, score = copy.get("facets") or {}, copy.get("score")
            if copy["kind"] == "relation":
                link = Link(identity, copy["label"], copy["head"], copy["tail"], facets, annotator, None, "rejected")
                found.proposed.append(link._replace(score=score, origin=origin))
            elif start is not None:
                found.from_suggestion.setdefault(suggestion, identity)
                place = parse_spans(start, end, spans)
                found.passages.append(
                    Passage(
                        identity, copy["kind"], copy["label"], place, facets, annotator, None, "rejected", score,
                        None, origin,
                    )
                )  # fmt: skip

    @cached_property
    def _wide(self) -> Mapping[tuple[str | None, str, str], str]:
        """(document or None, label, surface) → who rejected it there or everywhere."""
        return {tuple(row[:3]): row[3] for row in reversed(self._rows.wide_rejections())}

    def _gather_open(self, ids: Sequence[str], gathered: Mapping[str, _Gathered], texts: Mapping[str, str]) -> None:
        for row in self._rows.open_suggestions(ids):
            (document, identity, kind, label, start, end, spans, head, tail, facets, score, rule, pipeline,
             version) = row  # fmt: skip
            found = gathered[document]
            if identity in found.from_suggestion:
                continue
            by = None
            if start is not None and self._wide:
                words = surface(texts[document][start:end])
                by = self._wide.get((None, label, words)) or self._wide.get((document, label, words))
            state = "rejected" if by else "suggested"
            asked = self._options.rejected if by else bool(self._options.suggestions)
            if not asked or not self._asked_for(kind, label, by):
                continue
            origin = {"by": "pipeline", "source": shown_source(f"{pipeline} {version}", rule), "suggestion": identity}
            known: Mapping[str, Any] = orjson.loads(facets) if facets else _NOTHING
            if kind == "relation":
                link = Link(identity, label, head, tail, known, by or "", None, "suggested", score, origin)
                found.proposed.append(link)
            else:
                found.from_suggestion.setdefault(identity, identity)
                place = parse_spans(start, end, spans)
                passage = Passage(identity, kind, label, place, known, by or "", None, score=score, origin=origin)
                found.passages.append(passage._replace(state="rejected" if state == "rejected" else "suggested"))

    # One document -----------------------------------------------------------------------------------------

    def _document(self, row: Row, gathered: _Gathered, far: frozenset[str]) -> LayerDocument:
        (identity, name, title, source, publisher, date, language, metadata, furniture, split, text, _) = row
        shown = {"publisher": publisher, "date": date}
        own = orjson.loads(metadata) if metadata != "{}" else {}
        passages = gathered.passages
        if self._options.rejected or self._options.suggestions:
            passages.sort(key=lambda one: (one.spans[0].start, one.spans[-1].end, one.id))
        return LayerDocument(
            name=name,
            text=text,
            id=identity,
            title=title,
            source=source,
            language=language,
            metadata=own | {key: value for key, value in shown.items() if value is not None},
            furniture=tuple(Span(*pair) for pair in orjson.loads(furniture)) if furniture != "[]" else (),
            split=split if self._options.split else None,
            passages=tuple(passages),
            links=tuple(self._links(gathered, far)),
            notes=tuple(gathered.notes),
        )

    def _links(self, gathered: _Gathered, far: frozenset[str]) -> Iterator[Link]:
        if not gathered.links and not gathered.proposed:
            return
        standing = {one.id for one in gathered.passages}
        stands_for = gathered.from_suggestion
        links = [one._replace(head=stands_for.get(one.head, one.head), tail=stands_for.get(one.tail, one.tail))
                 for one in gathered.proposed]  # fmt: skip
        for link in sorted([*gathered.links, *links], key=lambda one: one.id):
            missing = {link.head, link.tail} - standing
            if not missing or (self._far_links and missing <= far):
                yield link
            else:
                code = "formats.lost-far-link" if missing <= far else "formats.lost-link-end"
                self._losses.add(code, f"{link.label} ({link.id})")

    def _far_ends(self, gathered: Mapping[str, _Gathered]) -> frozenset[str]:
        """Return the ids of ends in other documents that are exported too."""
        wanted = {
            end
            for one in gathered.values()
            if one.links
            for link in one.links
            for end in {link.head, link.tail} - {passage.id for passage in one.passages}
        }
        return frozenset(
            identity
            for identity, document, kind, label, annotator in (self._rows.ends(wanted) if wanted else ())
            if document in self._inside and self._asked_for(kind, label, annotator)
        )


class _Gathered:
    """What stands in one document."""

    __slots__ = ("from_suggestion", "links", "notes", "passages", "proposed")

    def __init__(self) -> None:
        self.passages: list[Passage] = []
        self.links: list[Link] = []
        self.proposed: list[Link] = []
        """Links that were only suggested; they end on suggestions."""
        self.notes: list[DocumentNote] = []
        self.from_suggestion: dict[str, str] = {}
        """Suggestion → the passage that stands for it."""
