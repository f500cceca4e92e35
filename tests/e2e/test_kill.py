"""``kill -9`` at random moments of a session loses no confirmed action. KURATOR_KILLS=200 kills 200 times."""

from __future__ import annotations

import importlib.util
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from app.workspace import Workspace

KILLS = int(os.environ.get("KURATOR_KILLS", "15"))
SCRIPT = Path(__file__).with_name("killed_session.py")


def _session() -> ModuleType:
    spec = importlib.util.spec_from_file_location("killed_session", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


session = _session()


def killed(path: Path, seed: int, chance: random.Random) -> list[str]:
    """Start a session, kill it at some moment, and return the lines it managed to print."""
    child = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(path), str(seed)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdout and child.stderr
    with child:
        first = child.stdout.readline() if chance.random() < 0.9 else b""  # else while it begins
        time.sleep(chance.uniform(0, 0.25))
        child.kill()
        lines = (first + child.stdout.read()).decode().splitlines(keepends=True)
        complaints = child.stderr.read().decode()
    assert not complaints, complaints
    return [line for line in lines if line.endswith("\n")]


def confirm(path: Path, lines: list[str]) -> int:
    """Check that what was confirmed is there, that at most one more step is, and that undo works."""
    with Workspace.open(path) as workspace:
        execute = workspace.file.connection.execute
        assert execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert execute("PRAGMA foreign_key_check").fetchall() == []
        assert execute("SELECT change_set FROM recorder").fetchall() == [(None,)]
        for index in ("annotation_search", "text_search"):
            execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
        known = {row[0] for row in execute("SELECT seq FROM change_sets")}
        assert {int(line.split()[0]) for line in lines} <= known
        if lines:
            number, steps, digest = lines[-1].split()
            same = session.digest(workspace) == digest and session.standing(workspace) == int(steps)
            # The last step may have been committed just before its line was printed.
            assert same or reached(workspace, lines, int(number), int(steps), digest)
        now = session.digest(workspace)
        if workspace.undo():
            assert session.digest(workspace) != now
            assert workspace.redo()
            assert session.digest(workspace) == now
    return len(lines)


def reached(workspace: Workspace, lines: list[str], number: int, steps: int, digest: str) -> bool:
    """Whether one step back, or one step on, is the state that was confirmed last."""
    for there, back in ((workspace.undo, workspace.redo), (workspace.redo, workspace.undo)):
        if there():
            same = session.digest(workspace) == digest and session.standing(workspace) == steps
            assert back()
            if same:
                return True
    return False


@pytest.mark.skipif(sys.platform == "win32" and KILLS > 15, reason="starting processes is slow there")
def test_every_confirmed_action_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "p.kurator"
    chance = random.Random(int(os.environ.get("KURATOR_SEED", "1")))
    confirmed = 0
    for number in range(KILLS):
        if number % 20 == 0:  # a fresh project now and then, since long histories kill late
            path = tmp_path / f"{number}.kurator"
            Workspace.create(path, "prov", "Åsa").close()
        confirmed += confirm(path, killed(path, number, chance))
    assert confirmed > KILLS
    print(f"{KILLS} kills, {confirmed} confirmed steps")
