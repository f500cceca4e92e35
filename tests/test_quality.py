"""Style and types, so that the one command that runs the tests covers them."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def tell(tool: str, *arguments: str, **settings: str) -> tuple[int, str]:
    """Run a tool at the root and return its exit status and what it said."""
    if importlib.util.find_spec(tool) is None:
        pytest.skip(f"{tool} is not installed")
    command = [sys.executable, "-m", tool, *arguments]
    told = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, encoding="utf-8", timeout=600
    )
    return told.returncode, told.stdout + told.stderr


def test_ruff_is_content() -> None:
    status, told = tell("ruff", "check", "--output-format=concise", ".")
    assert status == 0, told


def test_types_of_models_and_app_are_sound() -> None:
    status, told = tell("mypy")
    assert status == 0, told


def test_types_of_the_set_up_are_sound() -> None:
    files = sorted(str(path) for path in (ROOT / "packaging").glob("*.py"))
    status, told = tell("mypy", "--strict", *files, MYPYPATH=str(ROOT / "packaging"))
    assert status == 0, told
