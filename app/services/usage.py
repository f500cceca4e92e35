"""The report on suggestions: per label what became of them, what they cost, and whether they help or mislead."""

from __future__ import annotations

from typing import NamedTuple, get_args

from models.labels import LabelSet
from models.store.reads import Reads
from models.store.usage_reads import Finished, UsageReads
from models.suggestions import Verdict
from models.usage import Alone, Cost, LabelUsage, side_by_side

__all__ = ["Alone", "Cost", "Finished", "LabelUsage", "Usage", "usage"]


class Usage(NamedTuple):
    """How suggestions were used by one annotator (id) or (None) by all.

    ``labels`` are those with anything to tell, in the label set's order; ``whole`` is all of them together, with
    the effort that belongs to no label. ``controls`` counts documents; ``alone`` how often one was annotated
    without suggestions; ``revised`` how often one no longer counts, because something was changed after
    suggestions were shown. ``shown`` and ``hidden`` are documents finished with suggestions and without.
    """

    annotator: str | None
    labels: tuple[LabelUsage, ...]
    whole: LabelUsage
    controls: int
    alone: int
    revised: int
    shown: Finished
    hidden: Finished


def usage(reads: Reads, annotator: str | None = None) -> Usage:
    """Return how suggestions were used, by one annotator or by all."""
    rows = UsageReads(reads, annotator)
    alone: dict[str, Alone] = {}
    for made, suggested in rows.alone():
        for label, counts in side_by_side(made, suggested).items():
            alone[label] = alone.get(label, Alone()).plus(counts)
    judged, manual, effort, measured = rows.judged(), rows.manual(), rows.effort(), rows.measured()

    def cost(label: str, without: bool) -> Cost:
        return Cost(measured.get((label, without), 0), *effort.get((label, without), (0, 0)))

    def line(label: str) -> LabelUsage:
        accepted, corrected, rejected = (judged.get((label, verdict), 0) for verdict in get_args(Verdict))
        counts = accepted, corrected, rejected, manual.get(label, 0)
        return LabelUsage(label, *counts, alone.get(label, Alone()), cost(label, False), cost(label, True))

    known = {label for label, _ in judged} | {*manual, *alone} | {label for label, _ in measured} - {""}
    labels = tuple(map(line, in_order(known, reads.label_set())))
    return Usage(annotator, labels, _whole(labels, line("")), *rows.controls(), *rows.finished())


def in_order(labels: set[str], known: LabelSet) -> list[str]:
    """Return labels in the label set's order; those it does not know come last."""
    order = {one.id: number for number, one in enumerate(known)}
    return sorted(labels, key=lambda label: (order.get(label, len(order)), label))


def _whole(labels: tuple[LabelUsage, ...], beside: LabelUsage) -> LabelUsage:
    """Return the sum of all labels and of the effort that belongs to none."""
    every = (*labels, beside)
    alone = Alone()
    for one in every:
        alone = alone.plus(one.alone)
    return LabelUsage(
        "",
        sum(one.accepted for one in every),
        sum(one.corrected for one in every),
        sum(one.rejected for one in every),
        sum(one.manual for one in every),
        alone,
        Cost(*map(sum, zip(*(one.shown for one in every), strict=True))),
        Cost(*map(sum, zip(*(one.hidden for one in every), strict=True))),
    )
