"""Identities: made once (UUIDv7) or derived where the exchange format says so (UUIDv5)."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Sequence

import orjson

_NAMESPACE = bytes.fromhex("6f1b4f0c6f0d5c0e9b7a4b7572617472")
"""The namespace of every derived id; changing it would detach decisions from their suggestions."""


def _spell(raw: bytes, version: int) -> str:
    number = int.from_bytes(raw[:16], "big")
    number = number & ~(0xF << 76) | version << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def new_id() -> str:
    """Return a fresh UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then random bits."""
    return _spell((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10), 7)


def derived_id(*parts: object) -> str:
    """Return the UUIDv5 (RFC 9562) of ``parts`` written as compact JSON in the program's namespace.

    Parts are strings, whole numbers, None, and lists of these: of fractions the two writers below have spellings
    of their own.
    """
    try:
        name = orjson.dumps(parts)
    except TypeError:  # a lone surrogate, or a type that only the slower one knows: the same bytes otherwise
        name = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return _spell(hashlib.sha1(_NAMESPACE + name, usedforsecurity=False).digest(), 5)


def suggestion_id(
    pipeline: tuple[str, str, str], fingerprint: str, kind: str, label: str, place: Sequence[object]
) -> str:
    """Return the id that the same pipeline gives the same suggestion on every run.

    Args:
        pipeline: name, version and hash.
        fingerprint: of the document's text, ``sha256:…``.
        kind: ``entity``, ``claim`` or ``relation``.
        label: label id.
        place: the spans, or the ids of head and tail.
    """
    return derived_id("suggestion", *pipeline, fingerprint, kind, label, place)


def accepted_id(suggestion: str, annotator: str) -> str:
    """Return the id of the annotation that ``annotator`` makes by accepting ``suggestion`` as it is."""
    return derived_id("accepted", suggestion, annotator)


def fingerprint(text: str) -> str:
    """Return ``sha256:`` and the hex digest of the text's UTF-8 bytes."""
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
