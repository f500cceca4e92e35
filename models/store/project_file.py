"""One ``.kurator`` file: made, opened, checked and closed."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from models.errors import Defect, EnvironmentFault, KuratorError, UserError
from models.ids import new_id
from models.times import now

APPLICATION_ID = 0x4B555241
"""``KURA``: tells a project file from any other SQLite file."""
SCHEMA_VERSION = 3
BUSY_SECONDS = 10.0
"""How long a write waits for another process before ``project.busy``."""
MAGIC = b"SQLite format 3\0"


def fault(error: sqlite3.Error | OSError, path: Path) -> KuratorError:
    """Return what ``error`` means to a person: full disk, read-only, busy, or a damaged file."""
    if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
        return Defect("project.write-failed", path=str(path), reason=str(error))
    text = str(error).lower()
    known = (
        (("disk is full", "no space left"), "project.disk-full"),
        (("readonly", "read-only", "permission denied"), "project.read-only"),
        (("locked", "busy"), "project.busy"),
        (("malformed", "corrupt"), "project.damaged"),
        (("unable to open",), "project.cannot-open"),
    )
    if "not a database" in text:
        return UserError("project.not-a-project", path=str(path))
    for words, code in known:
        if any(word in text for word in words):
            return EnvironmentFault(code, path=str(path))
    return EnvironmentFault("project.write-failed", path=str(path), reason=str(error))


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's and the system's errors into errors with a sentence."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise fault(error, path) from error


left_open: list[sqlite3.Connection] = []
"""Connections of processes that joined a project. The last one to close a file in write-ahead mode removes its
log, and whether somebody else has it open is told by locks that any reading of the file in the holder's
process, a file dialog's look at it included, takes away. So who joined never closes: the process ends."""


