"""kurator train, evaluate and package."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import spacy
from trained_corpus import make_project, text_of

from app.jobs import understood
from app.services.trust import is_trusted
from tests.app.cli.conftest import Said

Run = Callable[..., Said]


@pytest.fixture(scope="module")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with twenty documents in which everything is marked."""
    path = tmp_path_factory.mktemp("annotated") / "övning.kurator"
    make_project(path, 20).close()
    return path


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    nlp = spacy.blank("sv")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PRS", "pattern": "Anna Berg"}, {"label": "ORGANISATION", "pattern": "Inera"}])
    nlp.to_disk(tmp_path / "främling")
    return tmp_path / "främling"


def test_what_is_trained_suggests_is_measured_and_is_packed(kurator: Run, annotated: Path, tmp_path: Path) -> None:
    out = tmp_path / "tränad"
    said = kurator("train", annotated, "--out", out, "--part", "claims", "--part", "relations", "--licence", "CC0")
    assert said.status == 0, said.err
    assert "claims: F1" in said.err and "Claims" in said.out and f"Wrote {out}" in said.out
    assert is_trusted(out) and "CC0" in (out / "README.md").read_text("utf-8")
    suggested = kurator("suggest", annotated, "--pipeline", out, "--again")
    assert suggested.status == 0 and "sv_kurator" in suggested.out

    measured = kurator("evaluate", annotated, "--pipeline", out, "--json")
    told = json.loads(measured.out)
    assert told["scores"]["documents"] == 4 and told["scores"]["layers"]["claim"]["all"]["f1"] > 0.9
    assert set(told["scores"]["layers"]["entity"]["labels"]) == {"PERSON", "ORGANISATION", "ROLE"}

    packed = kurator("package", out, "--out", tmp_path / "paket", "--name", "sv_provning")
    (wheel,) = (tmp_path / "paket").glob("*.whl")
    assert packed.status == 0 and str(wheel) in packed.out
    first = wheel.read_bytes()
    kurator("package", out, "--out", tmp_path / "paket", "--name", "sv_provning")
    assert wheel.read_bytes() == first  # nothing of the moment is in it
    check_installed(wheel, tmp_path / "plats")


def check_installed(wheel: Path, target: Path) -> None:
    """Install a wheel somewhere of its own, without network, and load what is in it by its name."""
    options = ["--no-index", "--no-deps", "--quiet", "--disable-pip-version-check", "--target", str(target)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(wheel)], check=True, timeout=120)
    code = (
        "import sys, spacy, sv_provning\n"
        "nlp = spacy.load('sv_provning')\n"
        "assert sv_provning.__version__ == nlp.meta['version']\n"
        "doc = nlp(sys.argv[1])\n"
        "print(len(doc.spans['kurator_claims']), len(doc._.kurator_relations))"
    )
    run = [sys.executable, "-X", "utf8", "-c", code, text_of(33)[0]]
    known = os.pathsep.join([str(target), str(Path(__file__).resolve().parents[3])])
    told = subprocess.run(run, env={**os.environ, "PYTHONPATH": known}, capture_output=True, text=True, timeout=120)
    assert told.returncode == 0, told.stderr
    claims, relations = map(int, told.stdout.split())
    assert claims >= 2 and relations >= 1
    with zipfile.ZipFile(wheel) as archive:
        record = next(name for name in archive.namelist() if name.endswith("RECORD"))
        listed = {line.split(",")[0] for line in archive.read(record).decode().split()}
        assert listed == set(archive.namelist())


