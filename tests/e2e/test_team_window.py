"""A team's work in the real window: a colleague's file by mail, adjudication and agreement, by keyboard.

The README's pictures of it are this test's: ``KURATOR_PICTURES=resources/screenshots pytest
tests/e2e/test_team_window.py``. The texts are the program's own samples.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from simulated_annotator import SimulatedAnnotator, Wanted, proposed

from app.cli.program import main
from app.formats.exchange_export import export_exchange
from app.services.checks import check_project
from app.services.projects import sample_texts
from app.workspace import Workspace
from tests.e2e.screens import screen as screen

DRIVER = Path(__file__).with_name("team_driver.py")
ROOT = DRIVER.parents[2]
TEXTS = 6


def export(project: Path, target: Path) -> Path:
    with Workspace.open(project) as workspace:
        export_exchange(workspace.reads, target)
    return target


def work(project: Path, start: Path, name: str, seed: int) -> Path:
    """Let one annotator take the file in and work through it."""
    for arguments in (["new", str(project), "--annotator", name], ["import", str(project), str(start)]):
        assert main(["--quiet", *arguments]) == 0
    with Workspace.open(project) as workspace:
        ids = [row[0] for row in workspace.reads.connection.execute("SELECT id FROM documents ORDER BY name")]
        pages: dict[str, Wanted] = {one: proposed(workspace, one) for one in ids}
        person = SimulatedAnnotator(workspace, seed)
        for document, page in pages.items():
            person.annotate(document, page)
    return project


def test_a_colleagues_file_is_merged_adjudicated_and_measured(tmp_path: Path, screen: dict[str, str]) -> None:
    kept = os.environ.get("KURATOR_PICTURES")
    pictures = (ROOT / kept) if kept else tmp_path / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    first = tmp_path / "början.kurator"
    for arguments in (
        ["new", str(first), "--name", "Hälsotexter"],
        ["import", str(first), *map(str, sample_texts()[:TEXTS])],
        ["suggest", str(first)],
    ):
        assert main(["--quiet", *arguments]) == 0
    start = export(first, tmp_path / "början.json")
    own = work(tmp_path / "Hälsotexter.kurator", start, "Åsa Lind", 1)
    second = export(work(tmp_path / "bo.kurator", start, "Bo Ek", 2), tmp_path / "från Bo.json")
    third = export(work(tmp_path / "cecilia.kurator", start, "Cecilia Ros", 3), tmp_path / "från Cecilia.json")
    assert main(["--quiet", "import", str(own), str(second)]) == 0

    environment = {**os.environ, **screen, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8"}
    done = subprocess.run(
        [sys.executable, str(DRIVER), str(own), str(third), str(pictures)],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=400,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    facts = json.loads(done.stdout.splitlines()[-1])
    assert facts["people"] == 3
    assert facts["left"] < facts["open"], "what all agree on is taken at once"
    assert facts["decided"] == ["adjudicate-all", "adjudicate", "adjudicate-wrong"]
    assert facts["agreement"]
    assert check_project(own) == []
    assert {"merging.png", "take-at-once.png", "adjudication.png", "agreement.png"} <= {
        one.name for one in pictures.glob("*.png")
    }
