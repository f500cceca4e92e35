"""A colleague's exchange file into this project: what it would change, then all of it as one undo step.

The project is written out, merged with the file by the rules for files (:mod:`app.merge`), and made equal to the
result record by record. So the project, exported, is the merged file byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

from app.formats.exchange_export import export_exchange
from app.formats.exchange_import import ExchangeRefused
from app.formats.exchange_lines import OtherLayout
from app.formats.exchange_match import Cancelled, changed_documents, match_project
from app.formats.exchange_parts import own_layout, parts
from app.formats.exchange_read import ExchangeFile, read_exchange
from app.services import ancestry, bases
from app.services.merge_remarks import Remark, plan_remarks
from app.services.merging_views import Newcomer, newcomers
from app.workspace import Workspace
from models.errors import UserError
from models.store import base_writes, conflict_reads, merge_writes
from models.store.base_writes import Base

if TYPE_CHECKING:
    from app.merge.report import MergeReport

_TRIES = 3
_PHASES = 4
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BaseChoice:
    """Where the merge gets what both sides started from: found by itself, a kept base, a file, or none."""

    seq: int | None = None
    file: Path | None = None
    none: bool = False


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What merging a file changes here, or changed.

    ``changes``: list → added, changed, deleted → how many. ``remarks``: what changes, one line each, at most
    :data:`app.services.merge_remarks.MOST`; ``documents``: how many documents change. ``conflicts``: new ones.
    ``here``: conflict id → the number of the reading that the project had.
    ``base``: what both started from, None where that is not known; ``base_file``: if it was a file.
    ``done``: whether the project is as planned now; ``cancelled``: nothing was changed.
    """

    path: Path
    changes: Mapping[str, Mapping[str, int]]
    documents: int = 0
    remarks: tuple[Remark, ...] = ()
    conflicts: int = 0
    open: int = 0
    unified: int = 0
    here: Mapping[str, int] = field(default_factory=dict)
    newcomers: tuple[Newcomer, ...] = ()
    notices: tuple[tuple[str, dict[str, object]], ...] = ()
    base: Base | None = None
    base_file: Path | None = None
    done: bool = False
    cancelled: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing changes."""
        return not (self.documents or any(any(told.values()) for told in self.changes.values()) or self.newcomers)

    def data(self) -> dict[str, Any]:
        """Return the plan as JSON data."""
        return asdict(self) | {
            "path": str(self.path),
            "base": self.base._asdict() if self.base else None,
            "base_file": str(self.base_file) if self.base_file else None,
            "remarks": [one._asdict() for one in self.remarks],
            "newcomers": [one._asdict() for one in self.newcomers],
            "empty": self.empty,
        }


@dataclass(frozen=True, slots=True)
class _Ready:
    """A merge that only has to be put into the project."""

    ours: Path
    merged: Path
    theirs: Path
    version: int
    plan: MergePlan


def plan_merge(
    workspace: Workspace,
    path: Path,
    base: BaseChoice = BaseChoice(),
    *,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> MergePlan:
    """Say what merging a file would change; the project stays as it is.

    Raises:
        ExchangeRefused: the file has problems.
        UserError: ``merging.no-such-base``, ``merge.label-kinds``.
    """
    try:
        with _prepared(workspace, path, base, _Steps(progress), cancelled) as ready:
            return ready.plan
    except Cancelled:
        return MergePlan(path, {}, cancelled=True)


def merge_into(
    workspace: Workspace,
    path: Path,
    base: BaseChoice = BaseChoice(),
    *,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
    writing: Callable[[bool], None] = lambda begins: None,
) -> MergePlan:
    """Merge a file into the project: everything, as one undo step, or nothing.

    Work that goes on meanwhile is not lost: the merge begins again with it.

    Args:
        workspace: the project, which holds documents.
        path: the file.
        base: what both started from.
        progress: told (done, in all).
        cancelled: asked now and then; then nothing has changed.
        writing: told True right before the project is held for writing, False when it is free again.

    Raises:
        ExchangeRefused, UserError: as :func:`plan_merge`; ``merging.busy``: others kept changing the project.
        EnvironmentFault: the project cannot be written. In all cases nothing has changed.
    """
    try:
        for _ in range(_TRIES):
            with _prepared(workspace, path, base, _Steps(progress), cancelled) as ready:
                if (plan := _apply(workspace, ready, _Steps(progress, 3), cancelled, writing)) is not None:
                    return plan
    except Cancelled:
        return MergePlan(path, {}, cancelled=True)
    raise UserError("merging.busy", path=str(path))


class _Steps:
    """Progress over the phases of a merge: writing ours out, comparing, merging, writing the result."""

    def __init__(self, progress: Progress, phase: int = 0) -> None:
        self._progress = progress
        self._phase = phase

    def __call__(self, done: int, total: int) -> None:
        self._progress(self._phase * max(total, 1) + done, _PHASES * max(total, 1))

    def next(self) -> None:
        """Begin the next phase."""
        self._phase += 1


class _Moved(Exception):
    """The project is not what was written out any more."""


def _apply(
    workspace: Workspace,
    ready: _Ready,
    progress: Progress,
    cancelled: Callable[[], bool],
    writing: Callable[[bool], None],
) -> MergePlan | None:
    """Put a merge into the project; None where the project has changed since."""
    writer, reads = workspace.writer, workspace.reads
    named = bases.store(workspace, ready.theirs, cancelled)
    if named is None:
        raise Cancelled
    writing(True)
    try:
        with writer.step("merge", {"file": ready.plan.path.name}, None, reads.me) as work:
            if base_writes.version(reads) != ready.version:
                raise _Moved
            match_project(work, ready.ours, ready.merged, progress=progress, cancelled=cancelled)
            number = bases.note_base(work, reads, "imported", ready.plan.path, named)
            merge_writes.name_base(work, number)
            conflict_reads.keep_sides(work, ready.plan.here, ready.plan.path.name)
    except _Moved:
        return None
    finally:
        writing(False)
    return replace(ready.plan, done=True)


@contextmanager
def _prepared(
    workspace: Workspace, path: Path, choice: BaseChoice, steps: _Steps, cancelled: Callable[[], bool]
) -> Iterator[_Ready]:
    """Merge the project as it stands now with a file, beside the project."""
    from app.merge.files import merge_files
    from app.merge.sides import FileRefused

    with TemporaryDirectory(prefix="kurator-merge-") as folder, _laid_out(path, cancelled) as theirs:
        ours, merged = Path(folder) / "ours.json", Path(folder) / "merged.json"
        version = base_writes.version(workspace.reads)
        written = export_exchange(workspace.reads, ours, progress=steps, cancelled=cancelled)
        if written.cancelled:
            raise Cancelled
        steps.next()
        try:
            base, base_file = _base(workspace, choice, ours, theirs, Path(folder) / "base.json")
        except _BROKEN:
            _sound(path, cancelled)
            raise
        steps.next()
        try:
            report = merge_files(base_file, ours, theirs, merged, partial=True, progress=steps, cancelled=cancelled)
        except FileRefused as refused:
            raise ExchangeRefused(choice.file or path, refused.problems) from refused
        if report.cancelled:
            raise Cancelled
        plan = replace(_plan(workspace, path, report, ours, merged), base=base, base_file=choice.file)
        yield _Ready(ours, merged, theirs, version, plan)


_BROKEN = (OtherLayout, ValueError, LookupError, TypeError, AttributeError)
"""What comes of taking a file for sound that is not."""


@contextmanager
def _laid_out(path: Path, cancelled: Callable[[], bool]) -> Iterator[Path]:
    """Give the path of a file with the same content that is laid out by lines.

    Whether each record is sound the merge finds out; here only a file of another shape is looked at closely.
    """
    try:
        for _ in parts(path):
            if cancelled():
                raise Cancelled
    except (*_BROKEN, OSError):
        with own_layout(path, _sound(path, cancelled).by_lines) as laid_out:
            yield laid_out
        return
    yield path


def _sound(path: Path, cancelled: Callable[[], bool]) -> ExchangeFile:
    """Read and check a whole file.

    Raises:
        ExchangeRefused: it has problems.
    """
    file = read_exchange(path, cancelled=cancelled)
    if file.problems and file.problems[0].code == "exchange.cancelled":
        raise Cancelled
    if file.problems:
        raise ExchangeRefused(path, file.problems)
    return file


def _base(
    workspace: Workspace, choice: BaseChoice, ours: Path, theirs: Path, target: Path
) -> tuple[Base | None, Path | None]:
    """Return the base, and a file that holds it."""
    if choice.none or choice.file is not None:
        return None, choice.file
    known = bases.prints(theirs)
    if choice.seq is None:
        base = ancestry.find_base(workspace.reads, ours, theirs, known)
        if base is None:
            return None, None
    else:
        found = [one for one in base_writes.bases(workspace.reads) if one.seq == choice.seq]
        if not found:
            raise UserError("merging.no-such-base")
        base = found[0]
    bases.BaseFile(workspace.reads, base, ours, theirs, known).write(target)
    return base, target


def _plan(workspace: Workspace, path: Path, report: MergeReport, ours: Path, merged: Path) -> MergePlan:
    changed = [part.document for part in changed_documents(ours, merged)]
    told = plan_remarks(workspace.reads.label_set(), ours, merged, changed, report.conflicts)
    return MergePlan(
        path,
        {name: cast(dict[str, int], told) for name, told in report.changes.items() if any(told.values())},
        documents=len(changed),
        remarks=told.remarks,
        here=told.here,
        conflicts=len(report.conflicts),
        open=report.open,
        unified=report.unified,
        newcomers=newcomers(workspace.reads, merged),
        notices=tuple((one.code, dict(one.details)) for one in report.notices),
    )
