"""An agreement report as CSV: one line for each number, for statistics programs and spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import chain

from models.agreement.records import AgreementReport

COLUMNS = (
    "part",
    "layer",
    "subject",
    "measure",
    "annotator_a",
    "name_a",
    "annotator_b",
    "name_b",
    "document",
    "document_name",
    "value",
    "low",
    "high",
    "units",
    "documents",
    "reason",
)


def as_csv(report: AgreementReport) -> str:
    """Return a report in long form (RFC 4180, decimal points): each figure, then each document's.

    Empty fields: all labels together, all annotators, all documents, undefined.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(_rows(report))
    return out.getvalue()


def _rows(report: AgreementReport) -> Iterator[tuple[object, ...]]:
    people = {one.id: one.name for one in report.annotators}
    names = {one.id: one.name for one in report.documents}
    for one in chain(report.figures, report.by_document):
        first, second = one.pair or (None, None)
        yield (
            *(one.part, one.layer, one.subject, one.measure),
            *(first, people.get(first or ""), second, people.get(second or "")),
            *(one.document, names.get(one.document or "")),
            *(_number(one.value), _number(one.low), _number(one.high), one.units, one.documents, one.reason),
        )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"
