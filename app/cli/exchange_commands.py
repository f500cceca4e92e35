"""An exchange file into a project: taken over where that is empty, else merged; or only looked at."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.corpus_commands import some
from app.cli.monitor import Monitor
from app.messages import tr
from app.workspace import Workspace

if TYPE_CHECKING:
    from app.services.merging import BaseChoice, MergePlan

NO_BASE = "none"
Told = tuple[dict[str, Any], Iterator[str], bool]
"""The report's data, its lines, and whether something is worth a look."""


def take_exchange(workspace: Workspace, path: Path, arguments: argparse.Namespace, monitor: Monitor) -> Told:
    """Take a file in, or say what that would do.

    Raises:
        ExchangeRefused: the file has problems, each of which was told; nothing has changed.
        UserError, EnvironmentFault: as :func:`app.services.merging.merge_into`.
    """
    from app.formats.exchange_import import ExchangeRefused
    from app.services.first_import import is_empty

    try:
        if is_empty(workspace):
            return _take_over(workspace, path, arguments, monitor)
        return _merge(workspace, path, arguments, monitor)
    except ExchangeRefused as refused:
        problems = [problem.sentence() for problem in refused.problems]
        for line in some([f"  {problem}" for problem in problems]):
            monitor.say(line)
        monitor.report({"name": path.name, "problems": problems}, ())
        raise


# Into an empty project --------------------------------------------------------------------------------------


def _take_over(workspace: Workspace, path: Path, arguments: argparse.Namespace, monitor: Monitor) -> Told:
    from app.services.first_import import look_at, take_over

    if arguments.dry_run:
        seen = look_at(path, monitor.cancelled)
        data = {"counts": {"added": seen.documents}, "notable": [], "cancelled": False, "package": seen.package}
        return data, iter([tr("merging.would-take-over", count=seen.documents)]), False
    taken = take_over(workspace, path, arguments.annotator, progress=monitor.progress, cancelled=monitor.cancelled)
    monitor.changed(everything=True)
    report = taken.report
    notices = [problem.sentence() for problem in report.notices]
    count = report.counts.get("documents", 0)
    data = {
        "counts": {"added": count},
        "notable": [{"name": path.name, "fate": "added", "text": notice} for notice in notices],
        "cancelled": report.cancelled,
        "annotator": taken.annotator,
    }
    lines = [tr("cli.import-exchange", count=count)]
    if taken.annotator:
        lines.append(tr("merging.became", name=taken.annotator))
    return data, iter([*lines, *some([f"  {notice}" for notice in notices])]), bool(notices)


# Into a project with documents ------------------------------------------------------------------------------


def _merge(workspace: Workspace, path: Path, arguments: argparse.Namespace, monitor: Monitor) -> Told:
    from app.services.merging import merge_into, plan_merge

    base, progress, cancelled = _base(arguments), monitor.progress, monitor.cancelled
    if arguments.dry_run:
        plan = plan_merge(workspace, path, base, progress=progress, cancelled=cancelled)
    else:
        plan = merge_into(workspace, path, base, progress=progress, cancelled=cancelled, writing=monitor.holding)
        if plan.done:
            monitor.changed(everything=True)
    data = {"counts": {}, "notable": [], "cancelled": plan.cancelled, "merge": plan.data()}
    return data, merge_lines(plan), bool(plan.conflicts or plan.notices)


def _base(arguments: argparse.Namespace) -> BaseChoice:
    from app.services.merging import BaseChoice

    if arguments.base == NO_BASE:
        return BaseChoice(none=True)
    if arguments.base is not None:
        return BaseChoice(file=Path(arguments.base))
    return BaseChoice(seq=arguments.kept_base)


def merge_lines(plan: MergePlan) -> Iterator[str]:
    """Yield what a merge changes, or changed, for a terminal."""
    from app.services.merging_views import base_sentence, count_sentences, notice_sentence

    if plan.cancelled:
        yield tr("merging.cancelled")
        return
    yield tr("merging.nothing") if plan.empty else tr("merging.done" if plan.done else "merging.would-change")
    yield "  " + tr("merging.origin-is", origin=base_sentence(plan.base, plan.base_file))
    yield from (f"  {one}" for one in count_sentences(plan.changes))
    for person in plan.newcomers:
        key = "merging.newcomer-namesake" if person.namesake else "merging.newcomer"
        yield "  " + tr(key, name=person.name or person.id)
    for code, details in plan.notices:
        yield "  " + notice_sentence(code, details)
    if plan.open:
        yield "  " + tr("merging.open-conflicts", count=plan.open)
    yield from some([f"  {one.name}: {one.quote + ' – ' if one.quote else ''}{one.what}" for one in plan.remarks])
