"""The memory: what a curator confirmed and refused, and where a text says the same again.

It is a function of what stands: annotations speak for a form with a label, decisions against a suggestion and
annotations of the form with another label speak against it. A score is the share of what speaks for it, smoothed
(the mean of a Beta(1, 1) prior's posterior; Laplace's rule of succession). Where a form is ambiguous, the words beside
it weigh in as in naive Bayes: each by how much more often it stood beside what was confirmed than beside what was not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import exp, log
from typing import NamedTuple

from models.spans import Span
from models.text import surface
from models.wording import Words, fits, form_of, nouns, opens_line, plain, stem, words

LEAST = 0.5
"""The score under which the memory proposes nothing."""
FORM = tuple[str, ...]
_JOINERS = "-‐‑_@"
_JOINED_TO = frozenset(_JOINERS)
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")


class Tally(NamedTuple):
    """How often a label was confirmed on a form, and how often refused."""

    yes: int = 0
    no: int = 0

    @property
    def share(self) -> float:
        """The smoothed share of confirmations, 0 to 1."""
        return (self.yes + 1) / (self.yes + self.no + 2)


class Context(NamedTuple):
    """One judgement on a form with a label, and the words before and after it as keys; empty at an end of the text."""

    label: str
    good: bool
    before: str
    after: str


class Recalled(NamedTuple):
    """What the memory proposes in a text. ``inflected``: the very form was never judged, a kindred one was."""

    span: Span
    label: str
    score: float
    form: FORM
    inflected: bool = False


@dataclass(slots=True)
class Form:
    """What is remembered under one form: each source's (quote's or surface's) tallies by label."""

    key: FORM
    quotes: dict[str, Mapping[str, int]] = field(default_factory=dict)
    """Quote as annotated → label → how many annotations."""
    refusals: dict[str, Mapping[str, int]] = field(default_factory=dict)
    """Surface as decided on → label → how many decisions against it."""
    contexts: tuple[Context, ...] | None = None
    """Judgements with the words beside them; None until somebody asks."""
    spellings: tuple[str, ...] = ()
    capital: bool = False
    """Whether every spelling begins with a capital letter."""
    noun: bool = False
    """Whether a spelling ends in a word with a small letter, which may take the definite article."""

    @property
    def ambiguous(self) -> bool:
        """Whether the form alone does not tell."""
        return bool(self.refusals) or len({label for counts in self.quotes.values() for label in counts}) > 1

    def tallies(self) -> dict[str, Tally]:
        """Return label → tally; another label's confirmations count against a label."""
        yes: dict[str, int] = {}
        no: dict[str, int] = {}
        for into, sources in ((yes, self.quotes), (no, self.refusals)):
            for counts in sources.values():
                for label, count in counts.items():
                    into[label] = into.get(label, 0) + count
        every = sum(yes.values())
        return {
            label: Tally(yes.get(label, 0), no.get(label, 0) + every - yes.get(label, 0))
            for label in dict.fromkeys((*yes, *no))
        }


@dataclass(frozen=True, slots=True)
class Closed:
    """Where the memory proposes nothing: inside ``spans``, labels refused at a place, labels barred on a surface."""

    spans: Sequence[Span] = ()
    refused: Collection[tuple[str, int, int]] = frozenset()
    barred: Collection[tuple[str, str]] = frozenset()


