"""How well a pipeline meets what people say: per label, exact and overlapping, with confusion and intervals.

One document's counts come from :func:`compare`; :class:`app.training.scores.Scores` adds documents up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from app.services.training import Marked, TrainingDocument
from app.training.judged import looked_at, within
from models.spans import Span, Spans
from models.suggestions import Analysis, Proposal

Layer = Literal["entity", "overlap", "claim", "relation", "furniture"]
"""entity: same place and label. overlap: entities that share text, same label. claim: overlap over union of at least
:data:`SAME_CLAIM`. relation: same label between the same ends. furniture: characters."""
LAYERS: tuple[Layer, ...] = ("entity", "overlap", "claim", "relation", "furniture")
SAME_CLAIM = 0.5
SPEAKS = "ATTRIBUTED_TO"
SPEAKER = "speaker"
NONE = ""
"""In a confusion: nothing is there, or nothing was proposed."""


class Count(NamedTuple):
    """How much was right of what was proposed, and how much there was to find."""

    right: int = 0
    proposed: int = 0
    there: int = 0

    def plus(self, other: Count) -> Count:
        """Return both together."""
        return Count(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def precision(self) -> float | None:
        """The share of what was proposed that is right, None of nothing."""
        return self.right / self.proposed if self.proposed else None

    @property
    def recall(self) -> float | None:
        """The share of what is there that was found, None of nothing."""
        return self.right / self.there if self.there else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both, None where there is nothing at all."""
        whole = self.proposed + self.there
        return 2 * self.right / whole if whole else None

    def to_json(self) -> dict[str, Any]:
        """Return counts and values as JSON data."""
        return {**self._asdict(), "precision": self.precision, "recall": self.recall, "f1": self.f1}


@dataclass(slots=True)
class DocumentCounts:
    """What one document adds: counts by layer and label, what was taken for what, facets, scores and outcomes."""

    counts: dict[tuple[Layer, str], Count] = field(default_factory=dict)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(label that is there, label proposed) of entities; :data:`NONE` where one side has nothing."""
    facets: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Facet, or ``speaker`` → right and compared, over claims that were found (speakers: over all direct quotes)."""
    outcomes: list[tuple[str, float, bool]] = field(default_factory=list)
    """Label, score and whether it was right, of every entity, claim and relation proposed."""

    def add(self, layer: Layer, label: str, *, right: int = 0, proposed: int = 0, there: int = 0) -> None:
        """Count."""
        key = layer, label
        self.counts[key] = self.counts.get(key, Count()).plus(Count(right, proposed, there))

    def share(self, facet: str, right: bool) -> None:
        """Count one value compared."""
        good, whole = self.facets.get(facet, (0, 0))
        self.facets[facet] = good + right, whole + 1


def compare(
    document: TrainingDocument,
    analysis: Analysis,
    *,
    labels: Collection[str] | None = None,
    symmetric: Collection[str] = (),
    facets: Sequence[str] = ("kind", "mode"),
) -> DocumentCounts:
    """Return how an analysis meets a document, where somebody has looked.

    Args:
        labels: what is scored; proposals with other labels are left alone. None: everything.
        symmetric: relations whose ends may change places.
        facets: which facets of claims are compared.
    """
    return _Comparison(document, analysis, labels, symmetric, facets).counted()


