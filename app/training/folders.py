"""The folder that a training fills: what is under way in it, and how the finished pipeline comes into its place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.formats.atomic import replacing
from app.training.progress import FILE
from models.errors import EnvironmentFault, UserError
from models.ids import new_id

WORK = ".training"
"""The subfolder with what is needed to go on."""
SCORES = "scores.json"
_RECIPE = "recipe.json"


def begin(out: Path, identity: str, *, resume: bool) -> None:
    """Make the folder ready for a training, or for going on with one.

    Raises:
        UserError: ``training.folder-of-others``: it holds something else; ``training.unfinished``: a training was
            stopped in it and going on was not asked for; ``training.nothing-to-resume``;
            ``training.other-recipe``: what was stopped was trained otherwise.
        EnvironmentFault: ``exchange.cannot-write``.
    """
    work = out / WORK
    if resume:
        _check_same(out, work, identity)
        return
    if out.exists() and not _is_ours(out):
        raise UserError("training.folder-of-others", path=str(out))
    if work.exists():
        raise UserError("training.unfinished", path=str(out))
    try:
        work.mkdir(parents=True)
        (out / FILE).unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_write(out, error) from error
    with replacing(work / _RECIPE) as file:
        file.write(identity.encode())


def _check_same(out: Path, work: Path, identity: str) -> None:
    try:
        known = (work / _RECIPE).read_text("utf-8")
    except OSError as error:
        raise UserError("training.nothing-to-resume", path=str(out)) from error
    if known != identity:
        raise UserError("training.other-recipe", path=str(out))


def _is_ours(out: Path) -> bool:
    """Whether a folder is empty or holds what an earlier training made."""
    if not out.is_dir():
        return False
    if not any(out.iterdir()):
        return True
    try:
        return "kurator" in json.loads((out / "meta.json").read_text("utf-8"))
    except (OSError, ValueError, TypeError):
        return (out / WORK / _RECIPE).is_file()


@contextmanager
def put_in_place(out: Path, *, keep_work: bool) -> Iterator[Path]:
    """Give a folder beside ``out`` to write the pipeline to; it takes its place when the block ends well.

    The record of the training goes along; what is needed to go on only where that is wanted.

    Raises:
        EnvironmentFault: ``exchange.cannot-write``; what was there is as it was.
    """
    beside = out.with_name(f".{out.name[:80]}.{new_id()}.tmp")
    old = out.with_name(f".{out.name[:80]}.{new_id()}.old")
    try:
        beside.mkdir(parents=True)
        yield beside
        if (out / FILE).exists():
            shutil.copy(out / FILE, beside / FILE)
        if keep_work:
            shutil.copytree(out / WORK, beside / WORK)
        out.rename(old)
        try:
            beside.rename(out)
        except OSError:
            old.rename(out)
            raise
    except OSError as error:
        raise _cannot_write(out, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        if out.exists():
            shutil.rmtree(old, ignore_errors=True)


def _cannot_write(path: Path, error: OSError) -> EnvironmentFault:
    return EnvironmentFault("exchange.cannot-write", path=str(path), reason=error.strerror or str(error))