class ProjectFile:
    """An open project file: one connection, in write-ahead mode, durable at each commit.

    The connection is plain ``sqlite3`` so that a window can read before SQLAlchemy, which writes through
    the same connection, is loaded (see ``resources/decisions/reads-and-writes.md``).
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, read_only: bool, lock: sqlite3.Connection | None):
        self.path = path
        self.connection = connection
        self.read_only = read_only
        self._lock = lock
        self._patient = False

    @classmethod
    def create(cls, path: Path, name: str, label_set: dict[str, object], annotator: str = "") -> ProjectFile:
        """Make a new project at ``path`` with a label set and one human annotator, and open it.

        Raises:
            UserError: ``project.exists``.
            EnvironmentFault: the file cannot be written; nothing is left behind.
        """
        from models.store.migrations import build

        path = path.resolve()
        if path.exists():
            raise UserError("project.exists", path=str(path))
        with explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        with explained(path):
            lock = _lock(path)
        try:
            with explained(path):
                connection = _connect(path, "rwc")
                try:
                    connection.execute("BEGIN IMMEDIATE")
                    build(connection)
                    _fill(connection, name, label_set, annotator)
                    connection.commit()
                except BaseException:
                    connection.close()
                    raise
        except BaseException:
            for leftover in (path, *_companions(path)):
                with suppress(OSError):
                    leftover.unlink()
            lock.close()
            raise
        return cls(path, connection, False, lock)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, share: bool = False) -> ProjectFile:
        """Open the project at ``path``; a write-protected one read-only.

        An older schema is backed up beside the file, then migrated. ``share`` joins a project that a parent
        process holds open, instead of claiming it.

        Raises:
            UserError: ``project.missing``, ``project.is-folder``, ``project.not-a-project``,
                ``project.newer``, ``project.open-elsewhere``.
            EnvironmentFault: ``project.damaged``, ``project.busy``, ``project.cannot-open``.
        """
        path = path.resolve()
        if path.is_dir():
            raise UserError("project.is-folder", path=str(path))
        if not path.is_file():
            raise UserError("project.missing", path=str(path))
        with explained(path):
            _look_at(path)
        lock = None if read_only or share else _try_lock(path)
        if lock is None and not share:
            read_only = True
        try:
            with explained(path):
                connection = _connect(path, "ro" if read_only else "rw")
                try:
                    version = _check(connection, path)
                    if version < SCHEMA_VERSION:
                        connection = _brought_up(connection, path, version, read_only)
                except BaseException:
                    connection.close()
                    raise
        except BaseException:
            if lock:
                lock.close()
            raise
        return cls(path, connection, read_only, lock)

    def relax(self) -> None:
        """Let bulk work commit without waiting for the disk: a power cut may take its last part, never more.

        What is stored is sound at any moment; closing makes it durable.
        """
        self.connection.execute("PRAGMA synchronous = NORMAL")
        # Earlier than a curator's connection, whose key presses so never write the log back meanwhile.
        self.connection.execute("PRAGMA wal_autocheckpoint = 1000")
        self._patient = True

    def begin(self) -> None:
        """Begin a writing transaction as soon as nobody else writes, within ten seconds.

        SQLite's own waiting sleeps up to 100 ms between two looks and misses the short breaths of bulk work;
        a key press looks twice a millisecond, bulk work (:meth:`relax`) waits its turn.

        Raises:
            sqlite3.OperationalError: somebody else still writes, or the file cannot be written.
        """
        if self._patient:
            self.connection.execute("BEGIN IMMEDIATE")
            return
        self.connection.execute("PRAGMA busy_timeout = 0")
        until = monotonic() + BUSY_SECONDS
        try:
            while True:
                try:
                    self.connection.execute("BEGIN IMMEDIATE")
                    return
                except sqlite3.OperationalError as error:
                    if "locked" not in str(error) or monotonic() > until:
                        raise
                    sleep(0.0005)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")

    def close(self) -> None:
        """Write the log back into the file and let others open it."""
        if not self.read_only:
            # One that joined never makes the project's holder wait.
            checkpoint = "TRUNCATE" if self._lock else "PASSIVE"
            with suppress(sqlite3.Error):
                self.connection.execute("PRAGMA analysis_limit = 400")
                self.connection.execute("PRAGMA optimize")
                self.connection.execute(f"PRAGMA wal_checkpoint({checkpoint})")
        if self._lock or self.read_only:
            self.connection.close()
        else:
            left_open.append(self.connection)
        if self._lock:
            self._lock.close()

    def __enter__(self) -> ProjectFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _fill(connection: sqlite3.Connection, name: str, label_set: dict[str, object], annotator: str) -> None:
    me = new_id()
    connection.execute("INSERT INTO annotators(id, kind, name) VALUES (?, 'human', ?)", (me, annotator))
    facts = {"id": new_id(), "name": name, "created": now(), "annotator": me}
    connection.executemany("INSERT INTO meta VALUES (?, ?)", facts.items())
    connection.execute(
        "INSERT INTO label_sets(version, body, created) VALUES (?, ?, ?)",
        (label_set["version"], json.dumps(label_set, ensure_ascii=False), now()),
    )
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _companions(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + tail) for tail in ("-wal", "-shm", "-journal"))


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = _plain(path, mode)
    if mode == "ro":
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            log = path.with_name(path.name + "-wal")
            unsaved = log.is_file() and log.stat().st_size > 0
            if unsaved or ("unable to open" not in str(error) and "readonly" not in str(error)):
                connection.close()
                raise
            # A write-protected folder has no room for the shared-memory file that write-ahead mode needs.
            connection.close()
            connection = _plain(path, "ro&immutable=1")
        return connection
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -32000")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA journal_size_limit = 16000000")
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    return connection


def _plain(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=10)


def _look_at(path: Path) -> None:
    """Refuse what is no project by its first bytes, before anything is written into it or beside it.

    Raises:
        UserError: ``project.not-a-project``.
        EnvironmentFault: ``project.damaged``: the file is shorter than it says.
    """
    log = path.with_name(path.name + "-wal")
    if log.is_file() and log.stat().st_size:
        return  # the newest pages are in the log, and only SQLite knows which they are
    with path.open("rb") as file:
        head = file.read(100)
    known = head.startswith(MAGIC) and len(head) == 100
    if not known or int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise UserError("project.not-a-project", path=str(path))
    pages, page = int.from_bytes(head[28:32], "big"), int.from_bytes(head[16:18], "big")
    if head[24:28] == head[92:96] and path.stat().st_size < pages * (65536 if page == 1 else page):
        raise EnvironmentFault("project.damaged", path=str(path))


def _check(connection: sqlite3.Connection, path: Path) -> int:
    """Return the file's schema version if it is a project of ours that this program can read."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID:
        raise UserError("project.not-a-project", path=str(path))
    if version > SCHEMA_VERSION:
        raise UserError("project.newer", path=str(path), version=version, known=SCHEMA_VERSION)
    if version < 1:
        raise EnvironmentFault("project.damaged", path=str(path))
    return version


def _brought_up(connection: sqlite3.Connection, path: Path, version: int, read_only: bool) -> sqlite3.Connection:
    """Bring a file of an older schema to the present one; one that may not be changed is read from a copy in memory."""
    from models.store.migrations import backup_before, migrate

    if not read_only:
        backup_before(connection, path, version)
        migrate(connection, version)
        return connection
    copy = sqlite3.connect(":memory:", isolation_level=None)
    with closing(connection):
        connection.backup(copy)
    migrate(copy, version)
    copy.execute("PRAGMA query_only = ON")
    return copy


def lock_path(path: Path) -> Path:
    """Return the hidden file beside a project that says it is open."""
    return path.with_name(f".{path.name}.lock")


def _lock(path: Path) -> sqlite3.Connection:
    """Claim the project for this process: an empty SQLite file beside it, held by an exclusive transaction.

    SQLite's own file lock works on every system and ends with the process, however it ends.
    """
    lock = sqlite3.connect(lock_path(path), isolation_level=None, timeout=0)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        if "locked" in str(error):
            raise UserError("project.open-elsewhere", path=str(path)) from None
        raise
    return lock


def _try_lock(path: Path) -> sqlite3.Connection | None:
    """Return the lock, or None where the file or its folder is write-protected."""
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return None
    with explained(path):
        return _lock(path)
