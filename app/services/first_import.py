"""The first file into an empty project, and who its owner is from then on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.formats.exchange_import import ExchangeImport, ExchangeRefused, import_exchange
from app.formats.exchange_lines import OtherLayout, Unreadable, pieces
from app.formats.exchange_read import read_exchange
from app.services import bases
from app.workspace import Workspace
from models.errors import UserError
from models.store import exchange_writes, person_writes


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file holds: how many documents, and the work package that it is, if it is one."""

    documents: int
    package: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Taken:
    """How taking a file over went; ``annotator`` is the name of who works here now, None where nobody changed."""

    report: ExchangeImport
    annotator: str | None


def is_empty(workspace: Workspace) -> bool:
    """Whether a project holds no documents, removed ones included."""
    return exchange_writes.is_empty(workspace.reads)


def look_at(path: Path, cancelled: Callable[[], bool] = lambda: False) -> Seen:
    """Read and check a file.

    Raises:
        ExchangeRefused: the file has problems.
    """
    file = read_exchange(path, cancelled=cancelled)
    if file.problems:
        raise ExchangeRefused(path, file.problems)
    return Seen(file.counts.get("documents", 0), file.header.get("package"))


def package_of(path: Path) -> Mapping[str, str] | None:
    """Return the work package that a file says it is, from its first line; None where it is none."""
    for by_lines in (True, False):
        try:
            header = next(pieces(path, by_lines)).content
        except OtherLayout:
            continue
        except Unreadable:
            return None
        found = header.get("package")
        return found if isinstance(found, dict) else None
    return None


def take_over(
    workspace: Workspace,
    path: Path,
    annotator: str | None = None,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Taken:
    """Read a file into a project without documents, and keep it as a base for later merges.

    Args:
        workspace: the project.
        path: the file.
        annotator: id or name of the annotator of the file who works here from now on. None: whom the work
            package is for, if it is one; empty: whoever works here already.
        progress: told (documents done, in all).
        cancelled: asked now and then; then nothing has changed.

    Raises:
        UserError: ``merging.no-such-annotator``; and as :func:`app.formats.exchange_import.import_exchange`.
    """
    if annotator:
        _find(path, annotator)
    report = import_exchange(workspace.writer, workspace.reads, path, progress=progress, cancelled=cancelled)
    file = report.file
    if file is None:  # cancelled
        return Taken(report, None)
    bases.remember(workspace, path, "imported", by_lines=file.by_lines)
    package = file.header.get("package")
    wanted = _find(path, annotator) if annotator else package["annotator"] if package and annotator is None else None
    return Taken(report, become(workspace, wanted) if wanted else None)


def _find(path: Path, wanted: str) -> str:
    """Return the id of an annotator whom a sound file names by id or name."""
    people = read_annotators(path)
    for identity, name in people.items():
        if wanted == identity or wanted.casefold() == name.casefold():
            return identity
    raise UserError("merging.no-such-annotator", name=wanted, known=", ".join(sorted(people.values())) or "–")


def read_annotators(path: Path) -> dict[str, str]:
    """Return id → name of the annotators of a file; none of one that cannot be read."""
    for by_lines in (True, False):
        found: dict[str, str] = {}
        try:
            for piece in pieces(path, by_lines):
                if piece.tells == "list" and piece.name == "documents":
                    break
                if piece.tells == "record" and piece.name == "annotators":
                    found[str(piece.content.get("id"))] = str(piece.content.get("name"))
            return found
        except OtherLayout:
            continue
        except Unreadable:
            return {}
    return {}


def become(workspace: Workspace, annotator: str) -> str:
    """Let another annotator work here from now on; return their name. Who did nothing yet is forgotten."""
    with workspace.writer.unrecorded() as work:
        person_writes.become(work, workspace.reads.me, annotator)
    known = {one.id: one.name for one in workspace.reads.annotators()}
    return known.get(annotator) or annotator
