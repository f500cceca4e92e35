"""From tokens to named passages: sentences for the model, code points for everybody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from app.pipeline.names.features import ENDINGS
from app.pipeline.names.model import NameModel

SOURCE = "names"
"""What learned names are called, as a group of spans and as a source of suggestions."""
LABELS = {"PER": "PERSON", "LOC": "PLACE", "ORG": "ORGANISATION"}
_QUOTES = frozenset("\"”“»'’)")
_LONGEST, _AT_ONCE = 200, 400
"""Words of a sentence, and sentences, that are read together: they bound the memory."""


class Token(NamedTuple):
    """A token, where it begins in code points, and whether a blank follows it."""

    text: str
    start: int
    blank: bool


class Named(NamedTuple):
    """A passage in code points, its label, and how probable exactly this is (0 to 1)."""

    start: int
    end: int
    label: str
    score: float


@cache
def name_model() -> NameModel:
    """Return the model that ships, loaded once."""
    return NameModel()


def find_names(tokens: Sequence[Token], model: NameModel | None = None) -> Iterator[Named]:
    """Yield the people, places and organisations that the model finds, in order."""
    model = model or name_model()
    sentences = list(split(tokens))
    for first in range(0, len(sentences), _AT_ONCE):
        some = sentences[first : first + _AT_ONCE]
        for sentence, names in zip(some, model.read([[t.text for t in one] for one in some]), strict=True):
            for name in names:
                last = sentence[name.end - 1]
                end = last.start + len(last.text)
                yield Named(sentence[name.start].start, end, LABELS[name.label], name.score)


def split(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield sentences as the model knows them: a line feed, or a full stop that no small letter follows, ends one."""
    sentence: list[Token] = []
    ended = glued = False
    for token in tokens:
        if token.text.isspace():
            ended = ended or "\n" in token.text or "\r" in token.text or "\u2029" in token.text
            glued = False
            continue
        closing = glued and token.text in _QUOTES
        if sentence and ((ended and not closing and not token.text[0].islower()) or len(sentence) == _LONGEST):
            yield sentence
            sentence, ended = [], False
        sentence.append(token)
        ended = token.text in ENDINGS or (ended and closing)
        glued = not token.blank
    if sentence:
        yield sentence
