"""Checking a whole exchange file quickly: a document that another file of the merge has too is checked once.

The answer is only ever "surely sound". Where there is doubt :func:`app.formats.exchange_read.read_exchange` is asked,
which knows the reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.formats.exchange import TOP_LISTS, is_records
from app.formats.exchange_check import DEFINITIONS, Check, Stop, unsound
from app.formats.exchange_lines import Piece
from app.merge.quick_schema import fits
from models.errors import UserError
from models.ids import fingerprint
from models.labels import label_set
from models.merge.values import Record
from models.suggestions import Kind

_KINDS: Mapping[str, Kind] = {"entities": "entity", "claims": "claim", "relations": "relation"}
_REQUIRED = ("entities", "claims", "relations", "suggestions", "decisions", "status", "deleted")
_LISTS = (*_REQUIRED, "notes", "conflicts", "effort")
_FEW = 60
"""So many brackets cannot nest too deeply."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What documents may refer to: labels with their kinds, and ids."""

    labels: Mapping[str, Kind]
    annotators: frozenset[str | None]
    runs: frozenset[str | None]
    register: frozenset[str | None]


@dataclass(frozen=True, slots=True)
class Sound:
    """What a sound document adds to its file: ids by list, ends to be found somewhere, and counts."""

    places: tuple[str, ...]
    relations: tuple[str, ...]
    ends: tuple[str, ...]
    others: Mapping[str, tuple[str, ...]]
    counts: Mapping[str, int]


@dataclass(slots=True)
class Known:
    """What the files of one merge have in common and need not be checked again.

    ``documents``: digest of a document → what is known of it, and in which surroundings. ``fitting``: the records of
    the document last looked at, in whatever file, that have the right form, as JSON by list; ``text`` and
    ``fingerprint`` are that document's.
    """

    documents: dict[bytes, tuple[Surroundings, Sound]] = field(default_factory=dict)
    document: str = ""
    fitting: dict[str, set[bytes]] = field(default_factory=dict)
    text: str = ""
    fingerprint: str = ""

    def fit(self, document: str, name: str, records: list[Any]) -> bool:
        """Whether all records of a document's list have the right form."""
        if document != self.document:
            self.document, self.fitting = document, {}
        seen = self.fitting.setdefault(name, set())
        test = fits(DEFINITIONS[name])
        for one in records:
            told = orjson.dumps(one)
            if told not in seen:
                if not test(one) or _unsound(one, told):
                    return False
                seen.add(told)
        return True

    def is_print(self, text: str, told: str) -> bool:
        """Whether a text has the fingerprint that is told."""
        if text != self.text or told != self.fingerprint:
            self.text, self.fingerprint = text, fingerprint(text)
        return told == self.fingerprint


class _Doubt(Exception):
    """Not surely sound."""


def _unsound(value: Any, told: bytes) -> bool:
    """Whether a value, and as JSON, may be what no project can hold."""
    if b"\\u0000" not in told and told.count(b"[") + told.count(b"{") <= _FEW:
        return False
    return unsound(value) is not None


@dataclass(slots=True)
class QuickCheck:
    """One file's check. ``counts`` is how many records of each list there are."""

    known: Known
    counts: dict[str, int] = field(default_factory=dict)
    annotations: set[str] = field(default_factory=set)
    """The ids of all entities, claims and relations."""

    def outline_is_sound(self, whole: Mapping[str, Any]) -> bool:
        """Whether what stands around the documents is surely sound."""
        check = Check()
        try:
            for piece in _outer_pieces(whole):
                check.take(piece)
            check.finish()
            kinds = label_set(whole["label_set"]).kinds
        except (Stop, UserError, KeyError, TypeError):
            return False
        ids = [frozenset({None, *(one["id"] for one in whole[name])}) for name in ("annotators", "runs", "register")]
        self._surroundings = Surroundings(kinds, *ids)
        self.counts.update(check.counts)
        return not check.problems

    _surroundings: Surroundings = field(default_factory=lambda: Surroundings({}, *[frozenset()] * 3))
    _ends: set[str] = field(default_factory=set)
    _places: set[str] = field(default_factory=set)
    _others: dict[str, set[str]] = field(default_factory=dict)

    def document_is_sound(self, digest: bytes, raw: bytes, document: Record | None = None) -> bool:
        """Whether a document is surely sound, as far as can be said without the others; ``document`` if parsed."""
        known = self.known.documents.get(digest)
        if known is not None and known[0] == self._surroundings:
            return self._add(known[1])
        try:
            sound = _sound(orjson.loads(raw) if document is None else document, self._surroundings, self.known)
        except (_Doubt, AttributeError, KeyError, TypeError, ValueError, IndexError):
            return False
        self.known.documents[digest] = (self._surroundings, sound)
        return self._add(sound)

    def _add(self, sound: Sound) -> bool:
        expected = len(self.annotations) + len(sound.places) + len(sound.relations)
        self.annotations.update(sound.places)
        self.annotations.update(sound.relations)
        self._places.update(sound.places)
        self._ends.update(sound.ends)
        if len(self.annotations) != expected:
            return False
        for name, ids in sound.others.items():
            seen = self._others.setdefault(name, set())
            expected = len(seen) + len(ids)
            seen.update(ids)
            if len(seen) != expected:
                return False
        for name, count in sound.counts.items():
            self.counts[name] = self.counts.get(name, 0) + count
        return True

    def ends_are_sound(self) -> bool:
        """Whether every relation ends on an entity or a claim of the file."""
        sound = self._ends <= self._places
        self._ends, self._places, self._others = set(), set(), {}
        return sound


