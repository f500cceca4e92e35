"""The commands about the project itself: new, status, check, backup, restore."""

from __future__ import annotations

import argparse
import json
from typing import Any

from app.cli import exit_codes
from app.cli.corpus_commands import read_json
from app.cli.monitor import Monitor
from app.messages import tr
from app.services import projects
from app.settings import load_settings
from app.workspace import Workspace
from models.errors import EnvironmentFault, UserError


def new(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Make a project."""
    labels = None
    if arguments.label_set is not None:
        from models.labels import label_set

        labels = read_json(arguments.label_set)
        if not isinstance(labels, dict):
            raise UserError("cli.not-json", path=str(arguments.label_set), reason=type(labels).__name__)
        label_set(labels)
    name = arguments.name or arguments.project.stem
    annotator = load_settings().annotator if arguments.annotator is None else arguments.annotator
    with Workspace.create(arguments.project, name, annotator, labels) as workspace:
        if arguments.register != "none":
            from app.services.register_files import begin_with

            begin_with(workspace, arguments.register)
    monitor.report({"path": str(arguments.project)}, [tr("cli.new-done", path=str(arguments.project))])
    return exit_codes.FINE


def status(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Tell what is done and what is left."""
    from app.services.corpus_views import progress

    with projects.open_for_reading(arguments.project) as workspace:
        reads = workspace.reads
        counts = progress(reads)._asdict()
        runs = [run._asdict() for run in reads.runs().values()]
        labels = reads.label_set()
        data: dict[str, Any] = {
            "project": {"id": reads.meta("id"), "name": reads.meta("name"), "path": str(workspace.path)},
            "read_only": workspace.read_only,
            "label_set": {"id": labels.id, "version": labels.version},
            "counts": counts,
            "runs": runs,
        }
    if arguments.json:
        monitor.say(json.dumps(data, ensure_ascii=False, indent=2))
        return exit_codes.FINE
    monitor.say(tr("cli.status-name", name=data["project"]["name"] or "–", path=data["project"]["path"]))
    monitor.say(tr("cli.status-documents", done=counts["done"], documents=counts["documents"]))
    monitor.say(tr("cli.status-suggestions", decided=counts["decided"], suggestions=counts["suggestions"]))
    monitor.say(tr("cli.status-annotations", count=counts["annotations"]))
    for run in runs:
        monitor.say(tr("cli.status-run", pipeline=run["pipeline"], version=run["version"], at=run["started"]))
    return exit_codes.FINE


def check(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Look a whole project through."""
    from app.services.checks import check_project

    findings = check_project(arguments.project, monitor.progress, monitor.cancelled)
    data = {"findings": [{"code": one.code, "details": one.details} for one in findings]}
    for one in findings:
        monitor.say(tr(one.code, **one.details))
    summary = tr("cli.check-findings", count=len(findings)) if findings else tr("cli.check-sound")
    monitor.report(data, [summary])
    return exit_codes.REMARKS if findings else exit_codes.FINE


def backup(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Keep the present state of a project."""
    if arguments.output is not None:
        projects.save_copy(arguments.project, arguments.output, monitor.progress, overwrite=False)
        made = arguments.output
    else:
        kept = load_settings().backups_kept if arguments.keep is None else arguments.keep
        made = projects.back_up(arguments.project, kept, monitor.progress)
    monitor.report({"path": str(made)}, [tr("cli.backup-done", path=str(made))])
    return exit_codes.FINE


def restore(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Put a backup in the project's place, or list the backups."""
    if arguments.backup is None:
        return _list_backups(arguments, monitor)
    kept = projects.restore(arguments.project, arguments.backup)
    lines = [tr("cli.restore-done", path=str(arguments.project))]
    if kept is not None:
        lines.append(tr("cli.restore-kept", path=str(kept)))
    monitor.report({"path": str(arguments.project), "kept": str(kept) if kept else None}, lines)
    return exit_codes.FINE


def _list_backups(arguments: argparse.Namespace, monitor: Monitor) -> int:
    found = projects.backups(arguments.project)
    if not found:
        raise EnvironmentFault("cli.no-backups", path=str(arguments.project))
    for one in found:
        monitor.say(f"{one.at:%Y-%m-%d %H:%M}  {one.size / 1_000_000:9.1f} MB  {one.path}")
    return exit_codes.FINE


COMMANDS = {"new": new, "status": status, "check": check, "backup": backup, "restore": restore}
