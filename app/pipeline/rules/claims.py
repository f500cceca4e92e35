"""Claims: what somebody says is so, and who says it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from app.pipeline.rules.facets import kind_of
from app.pipeline.rules.gazetteers import entries, word_set
from app.pipeline.rules.lexicon import gender
from app.pipeline.rules.records import Claim, Mention, Page, Sentence

_FORM = re.compile(r"[a-zåäöéü]+")
_PRONOUN = re.compile(r"\s+(?:också |även |själv |nu |vidare )?(han|hon|hen|de)\b")
_NO_SUBJECT = re.compile(r"\s+(?:jag|vi|du|ni|man|det|att|inte|allt|något|mycket|mer|om|på|upp|fram)\b")
_BEFORE_PRONOUN = re.compile(r"\b(han|hon|hen)\s*(?:\w+\s)?$", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:vi|jag|man)\s*(?:\w+\s)?$", re.IGNORECASE)
_ADVERBS = re.compile(
    r"(?:också|även|dock|vidare|samtidigt|därför|nu|i dag|dessutom|bland annat|inte|alltså)?"
)
_ATTRIBUTION = re.compile(
    r"(?:Så|Det|Detta) (?:skriver|säger|sa|menar|konstaterar|berättar|skrev)\b|(?:säger|skriver|sa|menar|"
    r"konstaterar|berättar)\b",
    re.IGNORECASE,
)
_ACCORDING = re.compile(r"Enligt\s+(?:den |det |en )?(?:\w+\s){0,3}?$")
_SUBORDINATE = re.compile(r"\b(?:som|där|vilket|vilka|att|när|om|eftersom)\b")
_PREPOSITION = re.compile(r"(?:i|på|till|under|för|efter|vid|inför) ")
_VERB_ENDINGS = ("erar", "erade", "ades", "eras")
_BEFORE_VERB = frozenset(("jag", "vi", "ni", "hon", "han", "hen", "man", "du"))
_SPEAKERS = ("PERSON", "ORGANISATION")
_QUOTE = re.compile(r"”([^”]{12,1500})”")


@cache
def _verbs() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the reporting verbs after a quotation, and those before a that-clause."""
    listed = entries("verbs")
    after = "|".join(sorted((re.escape(v.removesuffix(" att")) for v in listed), key=len, reverse=True))
    that = "|".join(sorted((re.escape(v[:-4]) for v in listed if v.endswith(" att")), key=len, reverse=True))
    return re.compile(rf"[,.!?…”]\s*(?:[–−-]\s+)?({after})\b(?=\s)"), re.compile(
        rf"\b({that})\s+([^.:;]{{0,90}}?)\batt\s+"
    )


class _Clause(NamedTuple):
    """A reporting clause after a quotation; ``pronoun`` stands where nobody is named."""

    start: int
    verb: str
    speaker: Mention | None
    pronoun: str


_Speaker = tuple[Mention | None, float]


