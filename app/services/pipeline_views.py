"""What the pipeline dialog shows: which pipelines there are, and what a pipeline calls things."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from app.pipeline.client import BUILT_IN, installed_pipelines
from app.pipeline.installed import pipeline_folder
from app.pipeline.mapping import guess_mapping
from models.errors import UserError
from models.labels import LabelSet

__all__ = ["BUILT_IN", "installed_pipelines", "mapping_for", "pipeline_facts"]

_NOT_SPANS = (
    "tagger", "parser", "morphologizer", "senter", "textcat", "textcat_multilabel", "lemmatizer",
    "trainable_lemmatizer", "attribute_ruler", "tok2vec", "transformer", "curated_transformer", "kurator_relations",
)  # fmt: skip


def pipeline_facts(name: str) -> tuple[str, list[str]]:
    """Return what a pipeline says of itself, and the labels it gives to passages, without loading it.

    Both are empty where that cannot be told: for the built-in pipeline, and for a folder that is none.
    """
    meta = _meta(name)
    if meta is None:
        return "", []
    labels: set[str] = set()
    for component, given in dict(meta.get("labels") or {}).items():
        if component not in _NOT_SPANS and isinstance(given, list):
            labels.update(str(one) for one in given)
    title = "_".join(str(meta[part]) for part in ("lang", "name") if meta.get(part))
    return f"{title} {meta.get('version', '')}".strip(), sorted(labels)


def _meta(name: str) -> dict[str, Any] | None:
    try:
        folder = pipeline_folder(name)
        found = json.loads((folder / "meta.json").read_text("utf-8")) if folder is not None else None
    except (OSError, ValueError, UserError):
        return None
    return found if isinstance(found, dict) else None


def mapping_for(
    labels: Iterable[str], kept: dict[str, str | None] | None, project: LabelSet
) -> dict[str, str | None]:
    """Return label by label what the project calls it: as kept, else as guessed; None is left out."""
    wanted = list(labels)
    guessed, known = guess_mapping(wanted), project.kinds
    found: dict[str, str | None] = {}
    for label in wanted:
        target = kept[label] if kept and label in kept else label if label in known else guessed.get(label)
        found[label] = target if target in known else None
    return found
