"""The language between the program and its pipeline process: one JSON object a line, UTF-8.

Both sides speak it, so this module knows neither spaCy nor the program. A text travels whole; offsets are
code points.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.spans import Span
from models.suggestions import Analysis, PipelineInfo, Proposal

BUILT_IN = "built-in"
"""The name under which the Swedish rules that ship with the program are chosen."""


@dataclass(frozen=True, slots=True)
class Load:
    """Load a pipeline: ``built-in``, the name of an installed package, or a folder's path."""

    pipeline: str


@dataclass(frozen=True, slots=True)
class Analyse:
    """Analyse one text; ``id`` comes back with the answer."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Shutdown:
    """Answer what was asked so far, then end."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The pipeline is loaded."""

    info: PipelineInfo


@dataclass(frozen=True, slots=True)
class Analysed:
    """What the pipeline says of the text ``id``."""

    id: str
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Failed:
    """A text (or with ``id`` None the pipeline itself) failed; code and details as in a UserError."""

    id: str | None
    code: str
    details: Mapping[str, object] = field(default_factory=dict)


Request = Load | Analyse | Shutdown
Answer = Ready | Analysed | Failed


def _line(record: Mapping[str, object]) -> bytes:
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"


def _record(line: bytes) -> dict[str, Any]:
    record = json.loads(line.decode("utf-8", "surrogatepass"))
    if not isinstance(record, dict):
        raise ValueError("a message is a JSON object")
    return record


def encode_request(request: Request) -> bytes:
    """Return the request as one line, line feed included."""
    match request:
        case Load(pipeline):
            return _line({"do": "load", "pipeline": pipeline})
        case Analyse(name, text):
            return _line({"do": "analyse", "id": name, "text": text})
        case Shutdown():
            return _line({"do": "shutdown"})


def decode_request(line: bytes) -> Request:
    """Return the request that a line holds.

    Raises:
        ValueError: the line is no request.
    """
    record = _record(line)
    match record:
        case {"do": "load", "pipeline": str(pipeline)}:
            return Load(pipeline)
        case {"do": "analyse", "id": str(name), "text": str(text)}:
            return Analyse(name, text)
        case {"do": "shutdown"}:
            return Shutdown()
    raise ValueError(f"no request: {record.get('do')!r}")


def encode_answer(answer: Answer) -> bytes:
    """Return the answer as one line, line feed included."""
    match answer:
        case Ready(info):
            facts = {
                "name": info.name,
                "version": info.version,
                "hash": info.hash,
                "labels": list(info.labels),
            }
            return _line({"is": "ready", **facts})
        case Analysed(name, analysis):
            rows = [
                [p.kind, p.label, p.spans, p.head, p.tail, dict(p.facets), p.score, p.source]
                for p in analysis.proposals
            ]
            return _line({"is": "analysis", "id": name, "proposals": rows, "furniture": analysis.furniture})
        case Failed(name, code, details):
            plain = {
                key: value if isinstance(value, int | str) else str(value) for key, value in details.items()
            }
            return _line({"is": "failed", "id": name, "code": code, "details": plain})


def decode_answer(line: bytes) -> Answer:
    """Return the answer that a line holds.

    Raises:
        ValueError: the line is no answer.
    """
    record = _record(line)
    match record:
        case {"is": "ready"}:
            labels = tuple(record["labels"])
            return Ready(PipelineInfo(record["name"], record["version"], record["hash"], labels))
        case {"is": "analysis", "id": str(name)}:
            proposals = tuple(
                Proposal(kind, label, _spans(spans), head, tail, facets, score, source)
                for kind, label, spans, head, tail, facets, score, source in record["proposals"]
            )
            return Analysed(name, Analysis(proposals, _spans(record["furniture"])))
        case {"is": "failed"}:
            return Failed(record["id"], record["code"], record["details"])
    raise ValueError(f"no answer: {record.get('is')!r}")


def _spans(pairs: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in pairs)
