"""How this program starts itself again: as a job, or as the window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]

WINDOW_ARGUMENT = "--window"
"""What a frozen build is started with to become the window; see ``packaging``."""


def command_line(module: str) -> list[str]:
    """Return the command that runs ``app.cli`` or ``ui`` in a process of its own, ready for arguments."""
    if getattr(sys, "frozen", False):
        return [sys.executable, WINDOW_ARGUMENT] if module == "ui" else [sys.executable]
    return [sys.executable, "-X", "utf8", "-m", module]


def environment() -> dict[str, str]:
    """Return the environment in which such a process finds the program, installed or not."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"}


def quiet_flags() -> int:
    """Return what keeps a process from opening a console, and stands it back, on Windows; 0 elsewhere."""
    hidden: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    behind: int = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
    return hidden | behind
