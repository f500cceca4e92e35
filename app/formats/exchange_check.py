"""Checking an exchange file: each record against the schema, then against the text and each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from app.formats.exchange import MAJOR, SPARE_LISTS, TOP_LISTS
from app.formats.exchange_lines import Piece
from app.formats.exchange_schema import fault_in
from app.messages import tr
from models.errors import UserError
from models.ids import fingerprint
from models.labels import label_set
from models.reanchor import reanchor
from models.spans import CONTEXT, Anchor, Span, anchor, check_spans
from models.suggestions import Kind

DEFINITIONS = {
    "annotators": "annotator",
    "runs": "run",
    "register": "register",
    "deleted": "tombstone",
    "entities": "entity",
    "claims": "claim",
    "relations": "relation",
    "suggestions": "suggestion",
    "decisions": "decision",
    "status": "status",
    "notes": "note",
    "conflicts": "conflict",
    "effort": "effort",
}
"""List → how the schema calls its records."""

_KINDS: dict[str, Kind] = {"entities": "entity", "claims": "claim", "relations": "relation"}
_MOST_PROBLEMS = 500
_DEEPEST = 60


class Problem(NamedTuple):
    """What is wrong or was mended, and where: the record as a path into the file, its line if it has one."""

    code: str
    details: Mapping[str, object]
    record: str
    line: int | None

    def sentence(self) -> str:
        """Return it for a person to read."""
        said = tr(self.code, **self.details)
        if not self.record:
            return said
        if self.line is None:
            return tr("exchange.at-record", record=self.record, said=said)
        return tr("exchange.at-line", line=self.line, record=self.record, said=said)


class Stop(Exception):
    """Reading on makes no sense."""


def settled(record: dict[str, Any], text: str | None) -> tuple[dict[str, Any], str | None]:
    """Return an entity or claim with its place mended, and the code of what was mended.

    Where the quote is not what stands at the spans, it is looked for by the rules for corrected texts; an
    annotation that is not found again is an orphan.
    """
    if text is None or record.get("orphan"):
        return record, None
    if [text[start:end] for start, end in record["spans"]] == record["exact"]:
        prefix, suffix = context(text, record["spans"][0][0], record["spans"][-1][1])
        if (prefix, suffix) != (record["prefix"], record["suffix"]):
            record = {**record, "prefix": prefix, "suffix": suffix}
        return record, None
    kept = Anchor(tuple(record["exact"]), record["prefix"], record["suffix"])
    found = reanchor(tuple(Span(*span) for span in record["spans"]), kept, text)
    if found is None or any(span.start >= span.end for span in found):
        return {**record, "orphan": True}, "exchange.orphaned"
    now = anchor(text, found)
    placed = {"exact": list(now.exact), "prefix": now.prefix, "suffix": now.suffix}
    return {**record, **placed, "spans": [list(span) for span in found]}, "exchange.reanchored"


def context(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands before and after a passage, as anchors keep it."""
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def unsound(value: Any) -> str | None:
    """Return the code of what no project can hold: a NUL character, or nesting without end."""
    try:
        raw = orjson.dumps(value)
    except TypeError:  # nested deeper than it writes
        return "exchange.too-deep"
    if b"\\u0000" not in raw and raw.count(b"[") + raw.count(b"{") <= _DEEPEST:
        return None
    return _unsound(value, 0)


def _unsound(value: Any, depth: int) -> str | None:
    if isinstance(value, str):
        return "exchange.nul-character" if "\0" in value else None
    if not isinstance(value, list | dict):
        return None
    if depth > _DEEPEST:
        return "exchange.too-deep"
    inner = value if isinstance(value, list) else [*value, *value.values()]
    for one in inner:
        if isinstance(one, str | list | dict) and (code := _unsound(one, depth + 1)):
            return code
    return None


