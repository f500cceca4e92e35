"""The register: real-world things that mentions point to, and how a mention is recognised as one of them.

A mention is compared by its *form*: case, blanks, hyphens, apostrophes, soft hyphens and composed letters do not
count, so that ``E-hälsomyndigheten`` and ``e‑hälso­myndigheten`` are one. A Swedish genitive (``Region Hallands``,
``SKL:s``) is tried where the form itself is not known.

The score of a candidate is an estimate of how likely the mention means that thing: each kind of evidence begins with
the certainty in :data:`CERTAIN`, which counts as :data:`WEIGHT` observations, and people's own links of the same form
are added as observations (the mean of a beta distribution; for a form that only people linked this is Laplace's rule
of succession). What several things share is divided among them. Nothing is proposed at or under :data:`LEAST`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple
from unicodedata import normalize

from models.text import surface

Why = Literal["name", "alias", "genitive", "elsewhere", "abbreviation", "surname", "given"]
"""What speaks for a link: the thing's name, an alias, either with a genitive ending, the same form linked elsewhere,
an abbreviation that the document explains, or a surname or given name after the full name in the same document."""

CERTAIN: Mapping[Why, float] = {
    "name": 0.97,
    "alias": 0.95,
    "genitive": 0.93,
    "elsewhere": 0.5,
    "abbreviation": 0.9,
    "surname": 0.85,
    "given": 0.7,
}
"""How often a link for this reason is right where nothing else is known: set by judgement, moved by what people do."""
WEIGHT = 10.0
ELSEWHERE_WEIGHT = 2.0
LEAST = 0.5
"""A candidate must be likelier than this to be proposed: what is as likely wrong as right is no proposal."""
SURE = 0.95
"""From this score on a project may let a link be confirmed together with its entity."""

NO_THINGS = frozenset({"ROLE", "DATE", "MONEY", "QUANTITY"})
"""Labels of the default set whose mentions name no thing of the world: they are not proposed as new things."""

_UNWRITTEN = re.compile("[\\s\u00ad\u200b\u2060\ufeff\\-\u2010-\u2014\u2212'\u2018\u2019\u02bc\u00b4`\u201d\u201c\"]+")
"""Blanks, soft hyphens and other invisible characters, hyphens and dashes, apostrophes and quotation marks."""
_SMALL_WORDS = frozenset(("och", "i", "för", "av", "på", "till", "om", "med", "the", "of", "for", "and"))
_ABBREVIATION = re.compile(r"[^\W_][\w&.-]{1,11}(?::s)?")
_WORD = re.compile(r"[^\W_]+")


class Thing(NamedTuple):
    """A real-world thing. ``links`` are a Wikidata id (``wikidata``) and web addresses (``web``), among others.

    ``also`` are ids of things that turned out to be this one.
    """

    id: str
    label: str
    name: str
    aliases: tuple[str, ...] = ()
    links: Mapping[str, object] = {}
    also: tuple[str, ...] = ()


class Candidate(NamedTuple):
    """A thing that a mention may mean. ``score`` in [0, 1]; ``of`` is the mention that explains it, if one does."""

    thing: str
    score: float
    why: Why
    of: str = ""


class Seen(NamedTuple):
    """How often people linked a form to a thing, and how often they said that it is not that thing."""

    linked: int = 0
    refused: int = 0


class Mention(NamedTuple):
    """A passage of a document that names something: ``key`` is its mark's, spans count code points.

    ``bracketed``: it stands in brackets right after something. ``thing`` is what it is linked to.
    """

    key: str
    label: str
    start: int
    end: int
    words: str
    thing: str | None = None
    bracketed: bool = False


# Forms ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=65_536)
def form(words: str) -> str:
    """Return what a mention or a name is compared by."""
    plain = _UNWRITTEN.sub("", words).casefold()
    return (plain if plain.isascii() else normalize("NFC", plain)).rstrip(".,;")


def base_forms(written: str) -> Iterator[str]:
    """Yield what a form may be the genitive of; ``written`` is a form."""
    if written.endswith(":s") and len(written) > 3:
        yield written[:-2]
    elif written.endswith("s") and len(written) > 2:
        yield written[:-1]


def is_abbreviation(words: str) -> bool:
    """Whether a mention is written like an abbreviation: one word with two capitals or more (``SKR``, ``eHM``)."""
    return bool(_ABBREVIATION.fullmatch(words)) and sum(letter.isupper() for letter in words) >= 2


def stands_for(short: str, full: str) -> bool:
    """Whether an abbreviation can stand for a name.

    Its letters must come in the name in this order, the first at the beginning; there must be several words, or one
    compound that is much longer (``FoHM``: Folkhälsomyndigheten; ``IVO``: Inspektionen för vård och omsorg).
    """
    letters = [letter for letter in surface(short).removesuffix(":s") if letter.isalnum()]
    words = [word for word in _WORD.findall(surface(full)) if word not in _SMALL_WORDS]
    if len(letters) < 2 or not words or len("".join(words)) < 2 * len(letters):
        return False
    # A small word may give its letter (MSB has none, IVO has), so all words count.
    rest = iter(re.sub(r"[\W_]", "", surface(full)))
    return letters[0] == words[0][0] and all(letter in rest for letter in letters)


@lru_cache(maxsize=65_536)
def name_parts(words: str) -> tuple[str, ...]:
    """Return the forms of a person's names in order; hyphenated names are one."""
    return tuple(form(part) for part in surface(words).split() if form(part))


# Things -----------------------------------------------------------------------------------------------------


