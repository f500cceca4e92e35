"""Entities: a recogniser or a span categorizer of spaCy's, from nothing or from a pipeline that is there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.training import Example
from thinc.api import fix_random_seed

from app.messages import tr
from app.pipeline.mapping import guess_mapping
from app.training.fitting.examples import (
    OVERLAPPING,
    SPANS,
    examples,
    labels_in,
    longest,
    overlapping,
    pieces,
)
from app.training.fitting.network import Network, fit
from app.training.fitting.reading import scored
from app.training.fitting.rehearsal import SHARE, marked, rehearsed, with_own_answers
from app.training.fitting.transformer import FACTORY, listener
from app.training.progress import Progress
from app.training.recipe import Material, Setting

FEW = 5000
"""Entities below which a network from nothing is outdone by the learner (measured on news: see the decision)."""


def fit_entities(
    nlp: Language, material: Material, setting: Setting, folder: Path, progress: Progress, *, known: bool
) -> float:
    """Train the entities of a pipeline; return the score of the best epoch on the part that training is stopped by.

    Args:
        known: the pipeline knows something already, which is trained on and rehearsed.
    """
    train = list(pieces(material.train))
    spans = overlapping(material.train) > OVERLAPPING
    pipe = "spancat" if spans else "ner"
    setting.notes.append(tr(f"training.chose-{pipe}", percent=round(100 * overlapping(material.train), 1)))
    count = sum(len(piece.entities) for piece in train)
    if not known and count < FEW:
        setting.notes.append(tr("training.few-labels", count=count))
    renamed = known_names(nlp, labels_in(material.train)) if known else {}
    made = examples(nlp, train, renamed, spans=spans)
    optimizer: Any
    if known and pipe in nlp.pipe_names:
        optimizer, made = _resumed(nlp, pipe, made, material.raw)
    else:
        optimizer = _added(nlp, pipe, made, setting.recipe.seed)
    wanted = frozenset(labels_in(material.train))
    names = {there: label for label, there in renamed.items()}

    def score() -> tuple[float, dict[str, Any]]:
        found = scored(nlp, material.dev, names, wanted, setting.labels)
        labels = {label: found.count("entity", label).f1 for label in sorted(wanted)}
        return found.count("entity").f1 or 0.0, {"labels": labels}

    pipes = tuple(dict.fromkeys([*_below(nlp), pipe]))
    network = Network(nlp, pipes, made, score, optimizer)
    return fit(network, setting.recipe, folder, progress).score


def known_names(nlp: Language, labels: Sequence[str]) -> dict[str, str]:
    """Return label → what the pipeline calls the same, where it has a name of its own for it and for nothing else."""
    own = [label for name in ("ner", "spancat") if name in nlp.pipe_names for label in nlp.get_pipe(name).labels]  # type: ignore[attr-defined]
    targets = guess_mapping(own)
    found: dict[str, str] = {}
    for label in labels:
        fitting = [one for one, target in targets.items() if target == label]
        if label not in own and len(fitting) == 1:
            found[label] = fitting[0]
    return found


def _added(nlp: Language, pipe: str, made: Sequence[Example], seed: int) -> Any:
    """Add a component that knows nothing."""
    fix_random_seed(seed)
    config: dict[str, Any] = listener(nlp) if _below(nlp) else {}
    if pipe == "spancat":
        suggester = {"@misc": "spacy.ngram_range_suggester.v1", "min_size": 1, "max_size": longest(made)}
        config |= {"spans_key": SPANS, "suggester": suggester}
    nlp.add_pipe(pipe, config=config)
    with nlp.select_pipes(enable=[*_below(nlp), pipe]):
        optimizer = nlp.initialize(lambda: list(made))
    nlp.config["initialize"]["components"] = {}  # where the weights came from is nobody's business
    return optimizer


def _below(nlp: Language) -> list[str]:
    """Return the components that the trained one listens to and that are trained with it: a transformer."""
    return [name for name in nlp.pipe_names if nlp.get_pipe_meta(name).factory == FACTORY]


def _resumed(nlp: Language, pipe: str, made: Sequence[Example], raw: Sequence[str]) -> tuple[Any, list[Example]]:
    """Let a component that is there learn more; return the optimizer and the examples, what it knows among them.

    It gets a tok2vec of its own, so that no other component changes with it.
    """
    spans = pipe == "spancat"
    told = with_own_answers(nlp, made, spans=spans)
    told += rehearsed(nlp, raw, len(made) // SHARE + 1, spans=spans)
    if "tok2vec" in nlp.pipe_names and pipe in nlp.get_pipe("tok2vec").listening_components:  # type: ignore[attr-defined]
        nlp.replace_listeners("tok2vec", pipe, ["model.tok2vec"])
    component: Any = nlp.get_pipe(pipe)
    for label in sorted({one.label_ for example in made for one in marked(example.reference, spans=spans)}):
        component.add_label(label)
    with nlp.select_pipes(enable=[pipe]):
        return nlp.resume_training(), told
