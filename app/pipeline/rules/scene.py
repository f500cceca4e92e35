"""What the relation rules see of a sentence: its mentions, the words between them, and what was named before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.pipeline.rules.lexicon import gender
from app.pipeline.rules.records import Mention, Page, Sentence

_PARTY = re.compile(r" ?\([A-ZÅÄÖ]{1,3}\)")
_LISTED = re.compile(r",? (?:och|samt|eller)(?: (?:med|av|från|till|i|på|för|även))? |, | respektive ")


@dataclass(slots=True)
class Earlier:
    """What the sentences before this one have named, the latest last."""

    last: dict[str, Mention] = field(default_factory=dict)
    people: list[Mention] = field(default_factory=list)
    author: Mention | None = None
    """Whose report or thesis was told of, before its title is named."""

    def note(self, found: Sequence[Mention]) -> None:
        """Remember the mentions of a sentence that is done."""
        for mention in found:
            self.last[mention.label] = mention
            if mention.label == "PERSON":
                self.people.append(mention)


@dataclass(frozen=True, slots=True)
class Scene:
    """One sentence with its mentions; a party's letters in brackets after a name are none."""

    page: Page
    sentence: Sentence
    found: Sequence[Mention]
    earlier: Earlier

    @property
    def text(self) -> str:
        """The sentence."""
        return self.page.text[self.sentence.start : self.sentence.end]

    def of(self, *labels: str) -> list[Mention]:
        """Return the mentions with one of ``labels``."""
        return [mention for mention in self.found if mention.label in labels]

    def surface(self, mention: Mention) -> str:
        """Return a mention's own words."""
        return self.page.text[mention.start : mention.end]

    def between(self, left: Mention, right: Mention) -> str:
        """Return what stands between two mentions; a party's letters after the first are left out."""
        between = self.page.text[left.end : right.start]
        return _PARTY.sub("", between, count=1) if left.label == "PERSON" else between

    def before(self, mention: Mention, size: int = 80) -> str:
        """Return at most ``size`` code points of the sentence before a mention."""
        return self.page.text[max(self.sentence.start, mention.start - size) : mention.start]

    def after(self, mention: Mention, size: int = 80) -> str:
        """Return at most ``size`` code points of the sentence after a mention."""
        return self.page.text[mention.end : min(self.sentence.end, mention.end + size)]

    def listed(self, first: Mention, *labels: str) -> Iterator[Mention]:
        """Yield those of ``labels`` that are listed after ``first``: ``A, B och C``; a name's brackets are skipped."""
        last = first
        for mention in self.found:
            if mention.start < last.end:
                continue
            between = re.sub(r" ?\([^()]{1,30}\)", "", self.page.text[last.end : mention.start])
            if mention.label in labels and _LISTED.fullmatch(between):
                yield mention
                last = mention
            elif self.page.text[mention.start - 1] != "(":
                return

    def meant(self, pronoun: str) -> Mention | None:
        """Return the person named last whom ``han`` or ``hon`` can mean."""
        for person in reversed(self.earlier.people[-6:]):
            if gender(self.surface(person)) in (pronoun.lower(), ""):
                return person
        return None


def is_party(page: Page, before: Mention | None, mention: Mention) -> bool:
    """Whether a mention is a party's letters in brackets after a person's name."""
    return (
        before is not None
        and before.label == "PERSON"
        and mention.end - mention.start <= 3
        and page.text[before.end : mention.start] == " ("
    )
