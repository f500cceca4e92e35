"""Project files as a whole: copies, backups, restoring, and the sample that a newcomer sees first."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from app.jobs import Job
from app.messages import tr
from app.paths import data_folder, resource
from app.services.corpus import import_documents
from app.workspace import Workspace
from models.errors import KuratorError, UserError
from models.store import copies
from models.store.copies import Progress

BACKUP_EVERY = timedelta(days=1)
_MOMENT = "%Y%m%dT%H%M%S%fZ"


class Backup(NamedTuple):
    """A kept state of a project; ``at`` in UTC, ``size`` in bytes."""

    path: Path
    at: datetime
    size: int


def open_for_reading(path: Path) -> Workspace:
    """Open a project to read from it, beside a window that may hold it.

    Raises:
        UserError, EnvironmentFault: as :meth:`ProjectFile.open`, except ``project.open-elsewhere``.
    """
    try:
        return Workspace.open(path)
    except UserError as error:
        if error.code != "project.open-elsewhere":
            raise
    return Workspace.open(path, share=True)


def save_copy(
    project: Workspace | Path, target: Path, progress: Progress | None = None, *, overwrite: bool = True
) -> None:
    """Save the present state of a project, which may be open, under another name.

    Raises:
        UserError: ``project.exists`` (unless ``overwrite``), ``project.same-file``,
            ``project.open-elsewhere``: the target is an open project; or ``project`` is none.
        EnvironmentFault: the copy cannot be written; what was at ``target`` is as it was.
    """
    path = project.path if isinstance(project, Workspace) else project
    if target.is_dir():
        raise UserError("project.is-folder", path=str(target))
    if not target.exists():
        copies.copy_project(path, target, progress)
        return
    if not overwrite:
        raise UserError("project.exists", path=str(target))
    if path.exists() and path.samefile(target):
        raise UserError("project.same-file", path=str(target))
    with copies.claimed(target.resolve()):
        copies.copy_project(path, target, progress)


# Backups ----------------------------------------------------------------------------------------------------


def backups(path: Path) -> list[Backup]:
    """Return the backups of a project, latest first; of a damaged one those made under its present path."""
    folder = _backup_folder(path)
    found = []
    for one in folder.glob("*.kurator") if folder else ():
        with suppress(ValueError, OSError):
            at = datetime.strptime(one.stem.partition("-")[0], _MOMENT).replace(tzinfo=UTC)
            found.append(Backup(one, at, one.stat().st_size))
    return sorted(found, key=lambda backup: backup.at, reverse=True)


def back_up(path: Path, kept: int = 10, progress: Progress | None = None) -> Path:
    """Keep the present state of a project, which may be open, in the data folder; drop all but ``kept``.

    A damaged project is not backed up, so that it never pushes out a sound backup.

    Raises:
        UserError, EnvironmentFault: the project cannot be read, or there is no room.
    """
    folder = _backups_root() / copies.project_id(path)
    target = folder / f"{datetime.now(UTC).strftime(_MOMENT)}.kurator"
    copies.copy_project(path, target, progress, sound=True)
    (folder / "project.json").write_text(json.dumps({"path": str(path.resolve())}), "utf-8")
    for old in backups(path)[max(kept, 1) :]:
        with suppress(OSError):
            old.path.unlink()
    return target


def backup_due(workspace: Workspace) -> bool:
    """Say whether a project older than a day has changed since its latest backup, more than a day ago."""
    created = workspace.reads.meta("created") or ""
    dawn = (datetime.now(UTC) - BACKUP_EVERY).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if created > dawn:
        return False
    found = backups(workspace.path)
    if not found:
        return True
    files = (workspace.path, Path(f"{workspace.path}-wal"))
    changed = max(one.stat().st_mtime for one in files if one.exists())
    return datetime.now(UTC) - found[0].at > BACKUP_EVERY and changed > found[0].at.timestamp()


def back_up_if_due(workspace: Workspace, kept: int = 10) -> Job | None:
    """Begin a backup in a process of its own where one is due; return at once.

    ``kept`` 0 means that no backups are wanted.
    """
    if kept < 1 or workspace.read_only or not backup_due(workspace):
        return None
    return Job.start("backup", workspace.path, ["--keep", str(kept)], lambda event: None)


def restore(path: Path, backup: Path) -> Path | None:
    """Put a backup in the place of a closed project; return where the replaced state is kept.

    None where there was no file to replace. A damaged file is kept as it is, marked ``damaged``.

    Raises:
        UserError: ``project.open-elsewhere``, ``project.same-file``, or the backup is no project.
        EnvironmentFault: the backup is damaged, or there is no room; the project is as it was.
    """
    if path.exists() and backup.exists() and path.samefile(backup):
        raise UserError("project.same-file", path=str(path))
    identity = copies.project_id(backup)
    unpacked = path.with_name(f".{path.name}.restored.{os.getpid()}")
    with copies.claimed(path.resolve()):
        try:
            copies.copy_project(backup, unpacked, sound=True)
            kept = _keep_replaced(path, identity) if path.exists() else None
            copies.put_in_place(unpacked, path.resolve())
        finally:
            unpacked.unlink(missing_ok=True)
    return kept


def _keep_replaced(path: Path, identity: str) -> Path:
    moment = datetime.now(UTC).strftime(_MOMENT)
    try:
        kept = _backups_root() / copies.project_id(path) / f"{moment}-replaced.kurator"
        copies.copy_project(path, kept, sound=True)
    except KuratorError as error:
        if error.code == "project.no-room":
            raise
        kept = _backups_root() / identity / f"{moment}-damaged.kurator"
        copies.set_aside(path, kept)
    return kept


def _backups_root() -> Path:
    return data_folder() / "backups"


def _backup_folder(path: Path) -> Path | None:
    try:
        return _backups_root() / copies.project_id(path)
    except KuratorError:
        return _folder_by_path(path)


def _folder_by_path(path: Path) -> Path | None:
    for note in _backups_root().glob("*/project.json"):
        with suppress(OSError, ValueError, KeyError, TypeError):
            if json.loads(note.read_text("utf-8"))["path"] == str(path.resolve()):
                return note.parent
    return None


# The sample -------------------------------------------------------------------------------------------------


def sample_texts() -> list[Path]:
    """Return the files of the sample corpus."""
    return sorted(resource("samples").glob("[0-9]*"))


def sample_project() -> Path:
    """Return the sample project, made from the sample corpus where it is not there yet.

    Raises:
        EnvironmentFault: the data folder cannot be written.
    """
    path = data_folder() / "sample.kurator"
    if not path.exists():
        make_sample(path)
    return path


def make_sample(path: Path) -> None:
    """Make a project of the sample corpus at ``path``, wholly or not at all."""
    from app.readers import read_paths

    folder = path.parent / f".{path.name}.{os.getpid()}"
    unfinished = folder / path.name
    try:
        with Workspace.create(unfinished, tr("project.sample-name")) as workspace:
            for _ in import_documents(workspace.writer, workspace.reads, read_paths(sample_texts())):
                pass
        with copies.claimed(path):
            copies.copy_project(unfinished, path)
    finally:
        for leftover in folder.glob("*") if folder.is_dir() else ():
            leftover.unlink(missing_ok=True)
        for leftover in folder.glob(".*") if folder.is_dir() else ():
            leftover.unlink(missing_ok=True)
        with suppress(OSError):
            folder.rmdir()
