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
    """A column whose rows are lists of records: the values of each field one after another, and each row's end."""

    def __init__(self, *names: str) -> None:
        self.columns: dict[str, list[Any]] = {name: [] for name in names}
        self._first = self.columns[names[0]]
        self._ends = [0]

    def add(self, *values: Any) -> None:
        """Add a record to the present row."""
        for column, value in zip(self.columns.values(), values, strict=True):
            column.append(value)

    def end_row(self) -> None:
        """Begin the next row."""
        self._ends.append(len(self._first))

    def array(self, shape: Mapping[str, Any], inner: Mapping[str, Any] = {}) -> Any:
        """Return the column as Arrow has it; ``inner``: fields that are columns of their own."""
        import pyarrow as pa

        arrays = [inner[name] if name in inner else pa.array(self.columns[name], arrow(shape[name])) for name in shape]
        fields = [pa.field(name, arrow(one)) for name, one in shape.items()]
        offsets = pa.array(self._ends, pa.int32())
        return pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(arrays, fields=fields))


class Marks:
    """A column of passages or links with their facets and fragments."""

    def __init__(self, shape: Mapping[str, Any]) -> None:
        self._shape = shape
        self._records = Records(*(name for name in shape if name not in ("facets", "fragments")))
        self._columns = list(self._records.columns.values())
        self._facets = Records("name", "value", "flag")
        self._fragments = Records("start", "end")
        self._places = "fragments" in shape
        self._kinds = "kind" in shape
        self.end_row = self._records.end_row

    def add_passage(self, one: Passage, text: str, names: Mapping[str, str]) -> None:
        """Add a passage to the present row."""
        spans = one.spans
        start, end = spans[0].start, spans[-1].end
        for a, b in spans:
            self._fragments.add(a, b)
        self._fragments.end_row()
        quote = text[start:end] if len(spans) == 1 else " ".join(text[a:b] for a, b in spans)
        place = (one.id, one.label, start, end, quote)
        self._add((one.kind, *place) if self._kinds else place, one, names, (one.register,))

    def add_link(self, one: Link, names: Mapping[str, str]) -> None:
        """Add a link to the present row."""
        self._add((one.id, one.label, one.head, one.tail), one, names, ())

    def _add(self, place: Sequence[Any], one: Passage | Link, names: Mapping[str, str], last: Sequence[Any]) -> None:
        if one.facets:
            for name, value in one.facets.items():
                self._facets.add(name, *_facet(value))
        self._facets.end_row()
        origin = one.origin
        told = orjson.dumps(dict(origin)).decode() if origin and origin != _HUMAN else None
        by = names.get(one.annotator, one.annotator) or None
        values = (*place, by, one.state, one.score, one.note, told, *last)
        for column, value in zip(self._columns, values, strict=True):
            column.append(value)

    def array(self) -> Any:
        """Return the column as Arrow has it."""
        inner = {"facets": self._facets.array(FACETS[0])}
        if self._places:
            inner["fragments"] = self._fragments.array(SPAN)
        return self._records.array(self._shape, inner)


def _facet(value: object) -> tuple[str | None, bool | None]:
    if isinstance(value, bool):
        return ("true" if value else "false"), value
    return (None if value is None else str(value)), None


class DocumentColumns:
    """Some documents as the columns of the ``default`` view."""

    _PLAIN = ("id", "name", "title", "source", "language", "text")

    def __init__(self) -> None:
        self._plain: dict[str, list[Any]] = {name: [] for name in self._PLAIN}
        self._records = {name: Records(*DOCUMENTS[name][0]) for name in ("metadata", "furniture", "notes")}
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
        for name, fact in document.metadata.items():
            records["metadata"].add(name, fact)
        for start, end in document.furniture:
            records["furniture"].add(start, end)
        for note in document.notes:
            records["notes"].add(names.get(note.annotator, note.annotator), note.text)
        for one in document.passages:
            kind = "suggestions" if one.state in OPEN else "entities" if one.kind == "entity" else "claims"
            marks[kind].add_passage(one, text, names)
        for link in document.links:
            marks["suggested_relations" if link.state in OPEN else "relations"].add_link(link, names)
        for lists in (*records.values(), *marks.values()):
            lists.end_row()

    def arrays(self) -> list[Any]:
        """Return the columns in the schema's order."""
        import pyarrow as pa

        made = {name: pa.array(values, pa.string()) for name, values in self._plain.items()}
        made |= {name: one.array(DOCUMENTS[name][0]) for name, one in self._records.items()}
        made |= {name: one.array() for name, one in self._marks.items()}
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
