"""What could be a claim: sentences, what they quote, and what they report, each with its features."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from app.pipeline.rules.records import Claim, Sentence
from app.pipeline.trained.surroundings import Surroundings
from models.spans import Span

_WORD = re.compile(r"\w+|[^\w\s]")
_REPORTED = re.compile(r"[,.!?…”]\s*(?:[–−-]\s+)?(?=\w+\s+(?:\w+\s+){0,2}?(?:[A-ZÅÄÖ]|han\b|hon\b|hen\b|de\b))")
_THAT = re.compile(r"\batt\s+")
_QUOTED = re.compile(r"”([^”]{12,1500})”")
_LEAST = 8
"""Code points that a claim has at least."""
_NUMBER = re.compile(r"\d")
_EDGES = " ,”–−\n\t"
_LENGTHS = (5, 10, 20, 40)
"""Words at which a candidate is told to be longer."""


class Candidate(NamedTuple):
    """A stretch of a sentence that could be a claim, in the original's code points; ``sentence`` numbers it."""

    span: Span
    sentence: int
    features: tuple[str, ...]
    cue: str | None
    """The reporting verb that the rules found."""


def candidates(around: Surroundings) -> list[Candidate]:
    """Return what could be a claim, by place."""
    ruled = {(one.start, one.end): one for one in around.page.claims}
    mentions = sorted(around.entities.values())
    starts = [one.start for one in mentions]
    found: list[Candidate] = []
    for number, sentence in enumerate(around.sentences):
        standing = _standing(around.sentences, number, around.text)
        for (start, end), why in sorted(_stretches(around.text, sentence, ruled).items()):
            inside = sorted({one.label for one in mentions[bisect_left(starts, start) : bisect_left(starts, end)]})
            rule = ruled.get((start, end))
            features = (*standing, *_features(around.text[start:end], why, rule), *(f"has:{one}" for one in inside))
            found.append(Candidate(around.original(start, end), number, features, rule.cue if rule else None))
    return found


def _stretches(text: str, sentence: Sentence, ruled: dict[tuple[int, int], Claim]) -> dict[tuple[int, int], set[str]]:
    """Return place → how it came about."""
    found: dict[tuple[int, int], set[str]] = {}

    def add(start: int, end: int, why: str) -> None:
        while end > start and text[end - 1] in _EDGES:
            end -= 1
        while start < end and text[start] in _EDGES:
            start += 1
        if end - start >= _LEAST:
            found.setdefault((start, end), set()).add(why)

    add(sentence.start, sentence.end, "whole")
    for match in _REPORTED.finditer(text, sentence.start + _LEAST, sentence.end):
        add(sentence.start, match.start() + (text[match.start()] in ".!?…"), "before")
    for match in _THAT.finditer(text, sentence.start, sentence.end):
        add(match.end(), sentence.end, "that")
    for match in _QUOTED.finditer(text, sentence.start, sentence.end):
        add(match.start(1), match.end(1), "quoted")
    for (start, end), claim in ruled.items():
        if sentence.start <= start < sentence.end:
            found.setdefault((start, end), set()).add(claim.source)
    return found


def _standing(sentences: list[Sentence], number: int, text: str) -> tuple[str, ...]:
    """Return features of the sentence and of where it stands."""
    sentence = sentences[number]
    body = text[sentence.start : sentence.end]
    before = sentences[number - 1] if number else None
    return (
        f"role:{sentence.role}",
        f"after:{before.role if before else '^'}",
        f"opens:{before is None or before.block != sentence.block}",
        f"ends:{body[-1]}",
        f"quotes:{'”' in body}",
        f"place:{min(number, 3)}",
    )


def _features(body: str, why: Iterable[str], rule: Claim | None) -> Iterator[str]:
    words = [word.lower() for word in _WORD.findall(body)]
    yield from (f"why:{one}" for one in sorted(why))
    yield f"ruled:{rule is not None}"
    if rule is not None:
        yield f"kind:{rule.kind}"
        yield f"mode:{rule.mode}"
        yield f"rule:{rule.source}"
    yield f"first:{words[0]}"
    yield f"second:{' '.join(words[:2])}"
    yield f"upper:{body[0].isupper()}"
    yield f"stop:{body[-1]}"
    yield f"digit:{_NUMBER.search(body) is not None}"
    yield f"long:{sum(len(words) > one for one in _LENGTHS)}"
    yield from dict.fromkeys(f"w:{word}" for word in words)
    yield from dict.fromkeys(f"p:{one} {other}" for one, other in pairwise(words))
    yield from dict.fromkeys(f"e:{word[-4:]}" for word in words if len(word) > 5)
