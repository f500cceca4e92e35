"""A whole training: base, parts, scores on held-out documents, learning curve, and the folder that comes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from spacy.language import Language

from app.formats.atomic import replacing
from app.training.card import Told, card, facts
from app.training.curve import Point, slope, verdict
from app.training.fitting.bases import open_base
from app.training.fitting.entities import fit_entities, known_names
from app.training.fitting.examples import labels_in
from app.training.fitting.learner import learn_entities, learns_itself
from app.training.fitting.reading import scored
from app.training.fitting.structure import fit_claims, fit_relations
from app.training.folders import SCORES, WORK, put_in_place
from app.training.progress import Progress
from app.training.recipe import LEARNER, Material, Setting
from app.training.scores import Scores
from app.training.scoring import Layer

_LAYER: Mapping[str, Layer] = {"entities": "entity", "claims": "claim", "relations": "relation"}
_OURS = ("kurator_",)
"""How the names of components begin that come with Kurator."""


@dataclass(slots=True)
class Trained:
    """A pipeline and what it is worth on the held-out documents."""

    nlp: Language
    scores: Scores
    names: Mapping[str, str] = field(default_factory=dict)
    """What the pipeline calls a label → the label."""


def train(material: Material, setting: Setting, out: Path, told: Told, progress: Progress) -> dict[str, Any]:
    """Train by a recipe, write the pipeline to ``out``, and return the report as JSON data.

    Where it was stopped, what was best so far is written, and ``out`` keeps what is needed to go on.

    Raises:
        UserError: what :func:`open_base` raises.
        EnvironmentFault: ``exchange.disk-full``, ``exchange.cannot-write``.
    """
    work = out / WORK
    before = _before(material, setting)
    main = _trained(material, setting, work / "all", progress)
    stopped = progress.cancelled()
    points = [] if stopped else _curve(material, setting, work, progress, main)
    stopped = progress.cancelled()
    curve = _told_curve(points, setting) if points else None
    kept = {"name": setting.recipe.name, **facts(material, setting, told)}
    report = {
        "scores": main.scores.to_json(),
        "before": before,
        "curve": curve,
        "stopped": stopped,
        "mapping": dict(main.names),
        **kept,
    }
    _dress(main, setting, kept)
    with put_in_place(out, keep_work=stopped) as place:
        main.nlp.to_disk(place)
        _write(place / "README.md", card(kept, main.scores, setting.recipe.licence, curve, before))
        _write(place / SCORES, json.dumps(report, ensure_ascii=False, indent=1, default=str) + "\n")
    return report


def _write(path: Path, text: str) -> None:
    with replacing(path) as file:
        file.write(text.encode())


def _before(material: Material, setting: Setting) -> dict[str, Any] | None:
    """Return what the base reaches on the held-out documents without training, None where it knows nothing."""
    if setting.recipe.from_nothing:
        return None
    nlp = open_base(setting.recipe.base)
    names = {there: label for label, there in known_names(nlp, labels_in(material.train)).items()}
    scores = scored(nlp, material.test, names, setting.scored(material), setting.labels)
    layers = (_LAYER[part] for part in setting.parts)
    return {layer: scores.count(layer).to_json() for layer in layers}


def _trained(material: Material, setting: Setting, folder: Path, progress: Progress) -> Trained:
    """Train every part on this material and measure the result end to end."""
    recipe = setting.recipe
    nlp = open_base(recipe.base)
    names: dict[str, str] = {}
    if "entities" in setting.parts:
        if recipe.base == LEARNER or learns_itself(nlp):
            learn_entities(nlp, material, setting, progress)
        else:
            known = not recipe.from_nothing
            names = known_names(nlp, labels_in(material.train)) if known else {}
            fit_entities(nlp, material, setting, folder / "entities", progress, known=known)
            names = {there: label for label, there in names.items()}
    if "claims" in setting.parts and not progress.cancelled():
        fit_claims(nlp, material, setting, progress)
    if "relations" in setting.parts and not progress.cancelled():
        fit_relations(nlp, material, setting, progress)
    scores = scored(nlp, material.test, names, setting.scored(material), setting.labels)
    for part in setting.parts:
        layer = _LAYER[part]
        labels = {label: scores.count(layer, label).f1 for label in scores.labels(layer)}
        progress.step("test", f1=scores.count(layer).f1, of=part, labels=labels)
    return Trained(nlp, scores, names)


def _curve(material: Material, setting: Setting, work: Path, progress: Progress, whole: Trained) -> list[Point]:
    """Train on shares of the documents, as far as nobody stops it; the whole comes last."""
    points: list[Point] = []
    quiet = Setting(setting.recipe, setting.labels, setting.parts)
    for share in setting.recipe.shares:
        progress.of_share(share)
        less = material.share(share)
        found = _trained(less, quiet, work / f"share-{round(100 * share)}", progress)
        if progress.cancelled():
            break
        points.append(_point(share, less, found.scores, setting))
    progress.of_share(1.0)
    return [*points, _point(1.0, material, whole.scores, setting)] if points else []


def _point(share: float, material: Material, scores: Scores, setting: Setting) -> Point:
    counts = material.counts(material.train)
    labels = sum(count for (part, _), count in counts.items() if part == setting.parts[0])
    return Point(share, len(material.train), labels, scores)


def _told_curve(points: list[Point], setting: Setting) -> dict[str, Any]:
    layer = _LAYER[setting.parts[0]]
    return {
        "layer": layer,
        "points": [one.to_json(layer) for one in points],
        "slope": slope(points, layer),
        "verdict": verdict(points, layer),
    }


def _dress(trained: Trained, setting: Setting, kept: Mapping[str, Any]) -> None:
    """Write into the pipeline what it is, in spaCy's own places where it has them."""
    nlp, entity = trained.nlp, trained.scores.count("entity")
    moment = datetime.now(UTC)
    nlp.meta["name"] = setting.recipe.name
    nlp.meta["version"] = f"{moment:%Y}.{moment.month}.{moment.day}.{moment.hour * 60 + moment.minute}"
    nlp.meta["license"] = setting.recipe.licence
    nlp.meta["sources"] = [{"name": kept["project"] or "Kurator"}]
    if any(nlp.get_pipe_meta(name).factory.startswith(_OURS) for name in nlp.pipe_names):
        nlp.meta["requirements"] = ["kurator"]
    nlp.meta["performance"] = {
        "ents_p": entity.precision or 0.0,
        "ents_r": entity.recall or 0.0,
        "ents_f": entity.f1 or 0.0,
        "ents_per_type": {
            label: {"p": one.precision or 0.0, "r": one.recall or 0.0, "f": one.f1 or 0.0}
            for label in trained.scores.labels("entity")
            for one in (trained.scores.count("entity", label),)
        },
    }
    nlp.meta["kurator"] = {**kept, "mapping": dict(trained.names)}
