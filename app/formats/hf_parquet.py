"""A Hugging Face data set: Parquet files with explicit features, a card, and a view of words with tags beside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from app.formats.contract import Format, Holds, WriteContext
from app.formats.hf_reading import read, recognises
from app.formats.hf_schema import DOCUMENTS, arrow, described, feature, quoted, tags, words
from app.formats.layers import LayerDocument, Link, Loss, Losses, Passage
from app.formats.simplify import flattened
from app.formats.words import sentences

_ROWS = 1000
"""Documents, or sentences, kept until they are written."""
PARTS = {"train": "train", "dev": "validation", "test": "test"}
"""A split's parts, and what the data set calls them."""
_OPEN = frozenset({"rejected", "suggested"})


def write(documents: Iterable[LayerDocument], target: Path, context: WriteContext) -> tuple[Loss, ...]:
    """Write ``data`` and ``tokens`` (choice ``tokens``), divided by the documents' split, and the card's head."""
    losses = Losses()
    names = tags(context.labels)
    data = _Parts(target / "data", DOCUMENTS)
    tokens = _Parts(target / "tokens", words(names)) if context.choices.get("tokens", "with") == "with" else None
    numbers = {tag: number for number, tag in enumerate(names)}
    languages: dict[str, None] = {}
    for document in documents:
        part = PARTS.get(document.split or "", "train")
        data.add(part, [_row(document, context)])
        if tokens is not None:
            tokens.add(part, _word_rows(document, numbers, context, losses))
        if document.language:
            languages[document.language.replace("_", "-").partition("-")[0].lower()] = None
    for parts in (data, tokens):
        if parts is not None:
            parts.close()
    head = _head(data, tokens, sorted(languages), context)
    (target / "README.md").write_text("\n".join(head) + "\n\n", "utf-8", newline="\n")
    return losses.all()


class _Parts:
    """Parquet files, one for each part of the split that holds anything."""

    def __init__(self, folder: Path, columns: Mapping[str, Any]) -> None:
        import pyarrow as pa

        self.folder = folder
        self.columns = columns
        told = {"info": {"features": {name: feature(column) for name, column in columns.items()}}}
        fields = [pa.field(name, arrow(column)) for name, column in columns.items()]
        self._schema = pa.schema(fields, metadata={"huggingface": orjson.dumps(told)})
        self._writers: dict[str, Any] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def add(self, part: str, rows: Iterable[dict[str, Any]]) -> None:
        """Add rows to a part."""
        waiting = self._rows.setdefault(part, [])
        waiting += rows
        if len(waiting) >= _ROWS:
            self._flush(part)

    @property
    def parts(self) -> list[str]:
        """The parts that hold anything, train first; there always is one."""
        return [part for part in PARTS.values() if part in self._rows] or ["train"]

    def close(self) -> None:
        """Write what is left."""
        for part in self.parts:
            self._rows.setdefault(part, [])
            self._flush(part)
            self._writers[part].close()

    def _flush(self, part: str) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        if part not in self._writers:
            self.folder.mkdir(exist_ok=True)
            path = self.folder / f"{part}-00000-of-00001.parquet"
            self._writers[part] = parquet.ParquetWriter(path, self._schema)
        rows = self._rows[part]
        columns = [pa.array([row[field.name] for row in rows], field.type) for field in self._schema]
        self._writers[part].write_table(pa.Table.from_arrays(columns, schema=self._schema))
        rows.clear()


# Rows -------------------------------------------------------------------------------------------------------


def _row(document: LayerDocument, context: WriteContext) -> dict[str, Any]:
    names, text = context.annotators, document.text
    entities: list[dict[str, Any]] = []
    claims: list[dict[str, Any]] = []
    suggestions: list[dict[str, Any]] = []
    for one in document.passages:
        if one.state in _OPEN:
            suggestions.append({"kind": one.kind, **_passage(one, text, names)})
        else:
            (entities if one.kind == "entity" else claims).append(_passage(one, text, names))
    return {
        "id": document.id or None,
        "name": document.name,
        "title": document.title,
        "source": document.source,
        "language": document.language,
        "metadata": [{"name": name, "value": value} for name, value in document.metadata.items()],
        "text": text,
        "furniture": [{"start": start, "end": end} for start, end in document.furniture],
        "entities": entities,
        "claims": claims,
        "relations": [_link(one, names) for one in document.links if one.state not in _OPEN],
        "suggestions": suggestions,
        "suggested_relations": [_link(one, names) for one in document.links if one.state in _OPEN],
        "notes": [{"annotator": names.get(one.annotator, one.annotator), "text": one.text} for one in document.notes],
    }


