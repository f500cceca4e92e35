"""Where a network stands after an epoch, kept so that a training that was cut off goes on as if it had not been.

An epoch is whole or not there: its files are written beside the others, and ``state.json``, replaced in one move,
says which ones count. What chance decides within an epoch follows from the seed and the epoch's number alone.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from thinc.model import Model
from thinc.optimizers import Optimizer

from app.formats.atomic import replacing

_STATE, _OPTIMIZER = "state.json", "optimizer.npz"
_KINDS = ("mom1", "mom2", "averages")


@dataclass(slots=True)
class State:
    """How far a training is: epochs done, and the best one with its score."""

    epoch: int = 0
    best: int = 0
    score: float = -1.0
    seconds: float = 0.0
    ended: bool = False
    history: list[dict[str, Any]] = field(default_factory=list)


class Checkpoints:
    """The epochs of one network that are kept: the latest and the best."""

    def __init__(self, folder: Path, nlp: Language, pipes: Sequence[str]) -> None:
        """``pipes``: the components that are trained."""
        self._folder = folder
        self._nlp = nlp
        self._pipes = list(pipes)
        folder.mkdir(parents=True, exist_ok=True)

    def state(self) -> State:
        """Return how far the training is; a new one where nothing is kept."""
        try:
            return State(**json.loads((self._folder / _STATE).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return State()

    def keep(self, state: State, optimizer: Optimizer) -> None:
        """Keep the present weights as those of ``state.epoch``; forget what is neither latest nor best."""
        place = self._place(state.epoch)
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        for name in self._pipes:
            self._nlp.get_pipe(name).to_disk(place / name)  # type: ignore[attr-defined]
        np.savez(place / _OPTIMIZER, **self._moments(optimizer))
        self.note(state)
        for old in self._folder.glob("epoch-*"):
            if old not in (place, self._place(state.best)):
                shutil.rmtree(old, ignore_errors=True)

    def note(self, state: State) -> None:
        """Write how far the training is."""
        with replacing(self._folder / _STATE) as file:
            file.write(json.dumps(asdict(state)).encode())

    def load(self, epoch: int, optimizer: Optimizer | None = None) -> None:
        """Put the weights of an epoch back, and what the optimizer remembered."""
        place = self._place(epoch)
        for name in self._pipes:
            self._nlp.get_pipe(name).from_disk(place / name)  # type: ignore[attr-defined]
        if optimizer is not None:
            with np.load(place / _OPTIMIZER, allow_pickle=False) as stored:
                self._remember(optimizer, dict(stored))

    def _place(self, epoch: int) -> Path:
        return self._folder / f"epoch-{epoch}"

    def _parameters(self) -> Iterator[tuple[str, tuple[int, str]]]:
        """Yield a name that is the same in every process, and the optimizer's key, of each block of weights."""
        for pipe in self._pipes:
            model = getattr(self._nlp.get_pipe(pipe), "model", None)
            for number, node in enumerate(model.walk() if isinstance(model, Model) else ()):
                for name in node.param_names:
                    yield f"{pipe} {number} {name}", (node.id, name)

    def _moments(self, optimizer: Optimizer) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for title, key in self._parameters():
            for kind in _KINDS:
                known = getattr(optimizer, kind) or {}
                if key in known:
                    found[f"{kind} {title}"] = known[key]
            found[f"updates {title}"] = np.int64(optimizer.nr_update[key])
        return found

    def _remember(self, optimizer: Optimizer, stored: dict[str, Any]) -> None:
        for title, key in self._parameters():
            for kind in _KINDS:
                known = getattr(optimizer, kind)
                if known is not None and f"{kind} {title}" in stored:
                    known[key] = stored[f"{kind} {title}"]
            if f"updates {title}" in stored:
                optimizer.nr_update[key] = int(stored[f"updates {title}"])
