"""Relations between the mentions of one sentence, by the words between them."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from app.pipeline.rules.gazetteers import word_set
from app.pipeline.rules.records import Link, Mention, Page, Sentence

_AT = re.compile(
    r",? (?:på|vid|i|från|hos|för|inom|at)(?: (?:det|den|företaget|bolaget|myndigheten|organisationen|"
    r"stiftelsen))? "
)
_NAME_ROLE = re.compile(
    r"(?: ?\([A-ZÅÄÖ]{1,3}\))?(?:, |\n|,? som är |,? som (?:arbetar|jobbar) som | är | \(| – )(?:en |ny |"
    r"tidigare |dess )?"
)
_BOTH_NAMES = re.compile(r",? (?:och|samt|eller) |, | respektive ")
_JOINT = re.compile(
    r"\b(?:samarbet|tillsammans med|samverk|partnerskap|avtal|överenskommelse|ihop med|gemensam)"
)
_AGREED = re.compile(
    r" (?:har |ska |kommer att )?(?:nu |också )?(?:teckna|inled|samarbeta|samverka|ingå|utvidga|förläng|"
    r"starta|driver gemensamt)[^.]*"
)
_WITH = re.compile(r"\b(?:med|mellan)(?: bland (?:andra|annat))?(?: \w+){0,2} $")
_TAKES_PART = re.compile(
    r"\b(?:ingår|deltar|medverkar|deltog|medverkade|ingick|deltagit|medverkande|deltagande|parterna|"
    r"deltagare|medlem(?:mar)?|anslutit|anslutna|samarbete mellan|samverkan mellan)\b"
)
_IN_PRINT = re.compile(
    r"(?: [\w()]+){0,3} i (?:sin |en |den )?(?:nya |senaste )?(?:rapport|bok|skrift|debattartikel|studie|"
    r"handbok|artikel)\w* ”?"
)
_PUBLISH = re.compile(
    r"\b(?:publicera\w*|g(?:e|er|av|ett) ut|givit ut|släpp\w*|presentera\w*|lansera\w*|skriv\w*|skrev|"
    r"tagit fram|tar fram|överlämna\w*|författa\w*)\b"
)
_ISSUED = re.compile(
    r"\b(?:gavs ut|ges ut|publicerades|publiceras|togs fram|har tagits fram|är framtagen|skrevs|lanserades)\b"
)
_FUND = re.compile(
    r"\b(?:finansiera\w*|satsa\w*|satsning|investera\w*|anslå\w*|avsätt\w*|avsatt\w*|skjut\w* till|"
    r"bidra\w* med|tillför\w*|stöttade|bidrag|beviljat?|beviljar|beviljade)\b"
)
_FUNDED_BY = re.compile(
    r"\b(?:finansieras|finansierat|finansierad|finansierades|bekostas|stöd från|medel från|pengar från|"
    r"beviljats)\b[^.;]{0,60}\b(?:av|från)? ?$"
)
_OWNS = re.compile(r"(?:som är|är|var) $")
_PLAN = re.compile(
    r" (?:gemensamma |nationella |egna |nya )?(?:plan|strategi|vision|satsning|program|projekt|system|"
    r"tjänst|webbplats|initiativ|handlingsplan)\b"
)
_RESPONSIBLE = re.compile(
    r"\b(?:ansvarar för|ansvarig för|ansvarar också för|har ansvaret för|driver|förvaltar|leder|"
    r"samordnar|utvecklar och förvaltar|står bakom|har ansvar för)(?: \w+){0,3}? $"
)
_RUN_BY = re.compile(
    r"\b(?:drivs|förvaltas|leds|samordnas|ägs|utvecklas|tillhandahålls)(?: \w+){0,2}? av(?: \w+)? $"
)
_PART = re.compile(
    r"(?:,? som)? (?:är|utgör|ingår som) en (?:del|avdelning|enhet) (?:av|i|inom) $|, (?:en del av|"
    r"dotterbolag till|som ägs av|ett bolag inom) $"
)
_WORKS = frozenset(("PROGRAMME", "EVENT"))


class RelationFinder:
    """Finds the relations of a page sentence by sentence."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._starts = [mention.start for mention in page.mentions]
        self._last_document: Mention | None = None
        self._wide = word_set("countries") | word_set("provinces")

    def find(self) -> list[Link]:
        """Return the relations, each pair of ends once per label."""
        seen: set[tuple[str, Mention, Mention]] = set()
        for sentence in self._page.sentences:
            found = self._mentions(sentence)
            for link in self._in_sentence(sentence, found):
                if (link.label, link.head, link.tail) not in seen:
                    seen.add((link.label, link.head, link.tail))
                    self._page.links.append(link)
            documents = [m for m in found if m.label == "DOCUMENT"]
            self._last_document = documents[-1] if documents else self._last_document
        return self._page.links

    def _mentions(self, sentence: Sentence) -> list[Mention]:
        return self._page.mentions[
            bisect_left(self._starts, sentence.start) : bisect_left(self._starts, sentence.end)
        ]

    def _between(self, left: Mention, right: Mention) -> str:
        return self._page.text[left.end : right.start]

    def _in_sentence(self, sentence: Sentence, found: Sequence[Mention]) -> Iterator[Link]:
        if not found:
            return
        text = self._page.text[sentence.start : sentence.end]
        yield from self._people(found)
        yield from self._pairs(found)
        if (
            _ISSUED.search(text)
            and self._last_document is not None
            and text.startswith(("Boken", "Rapporten", "Den", "Handboken", "Studien", "Skriften"))
        ):
            for body in found:
                if body.label in ("ORGANISATION", "PERSON"):
                    yield Link("PUBLISHED", body, self._last_document, 0.7, "rules/published:issued")
        if len(found) > 1:
            yield from self._publishing(sentence, found)
            yield from self._membership(text, found)
            yield from self._cooperation(text, found)
            yield from self._funding(sentence, found)
            yield from self._responsibility(found)

    def _people(self, found: Sequence[Mention]) -> Iterator[Link]:
        """Titles and employers beside a name."""
        for i, mention in enumerate(found):
            if mention.label == "PERSON":
                yield from self._before_person(found, i)
                yield from self._after_person(found, i)

    def _before_person(self, found: Sequence[Mention], i: int) -> Iterator[Link]:
        if not i:
            return
        person, before = found[i], found[i - 1]
        if before.label == "ROLE" and self._between(before, person) in (" ", " – "):
            yield Link("HAS_ROLE", person, before, 0.95, "rules/has-role:title")
            yield from self._employer_before(found, i)
        elif before.label == "ORGANISATION" and i > 1 and found[i - 2].label == "ROLE":
            across = _AT.fullmatch(self._between(found[i - 2], before))
            if across and self._between(before, person) in (", ", " "):
                yield Link("HAS_ROLE", person, found[i - 2], 0.85, "rules/has-role:across-employer")
                yield Link("WORKS_FOR", person, before, 0.85, "rules/works-for:across-employer")

    def _after_person(self, found: Sequence[Mention], i: int) -> Iterator[Link]:
        person = last = found[i]
        for after in found[i + 1 :]:
            between = self._between(last, after)
            if after.label != "ROLE":
                if after.label == "ORGANISATION" and self._employed(last, after):
                    yield Link("WORKS_FOR", person, after, 0.9, "rules/works-for:at")
                return
            if last is person and not _NAME_ROLE.fullmatch(between):
                return
            if last is not person and between not in (", ", " och ", " samt "):
                return
            yield Link("HAS_ROLE", person, after, 0.93, "rules/has-role:apposition")
            last = after

    def _employed(self, source: Mention, body: Mention) -> bool:
        between = self._between(source, body)
        if source.label == "PERSON":
            return between in (" från ", " på ", " vid ", " hos ", ", ") or between in (" (",)
        return _AT.fullmatch(between) is not None or between in (", ", " ")

    def _employer_before(self, found: Sequence[Mention], i: int) -> Iterator[Link]:
        """``Region Xs direktör NN`` and ``Region X … via utredaren NN``."""
        role = found[i - 1]
        if i > 1 and found[i - 2].label == "ORGANISATION":
            body, between = found[i - 2], self._between(found[i - 2], role)
            genitive = self._page.text[body.end - 1] in "sz"
            if (between == " " and genitive) or (
                between.endswith((" via ", " genom ")) and len(between) < 40
            ):
                yield Link(
                    "WORKS_FOR", found[i], body, 0.85 if between == " " else 0.7, "rules/works-for:genitive"
                )

    def _pairs(self, found: Sequence[Mention]) -> Iterator[Link]:
        """What two neighbouring mentions say of each other."""
        text = self._page.text
        for left, right in itertools.pairwise(found):
            between = self._between(left, right)
            if (
                between == " ("
                and text[right.end : right.end + 1] == ")"
                and left.label == right.label
                and left.label not in ("PLACE", "PERSON")
            ):
                long, short = (
                    (left, right) if left.end - left.start >= right.end - right.start else (right, left)
                )
                yield Link("SAME_AS", long, short, 0.95, "rules/same-as:brackets")
            elif (
                right.label == "PLACE"
                and left.label in ("ORGANISATION", "PLACE", "EVENT")
                and (between == " i " or (between == " på " and left.label != "PLACE"))
            ):
                if left.label != "ORGANISATION" or text[left.end - 1] != "s" or text[left.start].isupper():
                    yield Link("LOCATED_IN", left, right, 0.8, "rules/located-in:i")
            elif (
                left.label == right.label == "PLACE"
                and between == ", "
                and self._is_wide(right)
                and not self._is_wide(left)
            ):
                yield Link("PART_OF", left, right, 0.75, "rules/part-of:comma")
            elif left.label == right.label == "ORGANISATION" and _PART.fullmatch(between):
                yield Link("PART_OF", left, right, 0.85, "rules/part-of:is-part")

    def _is_wide(self, place: Mention) -> bool:
        return self._page.text[place.start : place.end] in self._wide or place.source == "rules/place:county"

    def _publishing(self, sentence: Sentence, found: Sequence[Mention]) -> Iterator[Link]:
        for document in (m for m in found if m.label == "DOCUMENT" and m.source != "rules/document:law"):
            authors = [m for m in found if m.label in ("PERSON", "ORGANISATION") and m.end <= document.start]
            if not authors:
                continue
            people = [m for m in authors if m.label == "PERSON"]
            author = (people or authors)[-1]
            near = self._page.text[max(sentence.start, author.start - 40) : document.start]
            if _PUBLISH.search(near) or _IN_PRINT.fullmatch(self._between(author, document)):
                yield Link("PUBLISHED", author, document, 0.8, "rules/published:verb")
            elif self._page.text[author.end - 1] == "s" and re.fullmatch(
                r" (?:nya |senaste )?\w+ ”?", self._between(author, document)
            ):
                yield Link("PUBLISHED", author, document, 0.75, "rules/published:genitive")

    def _membership(self, text: str, found: Sequence[Mention]) -> Iterator[Link]:
        if not _TAKES_PART.search(text):
            return
        works = [m for m in found if m.label in _WORKS]
        if not works:
            return
        for body in found:
            if body.label == "ORGANISATION":
                work = min(works, key=lambda w: abs(w.start - body.start))
                yield Link("PARTICIPATES_IN", body, work, 0.75, "rules/participates-in:verb")

    def _cooperation(self, text: str, found: Sequence[Mention]) -> Iterator[Link]:
        if not _JOINT.search(text):
            return
        bodies = [m for m in found if m.label == "ORGANISATION"]
        for i, partner in enumerate(bodies[1:], 1):
            before = self._page.text[max(0, partner.start - 60) : partner.start]
            between = self._between(bodies[0], partner)
            if _WITH.search(before) and _JOINT.search(between + " ") and len(between) < 120:
                yield Link("COLLABORATES_WITH", bodies[0], partner, 0.8, "rules/collaborates-with:verb")
                for other in self._chain(bodies, i):
                    yield Link("COLLABORATES_WITH", bodies[0], other, 0.75, "rules/collaborates-with:list")
                return
        if (
            len(bodies) > 1
            and self._between(bodies[0], bodies[1]) == " och "
            and _AGREED.match(self._page.text, bodies[1].end)
        ):
            yield Link("COLLABORATES_WITH", bodies[0], bodies[1], 0.8, "rules/collaborates-with:subject")
        if re.search(
            r"(?:samarbete|samverkan|partnerskap|avtal)(?:et)? mellan [^.]*$",
            self._page.text[max(0, bodies[0].start - 50) : bodies[0].start] if bodies else "",
        ):
            chain = [bodies[0], *self._chain(bodies, 0)]
            for i, left in enumerate(chain):
                for right in chain[i + 1 :]:
                    yield Link("COLLABORATES_WITH", left, right, 0.8, "rules/collaborates-with:between")

    def _chain(self, bodies: Sequence[Mention], first: int) -> Iterator[Mention]:
        """Yield the bodies that are listed after ``first``: ``A, B och C``."""
        for left, right in zip(bodies[first:], bodies[first + 1 :], strict=False):
            if not _BOTH_NAMES.fullmatch(self._between(left, right)):
                return
            yield right

    def _funding(self, sentence: Sentence, found: Sequence[Mention]) -> Iterator[Link]:
        text = self._page.text
        for body in (m for m in found if m.label == "ORGANISATION"):
            if _FUNDED_BY.search(text[sentence.start : body.start]):
                target = next(
                    (m for m in found if m.label in ("PROGRAMME", "SERVICE") and m.end <= body.start), None
                )
                paid = next((m for m in found if m.label == "MONEY" and m.start > body.end), None)
                if target is not None:
                    yield Link("FUNDS", body, target, 0.75, "rules/funds:by")
                elif paid is not None:
                    yield Link("FUNDS", body, paid, 0.7, "rules/funds:by")
                continue
            for target in (m for m in found if m.label in ("MONEY", "PROGRAMME") and m.start >= body.end):
                between = self._between(body, target)
                nearest = not any(
                    m.label == "ORGANISATION" and body.end <= m.start < target.start for m in found
                )
                window = text[max(sentence.start, body.start - 40) : body.start] + between
                if (
                    nearest
                    and len(between) < 80
                    and _FUND.search(between if target.label == "PROGRAMME" else window)
                ):
                    yield Link("FUNDS", body, target, 0.75, "rules/funds:verb")
                break

    def _responsibility(self, found: Sequence[Mention]) -> Iterator[Link]:
        for i, body in enumerate(found):
            if body.label not in ("ORGANISATION", "PERSON"):
                continue
            for work in found[:i]:
                if work.label not in ("PROGRAMME", "SERVICE") or body.label != "ORGANISATION":
                    continue
                if _RUN_BY.search(self._between(work, body)):
                    yield Link("RESPONSIBLE_FOR", body, work, 0.8, "rules/responsible-for:by")
                elif _OWNS.search(self._between(work, body)) and self._plan_after(found, i):
                    for owner in [body, *self._chain([m for m in found[i:] if m.label == "ORGANISATION"], 0)]:
                        yield Link("RESPONSIBLE_FOR", owner, work, 0.75, "rules/responsible-for:plan")
            after = found[i + 1] if i + 1 < len(found) else None
            if (
                after is not None
                and after.label in ("PROGRAMME", "SERVICE")
                and _RESPONSIBLE.search(self._between(body, after) + "")
            ):
                yield Link("RESPONSIBLE_FOR", body, after, 0.8, "rules/responsible-for:verb")

    def _plan_after(self, found: Sequence[Mention], i: int) -> bool:
        bodies = [m for m in found[i:] if m.label == "ORGANISATION"]
        last = [bodies[0], *self._chain(bodies, 0)][-1]
        return _PLAN.match(self._page.text, last.end) is not None


def find_relations(page: Page) -> list[Link]:
    """Note and return the relations of a page whose mentions are known."""
    return RelationFinder(page).find()
