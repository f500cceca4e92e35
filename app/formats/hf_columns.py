"""Documents as Arrow's own columns: flat lists of values and where each row's begin, not an object for each value.

Three times as quick as rows of dicts, and what the schema says (:mod:`app.formats.hf_schema`) holds either way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from app.formats.hf_schema import DOCUMENTS, FACETS, SPAN, arrow
from app.formats.layers import LayerDocument, Link, Passage

OPEN = frozenset({"rejected", "suggested"})
_HUMAN = {"by": "human"}


class Records:
    """A column whose rows are lists of records: all records one after another, and where each row ends."""

    def __init__(self) -> None:
        self.records: list[tuple[Any, ...]] = []
        self._ends = [0]

    def end_row(self) -> None:
        """Begin the next row."""
        self._ends.append(len(self.records))

    def array(self, shape: Mapping[str, Any], inner: Mapping[str, Any] = {}) -> Any:
        """Return the column as Arrow has it; ``inner``: fields that are columns of their own."""
        import pyarrow as pa

        plain = [name for name in shape if name not in inner]
        values = dict(zip(plain, zip(*self.records, strict=True) if self.records else [()] * len(plain), strict=True))
        arrays = [inner[name] if name in inner else pa.array(values[name], arrow(shape[name])) for name in shape]
        fields = [pa.field(name, arrow(one)) for name, one in shape.items()]
        offsets = pa.array(self._ends, pa.int32())
        return pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(arrays, fields=fields))


class Marks(Records):
    """A column of passages or links with their facets and fragments."""

    def __init__(self, shape: Mapping[str, Any]) -> None:
        super().__init__()
        self._shape = shape
        self._facets = Records()
        self._fragments = Records()

    def add_passage(self, one: Passage, text: str, names: Mapping[str, str], kind: tuple[str, ...] = ()) -> None:
        """Add a passage to the present row; ``kind`` where the column tells it."""
        identity, _, label, spans, facets, annotator, note, state, score, register, origin = one
        start, end = spans[0].start, spans[-1].end
        self._fragments.records += spans
        self._fragments.end_row()
        quote = text[start:end] if len(spans) == 1 else " ".join(text[a:b] for a, b in spans)
        self._add_facets(facets)
        by = names.get(annotator, annotator) or None
        told = _told(origin)
        self.records.append((*kind, identity, label, start, end, quote, by, state, score, note, told, register))

    def add_link(self, one: Link, names: Mapping[str, str]) -> None:
        """Add a link to the present row."""
        identity, label, head, tail, facets, annotator, note, state, score, origin = one
        self._add_facets(facets)
        by = names.get(annotator, annotator) or None
        self.records.append((identity, label, head, tail, by, state, score, note, _told(origin)))

    def _add_facets(self, facets: Mapping[str, object]) -> None:
        if facets:
            self._facets.records += [(name, *_facet(value)) for name, value in facets.items()]
        self._facets.end_row()

    def whole(self) -> Any:
        """Return the column as Arrow has it."""
        inner = {"facets": self._facets.array(FACETS[0])}
        if "fragments" in self._shape:
            inner["fragments"] = self._fragments.array(SPAN)
        return self.array(self._shape, inner)


def _told(origin: Mapping[str, object]) -> str | None:
    return orjson.dumps(dict(origin)).decode() if origin and origin != _HUMAN else None


def _facet(value: object) -> tuple[str | None, bool | None]:
    if isinstance(value, bool):
        return ("true" if value else "false"), value
    return (None if value is None else str(value)), None


class DocumentColumns:
    """Some documents as the columns of the ``default`` view."""

    _PLAIN = ("id", "name", "title", "source", "language", "text")

    def __init__(self) -> None:
        self._plain: dict[str, list[Any]] = {name: [] for name in self._PLAIN}
        self._records = {name: Records() for name in ("metadata", "furniture", "notes")}
        self._marks = {
            name: Marks(DOCUMENTS[name][0])
            for name in ("entities", "claims", "relations", "suggestions", "suggested_relations")
        }

    def __len__(self) -> int:
        return len(self._plain["name"])

    def add(self, document: LayerDocument, names: Mapping[str, str]) -> None:
        """Add a row; ``names``: annotator's id → name."""
        text, marks, records = document.text, self._marks, self._records
        values = (document.id or None, document.name, document.title, document.source, document.language, text)
        for column, value in zip(self._plain.values(), values, strict=True):
            column.append(value)
        records["metadata"].records += document.metadata.items()
        records["furniture"].records += document.furniture
        records["notes"].records += [(names.get(note.annotator, note.annotator), note.text) for note in document.notes]
        entities, claims, suggestions = marks["entities"], marks["claims"], marks["suggestions"]
        for one in document.passages:
            if one.state in OPEN:
                suggestions.add_passage(one, text, names, (one.kind,))
            else:
                (entities if one.kind == "entity" else claims).add_passage(one, text, names)
        for link in document.links:
            marks["suggested_relations" if link.state in OPEN else "relations"].add_link(link, names)
        for record in records.values():
            record.end_row()
        for mark in marks.values():
            mark.end_row()

    def arrays(self) -> list[Any]:
        """Return the columns in the schema's order."""
        import pyarrow as pa

        made = {name: pa.array(values, pa.string()) for name, values in self._plain.items()}
        made |= {name: one.array(DOCUMENTS[name][0]) for name, one in self._records.items()}
        made |= {name: one.whole() for name, one in self._marks.items()}
        return [made[name] for name in DOCUMENTS]


class WordColumns:
    """Some sentences as the columns of the ``tokens`` view."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._documents: list[str] = []
        self._tokens: list[str] = []
        self._tags: list[int] = []
        self._ends = [0]

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, identity: str, document: str, tokens: Sequence[str], tags: Sequence[int]) -> None:
        """Add a sentence."""
        self._ids.append(identity)
        self._documents.append(document)
        self._tokens += tokens
        self._tags += tags
        self._ends.append(len(self._tokens))

    def arrays(self) -> list[Any]:
        """Return the columns in the schema's order."""
        import pyarrow as pa

        ends = pa.array(self._ends, pa.int32())
        return [
            pa.array(self._ids, pa.string()),
            pa.array(self._documents, pa.string()),
            pa.ListArray.from_arrays(ends, pa.array(self._tokens, pa.string())),
            pa.ListArray.from_arrays(ends, pa.array(self._tags, pa.int64())),
        ]
