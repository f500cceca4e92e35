"""The pipeline process seen from the program: start it, hand it texts, take its answers, kill it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import IO

from app.pipeline.installed import installed_pipelines, resolve_pipeline
from app.pipeline.protocol import (
    BUILT_IN,
    Analyse,
    Analysed,
    Answer,
    Failed,
    Load,
    Ready,
    decode_answer,
    encode_request,
)
from app.services.trust import require_trust
from models.errors import Defect, EnvironmentFault, UserError
from models.suggestions import Analysis, PipelineInfo

__all__ = ["BUILT_IN", "WORKER_ARGUMENT", "PipelineProcess", "installed_pipelines"]

WORKER_ARGUMENT = "--pipeline-worker"
"""What a frozen build is started with to become the pipeline process."""
IN_FLIGHT = 16
"""Texts handed over and not yet answered: enough to keep the process busy, few enough to stay in charge."""
IN_FLIGHT_LENGTH = 200_000
"""Code points in flight after which nothing more is handed over."""
_ROOT = Path(__file__).resolve().parents[2]


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, WORKER_ARGUMENT]
    return [sys.executable, "-X", "utf8", "-m", "app.pipeline.worker"]


def _environment() -> dict[str, str]:
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"}


class _Running:
    """One process with its two reading threads. ``answers`` ends with None when the process has ended."""

    def __init__(self) -> None:
        quiet = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            _command(), stdin=pipe, stdout=pipe, stderr=pipe, env=_environment(), creationflags=quiet
        )
        self.answers: SimpleQueue[Answer | None] = SimpleQueue()
        self.last_words: deque[str] = deque(maxlen=20)
        assert self.process.stdout is not None and self.process.stderr is not None
        self._threads = [
            Thread(target=self._read_answers, args=(self.process.stdout,), name="pipeline-answers", daemon=True),
            Thread(target=self._read_errors, args=(self.process.stderr,), name="pipeline-errors", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def _read_answers(self, source: IO[bytes]) -> None:
        with contextlib.suppress(ValueError, OSError):
            for line in source:
                self.answers.put(decode_answer(line))
        self.answers.put(None)

    def _read_errors(self, source: IO[bytes]) -> None:
        with contextlib.suppress(ValueError, OSError):
            for line in source:
                self.last_words.append(line.decode("utf-8", "replace").rstrip())

    def send(self, message: bytes) -> None:
        """Write one request; a process that has ended shows in ``answers`` instead."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self.process.stdin.write(message)
            self.process.stdin.flush()

    def end(self) -> None:
        """Kill the process, wait for it and its threads, close the pipes."""
        with contextlib.suppress(OSError):
            self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


class _Flight:
    """The texts that were handed over and are not answered yet, under numbers of their own."""

    def __init__(self) -> None:
        self._length = 0
        self._texts: dict[str, tuple[str, str]] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def has_room(self, count: int, length: int) -> bool:
        """Whether one more may be handed over."""
        return not self._texts or (len(self._texts) < count and self._length < length)

    def take_off(self, number: str, name: str, text: str) -> None:
        """Note a text as handed over."""
        self._texts[number] = name, text
        self._length += len(text)

    def land(self, number: str | None) -> str | None:
        """Take the text of this number out and return its name; None if it belongs to earlier work."""
        name, text = self._texts.pop(number or "", (None, ""))
        self._length -= len(text)
        return name

    def requests(self) -> Iterator[Analyse]:
        """Yield what is not answered yet, to be asked again."""
        for number, (_, text) in self._texts.items():
            yield Analyse(number, text)