def _passage(one: Passage, text: str, names: Mapping[str, str]) -> dict[str, Any]:
    start, end = one.spans[0].start, one.spans[-1].end
    fragments = [{"start": a, "end": b} for a, b in one.spans]
    return {
        "id": one.id,
        "label": one.label,
        "start": start,
        "end": end,
        "fragments": fragments,
        "text": text[start:end] if len(fragments) == 1 else " ".join(text[a:b] for a, b in one.spans),
        **_marks(one, names),
        "register": one.register,
    }


def _link(one: Link, names: Mapping[str, str]) -> dict[str, Any]:
    return {"id": one.id, "label": one.label, "head": one.head, "tail": one.tail, **_marks(one, names)}


def _marks(one: Passage | Link, names: Mapping[str, str]) -> dict[str, Any]:
    origin = one.origin
    return {
        "facets": [_facet(name, value) for name, value in one.facets.items()] if one.facets else [],
        "annotator": names.get(one.annotator, one.annotator) or None,
        "state": one.state,
        "score": one.score,
        "note": one.note,
        "origin": orjson.dumps(dict(origin)).decode() if origin and origin != {"by": "human"} else None,
    }


def _facet(name: str, value: object) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"name": name, "value": "true" if value else "false", "flag": value}
    return {"name": name, "value": None if value is None else str(value), "flag": None}


def _word_rows(
    document: LayerDocument, numbers: Mapping[str, int], context: WriteContext, losses: Losses
) -> Iterator[dict[str, Any]]:
    """Yield the sentences with the entities of one layer without overlaps, as tags."""
    may = [
        one
        for one in document.passages
        if one.kind == "entity" and len(one.spans) == 1 and one.state not in _OPEN and f"B-{one.label}" in numbers
    ]
    flat = replace(document, passages=tuple(flattened(may, context.rank)[0]))
    for number, sentence in enumerate(sentences(flat, losses)):
        tagged = [0] * len(sentence.words)
        for first, last, passage in sentence.passages:
            inner = numbers[f"I-{passage.label}"]
            tagged[first : last + 1] = [numbers[f"B-{passage.label}"], *[inner] * (last - first)]
        yield {
            "id": f"{document.id or document.name}-{number}",
            "document": document.id or document.name,
            "tokens": sentence.texts(document.text),
            "ner_tags": tagged,
        }


# The card's head --------------------------------------------------------------------------------------------


def _head(data: _Parts, tokens: _Parts | None, languages: Iterable[str], context: WriteContext) -> Iterator[str]:
    yield "---"
    yield f"pretty_name: {quoted(context.project or 'Kurator')}"
    known = [one for one in languages if re.fullmatch(r"[a-z]{2,3}", one)]
    if known:
        yield from ("language:", *(f"- {quoted(one)}" for one in known))
    if context.licence:
        slug = re.sub(r"[^a-z0-9.]+", "-", context.licence.lower()).strip("-")
        yield from ("license: other", f"license_name: {quoted(slug)}")
    yield from ("task_categories:", "- token-classification")
    views = [("default", data), *([("tokens", tokens)] if tokens is not None else [])]
    yield "configs:"
    for name, parts in views:
        yield from (f"- config_name: {name}", "  data_files:")
        for part in parts.parts:
            yield from (f"  - split: {part}", f"    path: {parts.folder.name}/{part}-*")
    yield "dataset_info:"
    for name, parts in views:
        yield from (f"- config_name: {name}", "  features:", *described(parts.columns, "  "))
    yield "---"


FORMAT = Format(
    id="hf",
    title="formats.hf",
    description="formats.hf-about",
    suffix="",
    folder=True,
    holds=Holds(
        overlaps="kept",
        discontinuous="kept",
        relations="kept",
        facets="kept",
        notes="kept",
        annotator="kept",
        decisions="kept",
    ),
    far_links=True,
    own_split=True,
    beside=frozenset({"metadata", "furniture", "register", "score"}),
    card=True,
    write=write,
    read=read,
    recognises=recognises,
    choices={"tokens": ("with", "without")},
)
