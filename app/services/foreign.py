"""Other tools' annotations into a project: everything that can be read, in one transaction, or nothing.

- Documents: the one with the same id, else the same name, else the only one with the same text; its text must be
  the same to the letter, or the document is refused. Others are added.
- Annotators: whom the file names is known by id or name here, or added; what nobody signed is the chosen
  annotator's, or the present one's.
- Labels: by the mapping given, else by id or name; unknown ones are left out and counted, or added on wish.
- What the same annotator already has (place, label, facets) is left alone, so that importing twice, or importing
  what was exported from here, changes nothing. Nothing that stands is changed or deleted.
- Suggestions of the file become suggestions, those turned down get their decision.

Ids of the file stay in ``origin``. Importing is no undo step; where it adds to documents that were there, what was
done before can no longer be undone, since undoing a corrected text would move it from under the new annotations.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryFile

from app.formats.contract import SPLITS
from app.formats.layers import LayerDocument, Loss, Refusal
from app.readers.source import document as source_document
from app.services.foreign_labels import ForeignLabels
from app.services.foreign_passages import DocumentImport
from models.errors import UserError
from models.ids import fingerprint, new_id
from models.store import foreign_rows, writes
from models.store.foreign_rows import StandingDocument
from models.store.reads import Reads
from models.store.unit_of_work import UnitOfWork, Writer


@dataclass(frozen=True, slots=True)
class ForeignWishes:
    """How a file is taken in.

    Args:
        format: the id of its format.
        annotator: the name of who made what the file leaves unsigned; "" is the present annotator.
        mapping: the file's labels → label ids, None leaves one out.
        add_labels: whether unknown labels are added to the label set.
        far_links: whether relations may end in other documents of the file; else ids mean something only inside
            their document.
    """

    format: str
    annotator: str = ""
    mapping: Mapping[str, str | None] = field(default_factory=dict)
    add_labels: bool = False
    far_links: bool = False


@dataclass(slots=True)
class ForeignReport:
    """What came in.

    ``counts``: added (documents), unchanged (documents that got nothing), updated (that got something), entities,
    claims, relations, suggestions, decisions, notes, and same (what was there already). ``left``: what the project
    has no place for. ``documents``: ids of those added or updated.
    """

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)
    unknown_labels: Mapping[str, int] = field(default_factory=dict)
    added_labels: tuple[str, ...] = ()
    left: tuple[Loss, ...] = ()
    documents: list[str] = field(default_factory=list)
    cancelled: bool = False


class _Cancelled(Exception):
    pass


def import_layers(
    writer: Writer,
    reads: Reads,
    found: Iterable[LayerDocument | Refusal],
    wishes: ForeignWishes,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ForeignReport:
    """Take documents in and return what became of them; a cancelled import changes nothing.

    The files are read first, so that the project is held only while it is written.

    Raises:
        UserError: ``label.unknown``: the mapping names a label that the project does not have.
        EnvironmentFault: the project cannot be written; nothing has changed.
    """
    labels = ForeignLabels(reads.label_set(), wishes.mapping, add=wishes.add_labels)
    report = ForeignReport()
    try:
        with _read_ahead(found, report, cancelled) as (count, documents), writer.unrecorded(reads.me) as work:
            import_ = _Import(work, reads, labels, wishes, report)
            for number, document in enumerate(documents):
                if cancelled():
                    raise _Cancelled
                import_.take(document)
                progress(number + 1, count)
            import_.finish()
            if import_.touched_standing:
                writer.close_history(work)
    except _Cancelled:
        return ForeignReport(cancelled=True)
    report.unknown_labels = dict(sorted(labels.unknown.items()))
    report.added_labels = tuple(labels.added)
    report.left = labels.left.all()
    return report


@contextmanager
def _read_ahead(
    found: Iterable[LayerDocument | Refusal], report: ForeignReport, cancelled: Callable[[], bool]
) -> Iterator[tuple[int, Iterator[LayerDocument]]]:
    """Read everything into a temporary file, refusals into the report; give how many documents, and them."""
    with TemporaryFile() as file:
        count = 0
        for item in found:
            if cancelled():
                raise _Cancelled
            if isinstance(item, Refusal):
                report.refused.append(item)
            else:
                pickle.dump(item, file, pickle.HIGHEST_PROTOCOL)
                count += 1
        file.seek(0)
        yield count, (pickle.load(file) for _ in range(count))


class _Import:
    def __init__(
        self,
        work: UnitOfWork,
        reads: Reads,
        labels: ForeignLabels,
        wishes: ForeignWishes,
        report: ForeignReport,
    ) -> None:
        self._work = work
        self._reads = reads
        self._labels = labels
        self._wishes = wishes
        self._report = report
        self._names = foreign_rows.annotators(work)
        self._by_name = {name: identity for identity, name in self._names.items() if name}
        self._register = foreign_rows.register_ids(work)
        self._runs: dict[str, int] = {}
        self._ends: dict[str, tuple[str, str] | None] = {}
        """Id in the file → annotation and its label, of the documents taken so far; None where several have it."""
        self._far: list[tuple[DocumentImport, str]] = []
        self._before = reads.label_set()
        self.touched_standing = False

    def take(self, document: LayerDocument) -> None:
        """Take one document in, or refuse it."""
        counts = self._report.counts
        try:
            standing, new = self._place(document)
        except UserError as error:
            self._report.refused.append(Refusal(document.name, None, error.code, error.details))
            return
        inner = DocumentImport(self._work, self._reads, self, document, standing, new=new)
        changed = inner.carry_out()
        if self._wishes.far_links:
            for end, found in inner.ends.items():
                self._ends[end] = found if end not in self._ends else None
            if inner.waiting:
                self._far.append((inner, standing.id))
        else:
            inner.take_waiting({})
        fate = "added" if new else "updated" if changed else "unchanged"
        counts[fate] += 1
        self.touched_standing |= fate == "updated"
        if fate != "unchanged":
            self._report.documents.append(standing.id)

    def _place(self, document: LayerDocument) -> tuple[StandingDocument, bool]:
        """Return the project's document, and whether it was made for this one.

        Raises:
            UserError: ``formats.other-text``, or no project can hold the text.
        """
        print_ = fingerprint(document.text)
        standing = foreign_rows.standing_document(self._reads, document.id, document.name, print_)
        if standing is not None:
            if standing.fingerprint != print_:
                raise UserError("formats.other-text", name=standing.name)
            return standing, False
        facts = dict(document.metadata)
        source = source_document(
            document.name,
            document.text,
            title=document.title,
            source=document.source,
            publisher=facts.pop("publisher", None),
            date=facts.pop("date", None),
            language=document.language,
            metadata=facts,
            furniture=document.furniture,
        )
        identity, number = writes.insert_document(self._work, source)
        if document.split in SPLITS:
            foreign_rows.set_split(self._work, identity, document.split)
        return StandingDocument(identity, document.name, print_, number), True

    def finish(self) -> None:
        """Take in relations that end in documents that came later, and the labels that were added."""
        for inner, document in self._far:
            if inner.take_waiting(self._ends) and document not in self._report.documents:
                self._report.documents.append(document)
                self.touched_standing = True
        if self._labels.added:
            labels = self._labels.set.to_json() | {"version": self._before.version + 1}
            writes.insert_label_set(self._work, self._before.version + 1, labels)

    # What documents ask -----------------------------------------------------------------------------------

    @property
    def labels(self) -> ForeignLabels:
        """What the file's labels are here."""
        return self._labels

    @property
    def format(self) -> str:
        """The file's format."""
        return self._wishes.format

    def count(self, what: str) -> None:
        """Count something that came in."""
        self._report.counts[what] += 1

    def refuse(self, document: LayerDocument, code: str, **details: object) -> None:
        """Keep what was refused inside a document."""
        self._report.refused.append(Refusal(document.name, None, code, details))

    def knows(self, register: str | None) -> str | None:
        """Return a register id that the project has, else None."""
        return register if register in self._register else None

    def annotator(self, named: str) -> str:
        """Return the id of whom a file names, a new one if need be; "" is the chosen or the present annotator."""
        named = named.strip() or self._wishes.annotator.strip()
        if not named:
            return self._work.annotator
        if named in self._names:
            return named
        if named not in self._by_name:
            identity = new_id()
            foreign_rows.insert_annotator(self._work, identity, named)
            self._names[identity] = named
            self._by_name[named] = identity
        return self._by_name[named]

    def run(self, pipeline: str) -> int:
        """Return the number of the run that a file's suggestions belong to."""
        if pipeline not in self._runs:
            from models.suggestions import PipelineInfo

            self._runs[pipeline] = writes.ensure_run(self._work, PipelineInfo(pipeline, "–", ""))
        return self._runs[pipeline]
