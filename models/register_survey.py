"""The mentions of a corpus that are linked to nothing: which things they may be, and what new things they may make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from models.naming import PERSON, Naming
from models.register import CERTAIN, NO_THINGS, Candidate, Mention, Register, Seen, name_parts, proposed
from models.register_groups import Group, Grouping, Place

Written = tuple[str, str, tuple[str, ...], int]
"""Label, words, things that these mentions do not mean, and how many mentions without a thing are written so."""
Linked = Mapping[tuple[str, str], Mapping[str, Seen]]
"""Label and words → thing → how often such mentions are linked to it."""


class Offer(NamedTuple):
    """Mentions that may be one thing: all that are written so, or one at a place; how many, and why."""

    words: str
    place: Place | None
    size: int
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Survey:
    """``offers``: thing id → suggested links. ``groups``: new things that may be made, the largest first.

    ``places``: mentions whose own document says what they are, which do not follow what they are written like.
    """

    offers: Mapping[str, Sequence[Offer]] = field(default_factory=dict)
    groups: Sequence[Group] = ()
    places: frozenset[Place] = frozenset()

    def waiting(self, thing: str) -> int:
        """Return how many links to a thing are suggested."""
        return sum(one.size for one in self.offers.get(thing, ()))


class Surveying:
    """Goes through a corpus once; what it keeps grows with the different names."""

    def __init__(self, register: Register, linked: Linked) -> None:
        self._register = register
        self._linked = linked
        self._offers: dict[str, list[Offer]] = {}
        self._grouping = Grouping()
        self._named: dict[tuple[str, str], Candidate | None] = {}

    def _candidate(self, label: str, words: str, refused: Iterable[str] = ()) -> Candidate | None:
        refused = tuple(refused)
        if not refused and (label, words) in self._named:
            return self._named[label, words]
        found = proposed(self._register.candidates(label, words, self._linked.get((label, words), {}), refused))
        if not refused:
            self._named[label, words] = found
        return found

    def _offer(self, candidate: Candidate, words: str, size: int, place: Place | None = None) -> None:
        self._offers.setdefault(candidate.thing, []).append(Offer(words, place, size, candidate))

    def documents(
        self, documents: Iterable[tuple[str, list[Mention]]], cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        """Take documents with their persons and what is explained in brackets."""
        for document, mentions in documents:
            if cancelled():
                return
            known = [self._assumed(one) for one in mentions]
            naming = Naming(known)
            self._grouping.add(document, known, naming)
            for one in known:
                if one.label == PERSON and one.thing is None and (found := naming.full_name(one)) is not None:
                    full, why = found
                    if (thing := self._register.find(full.thing)) is not None:
                        candidate = Candidate(thing.id, CERTAIN[why], why, full.words)
                        self._offer(candidate, one.words, 1, (document, one.key))

    def _assumed(self, mention: Mention) -> Mention:
        """Return a mention with the thing that it most likely is; single names are for the document to say."""
        if mention.thing is not None or (mention.label == PERSON and len(name_parts(mention.words)) < 2):
            return mention
        found = self._candidate(mention.label, mention.words)
        return mention if found is None else mention._replace(thing=found.thing)

    def written(self, rows: Iterable[Written], cancelled: Callable[[], bool] = lambda: False) -> None:
        """Take how mentions are written, after the documents."""
        for label, words, refused, size in rows:
            if cancelled():
                return
            found = self._candidate(label, words, refused) or self._abbreviated(label, words, refused)
            if found is not None:
                self._offer(found, words, size)
            elif label != PERSON and label not in NO_THINGS:
                self._grouping.count(label, words, size)

    def _abbreviated(self, label: str, words: str, refused: Iterable[str]) -> Candidate | None:
        full = self._grouping.explained(label, words)
        for one in self._register.named(label, full) if full else ():
            if one not in refused:
                return Candidate(one, CERTAIN["abbreviation"], "abbreviation", full or "")
        return None

    def result(self) -> Survey:
        """Return what was found."""
        return Survey(self._offers, self._grouping.groups(), frozenset(self._grouping.places))
