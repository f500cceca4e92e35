"""What shall be trained, on what, and how; and whether there is enough to learn from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.pipeline.protocol import BUILT_IN
from app.services.training import LabelChoice, TrainingDocument
from app.training import EPOCHS, PARTS, PartName
from models.errors import UserError
from models.labels import LabelSet
from models.sampling import place_of

BLANK = "blank"
"""The base that knows nothing: a tokenizer."""
LEARNER = "learner"
"""Nothing but the learner that the built-in pipeline goes on learning with."""
TRANSFORMER = "transformer:"
"""A base that begins so names a folder with a transformer."""
LEAST, LEAST_HELD = 20, 5
"""Labels to learn from and to be measured on that a part needs: with fewer, a figure says nothing. Below some thirty
sentences nothing is gained by training a network (measured on news); twenty labels stand in about so many."""
PATIENCE = 6
"""Epochs without a better score after which training ends."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a pipeline is trained.

    ``base``: ``built-in``, ``learner``, ``blank``, an installed pipeline, a folder, or ``transformer:FOLDER``.
    ``parts`` None: those for which there are labels enough. ``minutes``: the longest time for the entities of one
    training. ``shares``: parts of the training data for the learning curve, before all of it.
    """

    base: str
    choice: LabelChoice = field(default_factory=LabelChoice)
    parts: tuple[PartName, ...] | None = None
    seed: int = 1
    epochs: int = EPOCHS
    minutes: float | None = None
    shares: tuple[float, ...] = ()
    name: str = "kurator"
    licence: str = ""
    names: bool = False
    """Whether the model card names the annotators."""

    @property
    def from_nothing(self) -> bool:
        """Whether the base knows nothing of labels."""
        return self.base in (BLANK, LEARNER) or self.base.startswith(TRANSFORMER)

    @property
    def foreign(self) -> bool:
        """Whether the base is a pipeline that may be somebody else's."""
        return not self.from_nothing and self.base != BUILT_IN

    def identity(self) -> str:
        """Return what must be the same for a training to go on where it stopped, as JSON."""
        choice = self.choice
        told: dict[str, Any] = {
            "base": self.base,
            "parts": self.parts,
            "seed": self.seed,
            "annotators": choice.annotators,
            "adjudicated": choice.adjudicated,
            "since": choice.since,
            "until": choice.until,
            "labels": sorted(choice.labels) if choice.labels is not None else None,
            "done": choice.done,
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Material:
    """The documents to learn from, to stop by and to be measured on. No text stands in two of them."""

    train: tuple[TrainingDocument, ...]
    dev: tuple[TrainingDocument, ...]
    test: tuple[TrainingDocument, ...]
    shared: bool = False
    """Whether there were too few documents to tell dev and test apart: both are the same."""
    raw: tuple[str, ...] = ()
    """Texts that nobody judged."""

    def share(self, part: float) -> Material:
        """Return this with a share of the training documents; a larger one holds every smaller one."""
        order = sorted(self.train, key=lambda one: place_of("share", one.id))
        kept = {one.id for one in order[: max(1, round(part * len(order)))]}
        return replace(self, train=tuple(one for one in self.train if one.id in kept))

    def counts(self, documents: Iterable[TrainingDocument]) -> Counter[tuple[PartName, str]]:
        """Return (part, label) → how often it stands in some documents."""
        found: Counter[tuple[PartName, str]] = Counter()
        for one in documents:
            found.update(("entities", mark.label) for mark in one.entities)
            found.update(("claims", mark.label) for mark in one.claims)
            found.update(("relations", relation.label) for relation in one.relations)
        return found


def gather(documents: Iterable[TrainingDocument], raw: Iterable[str] = ()) -> Material:
    """Sort documents into parts; held-out ones with a text that is trained on are left out.

    Raises:
        UserError: ``training.nothing``, ``training.nothing-held-out``.
    """
    parts: dict[str, list[TrainingDocument]] = {"train": [], "dev": [], "test": []}
    for one in documents:
        parts[one.split].append(one)
    if not any(parts.values()):
        raise UserError("training.nothing")
    trained = {one.text for one in parts["train"]}
    dev, test = ([one for one in parts[part] if one.text not in trained] for part in ("dev", "test"))
    stopping = {one.text for one in dev}
    test = [one for one in test if one.text not in stopping]
    shared = not any(one.judgements for one in dev) or not any(one.judgements for one in test)
    if shared:
        dev = test = [*dev, *test]
    if not any(one.judgements for one in test) or not parts["train"]:
        raise UserError("training.nothing-held-out", train=len(parts["train"]), held=len(test))
    return Material(tuple(parts["train"]), tuple(dev), tuple(test), shared, tuple(raw))


def chosen_parts(material: Material, wanted: tuple[PartName, ...] | None) -> tuple[PartName, ...]:
    """Return the parts that are trained: those wanted, else those that have labels enough.

    Raises:
        UserError: ``training.too-little``: a part that is wanted, or every part, has too few labels.
    """
    train, held = (_by_part(material.counts(some)) for some in (material.train, material.test))
    enough = [part for part in PARTS if train[part] >= LEAST and held[part] >= LEAST_HELD]
    for part in wanted or (() if enough else PARTS[:1]):
        if part not in enough:
            raise UserError(
                f"training.too-little-{part}", train=train[part], held=held[part], least=LEAST, least_held=LEAST_HELD
            )
    return tuple(part for part in PARTS if part in (wanted or enough))


def _by_part(counts: Mapping[tuple[PartName, str], int]) -> Counter[PartName]:
    found: Counter[PartName] = Counter()
    for (part, _), count in counts.items():
        found[part] += count
    return found


@dataclass(frozen=True, slots=True)
class Setting:
    """What every step of a training needs to know beside the documents."""

    recipe: Recipe
    labels: LabelSet
    parts: tuple[PartName, ...]
    notes: list[str] = field(default_factory=list)
    """Sentences for the report and the model card: what was decided by the data."""

    def scored(self, material: Material) -> frozenset[str]:
        """Return the labels that are trained, and so are measured."""
        return frozenset(label for part, label in material.counts(material.train) if part in self.parts)
