"""The tools' own files, and how what is read of them is compared."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from app.formats.contract import ReadContext
from app.formats.layers import LayerDocument, Passage, Refusal
from models.labels import LabelSet

SHARED = Path(__file__).resolve().parents[5] / "shared" / "formats"
HERE = pytest.mark.skipif(not SHARED.is_dir(), reason="the tools' files are not here")
CONTEXT = ReadContext(LabelSet("x", "x", 1, (), (), (), ()))


def expected(folder: str, name: str) -> list[dict[str, Any]]:
    path = SHARED / "EXPECTED" / folder / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def taken(form: Any, path: Path) -> tuple[list[LayerDocument], list[Refusal]]:
    items = list(form.read([path], CONTEXT))
    return [one for one in items if isinstance(one, LayerDocument)], [one for one in items if isinstance(one, Refusal)]


def frags(one: Passage) -> list[list[int]]:
    return [list(span) for span in one.spans]


def same(rows: list[Any], others: list[Any]) -> None:
    """Compare two lists whose order says nothing."""
    told = [sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in found) for found in (rows, others)]
    assert told[0] == told[1]


def check_text(document: LayerDocument, rows: list[dict[str, Any]]) -> None:
    (row,) = [one for one in rows if one["k"] == "doc"]
    assert (len(document.text), hashlib.sha256(document.text.encode()).hexdigest()[:16]) == (row["len"], row["sha256"])
