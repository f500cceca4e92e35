"""Training spaCy's own components: epochs, and the best of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from spacy.language import Language
from spacy.training import Example
from spacy.util import minibatch
from thinc.api import fix_random_seed
from thinc.optimizers import Optimizer

from app.training.fitting.checkpoints import Checkpoints, State
from app.training.progress import Progress
from app.training.recipe import PATIENCE, Recipe

DROPOUT = 0.1
BATCHES = 40
"""How many steps an epoch has at least, where there are examples enough; a step has at most :data:`LARGEST`."""
LARGEST = 32


@dataclass(frozen=True, slots=True)
class Network:
    """What is trained: a pipeline's components, on examples, measured by a score (higher is better)."""

    nlp: Language
    pipes: tuple[str, ...]
    examples: Sequence[Example]
    score: Callable[[], tuple[float, dict[str, Any]]]
    optimizer: Optimizer


class Stopped(Exception):
    """The user wants no more of this epoch."""


def fit(network: Network, recipe: Recipe, folder: Path, progress: Progress) -> State:
    """Train until the score no longer rises, the epochs or the minutes are over, or the user stops it.

    The network has the weights of the best epoch then. Where ``folder`` holds epochs of a training that was cut off,
    it goes on from the last one.
    """
    kept = Checkpoints(folder, network.nlp, network.pipes)
    state = kept.state()
    if state.epoch:
        kept.load(state.epoch, network.optimizer)
    began = monotonic() - state.seconds
    while not (state.ended or _over(state, recipe)):
        try:
            loss = _epoch(network, recipe.seed, state.epoch + 1, progress)
        except Stopped:
            break
        score, told = network.score()
        state.epoch += 1
        state.seconds = monotonic() - began
        best = score > state.score
        if best:
            state.best, state.score = state.epoch, score
        state.history.append({"epoch": state.epoch, "loss": loss, "f1": score})
        state.ended = _over(state, recipe)
        kept.keep(state, network.optimizer)
        seconds = round(state.seconds, 1)
        progress.epoch("entities", state.epoch, recipe.epochs, loss, score, best, seconds=seconds, **told)
    if state.best:
        kept.load(state.best)
    return state


def _over(state: State, recipe: Recipe) -> bool:
    late = recipe.minutes is not None and state.seconds >= 60 * recipe.minutes
    return state.epoch >= recipe.epochs or state.epoch - state.best >= PATIENCE or (late and state.epoch > 0)


def _epoch(network: Network, seed: int, number: int, progress: Progress) -> float:
    """Go through all examples once, in an order of this epoch's own; return the mean loss of a step."""
    fix_random_seed(1000 * seed + number)
    order = random.Random(f"{seed} {number}")
    examples = list(network.examples)
    order.shuffle(examples)
    size = min(LARGEST, max(1, len(examples) // BATCHES))
    losses: dict[str, float] = {}
    steps = 0
    with network.nlp.select_pipes(enable=list(network.pipes)):
        for batch in minibatch(examples, size):  # type: ignore[no-untyped-call]
            if progress.cancelled():
                raise Stopped
            network.nlp.update(batch, sgd=network.optimizer, drop=DROPOUT, losses=losses)
            steps += 1
    return float(sum(losses.values())) / max(1, steps)
