"""Mentions without a thing, gathered into new things that a curator may make: one for each name of the corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from models.naming import PERSON, Naming
from models.register import Mention, base_forms, form, is_abbreviation

Place = tuple[str, str]
"""Document and key of a mention."""
_Node = tuple[str, str]
"""Label and form of the name that mentions belong to."""


class Group(NamedTuple):
    """What may be one new thing: its name, what else it is called, and how many mentions it has.

    Its mentions are those that are written in one of the ways ``written`` and are not explained in their document,
    and those that are explained by this name there (``explained``).
    """

    label: str
    name: str
    aliases: tuple[str, ...]
    size: int
    written: tuple[str, ...]
    explained: tuple[Place, ...] = ()


class Grouping:
    """Gathers what is written in a corpus, then says which mentions belong together.

    A mention belongs to its form; a genitive to the form without its ending where some mention has that; an
    abbreviation to the one name in the corpus that brackets explain it with; one name of a person to the full name
    before it in its document. Neither the order of the documents nor of what is in them makes a difference, and every
    mention is in one group at most. What is gathered grows with the different names, not with their mentions.
    """

    def __init__(self) -> None:
        self._written: Counter[tuple[str, str]] = Counter()
        """Label and words → mentions that are not explained in their document."""
        self._explained: dict[_Node, list[Place]] = {}
        self._abbreviated: dict[_Node, set[str]] = {}
        self.places: set[Place] = set()
        """The mentions that their document explains: with a group's name, or with a name that is linked already."""

    def count(self, label: str, words: str, mentions: int) -> None:
        """Take so many mentions without a thing that are written so; not for persons, whose documents matter."""
        self._written[label, words] += mentions

    def add(self, document: str, mentions: Sequence[Mention], naming: Naming | None = None) -> None:
        """Take one document: its persons, and what it says (``naming``) about abbreviations of others."""
        naming = naming or Naming(mentions)
        for one in mentions:
            explained = naming.full_name(one)
            if one.label != PERSON:
                if explained is not None:
                    self._abbreviated.setdefault(_short(one), set()).add(form(explained[0].words))
            elif one.thing is None and explained is not None:
                self.places.add((document, one.key))
                if explained[0].thing is None:
                    node = (one.label, form(explained[0].words))
                    self._explained.setdefault(node, []).append((document, one.key))
            elif one.thing is None:
                self._written[one.label, one.words] += 1

    def groups(self) -> list[Group]:
        """Return the groups, the largest first."""
        known = {(label, form(words)) for label, words in self._written}
        gathered: dict[_Node, Counter[str]] = {}
        for (label, words), mentions in self._written.items():
            node = _nominative(self._full(label, words), known)
            if node[1] and mentions:
                gathered.setdefault(node, Counter())[words] += mentions
        explained: dict[_Node, list[Place]] = {}
        for node, places in self._explained.items():
            explained.setdefault(_nominative(node, known), []).extend(places)
        found = [_group(node, written, explained.get(node, ())) for node, written in gathered.items()]
        return sorted(found, key=lambda one: (-one.size, one.name, one.label))

    def explained(self, label: str, words: str) -> str | None:
        """Return the form of the one name that brackets in the corpus explain an abbreviation with, if there is one."""
        if not is_abbreviation(words):
            return None
        fulls = self._abbreviated.get((label, form(words).removesuffix(":s")), set())
        return next(iter(fulls)) if len(fulls) == 1 else None

    def _full(self, label: str, words: str) -> _Node:
        return label, self.explained(label, words) or form(words)


def _short(mention: Mention) -> _Node:
    return mention.label, form(mention.words).removesuffix(":s")


def _nominative(node: _Node, known: set[_Node]) -> _Node:
    label, written = node
    return next(((label, base) for base in base_forms(written) if (label, base) in known), node)


def _group(node: _Node, written: Counter[str], explained: Sequence[Place]) -> Group:
    """Name a group after what is written most often in full; what else it is called is an alias."""
    told: Counter[str] = Counter()
    for words, mentions in written.items():
        told[" ".join(words.split())] += mentions
    forms = {form(words) for words in told}
    plain = [words for words in told if not forms & set(base_forms(form(words)))]
    name = min(plain, key=lambda one: (is_abbreviation(one), -told[one], one))
    aliases: dict[str, str] = {}
    for words in sorted(plain, key=lambda one: (-told[one], one)):
        if form(words) != form(name):
            aliases.setdefault(form(words), words)
    size = sum(written.values()) + len(explained)
    return Group(node[0], name, tuple(sorted(aliases.values())), size, tuple(sorted(written)), tuple(sorted(explained)))


def group_of(groups: Iterable[Group], places: set[Place], document: str, mention: Mention) -> list[Group]:
    """Return the groups that a mention is in: one, or none."""
    if (place := (document, mention.key)) in places:
        return [one for one in groups if place in one.explained]
    return [one for one in groups if one.label == mention.label and mention.words in one.written]
