"""Several pipeline processes side by side that answer like one, in the order of the texts.

Texts travel in batches, each to whichever process is free. How many processes there are shows in nothing but the time:
a pipeline looks at each text by itself.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Lock
from typing import TypeVar

from app.pipeline.client import PipelineProcess
from app.pipeline.protocol import BUILT_IN
from models.errors import Defect, EnvironmentFault, UserError
from models.suggestions import Analysis, PipelineInfo

BATCH = 128
"""Texts handed to one process at once."""
BATCH_LENGTH = 40_000
"""Code points after which a batch is full."""
AHEAD = 2
"""Batches per process that are handed out before their turn: one at work and one waiting."""
MEMORY_PER_JOB = 400 * 1024 * 1024
"""Bytes that a process with the built-in pipeline needs at most."""

T = TypeVar("T")
Text = tuple[str, str]
Answer = tuple[str, Analysis | UserError]


def default_jobs() -> int:
    """Return how many processes this machine has cores and memory for, at least one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, _free_memory() // MEMORY_PER_JOB))


def _free_memory() -> int:
    """Return the bytes that are free for new processes; half of all memory where the system does not tell."""
    with suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        return 1024 * int(next(line for line in lines if line.startswith("MemAvailable:")).split()[1])
    with suppress(AttributeError, OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return _free_windows_memory()


def _free_windows_memory() -> int:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = [
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("total", "free", "pages", "free_pages", "space", "left", "more")),
        ]

    status = Status(length=ctypes.sizeof(Status))
    with suppress(AttributeError, OSError):
        ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined]
    return int(status.free)


def batches(items: Iterable[T], length: Callable[[T], int] = lambda one: len(one[1])) -> Iterator[list[T]]:  # type: ignore[index]
    """Yield texts, or what has one of this ``length``, in batches; each is read only when it is asked for."""
    batch: list[T] = []
    total = 0
    for one in items:
        batch.append(one)
        total += length(one)
        if len(batch) >= BATCH or total >= BATCH_LENGTH:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


class PipelinePool:
    """A pipeline in as many processes as ``jobs``; further ones are started once there is work for them.

    ``start`` and ``analyse`` belong to one thread; ``close`` may be called from any. A process that dies is started
    again and asked again; one that dies twice over the same batch ends the work.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._members: list[PipelineProcess] = []
        self._free: SimpleQueue[PipelineProcess] = SimpleQueue()
        self._lock = Lock()
        self._closed = Event()
        self._pipeline = BUILT_IN
        self._info: PipelineInfo | None = None

    def start(self, pipeline: str = BUILT_IN) -> PipelineInfo:
        """Start the first process with ``pipeline`` and wait until it is ready.

        Raises:
            UserError, EnvironmentFault: as :meth:`PipelineProcess.start`.
        """
        self._pipeline = pipeline
        first = PipelineProcess()
        self._members.append(first)
        self._info = first.start(pipeline)
        self._free.put(first)
        return self._info

    @property
    def info(self) -> PipelineInfo:
        """Which pipeline answers.

        Raises:
            Defect: ``pipeline.not-loaded``: ``start`` has not succeeded.
        """
        if self._info is None:
            raise Defect("pipeline.not-loaded")
        return self._info

    def analyse(self, texts: Iterable[Text]) -> Iterator[Answer]:
        """Yield ``(id, analysis)`` for each ``(id, text)`` in order, or the error that this text caused.

        ``texts`` is read on this thread, a few batches ahead of the answers. Closing the generator or the pool ends
        the work.

        Raises:
            EnvironmentFault: ``pipeline.died``; ``shards.pipeline-changed``: the pipeline's files changed meanwhile.
        """
        waiting, stop = batches(texts), Event()
        flying: deque[Future[list[Answer]]] = deque()
        with ThreadPoolExecutor(self._jobs, "pipeline-pool") as threads:
            try:
                while not self._closed.is_set():
                    while len(flying) < AHEAD * self._jobs and (batch := next(waiting, None)) is not None:
                        flying.append(threads.submit(self._answers, batch, stop))
                    if not flying:
                        return
                    yield from flying.popleft().result()
            finally:
                stop.set()
                for one in flying:
                    one.cancel()

    def _answers(self, batch: list[Text], stop: Event) -> list[Answer]:
        member = self._member()
        found: list[Answer] = []
        try:
            for answer in member.analyse(batch):
                found.append(answer)
                if stop.is_set():
                    break
        finally:
            self._free.put(member)
        if len(found) < len(batch) and not (stop.is_set() or self._closed.is_set()):
            raise EnvironmentFault("pipeline.closed")
        return found

    def _member(self) -> PipelineProcess:
        """Return a process that is free, a new one where there may be more."""
        with suppress(Empty):
            return self._free.get_nowait()
        with self._lock:
            member = PipelineProcess() if len(self._members) < self._jobs else None
            if member is not None:
                self._members.append(member)
        if member is None:
            return self._free.get()
        if member.start(self._pipeline) != self.info:
            raise EnvironmentFault("shards.pipeline-changed")
        if self._closed.is_set():
            member.close()
        return member

    def close(self) -> None:
        """Kill the processes: whatever they were doing is dropped. Closing twice does nothing."""
        self._closed.set()
        with self._lock:
            members = list(self._members)
        for one in members:
            one.close()

    def __enter__(self) -> PipelinePool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
