"""doccano's JSON lines (sequence labelling with relations), both ways.

Offsets are UTF-16, or grapheme clusters where the doccano project is set so; the file does not say which. They are
found out by trying: in the right unit no span ends inside a word. Ids are whole numbers (doccano loses marks with
others silently), every line has the same keys, and the file is ASCII.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Any

from app.formats.beside import KEY, items, record, string, told_of, whole
from app.formats.contract import Format, Holds, ReadContext, WriteContext
from app.formats.gathering import Gathering, Item, files, records
from app.formats.layers import LayerDocument, Loss, Losses, Refusal
from app.formats.simplify import quoted
from app.formats.units import Offsets, Unit
from models.errors import UserError

ID = "doccano"
CHOICE = "offsets"
AUTO = "auto"
"""Written: UTF-16. Read: found out by trying."""
_UNITS: tuple[Unit, ...] = ("utf-16", "graphemes", "code-points")
_ENOUGH = 1000
"""Spans that the units read differently, after which no more are looked at."""
_CLEAR = 3
"""How many times as many spans must end inside words in one unit for the other to be taken."""


def write(documents: Iterable[LayerDocument], target: Path, context: WriteContext) -> tuple[Loss, ...]:
    """Write one line for each document that has a text."""
    losses = Losses()
    chosen = context.choices.get(CHOICE, AUTO)
    unit: Unit = "utf-16" if chosen == AUTO else chosen  # type: ignore[assignment]
    numbers, relations = count(1), count(1)
    with target.open("w", encoding="ascii", newline="\n") as file:
        for document in documents:
            if not document.text:
                losses.add("peers.lost-empty-document", document.name)
                continue
            line = _line(document, unit, numbers, relations, losses)
            file.write(json.dumps(line, ensure_ascii=True) + "\n")
    return losses.all()


def _line(
    document: LayerDocument, unit: Unit, numbers: Iterator[int], relations: Iterator[int], losses: Losses
) -> dict[str, Any]:
    offsets = Offsets(document.text, unit)
    entities, ids = [], {}
    for one in document.passages:
        try:
            start, end = offsets.unit(one.spans[0].start), offsets.unit(one.spans[-1].end)
        except UserError:
            losses.add("peers.lost-inside-character", quoted(document, one))
            continue
        ids[one.id] = next(numbers)
        entities.append({"id": ids[one.id], "label": one.label, "start_offset": start, "end_offset": end})
    links = []
    for link in document.links:
        if link.head in ids and link.tail in ids:
            ends = {"from_id": ids[link.head], "to_id": ids[link.tail]}
            links.append({"id": next(relations), **ends, "type": link.label})
        else:
            losses.add("formats.lost-link-end", f"{document.name}: {link.label}")
    marks = {"entities": entities, "relations": links}
    return {"name": document.name, "text": document.text, **marks, KEY: told_of(document) | {CHOICE: unit}}


def read(paths: Sequence[Path], context: ReadContext) -> Iterator[Item]:
    """Yield a document for each line of the files."""
    for path in files(paths, ".jsonl", ".json"):
        unit = context.choices.get(CHOICE, AUTO)
        if unit == AUTO:
            found = likely_unit(path)
            if found is None:
                yield Refusal(str(path), None, "peers.offsets-unclear", {"option": CHOICE, "known": ", ".join(_UNITS)})
                continue
            unit = found
        for line, data in records(path):
            if isinstance(data, Refusal):
                yield data
                continue
            try:
                yield from _document(path, line, data, context, unit)  # type: ignore[arg-type]
            except UserError as error:
                yield Refusal(str(path), line, error.code, error.details)


def _document(path: Path, line: int, data: dict[str, Any], context: ReadContext, unit: Unit) -> Iterator[Item]:
    if not isinstance(text := data.get("text"), str):
        raise UserError("peers.no-text", name=f"{path.stem}#{line}")
    gathering = Gathering(str(path), context, _name(data, path, line), text)
    gathering.facts(data.get(KEY), line)
    offsets = Offsets(text, unit)
    for number, one in enumerate(items(data.get("entities"), "entities")):
        with gathering.refusing(line):
            entity = record(one, "entities")
            identity = str(entity.get("id", number))
            start, end = (whole(entity.get(name), name) for name in ("start_offset", "end_offset"))
            label = string(entity.get("label"), "label")
            gathering.passage(identity, label, [offsets.span(start, end)], {"format": ID, "id": identity}, line)
    for number, one in enumerate(_triples(data)):
        with gathering.refusing(line):
            if not isinstance(one, list) or len(one) != 3:
                raise UserError("peers.bad-field", field="label")
            span = offsets.span(whole(one[0], "label"), whole(one[1], "label"))
            gathering.passage(f"#{number}", string(one[2], "label"), [span], {"format": ID}, line)
    for number, one in enumerate(items(data.get("relations"), "relations")):
        with gathering.refusing(line):
            relation = record(one, "relations")
            identity = str(relation.get("id", number))
            head, tail = (str(relation.get(name)) for name in ("from_id", "to_id"))
            label = string(relation.get("type"), "type")
            gathering.link(f"r{identity}", label, head, tail, {"format": ID, "id": identity}, line)
    yield from gathering.items()


def _triples(data: dict[str, Any]) -> list[Any]:
    """Return the marks of the older shape: start, end and label."""
    found = data.get("label", data.get("labels"))
    return found if isinstance(found, list) else []


def _name(data: dict[str, Any], path: Path, line: int) -> str:
    for key in ("name", "id", "doc", "filename"):
        if isinstance(value := data.get(key), str) and value:
            return value
    return f"{path.stem}#{line}"


def likely_unit(path: Path) -> Unit | None:
    """Return the unit in which a file's offsets make sense; None where more than one does, differently.

    An export of ours says it. Code points are taken only where neither of doccano's own units makes sense.
    """
    bad: dict[Unit, int] = dict.fromkeys(_UNITS, 0)
    broken: dict[Unit, int] = dict.fromkeys(_UNITS, 0)
    differ = 0
    for _, data in records(path):
        if isinstance(data, Refusal) or not isinstance(text := data.get("text"), str):
            continue
        beside = data.get(KEY)
        if isinstance(beside, dict) and beside.get(CHOICE) in _UNITS:
            said: Unit = beside[CHOICE]
            return said
        pairs = list(_pairs(data))
        readings = {unit: [_reading(text, Offsets(text, unit), pair) for pair in pairs] for unit in _UNITS}
        differ += sum(one != other for one, other in zip(readings["utf-16"], readings["graphemes"], strict=True))
        for unit, spans in readings.items():
            broken[unit] += sum(span is None for span in spans)
            bad[unit] += sum(span is None or not _at_words(text, *span) for span in spans)
        if differ >= _ENOUGH:
            break
    return _decided(bad, broken) if differ else "utf-16"


def _decided(bad: dict[Unit, int], broken: dict[Unit, int]) -> Unit | None:
    one: Unit = "utf-16" if bad["utf-16"] <= bad["graphemes"] else "graphemes"
    other: Unit = "graphemes" if one == "utf-16" else "utf-16"
    if bad[one] and not bad["code-points"]:
        return "code-points"
    if bad[other] > _CLEAR * bad[one] or (broken[other] and not broken[one]):
        return one
    return other if broken[one] and not broken[other] else None


def _pairs(data: dict[str, Any]) -> Iterator[tuple[int, int]]:
    entities = data.get("entities")
    marks = [
        (one.get("start_offset"), one.get("end_offset"))
        for one in (entities if isinstance(entities, list) else ())
        if isinstance(one, dict)
    ]
    marks += [(one[0], one[1]) for one in _triples(data) if isinstance(one, list) and len(one) == 3]
    for start, end in marks:
        if type(start) is int and type(end) is int:
            yield start, end


def _reading(text: str, offsets: Offsets, pair: tuple[int, int]) -> tuple[int, int] | None:
    try:
        return offsets.span(*pair)
    except UserError:
        return None


def _at_words(text: str, start: int, end: int) -> bool:
    """Whether a span begins and ends where words do."""
    if text[start].isspace() or text[end - 1].isspace():
        return False
    cut_before = start > 0 and _of_word(text[start - 1]) and _of_word(text[start])
    cut_after = end < len(text) and _of_word(text[end - 1]) and _of_word(text[end])
    return not cut_before and not cut_after


def _of_word(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign) in ("Mn", "Me", "Mc")


def _recognises(path: Path) -> bool:
    if path.is_dir() or path.suffix.lower() not in (".jsonl", ".json"):
        return False
    for _, data in islice(records(path), 100):
        if not isinstance(data, dict) or "text" not in data or "tokens" in data or "spans" in data:
            return False
        entities = data.get("entities")
        if isinstance(entities, list) and entities:
            return all(isinstance(one, dict) and "start_offset" in one for one in entities)
        if found := _triples(data):
            return all(isinstance(one, list) and list(map(type, one)) == [int, int, str] for one in found)
        if isinstance(entities, list) and isinstance(data.get("relations"), list):
            return True
    return False


FORMAT = Format(
    id=ID,
    title="peers.doccano",
    description="peers.doccano-about",
    suffix=".jsonl",
    holds=Holds(overlaps="kept", relations="kept"),
    beside=frozenset({"metadata", "furniture"}),
    write=write,
    read=read,
    recognises=_recognises,
    choices={CHOICE: (AUTO, *_UNITS)},
)
