"""The rows of the tables of claims and relations: a page at a time, as they are now."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from models.spans import Spans
from models.store.reads import parse_spans
from models.store.shown import HIDDEN, OFFERED


class AnnotationRow(NamedTuple):
    """A line of a table. ``key`` is the mark's; heads and tails belong to relations, speakers to claims."""

    document: str
    name: str
    key: str
    annotation: str | None
    label: str
    state: str
    quote: str
    facets: Mapping[str, object]
    note: str | None
    speaker: str | None = None
    head: str | None = None
    head_label: str | None = None
    tail: str | None = None
    tail_label: str | None = None


class Raw(NamedTuple):
    """What a row is made from: an annotation, or a suggestion (``annotation`` None)."""

    document: str
    annotation: str | None
    label: str
    state: str
    quote: str
    facets: str | None
    head: str | None
    tail: str | None
    note: str | None


class Page:
    """Reads what a handful of marks need, each text at most once.

    ``me`` is the present annotator, ``speaker`` the relation that names a claim's speaker.
    """

    def __init__(self, connection: sqlite3.Connection, me: str, speaker: str) -> None:
        self._execute = connection.execute
        self._me = me
        self._speaker = speaker
        self._texts: dict[str, str] = {}

    def raw(self, wanted: Mapping[str, str]) -> dict[str, Raw]:
        """Return what stands behind mark keys or annotation ids; values are the documents they lie in."""
        found = self._annotations(wanted)
        for key, document in wanted.items():
            if key not in found and (raw := self._suggestion(document, key)) is not None:
                found[key] = raw
        return found

    def _annotations(self, keys: Collection[str]) -> dict[str, Raw]:
        found: dict[str, Raw] = {}
        for column, owner in (("id", "? IS NOT NULL"), ("suggestion_id", "annotator_id = ?")):
            rows = self._execute(
                f"SELECT {column}, document_id, id, label, state, exact, facets, head, tail, note "
                f"FROM annotations WHERE {column} IN ({_places(keys)}) AND {owner}",
                (*keys, self._me),
            )
            for key, document, annotation, label, state, exact, *rest in rows:
                found[key] = Raw(document, annotation, label, state, quoted(exact), *rest)
        return found

    def _suggestion(self, document: str, key: str) -> Raw | None:
        row = self._execute(
            'SELECT label, start, "end", spans, facets, head, tail, EXISTS (SELECT 1 FROM decisions c '
            "WHERE c.suggestion_id = s.id AND c.annotator_id = ?3 AND c.verdict = 'rejected') "
            "FROM suggestions s WHERE document_id = ?1 AND id = ?2 "
            f"AND {OFFERED} AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.id = ?1 AND {HIDDEN})",
            (document, key, self._me),
        ).fetchone()
        if row is None:
            return None
        label, start, end, parts, facets, head, tail, rejected = row
        quote = self._quote(document, parse_spans(start, end, parts))
        state = "rejected" if rejected else "suggested"
        return Raw(document, None, label, state, quote, facets, head, tail, None)

    def _quote(self, document: str, spans: Spans) -> str:
        if not spans:
            return ""
        if document not in self._texts:
            row = self._execute(
                "SELECT t.text FROM documents d JOIN texts t ON t.seq = d.text_seq WHERE d.id = ?",
                (document,),
            ).fetchone()
            self._texts[document] = (row[0] if row else None) or ""
        return " … ".join(self._texts[document][start:end] for start, end in spans)

    def ends(self, raws: Iterable[Raw]) -> dict[str, Raw]:
        """Return what stands at the ends of relations, by the id that the relation names."""
        return self.raw({end: raw.document for raw in raws for end in (raw.head, raw.tail) if end})

    def speakers(self, raws: Mapping[str, Raw], attributions: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Return claim key → the speaker's quote; ``attributions`` are suggested (claim, speaker) keys."""
        claims = {raw.annotation: key for key, raw in raws.items() if raw.annotation}
        rows = self._execute(
            "SELECT r.head, x.exact FROM annotations r JOIN annotations x ON x.id = r.tail "
            f"WHERE r.label = ? AND r.head IN ({_places(claims)})",
            (self._speaker, *claims),
        )
        found = {claims[head]: quoted(exact) for head, exact in rows}
        proposed = {claim: end for claim, end in attributions if claim not in found and claim in raws}
        ends = self.raw({end: raws[claim].document for claim, end in proposed.items()})
        return found | {claim: ends[end].quote for claim, end in proposed.items() if end in ends}


def claim_row(key: str, name: str, raw: Raw, speaker: str | None) -> AnnotationRow:
    """Return a line of the table of claims."""
    facets = json.loads(raw.facets) if raw.facets else {}
    return AnnotationRow(
        raw.document, name, key, raw.annotation, raw.label, raw.state, raw.quote, facets, raw.note, speaker
    )


def relation_row(key: str, name: str, raw: Raw, ends: Mapping[str, Raw]) -> AnnotationRow:
    """Return a line of the table of relations."""
    head, tail = ends.get(raw.head or ""), ends.get(raw.tail or "")
    return AnnotationRow(
        raw.document, name, key, raw.annotation, raw.label, raw.state, "", {}, raw.note, None,
        head.quote if head else None, head.label if head else None,
        tail.quote if tail else None, tail.label if tail else None,
    )  # fmt: skip


def quoted(exact: str | None) -> str:
    """Return the quote of an ``exact`` column as people read it, fragments joined by an ellipsis."""
    return " … ".join(json.loads(exact)) if exact else ""


def _places(values: Collection[object]) -> str:
    return ",".join("?" * len(values))
