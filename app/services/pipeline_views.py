"""What the pipeline dialog shows: which pipelines there are, and what a pipeline calls things."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from app.pipeline.client import BUILT_IN, installed_pipelines
from app.pipeline.mapping import guess_mapping
from models.labels import LabelSet

__all__ = ["BUILT_IN", "installed_pipelines", "mapping_for", "pipeline_facts"]

_NOT_SPANS = (
    "tagger", "parser", "morphologizer", "senter", "textcat", "textcat_multilabel", "lemmatizer",
    "trainable_lemmatizer", "attribute_ruler", "tok2vec", "transformer",
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
    folder = Path(name).expanduser() if name != BUILT_IN else None
    for entry in entry_points(group="spacy_models"):
        if entry.name == name:
            spec = find_spec(entry.module.partition(".")[0])
            folder = Path(spec.origin).parent if spec and spec.origin else None
    if folder is None:
        return None
    try:
        found = json.loads((folder / "meta.json").read_text("utf-8"))
    except (OSError, ValueError):
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
