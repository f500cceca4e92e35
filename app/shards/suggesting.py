"""Leading the documents of many shards through one pipeline, a few at a time, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from app.services.analysis import Mapped, Pipeline
from app.shards.documents import Around, Done, Finisher, Sent
from app.shards.plan import Plan, Shard
from app.shards.sources import Broken, entries
from app.shards.writing import ShardWriter
from models.errors import KuratorError, UserError


@dataclass(slots=True)
class ShardReport:
    """How it went: what was written, what was finished already, what is broken, and texts that failed.

    ``failed`` holds shard, document and reason; a shard with such a text is done again next time. ``repeated`` counts
    lines that say the same as another one of their shard.
    """

    written: list[Path] = field(default_factory=list)
    finished: list[Path] = field(default_factory=list)
    broken: list[tuple[Path, str]] = field(default_factory=list)
    documents: int = 0
    suggestions: int = 0
    repeated: int = 0
    failed: list[tuple[Path, str, KuratorError]] = field(default_factory=list)
    cancelled: bool = False


@runtime_checkable
class AtWorkers(Protocol):
    """A pipeline whose workers also do all that is to be done with its answers."""

    def documents(
        self, sent: Iterable[Sent], around: Mapping[int, Around], mapping: Mapped | None
    ) -> Iterator[Done]: ...


def suggest_shards(
    plan: Plan,
    pipeline: Pipeline,
    mapping: Mapped | None,
    *,
    again: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ShardReport:
    """Let a started pipeline propose for the documents of all shards that are to do, and write each shard's file.

    Documents that this pipeline has read, and those whose text was left out, go through as they are.

    Args:
        plan: what is to do, for this pipeline and mapping.
        pipeline: answers in the order of the texts.
        mapping: from its labels to label ids, None for a guess.
        again: whether documents that this pipeline has read are read again.
        progress: told documents done and in all.
        cancelled: asked between documents; shards that are not finished by then are as they were.

    Raises:
        EnvironmentFault: the pipeline died, or a file cannot be written; what was finished before stays.
    """
    report = ShardReport(finished=[one.target for one in plan.finished], broken=list(plan.broken))
    stream = _Stream(plan.todo, again, cancelled)
    around = {number: shard.around for number, shard in enumerate(plan.todo)}
    if isinstance(pipeline, AtWorkers):
        documents = pipeline.documents(stream.documents(), around, mapping)
    else:
        documents = _answered(pipeline, Finisher(pipeline.info, mapping, around), stream.documents())
    outputs = _Outputs(plan.todo, report)
    with closing(outputs):
        for done, document in enumerate(documents, 1):
            outputs.take(document, stream.broken)
            progress(done, plan.documents)
        report.cancelled = cancelled()
        if not report.cancelled:
            outputs.close_until(len(plan.todo), stream.broken)
    return report


def _answered(pipeline: Pipeline, finisher: Finisher, documents: Iterable[Sent]) -> Iterator[Done]:
    """Yield each document with a pipeline's answer; one that is not to be read travels as an empty text.

    So no more than a few wait at any time.
    """
    waiting: deque[Sent] = deque()

    def texts() -> Iterator[tuple[str, str]]:
        for sent in documents:
            waiting.append(sent)
            yield sent.document["id"], sent.text

    for _, answer in pipeline.analyse(texts()):
        yield finisher.finish(waiting.popleft(), answer)


class _Stream:
    """The documents of all shards in a row."""

    def __init__(self, shards: Sequence[Shard], again: bool, cancelled: Callable[[], bool]) -> None:
        self._shards = shards
        self._again = again
        self._cancelled = cancelled
        self.broken: dict[int, str] = {}

    def documents(self) -> Iterator[Sent]:
        """Yield the documents; a shard that can no longer be read ends early and is noted."""
        for number, shard in enumerate(self._shards):
            try:
                for place, entry in enumerate(entries(shard.path, shard.contents)):
                    if self._cancelled():
                        return
                    document = entry.record
                    wanted = document["text"] is not None and (
                        self._again or document.get("analysed_by") != shard.around.run
                    )
                    yield Sent(number, document, wanted, shard.twins.get(place, 0))
            except Broken as broken:
                self.broken[number] = broken.reason


class _Outputs:
    """The files in the making, one at a time."""

    def __init__(self, shards: Sequence[Shard], report: ShardReport) -> None:
        self._shards = shards
        self._report = report
        self._now = -1
        self._writer: ShardWriter | None = None
        self._failed = False

    def take(self, done: Done, broken: dict[int, str]) -> None:
        """Take a document; files before its own are finished first."""
        self.close_until(done.shard, broken)
        assert self._writer is not None
        if done.failure is not None:
            code, details = done.failure
            self._report.failed.append((self._shards[done.shard].path, done.name, UserError(code, **details)))
            self._failed = True
        elif done.proposed is not None:
            self._report.documents += 1
            self._report.suggestions += done.proposed
        self._writer.add(done)

    def close_until(self, number: int, broken: dict[int, str]) -> None:
        """Finish the files before this number and begin its own, where it has one."""
        while self._now < number:
            if self._writer is not None:
                self._close(self._writer, broken)
            self._now += 1
            if self._now < len(self._shards):
                self._writer = ShardWriter(self._shards[self._now])
                self._failed = False

    def close(self) -> None:
        """Let go of a file that was not finished."""
        if self._writer is not None:
            self._writer.close()

    def _close(self, writer: ShardWriter, broken: dict[int, str]) -> None:
        shard, report = self._shards[self._now], self._report
        if self._now in broken:
            report.broken.append((shard.path, broken[self._now]))
        else:
            writer.finish(complete=not self._failed)
            report.written.append(shard.target)
            report.repeated += shard.contents.repeated
        writer.close()
