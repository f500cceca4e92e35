"""Reading a project a second time, beside the window's own connection: for what takes long, in another thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from models.store.project_file import explained
from models.store.reads import Reads
from models.store.table_reads import second_connection

Answer = TypeVar("Answer")


class ReadsApart:
    """A project's reads on a connection of their own, which can be stopped. Close it from one thread.

    Raises:
        EnvironmentFault: the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._cancelled, self._path = False, path
        with explained(path):
            self._connection = second_connection(path)
        self._connection.set_progress_handler(lambda: self._cancelled, 200_000)
        self._reads = Reads(self._connection)

    def ask(self, question: Callable[[Reads], Answer]) -> Answer | None:
        """Return what a question reads; None where :meth:`cancel` came first.

        Raises:
            EnvironmentFault: the file cannot be read.
        """
        with explained(self._path):
            try:
                return question(self._reads)
            except sqlite3.OperationalError:
                if self._cancelled:
                    return None
                raise

    def cancel(self) -> None:
        """Stop what is being read soon; may be called from another thread."""
        self._cancelled = True
        self._connection.interrupt()

    def close(self) -> None:
        """Let go of the project file."""
        self._connection.close()
