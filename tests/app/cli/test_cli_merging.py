"""kurator import with exchange files: taken over, looked at, merged, turned down; whose work it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app import commands as c
from app.formats.exchange_export import export_exchange
from app.services import bases
from app.workspace import Workspace
from models.ids import new_id

Run = Callable[..., Any]


def exported(kurator: Run, project: Path, name: str) -> Path:
    target = project.with_name(name)
    assert kurator("export", project, "--format", "exchange", "-o", target).status == 0
    return target


def noted(project: Path, text: str) -> None:
    """Write a note on the first document."""
    with Workspace.open(project) as workspace:
        document = workspace.reads.document_by_name("a.txt")
        workspace.run(c.SetDocumentNote(document=document, text=text))


def notes(project: Path) -> set[str]:
    with Workspace.open(project) as workspace:
        return {one.text for one in workspace.reads.notes(workspace.reads.document_by_name("a.txt") or "")}


def test_two_projects_mail_each_other(kurator: Run, project: Path, tmp_path: Path) -> None:
    start = exported(kurator, project, "start.json")
    other = tmp_path / "bo.kurator"
    assert kurator("new", other, "--annotator", "Bo").status == 0
    assert kurator("import", other, start).status == 0
    noted(project, "Från Anna å\u030a 😀")
    noted(other, "Från Bo\u00a0")
    mailed = exported(kurator, other, "bo.json")
    looked = kurator("import", project, mailed, "--dry-run", "--language", "sv")
    assert looked.status == 0 and "start.json" in looked.out and "anteckning tillkommer" in looked.out
    assert notes(project) == {"Från Anna å\u030a 😀"}
    report = tmp_path / "rapport.json"
    assert kurator("import", project, mailed, "--report", report).status == 0
    told = json.loads(report.read_text("utf-8"))["merge"]
    assert told["changes"]["notes"]["added"] == 1 and told["done"]
    assert notes(project) == {"Från Anna å\u030a 😀", "Från Bo"}
    once = exported(kurator, project, "en.json").read_bytes()
    again = kurator("import", project, mailed, "--language", "sv")
    assert again.status == 0 and "redan alltihop" in again.out
    assert exported(kurator, project, "två.json").read_bytes() == once
    assert kurator("import", other, project.with_name("två.json")).status == 0
    assert exported(kurator, other, "tre.json").read_bytes() == once
    assert kurator("check", project).status == 0


def test_the_origin_can_be_named_or_left_out(kurator: Run, project: Path) -> None:
    start = exported(kurator, project, "start.json")
    noted(project, "Nytt")
    later = exported(kurator, project, "senare.json")
    for base, words in ((start, "start.json"), ("none", "none")):
        said = kurator("import", project, later, "--base", base, "--dry-run", "--language", "en")
        assert said.status == 0 and "Nothing to merge" in said.out and words in said.out


def test_broken_files_are_turned_down_with_all_that_is_wrong(kurator: Run, project: Path) -> None:
    mailed = exported(kurator, project, "start.json")
    noted(project, "Kvar")
    whole = mailed.read_bytes()
    damages = {
        "cut off": whole[: len(whole) // 2],
        "edited": whole.replace(b'"revision":1', b'"revision":"ett"'),
        "newer": whole.replace(b'"version":"1.0"', b'"version":"2.0"', 1),
        "not JSON": whole.replace(b'"status":[]', b'"status":[', 1),
    }
    for name, data in damages.items():
        mailed.write_bytes(data)
        said = kurator("import", project, mailed)
        assert said.status == 3, name
        assert str(mailed) in said.err, name
        assert notes(project) == {"Kvar"}


def package(kurator: Run, project: Path) -> tuple[Path, str]:
    """Return a work package for Bo, and Bo's id."""
    bo, target = new_id(), project.with_name("paket.json")
    with Workspace.open(project) as workspace:
        document = workspace.reads.document_by_name("a.txt") or ""
        workspace.run(c.SetAssignments(assignments={document: (bo,)}, people={bo: "Bo Ek"}))
        header = {"id": new_id(), "name": "Omgång 1", "annotator": bo}
        export_exchange(workspace.reads, target, documents=[document], package=header)
        bases.remember(workspace, target, "exported")
    return target, bo


def test_a_work_package_makes_its_annotator_and_comes_back(kurator: Run, project: Path, tmp_path: Path) -> None:
    target, bo = package(kurator, project)
    for annotator, expected in ((None, bo), ("bo ek", bo), ("", None)):
        path = tmp_path / f"hos-{annotator}.kurator"
        assert kurator("new", path, "--annotator", "Någon").status == 0
        more = () if annotator is None else (f"--annotator={annotator}",)
        assert kurator("import", path, target, *more).status == 0
        with Workspace.open(path) as workspace:
            people = {one.id: one.name for one in workspace.reads.annotators()}
            assert (workspace.reads.me == bo) == (expected == bo)
            assert ("Någon" in people.values()) == (expected is None)
    path = tmp_path / "hos-None.kurator"
    noted(path, "Klar")
    back = exported(kurator, path, "tillbaka.json")
    assert kurator("import", project, back).status == 0
    assert notes(project) == {"Klar"}
    with Workspace.open(project) as workspace:
        assert workspace.reads.document_by_name("under/b.md") or len(workspace.reads.annotators()) > 1
    assert kurator("check", project).status == 0


def test_an_annotator_whom_the_file_does_not_have(kurator: Run, project: Path, tmp_path: Path) -> None:
    target, _ = package(kurator, project)
    path = tmp_path / "tom.kurator"
    assert kurator("new", path).status == 0
    said = kurator("import", path, target, "--annotator", "Ingen", "--language", "sv")
    assert said.status == 3 and "Bo Ek" in said.err
