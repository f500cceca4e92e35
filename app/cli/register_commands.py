"""The commands about the register: list, export, import."""

from __future__ import annotations

import argparse

from app.cli import exit_codes
from app.cli.corpus_commands import for_reading, for_writing
from app.cli.monitor import Monitor
from app.messages import tr
from app.services import register_files, register_views
from models.errors import UserError


def register(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """List, export or import things."""
    if arguments.action == "import":
        return _import(arguments, monitor)
    with for_reading(arguments.project) as workspace:
        rows = register_views.listing(workspace, arguments.words or "", arguments.labels or ())
        twins = len(register_views.twins(workspace))
    if arguments.action == "export":
        if arguments.output is None:
            raise UserError("register.no-output")
        register_files.write_register(arguments.output, rows)
        line = tr("register.exported", count=len(rows), path=str(arguments.output))
        monitor.report({"things": len(rows), "path": str(arguments.output)}, [line])
        return exit_codes.FINE
    if arguments.json:
        monitor.say(register_files.as_json(rows, counts=True).rstrip())
        return exit_codes.FINE
    for row in rows:
        monitor.say(tr("register.line", label=row.thing.label, name=row.thing.name, mentions=row.mentions))
    lines = [tr("register.count", count=len(rows))]
    if twins:
        lines.append(tr("register.twins", count=twins))
    monitor.report({"things": len(rows)}, lines)
    return exit_codes.FINE


def _import(arguments: argparse.Namespace, monitor: Monitor) -> int:
    if (arguments.input is None) == (arguments.starter is None):
        raise UserError("register.no-input")
    if arguments.starter is not None:
        records = register_files.starter(arguments.starter)
    else:
        records = register_files.read_register(arguments.input)
    with for_writing(arguments.project, monitor) as workspace:
        outcome, strange = register_files.add_records(workspace, records)
    monitor.changed(everything=True)
    lines = [tr("register.imported", count=outcome.count)]
    if strange:
        lines.append(tr("register.strange-labels", count=strange))
    monitor.report({"things": outcome.count, "strange": strange}, lines)
    return exit_codes.REMARKS if strange else exit_codes.FINE
