"""The commands of the set-up: run, test and freeze."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from bootstrap_environment import Environment
from bootstrap_system import display, ensure_display_server, ensure_libraries
from bootstrap_texts import ROOT, SetUpError, say, text

FAILED = 1
INTERRUPTED = 130
ABORTS_WITHIN_SECONDS = 15.0
# Qt aborts where it cannot open a display; a command in between reports that as 128 + 6 or as -6 in a byte.
ABORTED = (-6, 128 + 6, 256 - 6)


def main(arguments: list[str]) -> int:
    """Do what the command line asks for and return the exit status."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    parser = argparse.ArgumentParser(prog="bootstrap.py", description=text("bootstrap.about"))
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help=text("bootstrap.about-run"))
    commands.add_parser("test", help=text("bootstrap.about-test"), add_help=False)
    commands.add_parser("freeze", help=text("bootstrap.about-freeze"))
    chosen, rest = parser.parse_known_args(arguments)
    if rest and chosen.command != "test":
        parser.error(text("bootstrap.unknown-arguments", command=chosen.command, arguments=" ".join(rest)))
    try:
        return test(rest) if chosen.command == "test" else {"run": run, "freeze": freeze}[chosen.command]()
    except SetUpError as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


def run() -> int:
    """Open the window on the sample project, or do the same job without one."""
    environment = Environment(ROOT)
    environment.prepare("run")
    where = display()
    if where == "offscreen":
        say("bootstrap.no-display")
        return _demo(environment)
    ensure_libraries(environment, where)
    say("bootstrap.opening")
    started = time.monotonic()
    status = subprocess.call([environment.script("kurator"), "open", "--sample"])
    if os.name == "posix" and status in ABORTED and time.monotonic() - started < ABORTS_WITHIN_SECONDS:
        say("bootstrap.display-refused")
        return _demo(environment)
    return status


def _demo(environment: Environment) -> int:
    ensure_libraries(environment, "offscreen")
    folder = ROOT / "build" / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    command = [str(environment.script("kurator")), "demo", "-o", str(folder)]
    return subprocess.call(command, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})


def test(arguments: list[str]) -> int:
    """Run all tests, or those that pytest's ``arguments`` choose; return pytest's exit status."""
    environment = Environment(ROOT)
    environment.prepare("test")
    ensure_libraries(environment, "offscreen")
    ensure_display_server(environment)
    return subprocess.call([environment.python, "-m", "pytest", *_from_here(arguments)], cwd=ROOT)


def freeze() -> int:
    """Build the program for this system as a folder that needs no Python; print where it lies."""
    environment = Environment(ROOT)
    environment.prepare("freeze")
    folders = ["--distpath", str(ROOT / "dist"), "--workpath", str(ROOT / "build" / "freeze")]
    command = [str(environment.python), "-m", "PyInstaller", "--noconfirm", *folders]
    status = subprocess.call([*command, str(ROOT / "packaging" / "kurator.spec")], cwd=ROOT)
    if status == 0:
        say("bootstrap.frozen", folder=ROOT / "dist" / "kurator")
    return status


def _from_here(arguments: list[str]) -> list[str]:
    """Make paths that exist in the current folder absolute: pytest runs at the root."""
    return [
        str(Path(name).absolute()) if Path(name.partition("::")[0]).exists() else name for name in arguments
    ]
