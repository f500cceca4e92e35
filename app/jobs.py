"""Bulk work in a child process: the same command line as in a terminal, told apart by ``--job``.

The child joins the project that this process holds, says on its standard output how it goes (JSON lines), and
listens on its standard input. It ends by itself when this process does.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread, Timer
from typing import IO, Any, Literal

from app.messages import language
from app.processes import command_line, environment, quiet_flags
from models.errors import EnvironmentFault

EventKind = Literal["progress", "changed", "holding", "report", "error", "ended"]
JobStatus = Literal["running", "finished", "cancelled", "failed"]

GRACE_SECONDS = 5.0
"""How long a job that was asked to stop may take before it is killed; what it stored stays either way."""

log = logging.getLogger("kurator.jobs")


@dataclass(frozen=True, slots=True)
class JobEvent:
    """What a job says. The last event is always ``ended``; it carries the report, if one came.

    ``progress``: ``done`` of ``total`` (0 while unknown), and the ``document`` just done; ``details`` of a step of
    training: part, epoch, loss, f1, …
    ``changed``: ids of ``documents`` that are new or changed, or ``everything``.
    ``holding``: whether nobody else can change the project now (``held``).
    ``error``: ``code`` and ``details`` as in a KuratorError.
    """

    kind: EventKind
    done: int = 0
    total: int = 0
    document: str | None = None
    documents: tuple[str, ...] = ()
    everything: bool = False
    held: bool = False
    report: dict[str, Any] | None = None
    code: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    state: JobStatus = "running"


class Job:
    """One child process at work on a project. Its events come on a thread of the job's own."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        complaints: IO[bytes],
        on_event: Callable[[JobEvent], None],
    ) -> None:
        self._process = process
        self._complaints = complaints
        self._on_event = on_event
        self._writing = Lock()
        self._state: JobStatus = "running"
        self._asked = False
        self._failed = False
        self._killer: Timer | None = None
        self.report: dict[str, Any] | None = None
        self._thread = Thread(target=self._follow, name="job", daemon=True)
        self._thread.start()

    @classmethod
    def start(
        cls, kind: str, project: Path, arguments: Sequence[str], on_event: Callable[[JobEvent], None]
    ) -> Job:
        """Run ``kurator KIND PROJECT ARGUMENTS…`` as a child; ``on_event`` is called from another thread.

        Raises:
            EnvironmentFault: ``job.cannot-start``.
        """
        command = [
            *command_line("app.cli"),
            "--language",
            language(),
            kind,
            str(project),
            *arguments,
            "--job",
        ]
        complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the job ends
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env=environment(),
                creationflags=quiet_flags(),
            )
        except OSError as error:
            complaints.close()
            raise EnvironmentFault("job.cannot-start", reason=str(error)) from error
        return cls(process, complaints, on_event)

    @property
    def state(self) -> JobStatus:
        """How the job stands; anything but ``running`` is final."""
        return self._state

    def prioritise(self, documents: Sequence[str]) -> None:
        """Let these documents go first: they are on screen."""
        self._send({"first": list(documents)})

    def cancel(self, grace: float = GRACE_SECONDS) -> None:
        """Ask the job to stop after what it is storing; kill it ``grace`` seconds on. Returns at once."""
        if self._asked or self._state != "running":
            return
        self._asked = True
        self._killer = Timer(grace, self._kill)
        self._killer.daemon = True
        self._killer.start()
        self._send({"cancel": True})
        if not self._thread.is_alive():
            self._killer.cancel()

    def _kill(self) -> None:
        with suppress(OSError):
            self._process.kill()

    def wait(self, timeout: float | None = None) -> JobStatus:
        """Wait until the job has ended and its last event was delivered, at most ``timeout`` seconds.

        Not to be called from ``on_event``.
        """
        self._thread.join(timeout)
        if self._killer is not None and self._state != "running":
            self._killer.join()
        return self._state

    def _send(self, message: Mapping[str, Any]) -> None:
        """Say something to the child; one that has ended shows in its events."""
        line = json.dumps(message).encode() + b"\n"
        assert self._process.stdin is not None
        with self._writing, suppress(OSError, ValueError):
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def _follow(self) -> None:
        """Turn what the child says into events until it has ended."""
        assert self._process.stdout is not None and self._process.stdin is not None
        with suppress(OSError, ValueError):
            for line in self._process.stdout:
                self._hear(line)
        code = self._process.wait()
        if self._killer is not None:
            self._killer.cancel()
        self._process.stdout.close()
        with self._writing, suppress(OSError):
            self._process.stdin.close()
        self._end(code)

    def _hear(self, line: bytes) -> None:
        event = understood(line)
        if event is None:
            log.info("a job said: %r", line[:200])
            return
        if event.kind == "report":
            self.report = event.report
        self._failed = self._failed or event.kind == "error"
        self._tell(event)

    def _end(self, code: int) -> None:
        last_words = self._last_words()
        if self._asked or (self.report or {}).get("cancelled"):
            self._state = "cancelled"
        elif self._failed or self.report is None:
            self._state = "failed"
            if not self._failed:
                log.info("a job ended with %s: %s", code, last_words)
                self._tell(JobEvent("error", code="job.died", details={"status": code}))
        else:
            self._state = "finished"
        self._tell(JobEvent("ended", report=self.report, state=self._state))

    def _last_words(self) -> str:
        with self._complaints as complaints:
            end = complaints.seek(0, os.SEEK_END)
            complaints.seek(max(0, end - 4000))
            return complaints.read().decode("utf-8", "replace").strip()

    def _tell(self, event: JobEvent) -> None:
        try:
            self._on_event(event)
        except Exception:
            log.exception("nobody could take a job's event")


def understood(line: bytes) -> JobEvent | None:
    """Return what one line of a job's output means, None for anything else."""
    try:
        message = json.loads(line)
    except ValueError:
        return None
    if not isinstance(message, dict):
        return None
    if "progress" in message:
        return JobEvent(
            "progress",
            message["progress"],
            message.get("total", 0),
            document=message.get("document"),
            details=message.get("details") or {},
        )
    if "changed" in message:
        what = message["changed"]
        documents = tuple(what.get("documents", ()))
        return JobEvent("changed", documents=documents, everything=bool(what.get("everything")))
    if "holding" in message:
        return JobEvent("holding", held=bool(message["holding"]))
    if "report" in message:
        return JobEvent("report", report=message["report"])
    if "error" in message:
        return JobEvent("error", code=message["error"]["code"], details=message["error"]["details"])
    return None


def niced() -> None:
    """Let this process stand back behind the window."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.nice(10)
