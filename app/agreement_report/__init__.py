"""Agreement as files: JSON, CSV, and a page to print."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.formats.atomic import replacing
from models.agreement.records import AgreementReport
from models.errors import UserError
from models.labels import LabelSet

Writer = Callable[[AgreementReport, LabelSet], str]


def _json(report: AgreementReport, labels: LabelSet) -> str:
    from app.agreement_report.data import as_json

    return as_json(report)


def _csv(report: AgreementReport, labels: LabelSet) -> str:
    from app.agreement_report.table import as_csv

    return as_csv(report)


def _html(report: AgreementReport, labels: LabelSet) -> str:
    from app.agreement_report.page import as_html

    return as_html(report, labels)


WRITERS: dict[str, Writer] = {".json": _json, ".csv": _csv, ".html": _html, ".htm": _html}


def check_target(path: Path) -> None:
    """Check that a file's suffix names a kind of report.

    Raises:
        UserError: ``agreement.unknown-suffix``.
    """
    if path.suffix.lower() not in WRITERS:
        raise UserError("agreement.unknown-suffix", path=str(path))


def write_report(report: AgreementReport, labels: LabelSet, path: Path) -> None:
    """Write a report as its suffix says, wholly or not at all; ``labels`` give the names for people.

    Raises:
        UserError: ``agreement.unknown-suffix``.
        EnvironmentFault: the file cannot be written.
    """
    check_target(path)
    with replacing(path) as file:
        file.write(WRITERS[path.suffix.lower()](report, labels).encode("utf-8"))
