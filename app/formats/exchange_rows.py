"""Records of the exchange file as rows of a project: one document at a time, records in the file's order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.formats.exchange import inner_metadata, line_of
from app.formats.exchange_check import DEFINITIONS, settled
from app.formats.exchange_records import copy_of, place_of
from app.formats.exchange_schema import known_fields
from models.store.exchange_writes import place
from models.store.unit_of_work import to_json
from models.text import surface

Row = dict[str, Any]
Runs = Mapping[str, tuple[int, str, str]]
"""Run id → its number, its name with version, and when it started."""

TABLES = {
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
"""A document's list → the table that holds its records."""
KINDS = {"entities": "entity", "claims": "claim", "relations": "relation"}


def unknown(definition: str, record: Mapping[str, Any]) -> Row:
    """Return the fields of a record that this version does not know."""
    known = known_fields(definition)
    return {name: value for name, value in record.items() if name not in known}


def _extra(definition: str, record: Mapping[str, Any]) -> str | None:
    more = unknown(definition, record)
    return to_json(more) if more else None


def conflict_row(record: Mapping[str, Any], document: str | None) -> Row:
    """Return a conflict of a document, or of the project itself."""
    return {"id": record["id"], "document_id": document, "body": line_of(record).decode()}


def top_row(name: str, record: Mapping[str, Any]) -> tuple[str, Row]:
    """Return table and row of a record of the file itself: annotators, runs, register, deleted, conflicts."""
    if name == "conflicts":
        return name, conflict_row(record, None)
    row = {**record, "extra": _extra(DEFINITIONS[name], record)}
    if name == "deleted":
        return "tombstones", {**row, "document_id": row["id"], "annotator_id": row["annotator"] or ""}
    for column in ("aliases", "links"):
        if column in row:
            row[column] = to_json(row[column])
    return name, row


class DocumentRows:
    """Turns the records of one document into rows; decisions need the suggestions that came before them.

    ``beside`` gathers what this version does not know: lists of the document and fields of it and its suggestions.
    """

    def __init__(self, fields: Mapping[str, Any], runs: Runs, imported: str) -> None:
        self.id: str = fields["id"]
        self.fields = fields
        self._imported = imported
        self._runs = runs
        self._suggestions: dict[str, Mapping[str, Any]] = {}
        self._unknown = unknown("document", fields)
        self._unknown_suggestions: dict[str, Row] = {}

    def document(self) -> Row:
        """Return the document's own row, still without its text's number and what is unknown of it."""
        fields = self.fields
        own, shared = inner_metadata(fields["metadata"])
        return {
            **{name: fields[name] for name in ("id", "name", "title", "source", "language", "fingerprint", "length")},
            **shared,
            "metadata": to_json(own),
            "furniture": to_json(fields["furniture"]),
            "furniture_by": fields.get("furniture_by") or ("source" if fields["furniture"] else "none"),
            "imported": fields.get("imported") or self._imported,
            "revision": fields.get("revision", 1),
            "extra": None,
            "split": fields.get("split"),
            "control": int(fields.get("control", False)),
            "assigned": to_json(fields["assigned"]) if fields.get("assigned") else None,
        }

    def begin_list(self, name: str) -> None:
        """Take note of a list, which may be one that this version does not know."""
        if name not in TABLES:
            self._unknown[name] = []

    def row(self, name: str, record: dict[str, Any], text: int) -> Row | None:
        """Return a record of the list ``name`` as a row; None where it is kept elsewhere.

        Args:
            name: a list of :data:`TABLES`, or one that this version does not know.
            record: the record as read.
            text: the number of the document's text.
        """
        if name not in TABLES:
            self._unknown[name].append(record)
            return None
        if name == "conflicts":
            return conflict_row(record, self.id)
        if name == "suggestions":
            return self._suggestion(record, text)
        row = {
            **record,
            "extra": _extra(DEFINITIONS[name], record),
            "document_id": self.id,
            "annotator_id": record.get("annotator") or "",
        }
        if name in KINDS:
            row |= self._annotation(KINDS[name], record)
        elif name == "decisions":
            row |= self._decision(record)
        return row

    @property
    def beside(self) -> Row:
        """What this version does not know of the document and its suggestions, complete at its end."""
        found = {"fields": self._unknown, "suggestions": self._unknown_suggestions}
        return {name: value for name, value in found.items() if value}

    def _annotation(self, kind: str, record: dict[str, Any]) -> Row:
        record, _ = settled(record, self.fields["text"]) if kind != "relation" else (record, None)
        origin = dict(record["origin"])
        if type(origin.get("score")) is int:
            origin["score"] = float(origin["score"])
        state = origin.pop("state", None) or ("accepted" if "suggestion" in origin else "manual")
        row: Row = {
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
            row["extra"] = to_json({**unknown("relation", record), "outside": record["outside"]})
        return row | place(record.get("spans", ()))

    def _suggestion(self, record: dict[str, Any], text: int) -> Row | None:
        self._suggestions[record["id"]] = record
        if more := unknown("suggestion", record):
            self._unknown_suggestions[record["id"]] = more
        if record.get("past"):
            return None
        return {
            **{name: record[name] for name in ("id", "kind", "label")},
            "document_id": self.id,
            "text_seq": text,
            "run_seq": self._runs[record["run"]][0],
            "head": record.get("head"),
            "tail": record.get("tail"),
            "facets": to_json(record["facets"]) if record.get("facets") else None,
            "score": float(record["score"]),
            "source": record.get("source") or "",
            **place(record.get("spans", ())),
        }

    def _decision(self, record: dict[str, Any]) -> Row:
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
            **place(spans),
        }

    def _surface(self, spans: list[list[int]]) -> str | None:
        text = self.fields["text"] or ""
        if not spans or not text:
            return None
        return surface(" ".join(text[start:end] for start, end in spans)) or None
