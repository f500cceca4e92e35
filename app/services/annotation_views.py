"""What the inspector, the tables of claims and relations, and the history show: records to be worded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Thread
from time import perf_counter
from types import MappingProxyType
from typing import NamedTuple

from app.services.people_views import shown_names
from app.workspace import Workspace
from models.annotations import Note
from models.errors import KuratorError
from models.history import HistoryEntry
from models.labels import localised
from models.marks import Mark
from models.store.inspector_reads import (
    Orphan,
    StepDetail,
    SuggestionIndex,
    annotations_of_others,
    annotations_overlapping,
    elsewhere,
    nearest_annotations,
    orphans,
    step_details,
)
from models.store.table_reads import Listing, TableQuery, Word
from models.store.table_rows import AnnotationRow
from models.suggestions import Kind

__all__ = [
    "AnnotationRow",
    "BackgroundListing",
    "DocumentViews",
    "Link",
    "Listing",
    "MarkView",
    "Orphan",
    "Other",
    "Step",
    "StepDetail",
    "TableQuery",
    "document_notes",
    "filter_words",
    "open_orphans",
    "steps",
]

SPEAKERS = 60
"""How many possible speakers of a claim are offered, the nearest ones."""
OTHERS = 12
"""How many marks at the same place are shown."""
SPEAKER_RELATION = "ATTRIBUTED_TO"


class Other(NamedTuple):
    """Another mark, as a line of its own: ``document`` is where it lies."""

    document: str
    key: str
    label: str
    state: str
    quote: str


class Link(NamedTuple):
    """A relation of a mark: ``outgoing`` where the mark is its head; ``other`` stands at the far end."""

    document: str
    key: str
    label: str
    state: str
    outgoing: bool
    other: Other


class MarkView(NamedTuple):
    """Everything that is said about a mark besides the mark itself. Times are UTC, None for a suggestion.

    ``mine`` is False where another annotator made it: then it cannot be changed. ``ends`` are head and tail
    of a relation; ``speaker`` is the entity that a claim is attributed to.
    """

    mark: Mark
    quote: str
    mine: bool
    annotator: str | None
    created: str | None
    modified: str | None
    links: tuple[Link, ...]
    others: tuple[Other, ...]
    ends: tuple[Other, ...]
    speaker: Other | None


class DocumentViews:
    """What is said about the marks of one document; keeps its text and the places of its suggestions.

    Make a new one when the document's text or suggestions change.
    """

    def __init__(self, workspace: Workspace, document: str) -> None:
        self.document = document
        self._workspace = workspace
        self._text = workspace.reads.text(document)
        self._index: SuggestionIndex | None = None

    @property
    def index(self) -> SuggestionIndex:
        """The places of the document's suggestions, read when first asked for."""
        self.prepare()
        assert self._index is not None
        return self._index

    def prepare(self) -> None:
        """Read now what every mark asks for."""
        if self._index is None:
            self._index = SuggestionIndex(self._workspace.reads, self.document)

    def view(self, mark: Mark) -> MarkView:
        """Return what is said about a mark of this document."""
        reads, me = self._workspace.reads, self._workspace.reads.me
        made = reads.annotation(mark.annotation) if mark.annotation else None
        names = shown_names(self._workspace, mine=False) if mark.annotator else {}
        at_place = self._at_place(mark)
        links, ends = self._links(mark)
        speakers = [one for one in links if one.outgoing and one.label == SPEAKER_RELATION]
        speaker = next(
            (one.other for one in speakers if "rejected" not in (one.state, one.other.state)), None
        )
        return MarkView(
            mark=mark,
            quote=self._quote(mark),
            mine=mark.annotator in (None, me),
            annotator=names.get(mark.annotator or "") or None,
            created=made.created if made else None,
            modified=made.modified if made else None,
            links=links,
            others=tuple(self._other(one) for one in at_place[:OTHERS]),
            ends=ends,
            speaker=speaker if mark.kind == "claim" else None,
        )

    def _quote(self, mark: Mark) -> str:
        if mark.spans:
            return " … ".join(self._text[start:end] for start, end in mark.spans)
        return " … ".join(mark.quote)

    def _other(self, mark: Mark) -> Other:
        return Other(self.document, mark.key, mark.label, mark.state, self._quote(mark))

    def _at_place(self, mark: Mark) -> list[Mark]:
        """Return the other marks that overlap this one, the longest first, as the text nests them."""
        if not mark.spans:
            return []
        keys = self.index.overlapping(mark.extent)
        keys += annotations_overlapping(self._workspace.reads, self.document, mark.extent)
        found = {
            one.key: one
            for one in self._workspace.marks.some(self.document, keys)
            if one.key != mark.key and one.spans and any(a.overlaps(b) for a in one.spans for b in mark.spans)
        }
        return sorted(found.values(), key=lambda one: (one.extent.start, -one.extent.end, one.key))

    def _links(self, mark: Mark) -> tuple[tuple[Link, ...], tuple[Other, ...]]:
        """Return a mark's relations, and for a relation what stands at its ends."""
        if mark.kind == "relation":
            found = self._ends([mark])
            return (), tuple(found[end] for end in (mark.head, mark.tail) if end in found)
        names = {mark.key, mark.annotation, mark.suggestion} - {None}
        # A suggestion that this mark stands in place of may have relations that now end here.
        twins = self.index.twins(mark.label, mark.extent) if mark.spans else []
        keys = self.index.relations_of({mark.key, *twins})
        made = self._workspace.reads.relations_of(mark.annotation) if mark.annotation else []
        here = [one for one in made if one.document == self.document]
        relations = self._workspace.marks.some(self.document, [*keys, *(one.id for one in here)])
        relations = [one for one in relations if one.kind == "relation" and names & {one.head, one.tail}]
        ends = self._ends(relations)
        links = [
            Link(self.document, one.key, one.label, one.state, one.head in names, ends[far])
            for one in relations
            if (far := (one.tail if one.head in names else one.head) or "") in ends
        ]
        for one in made:
            if one.document != self.document and (other := self._far(one.head or "")) is not None:
                links.append(Link(one.document, one.suggestion or one.id, one.label, one.state, False, other))
        links.sort(key=lambda one: (one.state == "rejected", not one.outgoing, one.label, one.other.quote))
        return tuple(links), ()

    def _ends(self, relations: Iterable[Mark]) -> dict[str, Other]:
        """Return what stands at the ends of relations, by the id that the relation names."""
        wanted = {end for one in relations for end in (one.head, one.tail) if end}
        found: dict[str, Other] = {}
        here = wanted - elsewhere(self._workspace.reads, self.document, wanted)
        for mark in self._workspace.marks.some(self.document, here):
            other = self._other(mark)
            for name in (mark.key, mark.annotation, mark.suggestion):
                if name in wanted:
                    found.setdefault(name, other)
        for end in wanted - found.keys():
            if (far := self._far(end)) is not None:
                found[end] = far
        return found

    def _far(self, annotation: str) -> Other | None:
        """Return an annotation of another document, None where there is none."""
        reads = self._workspace.reads
        row = reads.connection.execute("SELECT 1 FROM annotations WHERE id = ?", (annotation,)).fetchone()
        if row is None:
            return None
        found = reads.annotation(annotation)
        key = found.suggestion if found.suggestion and found.annotator == reads.me else found.id
        return Other(found.document, key, found.label, found.state, " … ".join(found.exact))

    def speakers(self, claim: Mark) -> list[Other]:
        """Return whom a claim may be attributed to: each name once, the nearest mention first."""
        labels = self._workspace.reads.label_set()
        legal = [one.id for one in labels.entities if labels.allows(SPEAKER_RELATION, claim.label, one.id)]
        start = claim.spans[0].start if claim.spans else 0
        keys = self.index.nearest(legal, start, SPEAKERS)
        keys += nearest_annotations(self._workspace.reads, self.document, legal, start, SPEAKERS)
        marks = [
            one
            for one in self._workspace.marks.some(self.document, keys)
            if one.spans and one.state != "rejected" and one.label in legal
        ]
        marks.sort(key=lambda one: (abs(one.spans[0].start - start), one.spans))
        found: dict[tuple[str, str], Other] = {}
        for mark in marks:
            other = self._other(mark)
            found.setdefault((other.label, other.quote.casefold()), other)
        return list(found.values())[:SPEAKERS]


