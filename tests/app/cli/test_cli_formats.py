"""Other tools' formats on the command line: out, in again, narrowed, split, and what is told about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app import commands as c
from app.formats.atomic import MARK
from app.services.corpus import import_documents
from app.workspace import Workspace
from models.documents import SourceDocument
from models.spans import Span

Kurator = Callable[..., Any]
TEXT = "Anna Ek 😀 i Va\u030arby sa\u00a0att vård\u00adplatserna räcker."


def at(words: str) -> tuple[Span, ...]:
    return (Span(TEXT.index(words), TEXT.index(words) + len(words)),)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p.kurator"
    with Workspace.create(path, "Prov", "Eva") as workspace:
        names = [f"{one}.txt" for one in range(6)]
        sources = [
            SourceDocument(name, TEXT + "!" * place, source="https://ex.se/x") for place, name in enumerate(names)
        ]
        for item in import_documents(workspace.writer, workspace.reads, sources):
            assert item.document is not None
            for label, words in (("PERSON", "Anna Ek"), ("PLACE", "Va\u030arby"), ("PERSON", "Anna")):
                made = c.CreateAnnotation(document=item.document, kind="entity", label=label, spans=at(words))
                workspace.run(made)
    return path


@pytest.mark.parametrize(
    ("format_", "name"),
    [("spacy", "x.spacy"), ("spacy-jsonl", "x.jsonl"), ("hf", "hf"), ("brat", "brat"), ("doccano", "x.jsonl")],
)
def test_out_and_in_again_changes_nothing(
    kurator: Kurator, project: Path, tmp_path: Path, format_: str, name: str
) -> None:
    target = tmp_path / name
    said = kurator("export", project, "--format", format_, "-o", target, "--report", tmp_path / "r.json")
    assert said.status == 0, said
    report = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert report["documents"] == 6 and report["size"] > 0
    said = kurator("import", project, target, "--report", tmp_path / "in.json")
    assert said.status == 0, said
    told = json.loads((tmp_path / "in.json").read_text("utf-8"))
    assert told["counts"] == {"unchanged": 6, "same": 18, "skipped": 0}
    assert kurator("check", project).status == 0


def test_into_another_project(kurator: Kurator, project: Path, tmp_path: Path) -> None:
    other, target = tmp_path / "q.kurator", tmp_path / "x.spacy"
    assert kurator("export", project, "--format", "spacy", "-o", target).status == 0
    assert kurator("new", other, "--annotator", "Bo").status == 0
    mapping = tmp_path / "m.json"
    mapping.write_text('{"PLACE": null}', "utf-8")
    said = kurator("import", other, target, "--mapping", mapping)
    assert said.status == 1 and "PLACE" in said.out
    with Workspace.open(other) as workspace:
        names = {one.name for one in workspace.reads.annotators()}
        assert names == {"Bo", "Eva"}
        rows = workspace.file.connection.execute("SELECT label, count(*) FROM annotations GROUP BY 1").fetchall()
        assert rows == [("PERSON", 12)]


def test_narrowed(kurator: Kurator, project: Path, tmp_path: Path) -> None:
    target = tmp_path / "x.jsonl"
    arguments = ["--format", "spacy-jsonl", "-o", target, "--label", "PLACE", "--document", "3.txt"]
    assert kurator("export", project, *arguments).status == 0
    (line,) = target.read_text("utf-8").splitlines()
    assert [one["label"] for one in json.loads(line)["spans"]["sc"]] == ["PLACE"]
    assert kurator("export", project, "--format", "spacy-jsonl", "-o", target, "--annotator", "Eva").status == 0
    for wrong in (["--annotator", "Ingen"], ["--label", "KATT"], ["--set", "x"], ["--set", "boundaries=x"]):
        said = kurator("export", project, "--format", "spacy-jsonl", "-o", target, *wrong)
        assert said.status == 3, said
    assert len(target.read_text("utf-8").splitlines()) == 6


@pytest.mark.parametrize(("format_", "files"), [("spacy", "train.spacy"), ("iob", "train.iob"), ("hf", "README.md")])
def test_split_with_a_card(kurator: Kurator, project: Path, tmp_path: Path, format_: str, files: str) -> None:
    target = tmp_path / "korpus"
    arguments = ["export", project, "--format", format_, "-o", target, "--split", "2/1/1", "--licence", "CC BY 4.0"]
    for _ in range(2):  # a second time replaces the first
        said = kurator(*arguments)
        assert said.status == 0, said
    assert (target / files).is_file()
    card = (target / "README.md").read_text("utf-8")
    for words in ("PERSON", "Eva: 18", "CC BY 4.0", "ex.se: 6", "| PERSON |"):
        assert words in card
    told = json.loads((target / MARK).read_text("utf-8"))
    assert told["format"] == format_ and "README.md" in told["files"]
    (target / "mitt.txt").write_text("bevara", "utf-8")
    said = kurator(*arguments)
    assert said.status == 3 and (target / "mitt.txt").is_file()


def test_what_is_lost_is_told(kurator: Kurator, project: Path, tmp_path: Path) -> None:
    said = kurator("export", project, "--format", "iob", "-o", tmp_path / "x.iob", "--language", "sv")
    assert said.status == 0
    assert "6 ställen som överlappar andra" in said.out and "0.txt: PERSON ”Anna”" in said.out
    assert "Eva" not in (tmp_path / "x.iob").read_text("utf-8")


def test_refusals(kurator: Kurator, project: Path, tmp_path: Path) -> None:
    broken, texts = tmp_path / "x.spacy", tmp_path / "t.txt"
    broken.write_bytes(b"nothing")
    texts.write_text("En text.", "utf-8")
    lines = tmp_path / "l.jsonl"
    lines.write_text('{"text": "Anna", "ents": [{"start": 0, "end": 9, "label": "PERSON"}]}\n{', "utf-8")
    said = kurator("import", project, broken, "--as", "spacy")
    assert said.status == 1 and "x.spacy" in said.out
    assert kurator("import", project, broken, "--as", "gliner").status == 3
    assert kurator("import", project, lines, texts).status == 3
    assert kurator("export", project, "--format", "webanno-tsv", "-o", tmp_path / "y").status == 3
    said = kurator("import", project, lines, "--report", tmp_path / "r.json")
    assert said.status == 1
    told = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert [(one["name"], one["code"]) for one in told["notable"]] == [
        ("l.jsonl:1", "span.outside-text"),
        ("l.jsonl:2", "reading.broken"),
    ]
    assert told["counts"]["added"] == 1


def test_the_list_of_formats(kurator: Kurator) -> None:
    said = kurator("formats", "--language", "sv")
    assert said.status == 0
    lines = {line.split()[0]: line for line in said.out.splitlines()}
    assert "in, ut" in lines["spacy"] and "mapp" in lines["hf"] and " ut " in lines["gliner"]


def test_a_project_is_not_overwritten(kurator: Kurator, project: Path) -> None:
    before = project.read_bytes()
    assert kurator("export", project, "--format", "spacy", "-o", project).status == 3
    assert project.read_bytes() == before
