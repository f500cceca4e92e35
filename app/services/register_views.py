"""What the register's pane, the inspector and the command line show of things and of the mentions of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import perf_counter
from typing import Any, Literal, NamedTuple

from app.services.register_links import CONFIRM_OPTION, candidates, full_name
from app.workspace import Workspace
from models.errors import KuratorError
from models.marks import Mark
from models.naming import PERSON
from models.register import NO_THINGS, Candidate, Thing, form, proposed
from models.register_groups import Group
from models.register_survey import Offer, Survey, Surveying
from models.store import register_reads
from models.store.reads import Reads
from models.store.reads_apart import ReadsApart
from models.store.register_reads import MentionRow

__all__ = [
    "CONFIRM_OPTION", "NO_THINGS", "BackgroundRegister", "BackgroundSurvey", "Candidate", "Group", "MentionRow",
    "Offer", "Order", "Survey", "Thing", "ThingRow", "Waiting", "Which", "address_of", "counts", "counts_at_once",
    "find", "group_mentions", "listing", "mentions", "survey", "thing", "twins", "waiting", "which_thing",
]  # fmt: skip

Order = Literal["name", "label", "mentions", "documents", "waiting"]


class Which(NamedTuple):
    """Which thing an entity is: the one it is linked to, or what it may be, the likeliest first.

    ``best`` is what is worth proposing. ``refused`` are things that it was said not to be; ``name`` is what a new
    thing would be called.
    """

    thing: Thing | None
    candidates: tuple[tuple[Candidate, Thing], ...]
    best: tuple[Candidate, Thing] | None
    refused: tuple[Thing, ...]
    name: str


def which_thing(workspace: Workspace, document: str, mark: Mark) -> Which:
    """Return which thing an entity is or may be."""
    reads = workspace.reads
    known = register_reads.register(reads)
    made = reads.annotation(mark.annotation) if mark.annotation else None
    linked = known.find(made.register) if made else None
    refused = register_reads.refused(reads, made.id) if made else ()
    named = tuple(one for identity in refused if (one := known.find(identity)) is not None)
    if linked is not None:
        return Which(linked, (), None, named, linked.name)
    found = candidates(reads, document, mark)
    best = proposed(found)
    pairs = tuple((one, known.things[one.thing]) for one in found)
    return Which(None, pairs, pairs[0] if best is not None else None, named, full_name(reads, document, mark))


# Things -----------------------------------------------------------------------------------------------------


class ThingRow(NamedTuple):
    """A thing as a list shows it; ``waiting`` counts suggested links. None: not known yet."""

    thing: Thing
    mentions: int | None
    documents: int | None
    waiting: int | None


def thing(workspace: Workspace, identity: str) -> Thing | None:
    """Return a thing, also by an id that it was merged from; None where it is gone."""
    return register_reads.register(workspace.reads).find(identity)


def counts(workspace: Workspace) -> dict[str, tuple[int, int]]:
    """Return thing id → how many mentions it has, and in how many documents."""
    return register_reads.counts(workspace.reads)


def counts_at_once(workspace: Workspace) -> dict[str, tuple[int, int]] | None:
    """Return what :func:`counts` does where that takes no time to speak of, else None."""
    return None if register_reads.has_many(workspace.reads) else counts(workspace)


def listing(
    workspace: Workspace,
    words: str = "",
    labels: Collection[str] = (),
    order: Order = "name",
    *,
    descending: bool = False,
    found: Survey | None = None,
    counted: Mapping[str, tuple[int, int]] | None = None,
    count: bool = True,
) -> list[ThingRow]:
    """Return the things whose names hold all of ``words``, sorted.

    ``found`` is what a survey came to, if one did; ``counted`` are :func:`counts`, made now unless told not to
    (``count``).
    """
    known = register_reads.register(workspace.reads)
    if counted is None and count:
        counted = counts(workspace)
    unknown = (None, None) if counted is None else (0, 0)
    numbers: Mapping[str, tuple[int | None, int | None]] = counted or {}
    rows = []
    for one in known.holding(words):
        if not labels or one.label in labels:
            mentioned, documents = numbers.get(one.id, unknown)
            rows.append(ThingRow(one, mentioned, documents, None if found is None else found.waiting(one.id)))
    rows.sort(key=lambda row: (row.thing.name.casefold(), row.thing.label, row.thing.id))
    if order == "name":
        return rows[::-1] if descending else rows
    return sorted(rows, key=_VALUES[order], reverse=descending)


_VALUES: Mapping[Order, Callable[[ThingRow], Any]] = {
    "label": lambda row: row.thing.label,
    "mentions": lambda row: row.mentions or 0,
    "documents": lambda row: row.documents or 0,
    "waiting": lambda row: row.waiting or 0,
}


def address_of(one: Thing, link: str) -> str | None:
    """Return the web address that a link of a thing stands for, None where it is none that may be opened."""
    told = str(one.links.get(link) or "").strip()
    if link == "wikidata":
        return f"https://www.wikidata.org/wiki/{told}" if re.fullmatch(r"Q[1-9][0-9]*", told) else None
    return told if re.match(r"https?://[^\s/]", told) else None


def find(workspace: Workspace, words: str, label: str = "", limit: int = 50) -> list[Thing]:
    """Return things to choose from while somebody types: names that begin so first, those with ``label`` before."""
    known = register_reads.register(workspace.reads)
    wanted = form(words)
    ranked: dict[str, tuple[int, int]] = {}
    for (kind, written), owners in known.forms():
        place = written.find(wanted)
        if place < 0:
            continue
        for identity, why in owners.items():
            rank = (kind != label, 0 if written == wanted else 2 - (why == "name") if place == 0 else 3)
            ranked[identity] = min(ranked.get(identity, rank), rank)
    order = sorted(ranked, key=lambda one: (ranked[one], known.things[one].name.casefold(), one))
    return [known.things[one] for one in order[:limit]]


def twins(workspace: Workspace) -> list[tuple[Thing, ...]]:
    """Return groups of things with the same label and name: made on two laptops, perhaps, or two of one name."""
    known = register_reads.register(workspace.reads)
    return [tuple(known.things[one] for one in group) for group in known.twins()]


class BackgroundRegister:
    """The register read in a thread and on a connection of its own, where there are many things."""

    MANY = 2_000

    def __init__(self, workspace: Workspace) -> None:
        self._apart = ReadsApart(workspace.path)
        self._found: register_reads.Kept | None = None
        self._thread = Thread(target=self._run, name="kurator-register", daemon=True)
        self._thread.start()

    @classmethod
    def wanted(cls, workspace: Workspace) -> bool:
        """Whether reading the register takes longer than somebody should wait."""
        return register_reads.thing_count(workspace.reads) > cls.MANY

    def _run(self) -> None:
        with suppress(KuratorError):  # it is read again when it is needed
            self._found = self._apart.ask(register_reads.load)

    @property
    def done(self) -> bool:
        """Whether it has ended."""
        return not self._thread.is_alive()

    def give(self, workspace: Workspace | None) -> None:
        """Let go of the file, and let the workspace have what was read; None: it is not wanted any more."""
        if workspace is None:
            self._apart.cancel()
        self._thread.join()
        self._apart.close()
        if workspace is not None and self._found is not None:
            register_reads.take_over(workspace.reads, self._found)


# Mentions ---------------------------------------------------------------------------------------------------


class Waiting(NamedTuple):
    """A mention that may be a thing, and why."""

    mention: MentionRow
    candidate: Candidate


def mentions(workspace: Workspace, identity: str, limit: int = -1) -> list[MentionRow]:
    """Return the mentions of a thing in their context, by document and place; at most ``limit``."""
    return register_reads.mentions_of(workspace.reads, identity, limit)


def waiting(workspace: Workspace, identity: str, found: Survey, limit: int = -1) -> list[Waiting]:
    """Return the present annotator's mentions for which a link to a thing is suggested."""
    known = register_reads.register(workspace.reads).find(identity)
    offers = found.offers.get(identity, ())
    if known is None or not offers:
        return []
    by_words = {one.words: one.candidate for one in offers if one.place is None}
    by_place = {one.place: one.candidate for one in offers if one.place is not None}
    keys = [place[1] for place in by_place]
    rows = []
    for row in register_reads.loose(workspace.reads, known.label, by_words, keys):
        place = (row.document, row.key)
        candidate = by_place.get(place) if place in found.places else by_words.get(row.words)
        if candidate is not None and identity not in register_reads.refused(workspace.reads, row.annotation):
            rows.append(Waiting(row, candidate))
            if len(rows) == limit:
                break
    return rows


