"""Calibrate the built-in pipeline: ``PYTHONPATH=. python packaging/calibrate.py PAGES… [--report]``.

PAGES are folders with texts (``NAME.txt``) and what is right in them (``NAME.gold.json``: entities, claims and
relations as code points). How often each source is right at each score becomes ``calibration.json`` of the pipeline;
only the numbers ship. The error is estimated on documents that a map was not made from (ten parts).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from app.pipeline import calibrated
from app.pipeline.components import RulesComponent
from app.pipeline.suggest import analysis_of, build_rules_pipeline
from models.calibration import Calibration, Case, expected_error, fit
from models.spans import Span
from models.suggestions import Analysis, Proposal

PARTS = 10
OVERLAP = 0.5
"""A claim is right where it shares at least half of its characters, of both together, with one that is there."""
SYMMETRIC = frozenset({"COLLABORATES_WITH", "SAME_AS"})


def main() -> None:
    """Judge every proposal on the pages, print what calibration gives, and write the maps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path, nargs="+")
    parser.add_argument("--report", action="store_true", help="write nothing; judge the maps that ship on these pages")
    chosen = parser.parse_args()
    documents = list(judged(chosen.pages))
    if chosen.report:
        print(told("as shipped", calibrated.calibration(), [case for one in documents for case in one]))
        return
    outside = [
        (fit(case for other, one in enumerate(documents) if other % PARTS != part for case in one), part)
        for part in range(PARTS)
    ]
    print(told("raw", Calibration({}), [case for one in documents for case in one]))
    pairs = [
        (known.answer(case.source, case.label, case.score).probability, case.right)
        for known, part in outside
        for one in documents[part::PARTS]
        for case in one
    ]
    print(f"held out: ECE {expected_error(pairs):.3f}, equal mass {expected_error(pairs, equal_mass=True):.3f}")
    calibrated.write(fit(case for one in documents for case in one))


def told(name: str, known: Calibration, cases: list[Case]) -> str:
    """Return the errors of a map, over all and per label."""
    said = [(known.answer(case.source, case.label, case.score).probability, case) for case in cases]

    def error(some: Iterable[tuple[float, Case]]) -> str:
        return f"{expected_error([(probability, case.right) for probability, case in some]):.3f}"

    labels = sorted({case.label for case in cases})
    each = [f"  {label:18} {error(p for p in said if p[1].label == label)}" for label in labels]
    return "\n".join([f"{name}: {len(cases)} proposals, ECE {error(said)}", *each])


def judged(folders: Iterable[Path]) -> Iterator[list[Case]]:
    """Yield for each page the built-in pipeline's proposals with their raw scores, judged."""
    nlp = build_rules_pipeline()
    rules = nlp.get_pipe("kurator_rules")
    assert isinstance(rules, RulesComponent)
    rules.calibrates = False
    for page in sorted(path for folder in folders for path in folder.glob("*.txt")):
        gold_path = page.with_suffix(".gold.json")
        if not gold_path.exists():
            continue
        gold = json.loads(gold_path.read_text("utf-8"))
        yield list(_cases(analysis_of(nlp(page.read_text("utf-8"))), gold))


def _cases(found: Analysis, gold: dict[str, Any]) -> Iterator[Case]:
    entities = {(one["start"], one["end"], one["label"]) for one in gold["entities"]}
    claims = [(Span(one["start"], one["end"]), tuple(one["speaker"] or ())) for one in gold["claims"]]
    relations = {_relation(one["label"], tuple(one["head"]), tuple(one["tail"])) for one in gold["relations"]}
    for one in found.proposals:
        if one.kind == "entity":
            right = (*_extent(one), one.label) in entities
        elif one.kind == "claim":
            right = any(_shared(one.spans[0], claim) >= OVERLAP for claim, _ in claims)
        elif one.head is None or one.tail is None:
            continue
        else:
            head, tail = found.proposals[one.head], found.proposals[one.tail]
            if one.label == "ATTRIBUTED_TO":
                said = (speaker for claim, speaker in claims if _shared(head.spans[0], claim) >= OVERLAP)
                right = _extent(tail) in said
            elif head.kind == "claim":
                continue  # the pages do not say what claims are about
            else:
                right = _relation(one.label, _extent(head), _extent(tail)) in relations
        yield Case(one.source, one.label, one.score, right)


def _extent(one: Proposal) -> tuple[int, int]:
    return one.spans[0].start, one.spans[-1].end


def _relation(label: str, head: tuple[int, ...], tail: tuple[int, ...]) -> tuple[object, ...]:
    return (label, *(sorted((head, tail)) if label in SYMMETRIC else (head, tail)))


def _shared(one: Span, other: Span) -> float:
    both = max(0, min(one.end, other.end) - max(one.start, other.start))
    return both / (max(one.end, other.end) - min(one.start, other.start)) if both else 0.0


if __name__ == "__main__":
    main()
