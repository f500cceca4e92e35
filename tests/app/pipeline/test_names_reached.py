"""What the learned names reach on annotated texts, where they are at hand: floors under the figures."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from app.pipeline.names.reading import LABELS, Token, find_names
from app.pipeline.suggest import analysis_of, build_rules_pipeline

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "data"
Found = set[tuple[int, int, str]]


@pytest.fixture(scope="module")
def parts() -> dict[str, list[tuple[str, Found]]]:
    if not (DATA / "UNER_Swedish-PUD").is_dir():
        pytest.skip("the annotated texts are not here")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "packaging"))
        read: Any = importlib.import_module("names_data")
    return {
        name: [(text, {(a, b, LABELS[label]) for a, b, label in found}) for text, found in part]
        for name, part in read.read_parts(DATA).items()
        if name.endswith("-test")
    }


def _f1(answers: Iterable[tuple[Found, Found]]) -> float:
    right = both = 0
    for mine, gold in answers:
        right += len(mine & gold)
        both += len(mine) + len(gold)
    return 2 * right / both


@pytest.mark.parametrize(("part", "floor"), [("news-test", 0.82), ("talbanken-test", 0.8), ("pud-test", 0.6)])
def test_names_alone_do_not_fall(parts: dict[str, Any], part: str, floor: float) -> None:
    nlp = build_rules_pipeline()
    answers = []
    for text, gold in parts[part]:
        tokens = [Token(token.text, token.idx, bool(token.whitespace_)) for token in nlp.make_doc(text)]
        answers.append(({(n.start, n.end, n.label) for n in find_names(tokens)}, gold))
    assert _f1(answers) >= floor


@pytest.mark.parametrize(("part", "floor"), [("talbanken-test", 0.83), ("pud-test", 0.55)])
def test_the_whole_pipeline_does_not_fall(parts: dict[str, Any], part: str, floor: float) -> None:
    """Above what the rules alone reach on the same texts: 0.811 and 0.401."""
    docs = build_rules_pipeline().pipe(text for text, _ in parts[part])
    mine = (
        {
            (*proposal.spans[0], proposal.label)
            for proposal in analysis_of(doc).proposals
            if proposal.label in LABELS.values()
        }
        for doc in docs
    )
    assert _f1((found, gold) for found, (_, gold) in zip(mine, parts[part], strict=True)) >= floor
