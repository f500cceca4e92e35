"""Relations: agreement between ends that all found, and end to end.

What could have been related is every ordered pair of different passages of one document whose labels the label
set lets some relation join; for one label those that it may join, unordered where it is symmetric. Given agreed
ends, a passage is one that everybody marked, aligned and with the same label. End to end it is one that anybody
marked, and who did not mark it related nothing there. Relations to other documents have ends, but add nothing to
what could have been related.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.agreement.formulas import Array, f1
from models.agreement.material import Material
from models.agreement.records import Layer, Link, Measure, Passage
from models.agreement.series import Pair, Series, Units, nominal_all, nominal_pair, pooled, series
from models.alignment import Group

_Ends = tuple[str, str]
_Labels = frozenset[str]


def relation_series(material: Material) -> list[Series]:
    """Return agreement on relations, for each label and all, each pair and all annotators, in both layers."""
    found: list[Series] = []
    used = {link.label for _, _, reading in material.links(range(len(material.annotators))) for link in reading.links}
    subjects = [label.id for label in material.labels.relations if label.id in used]
    subjects += sorted(used - set(subjects))
    permits: dict[str | None, frozenset[_Ends]] = {}
    pairs = {pair: _Drawn(material, pair, permits) for pair in material.pairs()}
    everybody = _Drawn(material, range(len(material.annotators)), permits)
    layers: tuple[Layer, Layer] = ("relation-ends", "relation")
    for layer in layers:
        scores = [one for pair, drawn in pairs.items() for one in drawn.scores(layer, pair, subjects)]
        found += [*scores, *pooled(scores)]
        for subject in (None, *subjects):
            kappas = [
                one
                for pair, drawn in pairs.items()
                for one in nominal_pair(layer, subject, drawn.units(layer, subject), pair)
            ]
            found += [*kappas, *nominal_all(layer, subject, everybody.units(layer, subject), kappas)]
    return found


class _Ground:
    """The passages that relations may join: which there are in each document, by their labels."""

    def __init__(self) -> None:
        self.types: dict[_Labels, int] = {}
        self.at: dict[str, tuple[int, int]] = {}
        self._rows: list[tuple[int, int]] = []

    def put(self, document: int, labels: _Labels, stands: str) -> None:
        """Take in one passage: the labels it has, and the id that stands for it."""
        place = document, self.types.setdefault(labels, len(self.types))
        self.at[stands] = place
        self._rows.append(place)

    def counts(self, documents: int) -> Array:
        """Return how many passages of each type there are, documents × types."""
        width = max(len(self.types), 1)
        rows = np.array(self._rows, np.intp).reshape(-1, 2)
        counted = np.bincount(rows[:, 0] * width + rows[:, 1], minlength=documents * width)
        return counted.astype(float).reshape(documents, width)[:, : len(self.types)]


class _Cells(NamedTuple):
    """Pairs of ends between which somebody drew something.

    ``places``: document, and the types of head and tail, -1 where the pair is none that could have been related.
    ``said``: a pair's number, an annotator, and what they drew there as a number in ``sets``.
    """

    places: NDArray[np.intp]
    said: NDArray[np.intp]
    sets: tuple[_Labels, ...]


class _Drawn:
    """Relations of some annotators between aligned passages."""

    def __init__(
        self, material: Material, annotators: Sequence[int], permits: dict[str | None, frozenset[_Ends]]
    ) -> None:
        self._material = material
        self._permits = permits
        self._annotators = tuple(annotators)
        self._place = material.places(annotators)
        self._symmetric = {one.id for one in material.labels.relations if one.symmetric}
        self._same: dict[str, str] = {}
        self._equal: dict[str, str] = {}
        self._grounds: Mapping[Layer, _Ground] = {"relation": _Ground(), "relation-ends": _Ground()}
        for document, groups in enumerate(material.aligned(annotators)):
            if groups is not None:
                self._look_at(document, groups)
        self._there = {layer: one.counts(len(material.documents)) for layer, one in self._grounds.items()}
        self._cells = {layer: self._drawn(layer) for layer in self._grounds}

    def _look_at(self, document: int, groups: Sequence[Group[Passage]]) -> None:
        """Note where the passages of a document stand for each other, and what could be related there."""
        readers = sum(self._material.readings[document][one] is not None for one in self._annotators)
        whole, given = self._grounds["relation"], self._grounds["relation-ends"]
        for group in groups:
            members = group.present
            first = members[0]
            labels = frozenset(member.label for member in members)
            stands = self._place[first.id]
            whole.put(document, labels, stands)
            if len(members) == readers and len(labels) == 1:
                given.put(document, labels, stands)
                for member in members:
                    self._same[member.id] = stands
                    if member.spans == first.spans:
                        self._equal[member.id] = stands

    def _ends(self, link: Link, place: Mapping[str, str]) -> _Ends:
        head, tail = place.get(link.head, link.head), place.get(link.tail, link.tail)
        return (min(head, tail), max(head, tail)) if link.label in self._symmetric else (head, tail)

    def _links(self, layer: Layer) -> Iterator[tuple[int, int, Link]]:
        """Yield document, annotator and relation, given agreed ends only those between such."""
        for document, annotator, reading in self._material.links(self._annotators):
            for link in reading.links:
                if layer == "relation" or (link.head in self._same and link.tail in self._same):
                    yield document, annotator, link

    def _drawn(self, layer: Layer) -> _Cells:
        """Return who drew what between which ends."""
        rows: dict[tuple[int, _Ends], int] = {}
        said: dict[tuple[int, int], set[str]] = defaultdict(set)
        for document, annotator, link in self._links(layer):
            row = rows.setdefault((document, self._ends(link, self._place)), len(rows))
            said[row, annotator].add(link.label)
        at, sets = self._grounds[layer].at, dict[_Labels, int]()
        places = []
        for document, (head, tail) in rows:
            one, other = at.get(head), at.get(tail)
            here = head != tail and one and other and one[0] == other[0] == document
            places.append((document, one[1], other[1]) if here and one and other else (document, -1, -1))
        words = [
            (row, annotator, sets.setdefault(frozenset(labels), len(sets))) for (row, annotator), labels in said.items()
        ]
        return _Cells(
            np.array(places, np.intp).reshape(-1, 3).T, np.array(words, np.intp).reshape(-1, 3).T, tuple(sets)
        )

    # F1 ---------------------------------------------------------------------------------------------------

    def scores(self, layer: Layer, pair: Pair, subjects: Sequence[str]) -> Iterator[Series]:
        """Yield F1 between two annotators, for all labels and each.

        Given agreed ends: the same label between them. End to end, exact: and both ends have the same place and
        label; overlapping: both ends are aligned and have the same label.
        """
        links = list(self._links(layer))
        compared = self._material.read_by_both(pair)
        total = self._table(subjects, ((document, link.label) for document, _, link in links))
        ways: tuple[tuple[Measure, Mapping[str, str]], ...] = (("f1", self._same),)
        if layer == "relation":
            ways = (("f1-exact", self._equal), ("f1-overlap", self._same))
        for measure, place in ways:
            both = self._table(subjects, self._in_common(links, place, pair))
            yield series(layer, measure, None, pair, f1, total.sum(1), both.sum(1)[:, None], compared)
            for number, label in enumerate(subjects):
                yield series(layer, measure, label, pair, f1, total[:, number], both[:, number, None], compared)

    def _in_common(
        self, links: Sequence[tuple[int, int, Link]], place: Mapping[str, str], pair: Pair
    ) -> Iterator[tuple[int, str]]:
        drawn: dict[int, Counter[tuple[int, str, _Ends]]] = {annotator: Counter() for annotator in pair}
        for document, annotator, link in links:
            drawn[annotator][document, link.label, self._ends(link, place)] += 1
        for document, label, _ in (drawn[pair[0]] & drawn[pair[1]]).elements():
            yield document, label

    def _table(self, subjects: Sequence[str], found: Iterator[tuple[int, str]]) -> Array:
        table = np.zeros((len(self._material.documents), len(subjects)))
        numbers = {label: number for number, label in enumerate(subjects)}
        for document, label in found:
            table[document, numbers[label]] += 1
        return table

    # Kappa and alpha --------------------------------------------------------------------------------------

    def units(self, layer: Layer, subject: str | None) -> Units:
        """Return pairs of passages with what each annotator drew between them: a set of labels, or one label."""
        cells = self._cells[layer]
        row, annotator, said = cells.said
        codes = [number + 1 if subject is None else int(subject in labels) for number, labels in enumerate(cells.sets)]
        code = np.array(codes, np.intp)[said]
        rows, place = np.unique(row[code > 0], return_inverse=True)
        document, head, tail = cells.places[:, rows]
        present = self._material.only(self._annotators)
        values = np.where(present[document], 0, -1)
        values[place, annotator[code > 0]] = code[code > 0]
        allowed = self._allowed(layer, subject)
        inside = head >= 0
        drawn = np.bincount(document[inside], allowed[head[inside], tail[inside]], len(present))
        return Units(document, values, self._possible(layer, subject, allowed) - drawn, present)

    def _possible(self, layer: Layer, subject: str | None, allowed: Array) -> Array:
        """Return for each document how many pairs could have been related."""
        there = self._there[layer]
        pairs: Array = ((there @ allowed) * there).sum(1) - there @ np.diagonal(allowed)
        return pairs / 2 if subject in self._symmetric else pairs

    def _allowed(self, layer: Layer, subject: str | None) -> Array:
        """Return 1 where a relation may lead from a passage of one type to one of another, type × type."""
        may, types = self._permitted(subject), list(self._grounds[layer].types)
        rows = [[any((h, t) in may for h in heads for t in tails) for tails in types] for heads in types]
        return np.array(rows, float).reshape(len(types), len(types))

    def _permitted(self, subject: str | None) -> frozenset[_Ends]:
        """Return the pairs of labels that a relation, or any, may join."""
        if subject not in self._permits:
            labels = self._material.labels
            names = [one.id for one in labels.relations] if subject is None else [subject]
            ends = sorted({label for code in self._material.codes.values() for label in code})
            self._permits[subject] = frozenset(
                (head, tail) for head in ends for tail in ends if any(labels.allows(name, head, tail) for name in names)
            )
        return self._permits[subject]
