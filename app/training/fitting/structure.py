"""Claims and relations: linear models over candidates, trained on what curators drew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from spacy.language import Language

from app.pipeline.trained.clauses import Candidate, candidates
from app.pipeline.trained.components import CLAIMS, CUE, NOTHING, RELATIONS, ClaimsComponent, RelationsComponent
from app.pipeline.trained.linear import LinearModel
from app.pipeline.trained.pairs import Node, Pair, Pairs
from app.pipeline.trained.surroundings import Surroundings
from app.services.training import TrainingDocument
from app.training.judged import looked_at, within
from app.training.progress import Progress
from app.training.recipe import Material, Setting
from models.labels import LabelSet
from models.spans import Span

CLAIM_PENALTY, PAIR_PENALTY = 1.0, 0.3
"""What held-out pages liked best of 0.1, 0.3, 1 and 3."""
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)
TUNED = 20
"""Claims or relations in the part that training is stopped by from which the threshold is chosen on them."""


def around(document: TrainingDocument) -> Surroundings:
    """Return a document with the entities that people marked."""
    marks = ((one.extent.start, one.extent.end, one.label) for one in document.entities)
    return Surroundings(document.text, marks)


def _fresh(nlp: Language, factory: str, **config: Any) -> Any:
    """Add a component that knows nothing, in place of one that is there; relations come after what they join."""
    if factory in nlp.pipe_names:
        nlp.remove_pipe(factory)
    if factory == CLAIMS and RELATIONS in nlp.pipe_names:
        return nlp.add_pipe(factory, before=RELATIONS, config=config)
    return nlp.add_pipe(factory, last=True, config=config)


# Claims -----------------------------------------------------------------------------------------------------


def fit_claims(nlp: Language, material: Material, setting: Setting, progress: Progress) -> None:
    """Add a component for claims and their facets to a pipeline, trained."""
    component = _fresh(nlp, CLAIMS)
    assert isinstance(component, ClaimsComponent)
    rows: list[Sequence[str]] = []
    labels: list[str] = []
    told: list[tuple[Sequence[str], dict[str, Any]]] = []
    for one, label, facets in _claim_examples(material.train):
        rows.append(one.features)
        labels.append(label)
        if label:
            told.append((one.features, facets))
    loss = component.spans.fit(rows, labels, penalty=CLAIM_PENALTY)
    _fit_facets(component, told, setting.labels)
    outcomes = _claim_outcomes(component, material.dev)
    component.cfg["threshold"] = best_threshold(component.cfg["threshold"], outcomes)
    progress.step("claims", loss=round(loss, 4), f1=f1_from(component.cfg["threshold"], outcomes))


def _claim_examples(documents: Iterable[TrainingDocument]) -> Iterator[tuple[Candidate, str, dict[str, Any]]]:
    """Yield candidates where somebody looked, with the label and facets of the claim that each is, if it is one."""
    for document in documents:
        stretches = looked_at(document)
        claims = {one.extent: one for one in document.claims}
        for one in candidates(around(document)):
            if within(stretches, one.span):
                claim = claims.get(one.span) or next(
                    (c for place, c in claims.items() if _nearly(place, one.span)), None
                )
                yield one, claim.label if claim else NOTHING, dict(claim.facets) if claim else {}


def _nearly(one: Span, other: Span) -> bool:
    """Whether two places differ by punctuation at their ends only."""
    return abs(one.start - other.start) <= 2 and abs(one.end - other.end) <= 2


def _fit_facets(
    component: ClaimsComponent, told: Sequence[tuple[Sequence[str], dict[str, Any]]], labels: LabelSet
) -> None:
    """Train a model for each facet that is a choice or a flag and that anybody set."""
    for facet in labels.facets:
        known = [(row, facets[facet.id]) for row, facets in told if facets.get(facet.id) is not None]
        if facet.type == "choice":
            pairs = [(row, str(value)) for row, value in known]
        elif facet.type == "flag" and any(value is True for _, value in known):
            pairs = [(row, "true" if facets.get(facet.id) is True else NOTHING) for row, facets in told]
            component.cfg["flags"].append(facet.id)
        else:
            component.cfg["cue"] = component.cfg["cue"] or (facet.id == CUE and bool(known))
            continue
        if pairs:
            model = LinearModel()
            model.fit([row for row, _ in pairs], [value for _, value in pairs], penalty=CLAIM_PENALTY)
            component.facets[facet.id] = model


def claims_f1(component: ClaimsComponent, documents: Iterable[TrainingDocument]) -> float | None:
    """Return F1 of the claims' places and labels, the entities given."""
    return f1_from(component.cfg["threshold"], _claim_outcomes(component, documents))


