"""Project files as a whole: copies, backups, restoring, and the sample."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.paths import data_folder
from app.services import projects
from app.services.checks import check_workspace
from app.services.corpus import import_documents
from app.workspace import Workspace
from models.documents import SourceDocument
from models.errors import EnvironmentFault, UserError
from models.store import copies

ROOT = Path(__file__).resolve().parents[2]
TEXT = "Åsa 😀 bor i Va\u030axjö\u00a0nära en vård\u00adplats."


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p.kurator"
    with Workspace.create(path, "Projekt", "Anna") as workspace:
        add(workspace, "a.txt")
    return path


def add(workspace: Workspace, *names: str, text: str = TEXT) -> list[str]:
    found = import_documents(workspace.writer, workspace.reads, [SourceDocument(one, f"{text} {one}") for one in names])
    return [item.document or "" for item in found]


def names(path: Path) -> list[str]:
    with projects.open_for_reading(path) as workspace:
        rows = workspace.reads.connection.execute("SELECT name FROM documents ORDER BY name").fetchall()
        assert check_workspace(workspace) == []
    return [name for (name,) in rows]


# Copies and backups -----------------------------------------------------------------------------------------


def test_a_copy_is_one_whole_file_of_the_present_state(project: Path, tmp_path: Path) -> None:
    target = tmp_path / "kopia.kurator"
    with Workspace.open(project) as workspace:
        add(workspace, "b.txt")
        projects.save_copy(workspace, target)
        add(workspace, "c.txt")
    assert sorted(one.name for one in tmp_path.glob("kopia*")) == ["kopia.kurator"]
    assert names(target) == ["a.txt", "b.txt"] and names(project) == ["a.txt", "b.txt", "c.txt"]


def test_copying_tells_how_far_it_is_while_others_write(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "PAGES", 100)
    with Workspace.open(project) as workspace:
        add(workspace, "big.txt", text="Vård och omsorg. " * 200_000)
        told: list[tuple[int, int]] = []

        def progress(done: int, total: int) -> None:
            told.append((done, total))
            if len(told) == 1:
                add(workspace, "sen.txt")

        projects.save_copy(workspace, tmp_path / "kopia.kurator", progress)
    assert len(told) > 1 and told[-1][0] == told[-1][1]
    assert names(tmp_path / "kopia.kurator") == ["a.txt", "big.txt"]


def test_a_copy_over_another_project(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "annat.kurator"
    with Workspace.create(other, "annat") as workspace:
        with pytest.raises(UserError, match="open-elsewhere"):
            projects.save_copy(project, other)
        add(workspace, "x.txt")
    shutil.copyfile(other, other.with_name("annat.kurator-wal"))  # as a crash may leave one
    with pytest.raises(UserError, match="exists"):
        projects.save_copy(project, other, overwrite=False)
    projects.save_copy(project, other)
    assert names(other) == ["a.txt"]
    with pytest.raises(UserError, match="same-file"):
        projects.save_copy(project, project)
    with pytest.raises(UserError, match="is-folder"):
        projects.save_copy(project, tmp_path)


def test_a_copy_without_room_leaves_nothing(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(copies, "_copy", full)
    before = sorted(one.name for one in tmp_path.iterdir())
    with pytest.raises(EnvironmentFault, match="no-room"):
        projects.save_copy(project, tmp_path / "kopia.kurator")
    with pytest.raises(EnvironmentFault, match="no-room"):
        projects.restore(project, projects_backup := shutil.copy(project, tmp_path / "b.kurator"))
    Path(projects_backup).unlink()
    assert sorted(one.name for one in tmp_path.iterdir()) == before
    assert names(project) == ["a.txt"]


def test_backups_rotate(project: Path) -> None:
    made = [projects.back_up(project, kept=3) for _ in range(5)]
    found = projects.backups(project)
    assert [one.path for one in found] == made[:1:-1]
    assert all(one.size == one.path.stat().st_size for one in found)
    assert names(found[0].path) == ["a.txt"]


def test_a_damaged_project_pushes_no_backup_out(project: Path) -> None:
    kept = projects.back_up(project, kept=1)
    damage(project)
    with pytest.raises(EnvironmentFault, match="damaged"):
        projects.back_up(project, kept=1)
    assert [one.path for one in projects.backups(project)] == [kept]


def damage(path: Path) -> None:
    """Overwrite the middle of a file, its beginning left as it is."""
    data = bytearray(path.read_bytes())
    data[8192:-4096] = b"\xaa" * (len(data) - 12288)
    path.write_bytes(data)


def test_restoring_keeps_what_it_replaces(project: Path) -> None:
    backup = projects.back_up(project)
    with Workspace.open(project) as workspace:
        add(workspace, "b.txt")
        with pytest.raises(UserError, match="open-elsewhere"):
            projects.restore(project, backup)
    kept = projects.restore(project, backup)
    assert names(project) == ["a.txt"]
    assert kept is not None and names(kept) == ["a.txt", "b.txt"]
    assert {one.path for one in projects.backups(project)} == {backup, kept}
    projects.restore(project, kept)
    assert names(project) == ["a.txt", "b.txt"]


@pytest.mark.parametrize("how", ["header", "middle", "gone"])
def test_restoring_over_a_sick_file(project: Path, how: str) -> None:
    backup = projects.back_up(project)
    if how == "header":
        project.write_bytes(b"skrot" * 1000)
    elif how == "middle":
        damage(project)
    else:
        project.unlink()
    sick = project.read_bytes() if project.exists() else None
    assert backup in [one.path for one in projects.backups(project)]
    kept = projects.restore(project, backup)
    assert names(project) == ["a.txt"]
    assert (kept is None) == (sick is None)
    if kept is not None:
        assert kept.read_bytes() == sick


def test_restoring_from_something_else_changes_nothing(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "x.kurator"
    other.write_bytes(b"inget projekt " * 100)
    for wrong, code in ((other, "not-a-project"), (project, "same-file"), (tmp_path / "y", "missing")):
        with pytest.raises(UserError, match=code):
            projects.restore(project, wrong)
    sick = tmp_path / "sick.kurator"
    shutil.copyfile(project, sick)
    damage(sick)
    with pytest.raises(EnvironmentFault, match="damaged"):
        projects.restore(project, sick)
    assert names(project) == ["a.txt"]
    assert not list(tmp_path.glob(".p.kurator.*restored*")) and not list(tmp_path.glob("*.part"))


def test_a_backup_is_due_a_day_on(project: Path) -> None:
    def age(path: Path, days: float) -> None:
        at = (datetime.now(UTC) - timedelta(days=days)).timestamp()
        os.utime(path, (at, at))

    with Workspace.open(project) as workspace:
        assert not projects.backup_due(workspace)
        assert projects.back_up_if_due(workspace) is None
        workspace.reads.connection.execute("UPDATE meta SET value = '2020-01-01T00:00:00.000Z' WHERE key = 'created'")
        assert projects.backup_due(workspace)
        assert projects.back_up_if_due(workspace, 0) is None
        job = projects.back_up_if_due(workspace, 2)
        assert job is not None and job.wait(60) == "finished"
        (backup,) = projects.backups(project)
        assert not projects.backup_due(workspace)
        long_ago = datetime.now(UTC) - timedelta(days=3)
        backup.path.rename(backup.path.with_name(long_ago.strftime("%Y%m%dT%H%M%S%fZ.kurator")))
        assert projects.backup_due(workspace)
        for path in (project, Path(f"{project}-wal")):
            age(path, 4)
        assert not projects.backup_due(workspace)


def test_strange_files_among_the_backups_are_passed_over(project: Path) -> None:
    made = projects.back_up(project)
    (made.parent / "anteckning.kurator").touch()
    assert [one.path for one in projects.backups(project)] == [made]
    note = json.loads((made.parent / "project.json").read_text("utf-8"))
    assert note == {"path": str(project)}


# The sample -------------------------------------------------------------------------------------------------


def test_the_sample_is_made_once_and_holds_the_texts() -> None:
    path = projects.sample_project()
    assert path.parent == data_folder()
    assert len(names(path)) == len(projects.sample_texts()) == 14
    assert not any(name.startswith("README") for name in names(path))
    with Workspace.open(path) as workspace:
        add(workspace, "egen.txt")
    assert projects.sample_project() == path and "egen.txt" in names(path)
    left = {one.name for one in data_folder().iterdir()}
    assert left <= {"sample.kurator", ".sample.kurator.lock"}


def test_a_sample_that_cannot_be_made_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise EnvironmentFault("project.no-room", path="x")

    monkeypatch.setattr(copies, "copy_project", full)
    with pytest.raises(EnvironmentFault):
        projects.sample_project()
    assert not [one for one in data_folder().iterdir() if not one.name.endswith(".lock")]
