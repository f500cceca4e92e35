"""``kurator adjudicate``: counts first, takes as one step, and is what the window's job is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.cli.adjudication_commands import _command
from app.cli.arguments import parser
from app.cli.program import main
from app.commands import AdjudicateAll
from app.workspace import Workspace
from models.spans import Span
from models.store.adjudication_reads import adjudicator
from tests.app.services.readings import Said, give, project

TEXT = "Anna 😀 leder Ska\u030anes hälso\u00advård\u00a0nu."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two documents that Bo and Cilla have read: alike in the first, in the second with another label."""
    found = tmp_path / "p.kurator"
    with project(found, {"a": TEXT, "b": TEXT + " "}, ("bo", "cilla")) as workspace:
        for name, label in (("a", "PERSON"), ("b", "ROLE")):
            document = workspace.reads.document_by_name(name) or ""
            give(workspace, document, "bo", [Said("PERSON", (Span(0, 4),))])
            give(workspace, document, "cilla", [Said(label, (Span(0, 4),)), Said("PLACE", (Span(13, 20),))])
    return found


def reading(path: Path) -> list[str]:
    with Workspace.open(path) as workspace:
        judge = adjudicator(workspace.reads)
        ids = [workspace.reads.document_by_name(name) or "" for name in ("a", "b")]
        found = [one.label for document in ids for one in workspace.reads.annotations(document, judge)] if judge else []
        assert not judge or workspace.undo() is not None
        return found


def test_a_dry_run_counts_and_changes_nothing(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["adjudicate", str(path), "--dry-run", "--language", "en"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == ["1 of 4 cases would be taken.", "        1  Person", "0 are decided already, 3 would stay open."]
    assert reading(path) == []


@pytest.mark.parametrize(
    ("more", "taken"),
    [
        ([], ["PERSON"]),
        (["--least", "1"], ["PERSON", "PLACE", "PLACE"]),
        (["--least=1", "--label=PLACE", "--document=b"], ["PLACE"]),
        (["--annotator", "bo", "--least", "1"], ["PERSON", "PERSON"]),
    ],
)
def test_what_is_asked_for_is_taken_as_one_step(path: Path, more: list[str], taken: list[str]) -> None:
    assert main(["adjudicate", str(path), *more, "--quiet"]) == 0
    assert reading(path) == taken
    assert reading(path) == []


@pytest.mark.parametrize("more", [["--least=0"], ["--least=mest"], ["--annotator=Okänd"], ["--label=X"], ["--facet=x"]])
def test_what_is_not_known_is_refused(path: Path, more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["adjudicate", str(path), *more]) != 0
    assert capsys.readouterr().err
    assert reading(path) == []


def test_the_window_tells_its_job_the_same_command(path: Path) -> None:
    from ui.controllers.adjudicating import arguments

    with Workspace.open(path) as workspace:
        ids = tuple(workspace.reads.document_by_name(name) or "" for name in ("a", "b"))
        cases: list[dict[str, Any]] = [
            {},
            {"least": "majority", "documents": ids},
            {"least": 3, "labels": ("PLACE", "CLAIM"), "facets": ("kind", "mode"), "annotators": ("bo",)},
            {"name_notes": False},
        ]
        for wanted in (AdjudicateAll(**one) for one in cases):
            told = parser().parse_args(["adjudicate", str(path), *arguments(wanted)])
            assert _command(workspace, told) == wanted


def test_no_facet_at_all_can_be_told_too(path: Path) -> None:
    from ui.controllers.adjudicating import arguments

    with Workspace.open(path) as workspace:
        wanted = AdjudicateAll(facets=())
        told = parser().parse_args(["adjudicate", str(path), *arguments(wanted)])
        assert _command(workspace, told) == wanted
