"""The part of ``kurator import`` that reads other tools' files."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import exit_codes
from app.cli.corpus_commands import as_mapping, for_reading, read_mapping, some, write_json
from app.cli.format_commands import choices
from app.cli.monitor import Monitor
from app.messages import tr
from app.workspace import Workspace
from models.errors import UserError

if TYPE_CHECKING:
    from app.formats.contract import Format
    from app.formats.layers import LayerDocument, Refusal
    from app.services.foreign import ForeignReport
    from app.services.foreign_views import Survey

Taken = tuple[dict[str, Any], Iterator[str], bool]
"""A report as data, as lines, and whether it holds remarks."""


def foreign_format(paths: Sequence[Path], wanted: str | None) -> Format | None:
    """Return the format that all files are read in; None where they are texts or an exchange file.

    Raises:
        UserError: ``exchange.no-such-format``, ``formats.not-read``, ``formats.mixed``.
    """
    from app.formats.exchange import ID
    from app.formats.registry import FORMATS, format_named

    if wanted is not None:
        chosen = format_named(wanted)
        if chosen.read is None and chosen.id != ID:
            known = ", ".join(one.id for one in FORMATS if one.read is not None)
            raise UserError("formats.not-read", format=chosen.id, known=known)
        return chosen if chosen.read is not None else None
    readable = [one for one in FORMATS if one.read is not None]
    found = [next((one for one in readable if one.recognises(path)), None) for path in paths]
    different = {one.id if one else "" for one in found}
    if len(different) > 1:
        names = ", ".join(f"{path.name}: {one.id if one else '–'}" for path, one in zip(paths, found, strict=True))
        raise UserError("formats.mixed", found=names)
    return found[0]


def take_foreign(workspace: Workspace, chosen: Format, arguments: argparse.Namespace, monitor: Monitor) -> Taken:
    """Read files of another tool into a project; what was refused or left out is in the report."""
    from app.services.foreign import ForeignWishes, import_layers

    wishes = ForeignWishes(
        format=chosen.id,
        annotator=arguments.annotator or "",
        mapping=_mapping(arguments.mapping),
        add_labels=arguments.add_labels,
        far_links=chosen.far_links,
    )
    report = import_layers(
        workspace.writer,
        workspace.reads,
        _read(workspace, chosen, arguments),
        wishes,
        progress=monitor.progress,
        cancelled=monitor.cancelled,
    )
    if report.documents or report.added_labels:
        monitor.changed(report.documents, everything=True)
    remarks = list(_remarks(report))
    return _data(chosen, report), _lines(report, remarks), bool(remarks)


def _read(workspace: Workspace, chosen: Format, arguments: argparse.Namespace) -> Iterator[LayerDocument | Refusal]:
    from app.formats.contract import ReadContext
    from app.formats.exporting import complete_choices

    given = choices(arguments.choices)
    if arguments.offsets is not None:
        given["offsets"] = arguments.offsets
    assert chosen.read is not None
    context = ReadContext(workspace.reads.label_set(), complete_choices(chosen, given))
    return chosen.read(arguments.paths, context)


def look_at_foreign(chosen: Format | None, arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Say what files of another tool hold and what would become of it; nothing is changed.

    Raises:
        UserError: ``transfer_window.no-dry-run``: they are plain texts.
    """
    from app.services.foreign_views import survey

    if chosen is None:
        raise UserError("transfer_window.no-dry-run")
    with for_reading(arguments.project) as workspace:
        found = _read(workspace, chosen, arguments)
        seen = survey(workspace.reads, found, progress=monitor.progress, cancelled=monitor.cancelled)
    data = {"format": chosen.id, "survey": seen.to_json(), "cancelled": seen.cancelled}
    if arguments.report is not None:
        write_json(arguments.report, data)
    monitor.report(data, _survey_lines(seen))
    return exit_codes.REMARKS if seen.refusals or seen.other_text else exit_codes.FINE


def _survey_lines(seen: Survey) -> Iterator[str]:
    counts = {name: getattr(seen, name) for name in ("added", "there", "passages", "links", "notes")}
    yield tr("transfer_window.survey", **counts)
    for one in seen.labels:
        target = one.target or tr("transfer_window.label-left-out")
        yield f"  {one.label}: {one.times} → {target}"
    refused = [tr("formats.other-text", name=name) for name in seen.other_text]
    yield from some([f"  {one}" for one in (*refused, *map(_refused, seen.refused))])


def _mapping(given: str | None) -> Mapping[str, str | None]:
    """Return a mapping: as it is written, one that ships with the program by its name, else what a file holds."""
    from app.pipeline.mapping import shipped_mappings

    if given is None:
        return {}
    if given.startswith("{"):
        return as_mapping(_json(given), given)
    return shipped_mappings()[given] if given in shipped_mappings() else read_mapping(Path(given))


def _json(written: str) -> Any:
    with suppress(ValueError, RecursionError):
        return json.loads(written)
    return None


def _refused(one: Refusal) -> str:
    """Return where something was refused and why, in words."""
    reason = tr(one.code, **one.details)
    if one.line is None:
        return tr("formats.refused-at", file=one.file, reason=reason)
    return tr("formats.refused-at-line", file=one.file, line=one.line, reason=reason)


def _short_name(file: str) -> str:
    """Return a file's name without the folders that lead to it; a document's name as it is."""
    return Path(file).name if Path(file).is_absolute() else file


def _remarks(report: ForeignReport) -> Iterator[str]:
    yield from (_refused(one) for one in report.refused)
    for label, count in report.unknown_labels.items():
        yield tr("formats.unknown-label", label=label, count=count)
    for loss in report.left:
        yield f"{tr(loss.code, count=loss.count)}: {'; '.join(loss.examples)}"


def _data(chosen: Format, report: ForeignReport) -> dict[str, Any]:
    notable = [
        {
            "name": f"{_short_name(one.file)}:{one.line}" if one.line else _short_name(one.file),
            "fate": "skipped",
            "document": None,
            "code": one.code,
            "details": dict(one.details),
            "text": tr(one.code, **one.details),
        }
        for one in report.refused
    ]
    for label, count in report.unknown_labels.items():
        details = {"label": label, "count": count}
        said = tr("formats.unknown-label", **details)
        code = "transfer_window.unknown-label"  # in the window: what to press, not what to write
        notable.append({"name": "", "fate": "skipped", "code": code, "details": details, "text": said})
    for loss in report.left:
        said = f"{tr(loss.code, count=loss.count)}: {'; '.join(loss.examples)}"
        notable.append({"name": "", "fate": "skipped", "code": None, "details": {}, "text": said})
    return {
        "format": chosen.id,
        "counts": {**report.counts, "skipped": len(report.refused)},
        "notable": notable,
        "unknown_labels": dict(report.unknown_labels),
        "added_labels": list(report.added_labels),
        "cancelled": report.cancelled,
    }


def _lines(report: ForeignReport, remarks: Sequence[str]) -> Iterator[str]:
    if report.cancelled:
        yield tr("formats.import-cancelled")
        return
    counts = report.counts
    yield tr("formats.imported-documents", **{one: counts[one] for one in ("added", "updated", "unchanged")})
    names = ("entities", "claims", "relations", "suggestions", "notes", "same")
    yield tr("formats.imported-records", **{one: counts[one] for one in names})
    if report.added_labels:
        yield tr("formats.added-labels", labels=", ".join(report.added_labels))
    yield from some([f"  {one}" for one in remarks])
