"""What the set-up says, from the program's own catalogue, read without the program."""

from __future__ import annotations

import json
import locale
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@cache
def _catalogue() -> dict[str, str]:
    spoken = (locale.getlocale()[0] or "").lower()
    language = "sv" if spoken.startswith(("sv", "swedish")) else "en"
    path = ROOT / "resources" / "translations" / language / "bootstrap.json"
    catalogue: dict[str, str] = json.loads(path.read_text("utf-8"))
    return catalogue


def text(key: str, **values: object) -> str:
    """Return the sentence behind ``key``, its placeholders filled."""
    return _catalogue()[key].format(**values)


def say(key: str, **values: object) -> None:
    """Print a sentence at once, before the output of any command that follows."""
    print(text(key, **values), flush=True)


class SetUpError(Exception):
    """The set-up cannot go on; its text says what to do next."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(text(key, **values))