class _Comparison:
    def __init__(
        self,
        document: TrainingDocument,
        analysis: Analysis,
        labels: Collection[str] | None,
        symmetric: Collection[str],
        facets: Sequence[str],
    ) -> None:
        self._document = document
        self._analysis = analysis
        self._labels = labels
        self._symmetric = symmetric
        self._facets = facets
        self._stretches = looked_at(document)
        self._counts = DocumentCounts()
        self._same: dict[int, str] = {}
        """Number of a proposal → id of the mark that it stands for."""

    def counted(self) -> DocumentCounts:
        self._entities()
        self._claims()
        self._relations()
        self._furniture()
        return self._counts

    def _wanted(self, label: str) -> bool:
        return self._labels is None or label in self._labels

    def _proposed(self, kind: str) -> list[tuple[int, Proposal]]:
        every = enumerate(self._analysis.proposals)
        return [(n, p) for n, p in every if p.kind == kind and within(self._stretches, _extent(p.spans))]

    def _entities(self) -> None:
        counts, there = self._counts, [one for one in self._document.entities if self._wanted(one.label)]
        known = {(one.spans, one.label): one.id for one in self._document.entities}
        proposed = [(n, p) for n, p in self._proposed("entity") if self._wanted(p.label)]
        gold = {(one.spans, one.label) for one in there}
        for place in gold:
            counts.add("entity", place[1], there=1)
        seen = set()
        for number, one in proposed:
            if (key := (one.spans, one.label)) in seen:
                continue
            seen.add(key)
            right = key in gold
            counts.add("entity", one.label, right=right, proposed=1)
            counts.outcomes.append((one.label, one.score, right))
            if key in known:
                self._same[number] = known[key]
        shapes = [(_extent(p.spans), p.label) for _, p in proposed]
        self._overlaps([(one.extent, one.label) for one in there], list(dict.fromkeys(shapes)))

    def _overlaps(self, there: list[tuple[Span, str]], proposed: list[tuple[Span, str]]) -> None:
        """Count entities that share text: first those that agree in most, each once."""
        for span_label in there:
            self._counts.add("overlap", span_label[1], there=1)
        for span_label in proposed:
            self._counts.add("overlap", span_label[1], proposed=1)
        pairs = sorted(
            (-(a[1] == b[1]), -_union(a[0], b[0]), i, j)
            for i, a in enumerate(there)
            for j, b in enumerate(proposed)
            if a[0].overlaps(b[0])
        )
        mine: set[int] = set()
        theirs: set[int] = set()
        for same, _, i, j in pairs:
            if i not in mine and j not in theirs:
                mine.add(i)
                theirs.add(j)
                self._counts.confusion[there[i][1], proposed[j][1]] += 1
                if same:
                    self._counts.add("overlap", there[i][1], right=1)
        self._counts.confusion.update((one[1], NONE) for i, one in enumerate(there) if i not in mine)
        self._counts.confusion.update((NONE, one[1]) for j, one in enumerate(proposed) if j not in theirs)

    def _claims(self) -> None:
        there = [one for one in self._document.claims if self._wanted(one.label)]
        proposed = [(n, p) for n, p in self._proposed("claim") if self._wanted(p.label)]
        for claim in there:
            self._counts.add("claim", claim.label, there=1)
        pairs = sorted(
            (-common, i, j)
            for i, a in enumerate(there)
            for j, (_, b) in enumerate(proposed)
            if a.label == b.label and (common := _common(a.spans, b.spans)) >= SAME_CLAIM
        )
        met: dict[int, int] = {}
        for _, i, j in pairs:
            if i not in met.values() and j not in met:
                met[j] = i
        for j, (number, one) in enumerate(proposed):
            right = j in met
            self._counts.add("claim", one.label, right=right, proposed=1)
            self._counts.outcomes.append((one.label, one.score, right))
            if right:
                self._same[number] = there[met[j]].id
                self._compare_facets(there[met[j]], one)
        self._speakers(there)

    def _compare_facets(self, claim: Marked, proposal: Proposal) -> None:
        for facet in self._facets:
            if claim.facets.get(facet) is not None:
                self._counts.share(facet, claim.facets[facet] == proposal.facets.get(facet))

    def _speakers(self, claims: Iterable[Marked]) -> None:
        """Compare who is quoted, by the words that name them, over all direct quotes with a speaker."""
        text, known = self._document.text, {one.id: one for one in self._document.entities}
        said: dict[str, set[str]] = {}
        for link in self._analysis.proposals:
            if link.kind == "relation" and link.label == SPEAKS and link.head in self._same and link.tail is not None:
                span = _extent(self._analysis.proposals[link.tail].spans)
                said.setdefault(self._same[link.head], set()).add(text[span.start : span.end])
        for claim in claims:
            tails = [one.tail for one in self._document.relations if one.label == SPEAKS and one.head == claim.id]
            names = {text[known[one].extent.start : known[one].extent.end] for one in tails if one in known}
            if names and claim.facets.get("mode", "direct") == "direct":
                self._counts.share(SPEAKER, said.get(claim.id, set()) == names)

    def _relations(self) -> None:
        there = {self._between(one.label, one.head, one.tail) for one in self._document.relations}
        there = {one for one in there if self._wanted(one[0])}
        for relation in there:
            self._counts.add("relation", relation[0], there=1)
        seen: set[tuple[str, str, str]] = set()
        for one in self._analysis.proposals:
            if one.kind != "relation" or one.head is None or one.tail is None or not self._wanted(one.label):
                continue
            ends = [self._analysis.proposals[end] for end in (one.head, one.tail)]
            if not all(within(self._stretches, _extent(end.spans)) for end in ends):
                continue
            names = [self._same.get(end, f"?{end}") for end in (one.head, one.tail)]
            key = self._between(one.label, *names)
            if key not in seen:
                seen.add(key)
                self._counts.add("relation", one.label, right=key in there, proposed=1)
                self._counts.outcomes.append((one.label, one.score, key in there))

    def _between(self, label: str, head: str, tail: str) -> tuple[str, str, str]:
        return (label, tail, head) if label in self._symmetric and tail < head else (label, head, tail)

    def _furniture(self) -> None:
        """Compare furniture by characters, blanks left out, where somebody has marked any and is done."""
        text = self._document.text
        if not self._document.complete or not self._document.furniture:
            return
        mine, theirs = _places(self._document.furniture, text), _places(self._analysis.furniture, text)
        self._counts.add("furniture", NONE, right=len(mine & theirs), proposed=len(theirs), there=len(mine))


def _extent(spans: Spans) -> Span:
    return Span(spans[0].start, spans[-1].end) if spans else Span(0, 0)


def _union(one: Span, other: Span) -> float:
    common = min(one.end, other.end) - max(one.start, other.start)
    return common / (max(one.end, other.end) - min(one.start, other.start))


def _common(one: Spans, other: Spans) -> float:
    """Return the characters that both hold over those that either holds."""
    if not _extent(one).overlaps(_extent(other)):
        return 0.0
    mine = {place for span in one for place in range(*span)}
    theirs = {place for span in other for place in range(*span)}
    return len(mine & theirs) / len(mine | theirs)


def _places(spans: Spans, text: str) -> set[int]:
    return {place for span in spans for place in range(*span) if not text[place].isspace()}
