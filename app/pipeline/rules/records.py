"""What the rules pass among themselves. All offsets are code points of the cleaned text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from models.spans import Span

BlockRole = Literal["text", "heading", "dash", "bullet", "caption"]


class Line(NamedTuple):
    """One line without its surrounding blanks; ``content`` is where it begins after a dash or bullet."""

    start: int
    end: int
    content: int
    mark: Literal["", "dash", "bullet"]
    after_blank: bool


class Sentence(NamedTuple):
    """One sentence; ``block`` numbers the paragraph it stands in, ``role`` says what that paragraph is."""

    start: int
    end: int
    block: int
    role: BlockRole


class Mention(NamedTuple):
    """A passage that names something, and how sure the rule ``source`` is of it."""

    start: int
    end: int
    label: str
    score: float
    source: str


@dataclass(slots=True)
class Claim:
    """A statement, its facets, and the mention of who makes it (None: the text itself)."""

    start: int
    end: int
    kind: str
    mode: str
    score: float
    source: str
    cue: str | None = None
    speaker: Mention | None = None
    speaker_score: float = 0.0


class Link(NamedTuple):
    """A relation between two mentions."""

    label: str
    head: Mention
    tail: Mention
    score: float
    source: str


class ClaimLink(NamedTuple):
    """A relation of a claim, given by its number on the page, to a mention or to another claim by its number."""

    label: str
    head: int
    tail: Mention | int
    score: float
    source: str


@dataclass(slots=True)
class Page:
    """A text and all that the rules have found in it so far."""

    text: str
    words: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    first: set[int] = field(default_factory=set)
    furniture: list[Span] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def gap(self, word: int) -> str:
        """Return what stands between ``word`` and the next one; a line feed after the last."""
        if word + 1 >= len(self.words):
            return "\n"
        return self.text[self.ends[word] : self.starts[word + 1]]
