"""Import, suggest, export and formats as a person in a terminal meets them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.workspace import Workspace

Kurator = Callable[..., Any]


def test_import_tells_what_became_of_each_file(
    kurator: Kurator, tmp_path: Path, texts: Path, project: Path
) -> None:
    (texts / "a.txt").write_text("Rättad text. 😀\n", "utf-8")
    (texts / "c.txt").write_text("Rättad text. 😀\n", "utf-8")
    said = kurator("import", project, texts, "--report", tmp_path / "report.json")
    assert said.status == 1
    assert "1 updated" in said.out and "1 unchanged" in said.out and "1 skipped" in said.out
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert report["counts"] == {"updated": 1, "unchanged": 1, "duplicate": 1, "skipped": 1}
    fates = {one["name"]: (one["fate"], one["code"], one["duplicate_of"]) for one in report["notable"]}
    assert fates["bild.txt"] == ("skipped", "reading.binary", None)
    assert fates["c.txt"] == ("duplicate", None, "a.txt")
    assert all(one["text"] for one in report["notable"])


def test_texts_are_stored_exactly(kurator: Kurator, texts: Path, project: Path) -> None:
    with Workspace.open(project) as workspace:
        document = workspace.reads.document_by_name("a.txt")
        assert document is not None
        assert workspace.reads.text(document).encode() == (texts / "a.txt").read_bytes()


def test_the_same_again_changes_nothing(kurator: Kurator, texts: Path, project: Path) -> None:
    (texts / "bild.txt").unlink()
    before = kurator("status", project, "--json").out
    said = kurator("import", project, texts)
    assert said.status == 0 and "2 unchanged" in said.out
    assert kurator("status", project, "--json").out == before


def test_many_remarks_are_cut_short(kurator: Kurator, tmp_path: Path, project: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(25):
        (folder / f"{number:02}.xyz").touch()
    said = kurator("import", project, folder)
    assert said.status == 1 and "and 5 more" in said.out


def test_quiet_says_nothing(kurator: Kurator, texts: Path, project: Path) -> None:
    said = kurator("import", project, texts, "--quiet")
    assert (said.status, said.out, said.err) == (1, "", "")


def test_hidden_files_are_read_on_demand(kurator: Kurator, texts: Path, project: Path) -> None:
    (texts / ".gömd.txt").write_text("Gömd text.\n", "utf-8")
    assert "0 added" in kurator("import", project, texts).out
    assert "1 added" in kurator("import", project, texts, "--hidden").out


def test_unsafe_archives_change_nothing(kurator: Kurator, tmp_path: Path, project: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("../ut.txt", "Utanför.")
    before = kurator("status", project, "--json").out
    assert kurator("import", project, tmp_path / "x.zip").status == 1
    assert kurator("status", project, "--json").out == before
    assert not (tmp_path.parent / "ut.txt").exists()


def test_export_and_import_give_the_same_bytes(kurator: Kurator, tmp_path: Path, project: Path) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    assert kurator("export", project, "--format", "exchange", "-o", first).status == 0
    other = tmp_path / "other.kurator"
    kurator("new", other)
    said = kurator("import", other, first)
    assert said.status == 0 and "2 documents" in said.out
    assert kurator("export", other, "--format", "exchange", "-o", second).status == 0
    assert first.read_bytes() == second.read_bytes()
    assert kurator("check", other).status == 0


def test_export_of_some_documents(kurator: Kurator, tmp_path: Path, project: Path) -> None:
    target = tmp_path / "one.json"
    said = kurator(
        "export", project, "--format", "exchange", "-o", target, "--document", "a.txt", "--no-texts"
    )
    assert said.status == 0
    (document,) = json.loads(target.read_text("utf-8"))["documents"]
    assert document["name"] == "a.txt" and document["text"] is None


@pytest.mark.parametrize(
    "damage", [b"", b'{"kurator":{"format":"exchange"', b'{"kurator":{"format":"exchange","version":"9.0"}}']
)
def test_a_damaged_exchange_file_changes_nothing(kurator: Kurator, tmp_path: Path, damage: bytes) -> None:
    project, file = tmp_path / "empty.kurator", tmp_path / "x.json"
    kurator("new", project)
    before = kurator("status", project, "--json").out
    file.write_bytes(damage)
    said = kurator("import", project, file)
    assert said.status in (1, 3) and "Traceback" not in said.err
    assert kurator("status", project, "--json").out == before


def test_an_exchange_file_is_read_alone(kurator: Kurator, tmp_path: Path, texts: Path, project: Path) -> None:
    file = tmp_path / "x.json"
    kurator("export", project, "--format", "exchange", "-o", file)
    empty = tmp_path / "empty.kurator"
    kurator("new", empty)
    said = kurator("import", empty, texts, file)
    assert said.status == 3 and "alone" in said.err
    again = kurator("import", project, file)
    assert again.status == 0 and "Nothing to merge" in again.out


def test_suggestions_come_from_the_built_in_pipeline(kurator: Kurator, tmp_path: Path, project: Path) -> None:
    said = kurator("suggest", project)
    assert said.status == 0 and "2 documents" in said.out, said
    status = json.loads(kurator("status", project, "--json").out)
    assert status["counts"]["suggestions"] > 0 and len(status["runs"]) == 1
    assert "0 documents" in kurator("suggest", project).out
    assert "1 documents" in kurator("suggest", project, "--again", "--document", "a.txt").out
    assert kurator("check", project).status == 0
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps(dict.fromkeys(("PERSON", "ROLE", "CLAIM", "PLACE"))), "utf-8")
    kurator("suggest", project, "--again", "--mapping", mapping)
    with Workspace.open(project) as workspace:
        assert workspace.option("pipeline") == "built-in"
        assert json.loads(workspace.option("mapping") or "")["PERSON"] is None
        kept = workspace.reads.connection.execute("SELECT DISTINCT label FROM suggestions").fetchall()
    assert not {"PERSON", "ROLE", "CLAIM", "PLACE"} & {label for (label,) in kept}


def test_an_unknown_pipeline_is_refused(kurator: Kurator, project: Path) -> None:
    said = kurator("suggest", project, "--pipeline", "finns_inte")
    assert said.status == 3 and "finns_inte" in said.err
    with Workspace.open(project) as workspace:
        assert workspace.option("pipeline") is None


@pytest.mark.parametrize("content", ["[1]", '{"A": 1}', "{", None])
def test_a_bad_mapping_is_refused(
    kurator: Kurator, tmp_path: Path, project: Path, content: str | None
) -> None:
    path = tmp_path / "mapping.json"
    if content is not None:
        path.write_text(content, "utf-8")
    said = kurator("suggest", project, "--mapping", path)
    assert said.status == 3 and "mapping.json" in said.err


def test_formats_are_listed(kurator: Kurator) -> None:
    assert kurator("formats").out.startswith("exchange ")


def test_an_unknown_format_or_document_is_refused(kurator: Kurator, tmp_path: Path, project: Path) -> None:
    target = tmp_path / "x.json"
    assert kurator("export", project, "--format", "x", "-o", target).status == 3
    said = kurator("export", project, "--format", "exchange", "-o", target, "--document", "z.txt")
    assert said.status == 3 and not target.exists()
    assert kurator("export", project, "--format", "exchange", "-o", tmp_path / "no" / "x.json").status == 4