class PipelineProcess:
    """A spaCy pipeline in a process of its own.

    ``start`` and ``analyse`` belong to one thread; ``close`` may be called from any. A process that dies is
    started again once; if it dies again, ``EnvironmentFault("pipeline.died")`` is raised.
    """

    def __init__(self, in_flight: int = IN_FLIGHT, in_flight_length: int = IN_FLIGHT_LENGTH) -> None:
        self._in_flight = in_flight
        self._in_flight_length = in_flight_length
        self._running: _Running | None = None
        self._pipeline = BUILT_IN
        self._info: PipelineInfo | None = None
        self._numbers = count()
        self._lock = Lock()

    def start(self, pipeline: str = BUILT_IN) -> PipelineInfo:
        """Start the process, load ``pipeline`` in it, and wait until it is ready.

        Raises:
            UserError: ``pipeline.unknown``, ``pipeline.no-pipeline-folder``, ``pipeline.cannot-load``, or
                ``training.untrusted``: the user has not said that it may be loaded.
            EnvironmentFault: ``pipeline.died``, ``pipeline.cannot-start``, or ``pipeline.closed`` if another
                thread closed it meanwhile.
        """
        self._pipeline = resolve_pipeline(pipeline)
        require_trust(self._pipeline)
        self.close()
        running = self._spawn(None)
        if running is None:
            raise Defect("pipeline.not-loaded")
        return self._load(running)

    def _spawn(self, instead_of: _Running | None) -> _Running | None:
        """Start a process in place of one that ended; None if somebody closed or started meanwhile."""
        with self._lock:
            if self._running is not instead_of:
                return None
            try:
                self._running = _Running()
            except OSError as error:
                raise EnvironmentFault("pipeline.cannot-start", reason=str(error)) from error
            return self._running

    def _load(self, running: _Running) -> PipelineInfo:
        running.send(encode_request(Load(self._pipeline)))
        answer = running.answers.get()
        match answer:
            case Ready(info):
                self._info = info
                return info
            case Failed(_, code, details):
                self.close()
                raise UserError(code, **details)
            case None:
                if self._running is not running:
                    raise EnvironmentFault("pipeline.closed")
                raise self._died(running)
        raise Defect("pipeline.bad-answer", answer=type(answer).__name__)

    @property
    def info(self) -> PipelineInfo:
        """Which pipeline answers.

        Raises:
            Defect: ``pipeline.not-loaded``: ``start`` has not succeeded.
        """
        if self._info is None:
            raise Defect("pipeline.not-loaded")
        return self._info

    def analyse(self, texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Analysis | UserError]]:
        """Yield ``(id, analysis)`` for each ``(id, text)``, or the error that this text caused.

        ``texts`` is read lazily, a few ahead of the answers, so the caller decides late what comes next; it
        must not block. Closing the generator or the process ends the work.

        Raises:
            EnvironmentFault: ``pipeline.died``: the process ended twice.
        """
        source = iter(texts)
        flight = _Flight()
        restarts, exhausted = 1, False
        while (running := self._running) is not None:
            while not exhausted and flight.has_room(self._in_flight, self._in_flight_length):
                item = next(source, None)
                if item is None:
                    exhausted = True
                    break
                number = str(next(self._numbers))
                flight.take_off(number, *item)
                running.send(encode_request(Analyse(number, item[1])))
            if not flight:
                return
            answer = running.answers.get()
            if answer is None:
                if self._running is not running:
                    return
                if not restarts:
                    raise self._died(running)
                restarts -= 1
                running.end()
                self._relaunch(running, flight)
            elif isinstance(answer, Analysed | Failed) and (name := flight.land(answer.id)) is not None:
                yield name, _outcome(answer)

    def _relaunch(self, ended: _Running, flight: _Flight) -> None:
        running = self._spawn(ended)
        if running is not None:
            self._load(running)
            for request in flight.requests():
                running.send(encode_request(request))

    def _died(self, running: _Running) -> EnvironmentFault:
        self.close()
        reason = running.last_words[-1] if running.last_words else f"exit {running.process.returncode}"
        return EnvironmentFault("pipeline.died", reason=reason)

    def close(self) -> None:
        """Kill the process: whatever it was doing is dropped. Closing twice does nothing."""
        with self._lock:
            running, self._running = self._running, None
        if running is not None:
            running.end()

    def __enter__(self) -> PipelineProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _outcome(answer: Analysed | Failed) -> Analysis | UserError:
    return answer.analysis if isinstance(answer, Analysed) else UserError(answer.code, **answer.details)
