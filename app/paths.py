"""Where things live: what ships with the program, and the user's own folders."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import platformdirs

_APP = "Kurator"
_ROOT = Path(__file__).resolve().parents[1]


def resource(*parts: str) -> Path:
    """Return the path of a file that ships with the program."""
    return _ROOT.joinpath("resources", *parts)


@cache
def _folder(kind: str) -> Path:
    folder = Path(getattr(platformdirs, f"user_{kind}_path")(_APP, appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def config_folder() -> Path:
    """Return the folder of settings, made if missing."""
    return _folder("config")


def data_folder() -> Path:
    """Return the folder of the sample project and of backups, made if missing."""
    return _folder("data")


def log_folder() -> Path:
    """Return the folder of logs and reports, made if missing."""
    return _folder("log")


def documents_folder() -> Path:
    """Return where new projects are proposed: the user's own documents."""
    return Path(platformdirs.user_documents_path())