class Memory:
    """Remembered forms of one kind (entities, or claims), found again in texts in one pass over their words.

    ``contexts`` returns a form's judgements with the words beside them; it is asked only for ambiguous forms.
    ``least_words`` is how many words a passage must have to be remembered.
    """

    def __init__(self, contexts: Callable[[Form], Iterable[Context]] = lambda form: (), least_words: int = 1) -> None:
        self._contexts = contexts
        self._least_words = least_words
        self.forms: dict[FORM, Form] = {}
        self.silent: set[FORM] = set()
        """Forms that a curator asked to forget: known, but not proposed."""
        self._alone: dict[str, int] = {}
        self._nouns = 0
        """How many forms are common nouns."""
        self._first: dict[str, int] = {}
        """First word of several → how many forms begin so."""
        self._begun: dict[tuple[str, str], dict[int, int]] = {}
        """First two words → number of words → how many forms begin so."""

    def __len__(self) -> int:
        return len(self.forms)

    def find(self, form: FORM) -> Form | None:
        """Return what is remembered of a form, or of the noun that it is a definite form of."""
        return self.forms.get(form) or self._noun(form)

    def _noun(self, found: FORM) -> Form | None:
        """Return the remembered noun that a form is a definite form of."""
        for base in nouns(found[-1]) if found else ():
            form = self.forms.get((*found[:-1], base))
            if form is not None and form.noun:
                return form
        return None

    def remember(self, quote: str, counts: Mapping[str, int]) -> FORM | None:
        """Let ``quote`` be annotated so often with these labels (none: no longer); return its form."""
        return self._put(quote, counts, lambda form: form.quotes)

    def refuse(self, passage: str, counts: Mapping[str, int]) -> FORM | None:
        """Let so many decisions speak against these labels on the surface ``passage``; return its form."""
        return self._put(passage, counts, lambda form: form.refusals)

    def _put(
        self, passage: str, counts: Mapping[str, int], side: Callable[[Form], dict[str, Mapping[str, int]]]
    ) -> FORM | None:
        key = form_of(passage)
        if len(key) < self._least_words or not key:
            return None
        form = self.forms.get(key)
        if form is None:
            if not counts:
                return key
            form = self.forms[key] = Form(key)
            self._index(key, 1)
        if counts:
            side(form)[passage] = dict(counts)
        else:
            side(form).pop(passage, None)
        form.contexts = None
        form.spellings = tuple(dict.fromkeys(plain(quote) for quote in form.quotes))
        form.capital = all(spelling[0].isupper() for spelling in form.spellings)
        self._nouns -= form.noun
        form.noun = any(spelling.split()[-1][0].islower() for spelling in form.spellings)
        self._nouns += form.noun
        if not form.quotes and not form.refusals:
            del self.forms[key]
            self._index(key, -1)
        return key

    def _index(self, key: FORM, by: int) -> None:
        if len(key) == 1:
            self._alone[key[0]] = self._alone.get(key[0], 0) + by
            if not self._alone[key[0]]:
                del self._alone[key[0]]
            return
        self._first[key[0]] = self._first.get(key[0], 0) + by
        if not self._first[key[0]]:
            del self._first[key[0]]
        lengths = self._begun.setdefault((key[0], key[1]), {})
        lengths[len(key)] = lengths.get(len(key), 0) + by
        if not lengths[len(key)]:
            del lengths[len(key)]
        if not lengths:
            del self._begun[key[0], key[1]]

    def read(self, text: str, closed: Closed = Closed(), part: Span | None = None) -> list[Recalled]:
        """Return what the text, or a part of it, says again, in order; the longest of what overlaps counts."""
        found: list[Recalled] = []
        blocked = _Blocked(closed.spans)
        reading = _Reading(text, words(text, *(part or ())))
        after = 0
        for at, form, length in self._matches(reading.words.keys):
            start = reading.words.starts[at]
            if start < after or (text[start].islower() and (known := self.forms.get(form)) and known.capital):
                continue
            span = reading.span(at, length)
            if blocked.meets(span) or not reading.apart(span):
                continue
            best = self._judge(reading, at, length, form, closed)
            if best is not None:
                found.append(best)
                after = span.end
        return found

    def _matches(self, keys: Sequence[str]) -> Iterator[tuple[int, FORM, int]]:
        """Yield where remembered forms may stand: the number of the first word, the form, its length; longest first."""
        alone, begun, first = self._alone, self._begun, self._first
        stems = [stem(key) for key in keys]
        bases = [nouns(key) for key in keys] if self._nouns else [()] * len(keys)
        for at, key in enumerate(keys):
            if key in first and at + 1 < len(keys):
                following, bare = keys[at + 1], stems[at + 1]
                lengths: Collection[int] = begun.get((key, following), ())
                if bare != following or bases[at + 1]:
                    lengths = {*lengths, *(n for base in (bare, *bases[at + 1]) for n in begun.get((key, base), ()))}
                if lengths:
                    for length in sorted(lengths, reverse=True):
                        form = (*keys[at : at + length - 1], *stems[at + length - 1 : at + length])
                        if len(form) == length and self.find(form) is not None:
                            yield at, form, length
            if stems[at] in alone or (bases[at] and any(base in alone for base in bases[at])):
                yield at, (stems[at],), 1

    def _judge(self, reading: _Reading, at: int, length: int, found: FORM, closed: Closed) -> Recalled | None:
        span = reading.span(at, length)
        spelt = plain(reading.text[span.start : span.end])
        own = self.forms.get(found)
        form = own if own is not None and own.spellings else self._noun(found)
        if form is None or form.key in self.silent:
            return None
        exact = spelt in form.spellings
        if not exact and form is own:
            opens = opens_line(reading.text, span.start)
            if not any(fits(spelt, one, opens) for one in form.spellings):
                return None
        refused = own.tallies() if own is not None and own is not form else {}
        best: tuple[float, str] | None = None
        for label, score in self.scores(form, *reading.beside(at, length)).items():
            if score < LEAST or label in refused or (label, *span) in closed.refused:
                continue
            if closed.barred and (label, surface(reading.text[span.start : span.end])) in closed.barred:
                continue
            best = max(best or (score, label), (score, label))
        return None if best is None else Recalled(span, best[1], round(best[0], 4), form.key, not exact)

    def scores(self, form: Form, before: str, after: str) -> dict[str, float]:
        """Return label → score of a form between two words, for labels that were ever confirmed on it."""
        tallies = {label: tally for label, tally in form.tallies().items() if tally.yes}
        if not form.ambiguous:
            return {label: tally.share for label, tally in tallies.items()}
        if form.contexts is None:
            form.contexts = tuple(self._contexts(form))
        return {label: _weighed(label, tally, form.contexts, before, after) for label, tally in tallies.items()}


