"""Titles and positions: a head word, what describes it, and the unit or field that belongs to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.pipeline.rules import lexicon
from app.pipeline.rules.gazetteers import word_group, word_set
from app.pipeline.rules.records import Mention, Page

_MODIFIERS = word_group(
    "biträdande tillförordnad tillförordnade tf tf. t.f. vice ställföreträdande verkställande medicinsk "
    "medicinskt medicinska nationell nationella regional regionala senior seniora junior förste förste andre 1:e 2:e "
    "politisk politiske politiska vikarierande adjungerad ansvarig ansvariga avgående tillträdande "
    "dåvarande förre förra "
    "nye nya leg leg. legitimerad digital strategisk nuvarande särskild särskilda särskilde blivande kommande "
    "operativ administrativ administrativa klinisk kliniske kliniska ekonomisk juridisk teknisk tekniska vetenskaplig "
    "vetenskapliga extern intern doktor docent och specialiserad specialistutbildad global "
    "kommersiell kreativ internationell internationella privat ledande biomedicinsk agil"
)
_LEADING = word_group(
    "en ett och ny nya dess deras vår tidigare i dag idag nu numera även också dessutom själv länge utbildad båda "
    "sedan flera den då just"
)
_NO_TITLE = word_group("att som till åt den det av men troligen om inte")
_STOP = word_group(
    "på vid i hos från inom för av till med om som och är var har säger sa berättar konstaterar menar "
    "tycker förklarar samt eller att där när "
    "åt under sedan mot utan kring över efter innan tillsammans den det de en ett hur vad inte nu också själv även"
)
_WITH_FIELD = (
    *("chef", "chefen", "professor", "docent", "lektor", "expert", "ansvarig", "ansvarige", "direktör", "direktören"),
    *("doktorand", "strateg", "specialist", "samordnare", "samordnaren", "jurist", "forskare", "ledare", "utredare"),
    *(
        "minister",
        "överläkare",
        "adjunkt",
        "koordinator",
        "rådgivare",
        "läkare",
        "ambassadör",
        "sakkunnig",
        "handläggare",
    ),
    *("sekreterare", "talesperson", "föreståndare", "ordförande", "ordföranden", "chefer", "utvecklare"),
)
_WITH_BOARD = (
    *(
        "ordförande",
        "ordföranden",
        "ledamot",
        "ledamöter",
        "sekreterare",
        "vice",
        "suppleant",
        "ersättare",
        "adjungerad",
    ),
    *("ledamoten", "gruppledare", "kassör"),
)
_BOARDS = (
    "styrelsen",
    "nämnden",
    "fullmäktige",
    "utskottet",
    "rådet",
    "gruppen",
    "kommittén",
    "beredningen",
    "delegationen",
)
_NO_FIELD = word_group(
    "att sin sina sitt alla hela den det de då oss dem mig dig honom henne frågan frågorna uppdraget projektet arbetet "
    "verksamheten satsningen programmet myndigheten regionen kommunen sjukhuset kliniken enheten avdelningen bolaget "
    "företaget studien rapporten utredningen mottagningen organisationen vårdcentralen verket förbundet landet "
    "regeringen dag år länet"
)
_FIELD_END = word_group(
    "som när där och samt men är var har säger sa på vid hos från till av med under att eller enligt"
)
_UNITS = ("enheten", "avdelningen", "sektionen", "gruppen", "verksamheten", "området", "verksamhetsområdet")
_OFFICES = (
    *(
        "minister",
        "ministern",
        "president",
        "presidenten",
        "generaldirektör",
        "samordnare",
        "ambassadör",
        "statsminister",
    ),
    *("generalsekreterare", "utredare", "talesperson"),
)
_BE = word_group("är var blir blev varit")
_PRONOUNS = word_group("han hon Han Hon")
_APPOINTED = word_group(
    "arbetar arbetat arbetade jobbar jobbat jobbade utsedd utses utsetts utsett utsågs utnämnd "
    "utnämnts utnämns anställd "
    "anställs tillträder tillträdde rekryterats börjar börjat började verksam verkar förordnad förordnats förordnar "
    "valdes vald väljs omvald utser rollen uppdraget tjänsten posten tjänst entledigas avgår efterträder"
)


def _is_board(word: str) -> bool:
    low = word.lower()
    return word.endswith("s") and low.endswith(lexicon.BOARD_ENDINGS) and low.removesuffix("s") not in lexicon.GENERIC


class Titles:
    """The titles of one page: beside names, after copulas, and of offices by country or body.

    Args:
        page: the page.
        by_start: the people of the page: the number of the first word to that after the last one.
        by_end: the number of the last word to that of the first one.
        taken: the words of listed names.
        employers: those of them that are no part of a title after ``för``: bodies and places.
    """

    def __init__(
        self,
        page: Page,
        by_start: Mapping[int, int],
        by_end: Mapping[int, int],
        taken: Collection[int],
        employers: Collection[int],
    ) -> None:
        self._page = page
        self._by_start = by_start
        self._by_end = by_end
        self._taken = taken
        self._employers = employers
        self._verbs = word_set("finite_verbs")
        self._last = -99

    def at(self, i: int) -> Mention | None:
        """Return the title that word ``i`` is the head of, if its surroundings say that somebody bears it."""
        for found in (self._before_name(i), self._after_name(i), self._across_employer(i), self._borne(i)):
            if found is not None:
                start, end, score, source = found
                self._last = end
                page = self._page
                return Mention(page.starts[start], page.ends[end - 1], "ROLE", score, source)
        return None

    def _before_name(self, i: int) -> tuple[int, int, float, str] | None:
        page, words = self._page, self._page.words
        joined = words[i + 1 : i + 2] in (["och"], ["samt"]) and i + 3 in self._by_start and page.gap(i + 2) == " "
        if joined and lexicon.is_role(words[i + 2]):
            return self._leftwards(i), i + 1, 0.88, "rules/role:before-name"
        end = i + 1
        while (
            end < len(words)
            and end - i <= 4
            and page.gap(end - 1) == " "
            and words[end][0].islower()
            and words[end] not in _STOP
        ):
            if words[end] in self._verbs or words[end].endswith(("te", "de")) or lexicon.is_role(words[end]):
                return None
            end += 1
        if end == i + 1 and end in self._by_start and page.gap(i) == ": ":
            return self._leftwards(i), end, 0.85, "rules/role:field"
        if end in self._by_start and page.gap(end - 1) == " ":
            return self._leftwards(i), end, 0.93, "rules/role:before-name"
        end = self._rightwards(i)
        if end in self._by_start and page.gap(end - 1) in (" ", ", "):
            return self._leftwards(i), end, 0.9, "rules/role:before-name"
        return None

    def _leftwards(self, i: int) -> int:
        """Return where a title begins whose head is word ``i``: ``IT- och digitaliseringsdirektör``."""
        page, words = self._page, self._page.words
        start = i
        while start and page.gap(start - 1) == " ":
            before = words[start - 1]
            if before in ("och", "samt") and start > 1 and words[start - 2].endswith("-"):
                start -= 2
                while start and words[start - 1].endswith("-") and page.gap(start - 1).strip() == ",":
                    start -= 1
            elif (before != "och" and before.lower() in _MODIFIERS) or (start == i and _is_board(before)):
                start -= 1
            else:
                break
        return start

    def _after_name(self, i: int) -> tuple[int, int, float, str] | None:
        """``Anna Berg, medicinskt ansvarig sjuksköterska på …`` or ``Anna Berg är chef för …``."""
        start = self._boundary(i)
        words = self._page.words
        alone = words[i] in ("ansvarig", "ansvarige") and words[i + 1 : i + 2] == ["för"]
        if start is None or alone:
            return None
        for k in range(start, i):
            owner = words[k].endswith("s") and (k in self._taken or words[k][0].isupper() or words[k] == "regeringens")
            joined = words[k] in ("och", "samt") and k > start and not words[k - 1].endswith("-")
            if (owner and not _is_board(words[k])) or joined:
                start = k + 1
        if any(word in self._verbs - _BE or word in _NO_TITLE for word in words[start:i]):
            return None
        while start < i and (words[start] in _LEADING or words[start].isdigit()):
            start += 1
        return start, self._rightwards(i), 0.92, "rules/role:after-name"

    def _boundary(self, i: int) -> int | None:
        """Return the first word after the name that a title with head ``i`` stands behind, None without a name."""
        page, words = self._page, self._page.words
        start = i
        while start > 0 and i - start < 7:
            gap = page.gap(start - 1)
            before = words[start - 1]
            beside = start - 1 in self._by_end and gap.strip() in (",", "(", "–", "-", "", ":")
            if beside and (gap != " " or start < i):
                return start
            if gap.startswith(")") and start > 1 and start - 2 in self._by_end and len(before) <= 3:
                return start
            named = start > 1 and (start - 2 in self._by_end or words[start - 2] in ("Han", "Hon"))
            relative = start > 2 and words[start - 2] == "som" and start - 3 in self._by_end
            if before in _BE and (named or relative):
                return start
            if before == "som" and start > 1 and start - 2 in self._by_end and "," not in page.gap(start - 2):
                return start
            proper = before[0].isupper() and not before.endswith("-") and not before.isupper()
            if gap != " " or (proper and not (before.endswith("s") and start - 1 in self._taken)):
                return None
            start -= 1
        return None

    def _rightwards(self, i: int) -> int:
        """Return where a title ends whose head is word ``i``: ``chef för digital utveckling``."""
        page, words = self._page, self._page.words
        end = i + 1
        low = words[i].lower()
        while end < min(i + 12, len(words)) and page.gap(end - 1) == " ":
            word = words[end]
            follows = words[end + 1] if end + 1 < len(words) and page.gap(end) == " " else ""
            if (
                word in ("i", "för")
                and end == i + 1
                and low.endswith(_WITH_BOARD)
                and follows.lower().endswith(_BOARDS)
            ):
                return end + 2
            if word == "i" and end == i + 1 and low.endswith(_WITH_BOARD):
                board = self._board(end + 1)
                return board or end
            if word in ("för", "i", "inom") and end == i + 1 and low.endswith(_WITH_FIELD):
                if not self._is_field(end + 1, follows, word) or low in ("ansvarig", "ansvarige"):
                    break
                end += 2
            elif word in ("för", "i", "inom", "av") and end > i + 1 and follows[:1].islower() and self._goes_on(i, end):
                end += 2
            elif word == "och" and end > i + 1 and follows[:1].islower():
                if follows in self._verbs or follows in _STOP or any(map(lexicon.is_role, words[end + 1 : end + 4])):
                    break
                end += 2
            elif end > i + 1 and word[0].islower() and word not in _FIELD_END and word not in _STOP | self._verbs:
                end += 1
            else:
                break
        while end > i + 1 and words[end - 1] in ("och", "en", "ett", "inom"):
            end -= 1
        return end

    def _goes_on(self, i: int, end: int) -> bool:
        """Whether a field has a field of its own: ``… infrastruktur i vården``, ``enheten för välfärdsteknik``."""
        words = self._page.words
        if words[end] == "för":
            return words[end - 1].endswith(_UNITS)
        if words[end] == "av":
            return words[end - 1].endswith(("et", "en")) and words[i + 1] == "för"
        if end < i + 3:
            return False
        return words[end] == "i" and words[i + 1] == "för" and words[end + 1].endswith(("en", "na", "et", "-"))

    def _is_field(self, place: int, follows: str, joint: str) -> bool:
        if place in self._taken and place not in self._employers:
            return True
        if place in self._taken or not follows:
            return False
        words, page = self._page.words, self._page
        if follows in _NO_FIELD:
            unit = follows.endswith(_UNITS) and page.gap(place) == " " and words[place + 1 : place + 2] == ["för"]
            return joint != "i" and unit
        if joint == "i" and (follows.endswith(("en", "et", "na")) or follows in ("en", "ett")):
            return follows.endswith(("medicinen", "psykiatrin"))
        if follows in ("en", "ett"):
            return joint == "för"
        return follows not in _STOP and (follows[0].islower() or follows[:2].isupper())

    def _board(self, place: int) -> int | None:
        """Return where a board's name ends that begins at ``place``: ``hälso- och sjukvårdsnämnden``."""
        page, words = self._page, self._page.words
        end = place
        while end < min(place + 5, len(words)) and words[end][0].islower():
            if words[end].endswith(_BOARDS):
                return end + 1
            if not words[end].endswith("-") and words[end] not in ("och", "samt") and not words[end].endswith("ska"):
                return None
            if page.gap(end) not in (" ", ", "):
                return None
            end += 1
        return None

    def _across_employer(self, i: int) -> tuple[int, int, float, str] | None:
        """``generaldirektören för Digitala verket, Anna Berg,``."""
        page, words = self._page, self._page.words
        if i + 2 >= len(words) or words[i + 1] not in ("för", "på", "vid", "i", "hos"):
            return None
        if not words[i + 2][0].isupper():
            return None
        for place in range(i + 3, min(i + 9, len(words))):
            if place in self._by_start:
                return self._leftwards(i), i + 1, 0.85, "rules/role:across-employer"
            if any(mark in page.gap(place - 1) for mark in ".;:\n"):
                return None
        return None

    def _borne(self, i: int) -> tuple[int, int, float, str] | None:
        """Titles without a name beside them: a second one, one after a pronoun, an office of a country or the state."""
        page, words = self._page, self._page.words
        start = self._leftwards(i)
        if not start or page.gap(start - 1) not in (" ", ", "):
            return None
        before = words[start - 1]
        opens = max(first for first in page.first if first <= i) if page.first else 0
        if before in ("och", "samt") and page.gap(start - 1) == " " and 0 <= i - self._last <= 9 and self._last > opens:
            return start, self._rightwards(i), 0.85, "rules/role:second"
        if page.gap(start - 1) != " ":
            return None
        if before in _LEADING and start > 1:
            start_of = start - 1
            while start_of > opens and words[start_of] in _LEADING:
                start_of -= 1
            before = words[start_of]
            told = before in _BE or before == "varit"
        else:
            told = before in _BE
        if told and any(words[k] in _PRONOUNS for k in range(max(opens, start - 6), start)):
            return start, self._rightwards(i), 0.85, "rules/role:pronoun"
        if before in ("som", "till") and any(words[k] in _APPOINTED for k in range(max(opens, start - 8), start)):
            return self._appointed(i, start, opens)
        country = start - 1 in self._taken and before.endswith("s") and words[i].lower().endswith(_OFFICES)
        if (country or before == "regeringens") and words[i].lower().endswith(_OFFICES):
            return start, self._rightwards(i), 0.8, "rules/role:office"
        return None

    def _appointed(self, i: int, start: int, opens: int) -> tuple[int, int, float, str] | None:
        words = self._page.words
        near = range(max(opens, start - 16), start)
        if any(k in self._by_start or words[k] in _PRONOUNS for k in near):
            return start, self._rightwards(i), 0.8, "rules/role:appointed"
        return None
