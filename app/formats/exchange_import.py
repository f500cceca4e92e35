"""An exchange file into an empty project: everything, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.formats.exchange import MAJOR, TOP_LISTS, VERSION, inner_metadata, line_of
from app.formats.exchange_check import DEFINITIONS, Problem, settled
from app.formats.exchange_lines import Piece
from app.formats.exchange_read import ExchangeFile, read_exchange
from app.formats.exchange_records import copy_of, place_of
from app.formats.exchange_schema import known_fields
from models.errors import UserError
from models.store import exchange_writes
from models.store.reads import Reads
from models.store.unit_of_work import UnitOfWork, Writer, to_json
from models.text import surface

_CHUNK = 1000
_TABLES = {
    "entities": "annotations",
    "claims": "annotations",
    "relations": "annotations",
    "suggestions": "suggestions",
    "decisions": "decisions",
    "status": "statuses",
    "deleted": "tombstones",
    "notes": "notes",
    "conflicts": "conflicts",
    "effort": "effort",
}
_KINDS = {"entities": "entity", "claims": "claim", "relations": "relation"}


class ExchangeRefused(UserError):
    """The file has problems, so nothing was changed; ``problems`` lists them all."""

    def __init__(self, path: Path, problems: tuple[Problem, ...]) -> None:
        first = problems[0].sentence()
        super().__init__("exchange.refused", path=str(path), count=len(problems), first=first)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ExchangeImport:
    """What was read: counts by list, and the annotations whose place was mended or lost."""

    path: Path
    counts: dict[str, int]
    notices: tuple[Problem, ...]
    cancelled: bool = False

    @property
    def documents(self) -> int:
        """How many documents came in."""
        return self.counts.get("documents", 0)


class _Cancelled(Exception):
    pass


def import_exchange(
    writer: Writer,
    reads: Reads,
    path: Path,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ExchangeImport:
    """Read an exchange file into a project without documents, which takes over its name, id and label set.

    The present annotator stays who they are. What was done in the project before can no longer be undone.

    Raises:
        UserError: ``exchange.not-empty``: the project holds documents.
        ExchangeRefused: the file has problems.
        EnvironmentFault: the project cannot be written. In all cases nothing has changed.
    """
    if not exchange_writes.is_empty(reads):
        raise UserError("exchange.not-empty", path=str(path))
    file = read_exchange(path, cancelled=cancelled)
    if file.problems and file.problems[0].code == "exchange.cancelled":
        return ExchangeImport(path, {}, (), cancelled=True)
    if file.problems:
        raise ExchangeRefused(path, file.problems)
    try:
        with writer.unrecorded(reads.me) as work:
            if not exchange_writes.is_empty(reads):
                raise UserError("exchange.not-empty", path=str(path))
            writer.close_history(work)
            exchange_writes.clear(work)
            _Import(work, file, progress, cancelled).carry_out()
    except _Cancelled:
        return ExchangeImport(path, {}, (), cancelled=True)
    return ExchangeImport(path, file.counts, file.notices)


def _unknown(definition: str, record: Mapping[str, Any]) -> dict[str, Any]:
    known = known_fields(definition)
    return {name: value for name, value in record.items() if name not in known}


def _extra(definition: str, record: Mapping[str, Any]) -> str | None:
    unknown = _unknown(definition, record)
    return to_json(unknown) if unknown else None


def _conflict(record: Mapping[str, Any], document: str | None) -> dict[str, Any]:
    return {"id": record["id"], "document_id": document, "body": line_of(record).decode()}


class _Import:
    """One pass through a sound file, writing as it goes."""

    def __init__(
        self,
        work: UnitOfWork,
        file: ExchangeFile,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self._work = work
        self._file = file
        self._progress = progress
        self._cancelled = cancelled
        self._top: dict[str, Any] = {}
        self._runs: dict[str, tuple[int, str, str]] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._waiting = 0
        self._document: dict[str, Any] = {}
        self._text_seq = 0
        self._beside: dict[str, Any] = {}
        """Fields and lists of the present document that this version does not know."""
        self._beside_suggestions: dict[str, Any] = {}
        self._suggestions: dict[str, dict[str, Any]] = {}

    def carry_out(self) -> None:
        """Write everything; the caller commits."""
        total = self._file.counts.get("documents", 0)
        takes: dict[str, Callable[[Piece], None]] = {
            "value": self._value,
            "list": self._list,
            "record": self._record,
            "document": self._begin,
            "child-list": self._child_list,
            "child": self._child,
            "end": self._end,
        }
        for number, piece in enumerate(self._file.pieces()):
            takes[piece.tells](piece)
            if piece.tells == "end":
                self._progress(piece.number + 1, total)
            if number % _CHUNK == 0 and self._cancelled():
                raise _Cancelled
        self._flush()
        kept = self._kept()
        project, labels = self._file.header["project"], self._top["label_set"]
        exchange_writes.take_over(self._work, project["id"], project["name"], labels, kept)

    def _kept(self) -> dict[str, Any]:
        """Return what this version does not know of the file itself."""
        header = self._file.header
        minor = header["version"] if header["version"] != VERSION else None
        kept = {
            "version": minor,
            "kurator": _unknown("header", header),
            "package": header.get("package"),
            "project": {k: v for k, v in header["project"].items() if k not in ("id", "name")},
            "top": {name: value for name, value in self._top.items() if name not in ("kurator", "label_set")},
        }
        assert header["version"].startswith(f"{MAJOR}.")
        return {name: value for name, value in kept.items() if value}

    # The file itself --------------------------------------------------------------------------------------

    def _value(self, piece: Piece) -> None:
        self._top[piece.name] = piece.content

    def _list(self, piece: Piece) -> None:
        if piece.name == "documents":
            self._flush()
            self._runs = exchange_writes.run_numbers(self._work)
        elif piece.name not in TOP_LISTS:
            self._top[piece.name] = []

    def _record(self, piece: Piece) -> None:
        name, record = piece.name, piece.content
        if name not in TOP_LISTS:
            self._top[name].append(record)
            return
        row = {**record, "extra": _extra(DEFINITIONS[name], record)}
        if name == "conflicts":
            self._add(name, _conflict(record, None))
        elif name == "deleted":
            self._add("tombstones", {**row, "document_id": row["id"], "annotator_id": row["annotator"] or ""})
        else:
            for column in ("aliases", "links"):
                if column in row:
                    row[column] = to_json(row[column])
            self._add(name, row)

    def _add(self, table: str, row: dict[str, Any]) -> None:
        self._rows.setdefault(table, []).append(row)
        self._waiting += 1
        if self._waiting >= _CHUNK:
            self._flush()

    def _flush(self) -> None:
        for table, rows in self._rows.items():
            exchange_writes.insert(self._work, table, rows)
        self._rows = {}
        self._waiting = 0

    # Documents --------------------------------------------------------------------------------------------

    def _begin(self, piece: Piece) -> None:
        fields = piece.content
        own, shared = inner_metadata(fields["metadata"])
        row = {
            **fields,
            **shared,
            "metadata": to_json(own),
            "furniture": to_json(fields["furniture"]),
            "furniture_by": fields.get("furniture_by") or ("source" if fields["furniture"] else "none"),
            "imported": fields.get("imported") or self._work.now,
            "revision": fields.get("revision", 1),
            "extra": None,
            "split": fields.get("split"),
            "control": int(fields.get("control", False)),
            "assigned": to_json(fields["assigned"]) if fields.get("assigned") else None,
        }
        self._document, self._suggestions = fields, {}
        self._beside, self._beside_suggestions = _unknown("document", fields), {}
        self._text_seq = exchange_writes.insert_document(self._work, row, fields["text"])

    def _child_list(self, piece: Piece) -> None:
        if piece.name not in _TABLES:
            self._beside[piece.name] = []

    def _child(self, piece: Piece) -> None:
        name, record = piece.name, piece.content
        if name not in _TABLES:
            self._beside[name].append(record)
            return
        if name == "conflicts":
            self._add(name, _conflict(record, self._document["id"]))
            return
        row = {
            **record,
            "extra": _extra(DEFINITIONS[name], record),
            "document_id": self._document["id"],
            "annotator_id": record.get("annotator") or "",
        }
        if name in _KINDS:
            row |= self._annotation(_KINDS[name], record)
        elif name == "decisions":
            row |= self._decision(record)
        elif name == "suggestions":
            self._suggestions[record["id"]] = record
            if more := _unknown("suggestion", record):
                self._beside_suggestions[record["id"]] = more
            if record.get("past"):
                return
            row |= self._suggestion(record)
        self._add(_TABLES[name], row)

    def _annotation(self, kind: str, record: dict[str, Any]) -> dict[str, Any]:
        record, _ = settled(record, self._document["text"]) if kind != "relation" else (record, None)
        origin = dict(record["origin"])
        if type(origin.get("score")) is int:
            origin["score"] = float(origin["score"])
        state = origin.pop("state", None) or ("accepted" if "suggestion" in origin else "manual")
        row: dict[str, Any] = {
            "kind": kind,
            "exact": to_json(record["exact"]) if "exact" in record else None,
            "prefix": record.get("prefix", ""),
            "suffix": record.get("suffix", ""),
            "head": record.get("head"),
            "tail": record.get("tail"),
            "facets": to_json(record["facets"]) if record.get("facets") else None,
            "origin": to_json(origin),
            "state": state,
            "suggestion_id": origin.get("suggestion"),
            "orphan": int(bool(record.get("orphan"))),
        }
        if record.get("outside"):
            row["extra"] = to_json({**_unknown("relation", record), "outside": record["outside"]})
        return row | exchange_writes.place(record.get("spans", ()))

    def _suggestion(self, record: dict[str, Any]) -> dict[str, Any]:
        return {
            "text_seq": self._text_seq,
            "run_seq": self._runs[record["run"]][0],
            "head": record.get("head"),
            "tail": record.get("tail"),
            "facets": to_json(record["facets"]) if record.get("facets") else None,
            "score": float(record["score"]),
            "source": record.get("source") or "",
            **exchange_writes.place(record.get("spans", ())),
        }

    def _decision(self, record: dict[str, Any]) -> dict[str, Any]:
        suggestion = self._suggestions[record["suggestion"]]
        run = self._runs.get(suggestion["run"] or "")
        copy = copy_of(suggestion, run[1] if run else None) | record.get("judged", {})
        copy["score"] = None if copy["score"] is None else float(copy["score"])
        spans = record.get("spans", place_of(copy, bool(suggestion.get("past"))))
        return {
            "suggestion_id": record["suggestion"],
            "suggestion": to_json(copy),
            "label": copy["label"],
            "surface": record["surface"] if "surface" in record else self._surface(spans),
            **exchange_writes.place(spans),
        }

    def _surface(self, spans: list[list[int]]) -> str | None:
        text = self._document["text"] or ""
        if not spans or not text:
            return None
        return surface(" ".join(text[start:end] for start, end in spans)) or None

    def _end(self, piece: Piece) -> None:
        run = self._document.get("analysed_by")
        beside = {"fields": self._beside, "suggestions": self._beside_suggestions}
        beside = {name: value for name, value in beside.items() if value}
        identity = self._document["id"]
        if beside:
            exchange_writes.set_document_extra(self._work, identity, beside)
        if run is not None:
            self._flush()
            number, _, started = self._runs[run]
            exchange_writes.insert_analysis(self._work, identity, self._text_seq, number, started)
