"""Work packages: documents shared out among annotators, one exchange file for each, and how far everybody is."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app import commands
from app.formats.file_names import FileNames
from app.formats.layers import Losses
from app.services.context import Context
from models.errors import EnvironmentFault, UserError
from models.ids import new_id
from models.packages import Share, Wish, shares, split
from models.store.package_reads import (
    PackageProgress,
    TeamProgress,
    assigned_to,
    portions,
    seen_by,
    team_progress,
)
from models.store.package_writes import insert_annotators, set_assigned
from models.store.reads import Reads

if TYPE_CHECKING:
    from app.formats.contract import ExportReport
    from app.workspace import Workspace

__all__ = [
    "PackageProgress",
    "Plan",
    "TeamProgress",
    "Written",
    "assign",
    "plan_packages",
    "team_progress",
    "write_packages",
]

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How documents would be shared out: document → annotators, what each gets, and who is new (id → name)."""

    assignments: dict[str, tuple[str, ...]]
    shares: tuple[Share, ...]
    names: dict[str, str]
    people: dict[str, str]

    @property
    def overlap(self) -> int:
        """How many documents several annotators get."""
        return sum(len(people) > 1 for people in self.assignments.values())

    def command(self) -> commands.SetAssignments:
        """Return the command that carries the plan out."""
        return commands.SetAssignments(assignments=self.assignments, people=self.people)


def plan_packages(
    reads: Reads,
    names: Sequence[str],
    overlap: float = 0.0,
    each: int | None = None,
    *,
    documents: Collection[str] | None = None,
    again: bool = False,
    seed: str = "",
) -> Plan:
    """Return how the documents that nobody has would be shared out among people, known by their names.

    What was given before stays with whoever has it, unless everything is shared out ``again``. The same project,
    names and seed give the same plan. ``documents`` narrows to these.

    Raises:
        UserError: see :func:`models.packages.split`; ``team.nothing-to-share``; ``team.two-of-a-name``.
    """
    people = {_plain(name): " ".join(name.split()) for name in names if name.strip()}
    if len(people) < sum(bool(name.strip()) for name in names):
        raise UserError("team.same-annotator")
    found = portions(reads, documents, again)
    # By their names, so that it comes out the same although new people's ids are made by chance.
    wish = Wish(tuple(people), overlap, each, seed)
    named = split(found, wish)
    if not found:
        raise UserError("team.nothing-to-share")
    known = {plain: _known(reads, name) for plain, name in people.items()}
    ids = {plain: identity or new_id() for plain, identity in known.items()}
    return Plan(
        {document: tuple(ids[plain] for plain in takers) for document, takers in named.items()},
        tuple(one._replace(annotator=ids[one.annotator]) for one in shares(found, named, wish)),
        {ids[plain]: name for plain, name in people.items()},
        {ids[plain]: name for plain, name in people.items() if known[plain] is None},
    )


def _known(reads: Reads, name: str) -> str | None:
    """Return the id of the person who is called so, None for nobody."""
    wanted = _plain(name)
    found = [one.id for one in reads.annotators() if one.kind == "human" and _plain(one.name) == wanted]
    if len(found) > 1:
        raise UserError("team.two-of-a-name", name=name)
    return found[0] if found else None


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def assign(context: Context, command: commands.SetAssignments) -> None:
    """Give documents to annotators, making new people known."""
    known = {one.id for one in context.reads.annotators()} | set(command.people)
    for document, people in command.assignments.items():
        if unknown := set(people) - known:
            raise UserError("team.unknown-annotator", annotator=sorted(unknown)[0])
        if not context.reads.has_document(document):
            raise UserError("document.unknown", document=document)
    insert_annotators(context.work, command.people)
    context.work.count = set_assigned(context.work, command.assignments)
    context.look_at(None, None)


# Files ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """One package's file: whose it is, where it lies, how many documents it holds."""

    annotator: str
    name: str
    path: Path
    documents: int


def write_packages(
    workspace: Workspace,
    folder: Path,
    annotators: Collection[str] | None = None,
    *,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Written]:
    """Write an exchange file for each annotator (None: all who were given documents) into a folder, made if need be.

    A file holds the annotator's documents with texts, suggestions and label set, the annotator's own work so far
    and nobody else's; it is kept as the common origin of what comes back. A file of the same name is replaced. Those
    written before a cancellation stay.

    Raises:
        UserError: ``team.no-packages``; EnvironmentFault: ``team.not-a-folder``, or a file cannot be written.
    """
    people = [one for one in team_progress(workspace.reads).people if annotators is None or one.id in annotators]
    if not people:
        raise UserError("team.no-packages")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentFault("team.not-a-folder", path=str(folder), reason=reason) from error
    total, done = sum(one.assigned for one in people), 0
    names = file_names(_project(workspace), people)
    written: list[Written] = []
    for one in people:

        def told(part: int, _: int, before: int = done) -> None:
            progress(before + part, total)

        report = _write(workspace, folder / names[one.id], one.id, told, cancelled)
        if report.cancelled:
            break
        done += one.assigned
        written.append(Written(one.id, one.name, report.path, report.documents))
    return written


def _project(workspace: Workspace) -> str:
    return workspace.reads.meta("name") or workspace.path.stem


def _write(
    workspace: Workspace, path: Path, annotator: str, progress: Progress, cancelled: Callable[[], bool]
) -> ExportReport:
    """Write one annotator's file, and keep it as a common origin."""
    from app.formats.exchange_export import export_exchange
    from app.services.bases import remember

    with seen_by(workspace.file, annotator) as reads:
        report = export_exchange(
            reads,
            path,
            documents=assigned_to(reads, annotator),
            package={"id": new_id(), "name": _project(workspace), "annotator": annotator},
            progress=progress,
            cancelled=cancelled,
        )
    if not report.cancelled:
        remember(workspace, path, "exported", cancelled=cancelled)
    return report


def file_names(project: str, people: Sequence[PackageProgress]) -> dict[str, str]:
    """Return annotator → the name of their file, each its own also where people are called alike."""
    names = FileNames(Losses())
    return {one.id: f"{names.name(f'{project} - {one.name or one.id}')}.json" for one in people}