def group_mentions(workspace: Workspace, group: Group, found: Survey, limit: int = -1) -> list[MentionRow]:
    """Return the mentions of what may be one new thing."""
    keys = [key for _, key in group.explained]
    own = {*group.explained}
    rows = register_reads.loose(workspace.reads, group.label, group.written, keys)
    kept = [row for row in rows if (row.document, row.key) in own or (row.document, row.key) not in found.places]
    return kept[:limit] if limit >= 0 else kept


# The whole corpus -------------------------------------------------------------------------------------------


def survey(reads: Reads) -> Survey:
    """Look through the mentions of the present annotator that are linked to nothing."""
    work = Surveying(register_reads.register(reads), register_reads.linked(reads))
    work.documents(register_reads.in_documents(reads, PERSON))
    work.written(register_reads.written(reads))
    return work.result()


class BackgroundSurvey:
    """A survey in a thread and on a connection of its own, so that no key press waits for it.

    ``counts`` are there first: how many mentions each thing has, and in how many documents.
    """

    def __init__(self, path: Path) -> None:
        self._apart = ReadsApart(path)
        self._found: Survey | None = None
        self.counts: dict[str, tuple[int, int]] | None = None
        self._error: KuratorError | None = None
        self.seconds = 0.0
        self._thread = Thread(target=self._run, name="kurator-register", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        began = perf_counter()
        try:
            self.counts = self._apart.ask(register_reads.counts)
            self._found = self._apart.ask(survey)
        except KuratorError as error:
            self._error = error
        self.seconds = perf_counter() - began

    @property
    def done(self) -> bool:
        """Whether it has ended."""
        return not self._thread.is_alive()

    def take(self) -> Survey | None:
        """Return what was found, waiting for it, and let go of the file; None where it was cancelled.

        Raises:
            EnvironmentFault: the file cannot be read.
        """
        self._thread.join()
        self._apart.close()
        if self._error is not None:
            raise self._error
        return self._found

    def cancel(self) -> None:
        """Stop, and let go of the file."""
        self._apart.cancel()
        self._thread.join()
        self._apart.close()
