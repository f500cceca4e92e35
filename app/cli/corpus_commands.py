"""The commands that fill a project: import and suggest."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import exit_codes
from app.cli.monitor import Monitor
from app.messages import sentence, tr
from app.services.corpus import ALONE_MS, CHUNK_MS, ImportedItem, ImportReport, import_documents
from app.workspace import Workspace
from models.errors import EnvironmentFault, UserError

if TYPE_CHECKING:
    from app.cli.shard_commands import Answering
    from app.readers import Source

SHOWN = 20
"""How many remarks are printed; a report file holds all."""


def for_writing(project: Path, monitor: Monitor) -> Workspace:
    """Open a project for bulk work; a job joins the window that holds it.

    Raises:
        UserError: ``project.read-only``, and what :meth:`Workspace.open` raises.
    """
    workspace = Workspace.open(project, share=monitor.shared)
    if workspace.read_only:
        workspace.close()
        raise UserError("project.read-only", path=str(project))
    workspace.file.relax()
    return workspace


def for_reading(project: Path) -> Workspace:
    """Open a project to read from, also while a window holds it."""
    from app.services.projects import open_for_reading

    return open_for_reading(project)


# Import -----------------------------------------------------------------------------------------------------


def import_texts(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Read texts, other tools' files, or one exchange file, into a project."""
    from app.cli.exchange_commands import take_exchange
    from app.cli.foreign_import import foreign_format, look_at_foreign, take_foreign

    exchange = _exchange_among(arguments)
    foreign = None if exchange else foreign_format(arguments.paths, arguments.as_format)
    if arguments.dry_run and not exchange:
        return look_at_foreign(foreign, arguments, monitor)
    with for_writing(arguments.project, monitor) as workspace:
        if exchange:
            if len(arguments.paths) > 1:
                raise UserError("cli.exchange-alone", path=str(exchange[0]))
            data, lines, remarks = take_exchange(workspace, exchange[0], arguments, monitor)
        elif foreign is not None:
            data, lines, remarks = take_foreign(workspace, foreign, arguments, monitor)
        else:
            data, lines, remarks = _take_texts(workspace, arguments, monitor)
    if arguments.report is not None:
        write_json(arguments.report, data)
    monitor.report(data, lines)
    return exit_codes.REMARKS if remarks else exit_codes.FINE


def _exchange_among(arguments: argparse.Namespace) -> list[Path]:
    from app.formats.exchange import ID, is_exchange

    if arguments.as_format is not None:
        return list(arguments.paths) if arguments.as_format == ID else []
    return [path for path in arguments.paths if _may_be_exchange(path) and is_exchange(path)]


def _may_be_exchange(path: Path) -> bool:
    return path.suffix.lower() == ".json" and path.is_file()


def _take_texts(
    workspace: Workspace, arguments: argparse.Namespace, monitor: Monitor
) -> tuple[dict[str, Any], Iterator[str], bool]:
    from app.readers import count_files, read_paths

    report = ImportReport()
    visible = not arguments.hidden
    total = count_files(arguments.paths, ignore_hidden=visible)
    done = 0

    def started(_: Source) -> None:
        nonlocal done
        done += 1
        monitor.progress(done - 1, total)

    found = read_paths(arguments.paths, ignore_hidden=visible, started=started)
    chunk_ms = CHUNK_MS if monitor.shared else ALONE_MS
    for item in import_documents(workspace.writer, workspace.reads, found, monitor.cancelled, chunk_ms):
        report.add(item)
        if item.document is not None and item.fate != "unchanged":
            monitor.changed([item.document])
    monitor.progress(total if not monitor.cancelled() else done, total)
    cancelled = monitor.cancelled()
    data = {
        "counts": report.counts,
        "notable": [_as_data(item) for item in report.notable],
        "cancelled": cancelled,
    }
    return data, _import_lines(report), report.counts.get("skipped", 0) > 0


def _as_data(item: ImportedItem) -> dict[str, Any]:
    skipped = item.skipped
    return {
        "name": item.name,
        "fate": item.fate,
        "document": item.document,
        "duplicate_of": item.duplicate_of,
        "orphans": item.orphans,
        "code": skipped.code if skipped else None,
        "details": dict(skipped.details) if skipped else {},
        "text": _remark(item),
    }


def _remark(item: ImportedItem) -> str:
    if item.skipped is not None:
        return tr(item.skipped.code, **item.skipped.details)
    if item.orphans:
        return tr("cli.import-orphans", count=item.orphans)
    return tr("cli.import-duplicate", name=item.duplicate_of)


def _import_lines(report: ImportReport) -> Iterator[str]:
    yield tr(
        "cli.import-done",
        **{fate: report.counts.get(fate, 0) for fate in ("added", "updated", "unchanged", "duplicate", "skipped")},
    )
    yield from some([f"  {item.name}: {_remark(item)}" for item in report.notable])


