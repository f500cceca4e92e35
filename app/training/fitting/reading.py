"""What a loaded pipeline says of texts of any length, in the project's own names for labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from spacy.language import Language

from app.pipeline.mapping import apply
from app.pipeline.suggest import analysis_of, cut, join
from app.services.training import TrainingDocument
from app.training.scores import Scores
from app.training.scoring import compare
from models.labels import LabelSet
from models.suggestions import Analysis

LONGEST = 100_000
"""Code points that a pipeline gets at once: its memory grows with them."""

Mapped = Mapping[str, str | None]


def analyses(nlp: Language, texts: Sequence[str], names: Mapped) -> Iterator[Analysis]:
    """Yield the analysis of each text; ``names`` leads from the pipeline's labels to others, None leaves one out."""
    parts = [(number, offset, piece) for number, text in enumerate(texts) for offset, piece in cut(text, LONGEST)]
    waiting: list[tuple[int, Analysis]] = []
    present = 0
    docs = nlp.pipe((piece for _, _, piece in parts), batch_size=16)
    for (number, offset, _), doc in zip(parts, docs, strict=True):
        if number != present:
            yield join(waiting)
            waiting, present = [], number
        waiting.append((offset, apply(analysis_of(doc), names)))
    if texts:
        yield join(waiting)


def scored(
    nlp: Language,
    documents: Sequence[TrainingDocument],
    names: Mapped,
    wanted: frozenset[str],
    labels: LabelSet,
    told: Callable[[int], None] = lambda done: None,
) -> Scores:
    """Return how well a pipeline meets documents, on the labels that are wanted; ``told`` hears how many are done."""
    counts = []
    symmetric = frozenset(one.id for one in labels.relations if one.symmetric)
    facets = [one.id for one in labels.facets if one.type == "choice"]
    found = analyses(nlp, [one.text for one in documents], names)
    for number, (one, said) in enumerate(zip(documents, found, strict=True), 1):
        counts.append(compare(one, said, labels=wanted, symmetric=symmetric, facets=facets))
        told(number)
    return Scores(tuple(counts))
