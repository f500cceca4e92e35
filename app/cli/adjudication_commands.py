"""``kurator adjudicate``: take at once what annotators agree on."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any, Literal

from app.cli import exit_codes
from app.cli.corpus_commands import chosen_documents, for_reading, for_writing
from app.cli.monitor import Monitor
from app.commands import AdjudicateAll
from app.messages import language, tr
from app.services import adjudication_views as views
from app.services.adjudication_views import Preview
from app.workspace import Workspace
from models.errors import UserError


def adjudicate(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Count what the rule lets pass, and take it as one step unless only counts were asked for.

    Raises:
        UserError: an annotator, a label, a facet or a document is not known; the number is none.
    """
    opened = for_reading(arguments.project) if arguments.dry_run else for_writing(arguments.project, monitor)
    with opened as workspace:
        command = _command(workspace, arguments)
        found = _counted(workspace, command, monitor)
        if found is None:
            monitor.report({"cancelled": True}, [tr("adjudication.cli-cancelled")])
            return exit_codes.INTERRUPTED
        taken = 0
        if not arguments.dry_run and found.taken:
            monitor.holding(True)
            try:
                taken = workspace.run(command).count
            finally:
                monitor.holding(False)
            monitor.changed(everything=True)
        lines = list(_lines(workspace, found, arguments.dry_run, taken))
    monitor.report(_data(found, taken), lines)
    return exit_codes.FINE


def _counted(workspace: Workspace, command: AdjudicateAll, monitor: Monitor) -> Preview | None:
    total = len(views.chosen_documents(workspace.reads, command.documents))
    found = Preview()
    for found in views.previewed(workspace, command):
        monitor.progress(found.documents, total)
        if monitor.cancelled():
            return None
    return found


def _command(workspace: Workspace, arguments: argparse.Namespace) -> AdjudicateAll:
    documents = chosen_documents(workspace, arguments.documents)
    labels = workspace.reads.label_set()
    for one in arguments.labels or ():
        labels.kind_of(one)
    facets = None if arguments.facets is None else tuple(one for one in arguments.facets if one)
    for one in facets or ():
        if labels.facet(one) is None:
            raise UserError("facet.unknown", facet=one)
    people = [_annotator(workspace, one) for one in arguments.annotators or ()]
    return AdjudicateAll(
        documents=None if documents is None else tuple(documents),
        annotators=tuple(people) or None,
        least=_least(arguments.least),
        labels=tuple(arguments.labels or ()),
        facets=facets,
        name_notes=not arguments.no_names,
    )


def _least(said: str) -> Literal["all", "majority"] | int:
    if said == "all" or said == "majority":
        return said  # type: ignore[return-value]
    if not said.isascii() or not said.isdigit() or int(said) < 1:
        raise UserError("adjudication.bad-least", least=said)
    return int(said)


def _annotator(workspace: Workspace, name: str) -> str:
    found = [one.id for one in workspace.reads.annotators() if name in (one.name, one.id)]
    if len(found) != 1:
        raise UserError("adjudication.unknown-annotator", name=name)
    return found[0]


def _data(found: Preview, taken: int) -> dict[str, Any]:
    return {
        "cases": found.cases,
        "decided": found.decided,
        "documents": found.documents,
        "held": found.held,
        "labels": dict(found.labels),
        "left": found.left,
        "refused": found.refused,
        "single": found.single,
        "taken": taken,
        "unsettled": found.unsettled,
        "would_take": found.taken,
    }


def _lines(workspace: Workspace, found: Preview, dry: bool, taken: int) -> Iterator[str]:
    labels = workspace.reads.label_set()
    if dry:
        yield tr("adjudication.would-take", count=found.taken, number=found.taken, cases=found.cases)
    else:
        yield tr("adjudication.taken-at-once", count=taken)
    for label, count in found.labels.most_common():
        yield f"  {count:>7}  {labels.title(label, language())}"
    yield tr("adjudication.would-leave", decided=found.decided, left=found.left)
    for key, count in (
        ("held", found.held),
        ("refused", found.refused),
        ("unsettled", found.unsettled),
        ("single", found.single),
    ):
        if count:
            yield tr(f"adjudication.would-{key}", count=count)


COMMANDS = {"adjudicate": adjudicate}
