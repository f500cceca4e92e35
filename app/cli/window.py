"""The commands that need the window: it runs in a process of its own, so that nothing here knows Qt."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from app.cli import exit_codes
from app.cli.monitor import Monitor
from app.messages import tr
from app.processes import command_line, environment
from app.settings import last_project
from models.errors import EnvironmentFault, UserError


def open_window(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Open the window on a project, the sample, the last project, or the page to begin with."""
    project = getattr(arguments, "project", None)
    if getattr(arguments, "sample", False):
        rest = ["--sample"]
    elif project is not None:
        if not project.exists():
            raise UserError("project.missing", path=str(project))
        rest = [str(project)]
    else:
        found = last_project()
        rest = [str(found)] if found else []
    monitor.close()
    return become([*command_line("ui"), "open", *rest])


def become(command: list[str]) -> int:
    """Let another program go on in this one's place, with its exit status and signals."""
    if os.name == "posix":
        _replace(command)
    return subprocess.call(command, env=environment())


def _replace(command: list[str]) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(command[0], command, environment())


def demo(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Do the whole job without a window: sample corpus, suggestions, exchange file, and a picture."""
    folder: Path = arguments.output
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(
            "cli.cannot-write", path=str(folder), reason=error.strerror or str(error)
        ) from error
    project, exchange, picture = (folder / f"sample.{suffix}" for suffix in ("kurator", "json", "png"))
    _make_project(project, monitor)
    _say_made(monitor, "cli.demo-project", project)
    _make_exchange(project, exchange, monitor)
    _say_made(monitor, "cli.demo-exchange", exchange)
    if not take_picture(project, picture):
        raise EnvironmentFault("cli.no-picture", path=str(picture))
    _say_made(monitor, "cli.demo-picture", picture)
    return exit_codes.FINE


def _say_made(monitor: Monitor, key: str, path: Path) -> None:
    monitor.say(tr(key, path=str(path.resolve())))


def _make_project(project: Path, monitor: Monitor) -> None:
    from app.pipeline.client import PipelineProcess
    from app.services.analysis import analyse_corpus
    from app.services.projects import make_sample
    from app.workspace import Workspace

    make_sample(project)
    with Workspace.open(project) as workspace, PipelineProcess() as pipeline:
        pipeline.start()
        analyse_corpus(workspace, pipeline, progress=monitor.progress)


def _make_exchange(project: Path, exchange: Path, monitor: Monitor) -> None:
    from app.formats.exchange_export import export_exchange
    from app.formats.exchange_read import read_exchange
    from app.workspace import Workspace

    with Workspace.open(project) as workspace:
        export_exchange(workspace.reads, exchange, progress=monitor.progress)
    problems = read_exchange(exchange).problems
    if problems:
        raise EnvironmentFault("cli.demo-invalid", path=str(exchange), count=len(problems))


def take_picture(project: Path, picture: Path) -> bool:
    """Save a picture of the window on a project, drawn without a screen; say whether it worked."""
    surroundings = {**environment(), "QT_QPA_PLATFORM": "offscreen"}
    command = [*command_line("ui"), "picture", str(project), str(picture)]
    status = subprocess.call(command, env=surroundings, stdin=subprocess.DEVNULL)
    return status == 0 and picture.is_file()
