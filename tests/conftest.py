"""What every test is held to: its own folders, no network, and nothing left behind."""

from __future__ import annotations

import gc
import itertools
import logging
import os
import re
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if not os.environ.get("KURATOR_TEST_DISPLAY"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before any import of Qt

import platformdirs
import pytest
import tqdm
from hypothesis import HealthCheck, settings

import app.messages
import app.paths

tqdm.tqdm.monitor_interval = 0  # its watching thread would outlive the test that started it

# The same examples each time: what is green stays green until the code changes. The others look for new ones.
settings.register_profile("same", deadline=None, max_examples=50, derandomize=True, print_blob=True)
settings.register_profile("quick", deadline=None, max_examples=50)
settings.register_profile(
    "thorough", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("KURATOR_HYPOTHESIS", "same"))

THREAD_GRACE_SECONDS = 2.0
USER_FOLDERS = ("cache", "config", "data", "documents", "downloads", "log", "runtime", "state")
_homes = itertools.count()


def pytest_collection_finish() -> None:
    """Take what the imports made out of the collector's sight, so that looking for leaks is quick."""
    gc.freeze()


@pytest.fixture(autouse=True)
def _quiet_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test on a record at WARNING or above that no ``expects_log`` marker names."""
    records: list[logging.LogRecord] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = records.append  # type: ignore[method-assign]
    root = logging.getLogger()
    root.addHandler(handler)
    yield
    root.removeHandler(handler)
    patterns = [marker.args[0] for marker in request.node.iter_markers("expects_log")]
    said = [f"{record.levelname} {record.name}: {record.getMessage()}" for record in records]
    unexpected = [line for line in said if not any(re.search(pattern, line) for pattern in patterns)]
    if unexpected:
        pytest.fail("unexpected log records:\n" + "\n".join(unexpected), pytrace=False)
    missing = [pattern for pattern in patterns if not any(re.search(pattern, line) for line in said)]
    if missing:
        pytest.fail(f"no log record matches {missing}", pytrace=False)


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """Fail the test when a thread that it started still runs."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + THREAD_GRACE_SECONDS
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        if not isinstance(thread, threading._DummyThread):  # one that Qt started: it cannot be joined
            thread.join(max(0.0, deadline - time.monotonic()))
    left = [thread for thread in left if thread.is_alive() and not _ended(thread)]
    if left:
        pytest.fail(f"threads still running: {left}", pytrace=False)


def _ended(thread: threading.Thread) -> bool:
    """Say whether the system thread behind a dummy thread is gone; a live one stays in the frames' list."""
    return isinstance(thread, threading._DummyThread) and thread.ident not in sys._current_frames()


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test empty user folders, in this process and in those that it starts."""
    home = tmp_path_factory.getbasetemp() / "homes" / str(next(_homes))
    for kind in USER_FOLDERS:
        folder = home / kind
        if kind != "documents":
            monkeypatch.setenv(f"XDG_{kind.upper()}_HOME", str(folder))
        for suffix, wrap in (("path", Path), ("dir", str)):
            name = f"user_{kind}_{suffix}"
            if hasattr(platformdirs, name):
                monkeypatch.setattr(platformdirs, name, _folder_function(folder, wrap))
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(home / "documents"))
    _forget_folders()


def _folder_function(folder: Path, wrap: Any) -> Any:
    def user_folder(appname: str | None = None, *_args: object, **_options: object) -> Any:
        return wrap(folder / appname if appname else folder)

    return user_folder


def _forget_folders() -> None:
    for value in vars(app.paths).values():
        if hasattr(value, "cache_clear"):
            value.cache_clear()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Start every test in English, whatever the one before it chose."""
    app.messages.set_language("en")
    yield
    app.messages.set_language("en")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse connections that leave this machine and fail the test that tries one."""
    connect, tried = socket.socket.connect, []

    def local_only(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1"):
            tried.append(address)
            raise ConnectionRefusedError(f"no connection to {address} in tests")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)
    yield
    if tried:
        pytest.fail(f"connections tried: {tried}", pytrace=False)


@pytest.fixture(autouse=True)
def _no_widget_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that uses Qt when a window or a running timer of its own survives it."""
    if not {"qapp", "qtbot"} & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("qapp")
    windows, timers = _windows(), _running_timers()
    yield
    left, ticking = _settled(_windows, windows), _settled(_running_timers, timers)
    if left or ticking:
        pytest.fail(f"windows left: {left}; timers still running: {ticking}", pytrace=False)


def _settled(find: Any, before: list[Any]) -> list[Any]:
    """Return what ``find`` finds anew once deferred deletions ran and, if need be, cycles were collected."""
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    if not [found for found in find() if found not in before]:
        return []
    gc.unfreeze()  # the program freezes what it loads, cycles included
    gc.collect()
    left = [found for found in find() if found not in before]
    gc.freeze()
    return left


# Windows and timers are compared by identity; holding the old ones keeps their identities taken.
def _windows() -> list[Any]:
    from PySide6.QtWidgets import QApplication

    return [widget for widget in QApplication.topLevelWidgets() if widget.parent() is None]


def _running_timers() -> list[Any]:
    import shiboken6
    from PySide6.QtCore import QTimer

    timers = (found for found in gc.get_objects() if issubclass(type(found), QTimer))
    return [timer for timer in timers if shiboken6.isValid(timer) and timer.isActive()]
