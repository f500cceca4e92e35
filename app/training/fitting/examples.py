"""From documents to spaCy's examples: the stretches that somebody looked at, in pieces of bounded length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import filter_spans

from app.pipeline.suggest import cut
from app.services.training import TrainingDocument
from app.training.judged import looked_at

PIECE = 2000
"""Code points of one example at most: what a network learns reaches a few words, and memory grows with length."""
SPANS = "sc"
OVERLAPPING = 0.02
"""The share of entities that overlap others from which a span categorizer is trained instead of a recogniser."""
_LONGEST = 12
"""Words of a span that a span categorizer looks at, at most."""


class Piece(NamedTuple):
    """A part of a document that was looked at, and the entities that lie wholly in it, in its own offsets."""

    text: str
    entities: tuple[tuple[int, int, str], ...]


def pieces(documents: Iterable[TrainingDocument]) -> Iterator[Piece]:
    """Yield the stretches that count, cut where they are long."""
    for document in documents:
        marks = sorted((one.extent.start, one.extent.end, one.label) for one in document.entities)
        for start, end in looked_at(document):
            for offset, text in cut(document.text[start:end], PIECE):
                first, last = start + offset, start + offset + len(text)
                if text.strip():
                    inside = ((a - first, b - first, label) for a, b, label in marks if first <= a and b <= last)
                    yield Piece(text, tuple(inside))


def overlapping(documents: Iterable[TrainingDocument]) -> float:
    """Return the share of entities that share text with another one."""
    whole = shared = 0
    for document in documents:
        marks = sorted(one.extent for one in document.entities)
        touched = {
            number
            for i, one in enumerate(marks)
            for j in range(i + 1, len(marks))
            if marks[j].start < one.end
            for number in (i, j)
        }
        whole, shared = whole + len(marks), shared + len(touched)
    return shared / whole if whole else 0.0


def examples(nlp: Language, some: Iterable[Piece], renamed: Mapping[str, str], *, spans: bool) -> list[Example]:
    """Return examples for a recogniser (``doc.ents``) or a span categorizer (``doc.spans["sc"]``).

    A boundary inside a token is moved to the token's edge. ``renamed``: what the pipeline calls a label.
    """
    made = []
    for piece in some:
        told = nlp.make_doc(piece.text)
        found = [
            span
            for start, end, label in piece.entities
            if (span := told.char_span(start, end, renamed.get(label, label), alignment_mode="expand")) is not None
        ]
        if spans:
            told.spans[SPANS] = _once(found)
        else:
            told.ents = filter_spans(found)
        made.append(Example(Doc(nlp.vocab, _words(told), _blanks(told)), told))
    return made


def _once(spans: list[Span]) -> list[Span]:
    known: dict[tuple[int, int, str], Span] = {(one.start, one.end, one.label_): one for one in spans}
    return list(known.values())


def _words(doc: Doc) -> list[str]:
    return [token.text for token in doc]


def _blanks(doc: Doc) -> list[bool]:
    return [bool(token.whitespace_) for token in doc]


def longest(made: Iterable[Example]) -> int:
    """Return how many words a span categorizer has to look at: as many as 99 of 100 entities have."""
    lengths = sorted(len(span) for one in made for span in one.reference.spans.get(SPANS, ()))
    return min(_LONGEST, lengths[int(0.99 * (len(lengths) - 1))]) if lengths else 1


def labels_in(documents: Iterable[TrainingDocument]) -> list[str]:
    """Return the labels of the entities, by name."""
    return sorted({one.label for document in documents for one in document.entities})
