"""Derived ids are those of the plain JSON spelling, whatever the parts hold."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models.ids import derived_id
from models.spans import Span

NAMESPACE = uuid.UUID("6f1b4f0c-6f0d-5c0e-9b7a-4b7572617472")
plain = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=[]))
parts = st.lists(st.recursive(plain, lambda inner: st.lists(inner) | st.tuples(inner, inner), max_leaves=8))


@given(parts)
def test_an_id_follows_from_the_plain_spelling(told: list[Any]) -> None:
    name = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    digest = hashlib.sha1(NAMESPACE.bytes + name).digest()
    assert derived_id(*told) == str(uuid.UUID(bytes=digest[:16], version=5))


def test_known_ids_stay() -> None:
    assert derived_id("suggestion", "a", "Va\u030ard 😀\u00ad", [[0, 3]]) == derived_id(
        "suggestion", "a", "Va\u030ard 😀\u00ad", [Span(0, 3)]
    )
    assert derived_id("accepted", "x", "y") == "576cfb44-b5c6-5f27-8c86-9c9f0306a68a"
