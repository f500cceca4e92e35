"""Actors, claims and relations as three CSV files, written only: for spreadsheets and statistics.

UTF-8 with a byte order mark, by which spreadsheets know it; a comma between, CR LF at the end of a row (RFC 4180).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from app.formats.contract import Format, Holds, WriteContext
from app.formats.flat_rows import link_row, passage_row
from app.formats.layers import LayerDocument, Loss, Losses

ID = "claims-csv"
ACTORS, CLAIMS, RELATIONS = "actors.csv", "claims.csv", "relations.csv"
_COMMON = ("document", "document_id", "annotator", "state", "score", "note")
_PASSAGE = ("id", "label", "text", "start", "end", "spans", "register", *_COMMON)
_RELATION = ("id", "label", "head", "head_text", "tail", "tail_text", *_COMMON)


def write(documents: Iterable[LayerDocument], target: Path, context: WriteContext) -> tuple[Loss, ...]:
    """Write the three files into the folder ``target``: a column for each facet of the label set."""
    losses = Losses()
    facets = tuple(f"facet_{facet.id}" for facet in context.labels.facets)
    columns = {ACTORS: _PASSAGE, CLAIMS: (*_PASSAGE, *facets), RELATIONS: _RELATION}
    files = {name: (target / name).open("w", encoding="utf-8-sig", errors="replace", newline="") for name in columns}
    try:
        tables = {name: csv.DictWriter(files[name], columns[name], restval="") for name in columns}
        for table in tables.values():
            table.writeheader()
        for document in documents:
            for name, row in _rows(document, context):
                row = {key: str(value).lower() if isinstance(value, bool) else value for key, value in row.items()}
                for key in [key for key in row if key not in columns[name]]:
                    losses.add("formats.lost-facet", f"{document.name}: {key.removeprefix('facet_')} ({row['label']})")
                    del row[key]
                tables[name].writerow(row)
            if document.notes:
                losses.add("formats.lost-document-note", document.name, len(document.notes))
    finally:
        for file in files.values():
            file.close()
    return losses.all()


def _rows(document: LayerDocument, context: WriteContext) -> Iterable[tuple[str, dict[str, object]]]:
    words: dict[str, object] = {}
    for one in document.passages:
        row = passage_row(document, one, context.annotators)
        words[one.id] = row["text"]
        yield CLAIMS if one.kind == "claim" else ACTORS, dict(row)
    for link in document.links:
        ends = {"head_text": words.get(link.head, ""), "tail_text": words.get(link.tail, "")}
        yield RELATIONS, {**link_row(document, link, context.annotators), **ends}


FORMAT = Format(
    id=ID,
    title="peers.claims-csv",
    description="peers.claims-csv-about",
    suffix="",
    folder=True,
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
