"""The job board: bulk work runs in child processes; here is what the window knows of it.

Events come from a thread of :mod:`app.jobs`; a queued signal brings them to the window's own thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from app.messages import tr
from models.errors import EnvironmentFault, UserError
from models.history import Touched
from ui.bridge import Bridge

if TYPE_CHECKING:
    from app.jobs import Job, JobEvent

Finished = Callable[[dict[str, Any]], None]

_GRACE: Mapping[str, float] = {"train": 600.0}
"""How long jobs may take to stop that need more than others: a training measures and writes the best it has."""
_GRACE_AT_END: Mapping[str, float] = {"train": 0.5, "learn": 0.5, "evaluate": 0.5}
"""When the window closes nobody waits for these: a training goes on from its last epoch, the others begin anew."""


@dataclass(frozen=True, slots=True)
class JobState:
    """How a job stands: ``kind`` import, suggest, export …; ``total`` 0 while unknown; ``ended`` at the end.

    ``details``: what a training says of a step, as in :class:`app.jobs.JobEvent`.
    """

    kind: str
    done: int = 0
    total: int = 0
    ended: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


class JobBoard(QObject):
    """Starts jobs, one of a kind at a time, and tells the bridge how they go."""

    _arrived = Signal(str, int, object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._jobs: dict[str, Job] = {}
        self._finished: dict[str, Finished] = {}
        self._quiet: set[str] = set()
        self._turn = 0
        self._turns: dict[str, int] = {}
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        bridge.document_changed.connect(self._prioritise)

    def running(self, kind: str) -> bool:
        """Whether a job of this kind is under way."""
        return kind in self._jobs

    @property
    def busy(self) -> bool:
        """Whether any job is under way."""
        return bool(self._jobs)

    def start(
        self,
        kind: str,
        project: Path,
        arguments: Sequence[str],
        finished: Finished,
        command: str = "",
        *,
        quiet: bool = False,
    ) -> bool:
        """Start a job; ``finished`` gets its report. False where one of its kind is still running.

        ``command`` is what the command line calls it, where that is not its kind. ``quiet``: nobody asked for it, so
        nobody hears where it could not be done.
        """
        if kind in self._jobs:
            if not quiet:
                self._bridge.notice.emit(tr(f"jobs.{kind}-running"), "info")
            return False
        from app.jobs import Job

        self._turn += 1
        tell = partial(self._arrived.emit, kind, self._turn)
        try:
            job = Job.start(command or kind, project, list(arguments), tell)
        except EnvironmentFault as error:
            if not quiet:
                self._bridge.complain(error)
            return False
        (self._quiet.add if quiet else self._quiet.discard)(kind)
        self._jobs[kind], self._finished[kind], self._turns[kind] = job, finished, self._turn
        self._bridge.job_changed.emit(JobState(kind))
        self._prioritise(self._bridge.document)
        return True

    def _prioritise(self, document: str | None) -> None:
        job = self._jobs.get("suggest")
        if job is not None and document is not None:
            job.prioritise([document])

    def cancel(self, kind: str | None = None, grace: float | None = None) -> None:
        """Ask one job, or all, to stop; what they stored stays. One that takes ``grace`` seconds longer is killed."""
        for name, job in list(self._jobs.items()):
            if kind in (None, name):
                _stop(job, _GRACE.get(name) if grace is None else grace)

    def stop_all(self) -> None:
        """Stop every job now and wait for it: the project is about to be closed."""
        for name, job in list(self._jobs.items()):
            _stop(job, _GRACE_AT_END.get(name))
        for job in list(self._jobs.values()):
            job.wait()
        kinds = list(self._jobs)
        self._jobs.clear()
        self._finished.clear()
        self._bridge.held = False
        for kind in kinds:
            self._bridge.job_changed.emit(JobState(kind, ended=True))

    def _take(self, kind: str, turn: int, event: JobEvent) -> None:
        # What a stopped job still had to say may arrive when its successor, on another project, runs.
        if kind not in self._jobs or self._turns[kind] != turn:
            return
        if event.kind == "progress":
            self._bridge.job_changed.emit(JobState(kind, event.done, event.total, details=event.details))
        elif event.kind == "changed":
            self._announce(event)
        elif event.kind == "holding":
            self._bridge.held = event.held
        elif event.kind == "error" and kind not in self._quiet:
            self._bridge.complain(UserError(event.code, **event.details))
        elif event.kind == "ended":
            self._end(kind, event)

    def _announce(self, event: JobEvent) -> None:
        """Tell views what a job changed: whole documents, their suggestions and counts."""
        if not self._bridge.is_open:
            return
        shown = self._bridge.document
        again = event.everything or shown in event.documents
        subjects = frozenset({"documents", "suggestions"})
        self._bridge.changed.emit(
            Touched(documents=frozenset(event.documents), subjects=subjects, everything=again), self
        )

    def _end(self, kind: str, event: JobEvent) -> None:
        job = self._jobs.pop(kind)
        finished = self._finished.pop(kind)
        job.wait()
        self._bridge.held = False
        self._bridge.job_changed.emit(JobState(kind, ended=True))
        if event.report is not None:
            finished(event.report)


def _stop(job: Job, grace: float | None) -> None:
    if grace is None:
        job.cancel()
    else:
        job.cancel(grace)
