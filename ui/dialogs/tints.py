"""Colours for labels: how far apart two look, a palette of colours that stay apart, and one still free."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Iterable
from functools import cache

from ui.colours import channels, spell

PALETTE_SIZE = 32


@cache
def oklab(colour: str) -> tuple[float, float, float]:
    """Return a colour's place in OKLab, where distance is about what the eye sees."""
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in channels(colour))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def distance(one: str, other: str) -> float:
    """Return how far apart two colours look: 0 the same, 1 about black and white."""
    return math.dist(oklab(one), oklab(other))


@cache
def _candidates() -> tuple[str, ...]:
    return tuple(
        spell(*colorsys.hls_to_rgb(turn / 30, light, strength))
        for light in (0.24, 0.36, 0.48, 0.58)
        for strength in (0.5, 0.9)
        for turn in range(30)
    )


def farthest(taken: Iterable[str]) -> str:
    """Return the candidate that looks least like any of ``taken``."""
    others = list(taken)
    if not others:
        return "#2456c8"
    return max(_candidates(), key=lambda colour: min(distance(colour, other) for other in others))


@cache
def palette() -> tuple[str, ...]:
    """Return colours that are as far apart as they can be, in the order of their hue."""
    chosen: list[str] = []
    for _ in range(PALETTE_SIZE):
        chosen.append(farthest(chosen))
    return tuple(sorted(chosen, key=lambda colour: colorsys.rgb_to_hls(*channels(colour))[0]))
