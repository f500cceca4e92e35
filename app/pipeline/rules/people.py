"""Named people and their titles."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from app.pipeline.rules import lexicon
from app.pipeline.rules.gazetteers import word_group, word_set
from app.pipeline.rules.records import Mention, Page

_PARTICLES = word_group("von af de van der den al el bin di da la le")
_NO_SURNAME = word_group(
    "Region Landstinget Länsstyrelsen Sverige Sveriges Universitet Universitetet Högskolan Kommun "
    "Kommunen Sjukhus Sjukhuset Foto Läs "
    "Den Det De En Ett Vi Jag Han Hon I På För Med Till Som Från Om När Men Och Att Hur Vad AB Hospital "
    "University Institute Medical Health "
    "Science Center City Bio Park Office"
)
_MODIFIERS = word_group(
    "biträdande tillförordnad tillförordnade tf tf. vice ställföreträdande verkställande medicinsk "
    "medicinskt medicinska nationell nationella regional senior "
    "politisk politiske vikarierande adjungerad ansvarig avgående tillträdande dåvarande förre förra nye "
    "nya leg legitimerad digital strategisk "
    "operativ administrativ klinisk kliniske klinisk ekonomisk juridisk teknisk vetenskaplig extern "
    "intern doktor docent och"
)
_NO_TITLE = word_group("att som till åt den det av men troligen om inte")
_STOP = word_group(
    "på vid i hos från inom för av till med om som och är var har säger sa berättar konstaterar menar "
    "tycker förklarar samt eller att där när "
    "åt under sedan mot utan kring över efter innan tillsammans den det de en ett hur vad inte nu också själv"
)
_WITH_FIELD = (
    "chef",
    "chefen",
    "professor",
    "docent",
    "lektor",
    "expert",
    "ansvarig",
    "ansvarige",
    "direktör",
    "doktorand",
    "strateg",
    "specialist",
    "samordnare",
    "jurist",
    "forskare",
    "ledare",
    "utredare",
    "minister",
)
_NO_FIELD = word_group("att sin sina sitt alla hela den det de då")
_SPEECH = word_group(
    "säger sa sade berättar berättade konstaterar konstaterade menar menade förklarar förklarade skriver "
    "skrev tycker"
)


class People:
    """The people of one page: who is named where, by the numbers of the words."""

    def __init__(self, page: Page, taken: Collection[int]) -> None:
        self._page = page
        self._taken = taken
        self.by_start: dict[int, int] = {}
        self.by_end: dict[int, int] = {}
        self.mentions: list[Mention] = []
        self._verbs = word_set("finite_verbs")

    def find(self) -> list[Mention]:
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
        for i, word in enumerate(words):
            if lexicon.is_role(word):
                self._title(i)
        self.mentions += self._short_names()
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
        return (
            words[i + 1] in lexicon.surnames() and i not in self._page.first and not self._is_kind(words[i])
        )

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
                word in _PARTICLES
                and end + 1 < len(words)
                and words[end + 1][0].isupper()
                and page.gap(end) == " "
            ):
                end += 1
            elif (
                not word[0].isupper()
                or word in _NO_SURNAME
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

    def _title(self, i: int) -> None:
        """Note the title that word ``i`` is the head of, if it stands beside somebody's name."""
        for found in (self._before_name(i), self._after_name(i), self._across_employer(i)):
            if found is not None:
                start, end, score, source = found
                page = self._page
                self.mentions.append(Mention(page.starts[start], page.ends[end - 1], "ROLE", score, source))
                return

    def _before_name(self, i: int) -> tuple[int, int, float, str] | None:
        page, words = self._page, self._page.words
        end = i + 1
        while (
            end < len(words)
            and end - i <= 4
            and page.gap(end - 1) == " "
            and words[end][0].islower()
            and words[end] not in _STOP
        ):
            end += 1
        if end >= len(words) or page.gap(end - 1) != " " or not words[end][0].isupper():
            return None
        unknown = end not in self.by_start
        if unknown and (
            end != i + 1 or end in self._taken or not self._name(end, 0.85, "rules/person:title")
        ):
            return None
        return self._leftwards(i), end, 0.93, "rules/role:before-name"

    def _leftwards(self, i: int) -> int:
        """Return where a title begins whose head is word ``i``: ``IT- och digitaliseringsdirektör``."""
        page, words = self._page, self._page.words
        start = i
        while start and page.gap(start - 1) == " ":
            before = words[start - 1]
            if before == "och" and start > 1 and words[start - 2].endswith("-"):
                start -= 2
            elif before != "och" and before.lower() in _MODIFIERS:
                start -= 1
            else:
                break
        return start

    def _after_name(self, i: int) -> tuple[int, int, float, str] | None:
        """``Anna Berg, medicinskt ansvarig sjuksköterska på …`` or ``Anna Berg är chef för …``."""
        page, words = self._page, self._page.words
        start = i
        while start > 0 and i - start < 6:
            gap = page.gap(start - 1)
            if (
                start - 1 in self.by_end
                and gap.strip() in (",", "(", "–", "-", "")
                and (gap != " " or start < i)
            ):
                break
            party = start > 1 and gap.startswith(")") and start - 2 in self.by_end
            if party and len(words[start - 1]) <= 3:
                break
            if (
                words[start - 1] in ("är", "blir", "som")
                and start > 1
                and (start - 2 in self.by_end or words[start - 2] == "som")
            ):
                break
            if gap != " " or (
                words[start - 1][0].isupper()
                and not words[start - 1].endswith("-")
                and not words[start - 1].isupper()
            ):
                return None
            start -= 1
        else:
            return None
        if any(word in self._verbs or word in _NO_TITLE for word in words[start:i]):
            return None
        if words[start] in ("en", "och", "ny", "dess", "deras", "vår", "tidigare"):
            start += 1
        return start, self._rightwards(i), 0.92, "rules/role:after-name"

    def _rightwards(self, i: int) -> int:
        """Return where a title ends whose head is word ``i``: ``chef för digital utveckling``."""
        page, words = self._page, self._page.words
        end = i + 1
        while end < min(i + 7, len(words)) and page.gap(end - 1) == " ":
            word = words[end]
            follows = words[end + 1] if end + 1 < len(words) and page.gap(end) == " " else ""
            if word in ("för", "i", "inom") and end == i + 1 and words[i].lower().endswith(_WITH_FIELD):
                named = end + 1 in self._taken or follows in _STOP or follows in _NO_FIELD
                if named or not (follows[:1].islower() or follows[:2].isupper()):
                    break
                end += 2
            elif word == "och" and end > i + 1 and follows[:1].islower():
                if follows in self._verbs or follows in _STOP or lexicon.is_role(follows):
                    break
                end += 2
            elif word[0].islower() and word not in _STOP and word not in self._verbs:
                end += 1
            else:
                break
        return end

    def _across_employer(self, i: int) -> tuple[int, int, float, str] | None:
        """``generaldirektören för Digitala verket, Anna Berg,``."""
        page, words = self._page, self._page.words
        if (
            i + 2 >= len(words)
            or words[i + 1] not in ("för", "på", "vid", "i", "hos")
            or not words[i + 2][0].isupper()
        ):
            return None
        for place in range(i + 3, min(i + 9, len(words))):
            if place in self.by_start:
                return self._leftwards(i), i + 1, 0.85, "rules/role:across-employer"
            if any(mark in page.gap(place - 1) for mark in ".;:\n"):
                return None
        return None

    def _short_names(self) -> Iterator[Mention]:
        """Yield later mentions by surname or given name alone of people named in full."""
        page, words = self._page, self._page.words
        known: dict[str, int] = {}
        for start, end in self.by_start.items():
            for word in (words[start], words[end - 1]):
                known.setdefault(word.removesuffix("s") if word.endswith("ss") else word, start)
        covered = {place for start, end in self.by_start.items() for place in range(start, end)}
        for i, word in enumerate(words):
            base = word if word in known else word[:-1] if word.endswith("s") and word[:-1] in known else ""
            if not base or i in covered or i in self._taken or i < known[base]:
                continue
            if i in page.first and base in lexicon.common_words():
                continue
            around = (
                i > 0 and i - 1 not in page.first and words[i - 1][0].isupper() and page.gap(i - 1) == " "
            ) or (page.gap(i) == " " and i + 1 < len(words) and words[i + 1][0].isupper())
            if not around:
                yield Mention(page.starts[i], page.ends[i], "PERSON", 0.8, "rules/person:known")


def find_people(page: Page, taken: Collection[int]) -> list[Mention]:
    """Return the people and titles of a page; ``taken`` are words that already belong to a listed name."""
    return People(page, taken).find()
