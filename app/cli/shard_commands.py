"""Suggestions for corpora that outgrow a project, and what a pipeline runs on: processes, or a Dask cluster."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.cli import exit_codes
from app.cli.corpus_commands import read_json, read_mapping, some, write_json
from app.cli.monitor import Monitor
from app.messages import sentence, tr
from app.workspace import default_label_set
from models.errors import UserError

if TYPE_CHECKING:
    from app.pipeline.client import PipelineProcess
    from app.pipeline.pool import PipelinePool
    from app.shards.cluster import DaskPool
    from app.shards.plan import Corpus
    from app.shards.suggesting import ShardReport

    Answering = PipelineProcess | PipelinePool | DaskPool


def answering(arguments: argparse.Namespace, monitor: Monitor) -> Answering:
    """Return what is to answer, not started yet: one process beside a window, else as many as were asked for.

    Raises:
        UserError: ``shards.no-jobs``.
    """
    from app.pipeline.client import PipelineProcess
    from app.pipeline.pool import PipelinePool, default_jobs

    jobs = arguments.jobs
    if jobs is None:
        jobs = 1 if monitor.shared else default_jobs()
    if jobs < 1:
        raise UserError("shards.no-jobs", count=jobs)
    if arguments.dask is not None:
        from app.shards.cluster import DaskPool

        return DaskPool(arguments.dask, jobs)
    return PipelinePool(jobs) if jobs > 1 else PipelineProcess()


def are_shards(arguments: argparse.Namespace) -> bool:
    """Whether shards of a corpus were named, and no project."""
    from app.shards.sources import SUFFIXES

    first = arguments.paths[0]
    named = len(arguments.paths) > 1 or first.is_dir() or first.suffix.lower() in SUFFIXES
    return arguments.out is not None or named


def suggest_for_shards(arguments: argparse.Namespace, monitor: Monitor) -> int:
    """Write an exchange file with suggestions for each shard.

    Raises:
        UserError: ``shards.no-out``, what cannot be read as a mapping or a label set, and as
            :func:`app.shards.plan.find_shards` and the pipeline's start.
        EnvironmentFault: the pipeline or the cluster failed, or a file cannot be written.
    """
    from app.pipeline.protocol import BUILT_IN
    from app.services.trust import trust
    from app.shards.plan import find_shards, make_plan
    from app.shards.suggesting import suggest_shards

    if arguments.out is None:
        raise UserError("shards.no-out")
    if arguments.documents:
        raise UserError("shards.no-documents")
    mapping = read_mapping(arguments.mapping) if arguments.mapping else None
    corpus = _corpus(arguments)
    shards = find_shards(arguments.paths, arguments.out)
    name = arguments.pipeline or BUILT_IN
    if arguments.trust:
        trust(name)
    with answering(arguments, monitor) as pipeline:
        info = pipeline.start(name)
        _make(arguments)
        plan = make_plan(shards, corpus, info, mapping, again=arguments.again)
        report = suggest_shards(
            plan,
            pipeline,
            mapping,
            again=arguments.again,
            progress=monitor.progress,
            cancelled=monitor.cancelled,
        )
    data = _data(report, info.name)
    if arguments.report is not None:
        write_json(arguments.report, data)
    monitor.report(data, _lines(data))
    return exit_codes.REMARKS if report.broken or report.failed else exit_codes.FINE


def _corpus(arguments: argparse.Namespace) -> Corpus:
    from app.shards.plan import Corpus
    from models.labels import label_set

    labels = read_json(arguments.label_set) if arguments.label_set else default_label_set()
    label_set(labels)
    return Corpus(arguments.name, labels)


def _make(arguments: argparse.Namespace) -> None:
    from app.formats.atomic import explained

    with explained(arguments.out):
        arguments.out.mkdir(parents=True, exist_ok=True)


def _data(report: ShardReport, pipeline: str) -> dict[str, Any]:
    return {
        "pipeline": pipeline,
        "written": [str(one) for one in report.written],
        "finished": [str(one) for one in report.finished],
        "documents": report.documents,
        "suggestions": report.suggestions,
        "repeated": report.repeated,
        "cancelled": report.cancelled,
        "broken": [{"path": str(path), "text": reason} for path, reason in report.broken],
        "failed": [
            {"path": str(path), "name": name, "code": error.code, "details": error.details, "text": sentence(error)}
            for path, name, error in report.failed
        ],
    }


def _lines(data: dict[str, Any]) -> Iterator[str]:
    yield tr("cli.suggest-done", documents=data["documents"], count=data["suggestions"], pipeline=data["pipeline"])
    yield "  " + tr("shards.written", count=len(data["written"]))
    if data["finished"]:
        yield "  " + tr("shards.finished", count=len(data["finished"]))
    if data["repeated"]:
        yield "  " + tr("shards.repeated", count=data["repeated"])
    remarks = [f"  {one['path']}: {one['text']}" for one in data["broken"]]
    remarks += [f"  {one['path']}: {one['name']}: {one['text']}" for one in data["failed"]]
    yield from some(remarks)
