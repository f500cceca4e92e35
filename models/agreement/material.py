"""Collects what is compared: readings by number, marked stretches as arrays, and how they align."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from models.agreement.formulas import Array
from models.agreement.records import Compared, ComparedDocument, Passage, Reading
from models.agreement.series import Pair
from models.agreement.tokens import covered_tokens
from models.alignment import Group, align, places
from models.labels import LabelSet

KINDS = ("entity", "claim")


class Material:
    """The readings of some annotators, document by document. Texts are not kept."""

    def __init__(self, annotators: Sequence[str], labels: LabelSet) -> None:
        self.annotators = tuple(annotators)
        self.labels = labels
        self.documents: list[Compared] = []
        self.readings: list[tuple[Reading | None, ...]] = []
        self.codes: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
        """Kind → label → its number, in the order in which they were met."""
        self._stretches: dict[str, list[Array]] = {kind: [] for kind in KINDS}
        self._aligned: dict[tuple[int, ...], list[list[Group[Passage]] | None]] = {}
        self._places: dict[tuple[int, ...], dict[str, str]] = {}

    def add(self, document: ComparedDocument) -> None:
        """Take one document in."""
        readings = tuple(document.readings.get(annotator) for annotator in self.annotators)
        number = len(self.documents)
        rows = [
            (KINDS.index(passage.kind), number, annotator, self._code(passage), span.start, span.end)
            for annotator, reading in enumerate(readings)
            if reading is not None
            for passage in reading.passages
            for span in passage.spans
        ]
        found = np.array(rows, np.int64).reshape(-1, 6)
        tokens = None
        first = last = np.zeros(len(found), np.int64)
        if document.text is not None:
            tokens, first, last = covered_tokens(document.text, document.furniture, found[:, 4], found[:, 5])
        found = np.column_stack((found, first, last))
        for kind, name in enumerate(KINDS):
            mine = found[found[:, 0] == kind, 1:]
            if len(mine):
                self._stretches[name].append(mine)
        read = tuple(name for name, one in zip(self.annotators, readings, strict=True) if one is not None)
        self.readings.append(readings)
        self.documents.append(Compared(document.id, document.name, document.control, read, document.length, tokens))

    def _code(self, passage: Passage) -> int:
        codes = self.codes[passage.kind]
        return codes.setdefault(passage.label, len(codes))

    # What was taken in ------------------------------------------------------------------------------------

    @cached_property
    def present(self) -> NDArray[np.bool_]:
        """Who read what, documents × annotators; to be asked when all documents are in."""
        rows = [[one is not None for one in readings] for readings in self.readings]
        return np.array(rows, bool).reshape(len(rows), len(self.annotators))

    def read_by_both(self, pair: Pair) -> NDArray[np.bool_]:
        """Return which documents both of a pair read."""
        both: NDArray[np.bool_] = self.present[:, pair[0]] & self.present[:, pair[1]]
        return both

    def pairs(self) -> list[Pair]:
        """Return all pairs of annotators, by number."""
        return list(combinations(range(len(self.annotators)), 2))

    def stretches(self, kind: str) -> NDArray[np.int64]:
        """Return document, annotator, label, start, end, first and last token of each stretch of a kind."""
        found = self._stretches[kind]
        return np.concatenate(found) if found else np.zeros((0, 7), np.int64)

    def aligned(self, annotators: Sequence[int]) -> list[list[Group[Passage]] | None]:
        """Return how the passages of some annotators align in each document that two of them read.

        Groups have a member for each of ``annotators``, None also where one did not read the document.
        """
        key = tuple(annotators)
        if key not in self._aligned:
            self._aligned[key] = [self._aligned_in(readings, key) for readings in self.readings]
        return self._aligned[key]

    def places(self, annotators: Sequence[int]) -> Mapping[str, str]:
        """Return annotation id → the id that stands for all that some annotators' alignment puts with it."""
        key = tuple(annotators)
        if key not in self._places:
            found = self._places[key] = {}
            for groups in self.aligned(key):
                found.update(places(groups or ()))
        return self._places[key]

    def only(self, annotators: Sequence[int]) -> NDArray[np.bool_]:
        """Return who of some annotators read what; nobody else did."""
        chosen = np.zeros(len(self.annotators), bool)
        chosen[list(annotators)] = True
        return self.present & chosen

    @staticmethod
    def _aligned_in(readings: Sequence[Reading | None], annotators: Sequence[int]) -> list[Group[Passage]] | None:
        chosen = [readings[annotator] for annotator in annotators]
        if sum(one is not None for one in chosen) < 2:
            return None
        return align([one.passages if one else () for one in chosen], [one.links if one else () for one in chosen])

    def links(self, annotators: Sequence[int]) -> Iterator[tuple[int, int, Reading]]:
        """Yield document, annotator and reading where at least two of ``annotators`` read the document."""
        for document, readings in enumerate(self.readings):
            read = [annotator for annotator in annotators if readings[annotator] is not None]
            for annotator in read if len(read) > 1 else ():
                reading = readings[annotator]
                assert reading is not None
                yield document, annotator, reading
