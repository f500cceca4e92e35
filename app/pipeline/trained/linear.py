"""Multinomial logistic regression over named features, on numpy: small, quick to train, the same on every machine.

Trained on all examples at once by resilient steps (AdaGrad: Duchi, Hazan and Singer, JMLR 12, 2011) on the negative
log likelihood with an L2 penalty. A run is given by its number of rounds, so that one that stopped and went on ends
where one that ran through does.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = Sequence[Sequence[str]]
"""The features of each example."""

RATE = 0.3
PENALTY = 0.3
"""How strongly weights are pulled to zero: half of it times their squares is added to the summed loss."""
ROUNDS = 150
ALWAYS = "="
"""A feature that every example has: how common a class is."""


class LinearModel:
    """Weights for each feature and class; the probability of a class is a softmax over the sums."""

    def __init__(self, classes: Sequence[str] = ()) -> None:
        self.classes = tuple(classes)
        self._rows: dict[str, int] = {}
        self._weights: Floats = np.zeros((0, len(self.classes)))

    @property
    def features(self) -> int:
        """How many features have a weight."""
        return len(self._rows)

    def probabilities(self, rows: Rows) -> Floats:
        """Return examples × classes; unknown features count nothing."""
        return _softmax(self._sums(*self._flat(rows), len(rows)))

    def _flat(self, rows: Rows) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the numbers of all known features one after another, and which example each belongs to."""
        known = self._rows
        found = [[known[name] for name in (ALWAYS, *row) if name in known] for row in rows]
        lengths = np.array([len(one) for one in found], np.intp)
        flat = np.array([number for one in found for number in one], np.intp)
        return flat, np.repeat(np.arange(len(rows)), lengths) if len(rows) else np.zeros(0, np.intp)

    def _sums(self, flat: NDArray[np.intp], owner: NDArray[np.intp], examples: int) -> Floats:
        sums = np.zeros((examples, len(self.classes)))
        for column in range(len(self.classes)):
            sums[:, column] = np.bincount(owner, self._weights[flat, column], examples)
        return sums

    def fit(self, rows: Rows, labels: Sequence[str], *, penalty: float = PENALTY, rounds: int = ROUNDS) -> float:
        """Train anew on examples and their classes; return the mean loss at the end.

        The classes are those given at the start, and what else the labels name.
        """
        self.classes = tuple(dict.fromkeys((*self.classes, *sorted(set(labels)))))
        often = Counter(name for row in rows for name in set(row))
        kept = [ALWAYS, *sorted(name for name, count in often.items() if count > 1)]
        self._rows = {name: row for row, name in enumerate(kept)}
        self._weights = np.zeros((len(kept), len(self.classes)))
        flat, owner = self._flat(rows)
        order = np.argsort(flat, kind="stable")
        used, heads = np.unique(flat[order], return_index=True)
        wanted = np.zeros((len(rows), len(self.classes)))
        wanted[np.arange(len(rows)), [self.classes.index(label) for label in labels]] = 1
        squares = np.full_like(self._weights, 1e-8)
        loss = 0.0
        for _ in range(rounds if rows and len(self.classes) > 1 else 0):
            found = _softmax(self._sums(flat, owner, len(rows)))
            loss = float(-np.log(np.maximum((found * wanted).sum(1), 1e-12)).mean())
            slope = penalty * self._weights
            slope[0] = 0
            slope[used] += np.add.reduceat((found - wanted)[owner[order]], heads, axis=0)
            squares += slope**2
            self._weights -= RATE * slope / np.sqrt(squares)
        return loss

    def to_bytes(self) -> bytes:
        """Return the model as one block, the same for the same weights."""
        names = sorted(self._rows)
        order = [self._rows[name] for name in names]
        place = io.BytesIO()
        np.savez(
            place,
            classes=np.frombuffer(json.dumps(self.classes).encode(), np.uint8),
            features=np.frombuffer(json.dumps(names).encode(), np.uint8),
            weights=self._weights[order].astype(np.float32),
        )
        return place.getvalue()

    def from_bytes(self, data: bytes) -> LinearModel:
        """Take over what :meth:`to_bytes` gave; returns the model itself."""
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            self.classes = tuple(json.loads(stored["classes"].tobytes()))
            self._rows = {name: row for row, name in enumerate(json.loads(stored["features"].tobytes()))}
            self._weights = stored["weights"].astype(np.float64)
        return self


def _softmax(sums: Floats) -> Floats:
    powers = np.exp(sums - sums.max(1, keepdims=True)) if sums.size else sums
    found: Floats = powers / powers.sum(1, keepdims=True) if sums.size else sums
    return found
