"""What a window shows before a training: what there is to learn from, what is too little, what it may start from."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from app.pipeline.installed import pipeline_folder
from app.services.training import PARTS, LabelChoice, Part, TrainingDocument, training_documents
from app.services.trust import fingerprint
from app.training import PARTS as TRAINED
from app.training import PartName
from app.training.judged import looked_at
from app.training.recipe import LEAST, LEAST_HELD, chosen_parts, gather
from models.errors import UserError
from models.store.reads import Reads

FEW = 10
"""Labels to train on below which a label is said to have too few."""
_SENTENCES = re.compile(r"[.!?…](?=\s|[\"”’)])|\n+")


@dataclass(frozen=True, slots=True)
class LabelCount:
    """How often a label is there, by part of the corpus."""

    part: PartName
    label: str
    train: int
    dev: int
    test: int

    @property
    def held_out(self) -> int:
        """How often it is there where nothing is learned."""
        return self.dev + self.test


@dataclass(frozen=True, slots=True)
class Survey:
    """What a choice of labels comes to.

    ``documents``: train, dev and test. ``sentences`` that count in the documents to learn from. ``parts``: those that
    have labels enough. ``refusal``: why nothing can be trained. ``few``: labels that are there, but hardly.
    """

    documents: dict[Part, int]
    sentences: int
    labels: tuple[LabelCount, ...]
    parts: tuple[PartName, ...]
    refusal: UserError | None = None

    @property
    def few(self) -> tuple[str, ...]:
        """Labels with too few examples to learn from."""
        return tuple(one.label for one in self.labels if 0 < one.train < FEW)

    @property
    def unmeasured(self) -> tuple[str, ...]:
        """Labels that are learned and that nothing is held out of."""
        return tuple(one.label for one in self.labels if one.train >= FEW and not one.held_out)

    def enough(self, part: PartName) -> bool:
        """Whether a part has labels enough to be trained."""
        found = [one for one in self.labels if one.part == part]
        return sum(one.train for one in found) >= LEAST and sum(one.held_out for one in found) >= LEAST_HELD


def survey(reads: Reads, choice: LabelChoice) -> Iterator[Survey | None]:
    """Count what there is to learn from: yield None after each document, so that it can be broken off, then all.

    Raises:
        UserError: ``training.bad-day``.
    """
    documents: list[TrainingDocument] = []
    for one in training_documents(reads, choice):
        documents.append(one)
        yield None
    counts: Counter[tuple[PartName, str, Part]] = Counter()
    for one in documents:
        counts.update(("entities", mark.label, one.split) for mark in one.entities)
        counts.update(("claims", mark.label, one.split) for mark in one.claims)
        counts.update(("relations", link.label, one.split) for link in one.relations)
    seen = sorted({key[:2] for key in counts}, key=lambda key: (TRAINED.index(key[0]), key[1]))
    parts: tuple[PartName, ...] = ()
    refusal = None
    try:
        parts = chosen_parts(gather(documents), None)
    except UserError as error:
        refusal = error
    yield Survey(
        {part: sum(one.split == part for one in documents) for part in PARTS},
        sum(_sentences(one) for one in documents if one.split == "train"),
        tuple(LabelCount(*key, *(counts[(*key, part)] for part in PARTS)) for key in seen),
        parts,
        refusal,
    )


def _sentences(document: TrainingDocument) -> int:
    pieces = (document.text[start:end] for start, end in looked_at(document))
    return sum(1 for piece in pieces for one in _SENTENCES.split(piece) if one.strip())


def transformers_available() -> bool:
    """Whether what a transformer as base needs is installed."""
    return find_spec("torch") is not None and find_spec("spacy_curated_transformers") is not None


@dataclass(frozen=True, slots=True)
class Stranger:
    """What a pipeline says of itself, and what is known of it without loading it.

    ``hash`` is over all its files. ``code``: files with program code in its folder.
    """

    pipeline: str
    title: str
    author: str
    url: str
    licence: str
    description: str
    place: str
    hash: str
    code: tuple[str, ...]


def stranger(pipeline: str) -> Stranger:
    """Return who a pipeline is. Nothing of it is loaded.

    Raises:
        UserError: ``pipeline.unknown`` or ``pipeline.no-pipeline-folder``.
    """
    folder = pipeline_folder(pipeline)
    meta = _meta(folder) if folder is not None else {}
    title = "_".join(meta[part] for part in ("lang", "name") if meta.get(part))
    place = folder or Path()
    return Stranger(
        pipeline,
        f"{title} {meta.get('version', '')}".strip() or place.name,
        " · ".join(filter(None, (meta.get("author"), meta.get("email")))),
        meta.get("url", ""),
        meta.get("license", ""),
        meta.get("description", ""),
        str(place),
        fingerprint(pipeline),
        tuple(sorted(one.relative_to(place).as_posix() for one in place.rglob("*.py"))) if folder else (),
    )


def _meta(folder: Path) -> dict[str, str]:
    try:
        found = json.loads((folder / "meta.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {key: one.strip() for key, one in found.items() if isinstance(one, str)} if isinstance(found, dict) else {}
