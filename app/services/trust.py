"""Which pipelines may be loaded: a pipeline can run program code, so only those that the user said yes to.

The built-in pipeline is one of them from the start. The list holds a hash over each pipeline's files and where it
was; a pipeline whose files changed since is asked about anew, one that was moved or copied unchanged is not.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from app.formats.atomic import replacing
from app.paths import data_folder, resource
from app.pipeline.installed import pipeline_folder
from app.pipeline.protocol import BUILT_IN
from models.errors import UserError
from models.times import now

_LIST = "trusted_pipelines.json"


def is_trusted(pipeline: str | Path) -> bool:
    """Whether the user has allowed this pipeline, as it stands now: ``built-in``, a package's name or a folder."""
    folder = _folder(pipeline)
    if folder is None:
        return str(pipeline) == BUILT_IN
    if folder.is_relative_to(resource("pipelines").resolve()):
        return True
    known = _known()
    return bool(known) and _hash(folder) in {one["hash"] for one in known}


def trust(pipeline: str | Path) -> None:
    """Let this pipeline be loaded from now on, until its files change.

    Raises:
        UserError: ``pipeline.unknown`` or ``pipeline.no-pipeline-folder``.
        EnvironmentFault: the list cannot be written.
    """
    folder = _folder(pipeline)
    if folder is None:
        return
    entry = {"path": str(folder), "hash": _hash(folder), "at": now()}
    kept = [one for one in _known() if one["path"] != entry["path"] and Path(one["path"]).exists()]
    with replacing(data_folder() / _LIST) as file:
        file.write(json.dumps([*kept, entry], ensure_ascii=False, indent=1).encode())


def require_trust(pipeline: str | Path) -> None:
    """Refuse a pipeline that the user has not allowed.

    Raises:
        UserError: ``training.untrusted``.
    """
    if not is_trusted(pipeline):
        raise UserError("training.untrusted", name=str(pipeline))


def fingerprint(pipeline: str | Path) -> str:
    """Return the hash over a pipeline's files by which it is known, empty for the built-in one.

    Raises:
        UserError: ``pipeline.unknown`` or ``pipeline.no-pipeline-folder``.
    """
    folder = _folder(pipeline)
    return "" if folder is None else _hash(folder)


def _folder(pipeline: str | Path) -> Path | None:
    folder = pipeline_folder(str(pipeline))
    return None if folder is None else folder.resolve()


def _known() -> list[dict[str, Any]]:
    """Return the list; one that is not readable is none, so that everything is asked about anew."""
    try:
        found = json.loads((data_folder() / _LIST).read_text("utf-8"))
        return [one for one in found if isinstance(one["path"], str) and isinstance(one["hash"], str)]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def _hash(folder: Path) -> str:
    """Return a hash over the names and contents of all files, what Python compiled by itself left out."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
    return f"sha256:{digest.hexdigest()}"
