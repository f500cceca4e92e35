"""Writing a file whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from models.errors import EnvironmentFault
from models.ids import new_id


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """Open a new file that takes ``target``'s place when the block ends well.

    It is written beside the target, flushed to the disk and put in place in one move; where anything fails,
    the old file stays as it was and nothing is left beside it. A link is followed.

    Raises:
        EnvironmentFault: ``exchange.disk-full`` or ``exchange.cannot-write``.
    """
    try:
        place = target.resolve()
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
    except (OSError, RuntimeError) as error:  # a RuntimeError is a circle of links
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise EnvironmentFault("exchange.disk-full", path=str(target)) from error
        reason = getattr(error, "strerror", None) or str(error)
        raise EnvironmentFault("exchange.cannot-write", path=str(target), reason=reason) from error


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
