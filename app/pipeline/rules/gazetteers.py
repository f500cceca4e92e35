"""The word lists that ship with the built-in pipeline, and a matcher of phrases over words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from app.paths import resource

FOLDER = ("pipelines", "sv_kurator_rules", "gazetteers")


def folder() -> Path:
    """Return where the word lists lie."""
    return resource(*FOLDER)


@cache
def entries(name: str) -> tuple[str, ...]:
    """Return the entries of the list ``name``, comments left out."""
    lines = (folder() / f"{name}.txt").read_text("utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def word_set(name: str) -> frozenset[str]:
    """Return the list ``name`` as a set."""
    return frozenset(entries(name))


def word_group(words: str) -> frozenset[str]:
    """Return the blank-separated words as a set."""
    return frozenset(words.split())


def endings(words: str) -> tuple[str, ...]:
    """Return the blank-separated endings in the shape that ``str.endswith`` takes."""
    return tuple(words.split())


def fingerprint() -> str:
    """Return a hash over all word lists: part of the pipeline's own hash."""
    digest = hashlib.sha256()
    for path in sorted(folder().glob("*.txt")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def genitive(name: str) -> str:
    """Return the genitive of a name: ``Region Skånes``, ``SKR:s``, unchanged after s, x and z."""
    if name[-1] in "sxzSXZ" and not name.isupper():
        return name
    return f"{name}:s" if name.isupper() or name[-1].isdigit() else f"{name}s"


def with_genitives(names: Iterable[str]) -> Iterator[str]:
    """Yield each name and its genitive."""
    for name in names:
        yield name
        yield genitive(name)
        if name.isupper() and name[-1] not in "SXZ":
            yield f"{name}s"


class Phrases:
    """Finds the longest listed phrase that begins at a word."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}

    def add(self, names: Iterable[str], label: str, source: str) -> None:
        """Add ``names``, whose words are parted by single blanks."""
        for name in names:
            first, *rest = name.split(" ")
            self._by_first.setdefault(first, []).append((tuple(rest), label, source))

    def seal(self) -> None:
        """Put the longest phrases first; call once after the last ``add``."""
        for found in self._by_first.values():
            found.sort(key=lambda entry: -len(entry[0]))

    def at(self, words: Sequence[str], place: int) -> Iterator[tuple[int, str, str]]:
        """Yield ``(number of words, label, source)`` of each phrase at ``place``, longest first."""
        found = self._by_first.get(words[place])
        if found is None:
            return
        for rest, label, source in found:
            size = len(rest)
            if not size or tuple(words[place + 1 : place + 1 + size]) == rest:
                yield size + 1, label, source
