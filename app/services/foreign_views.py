"""What another tool's file holds and what would become of it, before anything is imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.formats.layers import LayerDocument, Refusal
from app.services.foreign_labels import ForeignLabels
from models.ids import fingerprint
from models.labels import LabelSet
from models.store.foreign_rows import standing_document
from models.store.reads import Reads

MOST_REFUSALS = 2000
"""Refusals that are listed; more are counted."""


class FoundLabel(NamedTuple):
    """A label of the file: of passages or of relations, how often, and the project's label that it is, if any."""

    label: str
    relation: bool
    times: int
    target: str | None


@dataclass(slots=True)
class Survey:
    """What a file holds.

    ``added`` counts documents that are new here, ``there`` those that the project has; ``other_text`` names
    those that it has with another text, which are refused. ``signed``: annotator → how many annotations; "" for
    those that nobody signed. ``refused`` holds the first of ``refusals``.
    """

    added: int = 0
    there: int = 0
    other_text: list[str] = field(default_factory=list)
    passages: int = 0
    links: int = 0
    notes: int = 0
    labels: tuple[FoundLabel, ...] = ()
    signed: Mapping[str, int] = field(default_factory=dict)
    refusals: int = 0
    refused: list[Refusal] = field(default_factory=list)
    cancelled: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the survey as a job reports it."""
        return {
            "added": self.added,
            "there": self.there,
            "other_text": self.other_text,
            "passages": self.passages,
            "links": self.links,
            "notes": self.notes,
            "labels": [list(one) for one in self.labels],
            "signed": dict(self.signed),
            "refusals": self.refusals,
            "refused": [[one.file, one.line, one.code, dict(one.details)] for one in self.refused],
            "cancelled": self.cancelled,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Survey:
        """Return the survey that a job reported."""
        plain = dict(data)
        plain["labels"] = tuple(FoundLabel(*one) for one in plain["labels"])
        plain["refused"] = [Refusal(*one) for one in plain["refused"]]
        return cls(**plain)


def survey(
    reads: Reads,
    found: Iterable[LayerDocument | Refusal],
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Survey:
    """Read a file to its end and say what it holds; the project is only looked at.

    ``progress`` is told (documents done, 0): how many there are shows at the end.
    """
    tally = _Tally(reads)
    for number, item in enumerate(found, 1):
        if cancelled():
            tally.survey.cancelled = True
            break
        tally.add(item)
        progress(number, 0)
    return tally.whole()


class _Tally:
    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self._labels: Counter[tuple[str, bool]] = Counter()
        self._signed: Counter[str] = Counter()
        self.survey = Survey()

    def add(self, item: LayerDocument | Refusal) -> None:
        """Count a document or a refusal."""
        survey = self.survey
        if isinstance(item, Refusal):
            survey.refusals += 1
            if len(survey.refused) < MOST_REFUSALS:
                survey.refused.append(item)
            return
        self._place(item)
        survey.passages += len(item.passages)
        survey.links += len(item.links)
        survey.notes += len(item.notes)
        self._labels.update((one.label, False) for one in item.passages)
        self._labels.update((one.label, True) for one in item.links)
        self._signed.update(one.annotator for one in item.passages)
        self._signed.update(one.annotator for one in item.links)

    def _place(self, document: LayerDocument) -> None:
        print_ = fingerprint(document.text)
        standing = standing_document(self._reads, document.id, document.name, print_)
        if standing is None:
            self.survey.added += 1
        elif standing.fingerprint == print_:
            self.survey.there += 1
        else:
            self.survey.other_text.append(document.name)

    def whole(self) -> Survey:
        """Return the survey, the most frequent labels first."""
        self.survey.labels = tuple(_known(self._reads.label_set(), self._labels))
        self.survey.signed = dict(sorted(self._signed.items(), key=lambda one: (-one[1], one[0])))
        return self.survey


def _known(labels: LabelSet, found: Counter[tuple[str, bool]]) -> Iterable[FoundLabel]:
    here = ForeignLabels(labels, {}, add=False)
    for (label, relation), count in sorted(found.items(), key=lambda one: (one[0][1], -one[1], one[0])):
        passage = None if relation else here.passage(label, "entity")
        target = here.link(label, "", "") if relation else passage[0] if passage else None
        yield FoundLabel(label, relation, count, target)
