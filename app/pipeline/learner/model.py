"""Reading with learned weights: the spans of each sentence, and how probable each of them is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from app.pipeline.learner.encode import Hints
from app.pipeline.names.decode import best_tags, span_scores
from app.pipeline.names.files import Floats
from app.pipeline.names.model import NameModel, spans_of


class Found(NamedTuple):
    """Words ``[start, end)`` of a sentence with a label, and how probable exactly this is."""

    sentence: int
    start: int
    end: int
    label: str
    score: float


class SpanModel(NameModel):
    """A name model of any labels that hears what other components say."""

    @property
    def labels(self) -> list[str]:
        """The labels that it knows."""
        return [tag[2:] for tag in self.tags if tag[0] == "B"]

    def spans(
        self,
        sentences: Sequence[Sequence[str]],
        hints: Sequence[Hints],
        asked: Iterable[tuple[int, int, int, str]] = (),
    ) -> list[Found]:
        """Return the spans of the best reading of each sentence, and those that are ``asked`` about, each once.

        Args:
            sentences: their words; none is empty.
            asked: sentence, first word, end and label.
        """
        self.forget_if_full()
        rows = self.emissions(sentences)
        for row, given in zip(rows, hints, strict=True):
            for i, features in given.items():
                if i < len(row):
                    row[i] += self._hint(features)
        best = [
            (number, start, end, label)
            for number, tags in enumerate(best_tags(rows, self.chain, self.tags))
            for start, end, label in spans_of([self.tags[tag] for tag in tags])
        ]
        places = list(dict.fromkeys([*best, *asked]))
        scores = span_scores(rows, self.chain, self.tags, places)
        return [Found(*place, score) for place, score in zip(places, scores, strict=True)]

    def _hint(self, features: tuple[str, ...]) -> Floats:
        known = self._hints.get(features)
        if known is None:
            rows = [row for name in features if (row := self._rows.get(name)) is not None]
            known = self._hints[features] = self._weights[rows].sum(0, dtype=np.float32)
        return known

    def _forget(self) -> None:
        super()._forget()
        self._hints: dict[tuple[str, ...], Floats] = {}
