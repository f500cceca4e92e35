"""Which annotations of several annotators mean the same: aligned one to one, by place and overlap.

Two passages of the same kind fit each other by the share of code points that they have in common (Jaccard:
common ones over all that either covers; a discontinuous passage is the union of its fragments), and half a
passage more where their labels are the same. Passages with the same place and label are paired first, the
rest so that the sum over all pairs is greatest. What stands twice at one place with one label is told apart by
its relations. Relations are aligned by the ids of their ends.

Nothing depends on the order of the annotators; ids only break ties.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from models.spans import Spans

_WHOLE = 1_000_000
"""What a passage that fits wholly weighs: weights are whole numbers, so that sums are exact."""
_SAME_LABEL = _WHOLE // 2
_EQUAL = 10 * _WHOLE
_MOST_EXACT = 64
"""Of how many overlapping passages of one annotator the best pairing is still searched for; beyond, what fits
best is paired first."""


class Passage(Protocol):
    """What is known of an entity or claim here; :class:`models.annotations.Annotation` fits."""

    @property
    def id(self) -> str:
        """Its identity."""

    @property
    def kind(self) -> str:
        """``entity`` or ``claim``."""

    @property
    def label(self) -> str:
        """A label's id."""

    @property
    def spans(self) -> Spans:
        """Where it stands, one or more fragments."""


class Link(Protocol):
    """What is known of a relation here."""

    @property
    def id(self) -> str:
        """Its identity."""

    @property
    def label(self) -> str:
        """A label's id."""

    @property
    def head(self) -> Any:
        """The id of the annotation that it leads from."""

    @property
    def tail(self) -> Any:
        """The id of the annotation that it leads to."""


T = TypeVar("T")
P = TypeVar("P", bound=Passage)
R = TypeVar("R", bound=Link)


class Group(NamedTuple, Generic[T]):
    """What is one and the same to the annotators: one member for each of them, None where there is none."""

    members: tuple[T | None, ...]

    @property
    def present(self) -> tuple[T, ...]:
        """The members that there are, in the order of the annotators."""
        return tuple([member for member in self.members if member is not None])


def align(readings: Sequence[Sequence[P]], links: Sequence[Sequence[Link]] = ()) -> list[Group[P]]:
    """Return which entities and claims of one document belong together, in the order of the text.

    Args:
        readings: each annotator's passages, in any order; orphans and relations left out.
        links: each annotator's relations, in the order of ``readings``; they tell passages apart that stand
            twice at one place.
    """
    clusters = _equal_ones(readings)
    whole = [one for one in clusters if len(one) == len(readings)]
    parts = [one for one in clusters if len(one) < len(readings)]
    if parts:
        fits = _Fit(readings, links)
        for component in _touching(parts):
            whole += _grouped(component, fits)
    return _in_order(whole, len(readings), _passage_key)


def places(groups: Iterable[Group[P]]) -> dict[str, str]:
    """Return annotation id → the id that stands for its group: the same for all of its members."""
    found: dict[str, str] = {}
    for group in groups:
        stands = min(member.id for member in group.present)
        for member in group.present:
            found[member.id] = stands
    return found


def align_links(
    readings: Sequence[Sequence[R]], place: Mapping[str, str], symmetric: Container[str] = ()
) -> list[Group[R]]:
    """Return which relations belong together: those between the same aligned ends.

    Of several between the same ends, the same label in the same direction is paired first, then what has one
    of both in common, then whatever joins them. An end that ``place`` (see :func:`places`) does not know, of
    another document, stands for itself.

    Args:
        readings: each annotator's relations.
        place: which ends are one and the same.
        symmetric: labels whose ends have no order.
    """

    def ends(link: R) -> tuple[str, str]:
        head, tail = place.get(link.head, link.head), place.get(link.tail, link.tail)
        return (min(head, tail), max(head, tail)) if link.label in symmetric else (head, tail)

    def weight(one: R, other: R) -> int:
        return 1 + (one.label == other.label) * 4 + (ends(one) == ends(other)) * 2

    buckets: dict[tuple[str, ...], list[_Cluster[R]]] = defaultdict(list)
    for annotator, reading in enumerate(readings):
        for link in reading:
            buckets[tuple(sorted(ends(link)))].append({annotator: link})
    found = [group for bucket in buckets.values() for group in _grouped(bucket, weight)]
    return _in_order(found, len(readings), lambda link: (ends(link), link.label, link.id))


# Passages ---------------------------------------------------------------------------------------------------

_Cluster = dict[int, T]
"""Annotator's number → what is one and the same to these annotators."""


def _passage_key(passage: Passage) -> tuple[Spans, str, str, str]:
    return passage.spans, passage.kind, passage.label, passage.id


