"""The merge of all documents of three files: once each, and again where another document's merge bears on it.

A document that is the same on both sides is never parsed. What was merged lies in a spool file until all is
known, so memory does not grow with the corpus.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, NamedTuple

from app.merge.layout import document_bytes
from app.merge.outcome import Outcome
from app.merge.report import MergeReport, Notice
from app.merge.results import Result, result_of
from app.merge.sides import Cancelled, SideFile, record_in
from models.ids import derived_id
from models.merge.documents import Context, merge_documents
from models.merge.doubles import aliases_of
from models.merge.lists import new_tombstones
from models.merge.outlines import Outline, Used, document_stays, ledger_of, merge_outlines, with_aliases
from models.merge.sorting import extent
from models.merge.things import same_names
from models.merge.values import Record

_ALSO = b'"also":['
_OUTSIDE = b'"outside":'
_TEXTLESS = b'"text":null'
_UNANALYSED = b'"analysed_by":null'
"""A file without texts or suggestions takes none away: they were not shared, and the other side may have them."""
_IDS = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Sides(NamedTuple):
    """The three files; without a common origin ``base`` is None."""

    base: SideFile | None
    ours: SideFile
    theirs: SideFile

    def with_document(self, identity: str) -> list[SideFile | None]:
        """Return the files that hold a document, None for each that does not."""
        return [one if one is not None and identity in one.documents else None for one in self]


class Merge:
    """One merge of three files: :meth:`carry_out` it, then write its ``outcome``."""

    def __init__(
        self,
        sides: Sides,
        out: Path,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        partial: bool = False,
    ) -> None:
        self._sides = sides
        self._progress = progress
        self._cancelled = cancelled
        self._partial = partial
        self._spool: Any = TemporaryFile()  # noqa: SIM115
        self._results: dict[str, Result] = {}
        self._given = given_aliases(sides)
        base = None if sides.base is None else with_aliases(sides.base.outline, self._given)
        ours, theirs = (with_aliases(one.outline, self._given) for one in (sides.ours, sides.theirs))
        self._outlines: tuple[Outline | None, Outline, Outline] = (base, ours, theirs)
        self._uses = (ours.labels, ours.lists) != (theirs.labels, theirs.lists)
        """Whether one side may have taken away what the other uses."""
        self._ledger = ledger_of(base, ours, theirs)
        self._started = {run["id"]: run["started"] for one in (ours, theirs) for run in one.lists["runs"]}
        self._tombstones = [
            new_tombstones(base.lists["deleted"] if base else [], one.lists["deleted"]) for one in (ours, theirs)
        ]
        self._restore: dict[str, tuple[str, ...]] = {}
        """Annotation that must live → what ends on it."""
        self._homes: set[str] = set()
        """The documents of those."""
        self._missing = 0
        """Documents taken for deleted since the other side no longer has them, without a word on it."""
        self._foreign: dict[str, dict[str, str]] = {}
        """Document → ids that the merges of other documents gave up, and that it names."""
        self._found: dict[str, Record | None] = {}
        self.outcome: Outcome
        """What was merged; there after :meth:`carry_out`."""
        self.report = MergeReport(out)

    def __enter__(self) -> Merge:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.close()

    def carry_out(self) -> None:
        """Merge everything into the spool.

        Raises:
            Cancelled: as was asked for.
        """
        if (side := self._changed_alone()) is not None:
            self._take(side)
            return
        waiting = list(dict.fromkeys([*self._sides.ours.documents, *self._sides.theirs.documents]))
        total = len(waiting)
        while waiting:
            for done, identity in enumerate(waiting):
                if self._cancelled():
                    raise Cancelled
                self._results[identity] = self._document(identity)
                if not self._foreign and not self._restore:
                    self._progress(done + 1, total)
            waiting = self._again()
        self._check()
        self._finish()

    def _check(self) -> None:
        for side in (one for one in self._sides if one is not None):
            side.finish()

    def _changed_alone(self) -> SideFile | None:
        """Return the side that is the merge, since the other is what both started from."""
        base, ours, theirs = self._sides
        if ours.holds_the_same(theirs):
            return ours
        for side, other in ((theirs, ours), (ours, theirs)):
            whole = not self._partial and "package" not in side.outline.header
            if whole and base is not None and other.holds_the_same(base) and _is_whole(other, side):
                return side
        return None

    def _take(self, side: SideFile) -> None:
        """Take a side as it is."""
        ours = self._sides.ours
        self._check()
        for identity in dict.fromkeys([*ours.documents, *side.documents]):
            if self._cancelled():
                raise Cancelled
            place, was = side.documents.get(identity), ours.documents.get(identity)
            if place is not None and was is not None and place.digest == was.digest:
                self._results[identity] = Result(place.name, side)
                continue
            old = None if was is None else ours.document(identity)
            new = None if place is None else side.document(identity)
            self._results[identity] = result_of(new, old, new, uses=False)
            self._results[identity].source = side
        deleted = {one["id"] for one in side.outline.lists["deleted"]}
        self._missing = len(ours.documents.keys() - side.documents.keys() - deleted)
        self._outcome(side.outline)

    # Documents --------------------------------------------------------------------------------------------

    def _document(self, identity: str) -> Result:
        base, ours, theirs = self._sides.with_document(identity)
        if ours is None or theirs is None:
            live = ours or theirs
            assert live is not None
            return self._one_sided(identity, base, live)
        digests = [one.documents[identity].digest if one else b"" for one in (base, ours, theirs)]
        touched = identity in self._foreign or identity in self._homes or self._names_old_ids(identity)
        if not touched:
            if digests[1] == digests[2]:
                return Result(ours.documents[identity].name, ours)
            for same, side, other in ((1, ours, theirs), (2, theirs, ours)):
                if digests[0] == digests[same] and not _leaves_out(side.raw(identity), other.raw(identity)):
                    return self._taken(identity, other)
        was = None if base is None else base.document(identity)
        mine, yours = ours.document(identity), theirs.document(identity)
        merged = merge_documents(was, mine, yours, self._context(identity))
        result = result_of(merged.document, mine, yours, uses=self._uses)
        result.aliases = merged.aliases
        result.start, result.end = self._keep(document_bytes(merged.document))
        return result

    def _keep(self, raw: bytes) -> tuple[int, int]:
        start = self._spool.seek(0, 2)
        self._spool.write(raw)
        return start, start + len(raw)

    def _taken(self, identity: str, side: SideFile) -> Result:
        """Return a document as the one side has it that changed it."""
        ours, theirs = self._sides.ours.document(identity), self._sides.theirs.document(identity)
        result = result_of(ours if side is self._sides.ours else theirs, ours, theirs, uses=self._uses)
        result.source = side
        return result

    def _one_sided(self, identity: str, base: SideFile | None, live: SideFile) -> Result:
        """Return a document that only one side has: added there, or deleted on the other."""
        is_ours = live is self._sides.ours
        document = live.document(identity)
        told = (document, None) if is_ours else (None, document)
        if not self._stays(identity, base, live, document):
            return result_of(None, *told, uses=False)
        if identity in self._foreign or self._names_old_ids(identity) or _OUTSIDE in live.raw(identity):
            document = merge_documents(document, document, document, self._context(identity)).document
            result = result_of(document, *told, uses=self._uses)
            result.start, result.end = self._keep(document_bytes(document))
            return result
        result = result_of(document, *told, uses=self._uses)
        result.source = live
        return result

    def _stays(self, identity: str, base: SideFile | None, live: SideFile, document: Record) -> bool:
        is_ours = live is self._sides.ours
        other = self._sides.theirs if is_ours else self._sides.ours
        tombstone = self._tombstones[is_ours].get(identity)
        needed = identity in self._homes
        if base is None:
            if tombstone is None:
                return True
            unchanged = tombstone["revision"] > document.get("revision", 0) and not any(map(document.get, _WORK))
        elif tombstone is None and (self._partial or "package" in other.outline.header):
            return True  # a work package holds a part of the corpus; what it lacks was not deleted
        else:
            unchanged = base.documents[identity].digest == live.documents[identity].digest
        if unchanged and not needed:
            self._missing += tombstone is None
            return False
        known = None if base is None else base.document(identity)
        return document_stays(known, document, tombstone, needed and unchanged, self._ledger, is_ours=is_ours)

    def _context(self, identity: str) -> Context:
        return Context(
            aliases=self._given | self._foreign.get(identity, {}),
            restore=self._restore,
            started=self._started,
            lives=lambda one: self._sides.ours.has_annotation(one) or self._sides.theirs.has_annotation(one),
            place=self._place,
        )

    def _place(self, identity: str) -> tuple[int, int] | None:
        found = self._annotation(identity)
        return None if found is None else extent(found)

    def _annotation(self, identity: str) -> Record | None:
        """Return an annotation of either side, wherever it stands."""
        if identity not in self._found:
            self._found[identity] = next(
                (one for side in (self._sides.ours, self._sides.theirs) for one in side.annotations(identity)), None
            )
        return self._found[identity]

    def _names_old_ids(self, identity: str) -> bool:
        if not self._given:
            return False
        sides = [one for one in self._sides.with_document(identity) if one]
        return any(found.decode() in self._given for one in sides for found in _IDS.findall(one.raw(identity)))

    # What bears on other documents ------------------------------------------------------------------------

    def _again(self) -> list[str]:
        """Return the documents that must be merged once more, now that the others are known."""
        aliases = {old: new for one in self._results.values() for old, new in one.aliases.items()}
        homes = {gone: identity for identity, one in self._results.items() for gone in one.gone}
        again: dict[str, None] = dict.fromkeys(self._shared_ids())
        for identity, result in self._results.items():
            for end, needing in result.loose.items():
                if end in aliases and end not in result.aliases:
                    known = self._foreign.setdefault(identity, {})
                    if end not in known:
                        known[end] = aliases[end]
                        again[identity] = None
                elif end in homes and end not in self._restore:
                    self._restore[end] = needing
                    self._homes.add(homes[end])
                    again[homes[end]] = None
        return list(again)

    def _shared_ids(self) -> Iterator[str]:
        """Yield documents of which an annotation must get an id of its own, since another has it too.

        What is accepted in two documents with the same text gets the same id; nobody notices while each copy of
        the project has one of the documents.
        """
        owners: dict[str, str] = {}
        for identity in sorted(self._results):
            for one in sorted(self._results[identity].derived):
                if owners.setdefault(one, identity) != identity:
                    self._foreign.setdefault(identity, {})[one] = derived_id("copy", one, identity)
                    yield identity

    # The file -----------------------------------------------------------------------------------------------

    def _finish(self) -> None:
        """Merge what stands around the documents, and tell what happened."""
        used = Used()
        for one in self._results.values():
            if one.used is not None:
                used.update(one.used)
        alive = {identity for identity, one in self._results.items() if one.name is not None}
        self._outcome(merge_outlines(*self._outlines, used, alive, self._ledger))

    def _outcome(self, outline: Outline) -> None:
        _, ours, theirs = self._outlines
        self.outcome = Outcome(self._sides.ours, self._results, outline, self._spool)
        self.outcome.tell(self.report, ours, theirs)
        if same := same_names(ours.lists["register"], theirs.lists["register"]):
            self.report.notices.append(Notice("merge.same-things", {"count": same}))
        if self._missing:
            self.report.notices.append(Notice("merge.documents-missing", {"count": self._missing}))


_WORK = ("entities", "claims", "relations", "decisions", "notes", "status")
"""What people did in a document does not count in its revision: without a base nobody knows whether it was seen."""


def _leaves_out(before: bytes, raw: bytes) -> bool:
    """Whether a document has less than it had for other reasons than that somebody took it away, or may have."""
    return _OUTSIDE in raw or any(one in raw and one not in before for one in (_TEXTLESS, _UNANALYSED))


def _is_whole(before: SideFile, side: SideFile) -> bool:
    """Whether a file has no more documents without texts or suggestions than the one it grew from."""
    return all(sum(1 for _ in side.find(one)) <= sum(1 for _ in before.find(one)) for one in (_TEXTLESS, _UNANALYSED))


def given_aliases(sides: Sides) -> dict[str, str]:
    """Return which ids stand for others, as the files tell."""
    records = [one for side in sides if side for one in side.outline.lists["annotators"] if "also" in one]
    for side in (one for one in sides if one):
        for at in side.find(_ALSO):
            found = record_in(side.line_at(at))
            if isinstance(found.get("id"), str) and is_strings(found.get("also")):
                records.append(found)
    return aliases_of(records)


def is_strings(value: object) -> bool:
    """Whether a value is a list of strings."""
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
