"""What came out of a merge: told, and written as a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from app.formats.exchange import SPARE_LISTS
from app.merge.layout import outline_bytes
from app.merge.report import FoundConflict, MergeReport, Notice, list_changes
from app.merge.results import Result
from app.merge.sides import SideFile
from models.merge.outlines import Outline

_OPEN = b'"resolution":null'
_ALWAYS = ("claims", "decisions", "deleted", "entities", "notes", "relations", "status", "suggestions")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The merged corpus: documents by id, in ``ours``, in another side or in the spool, and what stands around them."""

    ours: SideFile
    results: Mapping[str, Result]
    outline: Outline
    spool: BinaryIO

    def tell(self, report: MergeReport, ours: Outline, theirs: Outline) -> None:
        """Put into a report what happened."""
        for identity, one in self.results.items():
            report.count(one.changes)
            report.unified += len(one.aliases)
            report.conflicts += [FoundConflict(found, identity, one.name) for found in one.conflicts]
        for name in ("register", "annotators"):
            found = list_changes(name, ours.lists[name], self.outline.lists[name])
            report.count(Counter((name, change) for change, *_ in found))
        if self.outline.labels != ours.labels:
            report.count(Counter({("label_set", "changed"): 1}))
        known = {one["id"] for side in (ours, theirs) for one in side.lists["conflicts"]}
        report.conflicts += [
            FoundConflict(one, None, None) for one in self.outline.lists["conflicts"] if one["id"] not in known
        ]
        if ours.header["project"]["id"] != theirs.header["project"]["id"]:
            names = {"ours": ours.header["project"]["name"], "theirs": theirs.header["project"]["name"]}
            report.notices.append(Notice("merge.other-project", names))

    def write(self, file: BinaryIO) -> int:
        """Write the merged file; return how many of its conflicts are open."""
        order = sorted((one.name, identity) for identity, one in self.results.items() if one.name is not None)
        head = outline_bytes(self.outline, self._counts(len(order)))
        file.write(head)
        opened = head.count(_OPEN)
        for number, (_, identity) in enumerate(order):
            raw = self._raw(identity)
            opened += raw.count(_OPEN)
            file.write((b",\n" if number else b"\n") + raw)
        file.write(b"]}\n")
        return opened

    def _raw(self, identity: str) -> bytes:
        result = self.results[identity]
        if result.source is not None:
            return result.source.raw(identity)
        self.spool.seek(result.start)
        return self.spool.read(result.end - result.start)

    def _counts(self, documents: int) -> dict[str, int]:
        """Return how many records of each list the merged file holds."""
        counts = Counter({name: self.ours.counts.get(name, 0) for name in (*_ALWAYS, *SPARE_LISTS)})
        for name in ("deleted", "conflicts"):
            counts[name] += len(self.outline.lists[name]) - len(self.ours.outline.lists[name])
        for one in self.results.values():
            counts.update(one.counts)
        for name in ("annotators", "runs", "register"):
            counts[name] = len(self.outline.lists[name])
        counts["documents"] = documents
        return {name: count for name, count in counts.items() if count or name not in SPARE_LISTS}
