"""An agreement report as JSON, written and read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from models.agreement.records import AgreementReport, Compared, DocumentFigures, Figure
from models.annotations import Annotator
from models.errors import UserError

VERSION = 1
_PLACES = 6


def as_json(report: AgreementReport) -> str:
    """Return a report as JSON, one figure a line; numbers with six places."""
    head = {
        "kurator": {"report": "agreement", "version": VERSION},
        "samples": report.samples,
        "level": report.level,
        "seed": report.seed,
        "left_out": dict(report.left_out),
        "labels": {layer: list(subjects) for layer, subjects in report.labels.items()},
        "annotators": [one._asdict() for one in report.annotators],
    }
    lists = {
        "documents": [one._asdict() for one in report.documents],
        "figures": [_rounded(one) for one in report.figures],
        "document_figures": [
            one._asdict() | {"values": [_short(value) for value in one.values]} for one in report.document_figures
        ],
    }
    parts = [f"{_line(name)}:{_line(value)}" for name, value in head.items()]
    for name, rows in lists.items():
        parts.append(f"{_line(name)}:[\n" + ",\n".join(map(_line, rows)) + "\n]")
    return "{" + ",\n".join(parts) + "}\n"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, _PLACES)


def _rounded(one: Figure) -> dict[str, Any]:
    return one._asdict() | {"value": _short(one.value), "low": _short(one.low), "high": _short(one.high)}


def read_report(path: Path) -> AgreementReport:
    """Return the report in a JSON file.

    Raises:
        UserError: ``agreement.not-a-report``.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        if data["kurator"] != {"report": "agreement", "version": VERSION}:
            raise ValueError(data["kurator"])
        return AgreementReport(
            annotators=tuple(Annotator(**one) for one in data["annotators"]),
            documents=tuple(Compared(**one | {"annotators": tuple(one["annotators"])}) for one in data["documents"]),
            labels={layer: tuple(subjects) for layer, subjects in data["labels"].items()},
            figures=tuple(_figure(one) for one in data["figures"]),
            document_figures=tuple(
                DocumentFigures(**one | {"values": tuple(one["values"]), "units": tuple(one["units"])})
                for one in data["document_figures"]
            ),
            samples=data["samples"],
            level=data["level"],
            seed=data["seed"],
            left_out=data["left_out"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError("agreement.not-a-report", path=str(path), reason=str(error)) from error


def _figure(one: dict[str, Any]) -> Figure:
    pair = one["pair"]
    return Figure(**one | {"pair": None if pair is None else (pair[0], pair[1])})
