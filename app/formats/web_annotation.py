"""W3C Web Annotations as JSON-LD, written only: one collection, an annotation for each passage, relation and note.

Positions are code points of the text as stored; since the file does not hold the text, each passage has a quote with
what stands around it too. A relation links two annotations; a facet is a body that names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from app.formats.contract import Format, Holds, WriteContext
from app.formats.layers import LayerDocument, Link, Loss, Losses, Passage
from models.spans import anchor

ID = "web-annotation"
CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"kurator": "urn:kurator:"}]
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def write(documents: Iterable[LayerDocument], target: Path, context: WriteContext) -> tuple[Loss, ...]:
    """Write the collection, one annotation a line."""
    losses = Losses()
    label = context.project or "Kurator"
    head = {"@context": CONTEXT, "id": iri(label), "type": "AnnotationCollection", "label": label}
    page = {"id": f"{iri(label)}#page-1", "type": "AnnotationPage", "partOf": iri(label), "startIndex": 0}
    with target.open("wb") as file:
        file.write(orjson.dumps(head)[:-1] + b',"first":' + orjson.dumps(page)[:-1] + b',"items":[')
        total = 0
        for document in documents:
            if document.text:
                losses.add("peers.lost-text", document.name)
            for one in _annotations(document, context.annotators):
                file.write((b",\n" if total else b"\n") + orjson.dumps(one))
                total += 1
        file.write(b'\n]},"total":%d}\n' % total)
    return losses.all()


def _annotations(document: LayerDocument, annotators: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    source = document.source or ""
    place = source if source.startswith(("http://", "https://")) else iri(document.id or document.name)
    for one in document.passages:
        yield _passage(document, place, one, annotators)
    for link in document.links:
        yield _link(link, annotators)
    for number, note in enumerate(document.notes):
        yield {
            "id": f"{iri(document.id or document.name)}#note-{number}",
            "type": "Annotation",
            "motivation": "commenting",
            **_creator(note.annotator, annotators),
            "body": [{"type": "TextualBody", "purpose": "commenting", "value": note.text}],
            "target": place,
        }


def _passage(document: LayerDocument, place: str, one: Passage, annotators: Mapping[str, str]) -> dict[str, Any]:
    targets = []
    for span in one.spans:
        words = anchor(document.text, (span,))
        position = {"type": "TextPositionSelector", "start": span.start, "end": span.end}
        quoted = {
            "type": "TextQuoteSelector",
            "exact": words.exact[0],
            "prefix": words.prefix,
            "suffix": words.suffix,
        }
        targets.append({"source": place, "selector": [position, quoted]})
    composite = {"type": "Composite", "items": targets}
    return {
        "id": iri(one.id),
        "type": "Annotation",
        "motivation": "classifying",
        **_creator(one.annotator, annotators),
        "body": _bodies(one, "classifying"),
        "target": targets[0] if len(targets) == 1 else composite,
    }


def _link(link: Link, annotators: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": iri(link.id),
        "type": "Annotation",
        "motivation": "linking",
        **_creator(link.annotator, annotators),
        "body": [{"id": iri(link.tail), "type": "Annotation"}, *_bodies(link, "tagging")],
        "target": iri(link.head),
    }


def _bodies(item: Passage | Link, purpose: str) -> list[dict[str, Any]]:
    bodies: list[dict[str, Any]] = [{"type": "TextualBody", "purpose": purpose, "value": item.label}]
    for facet, value in item.facets.items():
        if value is not None:
            shown = str(value).lower() if isinstance(value, bool) else str(value)
            bodies.append({"type": "TextualBody", "purpose": "describing", "kurator:facet": facet, "value": shown})
    if isinstance(item, Passage) and item.register:
        bodies.append({"type": "SpecificResource", "purpose": "identifying", "source": iri(item.register)})
    if item.note:
        bodies.append({"type": "TextualBody", "purpose": "commenting", "value": item.note})
    return bodies


def _creator(annotator: str, annotators: Mapping[str, str]) -> dict[str, Any]:
    if not annotator:
        return {}
    name = annotators.get(annotator, annotator)
    return {"creator": {"id": iri(annotator), "type": "Person", "name": name}}


def iri(identity: str) -> str:
    """Return a name for the thing with this id that means the same everywhere."""
    if _UUID.fullmatch(identity):
        return f"urn:uuid:{identity}"
    return f"urn:kurator:{quote(identity, safe='', errors='replace')}"


FORMAT = Format(
    id=ID,
    title="peers.web-annotation",
    description="peers.web-annotation-about",
    suffix=".jsonld",
    holds=Holds(
        entities="kept",
        overlaps="kept",
        discontinuous="kept",
        relations="kept",
        facets="convention",
        notes="kept",
        annotator="kept",
        offsets="kept",
    ),
    far_links=True,
    beside=frozenset({"register"}),
    write=write,
)
