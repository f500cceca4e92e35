"""What opening says of sick files, and what is left of a project that was cut off in the middle of a write."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest

from app import commands
from app.messages import LANGUAGES, sentence, set_language
from app.paths import data_folder
from app.services import projects
from app.services.checks import check_workspace
from app.services.corpus import import_documents
from app.workspace import Workspace
from models.documents import SourceDocument
from models.errors import EnvironmentFault, KuratorError, UserError
from models.store import migrations, project_file

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


def refused(path: Path) -> str:
    """Return the code with which opening is refused, having checked the sentence and that nothing changed."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(KuratorError) as caught:
        Workspace.open(path).close()
    for language in LANGUAGES:
        set_language(language)
        assert str(path) in sentence(caught.value)
    assert (path.read_bytes() if path.is_file() else None) == before
    return caught.value.code


def test_opened_twice(project: Path) -> None:
    with Workspace.open(project):
        assert refused(project) == "project.open-elsewhere"
        with projects.open_for_reading(project) as second:
            assert second.reads.meta("name") == "Projekt"
    assert names(project) == ["a.txt"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "project.not-a-project"),
        (b"Bara text. " * 500, "project.not-a-project"),
        (b"SQLite format 3\0" + bytes(84), "project.not-a-project"),
        (b"PK\x03\x04" + bytes(2000), "project.not-a-project"),
    ],
)
def test_not_a_project(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "x.kurator"
    path.write_bytes(content)
    assert refused(path) == code
    assert sorted(one.name for one in tmp_path.iterdir() if not one.name.endswith(".lock")) == ["x.kurator"]


def test_another_programs_database(tmp_path: Path) -> None:
    path = tmp_path / "x.kurator"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE meta(key, value)")
    assert refused(path) == "project.not-a-project"


def test_a_folder_and_nothing(tmp_path: Path) -> None:
    assert refused(tmp_path) == "project.is-folder"
    assert refused(tmp_path / "none.kurator") == "project.missing"


def test_a_newer_schema(project: Path) -> None:
    with closing(sqlite3.connect(project)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert refused(project) == "project.newer"


def test_an_older_schema_is_backed_up_and_brought_up(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_file, "SCHEMA_VERSION", project_file.SCHEMA_VERSION + 1)
    monkeypatch.setitem(migrations.STEPS, project_file.SCHEMA_VERSION - 1, lambda connection: None)
    before = project.read_bytes()
    assert names(project) == ["a.txt"]
    with closing(sqlite3.connect(project)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (project_file.SCHEMA_VERSION,)
    (kept,) = project.parent.glob("p.schema-*.kurator")
    monkeypatch.undo()
    assert names(kept) == ["a.txt"] and project.read_bytes() != before
    assert refused(project) == "project.newer"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not bind here")
def test_without_permission(project: Path) -> None:
    project.chmod(0)
    try:
        with pytest.raises(EnvironmentFault):
            Workspace.open(project)
    finally:
        project.chmod(0o600)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not bind here")
def test_a_write_protected_project_can_be_read_and_copied(project: Path, tmp_path: Path) -> None:
    project.chmod(0o400)
    project.parent.chmod(0o500)
    try:
        with Workspace.open(project) as workspace:
            assert workspace.read_only
            with pytest.raises(UserError, match="read-only"):
                add(workspace, "b.txt")
        projects.save_copy(project, data_folder() / "kopia.kurator")
    finally:
        project.parent.chmod(0o700)
        project.chmod(0o600)
    assert names(data_folder() / "kopia.kurator") == ["a.txt"]


def test_read_only_as_the_system_tells_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with Workspace.open(project) as workspace:
        assert workspace.read_only
        with pytest.raises(UserError, match="read-only"):
            add(workspace, "b.txt")
        assert check_workspace(workspace) == []
    projects.save_copy(project, data_folder() / "kopia.kurator")


def test_a_file_cut_off_is_called_damaged_or_opened_never_a_trace(project: Path, tmp_path: Path) -> None:
    whole = project.read_bytes()
    chance = random.Random(7)
    for length in [100, 4095, 4096, *(chance.randrange(len(whole)) for _ in range(25))]:
        path = tmp_path / "cut.kurator"
        path.write_bytes(whole[:length])
        try:
            with Workspace.open(path) as workspace:
                assert check_workspace(workspace)
        except KuratorError as error:
            assert error.code in ("project.damaged", "project.not-a-project")


def test_a_log_cut_at_any_byte_loses_at_most_what_was_not_confirmed(project: Path, tmp_path: Path) -> None:
    with Workspace.open(project) as workspace:
        workspace.reads.connection.execute("PRAGMA wal_autocheckpoint = 0")
        ids = add(workspace, *(f"{number}.txt" for number in range(5)))
        for document in ids:
            workspace.run(commands.SetDone(document=document))
        main, log = project.read_bytes(), project.with_name("p.kurator-wal").read_bytes()
    chance = random.Random(11)
    for length in [0, 31, 32, len(log) - 1, len(log), *(chance.randrange(len(log)) for _ in range(20))]:
        folder = tmp_path / str(length)
        folder.mkdir(exist_ok=True)
        (folder / "p.kurator").write_bytes(main)
        (folder / "p.kurator-wal").write_bytes(log[:length])
        found = names(folder / "p.kurator")
        assert found == [*(f"{number}.txt" for number in range(len(found) - 1)), "a.txt"]
        with Workspace.open(folder / "p.kurator") as workspace:
            while workspace.undo():
                pass


CHILD = """
    import sys
    from pathlib import Path
    from app import commands
    from app.workspace import Workspace
    from app.services.corpus import import_documents
    from models.documents import SourceDocument
    from models.errors import KuratorError
    {before}
    with Workspace.open(Path({path!r})) as workspace:
        number = 0
        try:
            while True:
                source = SourceDocument(f"n{{number}}.txt", "Vård 😀 " * 400 + str(number))
                for item in import_documents(workspace.writer, workspace.reads, [source]):
                    workspace.run(commands.SetDone(document=item.document))
                    print(number, flush=True)
                number += 1
        except KuratorError as error:
            print(error.code, flush=True)
            from app.services.checks import check_workspace
            print(len(check_workspace(workspace)), flush=True)
"""


def child(project: Path, before: str = "") -> subprocess.Popen[str]:
    program = textwrap.dedent(CHILD).format(path=str(project), before=before)
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )


@pytest.mark.skipif(os.name != "posix", reason="RLIMIT_FSIZE")
def test_a_full_disk_keeps_what_was_confirmed(project: Path) -> None:
    limit = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, 900_000))"
    out, _ = child(project, limit).communicate(timeout=60)
    *numbers, code, findings = out.split()
    assert code in ("project.disk-full", "project.write-failed") and findings == "0"
    assert numbers and set(names(project)) >= {f"n{number}.txt" for number in numbers}


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_kill_in_the_middle_of_a_write_keeps_what_was_confirmed(project: Path) -> None:
    running = child(project)
    assert running.stdout is not None
    for _ in range(12):
        last = running.stdout.readline()
    running.send_signal(signal.SIGKILL)
    rest = running.stdout.read().split()
    running.wait()
    running.stdout.close()
    confirmed = int(rest[-1] if rest else last)
    assert set(names(project)) >= {f"n{number}.txt" for number in range(confirmed + 1)}
    with Workspace.open(project) as workspace:
        assert len(workspace.reads.history(limit=1000)) >= confirmed + 1
