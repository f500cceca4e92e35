"""The formats a project can be written as and read from. A new one is a module and a line in ``FORMATS``.

What a format is made of: :mod:`app.formats.contract`. Writing goes through :func:`app.formats.exporting.export`,
reading into a project through :mod:`app.services.foreign` (the exchange file through its own importer).
"""

from __future__ import annotations

from pathlib import Path

from app.formats import (
    brat,
    cas,
    claims_csv,
    doccano,
    exchange,
    gliner,
    graph,
    hf_parquet,
    inception_project,
    iob,
    label_studio,
    prodigy,
    spacy_docbin,
    spacy_jsonl,
    web_annotation,
    webanno_tsv,
)
from app.formats.contract import (
    EVERYTHING,
    Cancelled,
    ExportOptions,
    ExportReport,
    Format,
    Progress,
)
from app.formats.exchange_export import export_exchange
from models.errors import UserError
from models.store.reads import Reads


def _export_exchange(
    reads: Reads, target: Path, options: ExportOptions, progress: Progress, cancelled: Cancelled
) -> ExportReport:
    return export_exchange(
        reads,
        target,
        suggestions=options.suggestions is not False,
        documents=options.documents,
        texts=options.texts,
        progress=progress,
        cancelled=cancelled,
    )


FORMATS: tuple[Format, ...] = (
    Format(
        id=exchange.ID,
        title="exchange.title",
        description="exchange.description",
        suffix=".json",
        holds=EVERYTHING,
        recognises=exchange.is_exchange,
        exporter=_export_exchange,
    ),
    spacy_docbin.FORMAT,
    spacy_jsonl.FORMAT,
    hf_parquet.FORMAT,
    cas.JSON,
    cas.XMI,
    webanno_tsv.FORMAT,
    inception_project.FORMAT,
    brat.FORMAT,
    doccano.FORMAT,
    label_studio.FORMAT,
    prodigy.FORMAT,
    iob.FORMAT,
    web_annotation.FORMAT,
    gliner.FORMAT,
    graph.FORMAT,
    claims_csv.FORMAT,
)


def format_named(identity: str) -> Format:
    """Return the format with this id.

    Raises:
        UserError: ``exchange.no-such-format``.
    """
    for one in FORMATS:
        if one.id == identity:
            return one
    raise UserError("exchange.no-such-format", format=identity, known=", ".join(one.id for one in FORMATS))


def format_of(path: Path) -> Format | None:
    """Return the format of a file or folder, told from its content; None where no format's reader knows it."""
    return next((one for one in FORMATS if one.recognises(path)), None)
