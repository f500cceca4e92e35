"""The columns of our Hugging Face data set, as Arrow has them and as its card and its files tell them.

``default``: a row for each document. Lists are lists of structs with the same fields everywhere, so that every
reader sees one type; what may be of several types is told as text. ``tokens``: a row for each sentence, words with
tags, beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from models.labels import LabelSet

SPAN = {"start": "int32", "end": "int32"}
FACETS = [{"name": "string", "value": "string", "flag": "bool"}]
"""A flag has ``flag``, and its ``value`` says the same as text."""
_MARK = {
    "facets": FACETS,
    "annotator": "string",
    "state": "string",
    "score": "float64",
    "note": "string",
    "origin": "string",
}
PASSAGE = {
    "id": "string",
    "label": "string",
    **SPAN,
    "fragments": [SPAN],
    "text": "string",
    **_MARK,
    "register": "string",
}
LINK = {"id": "string", "label": "string", "head": "string", "tail": "string", **_MARK}
"""``head`` and ``tail`` are ids of entities or claims; ``origin`` is JSON."""

DOCUMENTS: Mapping[str, Any] = {
    "id": "string",
    "name": "string",
    "title": "string",
    "source": "string",
    "language": "string",
    "metadata": [{"name": "string", "value": "string"}],
    "text": "string",
    "furniture": [SPAN],
    "entities": [PASSAGE],
    "claims": [PASSAGE],
    "relations": [LINK],
    "suggestions": [{"kind": "string", **PASSAGE}],
    "suggested_relations": [LINK],
    "notes": [{"annotator": "string", "text": "string"}],
}
"""Column → type: a name, an object of types, or a list of one type. Entities, claims and relations are true;
suggestions were turned down (``state`` rejected: negatives) or judged by nobody (suggested)."""


def tags(labels: LabelSet) -> list[str]:
    """Return the tags of the words, ``O`` first, in the label set's order."""
    return ["O", *(f"{begin}-{label.id}" for label in labels.entities for begin in "BI")]


def words(names: list[str]) -> dict[str, Any]:
    """Return the columns of the words' view."""
    return {"id": "string", "document": "string", "tokens": ["string"], "ner_tags": [{"names": names}]}


def is_class(column: Any) -> bool:
    """Whether a type is a whole number with a name for each value."""
    return isinstance(column, dict) and list(column) == ["names"] and isinstance(column["names"], list)


def arrow(column: Any) -> Any:
    """Return a type as Arrow's."""
    import pyarrow as pa

    if isinstance(column, str):
        return {"string": pa.string(), "int32": pa.int32(), "float64": pa.float64(), "bool": pa.bool_()}[column]
    if is_class(column):
        return pa.int64()
    if isinstance(column, list):
        return pa.list_(arrow(column[0]))
    return pa.struct([pa.field(name, arrow(one)) for name, one in column.items()])


def feature(column: Any) -> Any:
    """Return a type as the ``huggingface`` key of a Parquet file tells it, in the shape that all versions read."""
    if isinstance(column, str):
        return {"dtype": column, "_type": "Value"}
    if is_class(column):
        return {"names": column["names"], "_type": "ClassLabel"}
    if isinstance(column, list):
        inner = column[0]
        scalar = isinstance(inner, str) or is_class(inner)
        return {"feature": feature(inner), "_type": "Sequence"} if scalar else [feature(inner)]
    return {name: feature(one) for name, one in column.items()}


def described(columns: Mapping[str, Any], indent: str) -> list[str]:
    """Return columns as the lines of YAML that a data set's card has."""
    lines: list[str] = []
    for name, column in columns.items():
        lines.append(f"{indent}- name: {name}")
        if isinstance(column, str):
            lines.append(f"{indent}  dtype: {column}")
        elif isinstance(column, list) and isinstance(column[0], str):
            lines.append(f"{indent}  sequence: {column[0]}")
        elif isinstance(column, list) and is_class(column[0]):
            lines += [f"{indent}  sequence:", f"{indent}    class_label:", f"{indent}      names:"]
            lines += [f"{indent}        '{number}': {quoted(tag)}" for number, tag in enumerate(column[0]["names"])]
        else:
            lines += [f"{indent}  list:", *described(column[0], indent + "  ")]
    return lines


def quoted(text: str) -> str:
    """Return a text as YAML, which takes JSON's strings."""
    return json.dumps(text, ensure_ascii=False)
