"""Learning at once: what curators decided is found again in other places, without any training.

The memory is a function of what stands, so undo, imports and merges need no code of their own: triggers note which
forms and documents have to be looked at (:mod:`models.store.recall_tables`), and :class:`Remembering` works that list
off in slices, documents on screen first. What is still to do is stored with the project and survives a kill.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Literal

from app.services.memory_pages import Memories, Reading, read_page
from app.services.suggestions import distinct
from app.workspace import Workspace
from models.history import Touched
from models.ids import suggestion_id
from models.memory import FORM, Memory
from models.store import memory_writes, writes
from models.store.memory_reads import (
    Judged,
    MemoryReads,
    Page,
    Standing,
    Task,
    documents_saying,
    memory_run,
    packed,
    page,
    tasks,
    waiting,
)
from models.store.unit_of_work import UnitOfWork
from models.suggestions import Kind, PipelineInfo, Proposal
from models.wording import form_of, said_as

NAME, VERSION = "memory", "1"
SCOPE, WHOSE, FORGOTTEN = "memory", "memory.of", "memory.forgotten"
"""The project's options: where what is remembered counts, whose decisions it is made from, and what was forgotten."""
LEAST_WORDS: dict[Kind, int] = {"entity": 1, "claim": 4}
FORMS_AT_ONCE = 50
FORMS_APART = 1_000
"""From so many forms on, after an import for instance, it is quicker to look at every document once."""
DOCUMENTS_AT_ONCE = 50

Scope = Literal["nothing", "document", "corpus"]
_FORM_SUBJECTS = ("quote", "surface")


@dataclass(frozen=True, slots=True)
class Spread:
    """How far what was decided on a form has spread: suggestions that came on screen, and elsewhere."""

    form: FORM
    here: int
    elsewhere: int


@dataclass(slots=True)
class _Told:
    """What happened since it was last asked for."""

    marks: dict[str, set[str]] = field(default_factory=dict)
    spread: list[Spread] = field(default_factory=list)


def scope_of(workspace: Workspace) -> Scope:
    """Return where what is remembered counts."""
    found = workspace.option(SCOPE)
    return found if found in ("nothing", "document") else "corpus"  # type: ignore[return-value]


def set_scope(workspace: Workspace, scope: Scope, everybody: bool = False) -> None:
    """Say where what is remembered counts, and whether everybody's decisions are remembered or one's own."""
    workspace.set_option(SCOPE, None if scope == "corpus" else scope)
    workspace.set_option(WHOSE, "everybody" if everybody else None)


def of_everybody(workspace: Workspace) -> bool:
    """Whether the memory is made of everybody's decisions, not only of the present annotator's."""
    return workspace.option(WHOSE) == "everybody"


