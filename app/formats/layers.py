"""What every other tool's format is written from and read into: documents with passages and links.

A *passage* is an entity or a claim, a *link* a relation. Offsets are code points of ``text``; each format
converts to and from its own unit at its border.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from models.spans import Span, Spans

State = Literal["manual", "accepted", "corrected", "rejected", "suggested"]
"""manual, accepted, corrected: a human stands behind it. rejected: a human turned the suggestion down.
suggested: nobody judged it."""


class Passage(NamedTuple):
    """An entity or a claim. ``annotator`` is an annotator's id when exported, a name (or "") when read."""

    id: str
    kind: Literal["entity", "claim"]
    label: str
    spans: Spans
    facets: Mapping[str, object] = {}
    annotator: str = ""
    note: str | None = None
    state: State = "manual"
    score: float | None = None
    register: str | None = None
    origin: Mapping[str, object] = {}


class Link(NamedTuple):
    """A relation between two passages, told by their ids; an end may lie in another document."""

    id: str
    label: str
    head: str
    tail: str
    facets: Mapping[str, object] = {}
    annotator: str = ""
    note: str | None = None
    state: State = "manual"
    score: float | None = None
    origin: Mapping[str, object] = {}


class DocumentNote(NamedTuple):
    """A note on a whole document."""

    annotator: str
    text: str


@dataclass(frozen=True, slots=True)
class LayerDocument:
    """One document with what is annotated in it.

    ``id`` is the project's when exported; when read, an id that the file holds, or "". ``split`` is train, dev
    or test where a split was asked for. Passages are ordered by start, end, id.
    """

    name: str
    text: str
    id: str = ""
    title: str | None = None
    source: str | None = None
    language: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    furniture: tuple[Span, ...] = ()
    split: str | None = None
    passages: tuple[Passage, ...] = ()
    links: tuple[Link, ...] = ()
    notes: tuple[DocumentNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Loss:
    """What a format cannot hold: ``code`` is a catalogue key, ``examples`` are the first few, readable."""

    code: str
    count: int
    examples: tuple[str, ...]


class Refusal(NamedTuple):
    """What was not read: the file, its line (from 1) where known, and why: code and details as in a UserError."""

    file: str
    line: int | None
    code: str
    details: Mapping[str, object]


class Losses:
    """Collects what a format cannot hold while it is written."""

    EXAMPLES = 5

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, list[str]]] = {}

    def add(self, code: str, example: str | Callable[[], str], count: int = 1) -> None:
        """Count a loss; the first few different examples are kept. One that takes work to say comes as a function."""
        before, examples = self._found.get(code, (0, []))
        if len(examples) < self.EXAMPLES:
            said = example if isinstance(example, str) else example()
            if said not in examples:
                examples.append(said)
        self._found[code] = (before + count, examples)

    def join(self, loss: Loss) -> None:
        """Count what somebody else found."""
        before, examples = self._found.get(loss.code, (0, []))
        more = [one for one in loss.examples if one not in examples]
        self._found[loss.code] = (before + loss.count, (examples + more)[: self.EXAMPLES])

    def all(self) -> tuple[Loss, ...]:
        """Return the losses in the order in which they were first met."""
        return tuple(Loss(code, count, tuple(examples)) for code, (count, examples) in self._found.items())