def _claim_outcomes(component: ClaimsComponent, documents: Iterable[TrainingDocument]) -> Outcomes:
    """Return what the component finds at any threshold, and how much there is."""
    found: list[tuple[float, bool]] = []
    count = 0
    for document in documents:
        stretches = looked_at(document)
        there = {(one.extent, one.label) for one in document.claims}
        said = component.find(around(document), 0.0)
        found += [(score, (one.span, label) in there) for one, label, score, _ in said if within(stretches, one.span)]
        count += len(there)
    return Outcomes(found, count)


# Relations --------------------------------------------------------------------------------------------------


def fit_relations(nlp: Language, material: Material, setting: Setting, progress: Progress) -> None:
    """Add a component for relations to a pipeline, trained. Which may join what is the label set's word."""
    used = {one.label for document in material.train for one in document.relations}
    rules = [
        [one.id, [list(pair) for pair in one.pairs], one.symmetric]
        for one in setting.labels.relations
        if one.id in used
    ]
    component = _fresh(nlp, RELATIONS, rules=rules)
    assert isinstance(component, RelationsComponent)
    rows: list[Sequence[str]] = []
    labels: list[str] = []
    for document in material.train:
        for pair, label in _pair_examples(component, document):
            rows.append(pair.features)
            labels.append(label)
    loss = component.pairs.fit(rows, labels, penalty=PAIR_PENALTY)
    outcomes = _relation_outcomes(component, material.dev)
    component.cfg["threshold"] = best_threshold(component.cfg["threshold"], outcomes)
    progress.step("relations", loss=round(loss, 4), f1=f1_from(component.cfg["threshold"], outcomes))


def nodes_of(document: TrainingDocument) -> list[Node]:
    """Return the document's entities, then its claims, as ends of relations."""
    entities = [Node(one.extent, one.label) for one in document.entities]
    return entities + [Node(one.extent, one.label, True, one.facets) for one in document.claims]


def _pair_examples(component: RelationsComponent, document: TrainingDocument) -> Iterator[tuple[Pair, str]]:
    """Yield the pairs that somebody looked at, with the relation that joins each, if one does."""
    stretches, nodes = looked_at(document), nodes_of(document)
    there = _joined(component, document)
    for pair in Pairs(around(document), nodes, component.rules, component.cfg["window"]):
        if all(within(stretches, nodes[end].span) for end in (pair.head, pair.tail)):
            known = [label for label in pair.labels if (label, pair.head, pair.tail) in there]
            yield pair, known[0] if known else NOTHING


def _joined(component: RelationsComponent, document: TrainingDocument) -> set[tuple[str, int, int]]:
    """Return the relations of a document by the numbers of its nodes, symmetric ones in both directions."""
    numbers = {one.id: number for number, one in enumerate([*document.entities, *document.claims])}
    symmetric = {rule.label for rule in component.rules if rule.symmetric}
    found = {(one.label, numbers[one.head], numbers[one.tail]) for one in document.relations}
    return found | {(label, tail, head) for label, head, tail in found if label in symmetric}


def relations_f1(component: RelationsComponent, documents: Iterable[TrainingDocument]) -> float | None:
    """Return F1 of relations, entities and claims given."""
    return f1_from(component.cfg["threshold"], _relation_outcomes(component, documents))


def _relation_outcomes(component: RelationsComponent, documents: Iterable[TrainingDocument]) -> Outcomes:
    """Return what the component finds at any threshold, and how much there is."""
    found: list[tuple[float, bool]] = []
    count = 0
    for document in documents:
        there = _joined(component, document)
        said = component.find(around(document), nodes_of(document), 0.0)
        found += [(score, (label, pair.head, pair.tail) in there) for pair, label, score in said]
        count += len(document.relations)
    return Outcomes(found, count)


# Thresholds -------------------------------------------------------------------------------------------------


class Outcomes(NamedTuple):
    """Scores with whether each was right, and how much there was to find."""

    found: list[tuple[float, bool]]
    there: int


def f1_from(threshold: float, outcomes: Outcomes) -> float | None:
    """Return F1 of what reaches a threshold."""
    kept = [right for score, right in outcomes.found if score >= threshold]
    whole = len(kept) + outcomes.there
    return 2 * sum(kept) / whole if whole else None


def best_threshold(standing: float, outcomes: Outcomes) -> float:
    """Return the threshold with the best F1, where there is enough to tell; of equals the nearest to ``standing``."""
    if outcomes.there < TUNED:
        return standing
    scores = {one: f1_from(one, outcomes) or 0.0 for one in THRESHOLDS}
    return max(scores, key=lambda one: (scores[one], -abs(one - standing)))
