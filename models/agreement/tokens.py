"""Tokens: what kappa and alpha count, and which of them passages cover.

A token is a run of letters, digits and what belongs to them (marks of decomposed letters, soft hyphens, joiners,
underscores), or any other single code point that is no blank and no control character. Word boundaries of
Unicode Annex 29 without its rules for scripts and punctuation inside words: no library, no language.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.spans import Span

_BASIC = 0x10000
_BLANK, _WORD, _SIGN = 0, 1, 2
_INSIDE = frozenset("\u00ad\u200c\u200d\u2060\ufeff_")


def _class_of(letter: str) -> int:
    category = unicodedata.category(letter)
    if category[0] in "LMN" or letter in _INSIDE:
        return _WORD
    return _BLANK if category[0] == "Z" or category in ("Cc", "Cf") or letter.isspace() else _SIGN


@cache
def _classes() -> NDArray[np.uint8]:
    """Return the class of each code point of the basic plane."""
    return np.fromiter((_class_of(chr(code)) for code in range(_BASIC)), np.uint8, _BASIC)


def token_bounds(text: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return where the tokens of a text begin and end, in code points."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    kinds = _classes()[np.minimum(codes, _BASIC - 1)]
    beyond = codes >= _BASIC
    for code in np.unique(codes[beyond]) if beyond.any() else ():
        kinds[codes == code] = _class_of(chr(code))
    before = np.concatenate(([np.uint8(_BLANK)], kinds[:-1])) if len(kinds) else kinds
    starts = np.flatnonzero((kinds == _SIGN) | ((kinds == _WORD) & (before != _WORD)))
    word = kinds[starts] == _WORD
    ends = starts + 1
    closing = np.flatnonzero((kinds == _WORD) & (np.concatenate((kinds[1:], [np.uint8(_BLANK)])) != _WORD)) + 1
    ends[word] = closing
    return starts, ends


def covered_tokens(
    text: str, furniture: Sequence[Span], starts: NDArray[Any], ends: NDArray[Any]
) -> tuple[int, NDArray[Any], NDArray[Any]]:
    """Return how many tokens the article has, and the first and last (exclusive) that each span touches.

    Tokens that begin in furniture are not counted.
    """
    begins, stops = token_bounds(text)
    if furniture:
        edges = np.array(furniture).reshape(-1)
        inside = np.searchsorted(edges, begins, "right") % 2 == 1
        begins, stops = begins[~inside], stops[~inside]
    first = np.searchsorted(stops, starts, "right")
    return len(begins), first, np.maximum(np.searchsorted(begins, ends, "left"), first)
