"""How a training goes: every epoch as a line in ``progress.jsonl``, and to whoever watches."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from app.messages import tr
from models.times import now

FILE = "progress.jsonl"

Told = Callable[[int, int, Mapping[str, Any]], None]
"""Called with the epochs done, the epochs there may be, and what there is to say (``line``: in words)."""


class Progress:
    """Takes events and passes them on. ``cancelled`` is asked often."""

    def __init__(self, folder: Path, told: Told, cancelled: Callable[[], bool]) -> None:
        """``folder`` gets ``progress.jsonl``; what stands in it stays."""
        self._path = folder / FILE
        self._told = told
        self.cancelled = cancelled
        self._share = 1.0

    def of_share(self, share: float) -> None:
        """Say that what comes now is on a share of the data, for the learning curve."""
        self._share = share

    def epoch(self, part: str, number: int, of: int, loss: float, f1: float | None, best: bool, **more: Any) -> None:
        """Tell of one epoch: its loss, and the score on the held-out part that decides when to stop."""
        event = {"part": part, "epoch": number, "epochs": of, "loss": round(loss, 4), "f1": f1, "best": best, **more}
        self.tell(number, of, event)

    def step(self, part: str, **more: Any) -> None:
        """Tell that a part of the work is done."""
        self.tell(1, 1, {"part": part, **more})

    def tell(self, done: int, of: int, event: Mapping[str, Any]) -> None:
        """Write an event and pass it on."""
        event = {"at": now(), "share": self._share, **event}
        with self._path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(event, ensure_ascii=False) + "\n")
        self._told(done, of, {**event, "line": _line(event)})


def _line(event: Mapping[str, Any]) -> str:
    """Return an event in words."""
    part = tr(f"training.part-{event['part']}")
    share = "" if event["share"] == 1 else f"{round(100 * event['share'])} % "
    f1 = "–" if event.get("f1") is None else f"{event['f1']:.3f}"
    if "epoch" not in event:
        return tr("training.line-done", share=share, part=part, f1=f1)
    best = tr("training.line-best") if event["best"] else ""
    return tr(
        "training.line-epoch",
        share=share,
        part=part,
        epoch=event["epoch"],
        epochs=event["epochs"],
        loss=f"{event['loss']:.4g}",
        f1=f1,
        best=best,
    )
