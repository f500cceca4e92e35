"""kurator learn: let a project's pipeline learn from its labels, take what came of it, and go back."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from app.cli import exit_codes
from app.cli.corpus_commands import for_reading, for_writing
from app.cli.monitor import Monitor
from app.messages import tr
from app.services import learning
from app.services.analysis import chosen_mapping, chosen_pipeline
from app.services.learning_views import LabelView, LearnedView, LearningView, learning_view
from app.services.training import LabelChoice, training_documents, unjudged_texts
from app.services.trust import require_trust
from models.errors import UserError
from models.times import now

if TYPE_CHECKING:
    from app.training.fitting.background import Learned
    from app.training.recipe import Material
    from app.workspace import Workspace
    from models.labels import LabelSet

REHEARSED = 500
"""Texts at most that nobody judged, read for rehearsal; the samples that ship come after them."""


_TOO_LITTLE = ("learning.too-little", "training.nothing", "training.nothing-held-out")


class _Cancelled(Exception):
    """Somebody asked to stop."""


def learn(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Do what the arguments ask for; without any of them, learn."""
    changes = arguments.mode or arguments.take is not None or arguments.back or arguments.decline
    if not changes and not arguments.status:
        return _learn(arguments, monitor)
    if not changes:
        with for_reading(arguments.project) as workspace:
            return _show(learning_view(workspace), arguments, monitor)
    with for_writing(arguments.project, monitor) as workspace:
        if arguments.mode:
            learning.set_mode(workspace, arguments.mode)
        if arguments.back:
            learning.go_back(workspace)
        elif arguments.decline:
            learning.decline(workspace)
        elif arguments.take is not None:
            learning.take(workspace, arguments.take or None)
        return _show(learning_view(workspace), arguments, monitor)


