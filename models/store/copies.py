"""Whole project files: a consistent copy of one that may be open, and one put in another's place."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from models.errors import EnvironmentFault, UserError
from models.store import project_file
from models.store.project_file import explained

PAGES = 2000
"""How many pages are copied between two looks at ``progress``."""

Progress = Callable[[int, int], None]
"""Called with the pages copied so far and the pages in all."""


@contextmanager
def claimed(path: Path) -> Iterator[None]:
    """Hold a project as its only user, without opening it.

    Raises:
        UserError: ``project.open-elsewhere``.
        EnvironmentFault: the folder cannot be written.
    """
    with explained(path):
        lock = project_file._lock(path)
    try:
        yield
    finally:
        lock.close()


def project_id(path: Path) -> str:
    """Return the id that a project file was given when it was made.

    Raises:
        UserError, EnvironmentFault: as :meth:`ProjectFile.open`.
    """
    with _reading(path) as connection:
        row = connection.execute("SELECT value FROM meta WHERE key = 'id'").fetchone()
    return str(row[0]) if row else ""


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Read a file that this or another process may have open."""
    if path.is_dir():
        raise UserError("project.is-folder", path=str(path))
    if not path.is_file():
        raise UserError("project.missing", path=str(path))
    writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    with explained(path):
        connection = project_file._connect(path.resolve(), "rw" if writable else "ro")
        try:
            project_file._check(connection, path)
            yield connection
        finally:
            connection.close()


def copy_project(
    source: Path, target: Path, progress: Progress | None = None, *, sound: bool = False
) -> None:
    """Write the state that ``source`` has now to ``target``, wholly or not at all, as one file.

    The source may be open and may be written meanwhile; where the target exists, the caller holds it
    (:func:`claimed`). With ``sound`` the copy is looked through before it takes the target's place.

    Raises:
        UserError: ``source`` is no project.
        EnvironmentFault: ``project.no-room``, ``project.cannot-write``; with ``sound`` ``project.damaged``.
    """
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with _reading(source) as connection:
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                _copy(connection, unfinished, progress)
            except (sqlite3.Error, OSError) as error:
                raise _write_fault(error, source, target) from error
        if sound and not is_sound(unfinished):
            raise EnvironmentFault("project.damaged", path=str(source))
        try:
            for companion in project_file._companions(target):
                companion.unlink(missing_ok=True)  # the log of a file that is no more
            replace_file(unfinished, target)
        except OSError as error:
            raise _write_fault(error, source, target) from error
    finally:
        for leftover in (unfinished, *project_file._companions(unfinished)):
            with suppress(OSError):
                leftover.unlink()


def _copy(source: sqlite3.Connection, target: Path, progress: Progress | None) -> None:
    def tell(_status: int, left: int, total: int) -> None:
        if progress is not None:
            progress(total - left, total)

    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        source.execute("BEGIN")  # one state of the file, whatever is written while it is copied
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(copy, pages=PAGES, progress=tell)
        source.execute("COMMIT")
        copy.execute("PRAGMA journal_mode = DELETE")  # a copy is one file, no log beside it


def _write_fault(error: sqlite3.Error | OSError, source: Path, target: Path) -> EnvironmentFault:
    known = project_file.fault(error, source)
    if known.code == "project.disk-full":
        return EnvironmentFault("project.no-room", path=str(target))
    if known.code in ("project.damaged", "project.not-a-project", "project.busy"):
        return EnvironmentFault(known.code, **known.details)
    return EnvironmentFault("project.cannot-write", path=str(target), reason=str(error))


def is_sound(path: Path) -> bool:
    """Say whether SQLite finds nothing wrong with a file's structure."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            rows: list[tuple[str]] = connection.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.Error:
        return False
    return rows == [("ok",)]


def replace_file(unfinished: Path, target: Path) -> None:
    """Put a finished file in the place of another, so that a power cut leaves one of the two."""
    with unfinished.open("rb+") as stream:
        os.fsync(stream.fileno())
    unfinished.replace(target)
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def put_in_place(copy: Path, path: Path) -> None:
    """Let a copy take the place of a closed project; a log beside the old file goes with it.

    The caller holds the project (:func:`claimed`) and has kept what is replaced.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        shutil.copyfile(copy, unfinished)
        for companion in project_file._companions(path):
            companion.unlink(missing_ok=True)
        replace_file(unfinished, path)
    except OSError as error:
        raise _write_fault(error, copy, path) from error
    finally:
        with suppress(OSError):
            unfinished.unlink()


def set_aside(path: Path, target: Path) -> None:
    """Copy a file that cannot be read as a project, with the log beside it, as it is.

    Raises:
        EnvironmentFault: there is no room for it.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        for old, new in zip(project_file._companions(path), project_file._companions(target), strict=True):
            if old.exists():
                shutil.copyfile(old, new)
    except OSError as error:
        raise _write_fault(error, path, target) from error
