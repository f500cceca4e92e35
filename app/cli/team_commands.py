"""The commands of a team that works with suggestions: controls, usage, packages."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import exit_codes
from app.cli.corpus_commands import chosen_documents, for_reading, for_writing
from app.cli.monitor import Monitor
from app.commands import SetControls
from app.formats.atomic import replacing
from app.messages import tr
from app.workspace import Workspace
from models.errors import UserError

if TYPE_CHECKING:
    from app.services.usage import Usage
    from models.labels import LabelSet


def controls(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Set controls, or tell which documents are."""
    from app.services.controls import controls as found
    from app.services.controls import share_of

    if arguments.share is None and arguments.documents is None:
        with for_reading(arguments.project) as workspace:
            ids, share = found(workspace.reads), share_of(workspace.reads)
            names = sorted(one.name for one in workspace.reads.documents(list(ids)))
        monitor.report({"controls": names, "share": share}, [*names, _controls_line(len(names), share)])
        return exit_codes.FINE
    with for_writing(arguments.project, monitor) as workspace:
        wanted = None if arguments.share is None else arguments.share / 100
        documents = tuple(chosen_documents(workspace, arguments.documents) or ())
        outcome = workspace.run(SetControls(share=wanted, documents=documents, on=not arguments.off))
        count, share = len(found(workspace.reads)), share_of(workspace.reads)
    monitor.changed(everything=True)
    monitor.report({"changed": outcome.count, "controls": count, "share": share}, [_controls_line(count, share)])
    return exit_codes.FINE


def _controls_line(count: int, share: float) -> str:
    return tr("team.cli-controls", count=count, share=f"{100 * share:g}")


def usage(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Report how suggestions were used."""
    from app.services import usage_report as report
    from app.services.usage import usage as counted

    with for_reading(arguments.project) as workspace:
        who = _annotator(workspace, arguments.annotator)
        found, labels = counted(workspace.reads, who), workspace.reads.label_set()
        project = workspace.reads.meta("name") or workspace.path.stem
    if arguments.csv is not None:
        _write(arguments.csv, report.as_csv(found))
    if arguments.html is not None:
        _write(arguments.html, report.as_html(found, labels, project, arguments.annotator))
    if arguments.json:
        monitor.say(report.as_json(found).rstrip())
    elif arguments.csv is None and arguments.html is None:
        for line in (*report.sentences(found, labels), "", *_table(found, labels)):
            monitor.say(line)
    written = [str(path) for path in (arguments.csv, arguments.html) if path is not None]
    monitor.report({"written": written}, [tr("team.written", path=path) for path in written])
    return exit_codes.FINE


def _table(found: Usage, labels: LabelSet) -> Iterator[str]:
    """Yield the counts as lines of equal columns."""
    from app.services.usage_report import COLUMNS, finding, titled

    heads = [tr("team.label"), *(tr(f"team.column-{column.id}") for column in COLUMNS), ""]
    rows = [heads] + [
        [titled(one.label, labels), *(column.words(one) for column in COLUMNS), finding(one, found)]
        for one in (*found.labels, found.whole)
    ]
    wide = [max(len(row[place]) for row in rows) for place in range(len(heads))]
    for row in rows:
        first, *rest, last = row
        cells = (cell.rjust(width) for cell, width in zip(rest, wide[1:-1], strict=True))
        yield "  ".join([first.ljust(wide[0]), *cells, last]).rstrip()


def _annotator(workspace: Workspace, name: str | None) -> str | None:
    """Return the id of the annotator of this name (or id), None where none is asked for."""
    if name is None:
        return None
    found = [one.id for one in workspace.reads.annotators() if name in (one.name, one.id)]
    if len(found) != 1:
        raise UserError("team.two-of-a-name" if found else "team.unknown-annotator", name=name, annotator=name)
    return found[0]


def _write(path: Path, content: str) -> None:
    with replacing(path) as file:
        file.write(content.encode())


# Packages ---------------------------------------------------------------------------------------------------


def packages(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Share documents out, write the files, or tell how far everybody is."""
    return {"split": _split, "write": _write_files, "progress": _progress}[arguments.action](arguments, monitor)


def _split(arguments: argparse.Namespace, monitor: Monitor) -> int:
    from app.services.packages import plan_packages

    with for_writing(arguments.project, monitor) as workspace:
        plan = plan_packages(
            workspace.reads,
            arguments.annotators or (),
            arguments.overlap / 100,
            arguments.each,
            documents=chosen_documents(workspace, arguments.documents),
            again=arguments.again,
            seed=arguments.seed,
        )
        if not arguments.dry_run:
            workspace.run(plan.command())
            monitor.changed(everything=True)
    data = {
        "documents": len(plan.assignments),
        "overlap": plan.overlap,
        "annotators": [{**one._asdict(), "name": plan.names[one.annotator]} for one in plan.shares],
    }
    monitor.report(data, _plan_lines(data))
    if arguments.to is not None and not arguments.dry_run:
        return _write_files(arguments, monitor)
    return exit_codes.FINE


def _plan_lines(data: dict[str, Any]) -> Iterator[str]:
    yield tr("team.cli-split", count=data["documents"], overlap=data["overlap"])
    for one in data["annotators"]:
        yield "  " + tr("team.cli-share", **one)


def _write_files(arguments: argparse.Namespace, monitor: Monitor) -> int:
    from app.services.packages import write_packages

    if arguments.to is None:
        raise UserError("team.no-folder")
    with for_reading(arguments.project) as workspace:
        who = [_annotator(workspace, name) or "" for name in arguments.annotators or ()]
        written = write_packages(
            workspace, arguments.to, who or None, progress=monitor.progress, cancelled=monitor.cancelled
        )
    data = {
        "files": [{"path": str(one.path), "name": one.name, "documents": one.documents} for one in written],
        "cancelled": monitor.cancelled(),
    }
    monitor.report(
        data, [tr("team.cli-file", count=one.documents, name=one.name, path=str(one.path)) for one in written]
    )
    return exit_codes.FINE


def _progress(arguments: argparse.Namespace, monitor: Monitor) -> int:
    from app.services.packages import team_progress

    with for_reading(arguments.project) as workspace:
        found = team_progress(workspace.reads)
    data = {**found._asdict(), "people": [one._asdict() for one in found.people]}
    if arguments.json:
        monitor.say(json.dumps(data, ensure_ascii=False, indent=2))
        return exit_codes.FINE
    lines = [tr("team.cli-nobody")] if not found.people else []
    for one in found.people:
        last = one.last[:10] if one.last else tr("team.never")
        lines.append(tr("team.cli-person", **{**one._asdict(), "last": last}))
    if found.overlap:
        lines.append(tr("team.overlap-done", done=found.overlap_done, count=found.overlap))
    if found.unassigned:
        lines.append(tr("team.unassigned", count=found.unassigned))
    for line in lines:
        monitor.say(line)
    monitor.report(data, ())
    return exit_codes.FINE


COMMANDS = {"controls": controls, "usage": usage, "packages": packages}
