"""Fit the weights that tell a claim's kind: ``PYTHONPATH=. python packaging/train_claim_kinds.py FOLDER…``.

Each FOLDER holds pages with labels, ``*.gold.json`` beside the text it names (or with it in ``../corpus``). The
weights of a logistic regression over ``app.pipeline.rules.cues`` are drawn towards ``claim_kinds_prior.txt``, which was
written by hand, so that a few hundred claims are enough. What a page-wise cross-validation gives is printed, then
``gazetteers/claim_kinds.txt`` is written from all pages. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.pipeline.rules.cues import cues_of
from app.pipeline.rules.facets import KINDS
from app.pipeline.rules.gazetteers import folder
from app.pipeline.rules.reading import read_page

PRIOR = Path(__file__).with_name("claim_kinds_prior.txt")
FOLDS = 10
STRENGTH = 3.0
"""How strongly the weights are held to the prior: 1 to 8 measure alike."""
LEAST = 3
"""So often a cue without a prior must occur."""
STEPS = 400
HEAD = """# How much each cue speaks for each kind of statement, in the order of the next line.
# Written by packaging/train_claim_kinds.py: logistic regression held to weights set by hand.
"""
Matrix = NDArray[np.float64]


class Example(NamedTuple):
    """A claim with labels: the page it stands on, its cues, and its kind's number."""

    page: str
    cues: frozenset[str]
    kind: int


def main() -> None:
    """Read the pages, print what cross-validation gives, write the weights."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", type=Path, nargs="+", help="folders of pages with labels")
    examples = [one for place in parser.parse_args().folders for one in read(place)]
    prior = read_prior()
    right = cross_validate(examples, prior)
    print(f"{len(examples)} claims; kind right in cross-validation over pages: {right:.3f}")
    names, weights = fit(examples, prior)
    lines = [f"{name} {' '.join(f'{w:.2f}' for w in row)}" for name, row in zip(names, weights, strict=True)]
    text = f"{HEAD}# {' '.join(KINDS)}\n" + "\n".join(lines) + "\n"
    (folder() / "claim_kinds.txt").write_text(text, "utf-8", newline="\n")


def read(place: Path) -> list[Example]:
    """Return the labelled claims of a folder of pages."""
    examples = []
    for path in sorted(place.glob("*.gold.json")):
        gold = json.loads(path.read_text("utf-8"))
        beside = path.with_name(gold["document"])
        text = (beside if beside.exists() else place.parent / "corpus" / gold["document"]).read_bytes().decode("utf-8")
        mentions = read_page(text).mentions
        for claim in gold["claims"]:
            start, end = claim["start"], claim["end"]
            named = [(m.start - start, m.end - start, m.label) for m in mentions if start <= m.start and m.end <= end]
            cues = frozenset(cues_of(text[start:end], claim["mode"], named))
            examples.append(Example(str(path), cues, KINDS.index(claim["kind"])))
    return examples


def read_prior() -> dict[str, list[float]]:
    """Return the weights set by hand, by cue."""
    rows = {}
    for line in PRIOR.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, *parts = line.split()
            told = {kind: float(weight) for kind, _, weight in (part.partition(":") for part in parts)}
            rows[name] = [told.get(kind, 0.0) for kind in KINDS]
    return rows


def fit(examples: list[Example], prior: dict[str, list[float]]) -> tuple[list[str], Matrix]:
    """Return the cues and their weights for each kind, by Adam on the penalised likelihood."""
    counts = Counter(cue for example in examples for cue in example.cues)
    names = sorted({cue for cue, times in counts.items() if times >= LEAST} | set(prior))
    start: Matrix = np.array([prior.get(name, [0.0] * len(KINDS)) for name in names])
    given = matrix(examples, names)
    wanted: Matrix = np.eye(len(KINDS))[[example.kind for example in examples]]
    weights, drift, spread = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for step in range(1, STEPS + 1):
        slope = given.T @ (shares(given @ weights) - wanted) + STRENGTH * (weights - start)
        drift, spread = 0.9 * drift + 0.1 * slope, 0.99 * spread + 0.01 * slope**2
        pace = 0.05 * (1 - step / (STEPS + 20))
        weights -= pace * (drift / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-8)
    return names, weights


def matrix(examples: list[Example], names: list[str]) -> Matrix:
    """Return which example has which cue."""
    return np.array([[float(name in example.cues) for name in names] for example in examples])


def shares(scores: Matrix) -> Matrix:
    """Return each row's softmax."""
    powers: Matrix = np.exp(scores - scores.max(axis=1, keepdims=True))
    total: Matrix = powers.sum(axis=1, keepdims=True)
    return np.divide(powers, total)


def cross_validate(examples: list[Example], prior: dict[str, list[float]]) -> float:
    """Return the share of kinds that weights from other pages tell right."""
    pages = sorted({example.page for example in examples})
    right = 0
    for fold in range(FOLDS):
        held = set(pages[fold::FOLDS])
        inner = [example for example in examples if example.page not in held]
        outer = [example for example in examples if example.page in held]
        if outer and inner:
            names, weights = fit(inner, prior)
            told = (matrix(outer, names) @ weights).argmax(axis=1)
            right += sum(int(kind) == example.kind for kind, example in zip(told, outer, strict=True))
    return right / len(examples)


if __name__ == "__main__":
    main()
