"""Rows of a project as records of the exchange file."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

import orjson
from orjson import Fragment

from app.formats.exchange import line_of, number, outer_metadata, shown_source
from models.store.export_reads import Row, RunRow

_HUMAN = '{"by":"human"}'
_EMPTY = Fragment(b"{}")


def _spans(start: int | None, end: int | None, spans: str | None) -> Any:
    if spans:
        return Fragment(spans)
    return [] if start is None else [[start, end]]


def _origin(origin: str, state: str, suggestion: str | None) -> Any:
    """Return who made an annotation, with its suggestion, and its state where that does not follow."""
    if origin == _HUMAN and suggestion is None and state == "manual":
        return Fragment(_HUMAN)
    told = orjson.loads(origin)
    if "score" in told and isinstance(told["score"], float):
        told["score"] = number(told["score"])
    if suggestion is not None:
        told["suggestion"] = suggestion
    if state != ("accepted" if "suggestion" in told else "manual"):
        told["state"] = state
    return told


def annotation_line(row: Row, kind: str) -> bytes:
    """Return an entity or a claim."""
    (identity, label, start, end, spans, exact, prefix, suffix, facets, annotator, state, suggestion, origin,
     register, note, created, modified, revision, orphan, extra) = row  # fmt: skip
    record = {
        "annotator": annotator,
        "created": created,
        "exact": Fragment(exact),
        "id": identity,
        "label": label,
        "modified": modified,
        "note": note,
        "origin": _origin(origin, state, suggestion),
        "prefix": prefix or "",
        "register": register,
        "revision": revision,
        "spans": _spans(start, end, spans),
        "suffix": suffix or "",
    }
    if facets or kind == "claim":
        record["facets"] = Fragment(facets) if facets else _EMPTY
    if orphan:
        record["orphan"] = True
    return line_of(record, extra)


def relation_line(row: Row, inside: Container[str]) -> bytes:
    """Return a relation; an end in none of the documents ``inside`` the file is told with its quote."""
    (identity, label, head, tail, facets, annotator, state, suggestion, origin, register, note, created,
     modified, revision, extra, *ends) = row  # fmt: skip
    record = {
        "annotator": annotator,
        "created": created,
        "head": head,
        "id": identity,
        "label": label,
        "modified": modified,
        "note": note,
        "origin": _origin(origin, state, suggestion),
        "register": register,
        "revision": revision,
        "tail": tail,
    }
    if facets:
        record["facets"] = Fragment(facets)
    told = orjson.loads(extra) if extra else {}
    kept = told.pop("outside", {})
    outside = {}
    for name, end in (("head", ends[:4]), ("tail", ends[4:])):
        if end[0] is None:
            outside[name] = kept.get(name, {})
        elif end[0] not in inside:
            outside[name] = _outside(*end)
    if outside:
        record["outside"] = outside
    return line_of(record, orjson.dumps(told).decode() if told else None)


def _outside(document: str, kind: str, label: str, exact: str | None) -> dict[str, Any]:
    quote = Fragment(exact) if exact else []
    return {"document": document, "exact": quote, "kind": kind, "label": label}


class SuggestionRecords:
    """Suggestions and decisions as records; runs are told by their ids."""

    def __init__(self, runs: list[RunRow]) -> None:
        self.ids = {run.seq: run.id for run in runs}
        self._names = {run.id: f"{run.pipeline} {run.version}" for run in runs}
        self._by_name: dict[str, list[str]] = {}
        for identity, name in self._names.items():
            self._by_name.setdefault(name, []).append(identity)

    def present(self, row: Row) -> dict[str, Any]:
        """Return a suggestion for the present text."""
        identity, kind, label, start, end, spans, head, tail, facets, score, run, source = row
        record: dict[str, Any] = {
            "id": identity,
            "kind": kind,
            "label": label,
            "run": self.ids[run],
            "score": number(score),
            "source": source,
        }
        if kind == "relation":
            record |= {"head": head, "tail": tail}
        else:
            record["spans"] = _spans(start, end, spans)
        if facets or kind == "claim":
            record["facets"] = Fragment(facets) if facets else _EMPTY
        return record

    def past(self, identity: str, copied: str) -> dict[str, Any]:
        """Return what is no longer suggested, from the copy that a decision kept."""
        copy = orjson.loads(copied)
        run, source = self._run_of(copy.get("source"))
        record = {
            "id": identity,
            "kind": copy["kind"],
            "label": copy["label"],
            "past": True,
            "run": run,
            "score": number(copy.get("score")),
            "source": source,
        }
        if copy["kind"] == "relation":
            record |= {"head": copy["head"], "tail": copy["tail"]}
        else:
            record["spans"] = copy.get("spans") or []
        if copy.get("facets") or copy["kind"] == "claim":
            record["facets"] = copy.get("facets") or {}
        return record

    def _run_of(self, shown: str | None) -> tuple[str | None, str | None]:
        """Return run and rule of a source as a decision shows it; the whole, where the run is not certain."""
        name, _, rule = (shown or "").partition(" · ")
        runs = self._by_name.get(name, [])
        if len(runs) == 1 and shown_source(name, rule) == shown:
            return runs[0], rule
        return None, shown

    def copy_of(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a decision on a suggestion keeps of it."""
        return copy_of(record, self._names.get(record["run"] or ""))

    def decision_line(self, row: Row, past: Mapping[str, str]) -> bytes:
        """Return a decision; where it judged other than what its suggestion says now, that is told too."""
        (identity, suggestion, verdict, scope, result, annotator, at, surface, extra, start, end, spans,
         copied, *now) = row  # fmt: skip
        record = {
            "annotator": annotator,
            "at": at,
            "id": identity,
            "result": result,
            "scope": scope,
            "suggestion": suggestion,
            "verdict": verdict,
        }
        gone = now[0] is None
        standing = self.past(suggestion, past[suggestion]) if gone else self.present((suggestion, *now))
        would = self.copy_of(orjson.loads(orjson.dumps(standing)))
        copy = orjson.loads(copied)
        judged = {name: value for name, value in copy.items() if name not in would or would[name] != value}
        if judged:
            record["judged"] = judged
        place = orjson.loads(spans) if spans else ([] if start is None else [[start, end]])
        if place != place_of(would | judged, gone):
            record["spans"] = place
        if surface is not None or copy.get("spans"):
            record["surface"] = surface
        return line_of(record, extra)