def _learn(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Fine-tune, measure, and offer or take what is better."""
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    with for_reading(arguments.project) as workspace:
        if arguments.if_due and not learning.due(workspace).now:
            return _show(learning_view(workspace), arguments, monitor)
        place = learning.home(workspace)
    with learning.alone(place):
        try:
            told = _fine_tuned(arguments, monitor)
        except _Cancelled:
            monitor.report({"cancelled": True}, [tr("learning.cancelled")])
            return exit_codes.FINE
        except UserError as error:
            if error.code in _TOO_LITTLE:  # so that it is not tried again after every decision
                with for_writing(arguments.project, monitor) as workspace:
                    learning.note(workspace, learning.due(workspace).judged, now(), "few", None, better=False)
            raise
    with for_reading(arguments.project) as workspace:
        view = learning_view(workspace)
    monitor.report({"cancelled": False, "taken": told["taken"], **asdict(view)}, [tr(told["sentence"]), *_lines(view)])
    return exit_codes.FINE


def _fine_tuned(arguments: argparse.Namespace, monitor: Monitor) -> dict[str, Any]:
    with for_reading(arguments.project) as workspace:
        labels, judged = workspace.reads.label_set(), learning.due(workspace).judged
        pipeline, mapping = chosen_pipeline(workspace), chosen_mapping(workspace) or {}
        require_trust(pipeline)
        material = _material(workspace, judged)
    from app.training.fitting.background import learn as fine_tune

    def told(stage: str, done: int, total: int, more: Mapping[str, Any]) -> None:
        if monitor.cancelled():
            raise _Cancelled
        monitor.progress(done, total, details={"stage": stage, **more} if more else None)

    learned = fine_tune(pipeline, mapping, material, labels, told)
    with for_writing(arguments.project, monitor) as workspace:
        return _kept(workspace, learned, pipeline, judged, labels)


def _material(workspace: Workspace, judged: int) -> Material:
    """Return what there is to learn from.

    Raises:
        UserError: one of :data:`_TOO_LITTLE`.
    """
    from app.training.recipe import gather

    if judged < learning.LEAST:
        raise UserError("learning.too-little", judged=judged, least=learning.LEAST)
    raw = [*unjudged_texts(workspace.reads, REHEARSED), *_samples()]
    return gather(training_documents(workspace.reads, LabelChoice(kinds=frozenset({"entity"}))), raw)


def _samples() -> Iterator[str]:
    """Yield the plain texts that ship as examples: the genre, written for this program."""
    from app.paths import resource

    for path in sorted(resource("samples").glob("*.txt")):
        yield path.read_text("utf-8")


def _kept(workspace: Workspace, learned: Learned, pipeline: str, judged: int, labels: LabelSet) -> dict[str, Any]:
    """Put a learned pipeline in place, note what came of it, and take it where that is wished and safe."""
    from app.training.fitting.background import write

    at, found = now(), learned.verdict
    facts = {"project": workspace.reads.meta("name") or "", "at": at, "judged": judged, "label_set": labels.version}
    number = learning.put(workspace, lambda place: write(learned, place, facts, _card(learned, facts)))
    same = chosen_pipeline(workspace) == pipeline
    better = found.outcome == "better" and same
    learning.note(workspace, judged, at, found.outcome, number, better=better)
    taken = better and found.sure and learning.mode(workspace) == "take"
    if taken:
        learning.take(workspace, number)
    else:
        learning.prune(workspace)
    outcome = "unsure" if found.outcome == "better" and not found.sure else found.outcome
    return {"taken": taken, "sentence": "learning.taken" if taken else f"learning.outcome-{outcome}"}


def _card(learned: Learned, facts: Mapping[str, Any]) -> str:
    """Return the model card of a learned pipeline."""
    rows = [
        f"| {one.label} | {one.before.there} | {_f1(one.before.f1)} | {_f1(one.after.f1)} |"
        for one in (*learned.verdict.labels, learned.verdict.whole._replace(label=tr("learning.all")))
    ]
    heads = [tr(f"learning.{name}") for name in ("label", "there", "f1-before", "f1-after")]
    lines = [
        f"# {facts['project'] or 'Kurator'}",
        "",
        tr("learning.card", base=learned.base, day=str(facts["at"])[:10], sentences=learned.seen.sentences),
        "",
        "| " + " | ".join(heads) + " |",
        "|---|---|---|---|",
        *rows,
        "",
        tr("learning.card-limits"),
    ]
    return "\n".join(lines) + "\n"


def _f1(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _show(view: LearningView, arguments: argparse.Namespace, monitor: Monitor) -> int:
    if arguments.json:
        monitor.say(json.dumps(asdict(view), ensure_ascii=False, indent=2))
    monitor.report(asdict(view), [] if arguments.json else list(_lines(view)))
    return exit_codes.FINE


def _lines(view: LearningView) -> Iterator[str]:
    """Yield how learning stands, for a terminal."""
    yield tr("learning.in-use", pipeline=view.pipeline)
    yield tr(f"learning.mode-{view.mode}") + " " + tr("learning.missing", count=view.missing)
    if view.last is not None:
        yield from _table(view.last)
    if view.offer is not None:
        yield tr("learning.offered", number=view.offer.number)
    if view.before is not None:
        yield tr("learning.can-go-back", pipeline=view.before)


def _table(last: LearnedView) -> Iterator[str]:
    heads = [tr(f"learning.{name}") for name in ("label", "there", "f1-before", "f1-after")]
    rows: list[LabelView] = [*last.labels, last.whole]
    cells = [[one.label or tr("learning.all"), str(one.there), _f1(one.before), _f1(one.after)] for one in rows]
    wide = [max(len(row[place]) for row in [heads, *cells]) for place in range(len(heads))]
    for first, *rest in [heads, *cells]:
        numbers = (cell.rjust(width) for cell, width in zip(rest, wide[1:], strict=True))
        yield "  ".join([first.ljust(wide[0]), *numbers])


COMMANDS = {"learn": learn}
