"""A pipeline over a corpus: what it has not seen yet, documents on screen first, each stored at once."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter, sleep
from typing import Protocol

from app.pipeline.mapping import apply, guess_mapping
from app.pipeline.protocol import BUILT_IN
from app.services.suggestions import PIECE, store_analysis, store_in_pieces
from app.workspace import Workspace
from models.errors import KuratorError, UserError
from models.store import writes
from models.store.pending import Pending, pending, present_text
from models.suggestions import Analysis, Kind, PipelineInfo
from models.times import now

PIPELINE = "pipeline"
"""The project's option that names its pipeline."""
MAPPING = "mapping"
"""The project's option that maps its pipeline's labels to label ids, as JSON."""
BEFORE, MAPPING_BEFORE = "pipeline.previous", "mapping.previous"
"""The project's options that name the pipeline that was in use before, and how its labels were mapped."""
USED = "pipeline.history"
"""The project's option that lists which pipelines were in use, and since when, as JSON; the latest last."""
USED_KEPT = 20
BREATH_MS = 10.0
"""The longest pause after a document, in milliseconds, so that a curator's key press finds the file free."""

Mapped = Mapping[str, str | None]


class Pipeline(Protocol):
    """What is needed of :class:`app.pipeline.client.PipelineProcess`."""

    @property
    def info(self) -> PipelineInfo: ...

    def analyse(self, texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Analysis | UserError]]: ...


@dataclass(slots=True)
class AnalysisReport:
    """How a run went: documents stored, suggestions in them, answers dropped, and texts that failed."""

    documents: int = 0
    suggestions: int = 0
    stale: int = 0
    failed: list[tuple[str, KuratorError]] = field(default_factory=list)
    cancelled: bool = False

    def count(self, stored: int | None) -> None:
        """Count one answer: how many suggestions were stored, None where it was dropped."""
        if stored is None:
            self.stale += 1
        else:
            self.documents += 1
            self.suggestions += stored


Progressed = Callable[[int, int, str], None]
"""Called with the documents done, the documents in all, and the one just stored."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the corpus should be gone through.

    ``first`` returns ids of documents on screen; it is asked before each text and may say something else each
    time. ``only`` narrows to these documents. ``again`` takes in those that the pipeline has seen.
    ``mapping`` leads from the pipeline's labels to label ids, None leaves one out; without it one is guessed.
    ``gentle`` pauses after each document as long as it held the file.
    """

    first: Callable[[], Sequence[str]] = tuple
    only: Sequence[str] | None = None
    again: bool = False
    mapping: Mapped | None = None
    gentle: bool = False


