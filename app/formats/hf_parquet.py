"""A Hugging Face data set: Parquet files with explicit features, a card, and a view of words with tags beside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from app.formats.contract import Format, Holds, WriteContext
from app.formats.hf_columns import OPEN, DocumentColumns, WordColumns
from app.formats.hf_reading import read, recognises
from app.formats.hf_schema import DOCUMENTS, arrow, described, feature, quoted, tags, words
from app.formats.layers import LayerDocument, Loss, Losses
from app.formats.simplify import flattened
from app.formats.words import sentences

_ROWS = 1000
"""Documents, or sentences, kept until they are written."""
PARTS = {"train": "train", "dev": "validation", "test": "test"}
"""A split's parts, and what the data set calls them."""


def write(documents: Iterable[LayerDocument], target: Path, context: WriteContext) -> tuple[Loss, ...]:
    """Write ``data`` and ``tokens`` (choice ``tokens``), divided by the documents' split, and the card's head."""
    losses = Losses()
    tagged = tags(context.labels)
    data = _Parts(target / "data", DOCUMENTS, DocumentColumns)
    views = [data]
    if context.choices.get("tokens", "with") == "with":
        views.append(_Parts(target / "tokens", words(tagged), WordColumns))
    numbers = {tag: number for number, tag in enumerate(tagged)}
    languages: dict[str, None] = {}
    for document in documents:
        part = PARTS.get(document.split or "", "train")
        data.of(part).add(document, context.annotators)
        for view in views[1:]:
            _add_words(view.of(part), document, numbers, context, losses)
        if document.language:
            languages[document.language.replace("_", "-").partition("-")[0].lower()] = None
    for view in views:
        view.close()
    head = _head(views, sorted(languages), context)
    (target / "README.md").write_text("\n".join(head) + "\n\n", "utf-8", newline="\n")
    return losses.all()


class _Parts:
    """Parquet files, one for each part of the split that holds anything."""

    def __init__(self, folder: Path, columns: Mapping[str, Any], make: Callable[[], Any]) -> None:
        import pyarrow as pa

        self.folder = folder
        self.columns = columns
        self._make = make
        told = {"info": {"features": {name: feature(column) for name, column in columns.items()}}}
        fields = [pa.field(name, arrow(column)) for name, column in columns.items()]
        self._schema = pa.schema(fields, metadata={"huggingface": orjson.dumps(told)})
        self._writers: dict[str, Any] = {}
        self._waiting: dict[str, Any] = {}

    def of(self, part: str) -> Any:
        """Return the columns that take the next row of a part."""
        if part not in self._waiting or len(self._waiting[part]) >= _ROWS:
            self._flush(part)
            self._waiting[part] = self._make()
        return self._waiting[part]

    @property
    def parts(self) -> list[str]:
        """The parts that hold anything, train first; there always is one."""
        return [part for part in PARTS.values() if part in self._waiting] or ["train"]

    def close(self) -> None:
        """Write what is left."""
        for part in self.parts:
            self.of(part)
            self._flush(part)
            self._writers[part].close()

    def _flush(self, part: str) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        if part not in self._waiting:
            return
        if part not in self._writers:
            self.folder.mkdir(exist_ok=True)
            path = self.folder / f"{part}-00000-of-00001.parquet"
            self._writers[part] = parquet.ParquetWriter(path, self._schema)
        self._writers[part].write_table(pa.Table.from_arrays(self._waiting[part].arrays(), schema=self._schema))


def _add_words(
    view: WordColumns, document: LayerDocument, numbers: Mapping[str, int], context: WriteContext, losses: Losses
) -> None:
    """Add the sentences with the entities of one layer without overlaps, as tags."""
    may = [
        one
        for one in document.passages
        if one.kind == "entity" and len(one.spans) == 1 and one.state not in OPEN and f"B-{one.label}" in numbers
    ]
    flat = LayerDocument(document.name, document.text, passages=tuple(flattened(may, context.rank)[0]))
    named = document.id or document.name
    for number, sentence in enumerate(sentences(flat, losses)):
        tagged = [0] * len(sentence.words)
        for first, last, passage in sentence.passages:
            inner = numbers[f"I-{passage.label}"]
            tagged[first : last + 1] = [numbers[f"B-{passage.label}"], *[inner] * (last - first)]
        view.add(f"{named}-{number}", named, sentence.texts(document.text), tagged)


# The card's head --------------------------------------------------------------------------------------------


def _head(views: Iterable[_Parts], languages: Iterable[str], context: WriteContext) -> Iterator[str]:
    yield "---"
    yield f"pretty_name: {quoted(context.project or 'Kurator')}"
    known = [one for one in languages if re.fullmatch(r"[a-z]{2,3}", one)]
    if known:
        yield from ("language:", *(f"- {quoted(one)}" for one in known))
    if context.licence:
        slug = re.sub(r"[^a-z0-9.]+", "-", context.licence.lower()).strip("-")
        yield from ("license: other", f"license_name: {quoted(slug)}")
    yield from ("task_categories:", "- token-classification")
    named = [("default" if parts.folder.name == "data" else parts.folder.name, parts) for parts in views]
    yield "configs:"
    for name, parts in named:
        yield from (f"- config_name: {name}", "  data_files:")
        for part in parts.parts:
            yield from (f"  - split: {part}", f"    path: {parts.folder.name}/{part}-*")
    yield "dataset_info:"
    for name, parts in named:
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
