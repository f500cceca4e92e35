"""Merging and comparing exchange files: merge, merge-driver (for git), diff."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import exit_codes
from app.cli.corpus_commands import some, write_json
from app.cli.monitor import Monitor
from app.messages import tr
from models.errors import UserError

if TYPE_CHECKING:
    from app.merge.report import MergeReport

_SQLITE = b"SQLite format 3\0"


def merge(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Merge two exchange files, with or without what both grew from."""
    *base, ours, theirs = _two_or_three(arguments.files)
    if _starts_with(arguments.output, _SQLITE):
        raise UserError("merge.out-is-project", path=str(arguments.output))
    report = _merge(base[0] if base else None, ours, theirs, arguments.output, monitor)
    data = _data(report)
    if arguments.report is not None:
        write_json(arguments.report, data)
    monitor.report(data, _lines(report))
    return exit_codes.REMARKS if report.conflicts or report.notices else exit_codes.FINE


def merge_driver(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Merge for git: the result takes the place of ours; the status is 1 where there are conflicts."""
    base = arguments.base if arguments.base.is_file() and arguments.base.stat().st_size else None
    report = _merge(base, arguments.ours, arguments.theirs, arguments.ours, monitor)
    name = arguments.path or arguments.ours
    if report.conflicts:
        monitor.say(tr("merge.driver-conflicts", path=str(name), count=len(report.conflicts)))
    return exit_codes.REMARKS if report.conflicts else exit_codes.FINE


def diff(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Tell what differs between two exchange files."""
    from app.merge.diff import differences
    from app.merge.sentences import noting_boundaries, summary

    with _problems_told(monitor):
        found = differences(arguments.before, arguments.after, cancelled=monitor.cancelled)
        if arguments.json:
            told = [one.data() for one in found]
            monitor.say(json.dumps({"differences": told}, ensure_ascii=False, indent=2))
        else:
            moved: list[str] = []
            for line in summary(noting_boundaries(found, moved)) or [tr("merge.no-difference")]:
                monitor.say(line)
            for line in some([f"  {one}" for one in moved]):
                monitor.say(line)
    return exit_codes.FINE


def _two_or_three(files: list[Path]) -> list[Path]:
    if len(files) not in (2, 3):
        raise UserError("merge.two-or-three", count=len(files))
    return files


def _starts_with(path: Path, beginning: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(beginning)) == beginning
    except OSError:
        return False


def _merge(base: Path | None, ours: Path, theirs: Path, out: Path, monitor: Monitor) -> MergeReport:
    from app.merge.files import merge_files

    with _problems_told(monitor):
        return merge_files(base, ours, theirs, out, progress=monitor.progress, cancelled=monitor.cancelled)


class _problems_told:
    """Print what is wrong with a file before the refusal."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        from app.merge.sides import FileRefused

        if isinstance(error, FileRefused):
            for line in some([f"  {problem.sentence()}" for problem in error.problems]):
                self._monitor.say(line)


def _data(report: MergeReport) -> dict[str, Any]:
    from app.merge.sentences import conflict_sentence

    data = report.data()
    for told, one in zip(data["conflicts"], report.conflicts, strict=True):
        told["text"] = conflict_sentence(one.record, one.name)
    for told, notice in zip(data["notices"], report.notices, strict=True):
        told["text"] = tr(notice.code, **notice.details)
    return data


def _lines(report: MergeReport) -> Iterator[str]:
    from app.merge.sentences import conflict_sentence, told

    if report.cancelled:
        yield tr("merge.cancelled")
        return
    yield tr("merge.done", path=str(report.out))
    yield from (f"  {line}" for line in told(report) or [tr("merge.no-difference")])
    yield from (tr(notice.code, **notice.details) for notice in report.notices)
    if report.conflicts:
        yield tr("merge.conflicts", count=len(report.conflicts))
        yield from some([f"  {conflict_sentence(one.record, one.name)}" for one in report.conflicts])


COMMANDS = {"merge": merge, "merge-driver": merge_driver, "diff": diff}
