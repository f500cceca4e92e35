"""Writing what the memory comes to in a document: what differs from what stands there, and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from app.services.memory_pages import Reading
from app.services.suggestions import distinct
from models.ids import suggestion_id
from models.memory import FORM
from models.pairs import End, Pairs
from models.spans import Span
from models.store import memory_writes, writes
from models.store.memory_reads import Link, MemoryReads, Page, Standing
from models.store.reads import Reads
from models.store.unit_of_work import UnitOfWork
from models.suggestions import PipelineInfo, Proposal

NAME, VERSION = "memory", "1"


@dataclass(slots=True)
class Difference:
    """What is to be written: new rows, ids of suggestions that go, and of those to cover and uncover."""

    rows: list[writes.SuggestionRow] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    cover: set[str] = field(default_factory=set)
    uncover: set[str] = field(default_factory=set)
    forms: Counter[FORM] = field(default_factory=Counter)
    """Form → how many suggestions come of it."""

    @property
    def keys(self) -> set[str]:
        """All that shows differently."""
        return {row[1] for row in self.rows} | self.gone | self.cover | self.uncover


class Showing:
    """What an annotator's memory shows; its suggestions belong to a run of its own."""

    def __init__(self, reads: Reads, run: int | None) -> None:
        self._reads = reads
        self.run = run
        self.info = PipelineInfo(NAME, VERSION, reads.me)

    def difference(self, page: Page, reading: Reading, pairs: Pairs) -> Difference:
        """Return what differs between what a document shows and what it should show."""
        print_ = distinct(self._reads, page.document, page.text_seq, page.fingerprint)
        passages = self._passages(page, reading, print_)
        forms = {identity: form for identity, _, form in passages}
        relations = self._relations(page, reading, pairs, passages, print_)
        proposed = [(identity, proposal, None, None) for identity, proposal, _ in passages]
        rows = writes.suggestion_rows(page.document, page.text_seq, self.run or 0, [*proposed, *relations])
        wanted = {row[1]: row for row in rows}
        every: list[Standing | Link] = [*page.suggestions, *page.relations]
        standing = {one.id: one for one in every if one.run == self.run}
        covered = {one.id for one in every if one.covered}
        found = Difference(cover={*reading.covered} - covered, uncover=covered - reading.covered)
        for identity, row in wanted.items():
            if identity not in standing or _differs(row, standing[identity]):
                found.rows.append(row)
                if identity not in standing and identity in forms:
                    found.forms[forms[identity]] += 1
        held = {end for one in page.relations if one.decided or one.id in wanted for end in (one.head, one.tail)}
        found.gone = {
            one.id
            for one in standing.values()
            if not one.decided and one.id not in held and (one.id not in wanted or one.text != page.text_seq)
        }
        return found

    def _passages(self, page: Page, reading: Reading, print_: str) -> list[tuple[str, Proposal, FORM]]:
        source = MemoryReads(self._reads, None)
        found = []
        for kind, recalled in reading.recalled.items():
            for one in recalled:
                facets = source.facets(page.text[one.span.start : one.span.end]) if kind == "claim" else {}
                why = "sentence" if kind == "claim" else "inflection" if one.inflected else "form"
                proposal = Proposal(kind, one.label, (one.span,), None, None, facets, one.score, f"memory/{why}")
                found.append((self._id(print_, kind, one.label, [list(one.span)]), proposal, one.form))
        return found

    def _relations(
        self, page: Page, reading: Reading, pairs: Pairs, passages: list[tuple[str, Proposal, FORM]], print_: str
    ) -> list[tuple[str, Proposal, str | None, str | None]]:
        """Return the relations that are remembered between what is suggested, or was and stands."""
        if not len(pairs):
            return []
        new = [End(identity, one.label, one.spans[0]) for identity, one, _ in passages if one.kind == "entity"]
        taken = {end.id for end in new}
        refused = page.closed["entity"].refused
        ends = new + [
            End(one.id, one.label, Span(one.start, one.end))
            for one in page.suggestions
            if one.kind == "entity" and one.text == page.text_seq and one.id not in taken | reading.covered
            and (one.decided or one.run != self.run) and (one.label, one.start, one.end) not in refused
        ]  # fmt: skip
        said = {(one.label, one.head, one.tail) for one in page.relations if one.run != self.run}
        found: list[tuple[str, Proposal, str | None, str | None]] = []
        for joined in pairs.read(page.text, ends):
            if (joined.label, joined.head, joined.tail) not in said:
                proposal = Proposal("relation", joined.label, score=joined.score, source="memory/pair")
                identity = self._id(print_, "relation", joined.label, [joined.head, joined.tail])
                found.append((identity, proposal, joined.head, joined.tail))
        return found

    def _id(self, print_: str, kind: str, label: str, place: list[object]) -> str:
        return suggestion_id((self.info.name, self.info.version, self.info.hash), print_, kind, label, place)

    def write(self, work: UnitOfWork, page: Page, found: Difference) -> None:
        """Write what differs."""
        if self.run is None:
            self.run = writes.ensure_run(work, self.info)
            found.rows = [(*row[:3], self.run, *row[4:]) for row in found.rows]
        writes.delete_suggestions(work, page.document, sorted(found.gone))
        writes.put_suggestions(work, found.rows)
        memory_writes.cover(work, page.document, found.cover, True)
        memory_writes.cover(work, page.document, found.uncover, False)
        memory_writes.recount(work, page.document, page.text_seq, self.run)


def _differs(row: writes.SuggestionRow, standing: Standing | Link) -> bool:
    """Whether what stands under an id has another score, or another text, and may be written anew."""
    return not standing.decided and (row[2], row[12]) != (standing.text, standing.score)
