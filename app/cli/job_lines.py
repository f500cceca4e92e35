"""The child's end of a job: JSON lines on stdout, wishes on stdin. The other end is :mod:`app.jobs`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from threading import Event, Thread, Timer
from time import monotonic, sleep
from typing import Any

PAUSE_SECONDS = 0.1
"""The least time between two lines about progress, so that the window is not flooded."""
NOTICE_SECONDS = 0.1
"""How long the window has to learn that the project is about to be held."""
AFTER_PARENT_SECONDS = 10.0
"""How long the work may go on once the parent is gone; the project is sound wherever it is cut off."""


class JobLines:
    """A monitor whose reader is the window's process."""

    shared = True

    def __init__(self) -> None:
        self._stop = Event()
        self._first: tuple[str, ...] = ()
        self._told = 0.0
        self._waiting: list[str] = []
        self._out = os.dup(sys.stdout.fileno())
        sys.stdout.flush()
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not look like an event
        Thread(target=self._listen, name="wishes", daemon=True).start()

    def _listen(self) -> None:
        # Read by descriptor: a buffered reader would block the interpreter's end.
        rest = b""
        while data := _read(0):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._obey(line)
        self._stop.set()
        last = Timer(AFTER_PARENT_SECONDS, os._exit, [1])
        last.daemon = True
        last.start()

    def _obey(self, line: bytes) -> None:
        try:
            wish = json.loads(line)
        except ValueError:
            return
        if isinstance(wish, dict) and wish.get("cancel"):
            self._stop.set()
        elif isinstance(wish, dict) and isinstance(wish.get("first"), list):
            self._first = tuple(str(one) for one in wish["first"])

    def _send(self, message: Mapping[str, Any]) -> None:
        data = json.dumps(message, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n"
        while data:
            try:
                data = data[os.write(self._out, data) :]
            except OSError:  # the parent is gone
                self._stop.set()
                return

    def say(self, text: str) -> None:
        """Nobody reads words."""

    def progress(
        self, done: int, total: int, document: str | None = None, details: Mapping[str, Any] | None = None
    ) -> None:
        """Tell how far the work is, a few times a second; a step with details is never passed over."""
        if details or monotonic() - self._told >= PAUSE_SECONDS or done >= total:
            self._told = monotonic()
            self._tell_changed()
            more = {"details": dict(details)} if details else {}
            self._send({"progress": done, "total": total, "document": document, **more})

    def changed(self, documents: Sequence[str] = (), *, everything: bool = False) -> None:
        """Gather what changed until progress is told next."""
        self._waiting += documents
        if everything:
            self._send({"changed": {"everything": True}})

    def _tell_changed(self) -> None:
        if self._waiting:
            self._send({"changed": {"documents": self._waiting}})
            self._waiting = []

    def holding(self, begins: bool) -> None:
        """Let the window know before the project is held, so that no key press waits for it in vain."""
        self._send({"holding": begins})
        if begins:
            sleep(NOTICE_SECONDS)

    def report(self, data: Mapping[str, Any], lines: Iterable[str]) -> None:
        """Tell how it ended."""
        self._tell_changed()
        self._send({"report": data})

    def fail(self, code: str, details: Mapping[str, Any], text: str) -> None:
        """Tell why it could not be done."""
        self._tell_changed()
        self._send({"error": {"code": code, "details": dict(details)}})

    def first(self) -> Sequence[str]:
        """Return what is on screen."""
        return self._first

    def cancelled(self) -> bool:
        """Say whether the window asked to stop, or is gone."""
        return self._stop.is_set()

    def close(self) -> None:
        """Tell what was not told yet."""
        self._tell_changed()


def _read(source: int) -> bytes:
    try:
        return os.read(source, 65536)
    except OSError:
        return b""
