"""Merging and comparing on the command line and from git."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.cli.arguments import parser

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def files(merging: Any, tmp_path: Path) -> dict[str, Path]:
    """A corpus and two people's copies: both relabelled the same entity, one added, the other turned a speaker."""
    base = merging.base()
    base.relate(base.documents[1], base.documents[1]["claims"][0]["id"], base.documents[1]["entities"][0]["id"], "SAYS")
    says = {**base.data["label_set"]["relations"][0], "id": "SAYS", "name": "SAYS", "key": None}
    base.data["label_set"]["relations"].append(says)
    mine, yours = base.copy(1), base.copy(2)
    for world, label in ((mine, "PLACE"), (yours, "SPARE")):
        world.documents[0]["entities"][0]["label"] = label
        world.touch(world.documents[0]["entities"][0])
    document = mine.documents[2]
    mine.mark(document, "entities", merging.words(document["text"])[5])
    yours.documents[1]["claims"][0]["facets"]["kind"] = "goal"
    yours.touch(yours.documents[1]["claims"][0])
    return {name: _write(world, tmp_path / f"{name}.json") for name, world in
            (("base", base), ("mine", mine), ("yours", yours))}  # fmt: skip


def _write(world: Any, path: Path) -> Path:
    path.write_bytes(world.raw())
    return path