def place_of(copy: Mapping[str, Any], gone: bool) -> list[list[int]]:
    """Return where a judged passage stands, unless its decision says otherwise."""
    return [] if gone else copy.get("spans") or []


def copy_of(record: Mapping[str, Any], pipeline: str | None) -> dict[str, Any]:
    """Return what a decision keeps of the suggestion that it judged; ``pipeline`` is name and version."""
    score = record["score"]
    return {
        "id": record["id"],
        "kind": record["kind"],
        "label": record["label"],
        "spans": record.get("spans") or [],
        "head": record.get("head"),
        "tail": record.get("tail"),
        "facets": record.get("facets") or {},
        "score": None if score is None else float(score),
        "source": shown_source(pipeline, record.get("source")),
    }


def document_fields(row: Row, analysed_by: str | None, texts: bool) -> dict[str, Any]:
    """Return the fields of a document, its lists still to come."""
    (identity, name, title, source, publisher, date, language, metadata, print_, length, furniture,
     furniture_by, imported, revision, _, _, text, _, split, control, assigned) = row  # fmt: skip
    spare = {"split": split, "control": bool(control), "assigned": Fragment(assigned) if assigned else None}
    return {name: value for name, value in spare.items() if value} | {
        "analysed_by": analysed_by,
        "fingerprint": print_,
        "furniture": Fragment(furniture),
        "furniture_by": furniture_by,
        "id": identity,
        "imported": imported,
        "language": language,
        "length": length,
        "metadata": outer_metadata(orjson.loads(metadata), {"publisher": publisher, "date": date}),
        "name": name,
        "revision": revision,
        "source": source,
        "text": text if texts else None,
        "title": title,
    }


def named(columns: str, rows: Iterator[Row] | list[Row]) -> Iterator[bytes]:
    """Yield rows as records: ``columns`` names their fields, the last value is what newer versions kept."""
    names = columns.split()
    for *values, extra in rows:
        record = dict(zip(names, values, strict=True))
        if "annotator" in record:
            record["annotator"] = record["annotator"] or None
        for name in ("aliases", "links"):
            if name in record:
                record[name] = Fragment(record[name])
        yield line_of(record, extra)
