"""Reading Label Studio's JSON export: tasks with annotations and predictions, each a list of results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from app.formats.beside import KEY, document_notes, heard, items, number, record, string, whole
from app.formats.contract import ReadContext
from app.formats.gathering import Gathering, Item, files, parsed, read_bytes
from app.formats.layers import Refusal
from models.errors import UserError
from models.labels import LabelSet
from models.spans import check_spans

ID = "label-studio"
_NAMES = ("name", "doc", "title", "filename", "file")


def read(paths: Sequence[Path], context: ReadContext) -> Iterator[Item]:
    """Yield a document for each task of the files, of ``tasks.json`` and the like where a folder is named."""
    for path in files(paths, ".json"):
        try:
            found = parsed(read_bytes(path))
            tasks = found if isinstance(found, list) else [record(found, "task")]
        except UserError as error:
            yield Refusal(str(path), None, error.code, error.details)
            continue
        for place, task in enumerate(tasks):
            try:
                yield from _task(str(path), path.stem, place, record(task, "task"), context)
            except UserError as error:
                yield Refusal(f"{path}[{place}]", None, error.code, error.details)


def _task(file: str, stem: str, place: int, task: dict[str, Any], context: ReadContext) -> Iterator[Item]:
    data = task.get("data")
    fallback = f"{stem}#{task.get('id', place + 1)}"
    if not isinstance(data, dict):
        raise UserError("peers.no-text", name=fallback)
    annotations = [record(one, "annotations") for one in items(task.get("annotations"), "annotations")]
    predictions = [record(one, "predictions") for one in items(task.get("predictions"), "predictions")]
    text = _text(data, [*annotations, *predictions])
    if text is None:
        raise UserError("peers.no-text", name=fallback)
    names = (data.get(key) for key in _NAMES)
    name = next((one for one in names if isinstance(one, str) and one), fallback)
    gathering = Gathering(f"{file}[{place}]", context, name, text)
    gathering.facts(data.get(KEY))
    with gathering.refusing():
        gathering.notes.extend(document_notes(data.get(KEY)))
    for index, one in enumerate(annotations):
        if one.get("was_cancelled"):
            gathering.refuse("peers.cancelled", set=f"annotations[{index}]")
        else:
            _Results(gathering, f"a{index}", context.labels, _annotator(one), {}).take(one.get("result"))
    for index, one in enumerate(predictions):
        origin = {"model": one["model_version"]} if isinstance(one.get("model_version"), str) else {}
        _Results(gathering, f"p{index}", context.labels, "", origin, suggested=True).take(one.get("result"))
    yield from gathering.items()


def _text(data: dict[str, Any], sets: list[dict[str, Any]]) -> str | None:
    """Return the text that was annotated: the one that results name, else the only one, else the one that fits."""
    texts = {key: value for key, value in data.items() if isinstance(value, str)}
    lists = [found["result"] for found in sets if isinstance(found.get("result"), list)]
    results = [one for found in lists for one in found if isinstance(one, dict)]
    for one in results:
        if isinstance(source := one.get("source"), str) and source.removeprefix("$") in texts:
            return texts[source.removeprefix("$")]
    if len(texts) == 1 or "text" in texts:
        return texts.get("text", next(iter(texts.values())))
    fitting = {key: sum(_fits(value, one.get("value")) for one in results) for key, value in texts.items()}
    best = max(fitting, key=lambda key: fitting[key], default=None)
    return texts[best] if best is not None and fitting[best] else None


def _fits(text: str, value: object) -> bool:
    if not isinstance(value, dict) or type(value.get("start")) is not int or type(value.get("end")) is not int:
        return False
    return bool(value.get("text")) and text[value["start"] : value["end"]] == value.get("text")


def _annotator(annotation: dict[str, Any]) -> str:
    by = annotation.get("completed_by")
    if isinstance(by, dict):
        by = by.get("email") or by.get("username") or by.get("id")
    return "" if by is None or isinstance(by, list | bool) else str(by)


class _Results:
    """The results of one annotation or prediction."""

    def __init__(
        self,
        gathering: Gathering,
        prefix: str,
        labels: LabelSet,
        annotator: str,
        origin: dict[str, object],
        suggested: bool = False,
    ) -> None:
        self._gathering, self._prefix, self._labels = gathering, prefix, labels
        self._annotator, self._origin, self._suggested = annotator, origin, suggested
        self._seen: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    def take(self, result: object) -> None:
        """Add passages, then their facets, then the relations between them."""
        with self._gathering.refusing():
            results = items(result, "result")
            regions: list[Any] = []
            rest: list[Any] = []
            relations: list[Any] = []
            for one in results:
                kind = one.get("type") if isinstance(one, dict) else None
                (relations if kind == "relation" else regions if kind == "labels" else rest).append(one)
            for step, found in ((self._region, regions), (self._facet, rest), (self._relation, relations)):
                for one in found:
                    with self._gathering.refusing():
                        step(record(one, "result"))

    def _region(self, one: dict[str, Any]) -> None:
        identity = string(one.get("id"), "id")
        value = record(one.get("value"), "value")
        start, end = whole(value.get("start"), "start"), whole(value.get("end"), "end")
        text = self._gathering.text
        check_spans([(start, end)], len(text))
        self._check(text[start:end], value.get("text"))
        meta = one.get("meta") if isinstance(one.get("meta"), dict) else {}
        fields = self._fields(meta or {}, one)
        piece = ((meta or {}).get(KEY) or {}).get("fragment") if fields.get("id") else None
        if piece is not None and (first := self._first.get(fields["id"])) is not None:
            found = self._gathering.found(first)
            spans = [*getattr(found, "spans", ()), (start, end)]
            self._gathering.change(first, spans=check_spans(sorted(spans), len(text)))
            return
        for label in items(value.get("labels"), "labels") or [""]:
            key = self._key(identity)
            if piece is not None:
                self._first[fields["id"]] = key
            self._gathering.passage(key, string(label, "labels"), [(start, end)], self._origins(identity), **fields)

    def _key(self, identity: str) -> str:
        """Return what a region is called here: one may have several labels, and another annotation the same id."""
        self._seen[identity] += 1
        again = self._seen[identity]
        return f"{self._prefix}:{identity}" if again == 1 else f"{self._prefix}:{identity}#{again}"

    def _check(self, here: str, quote: object) -> None:
        if not isinstance(quote, str) or quote == here:
            return
        if quote.replace("\\n", "\n").split() != here.split():
            raise UserError("peers.quote-disagrees", quote=quote[:60], found=here[:60])

    def _fields(self, meta: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
        fields: dict[str, Any] = {"annotator": self._annotator} | heard(meta.get(KEY))
        if (notes := meta.get("text")) is not None:
            lines = notes if isinstance(notes, list) else [notes]
            fields["note"] = "\n".join(string(line, "meta") for line in lines)
        if one.get("score") is not None:
            fields["score"] = number(one["score"], "score")
        if self._suggested:
            fields["state"] = "suggested"
        return fields

    def _facet(self, one: dict[str, Any]) -> None:
        key = f"{self._prefix}:{one.get('id')}"
        control, value = string(one.get("from_name"), "from_name"), record(one.get("value"), "value")
        found = self._gathering.found(key)
        if "start" not in value or found is None:
            raise UserError("peers.document-level", control=control)
        kind = string(one.get("type"), "type")
        held = value.get("text") if kind == "textarea" else value.get(kind)
        parts = [str(part) for part in held] if isinstance(held, list) else [str(held)]
        if held is None:
            raise UserError("peers.bad-field", field=kind)
        facet = control[:-1] if control in ("label_", "text_") else control
        worth: str | bool = "; ".join(parts)
        known = self._labels.facet(facet)
        if known is not None and known.type == "flag" and worth in ("true", "false"):
            worth = worth == "true"
        self._gathering.change(key, facets={**found.facets, facet: worth})

    def _relation(self, one: dict[str, Any]) -> None:
        head, tail = (f"{self._prefix}:{string(one.get(name), name)}" for name in ("from_id", "to_id"))
        if one.get("direction") == "left":
            head, tail = tail, head
        fields = {"annotator": self._annotator} | heard(one.get(KEY))
        fields.pop("register", None), fields.pop("kind", None)
        if self._suggested:
            fields["state"] = "suggested"
        for label in items(one.get("labels"), "labels") or ["relation"]:
            self._seen["relation"] += 1
            key = f"{self._prefix}:r{self._seen['relation']}"
            origin = self._origins("") | ({"direction": "bi"} if one.get("direction") == "bi" else {})
            self._gathering.link(key, string(label, "labels"), head, tail, origin, **fields)

    def _origins(self, identity: str) -> dict[str, object]:
        return {"format": ID} | ({"id": identity} if identity else {}) | self._origin


def recognises(path: Path) -> bool:
    """Whether a file, or a folder's ``tasks.json``, begins like a list of tasks."""
    if path.is_dir():
        return (path / "tasks.json").is_file() and recognises(path / "tasks.json")
    try:
        with path.open("rb") as file:
            beginning = file.read(1 << 20)
    except OSError:
        return False
    if path.suffix.lower() != ".json" or beginning.lstrip()[:1] not in (b"[", b"{"):
        return False
    return any(key in beginning for key in (b'"annotations"', b'"predictions"', b'"result"')) and (
        b'"from_name"' in beginning or b'"data"' in beginning
    )