def analyse_corpus(
    workspace: Workspace,
    pipeline: Pipeline,
    wishes: Wishes = Wishes(),
    *,
    progress: Progressed = lambda done, total, document: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> AnalysisReport:
    """Let a started pipeline propose for every document that it has not seen in its present text.

    Each document is stored in a transaction of its own, so that stopping at any moment, also by force, loses
    at most what is in flight. An answer to a text that was replaced meanwhile is dropped. A text that makes
    the pipeline fail is reported and left.

    Raises:
        EnvironmentFault: the pipeline died twice, or the file cannot be written; what is stored stays.
    """
    with workspace.writer.unrecorded() as work:
        run = writes.ensure_run(work, pipeline.info)
    queue = _Queue(workspace, run, wishes, cancelled)
    report = AnalysisReport()
    adapt = adapter(workspace.reads.label_set().kinds, pipeline.info, wishes.mapping)
    for document, answer in pipeline.analyse(queue.texts()):
        started = perf_counter()
        if isinstance(answer, KuratorError):
            report.failed.append((document, answer))
        else:
            analysis = adapt(answer)
            report.count(_store(workspace, pipeline.info, run, document, queue.sent[document], analysis))
        if wishes.gentle:
            sleep(min(perf_counter() - started, BREATH_MS / 1000))
        queue.done += 1
        progress(queue.done, max(queue.total, queue.done), document)
        if cancelled():
            break
    report.cancelled = cancelled()
    return report


def _store(
    workspace: Workspace, info: PipelineInfo, run: int, document: str, text_seq: int, answer: Analysis
) -> int | None:
    """Store one answer; return how many suggestions it held, None where the text is another one by now."""
    writer, reads = workspace.writer, workspace.reads
    if len(answer.proposals) > PIECE:
        return store_in_pieces(writer, reads, document, text_seq, run, info, answer)
    with writer.unrecorded() as work:
        present = present_text(reads, document)
        if present is None or present[0] != text_seq:
            return None
        return store_analysis(work, reads, document, text_seq, run, info, answer)


def adapter(known: Mapping[str, Kind], info: PipelineInfo, mapping: Mapped | None) -> Callable[[Analysis], Analysis]:
    """Return what turns an answer's labels into those of a label set (``known``: id → kind); others are left out."""
    given = mapping or {}
    guessed = guess_mapping(info.labels) if mapping is None else {}

    def target(label: str) -> str | None:
        return given[label] if label in given else label if label in known else guessed.get(label)

    def adapt(analysis: Analysis) -> Analysis:
        table = {label: target(label) for label in {one.label for one in analysis.proposals}}
        proposals = tuple(
            one if known.get(table[one.label] or "") == one.kind else replace(one, label=_FOREIGN)
            for one in analysis.proposals
        )
        return apply(replace(analysis, proposals=proposals), {**table, _FOREIGN: None})

    return adapt


_FOREIGN = ""
"""Stands for every label that has no place in the project."""


class _Queue:
    """The texts to come, picked one at a time so that what is on screen can go first at any moment."""

    def __init__(self, workspace: Workspace, run: int, wishes: Wishes, cancelled: Callable[[], bool]) -> None:
        self._reads = workspace.reads
        self._run = None if wishes.again else run
        self._wishes, self._cancelled = wishes, cancelled
        self.sent: dict[str, int] = {}
        self.done = 0
        self._fill()
        self.total = len(self._waiting)

    def _fill(self) -> None:
        """Look up what is waiting, without the texts that were sent already."""
        found = pending(self._reads, self._run, self._wishes.only)
        fresh = [one for one in found if self.sent.get(one.document) != one.text_seq]
        self._order: deque[Pending] = deque(fresh)
        self._waiting = {one.document for one in fresh}

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield id and text of what comes next; what came into the project meanwhile comes at the end."""
        while not self._cancelled():
            document = self._next()
            if document is None:
                self._fill()
                if not self._waiting:
                    return
                self.total += len(self._waiting)
                continue
            found = present_text(self._reads, document)
            if found is None:
                self.total -= 1
                continue
            self.sent[document] = found[0]
            yield document, found[1]

    def _next(self) -> str | None:
        for document in self._wishes.first():
            if document in self._waiting:
                self._waiting.remove(document)
                return document
        while self._order:
            document = self._order.popleft().document
            if document in self._waiting:
                self._waiting.remove(document)
                return document
        return None


# The project's own choice -----------------------------------------------------------------------------------


def chosen_pipeline(workspace: Workspace) -> str:
    """Return the name or folder of the project's pipeline, ``built-in`` where none was chosen."""
    return workspace.option(PIPELINE) or BUILT_IN


def chosen_mapping(workspace: Workspace) -> dict[str, str | None] | None:
    """Return how the project maps its pipeline's labels, None where nobody said."""
    found: dict[str, str | None] | None = json.loads(workspace.option(MAPPING) or "null")
    return found


def choose_pipeline(workspace: Workspace, pipeline: str, mapping: Mapped | None = None) -> None:
    """Let the project remember which pipeline suggests, how its labels are mapped, and which one did before."""
    before = chosen_pipeline(workspace)
    if pipeline != before:
        workspace.set_option(BEFORE, before)
        workspace.set_option(MAPPING_BEFORE, workspace.option(MAPPING))
        used = [*used_pipelines(workspace), (pipeline, now())][-USED_KEPT:]
        workspace.set_option(USED, json.dumps(used, ensure_ascii=False))
    workspace.set_option(PIPELINE, pipeline)
    workspace.set_option(MAPPING, None if mapping is None else json.dumps(dict(mapping), ensure_ascii=False))


def used_pipelines(workspace: Workspace) -> list[tuple[str, str]]:
    """Return the pipelines that were chosen, and when (UTC ISO 8601), the latest last."""
    return [(str(name), str(at)) for name, at in json.loads(workspace.option(USED) or "[]")]
