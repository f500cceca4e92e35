"""The stream with learning in the background: memory at once, and every so many sentences a pipeline is tuned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace

import spacy
from stream import PER_DOCUMENT

from app.pipeline.learner import tuning
from app.pipeline.learner.tuning import learned_component
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

    def __init__(
        self,
        workspace: Workspace,
        *,
        take: float = 0.35,
        every: int = EVERY,
        held_back: bool = True,
        classes: bool = True,
    ) -> None:
        """Begin knowing nothing.

        Args:
            take: how probable a name must be to be suggested. Rejecting costs one action and finding a right one saves
                two, so it pays from a third on.
            held_back: whether the documents that measure what was learned are not learned from, as in the program.
            classes: whether the learner sees the word classes that ship (case and frequency in raw text, name lists).
        """
        self._workspace = workspace
        self._memory = Remembering(workspace)
        self._every, self._held_back = every // PER_DOCUMENT, held_back
        self._nlp = spacy.blank("sv")
        self._learned = 0
        self._take = take
        self._classes = classes

    def settle(self, document: str) -> None:
        """Let the memory learn what was just done."""
        self._memory.catch_up([document])

    def begin(self, document: str, number: int) -> None:
        """Learn where it is time to, and suggest for the document that has just come."""
        if number and number % self._every == 0:
            with _no_classes(not self._classes):
                tuning.tune(self._nlp, self._documents())
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


@contextmanager
def _no_classes(without: bool) -> Iterator[None]:
    """Let the learner begin without any word classes."""
    known = tuning.name_model
    if without:
        nothing = SimpleNamespace(classes={})
        tuning.name_model = lambda: nothing  # type: ignore[assignment,return-value]
    try:
        yield
    finally:
        tuning.name_model = known