def open_orphans(workspace: Workspace, document: str) -> list[Orphan]:
    """Return the annotations of a document that lost their place."""
    return orphans(workspace.reads, document)


def document_notes(workspace: Workspace, document: str) -> list[tuple[Note, str, bool]]:
    """Return a document's notes, each with its writer's name and whether the present annotator wrote it."""
    reads = workspace.reads
    names = shown_names(workspace, mine=False)
    return [(one, names.get(one.annotator, ""), one.annotator == reads.me) for one in reads.notes(document)]


# Tables -----------------------------------------------------------------------------------------------------


class BackgroundListing:
    """A table's rows being found and sorted in a thread of their own, so that no key press waits for them."""

    def __init__(self, workspace: Workspace, query: TableQuery) -> None:
        self._listing = Listing(workspace.path, query)
        self._error: KuratorError | None = None
        self._began = perf_counter()
        self.seconds = 0.0
        self._thread = Thread(target=self._run, name="kurator-table", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._listing.fill()
        except KuratorError as error:
            self._error = error
        self.seconds = perf_counter() - self._began

    @property
    def done(self) -> bool:
        """Whether the rows are there, or an error."""
        return not self._thread.is_alive()

    def take(self) -> Listing:
        """Return the rows, waiting for them; the caller closes them in the end.

        Raises:
            EnvironmentFault: the file cannot be read.
        """
        self._thread.join()
        if self._error is not None:
            self._listing.close()
            raise self._error
        return self._listing

    def cancel(self) -> None:
        """Stop, and let go of the file."""
        self._listing.cancel()
        self._thread.join()
        self._listing.close()


def filter_words(workspace: Workspace, kind: Kind, typed: str, language: str) -> tuple[Word, ...]:
    """Return what the words typed into a table's filter mean, titles of labels and facet values included."""
    labels = workspace.reads.label_set()
    found = []
    for text in typed.replace('"', " ").replace("\\", " ").split():
        small = text.casefold()
        named = tuple(
            one.id
            for one in labels
            if labels.kinds[one.id] == kind and small in localised(one.title, language, one.name).casefold()
        )
        values = tuple(
            (facet.id, value.id)
            for facet in labels.facets
            for value in facet.values
            if kind == "claim" and small in localised(value.title, language, value.id).casefold()
        )
        found.append(Word(text, named, values))
    return tuple(found)


# History ----------------------------------------------------------------------------------------------------


class Step(NamedTuple):
    """A line of the history with what it was about, where, and who did it."""

    entry: HistoryEntry
    detail: StepDetail
    document: str | None
    annotator: str | None


def steps(
    workspace: Workspace,
    limit: int,
    before: int | None = None,
    document: str | None = None,
    known: Mapping[int, StepDetail] = MappingProxyType({}),
) -> list[Step]:
    """Return steps of the history, newest first; ``before`` pages back, ``document`` narrows.

    What ``known`` steps were about is not read again.
    """
    reads = workspace.reads
    entries = reads.history(limit, before, document)
    new = ((one.change_set, one.command) for one in entries if one.change_set not in known)
    details = {**known, **step_details(reads, new)}
    places = list({one.document for one in entries if one.document})
    titles = {one.id: one.title or one.name for one in reads.documents(places)} if places else {}
    names = shown_names(workspace, mine=False)
    return [
        Step(
            one,
            details[one.change_set],
            titles.get(one.document or ""),
            names.get(one.annotator or "") or None,
        )
        for one in entries
    ]


def others(workspace: Workspace, document: str) -> int:
    """Return how many annotations of a document other annotators made."""
    return annotations_of_others(workspace.reads, document)
