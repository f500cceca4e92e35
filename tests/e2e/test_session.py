"""The main job, end to end: a new user's session in the real window, by keyboard alone, over two processes.

It runs on a virtual screen where Xvfb is installed, else without a screen. The README's pictures are this test's:
``KURATOR_CORPUS=samples KURATOR_PICTURES=resources/screenshots pytest tests/e2e/test_session.py``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from app.formats.exchange_import import import_exchange
from app.formats.exchange_read import read_exchange
from app.services.checks import check_project
from app.services.projects import sample_texts
from app.workspace import Workspace
from tests.e2e.screens import screen as screen

ROOT = Path(__file__).resolve().parents[2]
DRIVER = Path(__file__).with_name("session_driver.py")


def corpus(tmp_path: Path) -> Path:
    """Return the folder to annotate: the shared corpus, or copies of the samples (``KURATOR_CORPUS=samples``)."""
    shared = ROOT.parent / "shared" / "corpus"
    if shared.is_dir() and os.environ.get("KURATOR_CORPUS") != "samples":
        return shared
    folder = tmp_path / "texter"
    folder.mkdir(exist_ok=True)
    for text in sample_texts():
        shutil.copy(text, folder)
    return folder


def sit(sitting: str, folder: Path, pictures: Path, screen: dict[str, str]) -> dict[str, Any]:
    """Play one sitting in a process of its own and return what it says of itself."""
    arguments = [sitting, folder / "hälsotexter.kurator", corpus(folder), folder / "ut.json", pictures]
    environment = {**os.environ, **screen, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8"}
    done = subprocess.run(
        [sys.executable, str(DRIVER), *map(str, arguments)],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=400,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    facts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return facts


def test_a_new_user_annotates_a_corpus_and_hands_over_a_file(tmp_path: Path, screen: dict[str, str]) -> None:
    kept = os.environ.get("KURATOR_PICTURES")
    pictures = Path(kept) if kept else tmp_path / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    first = sit("first", tmp_path, pictures, screen)
    assert first["before_undo"] == ["accept", "reject", "relabel", "move", "create", "speaker", "relate"]
    assert first["after_undo"] == ["accept", "reject", "relabel", "move"]

    second = sit("second", tmp_path, pictures, screen)
    assert second["reopened"] == first["after_undo"]
    assert second["undone_after_reopening"] == ["accept", "reject", "relabel"]

    project, output = tmp_path / "hälsotexter.kurator", tmp_path / "ut.json"
    assert check_project(project) == []
    read = read_exchange(output)
    assert not read.problems
    assert len(list(pictures.glob("*.png"))) >= 8
    with Workspace.create(tmp_path / "annat.kurator", "annat", "Någon annan") as other:
        import_exchange(other.writer, other.reads, output)
        again = tmp_path / "igen.json"
        from app.formats.exchange_export import export_exchange

        export_exchange(other.reads, again)
    assert again.read_bytes() == output.read_bytes()
