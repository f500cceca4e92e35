"""The pipeline process seen from the program: start it, hand it texts, take its answers, kill it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
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
        quiet = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(
            subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0
        )
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            _command(), stdin=pipe, stdout=pipe, stderr=pipe, env=_environment(), creationflags=quiet
        )
        self.answers: SimpleQueue[Answer | None] = SimpleQueue()
        self.last_words: deque[str] = deque(maxlen=20)
        assert self.process.stdout is not None and self.process.stderr is not None
        self._threads = [
            Thread(
                target=self._read_answers, args=(self.process.stdout,), name="pipeline-answers", daemon=True
            ),
            Thread(
                target=self._read_errors, args=(self.process.stderr,), name="pipeline-errors", daemon=True
            ),
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
    """The texts that were handed over and are not answered yet."""

    def __init__(self) -> None:
        self.count = 0
        self._length = 0
        self._texts: dict[str, deque[str]] = {}

    def has_room(self, count: int, length: int) -> bool:
        return not self.count or (self.count < count and self._length < length)

    def take_off(self, name: str, text: str) -> None:
        self._texts.setdefault(name, deque()).append(text)
        self.count += 1
        self._length += len(text)

    def land(self, name: str) -> bool:
        """Take one text of this name out; say whether there was one."""
        waiting = self._texts.get(name)
        if not waiting:
            return False
        self._length -= len(waiting.popleft())
        self.count -= 1
        if not waiting:
            del self._texts[name]
        return True

    def waiting(self) -> Iterator[tuple[str, str]]:
        for name, texts in self._texts.items():
            for text in texts:
                yield name, text


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

    def start(self, pipeline: str = BUILT_IN) -> PipelineInfo:
        """Start the process, load ``pipeline`` in it, and wait until it is ready.

        Raises:
            UserError: ``pipeline.unknown``, ``pipeline.no-pipeline-folder`` or ``pipeline.cannot-load``.
            EnvironmentFault: ``pipeline.died`` or ``pipeline.cannot-start``.
        """
        self._pipeline = resolve_pipeline(pipeline)
        self.close()
        return self._launch()

    def _launch(self) -> PipelineInfo:
        try:
            running = self._running = _Running()
        except OSError as error:
            raise EnvironmentFault("pipeline.cannot-start", reason=str(error)) from error
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
                flight.take_off(*item)
                running.send(encode_request(Analyse(*item)))
            if not flight.count:
                return
            answer = running.answers.get()
            if answer is None:
                if self._running is not running:
                    return
                if not restarts:
                    raise self._died(running)
                restarts -= 1
                running.end()
                self._relaunch(flight)
            elif isinstance(answer, Analysed | Failed) and answer.id is not None and flight.land(answer.id):
                yield answer.id, _outcome(answer)

    def _relaunch(self, flight: _Flight) -> None:
        self._launch()
        for name, text in flight.waiting():
            if self._running is not None:
                self._running.send(encode_request(Analyse(name, text)))

    def _died(self, running: _Running) -> EnvironmentFault:
        self.close()
        reason = running.last_words[-1] if running.last_words else f"exit {running.process.returncode}"
        return EnvironmentFault("pipeline.died", reason=reason)

    def close(self) -> None:
        """Kill the process: whatever it was doing is dropped. Closing twice does nothing."""
        running, self._running = self._running, None
        if running is not None:
            running.end()

    def __enter__(self) -> PipelineProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _outcome(answer: Analysed | Failed) -> Analysis | UserError:
    return answer.analysis if isinstance(answer, Analysed) else UserError(answer.code, **answer.details)
