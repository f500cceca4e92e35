"""What other components say about each word, as features: the rules' mentions and the learned names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.pipeline.learner.encode import Hints
from app.pipeline.names.reading import Token
from app.pipeline.rules.records import Mention

_BINS = (0.5, 0.7, 0.8, 0.9, 0.97)


class Places:
    """Where the words of a text begin and end, to find those that a passage covers."""

    def __init__(self, sentences: Sequence[Sequence[Token]]) -> None:
        """Know the words of all sentences of one text."""
        self._starts: dict[int, tuple[int, int]] = {}
        self._ends: dict[int, tuple[int, int]] = {}
        for number, words in enumerate(sentences):
            for i, word in enumerate(words):
                self._starts[word.start] = number, i
                self._ends[word.start + len(word.text)] = number, i

    def words(self, start: int, end: int) -> tuple[int, int, int] | None:
        """Return sentence, first word and end of ``[start, end)``; None where it is not whole words of one sentence."""
        first, last = self._starts.get(start), self._ends.get(end)
        if first is None or last is None or first[0] != last[0] or last[1] < first[1]:
            return None
        return first[0], first[1], last[1] + 1


def hints_of(places: Places, count: int, mentions: Iterable[Mention], names: Iterable[Mention]) -> list[Hints]:
    """Return for each of ``count`` sentences the features that its words get from mentions and from learned names."""
    gathered: list[dict[int, list[str]]] = [{} for _ in range(count)]
    for mention in mentions:
        found = places.words(mention.start, mention.end)
        if found is None:
            continue
        number, first, end = found
        for i in range(first, end):
            sign = "B" if i == first else "I"
            near = gathered[number].setdefault(i, [])
            near += (f"h={sign}-{mention.label}", f"hs={sign}-{mention.source}", f"he={mention.label}{i + 1 == end:d}")
        gathered[number].setdefault(first - 1, []).append(f"h>{mention.label}")
        gathered[number].setdefault(end, []).append(f"h<{mention.label}")
    for name in names:
        found = places.words(name.start, name.end)
        if found is None:
            continue
        number, first, end = found
        sure = sum(name.score >= least for least in _BINS)
        for i in range(first, end):
            gathered[number].setdefault(i, []).append(f"n={'B' if i == first else 'I'}-{name.label}{sure}")
    return [{i: tuple(row) for i, row in rows.items() if i >= 0} for rows in gathered]
