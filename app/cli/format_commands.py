"""The commands that know file formats: export and formats."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from app.cli import exit_codes
from app.cli.corpus_commands import chosen_documents, for_reading, for_writing, some, write_json
from app.cli.monitor import Monitor
from app.formats.exchange import ID as EXCHANGE
from app.messages import tr
from app.workspace import Workspace
from models.errors import UserError

if TYPE_CHECKING:
    from app.formats.contract import ExportOptions, ExportReport
    from app.formats.layers import Loss


def export(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Write a project in a format, and say what the format cannot hold."""
    from app.formats.exporting import export as write
    from app.formats.registry import format_named

    chosen = format_named(arguments.format)
    if arguments.split:
        _assign(arguments, monitor)
    with for_reading(arguments.project) as workspace:
        report = write(
            chosen,
            workspace.reads,
            arguments.output,
            _options(workspace, arguments),
            progress=monitor.progress,
            cancelled=monitor.cancelled,
        )
        if chosen.id == EXCHANGE and not report.cancelled:
            _remember(workspace, report, monitor)
    data = _export_data(report)
    if arguments.report is not None:
        write_json(arguments.report, data)
    monitor.report(data, _export_lines(report))
    return exit_codes.FINE


def _remember(workspace: Workspace, report: ExportReport, monitor: Monitor) -> None:
    """Keep what was mailed out, so that a file that grew from it is merged with it in view."""
    from app.services.bases import remember

    remember(workspace, report.path, "exported", cancelled=monitor.cancelled)


def _assign(arguments: argparse.Namespace, monitor: Monitor) -> None:
    """Give the documents that have none yet their part of the split."""
    from app.formats.splits import assign, shares

    wanted = shares(arguments.split)
    with for_writing(arguments.project, monitor) as workspace:
        assign(workspace.writer, workspace.reads, wanted)


def _options(workspace: Workspace, arguments: argparse.Namespace) -> ExportOptions:
    from app.formats.contract import ExportOptions

    return ExportOptions(
        documents=chosen_documents(workspace, arguments.documents),
        annotators=_annotators(workspace, arguments.annotators),
        adjudicated=arguments.adjudicated,
        labels=_labels(workspace, arguments.labels),
        kinds=frozenset(arguments.kinds) if arguments.kinds else None,
        rejected=arguments.rejected,
        suggestions=arguments.suggestions,
        split=bool(arguments.split),
        texts=not arguments.no_texts,
        licence=arguments.licence,
        choices=choices(arguments.choices),
    )


def choices(given: Iterable[str] | None) -> dict[str, str]:
    """Return ``NAME=VALUE`` words as a mapping.

    Raises:
        UserError: ``formats.not-a-choice``.
    """
    found: dict[str, str] = {}
    for word in given or ():
        name, equals, value = word.partition("=")
        if not equals:
            raise UserError("formats.not-a-choice", word=word)
        found[name.strip()] = value.strip()
    return found


def _annotators(workspace: Workspace, wanted: Sequence[str] | None) -> tuple[str, ...] | None:
    if wanted is None:
        return None
    known = workspace.reads.annotators()
    found: list[str] = []
    for name in wanted:
        ids = [one.id for one in known if name in (one.id, one.name)]
        if not ids:
            names = ", ".join(one.name or one.id for one in known)
            raise UserError("formats.no-such-annotator", annotator=name, known=names)
        found += ids
    return tuple(found)


def _labels(workspace: Workspace, wanted: Sequence[str] | None) -> frozenset[str] | None:
    for label in wanted or ():
        workspace.reads.label_set().kind_of(label)
    return None if wanted is None else frozenset(wanted)


def _export_data(report: ExportReport) -> dict[str, Any]:
    return {
        "path": str(report.path),
        "documents": report.documents,
        "counts": report.counts,
        "size": report.size,
        "cancelled": report.cancelled,
        "losses": [
            {"code": one.code, "count": one.count, "examples": list(one.examples), "text": loss_sentence(one)}
            for one in report.losses
        ],
    }


def loss_sentence(loss: Loss) -> str:
    """Return what a format could not hold, and how often, in words."""
    return tr(loss.code, count=loss.count)


def _export_lines(report: ExportReport) -> Iterator[str]:
    if report.cancelled:
        yield tr("formats.cancelled", path=str(report.path))
        return
    yield tr("cli.export-done", count=report.documents, path=str(report.path))
    if report.losses:
        yield tr("formats.losses")
    for loss in report.losses:
        yield f"  {loss_sentence(loss)}"
        yield from some([f"    {example}" for example in loss.examples])


def formats(_arguments: argparse.Namespace, monitor: Monitor) -> int:
    """List the formats: which way each goes, and what it can hold."""
    from app.formats.matrix import ways
    from app.formats.registry import FORMATS

    for one in FORMATS:
        shown = tr("formats.folder") if one.folder else one.suffix
        monitor.say(f"{one.id:18} {shown:10} {ways(one):8} {tr(one.title)}")
    return exit_codes.FINE


COMMANDS = {"export": export, "formats": formats}
