"""The stream with learning in the background: memory at once, and every so many sentences a pipeline is tuned."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import spacy
from stream import PER_DOCUMENT

from app.pipeline.learner.tuning import learned_component, tune
from app.pipeline.suggest import analysis_of
from app.services.memory import Remembering
from app.services.suggestions import store_analysis
from app.services.training import TrainingDocument, training_documents
from app.workspace import Workspace
from models.store import writes
from models.suggestions import PipelineInfo

EVERY = 100
"""Sentences after which the pipeline learns anew, as the background would with a curator at work."""


class Background:
    """A blank pipeline that learns from what the curator has done, and suggests for each document as it comes."""

    def __init__(self, workspace: Workspace, *, take: float, every: int = EVERY, held_back: bool = True) -> None:
        self._workspace = workspace
        self._memory = Remembering(workspace)
        self._every, self._held_back = every // PER_DOCUMENT, held_back
        self._nlp = spacy.blank("sv")
        self._learned = 0
        self._take = take

    def settle(self, document: str) -> None:
        """Let the memory learn what was just done."""
        self._memory.catch_up([document])

    def begin(self, document: str, number: int) -> None:
        """Learn where it is time to, and suggest for the document that has just come."""
        if number and number % self._every == 0:
            tune(self._nlp, self._documents())
            learned_component(self._nlp).take = self._take
            learned_component(self._nlp).keep = min(self._take, 0.3)
            self._learned += 1
        if self._learned:
            self._suggest(document)

    def _documents(self) -> Sequence[TrainingDocument]:
        found = training_documents(self._workspace.reads)
        return [one for one in found if one.complete and (one.split == "train" or not self._held_back)]

    def _suggest(self, document: str) -> None:
        reads = self._workspace.reads
        (number,) = reads.connection.execute("SELECT text_seq FROM documents WHERE id = ?", (document,)).fetchone()
        analysis = analysis_of(self._nlp(reads.text(document)))
        info = PipelineInfo("learned", str(self._learned), "")
        with self._workspace.writer.unrecorded() as work:
            run = writes.ensure_run(work, info)
            store_analysis(work, reads, document, number, run, info, analysis)


def background(take: float = 0.35, every: int = EVERY, held_back: bool = True) -> Callable[[Workspace], Background]:
    """Return what makes a :class:`Background` for a project."""
    return lambda workspace: Background(workspace, take=take, every=every, held_back=held_back)
