"""Learning at once: what curators decided is found again in other places, without any training.

The memory is a function of what stands, so undo, imports and merges need no code of their own: triggers note which
forms and documents have to be looked at (:mod:`models.store.recall_tables`), and :class:`Remembering` works that list
off in slices, documents on screen first. What is still to do is stored with the project and survives a kill.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from app.services.memory_known import Known, Scope, Wanted
from app.services.memory_pages import Memories, Reading, read_page
from app.services.memory_shown import NAME, VERSION, Showing
from app.workspace import Workspace
from models.history import Touched
from models.memory import FORM
from models.store import memory_writes
from models.store.memory_reads import (
    MemoryReads,
    Page,
    Task,
    documents_saying,
    memory_run,
    packed,
    page,
    tasks,
    waiting,
)
from models.suggestions import Kind

SCOPE, WHOSE, FORGOTTEN = "memory", "memory.of", "memory.forgotten"
"""The project's options: where what is remembered counts, whose decisions it is made from, and what was forgotten."""
TASKS_AT_ONCE = 50
FORMS_APART = 1_000
"""From so many forms on, after an import for instance, it is quicker to look at every document once."""
_SUBJECTS = ("quote", "surface", "pair")


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
        self._known: Known | None = None
        self._showing = Showing(workspace.reads, None)
        self._visible: Sequence[str] = ()
        self._steps: Iterator[None] | None = None
        self._told = _Told()
        self._counts: dict[FORM, Counter[bool]] = {}
        """Form decided on in this session → on screen or elsewhere → suggestions that came of it."""
        self._stirred = False
        """Whether the documents on screen are to be looked at."""
        self._unsure = False
        """Whether the memory may have been read with or without what is to be taken in."""

    # Asking -----------------------------------------------------------------------------------------------

    @property
    def memories(self) -> Memories:
        """What is remembered, per kind; empty before it has been read."""
        return self._known.memories if self._known is not None else {}

    @property
    def source(self) -> MemoryReads:
        """What the memory is read from."""
        return MemoryReads(self._reads, self._wanted.annotator)

    @property
    def _wanted(self) -> Wanted:
        me = self._reads.me
        return Wanted(me, None if of_everybody(self._workspace) else me, scope_of(self._workspace))

    @property
    def loading(self) -> bool:
        """Whether what is remembered has yet to be read, or is to be something else."""
        return self._known is None or self._known.wanted != self._wanted

    @property
    def idle(self) -> bool:
        """Whether everything that was to do when it was last at work is done."""
        return self._steps is None

    def told(self) -> tuple[Touched, list[Spread]]:
        """Return what changed since the last time, and what decisions have spread."""
        told, self._told = self._told, _Told()
        marks = {document: frozenset(keys) for document, keys in told.marks.items()}
        return Touched(marks, frozenset(marks), frozenset(("suggestions",))), told.spread

    # Doing ------------------------------------------------------------------------------------------------

    def forget(self, kind: Kind, form: FORM, forgotten: bool = True) -> None:
        """Propose a form no more, or (not ``forgotten``) again; what was decided on it stays.

        Raises:
            UserError, EnvironmentFault: the project cannot be written.
        """
        memory = self.memories[kind]
        (memory.silent.add if forgotten else memory.silent.discard)(form)
        kept = [[kind, *one] for kind, memory in sorted(self.memories.items()) for one in sorted(memory.silent)]
        self._workspace.set_option(FORGOTTEN, json.dumps(kept, ensure_ascii=False) if kept else None)
        known = memory.forms.get(form)
        with self._workspace.writer.repeatable() as work:
            for quote in known.quotes if known is not None else ():
                memory_writes.look_for(work, Task("quote", packed(quote), 1))
        self._stirred = True
        self._steps = None  # whatever goes through the same texts begins anew, and so does not take the task for done

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

    def _everything(self) -> Iterator[None]:
        """Do one small thing after another until nothing is left; no transaction is open when it yields."""
        known = self._known
        if known is None or self.loading:
            known = yield from self._load(self._wanted)
        while True:
            fresh = tasks(self._reads, _SUBJECTS, True, TASKS_AT_ONCE)
            self._unsure &= bool(fresh)
            if fresh:
                yield from self._learn(known, fresh)
            elif self._stirred:
                self._stirred = False
                for document in self._visible:
                    yield from self._look(known, document)
            elif shown := waiting(self._reads, self._visible):
                yield from self._look(known, shown[0])
            elif some := tasks(self._reads, ("document",), True, 1):
                yield from self._documents(known, some[0])
            elif begun := tasks(self._reads, _SUBJECTS, False, 1):
                yield from self._spread(known, begun[0])
            else:
                return

    def _load(self, wanted: Wanted) -> Generator[None, None, Known]:
        """Read the memory, and look at everything where it was another one before."""
        again = self._known is not None
        known = Known(self._reads, wanted, json.loads(self._workspace.option(FORGOTTEN) or "[]"))
        yield from known.load()
        self._known, self._unsure = known, True
        self._counts.clear()
        self._showing = Showing(self._reads, memory_run(self._reads, NAME, VERSION, wanted.me))
        if again:
            with self._workspace.writer.repeatable() as work:
                memory_writes.look_at_everything(work)
            self._stirred = True
        return known

    def _learn(self, known: Known, fresh: Sequence[Task]) -> Iterator[None]:
        """Take in what was decided; it is shown in the documents on screen next."""
        taken = {task: known.take_in(task) or self._unsure for task in fresh}
        changed = [task for task, news in taken.items() if news]
        if not self._unsure:
            for task in changed:
                self._counts.setdefault(known.form(task), Counter())
        with self._workspace.writer.repeatable() as work:
            memory_writes.finished(work, [task for task, news in taken.items() if not news])
            if memory_writes.begun(work, changed) > FORMS_APART:
                memory_writes.look_at_everything(work)
        self._stirred |= bool(changed)
        yield

    def _documents(self, known: Known, task: Task) -> Iterator[None]:
        """Look at a document; all of them at once where there is nothing to remember."""
        if self._showing.run is not None or not known.empty or known.wanted.scope == "document":
            yield from self._look(known, task.item)
            return
        with self._workspace.writer.repeatable() as work:
            memory_writes.finished(work, tasks(self._reads, ("document",), True, 5_000))
        yield

    def _spread(self, known: Known, task: Task) -> Iterator[None]:
        """Look at the next documents that a form occurs in; how far that has come is stored now and then."""
        expression = known.said_in(task)
        found = documents_saying(self._reads, expression, task.passed, TASKS_AT_ONCE) if expression else []
        reached, stopped = task.passed, False
        for number, document in found:
            yield from self._look(known, document, task=False)
            reached = number + 1
            stopped = bool(tasks(self._reads, _SUBJECTS, True, 1) or waiting(self._reads, self._visible))
            if stopped or self._stirred:
                break
        done = len(found) < TASKS_AT_ONCE and (not found or reached > found[-1][0])
        with self._workspace.writer.repeatable() as work:
            if done:
                memory_writes.finished(work, [task])
            else:
                memory_writes.passed(work, task, reached)
        counts = self._counts.pop(known.form(task), None) if done else None
        if counts is not None and counts.total():
            self._told.spread.append(Spread(known.form(task), counts[True], counts[False]))
        yield

    # A document -------------------------------------------------------------------------------------------

    def _look(self, known: Known, document: str, task: bool = True) -> Iterator[None]:
        """Let a document show what the memory says; ``task``: it may be on the list of what is to do."""
        before, now = None, page(self._reads, document)
        while True:
            reading: Reading | None = None
            before = now
            if before is not None:
                for reading in read_page(before, known.memories_for(document), self._showing.run):
                    if reading is None:
                        yield
            found = self._showing.difference(before, reading, known.pairs) if before and reading else None
            if not task and (found is None or not found.keys):
                break
            with self._workspace.writer.repeatable() as work:
                now = page(self._reads, document)
                if now != before:
                    continue
                memory_writes.finished(work, [Task("document", document, 0)])
                if before is not None and found is not None and found.keys:
                    self._showing.write(work, before, found)
                    self._tell(before, found.keys, found.forms)
            break
        yield

    def _tell(self, shown: Page, keys: set[str], forms: Counter[FORM]) -> None:
        self._told.marks.setdefault(shown.document, set()).update(keys)
        for form, count in forms.items():
            if form in self._counts:
                self._counts[form][shown.document in self._visible] += count
