"""Label mapping: what another pipeline calls a thing, and what the label set calls it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from app.paths import resource
from models.suggestions import Analysis, Proposal

DEFAULT_LABELS = frozenset(
    (
        "CONDITION",
        "DATE",
        "DOCUMENT",
        "EVENT",
        "MONEY",
        "ORGANISATION",
        "PERSON",
        "PLACE",
        "PROGRAMME",
        "QUANTITY",
        "ROLE",
        "SERVICE",
    )
)
LabelMapping = Mapping[str, str | None]
"""From a pipeline's label to a label id; None: proposals with that label are left out."""


@cache
def shipped_mappings() -> Mapping[str, LabelMapping]:
    """Return the mappings that ship with the program by name: ``suc``, ``ontonotes``, ``conll``, ``uner``."""
    folder = resource("label_mappings")
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}


def guess_mapping(labels: Iterable[str]) -> dict[str, str | None]:
    """Return a mapping for a pipeline with these labels, by the shipped one that knows most of them.

    A label that is a label id of the default label set maps to itself; one that nobody knows maps to None.
    """
    wanted = list(labels)
    shipped = shipped_mappings()
    best = max(shipped.values(), key=lambda mapping: sum(label in mapping for label in wanted), default={})
    others = [best, *(mapping for mapping in shipped.values() if mapping is not best)]
    guessed: dict[str, str | None] = {}
    for label in wanted:
        if label in DEFAULT_LABELS and label not in best:
            guessed[label] = label
            continue
        plain = label.upper().removeprefix("B-").removeprefix("I-")
        guessed[label] = next((m[key] for m in others for key in (label, plain) if key in m), None)
        if guessed[label] is None and plain in DEFAULT_LABELS and not any(label in m for m in others):
            guessed[label] = plain
    return guessed


def apply(analysis: Analysis, mapping: LabelMapping) -> Analysis:
    """Return the analysis with mapped labels; what maps to None is dropped, and relations that point to it.

    Labels that the mapping does not hold stay as they are. Relations' ends point to the right proposals.
    """
    kept: list[Proposal] = []
    moved: dict[int, int] = {}
    for number, proposal in enumerate(analysis.proposals):
        label = mapping.get(proposal.label, proposal.label)
        if label is None:
            continue
        moved[number] = len(kept)
        kept.append(proposal if label == proposal.label else replace(proposal, label=label))
    kept, moved = _without_dangling(kept, moved)
    pointing = (
        p if p.head is None or p.tail is None else replace(p, head=moved[p.head], tail=moved[p.tail])
        for p in kept
    )
    return Analysis(tuple(pointing), analysis.furniture)


def _without_dangling(kept: list[Proposal], moved: dict[int, int]) -> tuple[list[Proposal], dict[int, int]]:
    """Drop relations whose end is gone, until none is left."""
    back = {new: old for old, new in moved.items()}
    alive = set(moved)
    while True:
        gone = {
            back[new]
            for new, p in enumerate(kept)
            if back[new] in alive and p.kind == "relation" and not {p.head, p.tail} <= alive
        }
        if not gone:
            break
        alive -= gone
    order = sorted(alive)
    return [kept[moved[old]] for old in order], {old: new for new, old in enumerate(order)}
