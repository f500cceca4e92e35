"""Passages and relations as rows of plain values, for formats that know no text."""

from __future__ import annotations

from collections.abc import Mapping

from app.formats.layers import LayerDocument, Link, Passage

Row = dict[str, str | int | float | bool]


def passage_row(document: LayerDocument, one: Passage, annotators: Mapping[str, str]) -> Row:
    """Return an entity or claim as a row; ``spans`` are code points, ``start-end`` with ``;`` between."""
    words = " … ".join(document.text[start:end] for start, end in one.spans)
    return {
        "id": one.id,
        "label": one.label,
        "text": words,
        "document": document.name,
        "document_id": document.id,
        "start": one.spans[0].start,
        "end": one.spans[-1].end,
        "spans": ";".join(f"{start}-{end}" for start, end in one.spans),
        "register": one.register or "",
        **_common(one, annotators),
    }


def link_row(document: LayerDocument, link: Link, annotators: Mapping[str, str]) -> Row:
    """Return a relation as a row."""
    return {
        "id": link.id,
        "label": link.label,
        "head": link.head,
        "tail": link.tail,
        "document": document.name,
        "document_id": document.id,
        **_common(link, annotators),
    }


def _common(item: Passage | Link, annotators: Mapping[str, str]) -> Row:
    row: Row = {
        "annotator": annotators.get(item.annotator, item.annotator),
        "state": item.state,
        "score": "" if item.score is None else item.score,
        "note": item.note or "",
    }
    for facet, value in item.facets.items():
        if value is not None:
            row[f"facet_{facet}"] = value if isinstance(value, bool) else str(value)
    return row
