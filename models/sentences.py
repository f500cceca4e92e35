"""Where a sentence or a paragraph begins and ends, told from punctuation and line breaks: enough for a key."""

from __future__ import annotations

import re
from typing import Literal

from models.marks import Mark
from models.spans import Span

Unit = Literal["sentence", "paragraph", "document"]

_END = re.compile(r"[.!?…]+[\"”»’')\]]*(?=\s+[\"”“«»’'(–−—-]*\s*[^\W\d_a-zåäöéü])|\n")
_ABBREVIATED = re.compile(
    r"(?:\b(?:[a-zåäö]|bl|ca|dr|dvs|etc|ev|fr|forts|ing|kl|kr|m\.fl|nr|osv|prof|resp|s\.k|st|t|tel)\.)\Z", re.I
)


def passage_around(text: str, place: int, unit: Unit) -> Span:
    """Return the sentence, the paragraph (a line of the text) or the document that holds the code point ``place``."""
    if unit == "document":
        return Span(0, len(text))
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    end = len(text) if end < 0 else end
    if unit == "paragraph":
        return Span(start, end)
    first = start
    for match in _END.finditer(text, start, end):
        if _ABBREVIATED.search(text, max(start, match.start() - 6), match.start() + 1):
            continue
        if match.end() > place:
            return Span(first, match.end())
        first = match.end()
    return Span(first, end)


def waiting_in(marks: list[Mark], passage: Span) -> tuple[str, ...]:
    """Return the keys of open suggestions inside a passage, and of suggested relations between marks inside."""
    inside = {
        key for mark in marks if mark.spans and passage.contains(mark.extent) for key in (mark.key, mark.annotation)
    }
    return tuple(
        mark.key
        for mark in marks
        if mark.state == "suggested"
        and (mark.key in inside if mark.kind != "relation" else {mark.head, mark.tail} <= inside)
    )
