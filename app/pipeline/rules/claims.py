"""Claims: what somebody says is so, and who says it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.pipeline.rules.according import find_according
from app.pipeline.rules.facets import kind_of
from app.pipeline.rules.records import Claim, Mention, Page, Sentence
from app.pipeline.rules.speakers import SPEAKERS, Clause, Speakers, verbs
from app.pipeline.rules.statements import has_verb, is_lead_in, is_statement

_BEFORE_PRONOUN = re.compile(r"\b(han|hon|hen)\s*(?:\w+\s)?$", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:vi|jag|man)\s*(?:\w+\s)?$", re.IGNORECASE)
_ADVERBS = re.compile(r"(?:också|även|dock|vidare|samtidigt|därför|nu|i dag|dessutom|bland annat|inte|alltså)?")
_ATTRIBUTION = re.compile(
    r"(?:Så|Det|Detta) (?:skriver|säger|sa|menar|konstaterar|berättar|skrev|anser|tycker|uppger|hävdar)\b|"
    r"(?:säger|skriver|sa|menar|konstaterar|berättar)\b",
    re.IGNORECASE,
)
_OPINION = re.compile(r"(?:Det|Så) (menar|anser|tycker|hävdar|säger|skriver|konstaterar|uppger|bedömer|tror)\b")
_SAYS_QUOTE = re.compile(r"\b(säger|sa|skriver|skrev|konstaterar|menar|berättar|svarar|uttrycker)\b[^”]{0,60}$")
_PREPOSITION = re.compile(r"(?:i|på|till|under|för|efter|vid|inför) ")
_OF_PRINT = re.compile(
    r"(?:\w+ ){0,3}\w*(?:rapport|kartläggning|studie|undersökning|enkät|utredning|analys|granskning|uppföljning|"
    r"statistik|"
    r"siffror|mätning|sammanställning|utvärdering)\w*"
)
_SHOWS = ("visar", "visade", "framgår")
_OWN_VOICE = re.compile(r"\b(?:vi|jag|vår|vårt|våra)\b", re.IGNORECASE)
_QUOTE = re.compile(r"”([^”]{12,1500})”")
_Speaker = tuple[Mention | None, float]


class ClaimFinder:
    """Walks through the sentences of a page and notes its claims."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._speakers = Speakers(page)
        self._last_quote: tuple[int, Mention] | None = None
        self._previous: Sentence | None = None
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
            self._previous = sentences[last - 1]
            first = last
        return self._page.claims

    def _block(self, block: Sequence[Sentence], following: Sentence | None) -> None:
        role, text = block[0].role, self._page.text
        before_quote = following is not None and following.role == "dash"
        if role == "heading":
            if is_lead_in(text[block[0].start : block[0].end]) and not before_quote:
                self._add(block[0].start, block[0].end, "author", 0.5, "rules/claim:lead-in")
        elif role == "dash":
            self._quotation(block, following)
        elif text[block[0].start] != "”" or not self._quoted_block(block, following):
            for number, sentence in enumerate(block):
                self._plain(sentence, number + 1 == len(block) and before_quote)

    def _add(
        self,
        start: int,
        end: int,
        mode: str,
        score: float,
        source: str,
        said: tuple[str | None, Mention | None, float] = (None, None, 0.0),
    ) -> Claim | None:
        """Note a claim without the marks around it; ``said`` is the cue, who speaks, and how sure that is."""
        text = self._page.text
        while end > start and text[end - 1] in " ,”\n":
            end -= 1
        while start < end and text[start] in "” –−\n":
            start += 1
        if end - start < 8:
            return None
        claim = Claim(start, end, "", mode, score, source, *said)
        self._page.claims.append(claim)
        return claim

    # quotations

    def _quotation(self, block: Sequence[Sentence], following: Sentence | None) -> None:
        """``– One. Two, säger NN.``: every sentence a claim, the reporting clause left out."""
        clause: Clause | None = None
        claims: list[Claim | None] = []
        for sentence in block:
            found = self._speakers.reporting(sentence.start, sentence.end) if clause is None else None
            clause = clause or found
            end = found.start if found is not None else sentence.end
            if not self._is_exclamation(sentence.start, end):
                claims.append(self._add(sentence.start, end, "direct", 0.9, "rules/claim:dash-quote"))
            if found is not None:
                claims.append(self._told_as_well(found.start, sentence.end))
        speaker, score = (clause.speaker, 0.93) if clause is not None else (None, 0.0)
        if speaker is None:
            speaker, score = self._speaker_around(block[0], following, clause)
        cue = clause.verb if clause is not None else None
        for claim in claims:
            if claim is not None:
                claim.cue, claim.speaker, claim.speaker_score = claim.cue or cue, speaker, score
        if speaker is not None:
            self._last_quote = block[0].block, speaker

    def _is_exclamation(self, start: int, end: int) -> bool:
        return self._page.text[end - 1] == "!" and self._page.text.count(" ", start, end) < 1

    def _told_as_well(self, start: int, end: int) -> Claim | None:
        """``… säger hon och tillägger att X.``"""
        told = (found for found in verbs()[1].finditer(self._page.text, start, end) if not found.group(2).strip())
        found = next(told, None)
        if found is None:
            return None
        return self._add(found.end(3), end, "indirect", 0.8, "rules/claim:that-clause", (found.group(1), None, 0.0))

    def _speaker_around(self, first: Sentence, following: Sentence | None, clause: Clause | None) -> _Speaker:
        """Return who speaks where the quotation itself names nobody."""
        last = self._last_quote
        if clause is None:
            if last and last[0] == first.block - 1:
                return last[1], 0.7
            if following is not None and _ATTRIBUTION.match(self._page.text, following.start, following.end):
                named = self._speakers.mentions(following.start, following.end, ("PERSON",))
                if named:
                    return named[0], 0.85
            if last and self._previous is not None and self._page.text[self._previous.end - 1] == "?":
                return last[1], 0.7
        elif not clause.pronoun:
            return None, 0.0
        person = self._speakers.last_person(first.start, clause.pronoun if clause else "")
        if person is None and clause is None:
            person = last[1] if last else self._speakers.first_person()
        return (person, 0.85 if clause else 0.7) if person is not None else (None, 0.0)

    def _quoted_block(self, block: Sequence[Sentence], following: Sentence | None) -> bool:
        """A paragraph that is one quotation in marks, reported in itself or in the next line."""
        text = self._page.text
        start, end = block[0].start, block[-1].end
        close = text.find("”", start + 1, end)
        inner_end = close if close > 0 else end
        if inner_end - start < 25:
            return False
        rest = text[inner_end + 1 : end].strip(" ,.")
        clause = self._speakers.reporting(max(start, inner_end - 1), end)
        speaker, cue = (clause.speaker, clause.verb) if clause else (None, None)
        if clause is None and not rest and following is not None:
            attribution = _ATTRIBUTION.match(text, following.start, following.end)
            named = self._speakers.mentions(following.start, following.end, SPEAKERS) if attribution else []
            if attribution and named:
                speaker, cue = named[0], attribution.group().split()[-1]
                self._done.add(following.start)
        if cue is None:
            return False
        if speaker is None:
            speaker = self._speakers.last_person(start, clause.pronoun if clause else "")
        for sentence in block:
            if sentence.start < inner_end:
                last = min(sentence.end, inner_end)
                self._add(sentence.start, last, "direct", 0.88, "rules/claim:marked-quote", (cue, speaker, 0.88))
            elif sentence.start > inner_end + 1 and clause is not None and sentence.start > clause.start:
                self._plain(sentence, False)
        if speaker is not None:
            self._last_quote = block[0].block, speaker
        return True

    # running text

    def _plain(self, sentence: Sentence, before_quote: bool) -> None:
        text = self._page.text
        start, end = sentence.start, sentence.end
        if text[start:end].rstrip("”)").endswith("?") or sentence.start in self._done:
            return
        if (before_quote and text[end - 1] == ":") or not is_statement(text, sentence):
            return
        if _ATTRIBUTION.match(text, start, end) and end - start < 160:
            self._opinion_before(sentence)
            return
        if self._inline_quote(sentence) or self._that_clause(sentence) or self._told(sentence):
            return
        said = find_according(self._page, self._speakers, sentence)
        if said is not None:
            self._add(said.start, end, "indirect", 0.8, "rules/claim:according-to", ("enligt", said.speaker, 0.85))
            return
        score = 0.65 if sentence.role == "bullet" else 0.8 if has_verb(text[start:end]) else 0.5
        self._add(start, end, "author", score, "rules/claim:statement")

    def _opinion_before(self, sentence: Sentence) -> None:
        """``X. Det menar NN.``: the sentence before is what NN says."""
        told = _OPINION.match(self._page.text, sentence.start, sentence.end)
        claim = self._page.claims[-1] if self._page.claims else None
        if told is None or claim is None or sentence.start - claim.end > 4:
            return
        named = self._speakers.mentions(told.end(), sentence.end, SPEAKERS)
        people = [mention for mention in named if mention.label == "PERSON"]
        if claim.mode == "author" and named:
            claim.mode, claim.source = "indirect", "rules/claim:opinion"
            claim.cue, claim.speaker, claim.speaker_score = told.group(1), (people or named)[0], 0.85

    def _told(self, sentence: Sentence) -> bool:
        """``X, säger NN.`` without dash or marks; what a report shows is the text's own statement."""
        text = self._page.text
        clause = self._speakers.reporting(sentence.start + 20, sentence.end)
        if clause is None or (clause.speaker is None and not clause.pronoun):
            return False
        if clause.speaker is not None:
            way = text[clause.start : clause.speaker.start].partition(clause.verb)[2].strip()
            if len(way) > 60 or clause.verb in _SHOWS or _OF_PRINT.match(way):
                return False
        own = clause.verb in ("skriver", "skrev", "säger") and _OWN_VOICE.search(text, sentence.start, clause.start)
        speaker = clause.speaker or self._speakers.last_person(sentence.start, clause.pronoun)
        mode = "direct" if own else "indirect"
        said = (clause.verb, speaker, 0.8)
        return self._add(sentence.start, clause.start, mode, 0.75, "rules/claim:told", said) is not None

    def _inline_quote(self, sentence: Sentence) -> bool:
        """``NN säger: ”X.”`` and ``”X”, säger NN.`` inside running text."""
        text = self._page.text
        if text.find("”", sentence.start, sentence.end) < 0:
            return False
        for quote in _QUOTE.finditer(text, sentence.start, sentence.end):
            if quote.group(1).count(" ") < 3 or not has_verb(quote.group(1)):
                continue
            after = self._speakers.reporting(quote.end() - 1, sentence.end)
            before = _SAYS_QUOTE.search(text[sentence.start : quote.start()])
            if after is not None:
                named, cue = after.speaker, after.verb
            elif before is not None:
                inside = self._speakers.mentions(sentence.start, quote.start(), SPEAKERS)
                people = [mention for mention in inside if mention.label == "PERSON"]
                named, cue = next(iter(people or inside), None), before.group(1)
            else:
                continue
            named = named or self._speakers.last_person(sentence.start, after.pronoun if after else "")
            said = (cue, named, 0.85)
            if self._add(quote.start() + 1, quote.end() - 1, "direct", 0.85, "rules/claim:marked-quote", said):
                return True
        return False

    def _that_clause(self, sentence: Sentence) -> bool:
        """``NN konstaterar att X``: X is the claim if NN is somebody."""
        text = self._page.text
        for found in verbs()[1].finditer(text, sentence.start, sentence.end):
            between = found.group(2).strip()
            head = text[sentence.start : found.start()]
            if _FIRST_PERSON.search(head) or len(head) > 200:
                continue
            speaker = self._speakers.subject(sentence.start, found)
            if speaker is None and (_BEFORE_PRONOUN.search(head) or between in ("han", "hon", "hen")):
                told = _BEFORE_PRONOUN.search(head)
                speaker = self._speakers.last_person(sentence.start, (told.group(1) if told else between).lower())
            if speaker is None or (between and not _fits(between, text, speaker, found)):
                continue
            said = (found.group(1), speaker, 0.88)
            if self._add(found.end(3), sentence.end, "indirect", 0.85, "rules/claim:that-clause", said):
                return True
        return False


def _fits(between: str, text: str, speaker: Mention, found: re.Match[str]) -> bool:
    """Whether what stands between verb and ``att`` is an adverb, the subject, or an appositive of it."""
    if _ADVERBS.fullmatch(between) or between in ("han", "hon", "hen"):
        return True
    if speaker.start >= found.start(2):
        rest = text[speaker.end : found.end(2)].strip()
        return _ADVERBS.fullmatch(rest) is not None or rest.startswith((",", "(", "i ", "på ", "vid "))
    return _PREPOSITION.match(between) is not None or (between.count(" ") <= 1 and not between.endswith(","))


def find_claims(page: Page) -> list[Claim]:
    """Note and return the claims of a page whose mentions are known, each with its kind."""
    claims = ClaimFinder(page).find()
    speakers = Speakers(page)
    for claim in claims:
        inside = speakers.mentions(claim.start, claim.end)
        named = [(m.start - claim.start, m.end - claim.start, m.label) for m in inside if m.end <= claim.end]
        claim.kind = kind_of(page.text[claim.start : claim.end], claim.mode, named)
    return claims
