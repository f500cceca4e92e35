"""Who is meant within one document: abbreviations in brackets, surnames and given names after a full name."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from models.register import (
    CERTAIN,
    Candidate,
    Mention,
    Register,
    Why,
    base_forms,
    form,
    is_abbreviation,
    name_parts,
    proposed,
    stands_for,
)

PERSON = "PERSON"
_BRACKET = 3
"""Between a name and its abbreviation there are at most so many code points: ``" ("``."""


class Naming:
    """What the mentions of one document say about each other.

    Args:
        mentions: the document's mentions, in any order.
        same: pairs of keys that a SAME_AS relation joins.
    """

    def __init__(self, mentions: Iterable[Mention], same: Iterable[tuple[str, str]] = ()) -> None:
        self._mentions = sorted(mentions, key=lambda one: (one.start, -one.end, one.key))
        self._by_key = {one.key: one for one in self._mentions}
        self._explained: dict[tuple[str, str], list[Mention]] = {}
        self._people = _People(one for one in self._mentions if one.label == PERSON)
        self._bracket()
        for left, right in sorted(same):
            self._join(self._by_key.get(left), self._by_key.get(right), sure=True)

    def _bracket(self) -> None:
        """Find names whose abbreviation follows in brackets, or abbreviations that are written out in them."""
        for number, inner in enumerate(self._mentions):
            if not inner.bracketed:
                continue
            for outer in reversed(self._mentions[max(0, number - 4) : number]):
                if outer.end < inner.start <= outer.end + _BRACKET and outer.label == inner.label:
                    self._join(outer, inner, sure=False)
                    break

    def _join(self, left: Mention | None, right: Mention | None, *, sure: bool) -> None:
        if left is None or right is None or left.label != right.label:
            return
        short, full = (left, right) if len(left.words) < len(right.words) else (right, left)
        if is_abbreviation(short.words) and (sure or stands_for(short.words, full.words)):
            known = self._explained.setdefault((short.label, form(short.words).removesuffix(":s")), [])
            if form(full.words) not in {form(one.words) for one in known}:
                known.append(full)

    def full_name(self, mention: Mention) -> tuple[Mention, Why] | None:
        """Return the mention that says in full what this one names, and how it is recognised.

        None where the mention is a full name itself, where nothing explains it, or where several could.
        """
        found = self.explanations(mention)
        return found[0] if len(found) == 1 else None

    def explanations(self, mention: Mention) -> list[tuple[Mention, Why]]:
        """Return every name that may be meant in full: one for each person or thing, the nearest before first."""
        if is_abbreviation(mention.words):
            written = form(mention.words)
            for base in (written.removesuffix(":s"), *base_forms(written)):
                if known := self._explained.get((mention.label, base)):
                    return [(one, "abbreviation") for one in known if one.key != mention.key]
        if mention.label == PERSON and len(name_parts(mention.words)) == 1:
            return self._people.before(mention)
        return []

    def told(self, mention: Mention, register: Register) -> tuple[Candidate, ...]:
        """Return what the document says that a mention means, the likeliest first.

        Several names that fit share the certainty, so that none of them is proposed.
        """
        explained = self.explanations(mention)
        found: dict[str, Candidate] = {}
        for full, why in explained:
            for identity, sure in _things(full, register):
                score = CERTAIN[why] * sure / len(explained)
                if identity not in found or found[identity].score < score:
                    found[identity] = Candidate(identity, score, why, full.words)
        return tuple(sorted(found.values(), key=lambda one: (-one.score, one.thing)))


class _People:
    """The full names of persons in one document, by surname and by given name."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        full = [(one, parts) for one in mentions if len(parts := name_parts(one.words)) > 1]
        self._surnames = {parts[-1] for _, parts in full}
        self._things: dict[str, str] = {}
        self._by_part: dict[str, list[tuple[int, Mention, tuple[str, ...], Why]]] = {}
        for one, parts in sorted(full, key=lambda pair: (pair[0].end, pair[0].key)):
            if one.thing is not None:
                self._things.setdefault(self._nominative(parts), one.thing)
            reasons: dict[str, Why] = {parts[0]: "given"}
            reasons |= dict.fromkeys((parts[-1], *base_forms(parts[-1])), "surname")
            for part, why in reasons.items():
                self._by_part.setdefault(part, []).append((one.end, one, parts, why))

    def _nominative(self, parts: Sequence[str]) -> str:
        """Return a full name's form, without a genitive ending where the document has the name without it."""
        last = next((base for base in base_forms(parts[-1]) if base in self._surnames), parts[-1])
        return "".join((*parts[:-1], last))

    def before(self, mention: Mention) -> list[tuple[Mention, Why]]:
        """Return the people whom one name may mean, from those named in full before it, the nearest first."""
        written = form(mention.words)
        found: dict[str, tuple[int, Mention, Why]] = {}
        for name in (written, *base_forms(written)):
            known = self._by_part.get(name, ())
            for end, full, parts, why in known[: bisect_left(known, mention.start + 1, key=lambda one: one[0])]:
                nominative = self._nominative(parts)
                found[self._things.get(nominative, nominative)] = (end, full, why)
        order = sorted(found.values(), key=lambda one: (-one[0], one[1].key))
        return [(full, why) for _, full, why in order]


def _things(full: Mention, register: Register) -> list[tuple[str, float]]:
    """Return the thing that a full name is linked to, or the one that it is likely to mean."""
    if (thing := register.find(full.thing)) is not None:
        return [(thing.id, 1.0)]
    best = proposed(register.candidates(full.label, full.words, {}))
    return [(best.thing, best.score)] if best is not None else []
