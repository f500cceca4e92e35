"""Reading Parquet files and folders of Hugging Face data sets: ours, and others whose columns have usual names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from app.formats.beside import STATES, items, number, record, string, whole
from app.formats.contract import ReadContext
from app.formats.gathering import Gathering, parsed, read_bytes, records
from app.formats.iob import joined, runs
from app.formats.layers import DocumentNote, LayerDocument, Refusal
from app.formats.spacy_convention import unreadable
from models.errors import UserError
from models.spans import Span

_TEXTS = ("text", "note_text", "content", "document", "sentence")
_NAMES = ("name", "id", "note_id", "doc_id", "title")
_STARTS, _ENDS = ("start", "start_char", "begin"), ("end", "end_char")
_LABELS = ("label", "type", "entity", "entity_type", "note_nlp_source_value", "tag")
_PARTS = {"train": "train", "validation": "dev", "valid": "dev", "dev": "dev", "test": "test"}
_BATCH = 500


def read(paths: Sequence[Path], context: ReadContext) -> Iterator[LayerDocument | Refusal]:
    """Read Parquet files, folders of them, and the same rows as JSON or JSON lines."""
    for path in paths:
        for file in _files(path):
            yield from _read_file(file, context)


def _files(path: Path) -> list[Path]:
    """Return the files of a data set: the view of words only where there is nothing else."""
    if not path.is_dir():
        return [path]
    found = sorted(one for one in path.rglob("*.parquet") if one.is_file())
    documents = [one for one in found if one.parent.name != "tokens"]
    return documents or found


def _read_file(path: Path, context: ReadContext) -> Iterator[LayerDocument | Refusal]:
    part = _PARTS.get(path.name.partition("-")[0].partition(".")[0])
    try:
        if path.suffix.lower() == ".parquet":
            names, rows = _parquet(path)
        else:
            names, rows = [], _json(path)
        for place, row in rows:
            if isinstance(row, Refusal):
                yield row
            else:
                yield from _Row(path, place, part, context, names).items(row)
    except Exception as error:  # Arrow raises whatever the bytes lead it to
        yield unreadable(str(path), error)


def _parquet(path: Path) -> tuple[list[str], Iterator[tuple[int, Any]]]:
    """Return the names of the tags, if the file tells them, and the rows."""
    from pyarrow import parquet

    file = parquet.ParquetFile(path)
    told = (file.schema_arrow.metadata or {}).get(b"huggingface")
    features = orjson.loads(told).get("info", {}).get("features", {}) if told else {}
    column: Any = next((features[name] for name in ("ner_tags", "tags", "labels") if name in features), {})
    inner = column.get("feature", column) if isinstance(column, dict) else column[0]
    names = inner.get("names", []) if isinstance(inner, dict) else []

    def rows() -> Iterator[tuple[int, Any]]:
        place = 0
        for batch in file.iter_batches(_BATCH):
            for row in batch.to_pylist():
                place += 1
                yield place, row

    return [str(one) for one in names], rows()


def _json(path: Path) -> Iterator[tuple[int, Any]]:
    if path.suffix.lower() == ".jsonl":
        return iter(records(path))
    found = parsed(read_bytes(path))
    rows = found.get("data", [found]) if isinstance(found, dict) else found
    return iter(enumerate(items(rows, "data"), 1))


class _Row:
    """One row of a file."""

    def __init__(self, path: Path, place: int, part: str | None, context: ReadContext, names: Sequence[str]) -> None:
        self._path = path
        self._place = place
        self._part = part
        self._context = context
        self._names = names
        self._ids: list[str] = []
        self._related = False

    def items(self, row: Any) -> Iterator[LayerDocument | Refusal]:
        """Yield the document, then what of it was refused."""
        try:
            fields = record(row, "–")
            if isinstance(fields.get("tokens"), list) and not isinstance(fields.get("text"), str):
                yield from self._words(fields)
                return
            text = next((fields[name] for name in _TEXTS if isinstance(fields.get(name), str)), None)
            gathering = self._gathering(fields, string(text, "text"))
            self._gather(gathering, fields)
        except UserError as error:
            yield Refusal(str(self._path), self._place, error.code, error.details)
            return
        yield from gathering.items()

    def _gathering(self, fields: Mapping[str, Any], text: str) -> Gathering:
        named = next((fields[name] for name in _NAMES if isinstance(fields.get(name), str) and fields[name]), None)
        facts = {name: fields[name] for name in ("title", "source", "language") if isinstance(fields.get(name), str)}
        name = named or f"{self._path.stem}#{self._place}"
        gathering = Gathering(str(self._path), self._context, name, text, **facts, **self._facts(fields))
        gathering.far_links = True
        return gathering

    def _facts(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        facts: dict[str, Any] = {"split": self._part}
        if isinstance(fields.get("id"), str) and isinstance(fields.get("name"), str):
            facts["id"] = fields["id"]
        metadata = fields.get("metadata")
        if isinstance(metadata, list):
            pairs = [one for one in metadata if isinstance(one, dict) and isinstance(one.get("name"), str)]
            facts["metadata"] = {one["name"]: str(one.get("value") or "") for one in pairs}
        elif isinstance(metadata, dict):
            facts["metadata"] = {str(key): str(value) for key, value in metadata.items() if value is not None}
        furniture = fields.get("furniture")
        if isinstance(furniture, list):
            facts["furniture"] = tuple(Span(*_bounds(record(one, "furniture"))) for one in furniture)
        return facts

    def _gather(self, gathering: Gathering, fields: Mapping[str, Any]) -> None:
        self._related = bool(fields.get("relations"))
        for column in ("entities", "claims", "suggestions", "spans"):
            for place, one in enumerate(items(fields.get(column), column)):
                with gathering.refusing(self._place):
                    self._passage(gathering, record(one, column), column, place)
        for column in ("relations", "suggested_relations"):
            for place, one in enumerate(items(fields.get(column), column)):
                with gathering.refusing(self._place):
                    self._link(gathering, record(one, column), f"{column}#{place}")
        for one in items(fields.get("notes"), "notes"):
            with gathering.refusing(self._place):
                note = record(one, "notes")
                gathering.notes.append(DocumentNote(note.get("annotator") or "", string(note.get("text"), "text")))

    def _passage(self, gathering: Gathering, one: Mapping[str, Any], column: str, place: int) -> None:
        fragments = [_bounds(record(part, "fragments")) for part in items(one.get("fragments"), "fragments")]
        label = next((one[name] for name in _LABELS if isinstance(one.get(name), str)), None)
        identity = one["id"] if isinstance(one.get("id"), str) else ""
        key = identity or f"{column}#{place}"
        if self._related:  # by its place
            identity = key
        fields = _marks(one)
        kind = "claim" if column == "claims" or one.get("kind") == "claim" else "entity"
        if column in ("claims", "suggestions") or "state" in one:
            fields["kind"] = kind
        if isinstance(one.get("register"), str):
            fields["register"] = one["register"]
        if column == "entities":
            self._ids.append(key)
        gathering.passage(
            key, string(label, "label"), fragments or [_bounds(one)], _origin(one), self._place, id=identity, **fields
        )

    def _link(self, gathering: Gathering, one: Mapping[str, Any], key: str) -> None:
        label = next((one[name] for name in _LABELS if isinstance(one.get(name), str)), None)
        identity = one["id"] if isinstance(one.get("id"), str) else ""
        head, tail = self._end(one.get("head")), self._end(one.get("tail"))
        gathering.link(
            identity or key, string(label, "label"), head, tail, _origin(one), self._place, id=identity, **_marks(one)
        )

    def _end(self, end: Any) -> str:
        """Return the end of a relation: an id, or the place of an entity in its list."""
        if isinstance(end, str):
            return end
        place = whole(end, "head")
        if not 0 <= place < len(self._ids):
            raise UserError("peers.end-missing", id=place)
        return self._ids[place]

    def _words(self, fields: Mapping[str, Any]) -> Iterator[LayerDocument | Refusal]:
        texts = [string(word, "tokens") for word in items(fields["tokens"], "tokens")]
        values = next((fields[name] for name in ("ner_tags", "tags", "labels") if name in fields), None)
        tags = [self._tag(value) for value in items(values, "ner_tags")]
        if len(tags) != len(texts):
            raise UserError("peers.bad-field", field="ner_tags")
        places = list(joined(texts))
        gathering = self._gathering(fields, " ".join(texts))
        for first, last, label in runs(tags):
            spans = [(places[first][0], places[last][1])]
            gathering.passage(f"#{first}", label, spans, {}, self._place, id="")
        yield from gathering.items()

    def _tag(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        place = whole(value, "ner_tags")
        if not 0 <= place < len(self._names):
            raise UserError("formats.tag-unnamed", tag=place)
        return self._names[place]


def _bounds(one: Mapping[str, Any]) -> tuple[int, int]:
    start = next((one[name] for name in _STARTS if name in one), None)
    end = next((one[name] for name in _ENDS if name in one), None)
    return whole(start, "start"), whole(end, "end")


def _marks(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that passages and links share, where they are ours."""
    found: dict[str, Any] = {}
    if isinstance(one.get("facets"), list):
        facets = [record(facet, "facets") for facet in one["facets"]]
        found["facets"] = {
            string(facet.get("name"), "facets"): facet["flag"] if facet.get("flag") is not None else facet.get("value")
            for facet in facets
        }
    if isinstance(one.get("annotator"), str):
        found["annotator"] = one["annotator"]
    if isinstance(one.get("note"), str) and "state" in one:
        found["note"] = one["note"]
    if one.get("state") in STATES:
        found["state"] = one["state"]
    if one.get("score") is not None:
        found["score"] = number(one["score"], "score")
    return found


def _origin(one: Mapping[str, Any]) -> Mapping[str, object]:
    told = one.get("origin")
    return record(parsed(told), "origin") if isinstance(told, str) and told else {}


def recognises(path: Path) -> bool:
    """Whether a file is Parquet with documents in it, or a folder holds such files."""
    if path.is_dir():
        return any(recognises(one) for one in sorted(path.rglob("*.parquet"))[:1])
    try:
        with path.open("rb") as file:
            if file.read(4) != b"PAR1":
                return False
        from pyarrow import parquet

        columns = set(parquet.read_schema(path).names)
    except Exception:  # not what its first bytes say
        return False
    return bool(columns & {*_TEXTS, "tokens"})
