"""kurator controls, usage and packages."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.workspace import Workspace
from tests.app.cli.conftest import Said

Run = Callable[..., Said]


def controls_of(project: Path) -> set[str]:
    with Workspace.open(project) as workspace:
        rows = workspace.file.connection.execute("SELECT name FROM documents WHERE control = 1")
        return {row[0] for row in rows}


def test_controls_by_share_and_by_name(kurator: Run, project: Path) -> None:
    assert "0 documents" in kurator("controls", project).out
    said = kurator("controls", project, "--share", "50")
    assert (said.status, said.out) == (0, "1 document is a control; the share is set to 50 %.\n")
    (chosen,) = controls_of(project)
    assert chosen in kurator("controls", project).out
    (name,) = names(project) - {chosen}
    assert kurator("controls", project, "--document", name).status == 0
    assert controls_of(project) == {chosen, name}
    kurator("controls", project, "--document", chosen, "--off")
    assert controls_of(project) == {name}


def names(project: Path) -> set[str]:
    with Workspace.open(project) as workspace:
        return {row[0] for row in workspace.file.connection.execute("SELECT name FROM documents")}


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("controls", "--share", "150"), 3, "between 0 and 100"),
        (("controls", "--share", "tio"), 2, ""),
        (("packages", "split"), 3, "No annotator is named"),
        (("packages", "write"), 3, "--to FOLDER"),
        (("packages", "write", "--to", "finns-inte"), 3, "No documents are assigned"),
        (("packages", "dela"), 2, ""),
        (("usage", "--annotator", "Ingen"), 3, "no annotator Ingen"),
    ],
)
def test_what_cannot_be_done_is_said(
    kurator: Run, project: Path, arguments: tuple[str, ...], status: int, words: str
) -> None:
    command, *rest = arguments
    said = kurator(command, project, *rest)
    assert said.status == status
    assert words in said.err
    assert not controls_of(project)


def test_usage_in_words_and_files(kurator: Run, project: Path, tmp_path: Path) -> None:
    said = kurator("usage", project)
    assert said.status == 0
    assert "it cannot be told whether suggestions help or mislead" in said.out
    assert "All labels" in said.out
    table, page = tmp_path / "n.csv", tmp_path / "n.html"
    assert kurator("usage", project, "--csv", table, "--html", page, "--annotator", "Anna").status == 0
    (row,) = csv.DictReader(io.StringIO(table.read_text("utf-8")))
    assert (row["label"], row["accepted"], row["acceptance"]) == ("*", "0", "few")
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert "Anna" in page.read_text("utf-8")
    data = json.loads(kurator("usage", project, "--json").out)
    assert data["controls"] == {"documents": 0, "alone": 0, "revised": 0}


def test_packages_from_splitting_to_progress(kurator: Run, project: Path, tmp_path: Path) -> None:
    assert "No documents have been shared out yet." in kurator("packages", project).out
    people = ("--annotator", "Bo", "--annotator", "Åsa 😀")
    dry = kurator("packages", project, "split", *people, "--overlap", "50", "--dry-run", "--to", tmp_path)
    assert "2 documents are shared out, 1 of them to several annotators." in dry.out
    assert not list(tmp_path.glob("*.json"))
    assert "No documents have been shared out yet." in kurator("packages", project, "progress").out
    said = kurator("packages", project, "split", *people, "--overlap", "50", "--to", tmp_path)
    assert said.status == 0
    assert sorted(path.name for path in tmp_path.glob("*.json")) == ["p - Bo.json", "p - Åsa 😀.json"]
    assert kurator("packages", project, "split", *people).status == 3
    progress = kurator("packages", project, "progress")
    assert "Bo: 0 of" in progress.out
    assert "0 of 1 shared document is done by all who have it." in progress.out
    data = json.loads(kurator("packages", project, "progress", "--json").out)
    assert [one["name"] for one in data["people"]] == ["Bo", "Åsa 😀"]
    assert (data["documents"], data["unassigned"], data["overlap"]) == (2, 0, 1)
    for path in tmp_path.glob("*.json"):
        path.unlink()
    assert kurator("packages", project, "write", "--to", tmp_path, "--annotator", "Bo").status == 0
    assert [path.name for path in tmp_path.glob("*.json")] == ["p - Bo.json"]
