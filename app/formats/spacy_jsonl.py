"""spaCy's JSON, one ``Doc.to_json`` on each line; also lines and lists of ``[text, {"entities": […]}]``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from app.formats.beside import items, record, string, whole
from app.formats.contract import Format, ReadContext, WriteContext
from app.formats.gathering import Gathering, parsed, read_bytes, records
from app.formats.layers import LayerDocument, Loss, Losses, Refusal
from app.formats.spacy_convention import KEY, TRUE, Found, layered
from app.formats.spacy_docbin import FORMAT as DOCBIN
from models.errors import UserError

_BEGINNING = 1 << 16
_OTHERS = frozenset({"answer", "_task_hash", "_input_hash", "label", "entities", "Comments"})
"""Fields of other tools' lines that look alike."""


def write(documents: Iterable[LayerDocument], target: Path, context: WriteContext) -> tuple[Loss, ...]:
    """Write one line for each document, as ``Doc.from_json`` takes it."""
    from app.pipeline.docbin import json_of

    losses = Losses()
    with target.open("wb") as file:
        for document in documents:
            file.write(orjson.dumps(json_of(document, context, losses)) + b"\n")
    return losses.all()


def read(paths: Sequence[Path], context: ReadContext) -> Iterator[LayerDocument | Refusal]:
    """Read lines of spaCy's JSON, and training data as tuples of text and annotations."""
    for path in paths:
        whole_list = _as_list(path)
        lines: Iterable[tuple[int, Any]] = records(path) if whole_list is None else enumerate(whole_list, 1)
        for number, line in lines:
            if isinstance(line, Refusal):
                yield line
            else:
                yield from _read_one(path, number, line, context)


def _as_list(path: Path) -> list[Any] | None:
    """Return the records of a file that is one JSON list, or lines of lists; None where it is lines of objects."""
    try:
        if not _first(path).startswith(b"["):
            return None
        data = read_bytes(path)
        try:
            found = parsed(data)
        except UserError:
            return [_one(line) for line in data.splitlines() if line.strip()]
    except (OSError, UserError) as error:
        return [error]
    is_pair = isinstance(found, list) and len(found) == 2 and isinstance(found[0], str)
    return [found] if is_pair or not isinstance(found, list) else found


def _one(line: bytes) -> Any:
    try:
        return parsed(line)
    except UserError as error:
        return error


def _read_one(path: Path, number: int, line: Any, context: ReadContext) -> Iterator[LayerDocument | Refusal]:
    name = f"{path.stem}#{number}"
    try:
        if isinstance(line, UserError):
            raise line
        if isinstance(line, list):
            yield from _read_pair(path, number, line, context)
            return
        told = record(line, "–")
        text = string(told.get("text"), "text")
        spans = told.get("spans")
        if isinstance(spans, list):  # as Prodigy has them, without its fields
            spans = {TRUE: spans}
        groups = {group: _found(found, group) for group, found in record(spans or {}, "spans").items()}
        ents = _found(told.get("ents"), "ents")
    except (UserError, OSError) as error:
        code, details = (error.code, error.details) if isinstance(error, UserError) else ("peers.cannot-read", {})
        yield Refusal(str(path), number, code, details or {"reason": str(error)})
        return
    meta: Mapping[str, Any] = told["meta"] if isinstance(told.get("meta"), dict) else {}
    yield from layered((str(path), number, name), context, text, ents, groups, {**meta, **told})


def _found(value: Any, field: str) -> list[Found]:
    found = []
    for one in items(value, field):
        span = record(one, field)
        start, end = whole(span.get("start"), "start"), whole(span.get("end"), "end")
        identity = span.get("id", "")
        found.append((start, end, string(span.get("label"), "label"), identity if isinstance(identity, str) else ""))
    return found


def _read_pair(path: Path, number: int, pair: list[Any], context: ReadContext) -> Iterator[LayerDocument | Refusal]:
    if len(pair) != 2:
        raise UserError("peers.bad-field", field="–")
    text = string(pair[0], "text")
    gathering = Gathering(str(path), context, f"{path.stem}#{number}", text)
    for place, one in enumerate(items(record(pair[1], "entities").get("entities"), "entities")):
        with gathering.refusing(number):
            span = items(one, "entities")
            if len(span) < 3:
                raise UserError("peers.bad-field", field="entities")
            bounds = (whole(span[0], "start"), whole(span[1], "end"))
            gathering.passage(f"#{place}", string(span[2], "label"), [bounds], {}, number, id="")
    yield from gathering.items()


def recognises(path: Path) -> bool:
    """Whether a file holds spaCy's lines, or training data as pairs."""
    try:
        beginning = _first(path)
        if beginning.startswith(b"["):
            found = parsed(read_bytes(path)) if path.stat().st_size < _BEGINNING else None
            pair = found[0] if isinstance(found, list) and found else None
            return isinstance(pair, list) and len(pair) == 2 and isinstance(pair[1], dict) and "entities" in pair[1]
        with path.open("rb") as file:
            line = parsed(file.readline(1 << 24))
    except (OSError, UserError):
        return False
    if not isinstance(line, dict) or not isinstance(line.get("text"), str) or line.keys() & _OTHERS:
        return False
    return KEY in line or isinstance(line.get("tokens"), list) or isinstance(line.get("ents"), list)


def _first(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()


FORMAT = Format(
    id="spacy-jsonl",
    title="formats.spacy-jsonl",
    description="formats.spacy-jsonl-about",
    suffix=".jsonl",
    holds=DOCBIN.holds,
    far_links=True,
    beside=DOCBIN.beside,
    write=write,
    read=read,
    recognises=recognises,
    choices=DOCBIN.choices,
)
