"""Relations between the mentions of a page, sentence by sentence, by the words between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from app.pipeline.rules.places import find_neighbours
from app.pipeline.rules.posts import find_entry, find_posts
from app.pipeline.rules.print_links import find_publishing
from app.pipeline.rules.records import Link, Mention, Page, Sentence
from app.pipeline.rules.scene import Earlier, Scene, is_party
from app.pipeline.rules.undertakings import find_charge, find_undertakings


class RelationFinder:
    """Finds the relations of a page sentence by sentence, knowing what was named before."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._starts = [mention.start for mention in page.mentions]
        self._earlier = Earlier()
        self._name_line: Mention | None = None

    def find(self) -> list[Link]:
        """Return the relations, each pair of ends once per label."""
        seen: set[tuple[str, Mention, Mention]] = set()
        for sentence in self._page.sentences:
            found = self._mentions(sentence)
            for link in self._in_sentence(sentence, found):
                ends = (link.label, link.head, link.tail)
                if ends not in seen and link.head != link.tail:
                    seen.add(ends)
                    self._page.links.append(link)
            self._earlier.note(found)
        return self._page.links

    def _mentions(self, sentence: Sentence) -> list[Mention]:
        first, last = bisect_left(self._starts, sentence.start), bisect_left(self._starts, sentence.end)
        mentions: list[Mention] = []
        for mention in self._page.mentions[first:last]:
            if not is_party(self._page, mentions[-1] if mentions else None, mention):
                mentions.append(mention)
        return mentions

    def _in_sentence(self, sentence: Sentence, found: list[Mention]) -> Iterator[Link]:
        scene = Scene(self._page, sentence, found, self._earlier)
        yield from find_entry(scene, self._name_line)
        if self._name_line is not None:
            yield from find_charge(scene, self._name_line)
        self._name_line = self._entry(sentence, found)
        if found:
            yield from find_posts(scene)
            yield from find_neighbours(scene)
            yield from find_publishing(scene)
            yield from find_undertakings(scene)

    def _entry(self, sentence: Sentence, found: list[Mention]) -> Mention | None:
        """Return whose entry the next line belongs to: a line that is only a name opens one, lines of titles go on."""
        alone = len(found) == 1 and found[0].label == "PERSON" and found[0].end >= sentence.end - 4
        if alone and found[0].start == sentence.start:
            return found[0]
        titled = bool(found) and found[0].label == "ROLE" and found[0].start == sentence.start
        return self._name_line if titled and len(found) < 3 else None


def find_relations(page: Page) -> list[Link]:
    """Note and return the relations of a page whose mentions are known."""
    return RelationFinder(page).find()
