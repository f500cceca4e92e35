"""Several exchange files taken together for comparing: whose readings of which documents they hold.

A document is the same by id, or by name and text where it came into two projects separately. With another text
under the same id it cannot be compared and is left out. A record that two files hold counts as it was modified
last; one that was deleted later than that does not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.formats.exchange_check import settled
from app.formats.exchange_import import ExchangeRefused
from app.formats.exchange_read import ExchangeFile, read_exchange
from app.services.agreement import Cancelled, Source
from models.agreement.records import ComparedDocument, Link, Passage, Reading
from models.annotations import Annotator
from models.labels import LabelSet, label_set
from models.spans import Span
from models.store.agreement_reads import Readers

OTHER_TEXT = "agreement.left-out-other-text"
_KINDS = {"entities": "entity", "claims": "claim", "relations": "relation"}


@dataclass(slots=True)
class _Document:
    """A document as the files know it together."""

    fields: dict[str, Any]
    records: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    deleted: dict[str, str] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    begun: set[str] = field(default_factory=set)
    control: bool = False
    comparable: bool = True

    def take(self, name: str, record: dict[str, Any]) -> None:
        """Take in one record of a list."""
        if name in _KINDS:
            known = self.records.get(record["id"])
            if known is None or known[1]["modified"] < record["modified"]:
                self.records[record["id"]] = _KINDS[name], record
        elif name == "deleted":
            self.deleted[record["id"]] = max(self.deleted.get(record["id"], ""), record["at"])
        elif name == "status":
            self.begun.add(record["annotator"])
            if record["state"] == "done":
                self.done.add(record["annotator"])

    def standing(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield kind and record of what was not deleted later."""
        for kind, record in self.records.values():
            if self.deleted.get(record["id"], "") <= record["modified"]:
                yield kind, record


class _Gathering:
    """Takes files in, one after the other."""

    def __init__(self) -> None:
        self.annotators: dict[str, Annotator] = {}
        self.documents: dict[str, _Document] = {}
        self.labels: LabelSet | None = None
        self._twins: dict[tuple[str, str], str] = {}

    def take(self, file: ExchangeFile) -> None:
        here: _Document | None = None
        before = dict(self._twins)
        for piece in file.pieces():
            if piece.tells == "value" and piece.name == "label_set":
                self._take_labels(label_set(piece.content))
            elif piece.tells == "record" and piece.name == "annotators":
                one = Annotator(piece.content["id"], piece.content["kind"], piece.content["name"])
                known = self.annotators.get(one.id)
                self.annotators[one.id] = one if known is None or not known.name else known
            elif piece.tells == "document":
                here = self._document(piece.content, before)
            elif piece.tells == "child" and here is not None:
                here.take(piece.name, piece.content)

    def _take_labels(self, found: LabelSet) -> None:
        if self.labels is None:
            self.labels = found
            return
        known, facets = {one.id for one in self.labels}, {one.id for one in self.labels.facets}
        self.labels = replace(
            self.labels,
            entities=(*self.labels.entities, *(one for one in found.entities if one.id not in known)),
            claims=(*self.labels.claims, *(one for one in found.claims if one.id not in known)),
            facets=(*self.labels.facets, *(one for one in found.facets if one.id not in facets)),
            relations=(*self.labels.relations, *(one for one in found.relations if one.id not in known)),
        )

    def _document(self, fields: dict[str, Any], before: dict[tuple[str, str], str]) -> _Document:
        twin = (fields["name"], fields["fingerprint"])
        identity = fields["id"] if fields["id"] in self.documents else before.get(twin, fields["id"])
        known = self.documents.setdefault(identity, _Document(fields))
        self._twins.setdefault(twin, identity)
        known.control = known.control or bool(fields.get("control"))
        known.comparable = known.comparable and known.fields["fingerprint"] == fields["fingerprint"]
        if known.fields["text"] is None:
            known.fields = fields
        return known


def gathered(paths: Sequence[Path], cancelled: Callable[[], bool]) -> tuple[Source, dict[str, int]]:
    """Return what the files have to compare, and how many documents they cannot compare, by message code.

    Raises:
        ExchangeRefused: a file has problems; they are all in the error.
        Cancelled: ``cancelled`` said so.
    """
    gathering = _Gathering()
    for path in paths:
        file = read_exchange(path, cancelled=cancelled)
        if cancelled():
            raise Cancelled
        if file.problems:
            raise ExchangeRefused(path, file.problems)
        gathering.take(file)
    assert gathering.labels is not None
    comparable = {key: one for key, one in gathering.documents.items() if one.comparable}
    left_out = Counter({OTHER_TEXT: len(gathering.documents) - len(comparable)})
    readers = sorted((_readers(key, one) for key, one in comparable.items()), key=lambda one: (one.name, one.document))
    people = [
        one
        for one in sorted(gathering.annotators.values(), key=lambda one: (one.name, one.id))
        if one.kind == "human" and any(one.id in found.worked for found in readers)
    ]

    def document(key: str, annotators: Sequence[str], labels: frozenset[str] | None) -> ComparedDocument:
        return _compared(key, comparable[key], annotators, labels)

    source = Source(list(gathering.annotators.values()), people, gathering.labels, readers, document)
    return source, {code: count for code, count in left_out.items() if count}


def _readers(key: str, one: _Document) -> Readers:
    worked = one.begun | {record["annotator"] for _, record in one.standing()}
    return Readers(key, one.fields["name"], one.control, frozenset(worked), frozenset(one.done))


def _compared(key: str, one: _Document, annotators: Sequence[str], labels: frozenset[str] | None) -> ComparedDocument:
    passages: dict[str, list[Passage]] = {annotator: [] for annotator in annotators}
    links: dict[str, list[Link]] = {annotator: [] for annotator in annotators}
    text = one.fields["text"]
    for kind, record in one.standing():
        annotator, label = record["annotator"], record["label"]
        if annotator not in passages or (labels is not None and label not in labels):
            continue
        if kind == "relation":
            links[annotator].append(Link(record["id"], label, record["head"], record["tail"]))
            continue
        placed, _ = settled(record, text)
        if not placed.get("orphan"):
            spans = tuple(Span(start, end) for start, end in placed["spans"])
            passages[annotator].append(Passage(record["id"], kind, label, spans, record.get("facets") or {}))
    return ComparedDocument(
        key,
        one.fields["name"],
        one.fields["length"],
        text,
        {annotator: Reading(tuple(passages[annotator]), tuple(links[annotator])) for annotator in annotators},
        tuple(Span(start, end) for start, end in one.fields["furniture"]),
        one.control,
    )
