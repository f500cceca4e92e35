"""Actors, claims and relations as a graph in GraphML, written only, with networkx.

A node for each entity and claim, an edge for each relation, from head to tail. Mentions of one entry of the register
are tied together by a node for it, to which each has an edge ``REFERS_TO``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from app.formats.contract import Format, Holds, WriteContext
from app.formats.flat_rows import Row, link_row, passage_row
from app.formats.layers import LayerDocument, Loss, Losses

ID = "graphml"
REFERS_TO = "REFERS_TO"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write(documents: Iterable[LayerDocument], target: Path, context: WriteContext) -> tuple[Loss, ...]:
    """Write the graph; a relation that ends outside what is exported has no edge."""
    import networkx

    losses = Losses()
    graph = networkx.MultiDiGraph()
    edges: list[tuple[str, Row]] = []
    for document in documents:
        _nodes(graph, document, context.annotators, losses)
        edges += [(document.name, link_row(document, link, context.annotators)) for link in document.links]
        if document.notes:
            losses.add("formats.lost-document-note", document.name, len(document.notes))
    for name, row in edges:
        head, tail = str(row.pop("head")), str(row.pop("tail"))
        if head in graph and tail in graph:
            graph.add_edge(head, tail, key=row["id"], **_plain(row, name, losses))
        else:
            losses.add("formats.lost-link-end", f"{name}: {row['label']}")
    networkx.write_graphml_xml(graph, target, encoding="utf-8", prettyprint=True)
    return losses.all()


def _nodes(graph: Any, document: LayerDocument, annotators: Mapping[str, str], losses: Losses) -> None:
    for one in document.passages:
        row = _plain(passage_row(document, one, annotators), document.name, losses)
        graph.add_node(one.id, kind=one.kind, **{key: value for key, value in row.items() if key != "id"})
        if one.register:
            if one.register not in graph:
                graph.add_node(one.register, kind="register", label=one.label, text=row["text"])
            graph.add_edge(one.id, one.register, label=REFERS_TO)


def _plain(row: Row, name: str, losses: Losses) -> dict[str, Any]:
    """Return the row without the empty and without what XML cannot hold; all texts, so that a key has one type."""
    plain: dict[str, Any] = {}
    for key, value in row.items():
        if value == "":
            continue
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if _NO_XML.search(text):
            losses.add("peers.lost-control-character", name)
            text = _NO_XML.sub("\ufffd", text)
        plain[key] = value if isinstance(value, int) and not isinstance(value, bool) else text
    return plain


FORMAT = Format(
    id=ID,
    title="peers.graphml",
    description="peers.graphml-about",
    suffix=".graphml",
    holds=Holds(
        entities="kept",
        overlaps="kept",
        discontinuous="kept",
        relations="kept",
        facets="kept",
        notes="kept",
        annotator="kept",
        decisions="kept",
        offsets="kept",
    ),
    far_links=True,
    beside=frozenset({"register", "score"}),
    write=write,
)
