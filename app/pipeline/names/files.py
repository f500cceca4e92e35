"""The files of a name model: word classes and weights, as training writes and the model reads them."""

from __future__ import annotations

import hashlib
import lzma
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.paths import resource
from app.pipeline.names.features import Classes

Floats = NDArray[np.float32]
_CLASSES, _WEIGHTS = "classes.txt.xz", "weights.npz"
_STEPS = 32767


class Weights(NamedTuple):
    """The tags (O, B-PER, I-PER, …), a row of weights for each feature, and the weight of a tag after a tag."""

    tags: list[str]
    rows: dict[str, int]
    weights: Floats
    chain: Floats


def folder() -> Path:
    """Return where the model that ships lies."""
    return resource("pipelines", "sv_kurator_rules", "kurator_names")


def fingerprint() -> str:
    """Return a hash over the model that ships: part of the pipeline's own hash."""
    digest = hashlib.sha256()
    for name in (_CLASSES, _WEIGHTS):
        digest.update((folder() / name).read_bytes())
    return digest.hexdigest()


def read_classes(place: Path) -> dict[str, str]:
    """Return the class of each word: a line holds a class and its words.

    Files that say the same give the same dictionary, which nobody changes: several models of a pipeline share it.
    """
    return _classes((place / _CLASSES).read_bytes())


class _Packed(dict[str, str]):
    """Classes that know the file that they came from: packing them anew would take seconds."""

    packed: bytes


@lru_cache(maxsize=2)
def _classes(packed: bytes) -> dict[str, str]:
    classes = _Packed()
    classes.packed = packed
    for line in lzma.decompress(packed).decode().splitlines():
        kind, *words = line.split(" ")
        classes.update(dict.fromkeys(words, kind))
    return classes


def write_classes(place: Path, classes: Classes) -> None:
    """Write the classes as ``read_classes`` reads them."""
    if isinstance(classes, _Packed):
        (place / _CLASSES).write_bytes(classes.packed)
        return
    lines: dict[str, list[str]] = {}
    for word, kind in sorted(classes.items()):
        lines.setdefault(kind, [kind]).append(word)
    text = "\n".join(" ".join(lines[kind]) for kind in sorted(lines))
    (place / _CLASSES).write_bytes(lzma.compress(text.encode(), preset=9))


def read_weights(place: Path) -> Weights:
    """Return the weights; they are stored in 16-bit steps."""
    with np.load(place / _WEIGHTS) as stored:
        names = stored["features"].tobytes().decode().split("\n")
        weights = stored["weights"].astype(np.float32) * np.float32(stored["step"])
        rows = {name: row for row, name in enumerate(names)}
        return Weights(stored["tags"].tolist(), rows, weights, stored["chain"].astype(np.float32))


def write_weights(
    place: Path,
    tags: Sequence[str],
    rows: Mapping[str, Sequence[float]],
    chain: NDArray[np.floating[Any]],
) -> None:
    """Write each feature's weights, one for each tag, and the chain's, as ``read_weights`` reads them."""
    names = sorted(rows)
    weights = np.array([rows[name] for name in names])
    step = float(np.abs(weights).max()) / _STEPS
    np.savez_compressed(
        place / _WEIGHTS,
        tags=np.array(tags),
        features=np.frombuffer("\n".join(names).encode(), np.uint8),
        weights=np.round(weights / step).astype(np.int16),
        step=np.float64(step),
        chain=chain,
    )
