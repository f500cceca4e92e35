"""Project files as they come: whole, open elsewhere, protected, cut off, foreign, too new or old, no room."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from app import commands
from app.services.corpus import import_documents
from app.workspace import Workspace, default_label_set
from models.documents import SourceDocument
from models.errors import EnvironmentFault, KuratorError, UserError
from models.spans import Span
from models.store import migrations, project_file
from models.store.project_file import APPLICATION_ID, ProjectFile, lock_path

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"
OLDER = ("schema-1.kurator", "schema-2.kurator")
TEXT = "Region Halland 😀 bygger va\u030ard\u00a0nära, säger sjuk\u00advårdschefen Eva Ek."


def filled(path: Path) -> str:
    """Make a project with one document and one entity, and return the document's id."""
    with Workspace.create(path, "prov", "Åsa") as workspace:
        (item,) = import_documents(workspace.writer, workspace.reads, [SourceDocument("a.txt", TEXT)])
        assert item.document
        create(workspace, item.document, 0, 14)
    return item.document


def create(workspace: Workspace, document: str, start: int, end: int, label: str = "ORGANISATION") -> None:
    workspace.run(
        commands.CreateAnnotation(document=document, kind="entity", label=label, spans=(Span(start, end),))
    )


def code_of(path: Path, **options: bool) -> tuple[type[KuratorError], str]:
    """Open and return how that failed."""
    with pytest.raises(KuratorError) as caught:
        ProjectFile.open(path, **options)
    return type(caught.value), caught.value.code


def test_a_new_project_holds_its_name_label_set_and_annotator(tmp_path: Path) -> None:
    path = tmp_path / "mapp å" / "p.kurator"
    filled(path)
    with Workspace.open(path) as workspace:
        assert workspace.reads.meta("name") == "prov"
        assert [one.name for one in workspace.reads.annotators()] == ["Åsa"]
        assert workspace.reads.annotators()[0].id == workspace.reads.me
        assert workspace.reads.label_set().to_json() == default_label_set()
        settings = {name: workspace.file.connection.execute(f"PRAGMA {name}").fetchone()[0] for name in (
            "journal_mode", "synchronous", "foreign_keys", "application_id", "user_version",
        )}  # fmt: skip
    assert settings == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "application_id": APPLICATION_ID,
        "user_version": project_file.SCHEMA_VERSION,
    }  # fmt: skip
    assert {one.name for one in path.parent.iterdir()} == {"p.kurator", ".p.kurator.lock"}


def test_a_project_is_never_made_over_a_file(tmp_path: Path) -> None:
    path = tmp_path / "p.kurator"
    path.write_text("min fil")
    with pytest.raises(UserError, match=r"project\.exists"):
        ProjectFile.create(path, "x", default_label_set())
    assert path.read_text() == "min fil"


@pytest.mark.parametrize("broken", [{}, {"version": object()}])
def test_a_project_that_cannot_be_made_leaves_nothing(tmp_path: Path, broken: dict[str, object]) -> None:
    path = tmp_path / "p.kurator"
    with pytest.raises((KeyError, TypeError)):
        ProjectFile.create(path, "x", broken)
    assert not path.exists()
    ProjectFile.create(path, "x", default_label_set()).close()


def test_a_project_opens_once(tmp_path: Path) -> None:
    path = tmp_path / "p.kurator"
    document = filled(path)
    with Workspace.open(path) as first:
        assert code_of(path) == (UserError, "project.open-elsewhere")
        with Workspace.open(path, share=True) as guest:
            assert not guest.read_only
            create(guest, document, 35, 41)
        with Workspace.open(path, read_only=True) as reader:
            assert len(reader.marks.marks(document)) == 2
        assert len(first.marks.marks(document)) == 2
        create(first, document, 0, 6)
    ProjectFile.open(path).close()


def test_read_only_reads_and_refuses_to_write(tmp_path: Path) -> None:
    path = tmp_path / "p.kurator"
    document = filled(path)
    before = path.read_bytes()
    with Workspace.open(path, read_only=True) as workspace:
        assert workspace.reads.text(document) == TEXT
        for act in (lambda: create(workspace, document, 0, 6), workspace.undo):
            with pytest.raises(UserError, match=r"project\.read-only"):
                act()
    assert path.read_bytes() == before


