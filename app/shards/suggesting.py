"""Leading the documents of many shards through one pipeline, a few at a time, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from app.formats.exchange import number
from app.services.analysis import Mapped, Pipeline, adapter
from app.services.suggestions import OPEN_FURNITURE, identified, in_article, told_apart
from app.shards.plan import Plan, Shard
from app.shards.sources import Broken, Record, entries
from app.shards.writing import ShardWriter
from models.errors import KuratorError
from models.labels import label_set
from models.merge.moving import explicit, implicit
from models.merge.sorting import sort_lists
from models.spans import Span
from models.suggestions import Analysis, PipelineInfo, Proposal


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
    outputs = _Outputs(plan.todo, pipeline.info, mapping, report)
    total = plan.documents
    with closing(outputs):
        for done, (_, answer) in enumerate(pipeline.analyse(stream.texts()), 1):
            outputs.take(stream.waiting.popleft(), answer, stream.broken)
            progress(done, total)
        report.cancelled = cancelled()
        if not report.cancelled:
            outputs.close_until(len(plan.todo), stream.broken)
    return report


class _Sent(NamedTuple):
    """A document on its way: number of its shard, its own number in that, its record, whether it is to be read."""

    shard: int
    place: int
    document: Record
    wanted: bool


class _Stream:
    """The texts of all shards in a row; ``waiting`` are the documents not answered yet.

    A document that is not to be read travels as an empty text, so that no more than a few wait at any time.
    """

    def __init__(self, shards: Sequence[Shard], again: bool, cancelled: Callable[[], bool]) -> None:
        self._shards = shards
        self._again = again
        self._cancelled = cancelled
        self.waiting: deque[_Sent] = deque()
        self.broken: dict[int, str] = {}

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield id and text of each document; a shard that can no longer be read ends early and is noted."""
        for number_, shard in enumerate(self._shards):
            try:
                for place, entry in enumerate(entries(shard.path, shard.contents)):
                    if self._cancelled():
                        return
                    document = entry.record
                    wanted = document["text"] is not None and (self._again or document.get("analysed_by") != shard.run)
                    self.waiting.append(_Sent(number_, place, document, wanted))
                    yield document["id"], document["text"] if wanted else ""
            except Broken as broken:
                self.broken[number_] = broken.reason


class _Outputs:
    """The files in the making, one at a time."""

    def __init__(
        self,
        shards: Sequence[Shard],
        info: PipelineInfo,
        mapping: Mapped | None,
        report: ShardReport,
    ) -> None:
        self._shards = shards
        self._info = info
        self._mapping = mapping
        self._report = report
        self._now = -1
        self._writer: ShardWriter | None = None
        self._adapt: Callable[[Analysis], Analysis]
        self._failed = False

    def take(self, sent: _Sent, answer: Analysis | KuratorError, broken: dict[int, str]) -> None:
        """Take the pipeline's answer to a document; files before its own are finished first."""
        self.close_until(sent.shard, broken)
        assert self._writer is not None
        shard, document = self._shards[sent.shard], sent.document
        if isinstance(answer, KuratorError):
            if sent.wanted:
                self._report.failed.append((shard.path, document["name"], answer))
                self._failed = True
        elif sent.wanted:
            twins = shard.twins.get(sent.place, 0)
            document = with_suggestions(document, self._adapt(answer), self._info, shard, twins)
            self._report.documents += 1
            self._report.suggestions += sum(1 for one in document["suggestions"] if not one.get("past"))
        self._writer.add(document)

    def close_until(self, number_: int, broken: dict[int, str]) -> None:
        """Finish the files before this number and begin its own, where it has one."""
        while self._now < number_:
            if self._writer is not None:
                self._close(self._writer, broken)
            self._now += 1
            if self._now < len(self._shards):
                shard = self._shards[self._now]
                self._writer = ShardWriter(shard)
                self._adapt = adapter(label_set(shard.head["label_set"]).kinds, self._info, self._mapping)
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


def with_suggestions(document: Record, analysis: Analysis, info: PipelineInfo, shard: Shard, twins: int) -> Record:
    """Return a document of an exchange file with what a pipeline proposes in place of earlier suggestions.

    What was judged and is no longer proposed is past, as in an export.

    Args:
        document: all fields and lists.
        analysis: with the labels of the file's label set.
        info: the pipeline.
        shard: where the document is from.
        twins: how many other documents have the same text and come before.
    """
    blocks = tuple(Span(*block) for block in document["furniture"])
    by = document.get("furniture_by") or ("source" if blocks else "none")
    inside, furniture = in_article(analysis, document["length"], blocks, by)
    found: dict[str, Record] = {}
    for identity, one, head, tail in identified(info, told_apart(document["fingerprint"], twins), inside):
        found.setdefault(identity, _record(identity, one, head, tail, shard.run))
    document = explicit(document)
    judged = {one["suggestion"] for one in document["decisions"]}
    for old in document["suggestions"]:
        if old["run"] in shard.memories and old["kind"] != "relation" and not old.get("past"):
            found.setdefault(old["id"], old)
        elif old["id"] in judged:
            found.setdefault(old["id"], {**old, "past": True})
    document |= {"suggestions": list(found.values()), "analysed_by": shard.run}
    if by in OPEN_FURNITURE and furniture != blocks:
        document |= {"furniture": [list(block) for block in furniture]}
        document["furniture_by"] = "pipeline" if furniture else "none"
    ordered = sort_lists(document, lambda identity: None)
    return implicit(document | {name: ordered[name] for name in ("suggestions", "decisions")})


def _record(identity: str, one: Proposal, head: str | None, tail: str | None, run: str) -> Record:
    record: Record = {
        "id": identity,
        "kind": one.kind,
        "label": one.label,
        "run": run,
        "score": number(one.score),
        "source": one.source,
    }
    if one.kind == "relation":
        record |= {"head": head, "tail": tail}
    else:
        record["spans"] = [list(span) for span in one.spans]
    if one.facets or one.kind == "claim":
        record["facets"] = dict(one.facets)
    return record
