"""Named people and their titles."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from app.pipeline.rules import lexicon
from app.pipeline.rules.gazetteers import word_group
from app.pipeline.rules.records import Mention, Page
from app.pipeline.rules.titles import Titles

_PARTICLES = word_group("von af de van der den al el bin di da la le")
_NO_SURNAME = word_group(
    "Region Landstinget Länsstyrelsen Sverige Sveriges Universitet Universitetet Högskolan Kommun "
    "Kommunen Sjukhus Sjukhuset Foto Läs "
    "Den Det De En Ett Vi Jag Han Hon I På För Med Till Som Från Om När Men Och Att Hur Vad AB Hospital "
    "University Institute Medical Health "
    "Science Center City Bio Park Office"
)
_INNER_CAPITAL = re.compile(r"(?!Mc|Mac|De|La|Le|Van)[A-ZÅÄÖ][a-zåäö]+[A-ZÅÄÖ]")
_SPEECH = word_group(
    "säger sa sade berättar berättade konstaterar konstaterade menar menade förklarar förklarade skriver skrev tycker"
)


class People:
    """The people of one page: who is named where, by the numbers of the words."""

    def __init__(self, page: Page, taken: Collection[int], employers: Collection[int]) -> None:
        self._page = page
        self._taken = taken
        self._employers = employers
        self.by_start: dict[int, int] = {}
        self.by_end: dict[int, int] = {}
        self.mentions: list[Mention] = []

    def know(self, others: Iterable[Mention]) -> None:
        """Take people in that somebody else has found, so that titles beside them are seen."""
        firsts = {start: i for i, start in enumerate(self._page.starts)}
        lasts = {end: i for i, end in enumerate(self._page.ends)}
        for mention in others:
            first, last = firsts.get(mention.start), lasts.get(mention.end)
            covered = {i for start, end in self.by_start.items() for i in range(start, end)}
            if first is not None and last is not None and not covered & set(range(first, last + 1)):
                self.by_start[first] = last + 1
                self.by_end[last] = first

    def find(self, others: Iterable[Mention] = ()) -> list[Mention]:
        """Return all people and titles."""
        words = self._page.words
        for i, word in enumerate(words):
            if word[0].isupper() and i not in self.by_start and not self._inside(i):
                if lexicon.is_given_name(word):
                    self._name(i, 0.93, "rules/person:given-name")
                elif self._surname_follows(i):
                    self._name(i, 0.8, "rules/person:surname")
                elif i and words[i - 1] in _SPEECH and self._page.gap(i - 1) == " ":
                    self._name(i, 0.8, "rules/person:speaks")
        heads = [i for i, word in enumerate(words) if lexicon.is_role(word)]
        for i in heads:
            self._named_by_title(i)
        self.know(others)
        short = dict(self._short_names())
        starts = {**self.by_start, **{i: i + 1 for i in short}}
        titles = Titles(self._page, starts, {**self.by_end, **{i: i for i in short}}, self._taken, self._employers)
        self.mentions += (title for i in heads if (title := titles.at(i)) is not None)
        self.mentions += short.values()
        return self.mentions

    def _surname_follows(self, i: int) -> bool:
        words = self._page.words
        if (
            i + 1 >= len(words)
            or self._page.gap(i) != " "
            or i in self._taken
            or words[i] in _NO_SURNAME
            or words[i].isupper()
        ):
            return False
        if i and words[i - 1][0].isupper() and self._page.gap(i - 1) == " ":
            return False
        return words[i + 1] in lexicon.surnames() and i not in self._page.first and not self._is_kind(words[i])

    @staticmethod
    def _is_kind(word: str) -> bool:
        return word.lower() in lexicon.GENERIC or lexicon.is_role(word)

    def _inside(self, i: int) -> bool:
        return any(
            start <= i < end
            for start, end in ((s, self.by_start[s]) for s in range(max(0, i - 4), i) if s in self.by_start)
        )

    def _name(self, i: int, score: float, source: str) -> bool:
        """Note a name of at least two words that begins at word ``i``."""
        words, page = self._page.words, self._page
        end = i + 1
        while end < len(words) and end - i < 5 and page.gap(end - 1) == " ":
            word = words[end]
            if (
                word.lower() in _PARTICLES
                and end + 1 < len(words)
                and words[end + 1][0].isupper()
                and page.gap(end) == " "
            ):
                end += 1
            elif (
                (end - i > 1 and words[end - 1] in lexicon.surnames() and word in lexicon.place_names())
                or not word[0].isupper()
                or word in _NO_SURNAME
                or (_INNER_CAPITAL.match(word) and not word.isupper())
                or (len(word) > 3 and word.isupper() and not words[i].isupper())
            ):
                break
            end += 1
        if end - i < 2 or words[end - 1] in _PARTICLES or (i in self._taken and source.endswith("speaks")):
            return False
        if any(letter.isdigit() for word in words[i:end] for letter in word):
            return False
        self.by_start[i] = end
        self.by_end[end - 1] = i
        self.mentions.append(Mention(page.starts[i], page.ends[end - 1], "PERSON", score, source))
        return True

    def _named_by_title(self, i: int) -> None:
        """Note an unknown name after a title: ``hälsominister Zsófia Takács``."""
        words = self._page.words
        unknown = i + 1 < len(words) and i + 1 not in self.by_start and i + 1 not in self._taken
        if unknown and words[i + 1][0].isupper() and self._page.gap(i) == " ":
            self._name(i + 1, 0.85, "rules/person:title")

    def _short_names(self) -> Iterator[tuple[int, Mention]]:
        """Yield the word and the mention of later mentions by surname or given name alone of people named in full."""
        page, words = self._page, self._page.words
        known: dict[str, int] = {}
        for start, end in self.by_start.items():
            for word in (words[start], words[end - 1]):
                known.setdefault(word.removesuffix("s") if word.endswith("ss") else word, start)
        covered = {place for start, end in self.by_start.items() for place in range(start, end)}
        for i, word in enumerate(words):
            base = word if word in known else word[:-1] if word.endswith("s") and word[:-1] in known else ""
            if not base or i in covered or i in self._taken:
                continue
            if i < known[base] and (i in page.first) != page.gap(i).startswith(":"):
                continue
            if i in page.first and base in lexicon.common_words():
                continue
            around = (i > 0 and i - 1 not in page.first and words[i - 1][0].isupper() and page.gap(i - 1) == " ") or (
                page.gap(i) == " " and i + 1 < len(words) and words[i + 1][0].isupper()
            )
            if not around:
                yield i, Mention(page.starts[i], page.ends[i], "PERSON", 0.8, "rules/person:known")


def find_people(
    page: Page, taken: Collection[int], employers: Collection[int], others: Iterable[Mention] = ()
) -> list[Mention]:
    """Return the people and titles of a page.

    Args:
        page: the page.
        taken: words that already belong to a listed name.
        employers: those of them that name bodies and places.
        others: people that a model is sure of; they bear titles, but are not returned.
    """
    return People(page, taken, employers).find(others)
