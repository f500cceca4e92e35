"""Where a passage begins and ends, in words: ``Region ⟦Halland⟧`` beside ``⟦Region Halland⟧``.

A boundary may have moved by a space or a full stop: what stands around is shown, and white space at an edge is seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from models.spans import CONTEXT

AROUND = 12
"""Code points that are shown on either side, beyond what any of the passages covers."""
LONGEST = 72
"""Longer fragments are shown with their middle left out."""
_SEEN = {" ": "␣", "\u00a0": "⍽", "\u202f": "⍽", "\n": "↵", "\r": "↵", "\t": "⇥", "\u00ad": "¬"}

Place = Mapping[str, Any]
"""A place as an exchange file has it: ``spans``, ``exact``, ``prefix`` and ``suffix``."""


def is_place(value: object) -> bool:
    """Whether a value is a place, with its words."""
    return isinstance(value, Mapping) and bool(value.get("spans")) and bool(value.get("exact"))


def bounded(places: Sequence[Place]) -> list[str]:
    """Return each place with its boundaries and so much around it that it can be compared with the others."""
    first = min(place["spans"][0][0] for place in places)
    last = max(place["spans"][-1][1] for place in places)
    return [_bounded(place, place["spans"][0][0] - first, last - place["spans"][-1][1]) for place in places]


def _bounded(place: Place, before: int, after: int) -> str:
    """Return one place; ``before`` and ``after`` it others cover so many code points."""
    fragments = " … ".join(f"⟦{_edged(one)}⟧" for one in place["exact"])
    prefix, suffix = place.get("prefix") or "", place.get("suffix") or ""
    head = _spaced(_last_words(prefix, before + AROUND, place["spans"][0][0] > len(prefix)))
    tail = _spaced(_last_words(suffix[::-1], after + AROUND, len(suffix) >= CONTEXT)[::-1])
    return f"{head}{fragments}{tail}".strip()


def _last_words(text: str, most: int, more: bool) -> str:
    """Return the end of a text and "…" for the rest, or where there is ``more`` before it.

    It begins with a whole word where that does not cut what matters.
    """
    cut = text[-most:]
    if len(cut) == len(text) and not more:
        return cut
    spaces = [at for at in range(AROUND) if cut[at : at + 1].isspace()]
    return "…" + (cut[spaces[0] + 1 :] if spaces else cut)


def _edged(words: str) -> str:
    """Return a fragment with white space and soft hyphens at its edges shown."""
    bare = words.strip("".join(_SEEN))
    if not bare:
        return "".join(_SEEN.get(one, one) for one in words)
    at = words.index(bare)
    head, tail = words[:at], words[at + len(bare) :]
    if len(bare) > LONGEST:
        first, last = bare[: LONGEST // 2].rsplit(None, 1)[0], bare[-LONGEST // 2 :].split(None, 1)[-1]
        bare = f"{first} … {last}"
    return "".join(_SEEN[one] for one in head) + _plain(bare) + "".join(_SEEN[one] for one in tail)


def _spaced(words: str) -> str:
    """Return what stands around on one line, several blanks as one."""
    return re.sub(r"\s+", " ", words)


def _plain(words: str) -> str:
    return "".join(" " if one.isspace() else one for one in words)
