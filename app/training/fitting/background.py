"""Learning in the background: fine-tune from the pipeline in use, and measure both on documents held back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language

from app.pipeline.learner.training import SETTINGS
from app.pipeline.learner.tuning import Tuned, learned_component, tune
from app.pipeline.protocol import BUILT_IN
from app.pipeline.suggest import load_pipeline
from app.services.learning import SCORES
from app.services.training import TrainingDocument
from app.services.trust import require_trust
from app.training.fitting.reading import scored
from app.training.recipe import Material
from app.training.scoring import Count
from app.training.verdict import Verdict, verdict
from models.labels import LabelSet

Told = Callable[[str, int, int, Mapping[str, Any]], None]
"""Hears of the stage (``learn``, ``measure``), how far it is, of how much, and of what there is to say."""
_COMPONENT = "kurator_learned"


class Learned(NamedTuple):
    """A pipeline that has learned, what it saw, how it compares, and what it was fine-tuned from."""

    nlp: Language
    seen: Tuned
    verdict: Verdict
    base: str


def learn(
    pipeline: str,
    mapping: Mapping[str, str | None],
    material: Material,
    labels: LabelSet,
    told: Told = lambda stage, done, total, more: None,
) -> Learned:
    """Fine-tune from the pipeline in use and measure old and new on what is held back.

    One that was learned here before goes on where it stands, on the same base in its present version: so what it has
    learned is not lost, and neither is what the program has become better at.

    Args:
        mapping: what the labels of the pipeline in use are called in the project.

    Raises:
        UserError: ``pipeline.cannot-load``, ``training.untrusted``.
    """
    base = base_of(pipeline)
    require_trust(base)
    held = list({one.id: one for one in (*material.dev, *material.test)}.values())
    known = {one.id for one in labels.entities}
    wanted = frozenset(one.label for document in (*material.train, *held) for one in document.entities)
    own = _own_names(mapping, known)
    present, _ = load_pipeline(pipeline)
    before = _counts(present, held, mapping, wanted, labels, lambda done: told("measure", done, 2 * len(held), {}))
    nlp, _ = load_pipeline(base)
    if base != pipeline:
        learned_component(nlp).from_disk(Path(pipeline) / _COMPONENT)
    seen = tune(
        nlp,
        [_renamed(one, own) for one in material.train],
        material.raw,
        {own.get(label, label) for label in known},
        told=lambda step, value: told("learn", step, SETTINGS.steps, {"loss": value}),
    )
    counted = len(held)
    after = _counts(nlp, held, mapping, wanted, labels, lambda done: told("measure", counted + done, 2 * counted, {}))
    return Learned(nlp, seen, verdict(before, after), base)


def _own_names(mapping: Mapping[str, str | None], known: Iterable[str]) -> dict[str, str]:
    """Return label → what the pipeline calls the same, where it has one name of its own for it."""
    found: dict[str, str] = {}
    for label in known:
        names = [name for name, meant in mapping.items() if meant == label]
        if len(names) == 1:
            found[label] = names[0]
    return found


def _renamed(document: TrainingDocument, own: Mapping[str, str]) -> TrainingDocument:
    """Return a document with the pipeline's own names for labels: it shall learn on, not learn the same anew."""
    entities = tuple(one._replace(label=own.get(one.label, one.label)) for one in document.entities)
    rejected = tuple((span, own.get(label, label)) for span, label in document.rejected)
    return replace(document, entities=entities, rejected=rejected)


def base_of(pipeline: str) -> str:
    """Return what a learned pipeline was fine-tuned from; any other one is its own base."""
    try:
        known = json.loads((Path(pipeline) / SCORES).read_text("utf-8"))
        base = known["base"]
    except (OSError, ValueError, KeyError, TypeError):
        return pipeline
    return base if base == BUILT_IN and (Path(pipeline) / _COMPONENT).is_dir() else pipeline


def _counts(
    nlp: Language,
    documents: Sequence[TrainingDocument],
    mapping: Mapping[str, str | None],
    wanted: frozenset[str],
    labels: LabelSet,
    told: Callable[[int], None],
) -> dict[str, Count]:
    found = scored(nlp, documents, mapping, wanted, labels, told)
    return {label: found.count("entity", label) for label in sorted(wanted)}


def write(learned: Learned, place: Path, facts: Mapping[str, Any], card: str) -> None:
    """Write a learned pipeline into an empty folder: all that spaCy reads, a model card, and its scores last."""
    nlp = learned.nlp
    nlp.meta["performance"] = {"ents_f": learned.verdict.whole.after.f1 or 0.0}
    nlp.meta["requirements"] = ["kurator"]
    nlp.meta["kurator"] = dict(facts)
    nlp.to_disk(place, exclude=["vocab"])
    (place / "README.md").write_text(card, "utf-8")
    told = {
        **facts,
        "base": learned.base,
        "sentences": learned.seen.sentences,
        "rehearsed": learned.seen.rehearsed,
        "entities": learned.seen.entities,
        "verdict": learned.verdict.to_json(),
    }
    (place / SCORES).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
