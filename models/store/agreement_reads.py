"""Reading what several annotators made of the same documents: straight rows, one document at a time."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from models.agreement.records import ComparedDocument, Link, Passage, Reading
from models.annotations import Annotator
from models.spans import Span
from models.store.reads import Reads, parse_spans

_WORK = """
SELECT document_id, annotator_id, 0 FROM annotations GROUP BY 1, 2
UNION ALL SELECT document_id, annotator_id, state = 'done' FROM statuses
"""

_DOCUMENT = """
SELECT d.id, d.name, d.length, d.furniture, d.control, t.text FROM documents d
JOIN texts t ON t.seq = d.text_seq WHERE d.id = ?
"""

_ANNOTATIONS = """
SELECT annotator_id, kind, id, label, start, "end", spans, facets, head, tail FROM annotations
WHERE document_id = ? AND orphan = 0
"""


class Readers(NamedTuple):
    """Who worked on a document, and who of these is done with it."""

    document: str
    name: str
    control: bool
    worked: frozenset[str]
    done: frozenset[str]


def people_with_work(reads: Reads) -> list[Annotator]:
    """Return the people who annotated anything or are done with a document; adjudicated readings left out."""
    rows = reads.connection.execute(
        "SELECT id, kind, name FROM annotators a WHERE kind = 'human' AND ("
        "EXISTS (SELECT 1 FROM annotations n WHERE n.annotator_id = a.id) OR "
        "EXISTS (SELECT 1 FROM statuses s WHERE s.annotator_id = a.id AND s.state = 'done')) ORDER BY name, id"
    )
    return [Annotator(*row) for row in rows]


def readers(reads: Reads) -> Iterator[Readers]:
    """Yield who worked on each document of the corpus, by name."""
    worked: dict[str, set[str]] = {}
    done: dict[str, set[str]] = {}
    for document, annotator, finished in reads.connection.execute(_WORK):
        worked.setdefault(document, set()).add(annotator)
        if finished:
            done.setdefault(document, set()).add(annotator)
    rows = reads.connection.execute("SELECT id, name, control FROM documents WHERE removed IS NULL ORDER BY name, id")
    for document, name, control in rows:
        who = frozenset(worked.get(document, ())), frozenset(done.get(document, ()))
        yield Readers(document, name, bool(control), *who)


def compared(
    reads: Reads, document: str, annotators: Sequence[str], labels: Collection[str] | None = None
) -> ComparedDocument:
    """Return one document with these annotators' readings, orphans left out.

    ``labels`` narrows it to passages and relations with these; None takes all.
    """
    passages: dict[str, list[Passage]] = {one: [] for one in annotators}
    links: dict[str, list[Link]] = {one: [] for one in annotators}
    rows = reads.connection.execute(_ANNOTATIONS, (document,)).fetchall()
    for annotator, kind, identity, label, start, end, spans, facets, head, tail in rows:
        if annotator not in passages or (labels is not None and label not in labels):
            continue
        if kind == "relation":
            links[annotator].append(Link(identity, label, head, tail))
        else:
            values = json.loads(facets) if facets else {}
            passages[annotator].append(Passage(identity, kind, label, parse_spans(start, end, spans), values))
    identity, name, length, furniture, control, text = reads.connection.execute(_DOCUMENT, (document,)).fetchone()
    return ComparedDocument(
        identity,
        name,
        length,
        text,
        {one: Reading(tuple(passages[one]), tuple(links[one])) for one in annotators},
        tuple(Span(start, end) for start, end in json.loads(furniture)),
        bool(control),
    )
