"""Who says something: the subject of a reporting verb, a pronoun's or a title's person, whoever spoke last."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from app.pipeline.rules.gazetteers import entries
from app.pipeline.rules.lexicon import gender, is_role
from app.pipeline.rules.records import Mention, Page

SPEAKERS = ("PERSON", "ORGANISATION")
PRONOUNS = {"han": "han", "hon": "hon", "hen": "", "honom": "han", "henne": "hon"}
_PRONOUN = re.compile(r"\s+(?:också |även |själv |nu |vidare )?(han|hon|hen|de)\b")
_NO_SUBJECT = re.compile(r"\s+(?:jag|vi|du|ni|man|det|att|inte|allt|något|mycket|mer|om|på|upp|fram)\b")
_NOUN = re.compile(r"\s+([a-zåäö-]+(?:n|et|na|en))\b")
_PREPOSITIONAL = re.compile(r"(?:till|för|i|på|med|vid|under|om|inför|åt)\b")
_UP_TO_VERB = re.compile(
    r"(?: ?\([^)]*\))?(?:, (?:som|vilken|vars)\b[^,]{2,120},)?(?: (?:har|också|även|nu|hade|i dag|själv|däremot|"
    r"samtidigt))* ?"
)
_BODY_NOUNS = {
    "regionen": ("region", "regionen"),
    "kommunen": ("kommun", "stad"),
    "universitetet": ("universitet", "högskol"),
    "sjukhuset": ("sjukhus", "lasarett"),
    "förbundet": ("förbund", "skr", "kommuner och regioner"),
}
_COMPANIES = ("bolaget", "företaget", "leverantören", "koncernen")
_PUBLIC = re.compile(r"[Rr]egion|[Kk]ommun|myndighet|styrelse|verket|[Ss]jukhus|departement|universitet|nämnd|regering")
BODY_NOUN = (
    r"bolaget|företaget|myndigheten|regionen|kommunen|förbundet|organisationen|leverantören|universitetet|sjukhuset|"
    r"föreningen|stiftelsen|koncernen"
)


@cache
def verbs() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the reporting verbs after a quotation, and those before a that-clause, whose groups are verb, way, att."""
    listed = entries("verbs")
    after = "|".join(sorted((re.escape(v.removesuffix(" att")) for v in listed), key=len, reverse=True))
    that = "|".join(sorted((re.escape(v[:-4]) for v in listed if v.endswith(" att")), key=len, reverse=True))
    return re.compile(rf"[,.!?…”]\s*(?:[–−-]\s+)?({after})\b(?=\s)"), re.compile(
        rf"\b({that})\s+(?=([^.:;]{{0,90}}?)\b(att)\s)"
    )


class Clause(NamedTuple):
    """A reporting clause after a quotation; ``pronoun`` stands where nobody is named."""

    start: int
    verb: str
    speaker: Mention | None
    pronoun: str


class Speakers:
    """Knows the mentions of a page and tells who is meant."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._starts = [mention.start for mention in page.mentions]

    def mentions(self, start: int, end: int, labels: Sequence[str] = ()) -> list[Mention]:
        """Return the mentions that begin between two places."""
        mentions = self._page.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        return [mention for mention in mentions if not labels or mention.label in labels]

    def surface(self, mention: Mention) -> str:
        """Return a mention's words."""
        return self._page.text[mention.start : mention.end]

    def reporting(self, start: int, end: int) -> Clause | None:
        """Return the reporting clause of a quoted sentence: where it begins, its verb, who speaks."""
        text = self._page.text
        for found in verbs()[0].finditer(text, start, end):
            place = found.start() + (text[found.start()] in ".!?…")
            pronoun = _PRONOUN.match(text, found.end(), end)
            if pronoun:
                return Clause(place, found.group(1), None, pronoun.group(1))
            if _NO_SUBJECT.match(text, found.end(), end):
                continue
            named = self.mentions(found.end(), min(end, found.end() + 120), SPEAKERS)
            people = [mention for mention in named if mention.label == "PERSON"]
            noun = _NOUN.match(text, found.end(), end)
            if not people and noun and is_role(noun.group(1)):
                meant = self.by_title(noun.group(1), start)
                if meant is not None:
                    return Clause(place, found.group(1), meant, "")
            return Clause(place, found.group(1), next(iter(people or named), None), "")
        return None

    def by_title(self, noun: str, place: int) -> Mention | None:
        """Return the person named last whose title the definite noun takes up, else the person named last."""
        earlier = self.mentions(0, place, ("PERSON", "ROLE"))
        for title, person in reversed(list(itertools.pairwise(earlier))):
            if title.label == "ROLE" and person.label == "PERSON":
                word = self.surface(title).lower().split(" ")[0]
                if noun.startswith(word[:-1]) or word.endswith(noun[:-2]):
                    return person
        return self.last_person(place)

    def last_person(self, place: int, pronoun: str = "", reach: int = 600) -> Mention | None:
        """Return the person named last before ``place`` whom ``han`` or ``hon`` can mean."""
        people = self.mentions(max(0, place - reach), place, ("PERSON",))
        for person in reversed(people):
            if pronoun not in ("han", "hon") or gender(self.surface(person)) in (pronoun, ""):
                return person
        return people[-1] if people else None

    def first_person(self) -> Mention | None:
        """Return the person that the page names first."""
        return next((mention for mention in self._page.mentions if mention.label == "PERSON"), None)

    def last_body(self, place: int, noun: str) -> Mention | None:
        """Return the body named last that ``regionen``, ``bolaget`` or such a noun can mean."""
        bodies = self.mentions(0, place, ("ORGANISATION",))
        parts = _BODY_NOUNS.get(noun, ("",))
        fitting = [m for m in bodies if any(part in self.surface(m).lower() for part in parts)]
        if noun in _COMPANIES:
            fitting = [m for m in fitting if not _PUBLIC.search(self.surface(m))]
        return fitting[-1] if fitting else None

    def subject(self, start: int, found: re.Match[str]) -> Mention | None:
        """Return who says what ``found``, a reporting verb with ``att``, brings: named before the verb or after it."""
        text, verb = self._page.text, found.start()
        for mention in self.mentions(found.start(2), found.end(2), SPEAKERS):
            if not _PREPOSITIONAL.match(text[found.start(2) : mention.start].lstrip()):
                return mention
        before = self.mentions(start, verb, SPEAKERS)
        people = [mention for mention in before if mention.label == "PERSON"]
        if people:
            return people[-1] if verb - people[-1].end < 60 else people[0]
        if len(before) > 1 and text[before[-1].start - 1] == "(":
            return before[-2]
        if not before:
            return None
        if _UP_TO_VERB.fullmatch(text, before[-1].end, verb):
            if len(before) > 1 and text[before[-2].end : before[-1].start] == " och ":
                return before[-2]
            return before[-1]
        inverted = re.search(r"\b(?:har|hade) (?:\w+ ){0,3}$", text[start : before[-1].start])
        return before[-1] if inverted and found.group(1).split(" ")[0].endswith("t") else None
