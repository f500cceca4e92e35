"""What the window shows of agreement: the places behind a figure with their words, and who confuses what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from app.services.agreement import Source, disagreements, project_source
from app.services.people_views import people, shown_names
from app.workspace import Workspace
from models.errors import KuratorError
from models.spans import Span, Spans
from models.store.agreement_reads import people_with_work
from models.store.reads import Reads
from models.store.table_reads import second_connection

if TYPE_CHECKING:
    from models.agreement.disagreements import Disagreement, Said
    from models.agreement.records import AgreementReport, Figure, Layer, Part, Passage
    from models.alignment import Group

__all__ = [
    "Confusion",
    "Place",
    "Search",
    "Source",
    "Voice",
    "as_shown",
    "confused_places",
    "confusion",
    "people_to_compare",
    "places",
]

AROUND = 80
"""Code points that are shown behind a place."""

Pair = tuple[str, str]
T = TypeVar("T")


class Search(Generic[T]):
    """Goes through a project's documents in a thread of its own, so that no key press waits for it.

    ``found`` grows until it holds ``most``; ``done`` says whether that is all; then ``error`` may say why it broke
    off.
    """

    def __init__(self, project: Path, look: Callable[[Reads, Source], Iterator[T]], most: int) -> None:
        self.found: list[T] = []
        self.error: KuratorError | None = None
        self._stop = Event()
        self._thread = Thread(target=self._run, args=(project, look, most), name="kurator-agreement", daemon=True)
        self._thread.start()

    def _run(self, project: Path, look: Callable[[Reads, Source], Iterator[T]], most: int) -> None:
        try:
            connection = second_connection(project)
        except KuratorError as error:
            self.error = error
            return
        try:
            reads = Reads(connection)
            for one in look(reads, project_source(reads)):
                self.found.append(one)
                if self._stop.is_set() or len(self.found) >= most:
                    break
        except KuratorError as error:
            self.error = error
        finally:
            connection.close()

    @property
    def done(self) -> bool:
        """Whether nothing more is coming."""
        return not self._thread.is_alive()

    def cancel(self) -> None:
        """Let it end after the document that it is at."""
        self._stop.set()

    def wait(self) -> None:
        """Wait until it has let go of the file."""
        self._thread.join()


def people_to_compare(workspace: Workspace) -> list[str]:
    """Return the ids of the people who have worked in a project."""
    return [one.id for one in people_with_work(workspace.reads)]


def as_shown(workspace: Workspace, report: AgreementReport) -> AgreementReport:
    """Return a report whose annotators are called, and stand, as the project shows them.

    Where names are hidden their order and that of the pairs would tell who is who.
    """
    names = shown_names(workspace)
    place = {one.id: one.number for one in people(workspace)}

    def turn(annotator: str) -> tuple[float, str]:
        return place.get(annotator, float("inf")), annotator

    def turned(figure: Figure) -> Figure:
        if figure.pair is None:
            return figure
        first, second = sorted(figure.pair, key=turn)
        return figure._replace(pair=(first, second))

    annotators = sorted(report.annotators, key=lambda one: turn(one.id))
    figures = sorted(map(turned, report.figures), key=lambda one: [turn(who) for who in one.pair or ()])
    called = tuple(one._replace(name=names.get(one.id, one.name)) for one in annotators)
    return replace(report, annotators=called, figures=tuple(figures))


class Voice(NamedTuple):
    """What one annotator says of a place. ``label`` is None where they say nothing of it.

    ``annotation`` is the id of what they say. ``words`` are those of their passage, ``head`` and ``tail`` those of a
    relation's ends. ``value`` is a facet's value; ``speakers`` are the words of those to whom they attribute a claim.
    """

    annotator: str
    annotation: str | None = None
    label: str | None = None
    words: str = ""
    value: object = None
    speakers: tuple[str, ...] = ()
    head: str = ""
    tail: str = ""


class Place(NamedTuple):
    """A place that annotators disagree on: its words, what follows them, and who says what.

    ``way`` is missing, label, boundary, value or relation. ``span`` is None where it has no place in the document.
    """

    document: str
    name: str
    way: str
    span: Span | None
    words: str
    after: str
    voices: tuple[Voice, ...]


def places(reads: Reads, source: Source, report: AgreementReport, figure: Figure) -> Iterator[Place]:
    """Yield the places behind a figure, in the order of documents and text, as the project stands now."""
    shown, text = "", ""
    for one in disagreements(source, report, figure):
        if one.document != shown:
            shown, text = one.document, reads.text(one.document)
        yield _place(one, text)


def _place(one: Disagreement, text: str) -> Place:
    words, after = "", ""
    if one.extent is not None:
        words = text[one.extent.start : one.extent.end]
        after = text[one.extent.end : one.extent.end + AROUND]
    voices = tuple(_voice(said, text) for said in one.said)
    return Place(one.document, one.name, one.way, one.extent, words, after, voices)


def _voice(said: Said, text: str) -> Voice:
    speakers: tuple[str, ...] = ()
    value = said.value
    if isinstance(value, tuple):  # whom a claim is attributed to
        speakers, value = tuple(_words(text, spans) for spans in value), None
    head, tail = _words(text, said.head), _words(text, said.tail)
    return Voice(said.annotator, said.annotation, said.label, _words(text, said.spans), value, speakers, head, tail)


def _words(text: str, spans: Spans) -> str:
    return " … ".join(text[start:end] for start, end in spans)


# Confusion --------------------------------------------------------------------------------------------------


class Confusion(NamedTuple):
    """Who calls what how: labels (or a facet's values) in the order of the label set, None for nothing.

    ``counts``: (what the first one says, what the second one says) → how often. Of more than two annotators every
    two are counted, once each way round.
    """

    names: tuple[str | None, ...]
    counts: Counter[tuple[str | None, str | None]]


def confusion(
    source: Source, report: AgreementReport, layer: Layer, subject: str | None, pair: Pair | None, part: Part
) -> Iterator[Confusion]:
    """Yield the counts so far, document by document; the last ones are those of all.

    Of entities and claims labels are counted, of a facet its values, on aligned passages.
    """
    from models.alignment import align

    labels = frozenset(one for kind, found in report.labels.items() if kind != "facet" for one in found)
    counts: Counter[tuple[str | None, str | None]] = Counter()
    kind = "entity" if layer == "entity" else "claim"
    known = {one.document for one in source.readers}
    for document in report.documents:
        who = [one for one in pair or document.annotators if one in document.annotators]
        if document.id not in known or len(who) < 2 or (part != "all" and document.control != (part == "control")):
            continue
        compared = source.document(document.id, who, labels)
        readings = [compared.readings[one] for one in who]
        for group in align([one.passages for one in readings], [one.links for one in readings]):
            if group.present[0].kind == kind:
                _count(counts, group, subject if layer == "facet" else None, ordered=pair is not None)
        yield Confusion(_named(source, layer, subject, counts), counts)


def _count(
    counts: Counter[tuple[str | None, str | None]], group: Group[Passage], facet: str | None, *, ordered: bool
) -> None:
    members = group.members
    if facet is not None:
        members = group.present
    said = [None if one is None else one.label if facet is None else _value(one.facets.get(facet)) for one in members]
    for i, one in enumerate(said):
        for other in said[i + 1 :]:
            counts[one, other] += 1
            if not ordered:
                counts[other, one] += 1


def _value(value: object) -> str | None:
    return None if value is None or value == "" else str(value)


def _named(
    source: Source, layer: Layer, subject: str | None, counts: Counter[tuple[str | None, str | None]]
) -> tuple[str | None, ...]:
    met = {one for pair in counts for one in pair}
    facet = source.labels.facet(subject) if layer == "facet" and subject else None
    order: Sequence[str] = [one.id for one in facet.values] if facet else [one.id for one in source.labels]
    first = [one for one in order if one in met]
    return (
        *first,
        *sorted(one for one in met if one is not None and one not in first),
        *((None,) if None in met else ()),
    )


def confused_places(
    found: Iterator[Place], facet: str | None, one: str | None, other: str | None, pair: Pair | None
) -> Iterator[Place]:
    """Yield those places where one annotator says ``one`` and another one ``other``, in the order of a pair."""
    for place in found:
        said = [voice.label if facet is None else _value(voice.value) for voice in place.voices]
        if facet is not None:
            said = [what for what, voice in zip(said, place.voices, strict=True) if voice.label is not None]
        together = [(a, b) for i, a in enumerate(said) for b in said[i + 1 :]]
        if (one, other) in together or (pair is None and (other, one) in together):
            yield place
