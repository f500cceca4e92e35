"""Choosing by chance that stays the same: every id has its place between 0 and 1, on every machine."""

from __future__ import annotations

import hashlib


def place_of(*parts: str) -> float:
    """Return where ``parts`` stand, at least 0 and less than 1, evenly spread.

    An id is in a share where its place is below it: more ids change nothing for the others, a larger share
    only adds.
    """
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:6], "big") / (1 << 48)