def _equal_ones(readings: Sequence[Sequence[P]]) -> list[_Cluster[P]]:
    """Return the passages with those of the same place and label together, where these stand there once."""
    at: dict[tuple[Spans, str, str], list[tuple[int, P]]] = {}
    for annotator, reading in enumerate(readings):
        for passage in reading:
            at.setdefault((passage.spans, passage.kind, passage.label), []).append((annotator, passage))
    found: list[_Cluster[P]] = []
    for standing in at.values():
        together = dict(standing)
        if len(together) == len(standing):
            found.append(together)
        else:
            found += [{annotator: passage} for annotator, passage in standing]
    return found


def _touching(clusters: list[_Cluster[P]]) -> list[list[_Cluster[P]]]:
    """Return the clusters in components: whatever overlaps, directly or by way of others, of one kind."""
    components: list[list[_Cluster[P]]] = []
    reach: dict[str, tuple[int, list[_Cluster[P]]]] = {}
    extents = sorted(
        (min(one.spans[0].start for one in cluster.values()), number) for number, cluster in enumerate(clusters)
    )
    for start, number in extents:
        cluster = clusters[number]
        kind = next(iter(cluster.values())).kind
        end = max(one.spans[-1].end for one in cluster.values())
        known = reach.get(kind)
        if known is None or start >= known[0]:
            component: list[_Cluster[P]] = []
            components.append(component)
            reach[kind] = (end, component)
        else:
            component = known[1]
            reach[kind] = (max(end, known[0]), component)
        component.append(cluster)
    return components


def overlap(one: Spans, other: Spans) -> int:
    """Return how many code points two passages have in common."""
    if len(one) == len(other) == 1:
        return max(0, min(one[0].end, other[0].end) - max(one[0].start, other[0].start))
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)


class _Fit:
    """How well two passages fit each other."""

    def __init__(self, readings: Sequence[Sequence[Passage]], links: Sequence[Sequence[Link]]) -> None:
        self._known = {passage.id: passage for reading in readings for passage in reading}
        self._links = links
        self._ties: dict[str, Counter[Hashable]] | None = None

    def __call__(self, one: Passage, other: Passage) -> int:
        common = overlap(one.spans, other.spans)
        if not common or one.kind != other.kind:
            return 0
        sizes = sum(end - start for start, end in one.spans) + sum(end - start for start, end in other.spans)
        fits = _WHOLE * common // (sizes - common)
        if one.label == other.label:
            # Relations weigh far below a code point: they only tell apart what fits equally well.
            fits += _EQUAL + min(self._tied(one, other), 9) if one.spans == other.spans else _SAME_LABEL
        return fits

    def _tied(self, one: Passage, other: Passage) -> int:
        """Return how many relations of the two lead alike to equal passages."""
        if self._ties is None:
            self._ties = defaultdict(Counter)
            for link in (link for reading in self._links for link in reading):
                self._ties[link.head]["head", link.label, self._end(link.tail)] += 1
                self._ties[link.tail]["tail", link.label, self._end(link.head)] += 1
        return (self._ties.get(one.id, Counter()) & self._ties.get(other.id, Counter())).total()

    def _end(self, end: str) -> Hashable:
        known = self._known.get(end)
        return (known.spans, known.label) if known else end


# Pairing ----------------------------------------------------------------------------------------------------


def _grouped(clusters: list[_Cluster[T]], weight: Callable[[T, T], int]) -> list[_Cluster[T]]:
    """Return the clusters joined so that their members fit best, one of each annotator at most.

    What fits best is joined first; then each annotator's members are shared out anew among the others', which
    between two annotators gives the best pairing there is.
    """
    annotators = {annotator for cluster in clusters for annotator in cluster}
    if len(clusters) == 1 or len(annotators) == 1:
        return clusters
    if len(clusters) == 2:
        first, second = clusters
        joins = not first.keys() & second.keys() and _between(first, second, weight) > 0
        return [first | second] if joins else clusters
    joined = _joined(clusters, weight)
    while True:
        gain = 0
        for annotator in sorted(annotators, key=lambda one: _first_of(one, clusters)):
            gain_here, joined = _shared_out(annotator, joined, weight)
            gain += gain_here
        if gain <= 0:
            return [part for cluster in joined for part in _held_together(cluster, weight)]


def _held_together(cluster: _Cluster[T], weight: Callable[[T, T], int]) -> list[_Cluster[T]]:
    """Return the cluster in parts that still have something in common: what joined them may have left."""
    parts: list[_Cluster[T]] = []
    for annotator, one in cluster.items():
        part = {annotator: one}
        tied = [other for other in parts if _between(part, other, weight) > 0]
        parts = [other for other in parts if other not in tied]
        for other in tied:
            part |= other
        parts.append(part)
    return parts


