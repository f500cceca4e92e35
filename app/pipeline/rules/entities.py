"""All mentions of a page: candidates of every rule, repeated names, and one reading where they overlap."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from app.pipeline.rules import lexicon
from app.pipeline.rules.abbreviations import find_abbreviations
from app.pipeline.rules.amounts import find_amounts
from app.pipeline.rules.bodies import find_bodies
from app.pipeline.rules.documents import find_documents, find_print, find_references
from app.pipeline.rules.evidence import find_explained
from app.pipeline.rules.gazetteers import word_set
from app.pipeline.rules.institutions import find_institutions
from app.pipeline.rules.joining import join
from app.pipeline.rules.people import find_people
from app.pipeline.rules.records import Mention, Page
from app.pipeline.rules.strangers import find_strangers
from app.pipeline.rules.works import find_titles, find_works

_LIST_SCORES = {
    "ORGANISATION": 0.95,
    "PLACE": 0.9,
    "PROGRAMME": 0.9,
    "SERVICE": 0.85,
    "DOCUMENT": 0.9,
    "EVENT": 0.85,
    "CONDITION": 0.93,
}
LEARNED = "names"
_LEAST_LEARNED = {"PERSON": 0.8, "PLACE": 0.9, "ORGANISATION": 0.8}
"""How probable a learned name must be: what lies below is more often wrong than right on pages of the genre."""
_LEAST_WITHIN = {"PERSON": 0.7, "PLACE": 0.6, "ORGANISATION": 0.55}
"""The same for one within a sentence, where a capital letter is evidence enough that something is named."""
_SURE = 0.9
_PARTS = frozenset(("rules/place:county", "rules/organisation:ending"))
_REPEATED = frozenset(("PROGRAMME", "PERSON", "DOCUMENT", "ORGANISATION", "EVENT", "PLACE", "SERVICE"))
_STRONG = frozenset(
    (
        "rules/document:reference",
        "rules/document:quoted",
        "rules/programme:quoted",
        "rules/event:quoted",
        "rules/service:quoted",
    )
)


def find_mentions(page: Page, extra: Iterable[Mention] = ()) -> list[Mention]:
    """Return the page's mentions, sorted and free of overlaps; ``extra`` are other components' candidates.

    Learned names fill what the rules leave empty; a rule's mention is given up for one only where it is a mere part.
    """
    extra = list(extra)
    listed, taken = _listed(page)
    known = [mention for mention in extra if mention.label == "PERSON" and _is_sure(page, mention)]
    employers = [mention for mention in listed if mention.label in ("ORGANISATION", "PLACE")]
    found = [*(mention for mention in extra if mention.source != LEARNED), *listed]
    found += find_people(page, taken, _words_of(page, employers), known)
    found += find_bodies(page, taken)
    found += find_institutions(page)
    found += find_documents(page, taken)
    found += find_references(page.text)
    found += find_works(page, taken)
    found += find_explained(page.text)
    for sentence in page.sentences:
        found += find_amounts(page.text, sentence.start, sentence.end)
        found += find_print(page.text, sentence.start, sentence.end)
        found += find_titles(page.text, sentence.start, sentence.end)
    found += find_abbreviations(page, found)
    chosen = choose(found)
    chosen = choose([*chosen, *_learned(page, extra, chosen)])
    chosen = list(join(page, choose(chosen)))
    chosen = choose([*chosen, *find_strangers(page, _words_of(page, chosen))])
    return choose([*chosen, *_repetitions(page, chosen)])


def _words_of(page: Page, chosen: Sequence[Mention]) -> set[int]:
    """Return the numbers of the words that lie in mentions."""
    return {
        i
        for mention in chosen
        for i in range(bisect_left(page.starts, mention.start), bisect_left(page.starts, mention.end))
    }


def _is_sure(page: Page, mention: Mention) -> bool:
    words = page.text[mention.start : mention.end].split(" ")
    return mention.source == LEARNED and mention.score >= _SURE and len(words) > 1 and not words[0].isupper()


def _learned(page: Page, extra: Iterable[Mention], chosen: Sequence[Mention]) -> Iterator[Mention]:
    """Yield the learned names that are sure enough, lie within a sentence, and stand where nothing was chosen.

    A very sure organisation may also hold one of ``_PARTS``: ``Kalmar läns landsting``, ``Svenska Tandvårdsnämnden``.
    """
    starts, sentences = [mention.start for mention in chosen], [sentence.start for sentence in page.sentences]
    inner = {start for i, start in enumerate(page.starts) if i not in page.first and page.words[i - 1].islower()}
    named = {page.text[other.start : other.end].removesuffix("s"): other.label for other in chosen}
    for mention in extra:
        within = mention.start in inner
        if mention.source != LEARNED or mention.score < (_LEAST_WITHIN if within else _LEAST_LEARNED)[mention.label]:
            continue
        number = bisect_right(sentences, mention.start) - 1
        if number < 0 or mention.end > page.sentences[number].end:
            continue
        last = bisect_left(starts, mention.end)
        touched = [other for other in chosen[max(0, last - 2) : last] if other.end > mention.start]
        surface = page.text[mention.start : mention.end].removesuffix("s")
        if named.get(surface, mention.label) != mention.label:
            continue
        if _may_be_name(page.text[mention.start : mention.end], mention.label) and (
            not touched or _holds(mention, touched)
        ):
            yield mention


def _holds(mention: Mention, touched: Sequence[Mention]) -> bool:
    part, *others = touched
    whole = mention.start <= part.start and part.end <= mention.end
    sure = mention.label == "ORGANISATION" and mention.score >= _SURE
    return sure and whole and not others and part.source in _PARTS


def _may_be_name(words: str, label: str) -> bool:
    """Whether a passage looks like a whole name: no common noun, half a compound, row of links or abbreviation."""
    broken = "  " in words or "\n" in words or words[-1] == "-"
    if (label == "PERSON" and words.partition(" ")[0].isupper()) or words.removesuffix("s") in word_set("medicines"):
        return False
    return not broken and not words[0].islower() and words not in word_set("abbreviations")


def choose(candidates: Iterable[Mention]) -> list[Mention]:
    """Decide between overlapping candidates: the longer one wins, then the surer; nothing nests."""
    ranked = sorted(candidates, key=lambda m: (m.source not in _STRONG, m.start - m.end, -m.score, m.start, m.label))
    taken = bytearray(max((m.end for m in ranked), default=0))
    chosen = []
    for mention in ranked:
        if not any(taken[mention.start : mention.end]):
            taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
            chosen.append(mention)
    return sorted(chosen)


def _listed(page: Page) -> tuple[list[Mention], frozenset[int]]:
    """Return the names that a word list knows, and the numbers of their words."""
    phrases, common = lexicon.phrases(), lexicon.common_words()
    words = page.words
    found: list[Mention] = []
    taken: set[int] = set()
    for i, word in enumerate(words):
        for size, label, source in phrases.at(words, i):
            if size == 1 and i in page.first and word in common:
                continue
            if any(page.gap(i + k) not in (" ", "\n") for k in range(size - 1)):
                continue
            found.append(Mention(page.starts[i], page.ends[i + size - 1], label, _LIST_SCORES[label], source))
            taken.update(range(i, i + size))
            break
    return found, frozenset(taken)


def _repetitions(page: Page, chosen: Sequence[Mention]) -> Iterator[Mention]:
    """Yield other places where a name found by its surroundings stands again, nominative or genitive."""
    names: dict[str, dict[str, tuple[str, float]]] = {}
    for mention in chosen:
        if mention.label in _REPEATED and not mention.source.endswith(
            (":list", ":authority", ":known", ":towns", ":places", ":provinces", ":countries")
        ):
            name = page.text[mention.start : mention.end]
            if len(name) >= 3 and (name[0].isupper() or " " in name) and "\n" not in name:
                for form in {name, name.removesuffix("s")}:
                    if form == name or len(form) > 5:
                        names.setdefault(form.split(" ")[0], {}).setdefault(form, (mention.label, mention.score))
    for i, word in enumerate(page.words):
        start = page.starts[i]
        known = names.get(word) or names.get(word.removesuffix("s"))
        for name, (label, score) in known.items() if known else ():
            end = start + len(name)
            if page.text.startswith(name, start):
                end += page.text.startswith("s", end)
                if not (page.text[end : end + 1].isalnum() or page.text[end : end + 1] == "-"):
                    yield Mention(start, end, label, round(score - 0.05, 2), "rules/repetition")
