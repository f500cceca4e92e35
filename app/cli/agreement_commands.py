"""How well annotators agree: ``kurator agreement``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli import exit_codes
from app.cli.monitor import Monitor
from app.formats.exchange import is_exchange
from app.messages import tr
from app.services import agreement
from app.services.agreement import Cancelled, Selection
from models.errors import UserError

if TYPE_CHECKING:
    from models.agreement.measure import Wishes
    from models.agreement.records import AgreementReport
    from models.labels import LabelSet


def measure(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Measure agreement in a project or between exchange files; print it or write it."""
    from app.agreement_report import check_target, write_report

    for target in arguments.output or ():
        check_target(target)
    try:
        report, labels = _measured(arguments, _wishes(arguments), monitor)
    except Cancelled:
        monitor.report({"cancelled": True}, [])
        return exit_codes.FINE
    for target in arguments.output or ():
        write_report(report, labels, target)
    paths = [str(path) for path in arguments.output or ()]
    data = {"paths": paths, "documents": len(report.documents), "cancelled": False}
    if arguments.json:
        from app.agreement_report.data import as_json

        monitor.say(as_json(report).rstrip("\n"))
    lines = [*_lines(report, labels), *(tr("agreement.written", path=path) for path in paths)]
    monitor.report(data, [] if arguments.json else lines)
    return exit_codes.REMARKS if set(report.left_out) - {agreement.NOT_TWO} else exit_codes.FINE


def _wishes(arguments: argparse.Namespace) -> Wishes:
    from models.agreement.measure import Wishes

    if arguments.samples < 0:
        raise UserError("agreement.bad-samples", samples=arguments.samples)
    if not 0 < arguments.level < 100:
        raise UserError("agreement.bad-level", level=arguments.level)
    return Wishes(arguments.samples, arguments.level / 100, arguments.seed)


def _measured(arguments: argparse.Namespace, wishes: Wishes, monitor: Monitor) -> tuple[AgreementReport, LabelSet]:
    selection = Selection(
        _several(arguments.annotators), arguments.scope, _several(arguments.documents), _several(arguments.labels)
    )
    if _are_files(arguments.paths):
        source, left_out = agreement.source_of(arguments.paths, monitor.cancelled)
        report = agreement.measured(source, selection, wishes, monitor.progress, monitor.cancelled, left_out)
        return report, source.labels
    from app.services.projects import open_for_reading

    with open_for_reading(arguments.paths[0]) as workspace:
        source = agreement.project_source(workspace.reads)
        return agreement.measured(source, selection, wishes, monitor.progress, monitor.cancelled), source.labels


def _several(given: list[str] | None) -> tuple[str, ...] | None:
    return tuple(given) if given else None


def _are_files(paths: list[Path]) -> bool:
    """Say whether exchange files are compared, else it is one project.

    Raises:
        UserError: ``agreement.project-alone``: a project among others.
    """
    files = [is_exchange(path) or path.suffix.lower() == ".json" for path in paths]
    if len(paths) > 1 and not all(files):
        raise UserError("agreement.project-alone", path=str(paths[files.index(False)]))
    return files[0]


def _lines(report: AgreementReport, labels: LabelSet) -> Iterator[str]:
    """Yield the overview for a terminal: each layer's measures over all labels and annotators."""
    from app.agreement_report.words import Words, interval, number, whole
    from models.agreement.records import LAYERS, PARTS

    words = Words(report, labels)
    people = ", ".join(words.annotator(one.id) for one in report.annotators)
    count = len(report.documents)
    yield tr("agreement.summary", count=count, documents=whole(count), annotators=people)
    for code, missing in report.left_out.items():
        yield tr(code, count=missing, documents=whole(missing))
    for part in PARTS:
        figures = [one for one in report.figures if one.part == part and one.pair is None]
        if figures and part != "all":
            yield tr(f"agreement.part-{part}")
        for layer in LAYERS:
            mine = [one for one in figures if one.layer == layer and (one.subject is None or layer == "facet")]
            for one in mine:
                name = tr(f"agreement.layer-{layer}") if one.subject is None else words.subject(layer, one.subject)
                bounds = f"  [{interval(one.low, one.high, 3)}]" if one.low is not None else ""
                why = f"  {tr(f'agreement.reason-{one.reason}')}" if one.reason else ""
                shown = tr(f"agreement.measure-{one.measure}")
                yield f"  {name:34} {shown:28} {number(one.value, 3):>7}{bounds}{why}"
