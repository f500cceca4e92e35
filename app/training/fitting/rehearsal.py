"""Against forgetting: a pipeline that learns more is also told, as if it were true, what it says already.

Its own answers stand in for what it was trained on (Li and Hoiem, Learning without forgetting, ECCV 2016): of labels
that the new documents do not use, in these documents; of all labels, in texts that nobody judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example

from app.pipeline.suggest import cut
from app.training.fitting.examples import PIECE, SPANS

SHARE = 3
"""One rehearsed text for so many new ones: enough in trials on news, and new labels are hardly held back."""


def with_own_answers(nlp: Language, made: Sequence[Example], *, spans: bool) -> list[Example]:
    """Return examples in which the pipeline's answers of labels that none of them uses are added, where they fit."""
    used = {one.label_ for example in made for one in marked(example.reference, spans=spans)}
    told = []
    for example, doc in zip(made, nlp.pipe(example.text for example in made), strict=True):
        own = [one for one in marked(doc, spans=spans) if one.label_ not in used]
        told.append(_joined(example, own, spans=spans))
    return told


def rehearsed(nlp: Language, raw: Iterable[str], most: int, *, spans: bool) -> list[Example]:
    """Return texts that nobody judged with what the pipeline says of them, ``most`` pieces at most."""
    texts = (piece for text in raw for _, piece in cut(text, PIECE) if piece.strip())
    found = []
    for doc in nlp.pipe(islice(texts, most)):
        empty = Example(nlp.make_doc(doc.text), nlp.make_doc(doc.text))
        found.append(_joined(empty, marked(doc, spans=spans), spans=spans))
    return found


def marked(doc: Doc, *, spans: bool) -> list[Span]:
    """Return a document's entities, or its spans."""
    return list(doc.spans.get(SPANS, ())) if spans else list(doc.ents)


def _joined(example: Example, own: Sequence[Span], *, spans: bool) -> Example:
    """Return an example with more entities; for a recogniser those that overlap what people marked are left out."""
    reference = example.reference
    standing = marked(reference, spans=spans)
    for one in own:
        span = reference.char_span(one.start_char, one.end_char, one.label_)
        if span is None:
            continue
        if spans or not any(span.start < other.end and other.start < span.end for other in standing):
            standing.append(span)
    if spans:
        reference.spans[SPANS] = standing
    else:
        reference.ents = sorted(standing, key=lambda span: span.start)
    return example
