"""Reading Prodigy's JSON lines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from app.formats.beside import KEY, document_notes, heard, items, record, string, whole
from app.formats.contract import ReadContext
from app.formats.gathering import Gathering, Item, files, records
from app.formats.layers import Refusal
from models.errors import UserError
from models.spans import check_spans

ID = "prodigy"
_ANSWERS = ("accept", "reject", "ignore", None)
_NAMES = ("name", "doc", "title", "id")


def read(paths: Sequence[Path], context: ReadContext) -> Iterator[Item]:
    """Yield a document for each task; tasks on one text are documents of one name."""
    for path in files(paths, ".jsonl"):
        names: dict[bytes, str] = {}
        for line, task in records(path):
            if isinstance(task, Refusal):
                yield task
                continue
            try:
                yield from _task(path, line, task, context, names)
            except UserError as error:
                yield Refusal(str(path), line, error.code, error.details)


def _task(path: Path, line: int, task: dict[str, Any], context: ReadContext, names: dict[bytes, str]) -> Iterator[Item]:
    if not isinstance(text := task.get("text"), str):
        raise UserError("peers.no-text", name=f"{path.stem}#{line}")
    answer = task.get("answer")
    if answer not in _ANSWERS:
        raise UserError("peers.bad-field", field="answer")
    if answer == "ignore":
        raise UserError("peers.ignored")
    meta: dict[str, Any] = task["meta"] if isinstance(task.get("meta"), dict) else {}
    name = next((meta[key] for key in _NAMES if isinstance(meta.get(key), str) and meta[key]), None)
    print_of = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    name = name or names.setdefault(print_of, f"{path.stem}#{line}")
    source = meta.get("source") if isinstance(meta.get("source"), str) else None
    gathering = Gathering(str(path), context, name, text, source=source)
    reading = _Task(gathering, task, line, answer)
    gathering.facts(task.get(KEY), line)
    with gathering.refusing(line):
        gathering.notes.extend(document_notes(task.get(KEY)))
    with gathering.refusing(line):
        reading.spans(items(task.get("spans"), "spans"))
    with gathering.refusing(line):
        reading.relations(items(task.get("relations"), "relations"))
    yield from gathering.items()


class _Task:
    def __init__(self, gathering: Gathering, task: dict[str, Any], line: int, answer: object) -> None:
        self._gathering, self._line = gathering, line
        by = task.get("_annotator_id") or task.get("_session_id")
        self._common: dict[str, Any] = {"annotator": by if isinstance(by, str) else ""}
        if answer == "reject":
            self._common["state"] = "rejected"
        elif answer is None and task.get("spans"):
            self._common["state"] = "suggested"
        self._by_place: dict[tuple[object, ...], list[str]] = {}
        self._by_token: dict[int, list[str]] = {}
        self._by_id: dict[str, str] = {}

    def spans(self, spans: list[Any]) -> None:
        for number, one in enumerate(spans):
            with self._gathering.refusing(self._line):
                self._span(str(number), record(one, "spans"))

    def _span(self, key: str, one: dict[str, Any]) -> None:
        start, end = whole(one.get("start"), "start"), whole(one.get("end"), "end")
        label = string(one.get("label"), "label")
        text = self._gathering.text
        check_spans([(start, end)], len(text))
        if isinstance(quote := one.get("text"), str) and quote != text[start:end]:
            raise UserError("peers.quote-disagrees", quote=quote[:60], found=text[start:end][:60])
        beside = one.get(KEY)
        fields = {**self._common, **heard(beside)}
        pieces = beside.get("spans") if isinstance(beside, dict) else None
        spans = [(start, end)] if pieces is None else check_spans(items(pieces, "spans"), len(text))
        if (spans[0][0], spans[-1][1]) != (start, end):
            spans = [(start, end)]
        self._gathering.passage(key, label, spans, {"format": ID}, self._line, **fields)
        self._by_place.setdefault((start, end, label), []).append(key)
        self._by_place.setdefault((start, end, None), []).append(key)
        if type(last := one.get("token_end")) is int:
            self._by_token.setdefault(last, []).append(key)
        if isinstance(own := fields.get("id"), str):
            self._by_id[own] = key

    def relations(self, relations: list[Any]) -> None:
        for number, one in enumerate(relations):
            with self._gathering.refusing(self._line):
                relation = record(one, "relations")
                beside = relation.get(KEY)
                fields = {**self._common, **heard(beside)}
                fields.pop("register", None), fields.pop("kind", None)
                own = beside if isinstance(beside, dict) else {}
                head, child = (self._end(relation, end, own) for end in ("head", "child"))
                label = string(relation.get("label"), "label")
                self._gathering.link(f"r{number}", label, head, child, {"format": ID}, self._line, **fields)

    def _end(self, relation: dict[str, Any], end: str, own: dict[str, Any]) -> str:
        """Return the span that a relation ends on: by our id, its place and label, or its last token."""
        if isinstance(identity := own.get(end), str) and identity in self._by_id:
            return self._by_id[identity]
        place = relation.get(f"{end}_span")
        found: list[str] | None = None
        if isinstance(place, dict) and all(type(place.get(name)) is int for name in ("start", "end")):
            label = place.get("label") if isinstance(place.get("label"), str) else None
            found = self._by_place.get((place["start"], place["end"], label))
            found = found or self._by_place.get((place["start"], place["end"], None))
        found = found or self._by_token.get(whole(relation.get(end), end))
        if not found:
            raise UserError("peers.end-missing", id=relation.get(end))
        if len(found) > 1:
            raise UserError("peers.end-unclear", token=relation.get(end))
        return found[0]


def recognises(path: Path) -> bool:
    """Whether a file's first line looks like a task."""
    if path.is_dir() or path.suffix.lower() != ".jsonl":
        return False
    first = next((data for _, data in records(path)), None)
    if not isinstance(first, dict) or "text" not in first:
        return False
    tokens = first.get("tokens")
    marks = {"_input_hash", "_task_hash", "_view_id", "_session_id", "_annotator_id"}
    answered = first.get("answer") in _ANSWERS[:3] and ("spans" in first or isinstance(tokens, list))
    return bool(marks & first.keys()) or answered or (isinstance(tokens, list) and "spans" in first)