READ_AS_OTHER = """
import os, sys
from pathlib import Path
from app.workspace import Workspace
if os.geteuid() == 0:  # whom nothing is protected from
    os.setuid(65534)
with Workspace.open(Path(sys.argv[1])) as workspace:
    document = workspace.file.connection.execute("SELECT id FROM documents").fetchone()[0]
    print(workspace.read_only, len(workspace.marks.marks(document)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are set differently there")
@pytest.mark.parametrize(("file", "folder"), [(0o444, 0o755), (0o644, 0o555), (0o444, 0o555)])
def test_a_protected_file_or_folder_opens_read_only(tmp_path: Path, file: int, folder: int) -> None:
    path = tmp_path / "skyddad" / "p.kurator"
    filled(path)
    lock_path(path).unlink()
    path.chmod(file)
    path.parent.chmod(folder)
    for parent in path.parents[1:5]:
        parent.chmod(parent.stat().st_mode | 0o011)
    try:
        told = subprocess.run(
            [sys.executable, "-c", READ_AS_OTHER, str(path)],
            cwd=ROOT, capture_output=True, encoding="utf-8",
        )  # fmt: skip
        assert (told.stdout, told.returncode) == ("True 1\n", 0), told.stderr
        assert [one.name for one in path.parent.iterdir()] == ["p.kurator"]
    finally:
        path.parent.chmod(0o755)


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t(x)")
    connection.close()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"text", b"SQLite format 3\0", b"PK\x03\x04" + bytes(5000), bytes(4096),
        b"SQLite format 3\0" + b"x" * 8000, None,
    ],
)  # fmt: skip
def test_what_is_no_project_is_left_as_it_is(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "p.kurator"
    if content is None:
        foreign(path)
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    for options in ({}, {"read_only": True}, {"share": True}):
        assert code_of(path, **options) == (UserError, "project.not-a-project")
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["p.kurator"]


def test_a_missing_file_and_a_folder_say_so(tmp_path: Path) -> None:
    assert code_of(tmp_path / "p.kurator") == (UserError, "project.missing")
    assert code_of(tmp_path) == (UserError, "project.is-folder")


def alter(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def test_a_newer_project_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "p.kurator"
    filled(path)
    alter(path, "PRAGMA user_version = 99")
    before = path.read_bytes()
    assert code_of(path) == (UserError, "project.newer")
    assert path.read_bytes() == before


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.95])
def test_a_truncated_project_is_told_and_kept(tmp_path: Path, keep: float) -> None:
    path = tmp_path / "p.kurator"
    filled(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * keep)])
    assert code_of(path) == (EnvironmentFault, "project.damaged")
    assert path.read_bytes() == whole[: int(len(whole) * keep)]


def test_a_schema_version_of_nothing_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "p.kurator"
    filled(path)
    alter(path, "PRAGMA user_version = 0")
    assert code_of(path) == (EnvironmentFault, "project.damaged")


def test_a_log_cut_off_anywhere_keeps_whole_steps(tmp_path: Path) -> None:
    """Copy the files as a crash would leave them, cut the log at many places: each opens on a whole step."""
    path = tmp_path / "p.kurator"
    document = filled(path)
    with Workspace.open(path) as workspace:
        sizes = []
        log = path.with_name(path.name + "-wal")
        for number in range(6):
            create(workspace, document, number, number + 3, "PLACE")
            sizes.append(log.stat().st_size)
        copy = tmp_path / "kopia"
        copy.mkdir()
        shutil.copy(path, copy)
        shutil.copy(log, copy)
    bytes_ = (copy / log.name).read_bytes()
    for cut in range(0, sizes[-1] + 1, 1500):
        with (copy / log.name).open("wb") as file:
            file.write(bytes_[:cut])
        shutil.copy(copy / path.name, tmp_path / "q.kurator")
        shutil.copy(copy / log.name, tmp_path / "q.kurator-wal")
        with Workspace.open(tmp_path / "q.kurator") as reopened:
            steps = sum(size <= cut for size in sizes)
            assert len(reopened.marks.marks(document)) == 1 + steps
            assert reopened.file.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert len(reopened.reads.history()) == 1 + steps


def test_a_full_disk_stops_the_step_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "p.kurator"
    document = filled(path)
    with Workspace.open(path) as workspace:
        connection = workspace.file.connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        before = list(connection.iterdump())
        failed = 0
        for _ in range(40):
            try:
                workspace.run(commands.SetDocumentNote(document=document, text="å" * 9000))
            except EnvironmentFault as error:
                assert error.code == "project.disk-full"
                failed += 1
                assert not connection.in_transaction
            else:
                before = list(connection.iterdump())
        assert failed and list(connection.iterdump()) == before
        connection.execute("PRAGMA max_page_count = 1000000")
        create(workspace, document, 0, 6)
        assert workspace.undo() and workspace.undo()
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


# Schemas ----------------------------------------------------------------------------------------------------


def step(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE notes ADD COLUMN colour TEXT")


def test_an_older_project_is_backed_up_and_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.kurator"
    document = filled(path)
    present = project_file.SCHEMA_VERSION
    monkeypatch.setattr(project_file, "SCHEMA_VERSION", present + 1)
    monkeypatch.setitem(migrations.STEPS, present, step)
    with Workspace.open(path, read_only=True) as workspace:
        assert workspace.file.connection.execute("SELECT colour FROM notes").fetchall() == []
        assert len(workspace.marks.marks(document)) == 1
    with Workspace.open(path) as workspace:
        assert workspace.file.connection.execute("PRAGMA user_version").fetchone() == (present + 1,)
        assert workspace.file.connection.execute("SELECT colour FROM notes").fetchall() == []
        assert len(workspace.marks.marks(document)) == 1
    monkeypatch.setattr(project_file, "SCHEMA_VERSION", present)
    assert code_of(path) == (UserError, "project.newer")
    with Workspace.open(tmp_path / f"p.schema-{present}.kurator") as kept:
        assert kept.reads.text(document) == TEXT


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "p.kurator"
    document = filled(path)

    def half(connection: sqlite3.Connection) -> None:
        step(connection)
        raise sqlite3.OperationalError("disk is full")

    with monkeypatch.context() as patch:
        present = project_file.SCHEMA_VERSION
        patch.setattr(project_file, "SCHEMA_VERSION", present + 1)
        patch.setitem(migrations.STEPS, present, half)
        assert code_of(path) == (EnvironmentFault, "project.disk-full")
    with Workspace.open(path) as workspace:
        assert len(workspace.marks.marks(document)) == 1
        columns = workspace.file.connection.execute("PRAGMA table_info(notes)").fetchall()
        assert "colour" not in [column[1] for column in columns]


@pytest.mark.skipif(not os.environ.get("KURATOR_MAKE_GOLDEN"), reason="once for each schema released")
def test_make_the_golden_file() -> None:
    golden = GOLDEN / f"schema-{project_file.SCHEMA_VERSION}.kurator"
    golden.unlink(missing_ok=True)
    filled(golden)
    with Workspace.open(golden) as workspace:
        (document,) = workspace.file.connection.execute("SELECT id FROM documents").fetchone()
        create(workspace, document, 56, 62, "PERSON")
        workspace.undo()
    alter(golden, "PRAGMA journal_mode = DELETE", "PRAGMA page_size = 512", "VACUUM")
    lock_path(golden).unlink()


@pytest.mark.parametrize("sample", OLDER)
def test_an_older_file_has_the_schema_of_a_new_one(tmp_path: Path, sample: str) -> None:
    """Whoever changes the tables writes a migration, or the sample anew while its schema is not released."""
    shutil.copy(GOLDEN / sample, tmp_path / "old.kurator")
    filled(tmp_path / "new.kurator")
    schemas = []
    for name in ("old", "new"):
        with Workspace.open(tmp_path / f"{name}.kurator") as workspace:
            rows = workspace.file.connection.execute(
                "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%'"
            )
            spaced = ((*row[:2], re.sub(r"\s*([(),])\s*", r"\1 ", row[2] or "").split()) for row in rows)
            schemas.append(sorted(spaced))
    assert schemas[0] == schemas[1]


@pytest.mark.parametrize("sample", OLDER)
def test_an_older_schema_is_read(tmp_path: Path, sample: str) -> None:
    path = tmp_path / "p.kurator"
    shutil.copy(GOLDEN / sample, path)
    with Workspace.open(path) as workspace:
        (document,) = workspace.file.connection.execute("SELECT id FROM documents").fetchone()
        assert workspace.reads.text(document) == TEXT
        (mark,) = workspace.marks.marks(document)
        assert (mark.label, mark.spans, mark.quote) == ("ORGANISATION", (Span(0, 14),), ("Region Halland",))
        assert workspace.redo()
        assert {one.label for one in workspace.marks.marks(document)} == {"ORGANISATION", "PERSON"}
        assert [one.command for one in workspace.reads.history()] == ["create", "create"]