class Check:
    """Takes a file's pieces in and collects what is wrong. Keeps ids, not records."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.notices: list[Problem] = []
        self.counts: dict[str, int] = {}
        self.header: dict[str, Any] = {}
        self._labels: Mapping[str, Kind] | None = None
        self._seen: dict[str, set[str]] = {}
        self._ends: dict[str, bool] = {}
        """Annotation id → whether a relation may end on it."""
        self._waiting: list[tuple[str, str, Problem]] = []
        self._lists: set[str] = set()
        self._values: set[str] = set()
        self._where: tuple[str, int | None] = ("", None)
        self._in_document = _DocumentCheck(None, 0)
        self._document_name = ""

    # Telling ----------------------------------------------------------------------------------------------

    def problem(self, code: str, **details: object) -> None:
        """Keep a problem with the present piece."""
        self.problems.append(self._problem(code, details))
        if len(self.problems) >= _MOST_PROBLEMS:
            raise Stop

    def _problem(self, code: str, details: Mapping[str, object]) -> Problem:
        return Problem(code, details, *self._where)

    def _sound(self, definition: str | None, record: Any) -> bool:
        found = fault_in(definition, record) if definition else None
        if found:
            self.problem("exchange.bad-record", field=found[0] or "–", reason=found[1])
            return False
        if code := unsound(record):
            self.problem(code)
            return False
        return True

    def _new(self, space: str, identity: str) -> None:
        seen = self._seen.setdefault(space, set())
        if identity in seen:
            self.problem("exchange.twice", id=identity)
        seen.add(identity)

    def _known(self, space: str, identity: str | None, code: str) -> None:
        if identity is not None and identity not in self._seen.get(space, ()):
            self.problem(code, id=identity)

    # Pieces -----------------------------------------------------------------------------------------------

    def take(self, piece: Piece) -> None:
        """Check one piece.

        Raises:
            Stop: there are too many problems, or the rest cannot be understood.
        """
        name, line = piece.name, piece.line
        if piece.tells in ("document", "end"):
            self._document_name = f"documents[{piece.number}]"
        path = {
            "value": name,
            "list": name,
            "record": f"{name}[{piece.number}]",
            "document": self._document_name,
            "end": self._document_name,
            "child-list": f"{self._document_name}.{name}",
            "child": f"{self._document_name}.{name}[{piece.number}]",
        }
        self._where = (path[piece.tells], line)
        {
            "value": self._value,
            "list": self._list,
            "record": self._record,
            "document": self._document,
            "end": self._end,
            "child-list": self._child_list,
            "child": self._child,
        }[piece.tells](piece)

    def finish(self) -> None:
        """Check what could only be known at the end."""
        self._where = ("", None)
        for name in ("label_set", *TOP_LISTS):
            if name not in self._lists | self._values | SPARE_LISTS | {"deleted"}:
                self.problem("exchange.missing", name=name)
        for space, identity, problem in self._waiting:
            if space == "end" and identity not in self._ends:
                self.problems.append(problem)
            elif space == "end" and not self._ends[identity]:
                self.problems.append(problem._replace(code="exchange.end-is-relation"))
        del self.problems[_MOST_PROBLEMS:]

    def _value(self, piece: Piece) -> None:
        self._values.add(piece.name)
        if piece.name == "kurator":
            self._header(piece.content)
        elif piece.name == "label_set":
            self._label_set(piece.content)
        elif piece.name in TOP_LISTS:
            self.problem("exchange.bad-record", field="–", reason="not a list")
        else:
            self._sound(None, piece.content)

    def _header(self, header: Any) -> None:
        version = str(header.get("version")) if isinstance(header, dict) else ""
        major = version.partition(".")[0]
        if not isinstance(header, dict) or header.get("format") != "exchange":
            self.problem("exchange.not-exchange")
            raise Stop
        if major.isascii() and major.isdigit() and int(major[:9]) > MAJOR:
            self.problem("exchange.newer", version=version, known=f"{MAJOR}.x")
            raise Stop
        if not self._sound("header", header):
            raise Stop
        self.header = header

    def _label_set(self, labels: Any) -> None:
        if not self._sound("label_set", labels):
            return
        try:
            self._labels = label_set(labels).kinds
        except UserError as error:
            self.problem(error.code, **error.details)

    def _list(self, piece: Piece) -> None:
        self._lists.add(piece.name)

    def _record(self, piece: Piece) -> None:
        definition = DEFINITIONS.get(piece.name) if piece.name in TOP_LISTS else None
        if self._sound(definition, piece.content) and definition:
            self._count(piece.name)
            self._new(piece.name, piece.content["id"])

    def _count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1

    # Documents --------------------------------------------------------------------------------------------

    def _document(self, piece: Piece) -> None:
        fields = piece.content
        self._in_document = _DocumentCheck(None, 0)
        if not self._sound("document_fields", fields):
            self._in_document.broken = True
            return
        self._count("documents")
        self._new("documents", fields["id"])
        text = fields["text"]
        self._in_document = _DocumentCheck(text, fields["length"])
        self._known("runs", fields.get("analysed_by"), "exchange.run-unknown")
        for annotator in fields.get("assigned", ()):
            self._known("annotators", annotator, "exchange.annotator-unknown")
        if text is not None and fingerprint(text) != fields["fingerprint"]:
            self.problem("exchange.other-text", name=fields["name"])
        elif text is not None and len(text) != fields["length"]:
            self.problem("exchange.other-length", name=fields["name"], length=len(text))
        for span in fields["furniture"]:
            self._spans([span])

    def _child_list(self, piece: Piece) -> None:
        self._in_document.lists.add(piece.name)

    def _child(self, piece: Piece) -> None:
        name, record = piece.name, piece.content
        if not self._sound(DEFINITIONS.get(name), record):
            self._in_document.broken = True
            return
        if name not in DEFINITIONS:
            return
        self._count(name)
        if name in _KINDS:
            self._annotation(_KINDS[name], record)
        elif name == "suggestions":
            self._suggestion(record)
        elif name == "decisions":
            self._decision(record)
        elif name == "status":
            self._in_document.unique(self, "status", record["annotator"])
        elif name == "effort":
            one = (record["annotator"], record["label"], record["action"])
            self._in_document.unique(self, "effort", " · ".join(one))
        else:
            self._new(f"documents.{name}", record["id"])
        if name == "deleted":
            self._in_document.deleted.add(record["id"])
        self._known("annotators", record.get("annotator"), "exchange.annotator-unknown")

    def _spans(self, spans: list[list[int]], length: int | None = None) -> bool:
        try:
            check_spans(spans, self._in_document.length if length is None else length)
        except UserError as error:
            self.problem(error.code, **error.details)
            return False
        return True

    def _annotation(self, kind: Kind, record: dict[str, Any]) -> None:
        self._new("annotations", record["id"])
        self._ends[record["id"]] = kind != "relation"
        self._in_document.annotations.add(record["id"])
        if self._labels is not None and self._labels.get(record["label"]) != kind:
            known = record["label"] in self._labels
            self.problem(
                "exchange.label-of-other-kind" if known else "exchange.label-unknown", label=record["label"]
            )
        self._known("register", record["register"], "exchange.register-unknown")
        if kind == "relation":
            self._relation(record)
        elif not record.get("orphan"):
            if self._spans(record["spans"]):
                _, mended = settled(record, self._in_document.text)
                if mended:
                    self.notices.append(self._problem(mended, {"quote": " … ".join(record["exact"])[:80]}))
        else:  # where it was, in a text that may have been longer
            self._spans(record["spans"], max(end for _, end in record["spans"]))

    def _relation(self, record: dict[str, Any]) -> None:
        if record["head"] == record["tail"]:
            self.problem("exchange.to-itself")
        for name in ("head", "tail"):
            end = record[name]
            if name in record.get("outside", {}) or self._ends.get(end):
                continue
            self._waiting.append(("end", end, self._problem("exchange.end-missing", {"id": end})))

    def _suggestion(self, record: dict[str, Any]) -> None:
        here = self._in_document
        here.unique(self, "suggestions", record["id"])
        self._known("runs", record["run"], "exchange.run-unknown")
        if record.get("past"):
            return
        if record["run"] is None or record["score"] is None:
            self.problem("exchange.suggestion-without-run", id=record["id"])
        if record["kind"] != "relation":
            self._spans(record["spans"])
            return
        for name in ("head", "tail"):
            if record[name] not in here.seen["suggestions"]:
                problem = self._problem("exchange.end-missing", {"id": record[name]})
                here.waiting.append(("suggestions", record[name], problem))

    def _decision(self, record: dict[str, Any]) -> None:
        self._new("documents.decisions", record["id"])
        here = self._in_document
        if record.get("spans"):
            self._spans(record["spans"])
        if record["suggestion"] not in here.seen.get("suggestions", ()):
            self.problem("exchange.suggestion-missing", id=record["suggestion"])
        if record["result"] is not None and record["result"] not in here.annotations:
            problem = self._problem("exchange.result-missing", {"id": record["result"]})
            here.waiting.append(("deleted", record["result"], problem))

    def _end(self, piece: Piece) -> None:
        here = self._in_document
        if here.broken:
            return
        for name in DEFINITIONS:
            if name not in here.lists | SPARE_LISTS and name not in ("annotators", "runs", "register", "notes"):
                self.problem("exchange.missing", name=name)
        for space, identity, problem in here.waiting:
            known = here.deleted if space == "deleted" else here.seen["suggestions"]
            if identity not in known:
                self.problems.append(problem)


class _DocumentCheck:
    """What has been seen of the present document."""

    def __init__(self, text: str | None, length: int) -> None:
        self.text = text
        self.length = length
        self.broken = False
        self.lists: set[str] = set()
        self.annotations: set[str] = set()
        self.deleted: set[str] = set()
        self.seen: dict[str, set[str]] = {}
        self.waiting: list[tuple[str, str, Problem]] = []

    def unique(self, check: Check, space: str, identity: str) -> None:
        seen = self.seen.setdefault(space, set())
        if identity in seen:
            check.problem("exchange.twice", id=identity)
        seen.add(identity)
