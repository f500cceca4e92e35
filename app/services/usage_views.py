"""The usage report for the window: counted in a thread of its own, so that no key press waits for it."""

from __future__ import annotations

from threading import Thread

from app.services.usage import Usage, usage
from app.workspace import Workspace
from models.errors import KuratorError
from models.store.reads_apart import ReadsApart


class Counting:
    """A report on one annotator (id) or (None) on all, being counted.

    Raises:
        EnvironmentFault: the file cannot be read.
    """

    def __init__(self, workspace: Workspace, annotator: str | None) -> None:
        self._apart = ReadsApart(workspace.path)
        self._annotator = annotator
        self._report: Usage | None = None
        self._error: KuratorError | None = None
        self._thread = Thread(target=self._run, name="kurator-usage", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._report = self._apart.ask(lambda reads: usage(reads, self._annotator))
        except KuratorError as error:
            self._error = error

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the report, at most so long; return whether it is there."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def take(self) -> Usage | None:
        """Return the report, waiting for it, and let go of the file; None where it was cancelled.

        Raises:
            EnvironmentFault: the file cannot be read.
        """
        self._thread.join()
        self._apart.close()
        if self._error is not None:
            raise self._error
        return self._report

    def cancel(self) -> None:
        """Stop counting, and let go of the file."""
        self._apart.cancel()
        self._thread.join()
        self._apart.close()
