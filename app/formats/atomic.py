"""Writing a file whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from models.errors import EnvironmentFault, UserError
from models.ids import new_id


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """Open a new file that takes ``target``'s place when the block ends well.

    It is written beside the target, flushed to the disk and put in place in one move; where anything fails,
    the old file stays as it was and nothing is left beside it. A link is followed.

    Raises:
        EnvironmentFault: ``exchange.disk-full`` or ``exchange.cannot-write``.
    """
    with explained(target):
        place = _resolved(target)
        beside = place.with_name(f".{place.name[:80]}.{new_id()}.tmp")
        with beside.open("xb", buffering=1 << 20) as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                if place.exists():
                    shutil.copymode(place, beside)
            except BaseException:
                with suppress(OSError):
                    file.close()
                beside.unlink(missing_ok=True)
                raise
        _put(beside, place)


def _resolved(target: Path) -> Path:
    try:
        return target.resolve()
    except RuntimeError as error:  # a circle of links
        raise OSError(errno.ELOOP, str(error)) from error


@contextmanager
def explained(target: Path) -> Iterator[None]:
    """Turn the system's refusal to write ``target`` into a sentence, as :func:`replacing` raises it."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise EnvironmentFault("exchange.disk-full", path=str(target)) from error
        reason = error.strerror or str(error)
        raise EnvironmentFault("exchange.cannot-write", path=str(target), reason=reason) from error


@contextmanager
def replacing_path(target: Path) -> Iterator[Path]:
    """Give a path beside ``target`` to write a file at, which takes its place when the block ends well.

    For libraries that open files themselves; else see :func:`replacing`, which raises the same.
    """
    with explained(target):
        place = _resolved(target)
        beside = place.with_name(f".{place.name[:80]}.{new_id()}.tmp")
        try:
            yield beside
            with beside.open("rb+") as file:
                os.fsync(file.fileno())
            if place.exists():
                shutil.copymode(place, beside)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
        _put(beside, place)


MARK = ".kurator-export.json"
"""The file in an exported folder that says which files are the export's, so that only they are ever replaced."""


@contextmanager
def replacing_folder(target: Path, format_: str) -> Iterator[Path]:
    """Give an empty folder beside ``target`` that takes its place when the block ends well.

    What stands there is replaced only where it is an empty folder, or holds nothing but an earlier export.

    Raises:
        UserError: ``formats.folder-of-others``.
        EnvironmentFault: ``exchange.disk-full``, ``exchange.cannot-write``.
    """
    with explained(target):
        place = _resolved(target)
        if place.exists() and not _is_ours(place):
            raise UserError("formats.folder-of-others", path=str(target))
        beside = place.with_name(f".{place.name[:80]}.{new_id()}.tmp")
        beside.mkdir()
        try:
            yield beside
            names = sorted(one.relative_to(beside).as_posix() for one in beside.rglob("*") if one.is_file())
            told = json.dumps({"format": format_, "files": names}, ensure_ascii=False, indent=1)
            (beside / MARK).write_text(told + "\n", "utf-8", newline="\n")
            _put_folder(beside, place)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise


def _put_folder(beside: Path, place: Path) -> None:
    if not place.exists():
        beside.rename(place)
        return
    old = place.with_name(f".{place.name[:80]}.{new_id()}.old")
    place.rename(old)
    try:
        beside.rename(place)
    except OSError:
        old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    if not folder.is_dir():
        return False
    files = {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_symlink() or not one.is_dir()}
    try:
        told = json.loads((folder / MARK).read_text("utf-8"))["files"] if MARK in files else []
        return files <= {MARK, *told}
    except (ValueError, TypeError, KeyError):
        return False


def _put(beside: Path, place: Path) -> None:
    try:
        beside.replace(place)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    if hasattr(os, "O_DIRECTORY"):
        with suppress(OSError):
            folder = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
