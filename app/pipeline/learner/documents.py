"""From documents that curators judged to examples: which tags each word may have.

Where a document is not complete only the sentences count that hold a judgement (``app.training.judged``). In them,
what a pipeline proposes and nobody has judged stays open: any tag may be right there, and training sums over all.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from app.pipeline.learner.chain import Flags
from app.pipeline.learner.encode import Hints
from app.pipeline.learner.hints import Places, hints_of
from app.pipeline.learner.training import Example
from app.pipeline.names.reading import Token, split
from app.pipeline.rules.records import Mention
from models.spans import Span

if TYPE_CHECKING:
    from app.services.training import TrainingDocument


class Read(NamedTuple):
    """What the learner sees of a text: sentences, what others say of their words, where they stand, open proposals."""

    sentences: list[list[Token]]
    hints: list[Hints]
    places: Places
    mentions: tuple[Mention, ...]
    furniture: tuple[Span, ...]


def read(
    tokens: Sequence[Token], mentions: Iterable[Mention], names: Iterable[Mention], furniture: Iterable[Span] = ()
) -> Read:
    """Return what the learner sees of a text with these tokens, the rules' mentions and the learned names in it."""
    sentences, known = list(split(tokens)), tuple(mentions)
    places = Places(sentences)
    return Read(sentences, hints_of(places, len(sentences), known, names), places, known, tuple(furniture))


def plain_examples(text: Read, tags: Sequence[str]) -> Iterator[Example]:
    """Yield the sentences of a text that nobody judged, furniture left out."""
    for sentence, hints in zip(text.sentences, text.hints, strict=True):
        if not _touched(_extent(sentence), text.furniture):
            free = np.ones((len(sentence), len(tags)), np.bool_)
            yield Example([word.text for word in sentence], free, hints)


def examples(
    text: Read, document: TrainingDocument, looked: Sequence[Span], labels: Sequence[str], tags: Sequence[str]
) -> Iterator[Example]:
    """Yield the sentences of a document that can be learned from.

    Args:
        looked: where what is not marked is not there.
        labels: those that are judged in these documents; a word may always have the tag of another one.
    """
    allowed = _Allowed(text, labels, tags)
    marked = sorted((one.extent for one in document.entities if len(one.spans) == 1), key=lambda span: span.start)
    judged = [*marked, *(span for span, _ in document.rejected)]
    if not document.complete:
        for mention in text.mentions:
            if not _touched(Span(mention.start, mention.end), judged):
                allowed.open(mention.start, mention.end)
    taken: list[Span] = []
    for one in sorted(document.entities, key=lambda one: one.extent.start - one.extent.end):
        if len(one.spans) > 1 or one.label not in labels:
            allowed.open(*one.extent)
        elif not _touched(one.extent, taken):
            taken.append(one.extent)
            allowed.mark(*one.extent, one.label)
    furniture = (*text.furniture, *document.furniture)
    for sentence, hints, choices in zip(text.sentences, text.hints, allowed.sentences, strict=True):
        extent = _extent(sentence)
        if _touched(extent, looked) and not (_touched(extent, furniture) and not _touched(extent, marked)):
            yield Example([word.text for word in sentence], choices, hints)


class _Allowed:
    """The tags that each word of each sentence may have: none of the judged labels, until something is marked."""

    def __init__(self, text: Read, labels: Sequence[str], tags: Sequence[str]) -> None:
        self._text, self._tags = text, list(tags)
        self._starts = [sentence[0].start for sentence in text.sentences]
        judged = set(labels)
        plain = np.array([tag == "O" or tag[2:] not in judged for tag in tags])
        self.sentences: list[Flags] = [np.tile(plain, (len(sentence), 1)) for sentence in text.sentences]
        self._closed = [np.zeros(len(sentence), np.bool_) for sentence in text.sentences]

    def open(self, start: int, end: int) -> None:
        """Let the words that a passage touches have any tag, those that are marked left as they are."""
        for number in range(max(0, bisect_right(self._starts, start) - 1), bisect_left(self._starts, end)):
            for i, word in enumerate(self._text.sentences[number]):
                if word.start < end and start < word.start + len(word.text) and not self._closed[number][i]:
                    self.sentences[number][i] = True

    def mark(self, start: int, end: int, label: str) -> None:
        """Say that a passage is an entity. One that cuts words or crosses sentences says nothing of them."""
        found = self._text.places.words(start, end)
        if found is None:
            self.open(start, end)
            return
        number, first, last = found
        choices = self.sentences[number]
        choices[first:last] = False
        choices[first, self._tags.index(f"B-{label}")] = True
        choices[first + 1 : last, self._tags.index(f"I-{label}")] = True
        choices[last : last + 1, self._tags.index(f"I-{label}")] = False
        self._closed[number][first:last] = True


def _extent(sentence: Sequence[Token]) -> Span:
    return Span(sentence[0].start, sentence[-1].start + len(sentence[-1].text))


def _touched(span: Span, others: Iterable[Span]) -> bool:
    return any(span.overlaps(other) for other in others)
