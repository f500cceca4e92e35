"""Train, dev and test: which document belongs where, for good, with every label in each part's share.

Greedy stratification of multi-label data (Sechidis, Tsoumakas and Vlahavas 2011, "On the stratification of
multi-label data", algorithm 1): the rarest label is dealt out first, each document to the part that wants that
label most. Documents with the same text stay together, or the test would hold what was trained on. What is
assigned stays, so that figures of different days can be compared; new documents fill what is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.formats.contract import SPLITS
from models.errors import UserError
from models.store.reads import Reads
from models.store.split_rows import label_counts, set_splits, split_documents
from models.store.unit_of_work import Writer


@dataclass(slots=True)
class Group:
    """Documents with one text: their ids, how many annotations of each label, and the part they are in, if any."""

    documents: list[str] = field(default_factory=list)
    labels: Counter[str] = field(default_factory=Counter)
    part: str | None = None


def shares(written: str) -> dict[str, float]:
    """Return part → share for ``80/10/10`` (train, dev, test; any numbers that are not all nothing).

    Raises:
        UserError: ``formats.bad-shares``.
    """
    try:
        numbers = [float(one.replace(",", ".")) for one in written.split("/")]
    except ValueError:
        numbers = []
    total = sum(numbers)
    if len(numbers) != len(SPLITS) or min(numbers) < 0 or not 0 < total < 1e9:
        raise UserError("formats.bad-shares", shares=written)
    return {part: number / total for part, number in zip(SPLITS, numbers, strict=True)}


def assign(writer: Writer, reads: Reads, wanted: Mapping[str, float]) -> Counter[str]:
    """Give every document without a part one; return how many each part got. Not an undo step.

    Raises:
        EnvironmentFault: the project cannot be written; nothing has changed.
    """
    groups: dict[str, Group] = {}
    new: set[str] = set()
    counts = label_counts(reads)
    for document, print_, part in split_documents(reads):
        group = groups.setdefault(print_, Group())
        group.documents.append(document)
        group.labels.update(counts.get(document, {}))
        group.part = group.part or part
        if part is None:
            new.add(document)
    deal(groups.values(), wanted)
    given = {one: group.part for group in groups.values() for one in group.documents if one in new and group.part}
    if given:
        with writer.unrecorded(reads.me) as work:
            set_splits(work, given)
    return Counter(given.values())


def deal(groups: Iterable[Group], wanted: Mapping[str, float]) -> None:
    """Give each group without a part the one that wants it most."""
    groups = list(groups)
    wishes = _Wishes(groups, wanted)
    waiting = {number: one for number, one in enumerate(groups) if one.part is None}
    holders: dict[str, list[int]] = {}
    for number, one in waiting.items():
        for label in one.labels:
            holders.setdefault(label, []).append(number)
    left = Counter({label: len(numbers) for label, numbers in holders.items()})
    while left:
        label = min(left, key=lambda one: (left[one], one))
        for number in sorted(holders[label], key=lambda one: (-groups[one].labels[label], one)):
            if number in waiting:
                wishes.give(waiting.pop(number), label)
                for other in groups[number].labels:
                    left[other] -= 1
        left = Counter({one: count for one, count in left.items() if count > 0 and one != label})
    for one in waiting.values():
        wishes.give(one, None)


class _Wishes:
    """How much each part still wants of each label, and of documents."""

    def __init__(self, groups: Iterable[Group], wanted: Mapping[str, float]) -> None:
        self._parts = [part for part in SPLITS if wanted.get(part, 0) > 0]
        labels: Counter[str] = Counter()
        documents = 0
        for one in groups:
            labels.update(one.labels)
            documents += len(one.documents)
        self._labels = {
            part: {label: count * wanted.get(part, 0) for label, count in labels.items()} for part in SPLITS
        }
        self._documents = {part: documents * wanted.get(part, 0) for part in SPLITS}
        for one in groups:
            if one.part is not None:
                self._take(one, one.part)

    def give(self, group: Group, label: str | None) -> None:
        """Put a group where ``label`` is wanted most, then where documents are."""

        def wish(part: str) -> tuple[float, float, int]:
            of_label = self._labels[part][label] if label is not None else 0.0
            return of_label, self._documents[part], -SPLITS.index(part)

        group.part = max(self._parts, key=wish)
        self._take(group, group.part)

    def _take(self, group: Group, part: str) -> None:
        if part not in self._labels:
            return
        for label, count in group.labels.items():
            self._labels[part][label] -= count
        self._documents[part] -= len(group.documents)