class Remembering:
    """A project's memory at work. Everything happens in :meth:`work`, for as long as it is given."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._reads = workspace.reads
        self._known: tuple[str, str | None, Scope] | None = None
        self._memories: Memories = {}
        self._visible: Sequence[str] = ()
        self._steps: Iterator[None] | None = None
        self._told = _Told()
        self._counts: dict[FORM, Counter[bool]] = {}
        """Form decided on in this session → on screen or elsewhere → suggestions that came of it."""
        self._run: int | None = None
        self._stirred = False

    @property
    def memories(self) -> Memories:
        """What is remembered, per kind; empty before the first work is done."""
        return self._memories

    @property
    def source(self) -> MemoryReads:
        """What the memory is read from."""
        return MemoryReads(self._reads, None if of_everybody(self._workspace) else self._reads.me)

    def forget(self, kind: Kind, form: FORM, forgotten: bool = True) -> None:
        """Propose a form no more, or (not ``forgotten``) again; what was decided on it stays."""
        memory = self._memories[kind]
        (memory.silent.add if forgotten else memory.silent.discard)(form)
        kept = [[kind, *one] for kind, memory in sorted(self._memories.items()) for one in sorted(memory.silent)]
        self._workspace.set_option(FORGOTTEN, json.dumps(kept, ensure_ascii=False) if kept else None)
        known = memory.forms.get(form)
        with self._workspace.writer.unrecorded() as work:
            for quote in known.quotes if known is not None else ():
                memory_writes.look_for(work, Task("quote", packed(quote), 1))
        self._stirred = True

    @property
    def loading(self) -> bool:
        """Whether what is remembered, or what it is made from, has yet to be read."""
        return self._known != (self._reads.me, self.source.annotator, scope_of(self._workspace))

    @property
    def idle(self) -> bool:
        """Whether everything that was to do when it was last at work is done."""
        return self._steps is None

    def work(self, seconds: float, visible: Sequence[str] = ()) -> bool:
        """Go on with what is to do, documents in ``visible`` first, for about so long; whether anything is left.

        Raises:
            UserError, EnvironmentFault: the project cannot be written; what is left waits.
        """
        until = perf_counter() + seconds
        if self._visible != tuple(visible):
            # A text whose words are parted by soft hyphens is not found through the index: it is looked at when shown.
            self._visible, self._stirred = tuple(visible), True
        if self._steps is None:
            self._steps = self._everything()
        try:
            for _ in self._steps:
                if perf_counter() >= until:
                    return True
        except BaseException:
            self._steps = None
            raise
        self._steps = None
        return False

    def catch_up(self, visible: Sequence[str] = ()) -> None:
        """Do everything that is to do."""
        while self.work(60.0, visible):
            pass

    def told(self) -> tuple[Touched, list[Spread]]:
        """Return what changed since the last time, and what decisions have spread."""
        told, self._told = self._told, _Told()
        marks = {document: frozenset(keys) for document, keys in told.marks.items()}
        return Touched(marks, frozenset(marks), frozenset(("suggestions",))), told.spread

    # What is to do ----------------------------------------------------------------------------------------

    def _everything(self) -> Iterator[None]:
        """Do one small thing after another until nothing is left; no transaction is open when it yields."""
        yield from self._load()
        while True:
            fresh = tasks(self._reads, _FORM_SUBJECTS, True, FORMS_AT_ONCE)
            if fresh:
                yield from self._learn(fresh)
            elif self._stirred:
                yield from self._look_around()
            elif shown := waiting(self._reads, self._visible):
                yield from self._look(shown[0])
            elif some := tasks(self._reads, ("document",), True, 1):
                yield from self._documents(some[0])
            elif begun := tasks(self._reads, _FORM_SUBJECTS, False, 1):
                yield from self._spread(begun[0])
            else:
                self._forget_pairs()
                return

    def _load(self) -> Iterator[None]:
        """Read the memory where it is not known yet, or is to be another one."""
        scope, source = scope_of(self._workspace), self.source
        wanted = (self._reads.me, source.annotator, scope)
        if self._known == wanted:
            return
        again = self._known is not None
        self._counts.clear()
        memories = _empty(source)
        for kind, *form in json.loads(self._workspace.option(FORGOTTEN) or "[]"):
            memories[kind].silent.add(tuple(form))
        if scope == "corpus":
            for page_ in source.quotes():
                _remember(memories, page_)
                yield
            for page_ in source.surfaces():
                _refuse(memories, page_)
                yield
        self._memories = memories
        self._known = wanted
        self._run = memory_run(self._reads, NAME, VERSION, wanted[0])
        if again:
            with self._workspace.writer.unrecorded() as work:
                memory_writes.look_at_everything(work)
            self._stirred = True

    def _learn(self, fresh: Sequence[Task]) -> Iterator[None]:
        """Take in what was decided on some forms, and show it in the documents on screen."""
        assert self._known is not None
        changed: list[Task] = []
        same: list[Task] = []
        for task in fresh:
            (changed if self._take_in(task) else same).append(task)
        with self._workspace.writer.unrecorded() as work:
            memory_writes.finished(work, same)
            if memory_writes.begun(work, changed) > FORMS_APART:
                memory_writes.look_at_everything(work)
        yield
        self._stirred |= bool(changed)

    def _look_around(self) -> Iterator[None]:
        """Look at the documents on screen."""
        self._stirred = False
        for document in self._visible:
            yield from self._look(document)

    def _take_in(self, task: Task) -> bool:
        """Count a form anew; whether anything is remembered differently, so that texts must be looked at."""
        assert self._known is not None
        if self._known[2] == "nothing":
            return False
        if self._known[2] == "document":
            return True
        source = MemoryReads(self._reads, self._known[1])
        quoted = task.subject == "quote"
        passage = source.passage(task.item) if quoted else task.item
        rows = next(source.quotes(task.item) if quoted else source.surfaces(task.item))
        changed = False
        for kind, memory in self._memories.items():
            form = memory.forms.get(form_of(passage))
            sources = (form.quotes if quoted else form.refusals) if form is not None else {}
            counts = {row.label: row.times for row in rows if row.kind == kind}
            if sources.get(passage, {}) != counts:
                key = (memory.remember if quoted else memory.refuse)(passage, counts)
                changed = True
                if key is not None:
                    self._counts.setdefault(key, Counter())
        return changed

    def _documents(self, task: Task) -> Iterator[None]:
        """Look at a document; all of them at once where there is nothing to remember."""
        if self._run is None and not any(len(memory) for memory in self._memories.values()):
            some = tasks(self._reads, ("document",), True, 5_000)
            with self._workspace.writer.unrecorded() as work:
                memory_writes.finished(work, some)
            yield
            return
        yield from self._look(task.item)

    def _spread(self, task: Task) -> Iterator[None]:
        """Look at the next documents that a form occurs in."""
        passage = MemoryReads(self._reads, None).passage(task.item) if task.subject == "quote" else task.item
        form = form_of(passage)
        expression = said_as(form)
        found = documents_saying(self._reads, expression, task.passed, DOCUMENTS_AT_ONCE) if expression else []
        for number, document in found:
            yield from self._look(document, task, number + 1)
            task = task._replace(passed=number + 1)
            if tasks(self._reads, _FORM_SUBJECTS, True, 1) or waiting(self._reads, self._visible):
                return
        if len(found) < DOCUMENTS_AT_ONCE:
            with self._workspace.writer.unrecorded() as work:
                memory_writes.finished(work, [task])
            counts = self._counts.pop(form, None)
            if counts is not None and counts.total():
                self._told.spread.append(Spread(form, counts[True], counts[False]))
        yield

    def _forget_pairs(self) -> None:
        left = tasks(self._reads, ("pair",), True, 5_000)
        if left:
            with self._workspace.writer.unrecorded() as work:
                memory_writes.finished(work, left)

    # A document -------------------------------------------------------------------------------------------

    def _look(self, document: str, task: Task | None = None, number: int = 0) -> Iterator[None]:
        """Let a document show what the memory says; ``task`` has then come to text ``number``."""
        while True:
            before = page(self._reads, document)
            reading: Reading | None = None
            if before is not None:
                for reading in read_page(before, self._memories_for(document), self._run):
                    if reading is None:
                        yield
            with self._workspace.writer.unrecorded() as work:
                now = page(self._reads, document)
                if now != before:
                    continue
                memory_writes.finished(work, [Task("document", document, 0)])
                if task is not None:
                    memory_writes.passed(work, task, number)
                if before is not None and reading is not None:
                    self._show(work, before, reading)
            break
        yield

    def _memories_for(self, document: str) -> Memories:
        assert self._known is not None
        if self._known[2] != "document":
            return self._memories
        source = MemoryReads(self._reads, self._known[1])
        memories = _empty(source)
        for kind, memory in memories.items():
            memory.silent = self._memories[kind].silent
        quotes, surfaces = source.inside(document)
        _remember(memories, quotes)
        _refuse(memories, surfaces)
        return memories

    def _show(self, work: UnitOfWork, before: Page, reading: Reading) -> None:
        """Write what differs from what the document shows."""
        if self._run is None and not reading.covered and not any(reading.recalled.values()):
            return
        info = PipelineInfo(NAME, VERSION, self._reads.me)
        if self._run is None:
            self._run = writes.ensure_run(work, info)
        rows = self._rows(before, reading, info)
        standing = {one.id: one for one in before.suggestions if one.run == self._run}
        added = [row for row in rows.values() if row[1] not in standing or _differs(row, standing[row[1]])]
        gone = [
            one.id
            for one in standing.values()
            if not one.decided and (one.id not in rows or one.text != before.text_seq)
        ]
        covered = {one.id for one in before.suggestions if one.covered}
        cover, uncover = reading.covered - covered, covered - reading.covered
        if not (added or gone or cover or uncover):
            return
        writes.delete_suggestions(work, before.document, gone)
        writes.put_suggestions(work, added)
        memory_writes.cover(work, before.document, cover, True)
        memory_writes.cover(work, before.document, uncover, False)
        memory_writes.recount(work, before.document, before.text_seq, self._run)
        keys = {row[1] for row in added} | {*gone, *cover, *uncover}
        self._told.marks.setdefault(before.document, set()).update(keys)
        self._count(before.document, {row[1] for row in added}, rows, reading)

    def _rows(self, before: Page, reading: Reading, info: PipelineInfo) -> dict[str, writes.SuggestionRow]:
        """Return what the memory proposes as rows, by id."""
        print_ = distinct(self._reads, before.document, before.text_seq, before.fingerprint)
        source = MemoryReads(self._reads, None)
        assert self._run is not None
        identified = []
        for kind, found in reading.recalled.items():
            for one in found:
                facets = source.facets(before.text[one.span.start : one.span.end]) if kind == "claim" else {}
                why = "sentence" if kind == "claim" else "inflection" if one.inflected else "form"
                identity = suggestion_id(
                    (info.name, info.version, info.hash), print_, kind, one.label, [list(one.span)]
                )
                proposal = Proposal(
                    kind, one.label, (one.span,), facets=facets, score=one.score, source=f"memory/{why}"
                )
                identified.append((identity, proposal, None, None))
        rows = writes.suggestion_rows(before.document, before.text_seq, self._run, identified)
        return {row[1]: row for row in rows}

    def _count(self, document: str, added: set[str], rows: dict[str, writes.SuggestionRow], reading: Reading) -> None:
        forms = [one.form for found in reading.recalled.values() for one in found]
        for form, key in zip(forms, rows, strict=False):
            if key in added and form in self._counts:
                self._counts[form][document in self._visible] += 1


def _differs(row: writes.SuggestionRow, standing: Standing) -> bool:
    """Whether what stands under an id has another score, or another text, and may be written anew."""
    return not standing.decided and (row[2], row[12]) != (standing.text, standing.score)


def _empty(source: MemoryReads) -> Memories:
    return {kind: Memory(source.contexts, least) for kind, least in LEAST_WORDS.items()}


def _remember(memories: Memories, rows: Sequence[Judged]) -> None:
    for (kind, passage), counts in _grouped(rows).items():
        memories[kind].remember(passage, counts)


def _refuse(memories: Memories, rows: Sequence[Judged]) -> None:
    for (kind, passage), counts in _grouped(rows).items():
        memories[kind].refuse(passage, counts)


def _grouped(rows: Sequence[Judged]) -> dict[tuple[Kind, str], dict[str, int]]:
    found: dict[tuple[Kind, str], dict[str, int]] = {}
    for passage, kind, label, count in rows:
        if kind in LEAST_WORDS:
            counts = found.setdefault((kind, passage), {})
            counts[label] = counts.get(label, 0) + count
    return found
