"""How long a training may still take, from the epochs that it has told of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Estimate:
    """Takes a training's events with the time (in seconds, of any clock) and says how much may be left at most."""

    def __init__(self, shares: tuple[float, ...] = ()) -> None:
        """``shares``: the shares of the data that are trained on after all of it, for a learning curve."""
        self._shares = shares
        self._began: float | None = None
        self._whole: float | None = None
        self._stage: tuple[float, str] | None = None
        self._first: tuple[int, float] = (0, 0.0)
        self._left = 0.0
        self._share = 1.0

    def feed(self, event: Mapping[str, Any], at: float) -> None:
        """Take an event."""
        if self._began is None:
            self._began = at
        self._share = float(event.get("share", 1.0))
        stage = self._share, str(event.get("part"))
        number = int(event.get("epoch", 0))
        if stage != self._stage:
            self._stage, self._first = stage, (number, at)
        steps = number - self._first[0]
        pace = (at - self._first[1]) / steps if steps > 0 else 0.0
        self._left = pace * max(0, int(event.get("epochs", 0)) - number)
        if stage == (1.0, "test"):
            self._whole = at - self._began

    def left(self) -> float | None:
        """Return how many seconds there may be left at most, None while nothing can be said."""
        whole = self._whole
        if whole is None:
            later = sum(self._shares)
            return self._left * (1 + later) if self._left else None
        return self._left + whole * sum(share for share in self._shares if self._share in (1.0,) or share > self._share)