@pytest.fixture
def kurator(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command in this process; return its status and what it said."""

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main([*map(str, arguments), "--language", "en"])
        return status, *capsys.readouterr()

    return run


def test_a_merge_tells_what_it_did(files: dict[str, Path], tmp_path: Path, kurator: Any) -> None:
    out, report = tmp_path / "out.json", tmp_path / "report.json"
    status, said, _ = kurator("merge", *files.values(), "-o", out, "--report", report)
    assert status == 1
    assert "1 claim changed" in said
    assert "1 conflict; both readings" in said
    told = json.loads(report.read_text("utf-8"))
    assert [one["conflict"]["field"] for one in told["conflicts"]] == ["label"]
    assert told["changes"]["claims"] == {"added": 0, "changed": 1, "deleted": 0}
    again, _, _ = kurator("merge", files["base"], out, files["yours"], "-o", tmp_path / "again.json")
    assert again == 0
    assert (tmp_path / "again.json").read_bytes() == out.read_bytes()


def test_without_an_origin(files: dict[str, Path], tmp_path: Path, kurator: Any) -> None:
    status, said, _ = kurator("merge", files["mine"], files["yours"], "-o", tmp_path / "out.json")
    assert status == 1
    assert "2 conflicts" in said


@pytest.mark.parametrize("given", [["base"], ["base", "mine", "yours", "mine"]])
def test_other_numbers_of_files_are_refused(
    files: dict[str, Path], tmp_path: Path, kurator: Any, given: list[str]
) -> None:
    status, _, said = kurator("merge", *(files[name] for name in given), "-o", tmp_path / "out.json")
    assert status == 3
    assert "Name two files" in said


def test_a_broken_file_changes_nothing(files: dict[str, Path], tmp_path: Path, kurator: Any) -> None:
    out = tmp_path / "out.json"
    out.write_text("was here")
    raw = files["yours"].read_bytes()
    files["yours"].write_bytes(raw[: len(raw) // 2])
    status, said, error = kurator("merge", *files.values(), "-o", out)
    assert status == 3
    assert "ends in the middle" in said + error
    assert out.read_text() == "was here"
    newer = raw.replace(b'"version":"1.0"', b'"version":"2.0"', 1)
    files["yours"].write_bytes(newer)
    status, _, error = kurator("merge", *files.values(), "-o", out)
    assert status == 3
    assert "newer version of Kurator" in error


def test_a_project_is_not_written_over(files: dict[str, Path], tmp_path: Path, kurator: Any) -> None:
    project = tmp_path / "p.kurator"
    assert kurator("new", project)[0] == 0
    status, _, error = kurator("merge", *files.values(), "-o", project)
    assert status == 3
    assert "is a project" in error


def test_a_difference_is_told_in_sentences_and_as_json(files: dict[str, Path], kurator: Any) -> None:
    status, said, _ = kurator("diff", files["base"], files["mine"])
    assert status == 0
    assert said.splitlines() == ["1 entity added", "1 entity relabelled"]
    told = json.loads(kurator("diff", files["base"], files["yours"], "--json")[1])["differences"]
    fields = {(one["list"], name): change for one in told for name, change in one["fields"].items()}
    assert fields == {
        ("entities", "label"): {"before": "PERSON", "after": "SPARE"},
        ("claims", "facets.kind"): {"before": "fact", "after": "goal"},
    }
    assert kurator("diff", files["base"], files["base"])[1] == "Nothing differs.\n"


def test_a_boundary_that_moved_by_a_space_can_be_read(merging: Any, tmp_path: Path, kurator: Any) -> None:
    base = merging.base()
    document, entity = base.documents[0], base.documents[0]["entities"][0]
    start, end = entity["spans"][0]
    paths = [_write(base, tmp_path / "a.json")]
    for number, spans in enumerate([[(start, end + 1)], [(start, end + 2)]]):
        moved = base.copy(number + 1)
        moved.place(moved.documents[0], moved.documents[0]["entities"][0], spans)
        moved.touch(moved.documents[0]["entities"][0])
        paths.append(_write(moved, tmp_path / f"{number}.json"))
    status, said, _ = kurator("diff", *paths[:2])
    told, line = said.splitlines()
    text = document["text"]
    assert status == 0 and told == "1 entity with other boundaries"
    assert line.startswith(f"  {document['name']}: ") and line.count("⟦") == 2
    assert f"⟦{text[start:end]}⟧ " in line.partition(" → ")[0] and f"⟦{text[start:end]}␣⟧" in line.partition(" → ")[2]
    _, said, _ = kurator("merge", *paths, "-o", tmp_path / "out.json")
    (conflict,) = [one for one in said.splitlines() if "⟦" in one]
    assert f"⟦{text[start:end]}␣⟧" in conflict and f"⟦{text[start : end + 2]}⟧" in conflict


def test_a_turned_speaker_is_one_change(merging: Any, files: dict[str, Path], tmp_path: Path, kurator: Any) -> None:
    base = files["base"].read_text("utf-8").replace('"SAYS"', '"ATTRIBUTED_TO"')
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(base, "utf-8")
    whole = json.loads(base)
    document = whole["documents"][1]
    says = next(one for one in document["relations"] if one["label"] == "ATTRIBUTED_TO")
    other = next(one["id"] for one in document["entities"] if one["id"] != says["tail"])
    after.write_text(base.replace(json.dumps(says["tail"]) + "}", json.dumps(other) + "}"), "utf-8")
    relations = [one for one in document["relations"] if one["tail"] == says["tail"]]
    said = kurator("diff", before, after)[1].splitlines()
    assert "1 claim’s speaker changed" in said
    assert len(relations) == 1 or any("another end" in line for line in said)


def test_swedish_sentences(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(files["base"]), str(files["mine"]), "--language", "sv"]) == 0
    assert capsys.readouterr().out.splitlines() == ["1 entitet tillagd", "1 entitet fick annan etikett"]


def test_the_help_tells_git_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["merge-driver", "--help"])
    said = capsys.readouterr().out
    assert "merge=kurator" in said
    assert "kurator merge-driver %O %A %B %P" in said


# Git ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def git(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run git in a repository of its own whose merge driver is this program."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    folder = tmp_path / "repository"
    folder.mkdir()
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
        "HOME": str(tmp_path), **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "T"), ("EMAIL", "t@example.invalid"))},
    }  # fmt: skip

    def run(*arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done

    run("init", "-q", "-b", "main")
    run("config", "merge.kurator.name", "Kurator")
    run("config", "merge.kurator.driver", f'"{sys.executable}" -m app.cli merge-driver %O %A %B %P --language en')
    (folder / ".gitattributes").write_text("corpus.json merge=kurator\n")
    return run


def test_git_merges_by_record(git: Any, files: dict[str, Path], tmp_path: Path) -> None:
    corpus = tmp_path / "repository" / "corpus.json"

    def commit(source: Path, message: str) -> None:
        corpus.write_bytes(source.read_bytes())
        git("add", ".")
        git("commit", "-q", "-m", message)

    commit(files["base"], "base")
    git("checkout", "-q", "-b", "theirs")
    commit(files["yours"], "theirs")
    git("checkout", "-q", "main")
    commit(files["mine"], "mine")
    done = git("merge", "-q", "--no-edit", "theirs", status=1)
    assert "1 conflict. The file is sound" in done.stdout + done.stderr
    assert "corpus.json" in git("diff", "--name-only", "--diff-filter=U").stdout
    whole = json.loads(corpus.read_text("utf-8"))
    assert [len(one.get("conflicts", ())) for one in whole["documents"]] == [1, 0, 0]
    assert len(whole["documents"][2]["entities"]) == 4
    git("checkout", "-q", "-f", "main")


def test_git_merges_what_agrees_without_asking(git: Any, merging: Any, tmp_path: Path) -> None:
    corpus = tmp_path / "repository" / "corpus.json"
    base = merging.base()
    mine, yours = base.copy(1), base.copy(2)
    for world, number in ((mine, 0), (yours, 1)):
        entity = world.documents[0]["entities"][number]
        entity["note"] = f"Anteckning {number} 😀"
        world.touch(entity)
    for branch, world in (("base", base), ("theirs", yours), ("main", mine)):
        if branch != "base":
            git("checkout", "-q", *(["main"] if branch == "main" else ["-b", branch]))
        corpus.write_bytes(world.raw())
        git("add", ".")
        git("commit", "-q", "-m", branch)
    git("merge", "-q", "--no-edit", "theirs")
    notes = [one["note"] for one in json.loads(corpus.read_text("utf-8"))["documents"][0]["entities"]]
    assert {"Anteckning 0 😀", "Anteckning 1 😀"} <= {*notes}