def some(remarks: Sequence[str]) -> Iterator[str]:
    """Yield the first remarks, and how many there are beside."""
    yield from islice(remarks, SHOWN)
    if len(remarks) > SHOWN:
        yield "  " + tr("cli.and-more", count=len(remarks) - SHOWN)


# Suggest ----------------------------------------------------------------------------------------------------


def suggest(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Let a pipeline propose entities, claims and relations: in a project, or for the shards of a corpus."""
    from app.cli.shard_commands import answering, are_shards, suggest_for_shards

    project = arguments.paths[0]
    if are_shards(arguments):
        return suggest_for_shards(arguments, monitor)
    with for_writing(project, monitor) as workspace, answering(arguments, monitor) as pipeline:
        data = _suggest(workspace, pipeline, arguments, monitor)
        if not getattr(arguments, "job", False):  # a window's memory follows by itself
            workspace.memory.catch_up()
    lines = [
        tr(
            "cli.suggest-done",
            documents=data["documents"],
            count=data["suggestions"],
            pipeline=data["pipeline"],
        )
    ]
    lines += some([f"  {one['name']}: {one['text']}" for one in data["failed"]])
    if arguments.report is not None:
        write_json(arguments.report, data)
    monitor.report(data, lines)
    return exit_codes.REMARKS if data["failed"] else exit_codes.FINE


def _suggest(
    workspace: Workspace, pipeline: Answering, arguments: argparse.Namespace, monitor: Monitor
) -> dict[str, Any]:
    from app.services import analysis
    from app.services.trust import trust

    name = arguments.pipeline or analysis.chosen_pipeline(workspace)
    if arguments.mapping:
        mapping: analysis.Mapped | None = read_mapping(arguments.mapping)
    else:
        mapping = analysis.chosen_mapping(workspace) if name == analysis.chosen_pipeline(workspace) else None
    only = chosen_documents(workspace, arguments.documents)
    if arguments.trust:
        trust(name)
    pipeline.start(name)
    if arguments.pipeline or arguments.mapping:
        analysis.choose_pipeline(workspace, name, mapping)

    def progress(done: int, total: int, document: str) -> None:
        monitor.changed([document])
        monitor.progress(done, total, document)

    report = analysis.analyse_corpus(
        workspace,
        pipeline,
        analysis.Wishes(monitor.first, only, arguments.again, mapping, gentle=monitor.shared),
        progress=progress,
        cancelled=monitor.cancelled,
    )
    return _suggest_data(workspace, report, pipeline.info.name)


def _suggest_data(workspace: Workspace, report: Any, pipeline: str) -> dict[str, Any]:
    names = {one.id: one.name for one in workspace.reads.documents([one for one, _ in report.failed])}
    return {
        "pipeline": pipeline,
        "documents": report.documents,
        "suggestions": report.suggestions,
        "stale": report.stale,
        "cancelled": report.cancelled,
        "failed": [
            {
                "document": document,
                "name": names.get(document, document),
                "code": error.code,
                "details": error.details,
                "text": sentence(error),
            }
            for document, error in report.failed
        ],
    }


def read_mapping(path: Path) -> dict[str, str | None]:
    """Return a label mapping from a file.

    Raises:
        UserError: ``cli.not-a-mapping``, and what :func:`read_json` raises.
    """
    return as_mapping(read_json(path), str(path))


def as_mapping(found: Any, where: str) -> dict[str, str | None]:
    """Return what was read ``where`` as a label mapping.

    Raises:
        UserError: ``cli.not-a-mapping``.
    """
    sound = isinstance(found, dict) and all(one is None or isinstance(one, str) for one in found.values())
    if not sound:
        raise UserError("cli.not-a-mapping", path=where)
    mapping: dict[str, str | None] = found
    return mapping


def read_json(path: Path) -> Any:
    """Return the content of a JSON file that the user names.

    Raises:
        UserError: ``cli.cannot-read`` or ``cli.not-json``.
    """
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise UserError("cli.cannot-read", path=str(path), reason=error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise UserError("cli.not-json", path=str(path), reason=str(error)) from error


def chosen_documents(workspace: Workspace, wanted: Sequence[str] | None) -> list[str] | None:
    """Return the ids of the documents that were named, by name or by id; None where none was."""
    if wanted is None:
        return None
    return [workspace.reads.document_by_name(one) or workspace.reads.document(one).id for one in wanted]


def write_json(path: Path, data: Any) -> None:
    """Write a report that the user asked for.

    Raises:
        EnvironmentFault: ``cli.cannot-write``.
    """
    try:
        path.write_text(json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n", "utf-8", newline="\n")
    except OSError as error:
        raise EnvironmentFault("cli.cannot-write", path=str(path), reason=error.strerror or str(error)) from error


COMMANDS = {"import": import_texts, "suggest": suggest}
