"""The trainings that were begun from the window: where each stands, so that it can be looked at and gone on with.

Each has a folder of its own beside the project's learned pipelines, ``trained/NUMBER``, and beside that
``NUMBER.json`` with what was asked for. What is in the folder is the work of ``kurator train``.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.formats.atomic import explained, replacing
from app.services.learning import home
from app.services.trust import trust
from app.training.folders import SCORES, WORK
from app.training.progress import FILE
from app.workspace import Workspace
from models.errors import UserError
from models.ids import new_id
from models.times import now

TRAINED = "trained"
_BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Run:
    """One training: its number, its folder, what was asked for, and when.

    ``arguments`` are those of ``kurator train`` without project, folder and ``--resume``. ``finished``: a pipeline is
    there; ``stopped``: there is something to go on with.
    """

    number: int
    folder: Path
    arguments: tuple[str, ...]
    at: str
    finished: bool
    stopped: bool

    def command(self) -> list[str]:
        """Return the arguments of ``kurator train`` that begin this training, or go on with it."""
        return ["--out", str(self.folder), *self.arguments, *(["--resume"] if self.stopped else [])]


def runs(workspace: Workspace) -> list[Run]:
    """Return the project's trainings, the latest first."""
    place = home(workspace) / TRAINED
    numbers = sorted((int(one.stem) for one in place.glob("*.json") if one.stem.isdigit()), reverse=True)
    return [found for number in numbers if (found := _run(place, number)) is not None]


def _run(place: Path, number: int) -> Run | None:
    try:
        told = json.loads((place / f"{number}.json").read_text("utf-8"))
        arguments, at = tuple(map(str, told["arguments"])), str(told["at"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    folder = place / str(number)
    finished = (folder / SCORES).is_file()
    return Run(number, folder, arguments, at, finished, (folder / WORK / "recipe.json").is_file())


def begin(workspace: Workspace, arguments: Sequence[str]) -> Run:
    """Note a new training and return it.

    Raises:
        EnvironmentFault: ``exchange.disk-full`` or ``exchange.cannot-write``.
    """
    place = home(workspace) / TRAINED
    place.mkdir(parents=True, exist_ok=True)
    number = max((int(one.stem) for one in place.glob("*") if one.stem.isdigit()), default=0) + 1
    with replacing(place / f"{number}.json") as file:
        file.write(json.dumps({"arguments": list(arguments), "at": now()}, ensure_ascii=False).encode())
    found = _run(place, number)
    assert found is not None
    return found


def now_of(workspace: Workspace, run: Run) -> Run:
    """Return a training as it stands now.

    Raises:
        UserError: ``training_window.gone``.
    """
    found = _run(run.folder.parent, run.number)
    if found is None:
        raise UserError("training_window.gone", number=run.number)
    return found


def forget(run: Run) -> None:
    """Remove a training with all it made."""
    (run.folder.parent / f"{run.number}.json").unlink(missing_ok=True)
    (run.folder.parent / f"{run.number}.{_BEFORE}").unlink(missing_ok=True)
    shutil.rmtree(run.folder, ignore_errors=True)


def events(run: Run) -> list[dict[str, Any]]:
    """Return what the training has told so far, as ``progress.jsonl`` holds it."""
    found = []
    with suppress(OSError):
        for line in (run.folder / FILE).read_text("utf-8").splitlines():
            with suppress(ValueError):
                event = json.loads(line)
                if isinstance(event, dict) and "part" in event:
                    found.append(event)
    return found


def report(run: Run) -> dict[str, Any] | None:
    """Return what came of a training, None where nothing did yet."""
    try:
        found = json.loads((run.folder / SCORES).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "scores" in found else None


def keep_before(run: Run, told: Mapping[str, Any]) -> None:
    """Keep what the pipeline that was in use reaches on the same documents."""
    with replacing(run.folder.parent / f"{run.number}.{_BEFORE}") as file:
        file.write(json.dumps(told, ensure_ascii=False).encode())


def before(run: Run) -> dict[str, Any] | None:
    """Return what the pipeline that was in use reaches on the same documents, None where it was not measured."""
    try:
        found: dict[str, Any] = json.loads((run.folder.parent / f"{run.number}.{_BEFORE}").read_text("utf-8"))
        return found if "scores" in found else None
    except (OSError, ValueError):
        return None


def card(folder: Path) -> str:
    """Return a pipeline's model card as Markdown, empty where it has none."""
    try:
        return (folder / "README.md").read_text("utf-8", "replace")
    except OSError:
        return ""


def save_copy(run: Run, target: Path) -> None:
    """Write a training's pipeline as a folder that any spaCy loads, without what going on with it would need.

    Raises:
        UserError: ``training.folder-of-others``: there is something else.
        EnvironmentFault: ``exchange.disk-full`` or ``exchange.cannot-write``.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UserError("training.folder-of-others", path=str(target))
    beside = target.with_name(f".{target.name[:80]}.{new_id()}.tmp")
    try:
        with explained(target):
            shutil.copytree(run.folder, beside, ignore=shutil.ignore_patterns(WORK, "__pycache__"))
            if target.exists():
                target.rmdir()
            beside.rename(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    trust(target)
