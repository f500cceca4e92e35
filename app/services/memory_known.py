"""What is remembered, read from the project once and then kept up with each decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from app.services.memory_pages import Memories
from models.memory import FORM, Memory
from models.pairs import Pair, Pairs
from models.store.memory_reads import Judged, MemoryReads, Task, unpacked
from models.store.pair_reads import PairReads, Related
from models.store.reads import Reads
from models.suggestions import Kind
from models.wording import form_of, said_as

Scope = Literal["nothing", "document", "corpus"]
LEAST_WORDS: dict[Kind, int] = {"entity": 1, "claim": 4}
"""How many words a passage must have to be remembered: a short clause says little by itself."""


class Wanted(NamedTuple):
    """Which memory it is: whose suggestions, from whose decisions (None: everybody's), and where it counts."""

    me: str
    annotator: str | None
    scope: Scope


class Known:
    """One annotator's memory of a project."""

    def __init__(self, reads: Reads, wanted: Wanted, forgotten: Sequence[Sequence[str]]) -> None:
        self._reads = reads
        self.wanted = wanted
        self.source = MemoryReads(reads, wanted.annotator)
        self._pair_source = PairReads(reads, wanted.annotator)
        self.memories = _empty(self.source)
        self.pairs = Pairs()
        self._rejudged: set[tuple[FORM, FORM]] = set()
        """Heads and tails of proposed relations that were ever decided against."""
        for kind, *form in forgotten:
            self.memories[kind].silent.add(tuple(form))  # type: ignore[index]

    @property
    def empty(self) -> bool:
        """Whether there is nothing that could be proposed."""
        return not len(self.pairs) and not any(len(memory) for memory in self.memories.values())

    def load(self) -> Iterator[None]:
        """Read everything, a page at a time."""
        if self.wanted.scope != "corpus":
            return
        for rows in self.source.quotes():
            _remember(self.memories, rows)
            yield
        for rows in self.source.surfaces():
            _refuse(self.memories, rows)
            yield
        for related in self._pair_source.confirmed():
            for one, times in Counter(related).items():
                self._relate(one, times + self._times(one))
            yield
        self._refuse_pairs()

    def memories_for(self, document: str) -> Memories:
        """Return what counts in a document."""
        if self.wanted.scope != "document":
            return self.memories
        memories = _empty(self.source)
        for kind, memory in memories.items():
            memory.silent = self.memories[kind].silent
        quotes, surfaces = self.source.inside(document)
        _remember(memories, quotes)
        _refuse(memories, surfaces)
        return memories

    # Decisions --------------------------------------------------------------------------------------------

    def take_in(self, task: Task) -> bool:
        """Count anew what a task names; whether anything is remembered differently, so that texts must be looked at."""
        if self.wanted.scope == "nothing":
            return False
        if self.wanted.scope == "document":
            return task.subject != "pair"
        if task.subject == "pair":
            return self._take_in_pair(task.item)
        quoted = task.subject == "quote"
        passage = unpacked(task.item) if quoted else task.item
        rows = next(self.source.quotes(task.item) if quoted else self.source.surfaces(task.item))
        changed = False
        for kind, memory in self.memories.items():
            form = memory.forms.get(form_of(passage))
            sources = (form.quotes if quoted else form.refusals) if form is not None else {}
            counts = {row.label: row.times for row in rows if row.kind == kind}
            if sources.get(passage, {}) != counts:
                (memory.remember if quoted else memory.refuse)(passage, counts)
                changed = True
        return changed

    def form(self, task: Task) -> FORM:
        """Return the form that a task names; empty for a pair."""
        if task.subject == "pair":
            return ()
        return form_of(unpacked(task.item) if task.subject == "quote" else task.item)

    def said_in(self, task: Task) -> str:
        """Return the full-text expression for the texts that a task is about; empty for none."""
        if task.subject != "pair":
            return said_as(self.form(task))
        pairs = {(form_of(one.head), form_of(one.tail)) for one in self._named(task.item)}
        said = [(said_as(head), said_as(tail)) for head, tail in sorted(pairs or self._rejudged)]
        return " OR ".join(f"(({head}) AND ({tail}))" for head, tail in said if head and tail)

    def _named(self, item: str) -> list[Related]:
        related = self._pair_source.times(item)[0] if item else None
        return [related] if related is not None else []

    def _take_in_pair(self, item: str) -> bool:
        if not item:
            return self._refuse_pairs()
        related, times = self._pair_source.times(item)
        return related is not None and self._relate(related, times)

    def _relate(self, one: Related, times: int) -> bool:
        return self.pairs.remember(one.label, (one.head, one.head_label), (one.tail, one.tail_label), times)

    def _times(self, one: Related) -> int:
        return self.pairs.times(one.label, (one.head, one.head_label), (one.tail, one.tail_label))

    def _refuse_pairs(self) -> bool:
        refused = Counter(
            (Pair(form_of(one.head), one.head_label, form_of(one.tail), one.tail_label), one.label)
            for one in self._pair_source.refused()
        )
        news = self.pairs.refuse(refused)
        self._rejudged |= {(pair.head, pair.tail) for pair, _ in news}
        return bool(news)


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
