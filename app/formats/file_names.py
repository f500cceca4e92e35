"""Names of files for documents whose names may hold anything."""

from __future__ import annotations

import re

from app.formats.layers import Losses

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff]')
_TAKEN_BY_SYSTEMS = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
LONGEST = 180
"""Bytes of a file's name without its suffix."""


class FileNames:
    """Gives each document a file name of its own that every system can store.

    The document's name where it can be one; else what stands closest to it, and a count in ``losses``.
    """

    def __init__(self, losses: Losses) -> None:
        self._losses = losses
        self._given: set[str] = set()

    def name(self, document: str) -> str:
        """Return a name without suffix, different from all given before, also where case does not count."""
        plain = _UNSAFE.sub("_", document).strip(". ") or "_"
        plain = f"_{plain}" if _TAKEN_BY_SYSTEMS.fullmatch(plain) else plain
        plain = plain.encode("utf-8")[:LONGEST].decode("utf-8", "ignore")
        name, number = plain, 1
        while name.casefold() in self._given:
            number += 1
            name = f"{plain}-{number}"
        self._given.add(name.casefold())
        if name != document:
            self._losses.add("peers.lost-name", f"{document} → {name}")
        return name