def merged(keep: Thing, drop: Thing) -> Thing:
    """Return one thing that stands for both: it keeps its name and gains the other's names and links.

    Merging is associative: it does not matter which of three are merged first.
    """
    names = dict.fromkeys((*keep.aliases, drop.name, *drop.aliases))
    names.pop(keep.name, None)
    also = {*keep.also, drop.id, *drop.also} - {keep.id}
    return keep._replace(aliases=tuple(names), links={**drop.links, **keep.links}, also=tuple(sorted(also)))


class Register:
    """Things by id and by form, for looking mentions up. Follows the register's changes."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self.things: dict[str, Thing] = {}
        self._stands_for: dict[str, str] = {}
        self._named: dict[tuple[str, str], dict[str, Why]] = {}
        self._written: dict[str, str] = {}
        for thing in things:
            self._add(thing)

    def _add(self, thing: Thing) -> None:
        self.things[thing.id] = thing
        for other in thing.also:
            self._stands_for[other] = thing.id
        forms = [form(one) for one in thing.aliases]
        for written in forms:
            self._named.setdefault((thing.label, written), {}).setdefault(thing.id, "alias")
        forms.append(form(thing.name))
        self._named.setdefault((thing.label, forms[-1]), {})[thing.id] = "name"
        forms += [str(link).casefold() for link in thing.links.values()]
        self._written[thing.id] = "\n".join(forms)

    def take_out(self, identity: str) -> None:
        """Forget a thing; nothing happens where it is not there."""
        thing = self.things.pop(identity, None)
        if thing is None:
            return
        del self._written[identity]
        for other in thing.also:
            self._stands_for.pop(other, None)
        for name in {(thing.label, form(one)) for one in (thing.name, *thing.aliases)}:
            owners = self._named[name]
            owners.pop(identity, None)
            if not owners:
                del self._named[name]

    def put(self, thing: Thing) -> None:
        """Take a thing in, in place of what was known of it."""
        self.take_out(thing.id)
        self._add(thing)

    def find(self, identity: str | None) -> Thing | None:
        """Return the thing with this id, or the one that stands for it now."""
        if identity is None:
            return None
        return self.things.get(identity) or self.things.get(self._stands_for.get(identity, ""))

    def holding(self, words: str) -> list[Thing]:
        """Return the things whose names and links hold all of ``words``, each word in one of them."""
        wanted = [form(word) for word in words.split()]
        if not wanted:
            return list(self.things.values())
        return [
            self.things[identity]
            for identity, written in self._written.items()
            if all(word in written for word in wanted)
        ]

    def named(self, label: str, words: str) -> Mapping[str, Why]:
        """Return the things with this label that are called so, by id; in the genitive if none is otherwise."""
        written = form(words)
        if not written:
            return {}
        if found := self._named.get((label, written)):
            return found
        for base in base_forms(written):
            if found := self._named.get((label, base)):
                return dict.fromkeys(found, "genitive")
        return {}

    def forms(self) -> Iterable[tuple[tuple[str, str], Mapping[str, Why]]]:
        """Return every label and form with the things that are called so, by id."""
        return self._named.items()

    def twins(self) -> list[tuple[str, ...]]:
        """Return the ids of things with the same label and the same name, which may be one; the smallest first."""
        found: dict[tuple[str, str], list[str]] = {}
        for thing in self.things.values():
            found.setdefault((thing.label, form(thing.name)), []).append(thing.id)
        return sorted(tuple(sorted(group)) for group in found.values() if len(group) > 1)

    def candidates(
        self,
        label: str,
        words: str,
        seen: Mapping[str, Seen],
        refused: Iterable[str] = (),
        told: Sequence[Candidate] = (),
    ) -> tuple[Candidate, ...]:
        """Return what a mention may mean, the likeliest first.

        Args:
            label: the mention's label.
            words: the mention.
            seen: thing id → how people linked the same form.
            refused: things that somebody said this mention is not.
            told: what the mention's own document says (see :class:`models.naming.Naming`).
        """
        total = sum(one.linked for one in seen.values())
        found: dict[str, Candidate] = {}
        named = self.named(label, words)
        linked = {one.id: count for key, count in seen.items() if (one := self.find(key)) is not None}
        for identity in dict.fromkeys((*named, *(one for one, count in linked.items() if count.linked))):
            why: Why = named.get(identity, "elsewhere")
            weight = ELSEWHERE_WEIGHT if why == "elsewhere" else WEIGHT
            mine = linked.get(identity, Seen())
            score = (CERTAIN[why] * weight + mine.linked) / (weight + total + mine.refused)
            found[identity] = Candidate(identity, score, why)
        found = _shared(found)
        for hint in told:
            if hint.thing not in found or found[hint.thing].score < hint.score:
                others = {key: other for key, other in found.items() if key != hint.thing}
                room = sum(other.score for other in others.values())
                share = min(1.0, (1 - hint.score) / room) if room else 1.0
                found = {key: other._replace(score=other.score * share) for key, other in others.items()}
                found[hint.thing] = hint
        gone = {one.id for key in refused if (one := self.find(key)) is not None}
        left = [one for key, one in found.items() if key not in gone]
        return tuple(sorted(left, key=lambda one: (-one.score, one.thing)))


def _shared(found: dict[str, Candidate]) -> dict[str, Candidate]:
    """Divide certainty among things that share a form: only one of them is meant."""
    total = sum(one.score for one in found.values())
    if total <= 1:
        return found
    return {key: one._replace(score=one.score / total) for key, one in found.items()}


def proposed(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the candidate that is worth proposing, None where none is likelier than not."""
    best = candidates[0] if candidates else None
    return best if best is not None and best.score > LEAST else None
