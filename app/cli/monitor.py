"""How a command tells what it does: to a person at a terminal, or to the window whose job it is."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from app.messages import tr


class Monitor(Protocol):
    """What a command may say, and ask, while it works."""

    shared: bool
    """Whether a window holds the project and works in it meanwhile."""

    def say(self, text: str) -> None:
        """Tell a person something that was asked for."""

    def progress(
        self, done: int, total: int, document: str | None = None, details: Mapping[str, Any] | None = None
    ) -> None:
        """Tell how far the work is; ``total`` 0 while unknown.

        ``details``: what there is to say of a step that may not be passed over; ``line`` says it in words.
        """

    def changed(self, documents: Sequence[str] = (), *, everything: bool = False) -> None:
        """Tell that documents are new or changed."""

    def holding(self, begins: bool) -> None:
        """Tell that nobody else can change the project now, or that they can again."""

    def report(self, data: Mapping[str, Any], lines: Iterable[str]) -> None:
        """Tell how the work ended: ``data`` to the window, ``lines`` to a person."""

    def fail(self, code: str, details: Mapping[str, Any], text: str) -> None:
        """Tell why the work could not be done."""

    def first(self) -> Sequence[str]:
        """Return the documents that should go first, by id."""

    def cancelled(self) -> bool:
        """Say whether the work should stop."""

    def close(self) -> None:
        """Finish what is shown."""


class Terminal:
    """Words on stdout, a progress bar and errors on stderr."""

    shared = False

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._bar: Any = None

    def say(self, text: str) -> None:
        """Print a line, quiet or not: it was asked for."""
        self.close()
        print(text)

    def progress(
        self, done: int, total: int, document: str | None = None, details: Mapping[str, Any] | None = None
    ) -> None:
        """Move the bar, where stderr is a terminal; print what there is to say of a step."""
        if not self._quiet and details and "line" in details:
            self.close()
            print(details["line"], file=sys.stderr, flush=True)
        if self._quiet or not sys.stderr.isatty():
            return
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(unit="", file=sys.stderr, leave=False, dynamic_ncols=True, mininterval=0.2)
        self._bar.total = total or None
        self._bar.update(done - self._bar.n)

    def changed(self, documents: Sequence[str] = (), *, everything: bool = False) -> None:
        """Nobody needs to read anew."""

    def holding(self, begins: bool) -> None:
        """Nobody else is here."""

    def report(self, data: Mapping[str, Any], lines: Iterable[str]) -> None:
        """Print how it ended, unless quiet."""
        self.close()
        if not self._quiet:
            for line in lines:
                print(line)

    def fail(self, code: str, details: Mapping[str, Any], text: str) -> None:
        """Print the sentence on stderr."""
        self.close()
        print(tr("cli.error", sentence=text), file=sys.stderr)

    def first(self) -> Sequence[str]:
        """Nothing is on screen."""
        return ()

    def cancelled(self) -> bool:
        """Only Ctrl+C stops it."""
        return False

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
