"""Fine-tuning a pipeline on documents that curators judged: it gets ``kurator_learned`` in the place of the rules.

The weights start from the learned names and from trust in what the rules propose, and are pulled back there. Against
forgetting they rehearse what they said at the start of texts that nobody judged (distillation, Hinton, Vinyals and Dean
2015, as Li and Hoiem 2016 use it against forgetting).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from spacy.language import Language

from app.pipeline.components import NamesComponent
from app.pipeline.learner.component import FACTORY, LearnedComponent, proposed, read_doc
from app.pipeline.learner.documents import Read, examples, plain_examples
from app.pipeline.learner.model import SpanModel
from app.pipeline.learner.training import SETTINGS, Example, Settings, nothing, tags_of, train, widened
from app.pipeline.names.files import Floats, Weights
from app.pipeline.names.reading import LABELS, name_model
from app.pipeline.rules.records import Mention

if TYPE_CHECKING:
    from app.services.training import TrainingDocument

LEAST = 5
"""A label that was judged less often is left to the rules."""
REHEARSED = 800
"""Sentences that are rehearsed, at most."""
_TRUST_IN_NAMES, _TRUST_IN_RULES = 6.0, 12.0
"""How much a proposal speaks for its label at the start: names have weights of their own besides."""
_BATCH = 16


class Tuned(NamedTuple):
    """What fine-tuning saw: judged sentences, rehearsed ones, entities per label, and the steps that it took."""

    sentences: int
    rehearsed: int
    entities: dict[str, int]
    steps: int


def tune(
    nlp: Language,
    documents: Iterable[TrainingDocument],
    raw: Iterable[str] = (),
    labels: Collection[str] | None = None,
    settings: Settings = SETTINGS,
    told: Callable[[int, float], None] | None = None,
) -> Tuned:
    """Teach ``nlp`` what the documents say; it is changed in place. Called again it starts where it stands.

    Args:
        documents: as ``app.services.training`` yields them; the caller leaves out what it holds back for a test.
        raw: texts that nobody judged, for rehearsal.
        labels: the labels of entities; None: those of the documents' entities.
        told: hears of each step of the training and the value reached.
    """
    component = learned_component(nlp)
    whole = list(documents)
    counts = Counter(one.label for document in whole for one in document.entities)
    rejected = Counter(label for document in whole for _, label in document.rejected)
    known = set(counts if labels is None else labels)
    judged = sorted(label for label in known if counts[label] + rejected[label] >= LEAST)
    if not judged:
        return Tuned(0, 0, {}, 0)
    start = starting(nlp, component, judged)
    learned, fresh = _learned(nlp, component, whole, judged, start)
    rehearsal = list(islice(_rehearsal(nlp, component, raw, start), REHEARSED))
    steps = 0

    def tell(step: int, value: float) -> None:
        nonlocal steps
        steps = step
        if told is not None:
            told(step, value)

    classes = (names.model if (names := names_of(nlp)) else name_model()).classes
    first = component.model.stored if component.model and component.model.tags == start.tags else None
    weights = train(learned, classes, start, settings, rehearsal, first, fresh, tell)
    component.model, component.judged = SpanModel(stored=(classes, weights)), tuple(judged)
    return Tuned(len(learned), len(rehearsal), {label: counts[label] for label in judged}, steps)


def _learned(
    nlp: Language,
    component: LearnedComponent,
    documents: Sequence[TrainingDocument],
    judged: Sequence[str],
    start: Weights,
) -> tuple[list[Example], set[str]]:
    """Return the sentences to learn from, and the judged labels that nothing in the pipeline proposes there."""
    from app.training.judged import looked_at

    found: list[Example] = []
    fresh = set(judged) - set(LABELS.values())
    texts = _read(nlp, component, (one.text for one in documents))
    for document, text in zip(documents, texts, strict=True):
        found += examples(text, document, looked_at(document), judged, start.tags)
        fresh.difference_update(mention.label for mention in text.mentions)
    return found, fresh


def _rehearsal(nlp: Language, component: LearnedComponent, raw: Iterable[str], start: Weights) -> Iterator[Example]:
    """Yield sentences that nobody judged; where nothing is known at the start there is nothing to rehearse."""
    for text in _read(nlp, component, raw if start.rows else ()):
        yield from plain_examples(text, start.tags)


def starting(nlp: Language, component: LearnedComponent, judged: Sequence[str]) -> Weights:
    """Return what is believed before anything was learned: the learned names, and what other components propose."""
    names = names_of(nlp)
    if names is None and len(nlp.pipe_names) == 1 and not component.rules:
        return nothing(tags_of(judged))
    known = nothing(["O"]) if names is None else _renamed(names)
    mine = [tag[2:] for tag in known.tags if tag[0] == "B"]
    tags = tags_of([*mine, *(label for label in judged if label not in mine)])
    start = widened(known, tags)
    rows, extra = dict(start.rows), []
    if names is None:
        rows["b"] = len(rows)
        extra.append(np.eye(len(tags))[0] * _TRUST_IN_RULES)
    for label in judged:
        for sign in "BI":
            rows[f"h={sign}-{label}"] = len(rows)
            trust = np.zeros(len(tags))
            trust[tags.index(f"{sign}-{label}")] = _TRUST_IN_NAMES if label in mine else _TRUST_IN_RULES
            trust[0] = -trust.max()
            extra.append(trust)
    table = np.concatenate([start.weights, np.array(extra, np.float32).reshape(-1, len(tags))])
    return Weights(start.tags, rows, table, _steps(tags, start.chain, mine))


def _steps(tags: Sequence[str], chain: Floats, known: Sequence[str]) -> Floats:
    """Return the chain, in which new labels come and go as those that are known do on average."""
    steps = chain.copy()
    for tag in tags[1:]:
        if tag[2:] in known:
            continue
        for other in ("O", tag):
            for one, two in ((tag, other), (other, tag)):
                like = [chain[_alike(tags, one, label), _alike(tags, two, label)] for label in known]
                steps[tags.index(one), tags.index(two)] = np.mean(like) if like else 0.0
        begin = tags.index(f"B-{tag[2:]}")
        steps[begin, begin + 1] = np.mean([chain[tags.index(f"B-{o}"), tags.index(f"I-{o}")] for o in known] or [0.0])
    return steps


def _alike(tags: Sequence[str], tag: str, label: str) -> int:
    return 0 if tag == "O" else tags.index(tag[:2] + label)


def names_of(nlp: Language) -> NamesComponent | None:
    """Return the component of learned names, where the pipeline has one."""
    return next((pipe for _, pipe in nlp.pipeline if isinstance(pipe, NamesComponent)), None)


def learned_component(nlp: Language) -> LearnedComponent:
    """Return the component that learns; where there is none it takes the place of the rules, else it comes last."""
    for _, pipe in nlp.pipeline:
        if isinstance(pipe, LearnedComponent):
            return pipe
    rules = next((name for name in nlp.pipe_names if nlp.get_pipe_meta(name).factory == "kurator_rules"), None)
    if rules is None:
        nlp.add_pipe(FACTORY, config={"rules": False, "take": 0.5})
    else:
        nlp.add_pipe(FACTORY, before=rules)
        nlp.remove_pipe(rules)
    return learned_component(nlp)


def _renamed(names: NamesComponent) -> Weights:
    known = names.model.stored
    tags = [tag if tag == "O" else tag[:2] + LABELS.get(tag[2:], tag[2:]) for tag in known.tags]
    return known._replace(tags=tags)


def _read(nlp: Language, component: LearnedComponent, texts: Iterable[str]) -> Iterator[Read]:
    """Yield what the learner sees of texts, as the other components leave them."""
    component.judging = False
    try:
        for doc in nlp.pipe(texts, batch_size=_BATCH):
            analysis = doc._.kurator if component.rules else None
            if analysis is None:
                yield read_doc(doc, proposed(doc))
                continue
            entities = (one for one in analysis.proposals if one.kind == "entity")
            mentions = [
                Mention(one.spans[0].start, one.spans[0].end, one.label, one.score, one.source) for one in entities
            ]
            yield read_doc(doc, mentions, analysis.furniture)
    finally:
        component.judging = True
