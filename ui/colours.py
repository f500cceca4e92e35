"""Colour arithmetic on ``#rrggbb``: mixing, contrast (WCAG 2), and colours that stay readable."""

from __future__ import annotations

import colorsys
from functools import cache
from hashlib import blake2b


def channels(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue in [0, 1] of ``#rrggbb``."""
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def spell(red: float, green: float, blue: float) -> str:
    """Return ``#rrggbb`` of three channels in [0, 1]."""
    return "#" + "".join(f"{round(min(1.0, max(0.0, part)) * 255):02x}" for part in (red, green, blue))


def mix(below: str, above: str, share: float) -> str:
    """Return ``above`` laid over ``below`` with opacity ``share``."""
    pairs = zip(channels(below), channels(above), strict=True)
    red, green, blue = (low + (high - low) * share for low, high in pairs)
    return spell(red, green, blue)


def luminance(colour: str) -> float:
    """Return the relative luminance in [0, 1]."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21; text asks for 4.5."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def hue(colour: str) -> float:
    """Return the hue in degrees."""
    return colorsys.rgb_to_hls(*channels(colour))[0] * 360


@cache
def readable(colour: str, ground: str, ratio: float = 4.5) -> str:
    """Return ``colour`` made darker or lighter until it stands out from ``ground`` by ``ratio``."""
    turn, light, strength = colorsys.rgb_to_hls(*channels(colour))
    step = -0.02 if luminance(ground) > 0.4 else 0.02
    while contrast(colour, ground) < ratio and 0 <= light + step <= 1:
        light += step
        colour = spell(*colorsys.hls_to_rgb(turn, light, strength))
    return colour


def invented(name: str) -> str:
    """Return a colour for a name that has none: always the same, of medium lightness."""
    number = int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=2).digest(), "big")
    return spell(*colorsys.hls_to_rgb(number / 65536, 0.45, 0.55))
