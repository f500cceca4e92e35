"""What is worth laying out before anybody asks for it."""

from __future__ import annotations

import time

from ui.panes.reader.flow import Flow

MOST = 150
"""Paragraphs that are laid out ahead in either direction."""


def wanted(flow: Flow, y0: int, height: int, focus: str | None) -> list[int]:
    """Return the paragraphs a screen ahead and behind, nearest first, and that of the next suggestion."""
    first, here, last = flow.at(y0 - height), flow.at(y0), flow.at(y0 + 2 * height)
    found = [*range(here, min(last + 1, here + MOST)), *range(here - 1, max(first, here - MOST) - 1, -1)]
    mark = flow.content.marks.get(focus or "")
    following = flow.content.next(mark, 1, only_suggested=True) if mark is not None else None
    if following is not None and following.spans:
        found.append(flow.paragraphs.at(following.spans[0].start))
    return found


def measure(flow: Flow, y0: int, until: float) -> bool:
    """Learn true heights, from the line in sight on and then from the beginning.

    Stops when ``time.perf_counter()`` passes ``until``; returns whether heights are left to learn.
    """
    at = flow.at(y0)
    while time.perf_counter() < until:
        index = flow.heights.known.find(0, at)
        if index < 0:
            index = flow.heights.known.find(0)
        if index < 0:
            return False
        flow.measure(index)
        at = index
    return True
