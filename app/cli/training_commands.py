"""Training a pipeline on a project's labels, measuring one against them, and packing one: train, evaluate, package."""

from __future__ import annotations

import argparse
import json
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

from app.cli import exit_codes
from app.cli.corpus_commands import for_reading, read_mapping
from app.cli.monitor import Monitor
from app.messages import tr
from app.services.training import LabelChoice, TrainingDocument, training_documents, unjudged_texts
from app.services.trust import require_trust, trust
from models.errors import UserError

if TYPE_CHECKING:
    from app.training.card import Told
    from app.training.recipe import Recipe
    from app.workspace import Workspace
    from models.labels import LabelSet
    from models.store.reads import Reads


def train(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Train a pipeline and write its folder."""
    from app.training import folders
    from app.training.progress import Progress
    from app.training.recipe import Setting, chosen_parts, gather

    with for_reading(arguments.project) as workspace:
        recipe = _recipe(arguments, workspace.reads)
        labels, told = workspace.reads.label_set(), _told(workspace)
        material = gather(training_documents(workspace.reads, recipe.choice), unjudged_texts(workspace.reads))
    setting = Setting(recipe, labels, chosen_parts(material, recipe.parts))
    if recipe.foreign:
        if arguments.trust:
            trust(recipe.base)
        require_trust(recipe.base)
    folders.begin(arguments.out, recipe.identity(), resume=arguments.resume)
    from app.training.fitting.run import train as train_pipeline

    with _stop_wish(monitor) as stopped:
        progress = Progress(arguments.out, lambda done, of, more: monitor.progress(done, of, details=more), stopped)
        report = train_pipeline(material, setting, arguments.out, told, progress)
    trust(arguments.out)
    monitor.report(
        {**report, "path": str(arguments.out), "cancelled": report["stopped"]}, _train_lines(report, arguments)
    )
    return exit_codes.FINE


def _recipe(arguments: argparse.Namespace, reads: Reads) -> Recipe:
    from app.training.curve import SHARES
    from app.training.recipe import Recipe

    if arguments.epochs < 1 or (arguments.minutes is not None and arguments.minutes <= 0):
        raise UserError("training.no-time")
    if not arguments.name.replace("_", "").isalnum() or not arguments.name.isascii():
        raise UserError("training.bad-name", name=arguments.name)
    return Recipe(
        base=arguments.base,
        choice=label_choice(arguments, reads),
        parts=tuple(arguments.parts) if arguments.parts else None,
        seed=arguments.seed,
        epochs=arguments.epochs,
        minutes=arguments.minutes,
        shares=SHARES if arguments.curve else (),
        name=arguments.name,
        licence=arguments.licence,
        names=arguments.names,
    )


def label_choice(arguments: argparse.Namespace, reads: Reads) -> LabelChoice:
    """Return whose labels count, as the arguments say.

    Raises:
        UserError: ``team.unknown-annotator``, ``team.two-of-a-name``, ``label.unknown``, ``training.bad-day``.
    """
    known = reads.label_set()
    for label in arguments.labels or ():
        known.kind_of(label)
    choice = LabelChoice(
        annotators=_annotators(reads, arguments.annotators),
        adjudicated=arguments.adjudicated,
        since=arguments.since,
        until=arguments.until,
        labels=frozenset(arguments.labels) if arguments.labels else None,
        done=arguments.done,
    )
    choice.check()
    return choice


def _annotators(reads: Reads, names: Sequence[str] | None) -> tuple[str, ...] | None:
    if not names:
        return None
    found = []
    for name in names:
        fitting = [one.id for one in reads.annotators() if name in (one.name, one.id)]
        if len(fitting) != 1:
            code = "team.two-of-a-name" if fitting else "team.unknown-annotator"
            raise UserError(code, name=name, annotator=name)
        found += fitting
    return tuple(found)


def _told(workspace: Workspace) -> Told:
    from app.training.card import Told

    names = {one.id: one.name or one.id for one in workspace.reads.annotators()}
    return Told(workspace.reads.meta("name") or workspace.path.stem, names)


@contextmanager
def _stop_wish(monitor: Monitor) -> Iterator[Any]:
    """Give what says whether to stop: the window's wish, or the first Ctrl+C; the second one breaks off at once."""
    pressed = threading.Event()

    def hear(number: int, frame: FrameType | None) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()

    before = signal.signal(signal.SIGINT, hear) if threading.current_thread() is threading.main_thread() else None
    try:
        yield lambda: pressed.is_set() or monitor.cancelled()
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)