def _weighed(label: str, tally: Tally, contexts: Sequence[Context], before: str, after: str) -> float:
    """Return the share of confirmations, weighed by the words beside the form."""
    odds = log(tally.share / (1 - tally.share))
    good = [one for one in contexts if one.good and one.label == label]
    bad = [one for one in contexts if one.good != (one.label == label)]
    if good and bad:
        for side, word in ((2, before), (3, after)):
            beside = sum(one[side] == word for one in good)
            against = sum(one[side] == word for one in bad)
            if beside or against:
                odds += log((beside + 0.5) / (len(good) + 1)) - log((against + 0.5) / (len(bad) + 1))
    return 1 / (1 + exp(-odds))


class _Reading:
    """A text with its words."""

    def __init__(self, text: str, read: Words) -> None:
        self.text, self.words = text, read

    def span(self, at: int, length: int) -> Span:
        """Return where so many words from number ``at`` on are."""
        return Span(self.words.starts[at], self.words.ends[at + length - 1])

    def beside(self, at: int, length: int) -> tuple[str, str]:
        """Return the words before and after them, empty at the ends of the text."""
        keys = self.words.keys
        return keys[at - 1] if at else "", keys[at + length] if at + length < len(keys) else ""

    def apart(self, span: Span) -> bool:
        """Whether a passage is no part of a compound (``Halland-`` and the like), and lies in one paragraph."""
        text = self.text
        if (span.start and text[span.start - 1] in _JOINERS) or text[span.end : span.end + 1] in _JOINED_TO:
            return False
        return not _PARAGRAPH.search(text, span.start, span.end)


class _Blocked:
    """Tells whether a passage shares a code point with any of some spans."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = sorted(spans)
        self._ends = list(accumulate((span.end for span in self._spans), max))

    def meets(self, place: Span) -> bool:
        before = bisect_left(self._spans, (place.end,))
        return bool(before) and self._ends[before - 1] > place.start
