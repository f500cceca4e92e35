"""From what trainings and evaluations tell to grids: counts, scores per label, what was taken for what, calibration.

``told`` is what ``kurator evaluate`` reports, ``scores`` its part of that name
(:meth:`app.training.scores.Scores.to_json`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from app.agreement_report.words import interval, number, whole
from app.messages import language, tr
from app.services.learning_views import LabelView, LearnedView
from app.services.training_views import Survey
from app.training import PARTS
from models.labels import LabelSet
from ui.item_models.grid import Cell, Grid, Row

Scores = Mapping[str, Any]
EVEN = 0.005
"""Differences of F1 below which two pipelines are called alike."""
UP, DOWN, LEVEL = "▲", "▼", "="


def _row(labels: LabelSet, label: str) -> Row:
    known = labels.get(label)
    return Row(f"\u2003{labels.title(label, language())}", label, known.color if known else None)


def counts_grid(found: Survey, labels: LabelSet) -> Grid:
    """Return how often each label is there, by part of the corpus."""
    rows: list[Row] = []
    cells: dict[tuple[int, int], Cell] = {}
    for part in PARTS:
        counted = [one for one in found.labels if one.part == part]
        if not counted:
            continue
        sums = [sum(values) for values in zip(*((one.train, one.dev, one.test) for one in counted), strict=True)]
        for row, values in [(Row(tr(f"training_window.part-{part}")), sums)] + [
            (_row(labels, one.label), [one.train, one.dev, one.test]) for one in counted
        ]:
            for column, value in enumerate(values):
                cells[len(rows), column] = Cell(value, whole(value))
            rows.append(row)
    columns = [(tr(f"training_window.count-{part}"), tr(f"training_window.count-{part}-why")) for part in _PARTS]
    return Grid(rows, columns, cells)


_PARTS = ("train", "dev", "test")


def layers(scores: Scores, labels: LabelSet) -> Iterator[tuple[str, str, Row, Mapping[str, Any]]]:
    """Yield layer, label ("" for all of them), the row's title and values, in the order shown."""
    for layer, found in scores["layers"].items():
        yield layer, "", Row(tr(f"training.layer-{layer}"), tr(f"training_window.layer-{layer}-why")), found["all"]
        for label, one in found["labels"].items():
            yield layer, label, _row(labels, label), one


def f1_cell(one: Mapping[str, Any] | None) -> Cell:
    """Return F1 with its interval, and in words what it rests on."""
    if one is None:
        return Cell()
    bounds = one.get("interval")
    between = interval(*bounds) if bounds else ""
    return Cell(one["f1"], number(one["f1"]), between, None, partial(_told, one))


def _told(one: Mapping[str, Any]) -> str:
    values = {name: number(one[name]) for name in ("precision", "recall", "f1")}
    counts = {name: whole(one[name]) for name in ("right", "proposed", "there")}
    return tr("training_window.told", **values, **counts)


def change_cell(before: float | None, after: float | None) -> Cell:
    """Return how F1 changed, in points of a hundred, with a sign that needs no colour."""
    if before is None or after is None:
        return Cell()
    points = 100 * (after - before)
    sign = LEVEL if abs(points) < 100 * EVEN else UP if points > 0 else DOWN
    shown = number(points, 1).lstrip("\u2212")
    told = partial(tr, "training_window.change-told", before=number(before), after=number(after))
    return Cell(points, f"{sign} {'' if sign == LEVEL else '+' if points > 0 else chr(0x2212)}{shown}", "", None, told)


def scores_grid(scores: Scores, labels: LabelSet, before: Scores | None = None) -> Grid:
    """Return a row for each layer and label: precision, recall, F1, how many there are, change, calibration."""
    rows: list[Row] = []
    cells: dict[tuple[int, int], Cell] = {}
    errors = scores["calibration"]
    names = ["precision", "recall", "f1", "there", *(["change"] if before else []), "calibrated"]
    for layer, label, row, one in layers(scores, labels):
        found = [Cell(one[name], number(one[name]), "", None, partial(_told, one)) for name in names[:2]]
        found += [f1_cell(one), Cell(one["there"], whole(one["there"]))]
        if before is not None:
            found.append(change_cell(_f1(before, layer, label), one["f1"]))
        error = errors.get(label) if label and layer != "overlap" else None
        found.append(Cell() if error is None else Cell(error, number(error)))
        cells |= {(len(rows), column): cell for column, cell in enumerate(found)}
        rows.append(row)
    return Grid(rows, _columns(names), cells)


def _columns(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(tr(f"training_window.column-{one}"), tr(f"training_window.column-{one}-why")) for one in names]