def test_a_stranger_is_measured_only_once_allowed(
    kurator: Run, annotated: Path, stranger: Path, tmp_path: Path
) -> None:
    refused = kurator("evaluate", annotated, "--pipeline", stranger)
    assert refused.status == 3 and "--trust" in refused.err
    assert kurator("suggest", annotated, "--pipeline", stranger).status == 3
    table, page = tmp_path / "t.csv", tmp_path / "t.html"
    said = kurator(
        "evaluate", annotated, "--pipeline", stranger, "--split", "all", "--csv", table, "--html", page, "--trust"
    )
    assert said.status == 0, said.err
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8"))))
    person = next(row for row in rows if (row["layer"], row["label"]) == ("entity", "PERSON"))
    # The labels of other pipelines are guessed; every eighth of twenty documents names her, twice.
    assert (person["right"], person["proposed"], person["there"]) == ("6", "6", "40")
    assert float(person["precision"]) == 1.0 and 0 <= float(person["low"]) <= float(person["f1"]) <= float(
        person["high"]
    )
    html = page.read_text("utf-8")
    assert "PERSON" in html and "http" not in html
    mapping = tmp_path / "m.json"
    mapping.write_text('{"PRS": null}', "utf-8")
    told = kurator("evaluate", annotated, "--pipeline", stranger, "--mapping", mapping, "--split", "all", "--json")
    assert json.loads(told.out)["scores"]["layers"]["entity"]["labels"]["PERSON"]["proposed"] == 0


@pytest.mark.parametrize(
    ("more", "status", "words"),
    [
        (["--base", "finns_inte"], 3, "No pipeline is called"),
        (["--label", "NISSE"], 3, "NISSE"),
        (["--annotator", "Ingen"], 3, "Ingen"),
        (["--since", "i våras"], 3, "no day"),
        (["--epochs", "0"], 3, "epoch"),
        (["--name", "å 😀"], 3, "cannot be called"),
        (["--since", "2999-01-01"], 3, "nothing to learn from"),
        (["--resume"], 3, "no stopped training"),
        (["--part", "allt"], 2, ""),
    ],
)
def test_what_cannot_be_trained_is_told(
    kurator: Run, annotated: Path, tmp_path: Path, more: list[str], status: int, words: str
) -> None:
    said = kurator("train", annotated, "--out", tmp_path / "ut", *more)
    assert said.status == status and words in said.err
    assert not (tmp_path / "ut" / "meta.json").exists()


@pytest.mark.parametrize("spoken", ["sv", "en"])
@pytest.mark.parametrize("command", ["train", "evaluate", "package"])
def test_the_help_can_be_read(kurator: Run, command: str, spoken: str) -> None:
    said = kurator("--language", spoken, command, "--help")
    assert said.status == 0 and f"kurator {command}" in said.out


def test_what_is_no_pipeline_is_not_packed(kurator: Run, stranger: Path, tmp_path: Path) -> None:
    assert kurator("package", tmp_path, "--out", tmp_path).status == 3
    said = kurator("package", stranger, "--out", tmp_path / "p", "--name", "Åsas paket")
    assert said.status == 3 and "--name" in said.err
    meta = stranger / "meta.json"
    meta.write_text(meta.read_text("utf-8").replace('"0.0.0"', '"i går"'), "utf-8")
    assert "is no version" in kurator("package", stranger, "--out", tmp_path / "p").err
    assert not (tmp_path / "p").exists()


def test_ctrl_c_keeps_the_best_so_far_and_the_rest_goes_on(
    program: Callable[..., subprocess.Popen[bytes]], annotated: Path, tmp_path: Path
) -> None:
    out = tmp_path / "ut"
    options = ("train", annotated, "--out", out, "--base", "blank", "--part", "entities")
    with program(*options, "--epochs", "200") as running:
        assert running.stderr is not None
        while b"epoch 1" not in (line := running.stderr.readline()):
            assert line, "it ended before its first epoch"
        running.send_signal(signal.SIGINT)
        told, _ = running.communicate(timeout=300)
    assert running.returncode == 0 and b"--resume" in told
    assert spacy.load(out).pipe_names == ["ner"]
    done = len((out / "progress.jsonl").read_text("utf-8").splitlines())
    with program(*options, "--epochs", "1", "--resume", "--job") as running:
        assert running.stdout is not None
        lines = running.stdout.readlines()  # with its standard input open: a job ends when the window is gone
        running.communicate(timeout=300)
    events = [event for line in lines if (event := understood(line)) is not None]
    assert running.returncode == 0 and events[-1].kind == "report"
    steps = [event for event in events if event.kind == "progress" and event.details]
    assert steps and {"part", "f1", "line", "share"} <= steps[-1].details.keys()
    assert len((out / "progress.jsonl").read_text("utf-8").splitlines()) == done + len(steps)