def _id(thing: Any) -> str:
    return str(thing.id)


def _first_of(annotator: int, clusters: Iterable[_Cluster[T]]) -> str:
    return min(_id(cluster[annotator]) for cluster in clusters if annotator in cluster)


def _cluster_key(cluster: _Cluster[T]) -> list[str]:
    return sorted(_id(one) for one in cluster.values())


def _between(one: _Cluster[T], other: _Cluster[T], weight: Callable[[T, T], int]) -> int:
    return sum(weight(a, b) for a in one.values() for b in other.values())


def _joined(clusters: list[_Cluster[T]], weight: Callable[[T, T], int]) -> list[_Cluster[T]]:
    """Return the clusters joined two by two, those first that fit best."""
    ordered = sorted(clusters, key=_cluster_key)
    offers = []
    for (i, one), (j, other) in combinations(enumerate(ordered), 2):
        if not one.keys() & other.keys() and (fits := _between(one, other, weight)) > 0:
            # Clusters of several count by their mean, so that many loose ties do not beat one good one.
            offers.append((-fits * 1000 // (len(one) * len(other)), i, j))
    group = list(range(len(ordered)))
    members = {number: dict(cluster) for number, cluster in enumerate(ordered)}
    for _, i, j in sorted(offers):
        here, there = group[i], group[j]
        if here != there and not members[here].keys() & members[there].keys():
            members[here] |= members.pop(there)
            group = [here if one == there else one for one in group]
    return list(members.values())


def _shared_out(
    annotator: int, clusters: list[_Cluster[T]], weight: Callable[[T, T], int]
) -> tuple[int, list[_Cluster[T]]]:
    """Give one annotator's members to the clusters of the others anew where that fits better as a whole."""
    mine = sorted(((one[annotator], one) for one in clusters if annotator in one), key=lambda m: _id(m[0]))
    others = [{who: one for who, one in cluster.items() if who != annotator} for cluster in clusters]
    others = sorted((one for one in others if one), key=_cluster_key)
    if not others or max(len(mine), len(others)) > _MOST_EXACT:
        return 0, clusters
    weights = [[_between({annotator: one}, other, weight) for other in others] for one, _ in mine]
    chosen = best_pairing(weights)
    before = sum(
        _between({annotator: one}, {w: o for w, o in cluster.items() if w != annotator}, weight)
        for one, cluster in mine
    )
    gain = sum(weights[row][column] for row, column in chosen.items()) - before
    if gain <= 0:
        return 0, clusters
    taken = {column: mine[row][0] for row, column in chosen.items()}
    found = [other | ({annotator: taken[column]} if column in taken else {}) for column, other in enumerate(others)]
    found += [{annotator: one} for row, (one, _) in enumerate(mine) if row not in chosen]
    return gain, found


def best_pairing(weights: Sequence[Sequence[int]]) -> dict[int, int]:
    """Return row → column of the one-to-one pairing with the greatest sum of weights, none below 1 used.

    The Hungarian method with potentials (Kuhn 1955, Munkres 1957), one row at a time along the shortest
    augmenting path.
    """
    rows, columns = len(weights), len(weights[0])
    width = columns + rows  # a column of nothing for each row: nobody has to be paired
    cost = [[-max(one, 0) for one in row] + [0] * rows for row in weights]
    by_row, by_column = [0] * (rows + 1), [0] * (width + 1)
    owner = [-1] * (width + 1)
    for row in range(rows):
        owner[width], at = row, width
        least, before, seen = [float("inf")] * width, [width] * width, [False] * (width + 1)
        while owner[at] >= 0:
            seen[at], here = True, owner[at]
            step, following = float("inf"), -1
            for column in range(width):
                if seen[column]:
                    continue
                reduced = cost[here][column] - by_row[here] - by_column[column]
                if reduced < least[column]:
                    least[column], before[column] = reduced, at
                if least[column] < step:
                    step, following = least[column], column
            for column in range(width + 1):
                if seen[column]:
                    by_row[owner[column]] += int(step)
                    by_column[column] -= int(step)
                elif column < width:
                    least[column] -= step
            at = following
        while at != width:
            owner[at] = owner[before[at]]
            at = before[at]
    return {owner[c]: c for c in range(columns) if owner[c] >= 0 and weights[owner[c]][c] > 0}


def _in_order(clusters: Iterable[_Cluster[T]], count: int, key: Callable[[T], Any]) -> list[Group[T]]:
    groups = [(min(map(key, cluster.values())), cluster) for cluster in clusters]
    groups.sort(key=lambda found: found[0])
    numbers = range(count)
    return [Group(tuple(map(cluster.get, numbers))) for _, cluster in groups]