def _train_lines(report: Mapping[str, Any], arguments: argparse.Namespace) -> Iterator[str]:
    from app.training.card import compared

    yield from report["notes"]
    yield from score_lines(report["scores"])
    yield from compared(report["scores"], report["before"])
    if report["curve"]:
        yield report["curve"]["verdict"]
    path = str(arguments.out)
    yield tr("training.stopped" if report["stopped"] else "training.done", path=path, project=str(arguments.project))


def score_lines(scores: Mapping[str, Any]) -> Iterator[str]:
    """Yield scores as a table for a terminal: each layer, then its labels."""
    heads = [tr(f"training.{name}") for name in ("label", "precision", "recall", "f1", "interval", "there")]
    rows = [heads]
    for layer, told in scores["layers"].items():
        rows.append(_cells(tr(f"training.layer-{layer}"), told["all"]))
        rows += (_cells(f"  {label}", one) for label, one in told["labels"].items())
    wide = [max(len(row[place]) for row in rows) for place in range(len(heads))]
    for first, *rest in rows:
        cells = (cell.rjust(width) for cell, width in zip(rest, wide[1:], strict=True))
        yield "  ".join([first.ljust(wide[0]), *cells]).rstrip()
    for facet, told in scores["facets"].items():
        if told["compared"]:
            value = f"{told['right'] / told['compared']:.3f}"
            yield tr("training.card-facet", facet=facet, value=value, count=told["compared"])


def _cells(name: str, told: Mapping[str, Any]) -> list[str]:
    values = ["–" if told[one] is None else f"{told[one]:.3f}" for one in ("precision", "recall", "f1")]
    bounds = f"{told['interval'][0]:.3f}–{told['interval'][1]:.3f}" if told["interval"] else "–"
    return [name, *values, bounds, str(told["there"])]


# Evaluate ---------------------------------------------------------------------------------------------------


_SPLITS: Mapping[str, Sequence[str]] = {"all": ("train", "dev", "test"), "held-out": ("dev", "test")}


def evaluate(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Measure a pipeline against a project's labels."""
    from app.services.analysis import chosen_mapping, chosen_pipeline

    with for_reading(arguments.project) as workspace:
        chosen = chosen_pipeline(workspace)
        name = arguments.pipeline or chosen
        mapping = chosen_mapping(workspace) if name == chosen else None
        mapping = read_mapping(arguments.mapping) if arguments.mapping else mapping
        labels = workspace.reads.label_set()
        everything = list(training_documents(workspace.reads, label_choice(arguments, workspace.reads)))
    wanted = _SPLITS.get(arguments.split, (arguments.split,))
    documents = [one for one in everything if one.split in wanted]
    if not documents:
        raise UserError("training.nothing-in-part", part=arguments.split)
    if arguments.trust:
        trust(name)
    require_trust(name)
    told = _measured(name, documents, everything, mapping, labels, monitor)
    return _show(told, arguments, monitor)


def _measured(
    name: str,
    documents: Sequence[TrainingDocument],
    everything: Sequence[TrainingDocument],
    mapping: Mapping[str, str | None] | None,
    labels: LabelSet,
    monitor: Monitor,
) -> dict[str, Any]:
    from app.training.fitting.evaluation import evaluate as measure

    return measure(name, documents, everything, mapping, labels, lambda done: monitor.progress(done, len(documents)))


def _show(told: Mapping[str, Any], arguments: argparse.Namespace, monitor: Monitor) -> int:
    from app.formats.atomic import replacing
    from app.training import report

    for path, made in ((arguments.csv, report.as_csv), (arguments.html, report.as_html)):
        if path is not None:
            with replacing(path) as file:
                file.write(made(told).encode())
    if arguments.json:
        monitor.say(json.dumps(told, ensure_ascii=False, indent=2))
    written = [str(path) for path in (arguments.csv, arguments.html) if path is not None]
    lines = [] if arguments.json else list(_evaluate_lines(told))
    monitor.report({**told, "written": written}, [*lines, *(tr("training.written", path=path) for path in written)])
    return exit_codes.FINE


def _evaluate_lines(told: Mapping[str, Any]) -> Iterator[str]:
    yield tr("training.evaluated", pipeline=f"{told['pipeline']} {told['version']}", count=told["scores"]["documents"])
    yield from score_lines(told["scores"])
    errors = told["scores"]["calibration"]
    if errors:
        yield tr("training.calibration", errors=", ".join(f"{label} {error:.3f}" for label, error in errors.items()))


# Package ----------------------------------------------------------------------------------------------------


def package(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Make an installable wheel of a pipeline's folder."""
    from app.training.wheel import make_wheel

    made = make_wheel(arguments.folder, arguments.out, arguments.name)
    monitor.report({"path": str(made)}, [tr("training.packed", path=str(made))])
    return exit_codes.FINE


COMMANDS = {"train": train, "evaluate": evaluate, "package": package}