def _f1(scores: Scores, layer: str, label: str) -> float | None:
    found = scores["layers"].get(layer)
    one = None if found is None else found["labels"].get(label) if label else found["all"]
    value: float | None = None if one is None else one["f1"]
    return value


def compared_grid(told: Sequence[tuple[str, Scores]], labels: LabelSet) -> Grid:
    """Return F1 of several pipelines side by side, each beside the first one with its difference from that."""
    keys = list(dict.fromkeys((layer, label) for _, one in told for layer, label, *_ in layers(one, labels)))
    known = [{(layer, label): values for layer, label, _, values in layers(one, labels)} for _, one in told]
    titles = {(layer, label): row for _, one in told for layer, label, row, _ in layers(one, labels)}
    columns = [(told[0][0], "")]
    for name, _ in told[1:]:
        columns += [(name, ""), (tr("training_window.against-first"), tr("training_window.column-change-why"))]
    cells: dict[tuple[int, int], Cell] = {}
    for row, key in enumerate(_ordered(keys)):
        first = known[0].get(key)
        cells[row, 0] = f1_cell(first)
        for place, values in enumerate(known[1:]):
            one = values.get(key)
            cells[row, 1 + 2 * place] = f1_cell(one)
            cells[row, 2 + 2 * place] = change_cell(first and first["f1"], one and one["f1"])
    return Grid([titles[key] for key in _ordered(keys)], columns, cells)


def _ordered(keys: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    order = ("entity", "overlap", "claim", "relation", "furniture")
    return sorted(keys, key=lambda key: (order.index(key[0]), key[1]))


def confusion_grid(scores: Scores, labels: LabelSet) -> Grid:
    """Return what was taken for what: rows are what is there, columns what was proposed."""
    counts = {(there, said): count for there, said, count in scores["confusion"]}
    if not counts:
        return Grid()
    there, said = (sorted({pair[side] for pair in counts}, key=lambda one: (not one, one)) for side in (0, 1))
    titles = {one: labels.title(one, language()) for one in {*there, *said} if one}
    cells = {}
    for row, one in enumerate(there):
        total = sum(counts.get((one, other), 0) for other in said)
        for column, other in enumerate(said):
            if count := counts.get((one, other)):
                words = {"there": titles.get(one, tr("training.nothing-there")), "count": whole(count)}
                told = partial(
                    tr, "training_window.taken", **words, said=titles.get(other, tr("training.nothing-proposed"))
                )
                cells[row, column] = Cell(count, whole(count), "", count / total, told)
    rows = [Row(titles.get(one, tr("training.nothing-there")), one) for one in there]
    return Grid(rows, [(titles.get(one, tr("training.nothing-proposed")), one) for one in said], cells, heat=True)


def calibration_grid(told: Sequence[tuple[str, Scores]], labels: LabelSet) -> Grid:
    """Return label × pipeline: how far scores are from the share of right ones; darker is further."""
    names = sorted({label for _, one in told for label in one["calibration"]})
    cells = {}
    for row, label in enumerate(names):
        for column, (_, one) in enumerate(told):
            error = one["calibration"].get(label)
            if error is not None:
                said = partial(tr, "training_window.calibration-told", value=number(100 * error, 0))
                cells[row, column] = Cell(error, number(error), "", min(1.0, 2 * error), said)
    rows = [Row(labels.title(one, language()), one) for one in names]
    return Grid(rows, [(name, "") for name, _ in told], cells, heat=True)


def live_grid(found: Mapping[str, float | None], labels: LabelSet) -> Grid:
    """Return F1 per label as the latest epoch left it."""
    names = sorted(found, key=lambda one: labels.title(one, language()))
    cells = {(row, 0): Cell(found[one], number(found[one])) for row, one in enumerate(names)}
    rows = [Row(row.title.strip(), row.told, row.color) for row in (_row(labels, one) for one in names)]
    return Grid(rows, [(tr("training_window.column-f1"), tr("training_window.column-f1-why"))], cells)


def learned_grid(found: LearnedView, labels: LabelSet) -> Grid:
    """Return what a pipeline that has learned is worth: held-out cases, F1 before and after, and the change."""
    names = ("there", "before", "after", "change")
    rows: list[Row] = []
    cells: dict[tuple[int, int], Cell] = {}
    for one in (found.whole, *found.labels):
        shown = Row(tr("training_window.everything")) if one is found.whole else _row(labels, one.label)
        for column, cell in enumerate(_learned(one)):
            cells[len(rows), column] = cell
        rows.append(shown)
    return Grid(rows, _columns(names), cells)


def _learned(one: LabelView) -> tuple[Cell, ...]:
    before, after = (Cell(value, number(value)) for value in (one.before, one.after))
    return Cell(one.there, whole(one.there)), before, after, change_cell(one.before, one.after)
