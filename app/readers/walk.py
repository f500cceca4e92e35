"""Finds the files below the paths that a person chose, in a fixed order, each real folder once."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from app.readers.source import Source, open_file, printable
from app.readers.zip_archive import is_hidden_name
from models.documents import Skipped

_Identity = tuple[int, int]


def find_files(paths: Iterable[Path], *, ignore_hidden: bool = True) -> Iterator[Source | Skipped]:
    """Yield every regular file at or below ``paths``, folders in order of name, nothing opened yet.

    A file's name is its path below the folder given, or its bare name. Hidden files below a folder are
    left out unless ``ignore_hidden`` is false; one that is given itself is found. What cannot be visited
    is told as a Skipped: ``reading.not-found``, ``reading.not-a-file``, ``reading.unreadable``,
    ``reading.folder-unreadable``, ``reading.folder-twice`` (a link into what is read anyway).
    """
    seen: set[_Identity] = set()
    for path in paths:
        place = Path(os.path.abspath(path))  # noqa: PTH100 - a link that is given keeps its own name
        name = printable(place.name or str(place))
        try:
            status = place.stat()
        except OSError as error:
            yield _unreadable(name, error)
            continue
        if stat.S_ISDIR(status.st_mode):
            yield from _Folder(str(place), seen, ignore_hidden).files()
        else:
            yield _file(name, str(place), status)


def _file(name: str, path: str, status: os.stat_result) -> Source | Skipped:
    if not stat.S_ISREG(status.st_mode):
        return Skipped(name, "reading.not-a-file")
    return Source(name, status.st_size, partial(open_file, path))


def _unreadable(name: str, error: OSError) -> Skipped:
    if isinstance(error, FileNotFoundError):
        return Skipped(name, "reading.not-found")
    return Skipped(name, "reading.unreadable", {"reason": why(error)})


def why(error: OSError) -> str:
    """Return the system's own words for a fault, without path or number."""
    return error.strerror or type(error).__name__


class _Folder:
    """A walk below one folder that a person chose."""

    def __init__(self, root: str, seen: set[_Identity], ignore_hidden: bool) -> None:
        self._root = root
        self._real_root = os.path.realpath(root)
        self._seen = seen
        self._ignore_hidden = ignore_hidden

    def files(self) -> Iterator[Source | Skipped]:
        stack: list[Iterator[os.DirEntry[str]]] = []
        yield from self._enter(self._root, stack)
        while stack:
            entry = next(stack[-1], None)
            if entry is None:
                stack.pop()
            elif not (self._ignore_hidden and is_hidden_name(entry.name)):
                yield from self._visit(entry, stack)

    def _visit(
        self, entry: os.DirEntry[str], stack: list[Iterator[os.DirEntry[str]]]
    ) -> Iterator[Source | Skipped]:
        try:
            status = entry.stat()
            linked = entry.is_symlink()
        except OSError as error:
            yield _unreadable(self._name(entry.path), error)
            return
        if not stat.S_ISDIR(status.st_mode):
            yield _file(self._name(entry.path), entry.path, status)
        elif linked and self._is_read_anyway(entry.path):
            yield Skipped(self._name(entry.path), "reading.folder-twice")
        else:
            yield from self._enter(entry.path, stack)

    def _enter(self, folder: str, stack: list[Iterator[os.DirEntry[str]]]) -> Iterator[Skipped]:
        name = self._name(folder)
        try:
            status = Path(folder).stat()
            identity = (status.st_dev, status.st_ino)
            if identity in self._seen:
                yield Skipped(name, "reading.folder-twice")
                return
            self._seen.add(identity)
            with os.scandir(folder) as found:
                stack.append(iter(sorted(found, key=lambda entry: entry.name)))
        except OSError as error:
            yield Skipped(name, "reading.folder-unreadable", {"reason": why(error)})

    def _is_read_anyway(self, link: str) -> bool:
        target = os.path.realpath(link)
        try:
            return os.path.commonpath((target, self._real_root)) in (target, self._real_root)
        except ValueError:
            return False

    def _name(self, path: str) -> str:
        below = path[len(self._root) :].replace(os.sep, "/").lstrip("/")
        return printable(below or Path(path).name or path)