class ClaimFinder:
    """Walks through the sentences of a page and notes its claims."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._starts = [mention.start for mention in page.mentions]
        self._finite = word_set("finite_verbs")
        self._last_quote: tuple[int, Mention] | None = None
        self._done: set[int] = set()

    def find(self) -> list[Claim]:
        """Return the claims in the order of the text."""
        sentences = self._page.sentences
        first = 0
        while first < len(sentences):
            last = first
            while last < len(sentences) and sentences[last].block == sentences[first].block:
                last += 1
            self._block(sentences[first:last], sentences[last] if last < len(sentences) else None)
            first = last
        return self._page.claims

    def _block(self, block: Sequence[Sentence], following: Sentence | None) -> None:
        role = block[0].role
        if role == "heading":
            return
        if role == "dash":
            self._quotation(block, following)
        elif self._page.text[block[0].start] == "”" and self._quoted_block(block, following):
            return
        else:
            for number, sentence in enumerate(block):
                following_quote = (
                    number + 1 == len(block) and following is not None and following.role == "dash"
                )
                self._plain(sentence, following_quote)

    def _mentions(self, start: int, end: int, labels: Sequence[str] = ()) -> list[Mention]:
        mentions = self._page.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        return [mention for mention in mentions if not labels or mention.label in labels]

    def _add(self, start: int, end: int, mode: str, score: float, source: str) -> Claim | None:
        text = self._page.text
        while end > start and text[end - 1] in " ,”\n":
            end -= 1
        while start < end and text[start] in "” –−\n":
            start += 1
        if end - start < 8:
            return None
        labels = {mention.label for mention in self._mentions(start, end)}
        claim = Claim(start, end, kind_of(text[start:end], mode, labels), mode, score, source)
        self._page.claims.append(claim)
        return claim

    # quotations

    def _quotation(self, block: Sequence[Sentence], following: Sentence | None) -> None:
        """``– One. Two, säger NN.``: every sentence a claim, the reporting clause left out."""
        clause: _Clause | None = None
        claims: list[Claim | None] = []
        for sentence in block:
            found = self._reporting(sentence.start, sentence.end) if clause is None else None
            clause = clause or found
            end = found.start if found is not None else sentence.end
            claims.append(self._add(sentence.start, end, "direct", 0.9, "rules/claim:dash-quote"))
        speaker, score = (clause.speaker, 0.93) if clause is not None else (None, 0.0)
        if speaker is None:
            speaker, score = self._speaker_around(block[0], following, clause)
        cue = clause.verb if clause is not None else None
        for claim in claims:
            if claim is not None:
                claim.cue, claim.speaker, claim.speaker_score = cue, speaker, score
        if speaker is not None:
            self._last_quote = block[0].block, speaker

    def _reporting(self, start: int, end: int) -> _Clause | None:
        """Return the reporting clause of a quoted sentence: where it begins, its verb, who speaks."""
        text = self._page.text
        for found in _verbs()[0].finditer(text, start, end):
            place = found.start() + (text[found.start()] in ".!?…")
            pronoun = _PRONOUN.match(text, found.end(), end)
            if pronoun:
                return _Clause(place, found.group(1), None, pronoun.group(1))
            if _NO_SUBJECT.match(text, found.end(), end):
                continue
            named = self._mentions(found.end(), min(end, found.end() + 120), _SPEAKERS)
            people = [mention for mention in named if mention.label == "PERSON"]
            return _Clause(place, found.group(1), next(iter(people or named), None), "")
        return None

    def _speaker_around(
        self, first: Sentence, following: Sentence | None, clause: _Clause | None
    ) -> _Speaker:
        """Return who speaks where the quotation itself names nobody."""
        if clause is None:
            if self._last_quote and self._last_quote[0] == first.block - 1:
                return self._last_quote[1], 0.7
            if following is not None and _ATTRIBUTION.match(self._page.text, following.start, following.end):
                named = self._mentions(following.start, following.end, ("PERSON",))
                if named:
                    return named[0], 0.85
        elif not clause.pronoun:
            return None, 0.0
        person = self._last_person(first.start, clause.pronoun if clause else "")
        return (person, 0.85 if clause else 0.7) if person is not None else (None, 0.0)

    def _last_person(self, place: int, pronoun: str = "") -> Mention | None:
        """Return the person named last before ``place`` whom ``han`` or ``hon`` can mean."""
        people = self._mentions(max(0, place - 600), place, ("PERSON",))
        for person in reversed(people):
            if pronoun not in ("han", "hon"):
                return person
            if gender(self._page.text[person.start : person.end]) in (pronoun, ""):
                return person
        return people[-1] if people else None

    def _quoted_block(self, block: Sequence[Sentence], following: Sentence | None) -> bool:
        """A paragraph that is one quotation in marks, reported in itself or in the next line."""
        text = self._page.text
        start, end = block[0].start, block[-1].end
        close = text.find("”", start + 1, end)
        inner_end = close if close > 0 else end
        if inner_end - start < 25:
            return False
        rest = text[inner_end + 1 : end].strip(" ,.")
        clause = self._reporting(max(start, inner_end - 1), end)
        speaker, cue = (clause.speaker, clause.verb) if clause else (None, None)
        if clause is None and not rest and following is not None:
            attribution = _ATTRIBUTION.match(text, following.start, following.end)
            named = self._mentions(following.start, following.end, _SPEAKERS) if attribution else []
            if attribution and named:
                speaker, cue = named[0], attribution.group().split()[-1]
                self._done.add(following.start)
        if cue is None:
            return False
        if speaker is None:
            speaker = self._last_person(start, clause.pronoun if clause else "")
        for sentence in block:
            if sentence.start < inner_end:
                claim = self._add(
                    sentence.start, min(sentence.end, inner_end), "direct", 0.88, "rules/claim:marked-quote"
                )
                if claim is not None:
                    claim.cue, claim.speaker, claim.speaker_score = cue, speaker, 0.88
            elif sentence.start > inner_end + 1 and clause is not None and sentence.start > clause.start:
                self._plain(sentence, False)
        return True

    # running text

    def _plain(self, sentence: Sentence, before_quote: bool) -> None:
        text = self._page.text
        start, end = sentence.start, sentence.end
        if text[end - 1] == "?" or sentence.start in self._done:
            return
        if (before_quote and text[end - 1] == ":") or not self._is_statement(sentence):
            return
        if _ATTRIBUTION.match(text, start, end) and end - start < 160:
            return
        if self._inline_quote(sentence) or self._that_clause(sentence) or self._told(sentence):
            return
        score = 0.65 if sentence.role == "bullet" else 0.8 if self._has_verb(text[start:end]) else 0.5
        claim = self._add(start, end, "author", score, "rules/claim:statement")
        named = self._mentions(start, min(end, start + 90), _SPEAKERS)
        if claim is not None and named and _ACCORDING.match(text, start, named[0].start):
            claim.mode, claim.source, claim.cue = "indirect", "rules/claim:according-to", "enligt"
            claim.speaker, claim.speaker_score = named[0], 0.88

    def _told(self, sentence: Sentence) -> bool:
        """``X, säger NN.`` without dash or marks."""
        clause = self._reporting(sentence.start + 20, sentence.end)
        if clause is None or (clause.speaker is None and not clause.pronoun):
            return False
        if clause.speaker is not None and clause.speaker.start - clause.start > 60:
            return False
        claim = self._add(sentence.start, clause.start, "indirect", 0.75, "rules/claim:told")
        if claim is not None:
            speaker = clause.speaker or self._last_person(sentence.start, clause.pronoun)
            claim.cue, claim.speaker, claim.speaker_score = clause.verb, speaker, 0.8
        return claim is not None

    def _is_statement(self, sentence: Sentence) -> bool:
        """Whether the sentence holds a finite verb, in a caption one of its main clause."""
        body = self._page.text[sentence.start : sentence.end]
        if body.startswith(("Foto:", "Bild:", "Fakta")) or body.count(" ") < 2:
            return False
        if sentence.role == "bullet" and body[-1] not in ".!":
            return False
        if sentence.role == "caption":
            clauses = [_SUBORDINATE.split(part)[0] for part in body.split(",")]
            return any(self._has_verb(part) for part in clauses)
        return self._has_verb(body) or (sentence.role == "text" and body[-1] == "." and body.count(" ") >= 7)

    def _has_verb(self, body: str) -> bool:
        before = ""
        for found in _FORM.finditer(body.lower()):
            word = found.group()
            if word in self._finite or word.endswith(_VERB_ENDINGS):
                return True
            if before and word.endswith("as") and not word.endswith(("nas", "ras")):
                return True
            if before in _BEFORE_VERB and word.endswith(("ar", "er", "de", "te")):
                return True
            before = word
        return False

    def _inline_quote(self, sentence: Sentence) -> bool:
        """``NN säger: ”X.”`` and ``”X”, säger NN.`` inside running text."""
        text = self._page.text
        if text.find("”", sentence.start, sentence.end) < 0:
            return False
        for quote in _QUOTE.finditer(text, sentence.start, sentence.end):
            if quote.group(1).count(" ") < 3 or not self._has_verb(quote.group(1)):
                continue
            after = self._reporting(quote.end() - 1, sentence.end)
            before = re.search(
                r"\b(säger|sa|skriver|skrev|konstaterar|menar|berättar|svarar|uttrycker)\b[^”]{0,60}$",
                text[sentence.start : quote.start()],
            )
            if after is None and before is None:
                continue
            claim = self._add(quote.start() + 1, quote.end() - 1, "direct", 0.85, "rules/claim:marked-quote")
            named = (
                after[2]
                if after
                else next(iter(self._mentions(sentence.start, quote.start(), _SPEAKERS)), None)
            )
            if claim is not None:
                claim.cue = after.verb if after else before.group(1) if before else None
                pronoun = after.pronoun if after else ""
                claim.speaker, claim.speaker_score = named or self._last_person(sentence.start, pronoun), 0.85
                return True
        return False

    def _that_clause(self, sentence: Sentence) -> bool:
        """``NN konstaterar att X``: X is the claim if NN is somebody."""
        text = self._page.text
        for found in _verbs()[1].finditer(text, sentence.start, sentence.end):
            between = found.group(2).strip()
            head = text[sentence.start : found.start()]
            if _FIRST_PERSON.search(head) or len(head) > 160:
                continue
            speaker = self._subject(
                sentence.start, found.start(), found.start(2), found.start(2) + len(found.group(2))
            )
            if speaker is None and (_BEFORE_PRONOUN.search(head) or between in ("han", "hon", "hen")):
                told = _BEFORE_PRONOUN.search(head)
                speaker = self._last_person(sentence.start, (told.group(1) if told else between).lower())
            if speaker is None or (between and not _fits(between, text, speaker, found)):
                continue
            claim = self._add(found.end(), sentence.end, "indirect", 0.85, "rules/claim:that-clause")
            if claim is not None:
                claim.cue, claim.speaker, claim.speaker_score = found.group(1), speaker, 0.88
                return True
        return False

    def _subject(self, start: int, verb: int, after: int, clause: int) -> Mention | None:
        """Return who says it: named before the verb, people first, or between verb and that-clause."""
        between = self._mentions(after, clause, _SPEAKERS)
        before = self._mentions(start, verb, _SPEAKERS)
        people = [m for m in before if m.label == "PERSON"]
        if between:
            return between[0]
        if people:
            return people[-1] if verb - people[-1].end < 60 else people[0]
        if len(before) > 1 and self._page.text[before[-1].start - 1] == "(":
            return before[-2]
        return before[-1] if before and verb - before[-1].end <= 2 else None


def _fits(between: str, text: str, speaker: Mention, found: re.Match[str]) -> bool:
    """Whether what stands between verb and ``att`` is an adverb, the subject, or an appositive of it."""
    if _ADVERBS.fullmatch(between) or between in ("han", "hon", "hen"):
        return True
    if speaker.start >= found.start(2):
        rest = text[speaker.end : found.end(2)].strip()
        return _ADVERBS.fullmatch(rest) is not None or rest.startswith((",", "(", "i ", "på ", "vid "))
    return _PREPOSITION.match(between) is not None or (between.count(" ") <= 1 and not between.endswith(","))


def find_claims(page: Page) -> list[Claim]:
    """Note and return the claims of a page whose mentions are known."""
    return ClaimFinder(page).find()
