"""How annotators are told apart while their readings stand side by side: a colour and a kind of line each."""

from __future__ import annotations

from typing import NamedTuple

from models.spans import Spans
from ui.colours import readable
from ui.theme import Theme

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8c6d00", "#56b4e9")
"""The palette of Okabe and Ito, told apart by the colour-blind too."""
_LINES = ("solid", "dashed", "dotted")


class Voice(NamedTuple):
    """One annotator's passages in the case in focus; ``number`` from 1 is the annotator's key."""

    number: int
    spans: Spans


def voice_colour(number: int, theme: Theme) -> str:
    """Return an annotator's colour, readable on the theme's ground."""
    return readable(_COLOURS[(number - 1) % len(_COLOURS)], theme.base)


def voice_line(number: int) -> str:
    """Return an annotator's kind of line: solid, dashed or dotted."""
    return _LINES[(number - 1) % len(_LINES)]
