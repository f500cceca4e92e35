"""The rules of conftest.py do catch what they are there to catch."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

OFFENDERS = """
import logging, socket, threading, time, warnings
import pytest
from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QWidget

kept = []

def test_bad_log(): logging.getLogger("x").warning("boo")

@pytest.mark.expects_log("boo")
def test_good_log(): logging.getLogger("x").warning("boo")

@pytest.mark.expects_log("boo")
def test_bad_silence(): pass

def test_bad_qt_message(): qWarning("boo")

def test_bad_warning(): warnings.warn("boo")

def test_bad_window(qtbot): kept.append(QWidget())

def test_good_window(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()

def test_good_window_in_a_cycle(qtbot):
    widget = QWidget()
    widget.self = widget

def test_bad_timer(qtbot):
    kept.append(QTimer())
    kept[-1].start(1000)

def test_bad_thread(): threading.Thread(target=time.sleep, args=(20,), daemon=True).start()

def test_good_thread(): threading.Thread(target=time.sleep, args=(0.1,)).start()

def test_bad_connection():
    with pytest.raises(OSError):
        socket.create_connection(("192.0.2.1", 80), 1)
"""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool]:
    """Return for each offender whether it passed wholly, teardown included."""
    folder = tmp_path_factory.mktemp("offenders")
    shutil.copy(ROOT / "tests" / "conftest.py", folder)
    (folder / "test_offenders.py").write_text(OFFENDERS, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-c", str(ROOT / "pyproject.toml")]
    command += ["--rootdir", str(folder), "-p", "no:cacheprovider", str(folder)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120).stdout
    lines = re.findall(r"^(PASSED|FAILED|ERROR) \S*::(test_\w+)", told, re.MULTILINE)
    assert lines, told
    return {name: {"PASSED"} == {word for word, other in lines if other == name} for _, name in lines}


@pytest.mark.parametrize("name", re.findall(r"def (test_bad_\w+)", OFFENDERS))
def test_offender_is_caught(outcome: dict[str, bool], name: str) -> None:
    assert not outcome[name]


@pytest.mark.parametrize("name", re.findall(r"def (test_good_\w+)", OFFENDERS))
def test_decent_test_passes(outcome: dict[str, bool], name: str) -> None:
    assert outcome[name]
