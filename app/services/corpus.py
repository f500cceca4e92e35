"""Documents into a project: new ones added, the same again left alone, corrected ones re-anchored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Literal

from app.services.context import Context
from app.services.controls import add_controls
from app.services.texts import replace_text
from models.documents import Skipped, SourceDocument
from models.ids import fingerprint
from models.store import writes
from models.store.corpus_reads import known_documents, with_fingerprint
from models.store.mark_reads import MarkReads
from models.store.reads import Reads
from models.store.unit_of_work import Writer

CHUNK_MS = 10.0
"""How long one transaction of bulk work should hold a project that a curator works in, in milliseconds."""
ALONE_MS = 250.0
"""The same where nobody waits: fewer commits, and the search index is written in larger pieces."""
PATIENCE_MS = 250.0
"""After this long what was read is stored, however little it is."""
LARGEST_CHUNK = 500
"""Documents: what is read is kept in memory until its chunk is stored."""

Fate = Literal["added", "unchanged", "updated", "duplicate", "skipped"]


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """What became of one document: ``detail`` names the document a duplicate equals, ``orphans`` count."""

    name: str
    fate: Fate
    document: str | None = None
    duplicate_of: str | None = None
    orphans: int = 0
    skipped: Skipped | None = None


@dataclass(slots=True)
class ImportReport:
    """How an import went, counts by fate and what needs a look."""

    counts: dict[str, int] = field(default_factory=dict)
    notable: list[ImportedItem] = field(default_factory=list)

    def add(self, item: ImportedItem) -> None:
        """Count one item; keep it by name where a person should look at it."""
        self.counts[item.fate] = self.counts.get(item.fate, 0) + 1
        if item.fate in ("skipped", "duplicate") or item.orphans:
            self.notable.append(item)


def import_documents(
    writer: Writer,
    reads: Reads,
    found: Iterable[SourceDocument | Skipped],
    cancelled: Callable[[], bool] = lambda: False,
    chunk_ms: float = CHUNK_MS,
) -> Iterator[ImportedItem]:
    """Take documents into the project and yield what became of each, chunk by chunk of ``chunk_ms``.

    A document is known by its name; its text decides whether anything is new. The same text under another
    name is added and reported as a duplicate. A cancelled import keeps the whole documents taken so far.
    """
    known = known_documents(reads)
    waiting: list[SourceDocument] = []
    pace = _Pace(chunk_ms)
    for item in found:
        if isinstance(item, Skipped):
            yield ImportedItem(item.name, "skipped", skipped=item)
        else:
            waiting.append(item)
        if waiting and pace.enough(len(waiting)):
            taken = _take(writer, reads, known, waiting)
            pace.took(len(waiting))
            waiting = []
            yield from taken
        if cancelled():
            break
    if waiting:
        yield from _take(writer, reads, known, waiting)


class _Pace:
    """How many documents make a chunk: as many as the last ones say can be stored in the time wanted."""

    def __init__(self, chunk_ms: float) -> None:
        self._chunk_ms = chunk_ms
        self._documents = 4.0
        self._since = perf_counter()

    def enough(self, waiting: int) -> bool:
        """Say whether it is time to store; from then on the clock runs for :meth:`took`."""
        now = perf_counter()
        due = waiting >= self._documents or (now - self._since) * 1000 > PATIENCE_MS
        if due:
            self._since = now
        return due

    def took(self, stored: int) -> None:
        """Learn from how long storing ``stored`` documents took."""
        now = perf_counter()
        fitting = stored * self._chunk_ms / max((now - self._since) * 1000, 0.01)
        self._documents = max(1.0, min((self._documents + fitting) / 2, 2 * self._documents, LARGEST_CHUNK))
        self._since = now


def _take(
    writer: Writer, reads: Reads, known: dict[str, tuple[str, str]], sources: list[SourceDocument]
) -> list[ImportedItem]:
    """Store new documents in one transaction; corrected ones are undo steps of their own."""
    items: list[ImportedItem] = []
    corrected: list[tuple[str, SourceDocument]] = []
    to_come: dict[str, str] = {}
    first_text: int | None = None
    with writer.unrecorded() as work:
        for source in sources:
            print_ = fingerprint(source.text)
            standing = known.get(source.name)
            if standing is None:
                twin = with_fingerprint(reads, print_) or to_come.get(print_)
                document, text = writes.insert_document(work, source, searchable=False)
                first_text = first_text or text
                known[source.name] = (document, print_)
                fate: Fate = "duplicate" if twin else "added"
                items.append(ImportedItem(source.name, fate, document, duplicate_of=twin))
            elif standing[1] == print_:
                items.append(ImportedItem(source.name, "unchanged", standing[0]))
            else:
                corrected.append((standing[0], source))
                to_come.setdefault(print_, source.name)
                known[source.name] = (standing[0], print_)
        if first_text is not None:
            writes.make_searchable(work, first_text)
            add_controls(work, reads, [item.document for item in items if item.document and item.fate != "unchanged"])
    items += [_correct(writer, reads, document, source) for document, source in corrected]
    return items


def _correct(writer: Writer, reads: Reads, document: str, source: SourceDocument) -> ImportedItem:
    """Put a corrected text in place, as an undo step."""
    data = {"document": document, "length": len(source.text)}
    with writer.step("replace-text", data, document, reads.me) as work:
        context = Context(work, reads, MarkReads(reads))
        orphans = replace_text(context, document, source)
        context.look_at(document, None)
    return ImportedItem(source.name, "updated", document, orphans=orphans)
