"""The command line as a test runs it: in this process, or as a program of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from app.cli import main

ROOT = Path(__file__).resolve().parents[3]
TEXT = "Regionråd Åsa Öberg 😀 sa\u00a0att vård\u00adplatserna i Va\u030axjö räcker.\r\nDet sa hon.\n"


class Said(NamedTuple):
    """What a command said, and its exit status."""

    status: int
    out: str
    err: str


@pytest.fixture
def kurator(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command in this process."""

    def run(*arguments: object) -> Said:
        capsys.readouterr()
        status = main([str(one) for one in arguments])
        return Said(status, *capsys.readouterr())

    return run


@pytest.fixture
def program() -> Callable[..., subprocess.Popen[bytes]]:
    """Start a command as a program of its own."""

    def start(*arguments: object) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "app.cli", *map(str, arguments)]
        pipe = subprocess.PIPE
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        # What runs in a shell's background is born deaf to Ctrl+C.
        deaf = signal.getsignal(signal.SIGINT) == signal.SIG_IGN
        hears = (lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) if deaf and os.name == "posix" else None
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, preexec_fn=hears)

    return start


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder with two texts and a file that is none."""
    folder = tmp_path / "texter"
    (folder / "under").mkdir(parents=True)
    (folder / "a.txt").write_bytes(TEXT.encode())
    (folder / "under" / "b.md").write_bytes(f"---\ntitle: Rubrik\n---\n{TEXT}".encode())
    (folder / "bild.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    return folder


@pytest.fixture
def project(tmp_path: Path, texts: Path, kurator: Callable[..., Said]) -> Path:
    """A project with the two texts."""
    path = tmp_path / "p.kurator"
    assert kurator("new", path, "--annotator", "Anna").status == 0
    assert kurator("import", path, texts).status == 1
    return path
