"""Logs and reports: a rotating file in the user's log folder, and a file of its own for each defect."""

from __future__ import annotations

import logging
import platform
import sys
import threading
import traceback
from contextlib import suppress
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from app.paths import log_folder

SIZE = 1_000_000
"""Bytes after which a log begins anew; :data:`OLD` earlier ones are kept."""
OLD = 3
REPORTS_KEPT = 20
_FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"

log = logging.getLogger("kurator")


class _Handler(RotatingFileHandler):
    """A log that rather grows than fails where another process holds the file or the disk is full."""

    def doRollover(self) -> None:
        with suppress(OSError):
            super().doRollover()
        if self.stream is None:
            self.stream = self._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """Stay quiet: there is nowhere better to tell that the log cannot be written."""


def start_logging(name: str = "kurator", level: int = logging.INFO) -> Path:
    """Write log records of this process to ``name.log`` in the log folder from now on, and return its path.

    Nothing goes to stderr. Calling it again for the same file changes nothing.
    """
    path = log_folder() / f"{name}.log"
    root = logging.getLogger()
    known = (handler for handler in root.handlers if isinstance(handler, _Handler))
    if not any(Path(handler.baseFilename) == path for handler in known):
        handler = _Handler(path, maxBytes=SIZE, backupCount=OLD, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter(_FORMAT))
        root.addHandler(handler)
        root.setLevel(level)
    return path


def stop_logging() -> None:
    """Close the log files of this process."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, _Handler)]:
        root.removeHandler(handler)
        handler.close()


def write_report(error: BaseException, doing: str = "") -> Path | None:
    """Write what is known about a defect to a file of its own; return its path, None if that failed too.

    ``doing`` says what the program was about (a command's name). The file holds the trace and versions, no
    text of the project on purpose; the latest :data:`REPORTS_KEPT` reports are kept.
    """
    moment = datetime.now().astimezone()
    lines = [
        f"Kurator {version()}, Python {platform.python_version()}, {platform.platform()}",
        f"{moment.isoformat(timespec='seconds')} {doing}".rstrip(),
        "",
        *traceback.format_exception(error),
    ]
    log.error("defect: %s: %s", type(error).__name__, error)
    with suppress(OSError):
        path = log_folder() / f"report-{moment:%Y%m%d-%H%M%S-%f}.txt"
        path.write_text("\n".join(lines), "utf-8", errors="replace")
        for old in sorted(log_folder().glob("report-*.txt"))[:-REPORTS_KEPT]:
            with suppress(OSError):
                old.unlink()
        return path
    return None


def version() -> str:
    """Return the program's version, ``0`` where it runs without being installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("kurator")
    except PackageNotFoundError:
        return "0"


def report_unhandled() -> None:
    """Let whatever nobody caught, in any thread, end in a report instead of a trace on the screen."""

    def in_main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            write_report(error, "unhandled")

    def in_thread(found: threading.ExceptHookArgs) -> None:
        if found.exc_value is not None:
            write_report(found.exc_value, f"thread {found.thread.name if found.thread else '?'}")

    sys.excepthook = in_main
    threading.excepthook = in_thread
