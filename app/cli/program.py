"""The way in: language, arguments, the command, and what becomes of its errors."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NoReturn

from app.cli import exit_codes
from app.cli.arguments import parser
from app.cli.monitor import Monitor, Terminal
from app.logs import start_logging, stop_logging, write_report
from app.messages import LANGUAGES, sentence, set_language, system_language, tr
from app.pipeline.client import WORKER_ARGUMENT
from app.settings import load_settings
from models.errors import Defect, KuratorError, UserError

Handler = Callable[[argparse.Namespace, Monitor], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status (see :mod:`app.cli.exit_codes`)."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given[:1] == [WORKER_ARGUMENT]:
        return _be_the_pipeline()
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    set_language(_wanted_language(given))
    try:
        arguments = parser().parse_args(given)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else exit_codes.USAGE
    try:
        return _run(arguments)
    finally:
        stop_logging()


def run() -> NoReturn:
    """Run one command as a whole process and end it.

    A process that joined a project which another one holds ends without closing it
    (see :data:`models.store.project_file.left_open`).
    """
    status = main()
    from models.store.project_file import left_open

    if left_open:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):
                stream.flush()
        os._exit(status)
    sys.exit(status)


def _be_the_pipeline() -> int:
    from app.pipeline.worker import main as serve

    serve()
    return exit_codes.FINE


def _wanted_language(given: Sequence[str]) -> str:
    """Return the language that ``--language`` names, else the settings, else the system's."""
    for option, value in zip(given, [*given[1:], ""], strict=False):
        name, equals, inline = option.partition("=")
        if name == "--language" and (found := inline if equals else value) in LANGUAGES:
            return found
    chosen = load_settings().language
    return chosen if chosen in LANGUAGES else system_language()


def _run(arguments: argparse.Namespace) -> int:
    start_logging("job" if arguments.job else "cli")
    monitor = _monitor(arguments)
    try:
        status = _handler(arguments.command)(arguments, monitor)
        sys.stdout.flush()
    except KeyboardInterrupt:
        monitor.close()
        return exit_codes.INTERRUPTED
    except BrokenPipeError:
        return _without_reader()
    except KuratorError as error:
        return _refused(error, arguments.command, monitor)
    except Exception as error:
        return _defect(error, arguments.command, monitor)
    monitor.close()
    return status


def _monitor(arguments: argparse.Namespace) -> Monitor:
    if not arguments.job:
        return Terminal(arguments.quiet)
    from app.cli.job_lines import JobLines
    from app.jobs import niced

    niced()
    return JobLines()


def _refused(error: KuratorError, command: str, monitor: Monitor) -> int:
    if isinstance(error, Defect):
        return _defect(error, command, monitor)
    monitor.close()
    monitor.fail(error.code, error.details, sentence(error))
    return exit_codes.REFUSED if isinstance(error, UserError) else exit_codes.SURROUNDINGS


def _defect(error: Exception, command: str, monitor: Monitor) -> int:
    path = write_report(error, command)
    monitor.close()
    details = {"path": str(path or "-")}
    monitor.fail("cli.defect", details, tr("cli.defect", **details))
    return exit_codes.DEFECT


def _without_reader() -> int:
    """Whoever read the output has gone (``| head``): say nothing more, also not when Python ends."""
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
    return exit_codes.PIPE_CLOSED


def _handler(command: str | None) -> Handler:
    """Return the function behind a command; only what it needs is loaded."""
    if command in ("import", "suggest"):
        from app.cli.corpus_commands import COMMANDS

        return COMMANDS[command]
    if command in ("export", "formats"):
        from app.cli import format_commands

        return format_commands.COMMANDS[command]
    if command in ("merge", "merge-driver", "diff"):
        from app.cli import merge_commands

        return merge_commands.COMMANDS[command]
    if command in ("learn", "train", "evaluate", "package"):
        return _training_handler(command)
    return _team_handler(command)


def _training_handler(command: str) -> Handler:
    if command == "learn":
        from app.cli import learning_commands

        return learning_commands.learn
    from app.cli import training_commands

    return training_commands.COMMANDS[command]


def _team_handler(command: str | None) -> Handler:
    if command in ("controls", "usage", "packages"):
        from app.cli import team_commands

        return team_commands.COMMANDS[command]
    if command == "adjudicate":
        from app.cli import adjudication_commands

        return adjudication_commands.COMMANDS[command]
    if command == "register":
        from app.cli import register_commands

        return register_commands.register
    if command == "agreement":
        from app.cli import agreement_commands

        return agreement_commands.measure
    if command in ("open", "demo", None):
        from app.cli.window import demo, open_window

        return demo if command == "demo" else open_window
    from app.cli import project_commands

    return project_commands.COMMANDS[command]
