"""Whether suggestions help or mislead: what was judged, held against what annotators find without them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Literal, NamedTuple, Protocol

from models.proportions import Share, difference

FEW = 30
"""Below so many cases on either side a comparison says that it cannot tell."""

Finding = Literal["few", "higher", "lower", "alike"]
"""What comparing two shares tells: too few cases, or the first is higher, lower, or not told apart (95 %)."""


class Cost(NamedTuple):
    """What annotating took: annotations that stand, key presses and clicks, active milliseconds."""

    annotations: int = 0
    keys: int = 0
    ms: int = 0

    @property
    def keys_each(self) -> float | None:
        """Key presses and clicks per annotation."""
        return self.keys / self.annotations if self.annotations and self.ms else None

    @property
    def seconds_each(self) -> float | None:
        """Seconds per annotation."""
        return self.ms / 1000 / self.annotations if self.annotations and self.ms else None


class Alone(NamedTuple):
    """What annotators found in controls without suggestions, beside what was suggested there.

    ``annotations`` are entities and claims, ``met`` those of them that a suggestion with their label overlaps.
    ``suggested`` are the suggestions, ``exact`` those annotated just so, ``found`` those that an annotation with
    their label overlaps.
    """

    annotations: int = 0
    met: int = 0
    suggested: int = 0
    exact: int = 0
    found: int = 0

    def plus(self, other: Alone) -> Alone:
        """Return the sum of both."""
        return Alone(*(mine + its for mine, its in zip(self, other, strict=True)))


class LabelUsage(NamedTuple):
    """How the suggestions of one label were used; an empty ``label`` stands for all together.

    ``accepted``, ``corrected``, ``rejected`` and ``manual`` (by hand) count ordinary documents.
    """

    label: str
    accepted: int
    corrected: int
    rejected: int
    manual: int
    alone: Alone
    shown: Cost
    """What it took with suggestions."""
    hidden: Cost
    """What it took without."""

    @property
    def judged(self) -> int:
        """How many suggestions were judged."""
        return self.accepted + self.corrected + self.rejected

    @property
    def precision(self) -> Share:
        """Suggestions accepted as they were, of those judged."""
        return Share(self.accepted, self.judged)

    @property
    def precision_alone(self) -> Share:
        """Suggestions for controls that annotators without them marked with this label too, of all there."""
        return Share(self.alone.found, self.alone.suggested)

    @property
    def added(self) -> Share:
        """Annotations made by hand, of all."""
        return Share(self.manual, self.accepted + self.corrected + self.manual)

    @property
    def added_alone(self) -> Share:
        """Annotations of controls that nothing suggested meets, of all there."""
        return Share(self.alone.annotations - self.alone.met, self.alone.annotations)

    @property
    def acceptance(self) -> Finding:
        """Whether more is accepted than annotators mark by themselves: then wrong labels may be let pass."""
        return compared(self.precision, self.precision_alone)

    @property
    def attention(self) -> Finding:
        """Whether less is added by hand than annotators find beside the suggestions by themselves (``lower``)."""
        return compared(self.added, self.added_alone)


def compared(one: Share, other: Share) -> Finding:
    """Return whether one share is higher than the other, as far as the cases tell."""
    between = difference(one, other)
    if between is None or min(one.whole, other.whole) < FEW:
        return "few"
    return "higher" if between[0] > 0 else "lower" if between[1] < 0 else "alike"


class Placed(Protocol):
    """A passage with its label; without a place for relations."""

    @property
    def label(self) -> str: ...
    @property
    def start(self) -> int | None: ...
    @property
    def end(self) -> int | None: ...
    @property
    def spans(self) -> str | None: ...


def side_by_side(made: Iterable[Placed], suggested: Iterable[Placed]) -> dict[str, Alone]:
    """Return label → what of one document was annotated and what was suggested."""
    theirs, ours = _by_label(made), _by_label(suggested)
    found = {}
    for label in {**theirs, **ours}:
        mine, its = theirs.get(label, []), ours.get(label, [])
        places = {tuple(one[:3]) for one in mine}
        found[label] = Alone(
            annotations=len(mine),
            met=_overlapping(mine, its),
            suggested=len(its),
            exact=sum(one[:3] in places for one in its),
            found=_overlapping(its, mine),
        )
    return found


_Place = tuple[int, int, str]


def _by_label(passages: Iterable[Placed]) -> dict[str, list[_Place]]:
    found: dict[str, list[_Place]] = {}
    for one in passages:
        if one.start is not None and one.end is not None:
            found.setdefault(one.label, []).append((one.start, one.end, one.spans or ""))
    return found


def _overlapping(these: list[_Place], those: list[_Place]) -> int:
    """Return how many of ``these`` share a code point with one of ``those`` (from first to last part)."""
    starts = sorted(start for start, _, _ in those)
    ends = sorted(end for _, end, _ in those)
    # Of those that begin before this one ends, not all end before it begins.
    return sum(bisect_left(starts, end) > bisect_left(ends, start + 1) for start, end, _ in these)
