"""The built-in pipeline on the development pages, where they are at hand: floors under what it reaches."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from app.pipeline.suggest import analysis_of, build_rules_pipeline

SHARED = Path(__file__).resolve().parents[4] / "shared"
FLOORS = {"entities": 0.99, "claims": 0.93, "relations": 0.88, "furniture": 0.95}


def _exchange_shaped(text: str) -> dict[str, Any]:
    analysis = analysis_of(build_rules_pipeline()(text))
    suggestions = [
        {
            "id": number,
            "kind": p.kind,
            "label": p.label,
            "spans": [list(span) for span in p.spans],
            "head": p.head,
            "tail": p.tail,
            "facets": dict(p.facets),
            "score": p.score,
        }
        for number, p in enumerate(analysis.proposals)
    ]
    return {
        "text": text,
        "suggestions": suggestions,
        "furniture": [list(span) for span in analysis.furniture],
    }


@pytest.fixture(scope="module")
def reached() -> dict[str, Any]:
    pages = sorted((SHARED / "gold").glob("*.gold.json"))
    if not pages or not (SHARED / "gold" / "score.py").is_file():
        pytest.skip("the development pages are not here")
    spec = importlib.util.spec_from_file_location("gold_score", SHARED / "gold" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    parts = []
    for page in pages:
        gold = json.loads(page.read_text("utf-8"))
        text = (SHARED / "corpus" / gold["document"]).read_bytes().decode("utf-8")
        parts.append(score.score(_exchange_shaped(text), gold))
    total: dict[str, Any] = score.total(parts)
    return total


@pytest.mark.parametrize("what", FLOORS)
def test_f1_does_not_fall(reached: dict[str, Any], what: str) -> None:
    assert reached[what]["f"] >= FLOORS[what]


@pytest.mark.parametrize(("facet", "floor"), [("kind", 0.78), ("mode", 0.95), ("speaker", 0.9)])
def test_facets_and_speakers_do_not_fall(reached: dict[str, Any], facet: str, floor: float) -> None:
    assert reached[facet] >= floor