def _outer_pieces(whole: Mapping[str, Any]) -> Iterable[Piece]:
    yield Piece("value", "kurator", whole["kurator"], None)
    for name in sorted(whole, key=lambda name: name != "label_set"):
        content = whole[name]
        if name == "kurator":
            continue
        if (name in TOP_LISTS and isinstance(content, list)) or is_records(content):
            yield Piece("list", name, None, None)
            for number, record in enumerate(content):
                yield Piece("record", name, record, None, number)
        else:
            yield Piece("value", name, content, None)
    yield Piece("list", "documents", None, None)


def _need(condition: object) -> None:
    if not condition:
        raise _Doubt


def _sound(document: Record, around: Surroundings, known: Known) -> Sound:
    """Return what a sound document adds to its file.

    Raises:
        _Doubt: or what an unexpected shape raises.
    """
    for name, value in document.items():
        if name not in _LISTS:
            _need(not _unsound(value, orjson.dumps(value)))
    _need(all(isinstance(document[name], list) for name in _REQUIRED))
    _fields(document, around, known)
    for name in _LISTS:
        records = document.get(name, [])
        _need(known.fit(str(document["id"]), name, records))
        if name not in ("suggestions", "conflicts"):
            _need({one["annotator"] for one in records} <= around.annotators)
    places: list[str] = []
    for name in ("entities", "claims"):
        places += _placed(document, name, around)
    relations, ends = _relations(document, around)
    _suggestions(document, around)
    _decisions(document, {*places, *relations})
    for name, key in (("status", ("annotator",)), ("effort", ("annotator", "label", "action"))):
        records = document.get(name, [])
        _need(len({tuple(one[part] for part in key) for one in records}) == len(records))
    others = {
        name: tuple(one["id"] for one in document.get(name, ()))
        for name in ("decisions", "deleted", "notes", "conflicts")
    }
    counts = {name: len(document[name]) for name in _LISTS if document.get(name)}
    return Sound(tuple(places), tuple(relations), tuple(ends), others | {"documents": (document["id"],)},
                 {**counts, "documents": 1})  # fmt: skip


def _fields(document: Record, around: Surroundings, known: Known) -> None:
    _need(fits("document_fields")(document))
    _need(document.get("analysed_by") in around.runs)
    _need(around.annotators.issuperset(document.get("assigned", ())))
    text, length = document["text"], document["length"]
    if text is not None:
        _need(len(text) == length)
        _need(known.is_print(text, document["fingerprint"]))
    for span in document["furniture"]:
        _need(0 <= span[0] < span[1] <= length)


def _placed(document: Record, name: str, around: Surroundings) -> list[str]:
    kind, length = _KINDS[name], document["length"]
    for one in document[name]:
        _need(around.labels.get(one["label"]) == kind)
        _need(one["register"] in around.register)
        spans = one["spans"]
        _need(_rising(spans, length if not one.get("orphan") else spans[-1][1]))
    return [one["id"] for one in document[name]]


def _rising(spans: list[list[int]], length: int) -> bool:
    last = 0
    for start, end in spans:
        if not last <= start < end:
            return False
        last = end
    return last <= length


def _relations(document: Record, around: Surroundings) -> tuple[list[str], list[str]]:
    ends: list[str] = []
    for one in document["relations"]:
        _need(around.labels.get(one["label"]) == "relation")
        _need(one["register"] in around.register)
        _need(one["head"] != one["tail"])
        outside = one.get("outside", ())
        ends += [one[end] for end in ("head", "tail") if end not in outside]
    return [one["id"] for one in document["relations"]], ends


def _suggestions(document: Record, around: Surroundings) -> None:
    ids = {one["id"] for one in document["suggestions"]}
    _need(len(ids) == len(document["suggestions"]))
    for one in document["suggestions"]:
        _need(one["run"] in around.runs)
        if one.get("past"):
            continue
        _need(one["run"] is not None and one["score"] is not None)
        if one["kind"] == "relation":
            _need(one["head"] in ids and one["tail"] in ids)
        else:
            _need(one["spans"] and _rising(one["spans"], document["length"]))


def _decisions(document: Record, annotations: set[str]) -> None:
    suggestions = {one["id"] for one in document["suggestions"]}
    results = {None, *annotations, *(one["id"] for one in document["deleted"])}
    for one in document["decisions"]:
        _need(one["suggestion"] in suggestions)
        _need(one["result"] in results)
        if one.get("spans"):
            _need(_rising(one["spans"], document["length"]))
